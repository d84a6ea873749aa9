"""A community: its staff and roles, hours, roster and quiet hours."""
