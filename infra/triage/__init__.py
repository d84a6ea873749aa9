"""Building the lexicon of the triage, and saying how well it reads."""
