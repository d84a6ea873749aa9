"""The answer book: searching it, and keeping its versions (A14)."""
