"""The work on a case: plan and price, appointment, pause, extension, completion, verification, warranty.

`postponement` has pauses and appointments given by people; a pause ends by itself in `domain/timers.py`.
"""
