"""Dispatch: cases given to somebody by a person, several at once."""
