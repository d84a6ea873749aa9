"""What is counted of cases, by community and handler, and the rates of it.

What it means to be late is the case's own (`domain/case/rounds.py`).
"""
