"""Whose a case is and who answers for it: handler, stand-ins, escalation, the written report.

Whom a late deadline reaches is in `escalation` and `ranks`; when, in `domain/timers.py`; in which message,
in `notices`.
"""
