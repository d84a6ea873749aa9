"""The use cases: each reads what it needs through a port, asks the domain, and stores what follows."""
