"""The work on a case: plan and price, appointment, pause, extension, completion, verification, warranty.

`postponement` has pauses given by people; a pause ends by itself in `domain/timers.py`. `appointment` has
visits that both sides agree to, `consent` what the desk records in a resident's name.
"""
