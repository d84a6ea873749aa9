"""The household register: loading it, and asking who lives where (E9)."""
