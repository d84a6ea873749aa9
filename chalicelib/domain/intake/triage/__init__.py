"""The triage: what a message is about, how urgent and how serious, and the words that say so (A7, A8)."""
