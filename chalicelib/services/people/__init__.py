"""Staff and communities, kept at the desk: who works where as what, and how they come to a password."""
