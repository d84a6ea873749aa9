"""How a case comes in and what it is about: registration, classification and its correction, withdrawal."""
