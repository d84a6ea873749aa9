"""Workflows of the cases: their tasks, executions, the outbox that wakes them, and what mends them."""
