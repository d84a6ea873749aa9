"""What a manager sets for a community, by its page."""
