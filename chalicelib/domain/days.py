"""Days that somebody gives: of which years they can be."""

from datetime import date

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Beyond them a year was mistyped, and what follows from a day may be no day any more (ours)."""


def is_of_our_age(day: date) -> bool:
    """Whether a day, or moment, lies in a year that a desk can mean."""
    return FIRST_YEAR <= day.year <= LAST_YEAR
