"""The embedded cloud: the very package that goes to AWS, on this machine, for trying and for tests."""
