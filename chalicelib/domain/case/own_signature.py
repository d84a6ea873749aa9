"""A resident's own signature: drawn where they stand, or on a paper that is handed in (B9, B10, D4)."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from chalicelib.domain.case.acceptance import ON_PAPER, ON_SITE
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.files import SIGNED
from chalicelib.domain.errors import InvalidInputError

LONGEST_DRAWN = 82_000
"""A drawn signature as a page sends it: 60 KB, written in Base64."""

Drawn = Annotated[str, Meta(extra={"longest": LONGEST_DRAWN})]
"""What was drawn, as `data:image/png;base64,…`; the name of its file once the desk has it."""


def check_drawn(case: Case, drawn: str | None) -> None:
    """Raise InvalidInputError for a drawing that signs something else of this case already (B9, B10, D4)."""
    if drawn in {file.name for file in case.files}:
        raise drawn_before()


def drawn_before() -> InvalidInputError:
    """The refusal of a drawing that signs something else already, in this case or another."""
    return InvalidInputError(
        "This drawing has signed something else before; each signature is drawn anew: let the resident sign "
        "here once more.",
        "signature_drawn_before",
    )


def way_of(case: Case, drawn: str | None, since: datetime | None) -> str:
    """How a colleague took the signature: drawn in front of them, or on a paper handed in `since`.

    A name that the colleague has typed is nobody's signature: InvalidInputError without either. A paper that
    was the signature of something else is none of this.
    """
    if drawn:
        check_drawn(case, drawn)
        return ON_SITE
    papers = [file for file in case.files if file.stage == SIGNED and (since is None or file.at >= since)]
    if any(paper.given_for is None for paper in papers):
        return ON_PAPER
    if papers:
        raise InvalidInputError(
            "The signed paper that is here was given for something else; hand in the one for this, or let "
            "the resident sign here.",
            "signature_of_other",
        )
    raise InvalidInputError(
        "Let the resident sign here, or hand in a picture of the paper that they have signed first.",
        "signature_missing",
    )
