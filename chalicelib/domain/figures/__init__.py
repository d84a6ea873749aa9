"""What is counted of a case, for communities and handlers, the rates of it, and what-if.

What it means to be late is the case's own (`domain/case/rounds.py`).
"""
