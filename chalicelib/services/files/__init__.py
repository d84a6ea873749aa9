"""Files of cases: taken in, looked at, kept with their case, and shown to who may see them (A3, E8)."""
