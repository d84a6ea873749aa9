"""Amending a community's days, and planning anew the deadlines that cross them."""
