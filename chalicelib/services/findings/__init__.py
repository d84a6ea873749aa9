"""Findings on members of staff, and merit: who writes, reads, appeals and decides."""
