"""Duty: the roster as people write it, and what it leaves open (B14, G19)."""
