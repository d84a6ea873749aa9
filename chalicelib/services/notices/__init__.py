"""Sending what is due: claimed, sent, marked; caps, and what the reader knows already."""
