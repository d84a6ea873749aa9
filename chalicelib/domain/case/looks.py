"""Looks at personal data: who looked at what, when and why (E8)."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from chalicelib.domain.case.form_fields import ShortText, check
from chalicelib.domain.community.roles import Role


class LookAt(StrEnum):
    """What somebody looked at."""

    CASE = "case"
    HISTORY = "history"
    LIST = "list"
    SEARCH = "search"
    WORK_LINK = "work_link"
    REVEAL = "reveal"
    RECORDING = "recording"
    FILE = "file"
    EXPORT = "export"
    HOUSEHOLD = "household"
    LOOKS = "looks"


class Look(Struct, frozen=True):
    """One look: of a case its `number`; of a list its `filter`, how many cases it showed, and their numbers.

    `masked`: who reported the case was not shown. `reason` is why somebody had it revealed.
    """

    at: datetime
    who: str
    role: Role
    what: LookAt
    number: str | None = None
    masked: bool = False
    filter: str = ""
    count: int = 0
    numbers: tuple[str, ...] = ()
    reason: str | None = None


class RevealForm(Struct, frozen=True):
    """The form with which somebody says why they have to know who reported a case."""

    reason: ShortText

    def __post_init__(self) -> None:
        check(self)
