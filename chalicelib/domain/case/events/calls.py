"""The events of a report whose gaps are filled: by the desk, the call, a call back, the resident (A1, G7)."""

from msgspec import Struct

from chalicelib.domain.case.events.intake import Proposal
from chalicelib.domain.case.personal import Personal, Who


class FilledIn(Struct, frozen=True):
    """What has become known of a report since; None or empty is what this says nothing of.

    `text` is what else was said: it stands behind what the report had. `unit` and `resident_name` take the
    place of what was not known, or wrong. `recordings` and `left_out` are added to those of the report.
    `finished`: the call came to its end, or somebody has spoken with the caller.

    `about` are the staff whom the report turns out to be about (G13); `proposal` is what the triage makes of
    it now (A8). `reachable`: there is a number or address for the first time, so the receipt can leave.
    """

    text: Personal[str | None] = None
    unit: Who[str | None] = None
    resident_name: Who[str | None] = None
    phone: Who[str | None] = None
    email: Who[str | None] = None
    recordings: tuple[str, ...] = ()
    left_out: Personal[tuple[str, ...]] = ()
    finished: bool = False
    about: tuple[str, ...] = ()
    proposal: Proposal | None = None
    reachable: bool = False


class CalledBack(Struct, frozen=True):
    """Somebody of the desk called back whoever had called; `reached`: they spoke with them."""

    reached: bool
    note: Personal[str | None] = None


class LanguageChosen(Struct, frozen=True):
    """The resident wants messages about the case in another language from now on (A11)."""

    language: str


CallEvent = FilledIn | CalledBack | LanguageChosen
"""Every event of a report whose gaps are filled; a new payload belongs here."""
