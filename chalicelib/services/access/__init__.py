"""Who may come in and see what: members, scopes, rate limits, the commands that pages and links offer."""
