"""The contact flow for Amazon Connect: what a caller hears, presses and says (A1)."""
