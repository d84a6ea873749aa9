"""How many bytes a body may have: what the texts of its form take at their longest, however they are encoded.

Whoever stays within the limits of the fields never meets this one. API Gateway takes 10 MB, and Lambda 6 MB.
"""

from collections.abc import Iterable, Mapping
from functools import cache

from chalicelib.domain.case.form_fields import longest_lengths
from chalicelib.domain.case.own_signature import LONGEST_DRAWN
from chalicelib.domain.intake.new_case import LONGEST_EVIDENCE, MOST_EVIDENCE

BYTES_OF_A_CHARACTER = 12
"""Of the longest: `%F0%A0%AE%B7` in a form, or its two halves as `\\ud842\\udfb7` in JSON."""
FRAME = 64 * 1024
"""For all that is no text of the form: names, choices, times, what a page sends along, white space."""
OF_DRAWN = 3
"""Of what is drawn, which is written in ASCII: `%2B` in a form."""
LISTS = {"evidence": MOST_EVIDENCE * LONGEST_EVIDENCE}
"""The longest lists of texts, in characters."""

Forms = type | Mapping[str, type] | None


@cache
def bytes_of(form: type) -> int:
    """The most bytes that the texts of a form can take."""
    names = getattr(form, "__struct_fields__", ())
    lists = sum(longest for name, longest in LISTS.items() if name in names)
    texts = list(longest_lengths(form).values())
    drawn = sum(most for most in texts if most == LONGEST_DRAWN)
    return BYTES_OF_A_CHARACTER * (sum(texts) - drawn + lists) + OF_DRAWN * drawn


def largest_body(takes: Forms) -> int:
    """The most bytes that a route takes: of its form, or the largest of its forms."""
    forms: Iterable[type] = takes.values() if isinstance(takes, Mapping) else [takes] if takes else []
    return FRAME + max((bytes_of(form) for form in forms if hasattr(form, "__struct_fields__")), default=0)
