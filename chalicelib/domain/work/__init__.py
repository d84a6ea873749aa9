"""The work on a case: plan and price, appointment, pause, extension, completion, verification, warranty.

What moves a deadline: `pauses` (people), `appointment` (both sides agree to a visit), `extension` (the
manager), `replanning` (the calendar). `consent` is what the desk records in a resident's name.
"""
