"""The files of a case: what they are called, who handed them in, and who may see which (A3, E8).

A case names its files; whether one has been looked at, and what it is, its place in the bucket says
(services/files). A name says nothing of anybody, and the name that its sender gave it is kept nowhere.
"""

import re
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.personal import DataKind
from chalicelib.domain.community.roles import Role

FILE_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}/[0-9a-f]{32}/[0-9a-f]{16}")
"""Community, folder, file. The folder belongs to one case, or to one form that is not a case yet."""

MOST_FILES, MOST_AT_ONCE = 40, 10
"""How many files a case may have, and how many are handed in with one form (ours)."""

SIGNED = "signed"
"""The stage of a paper that the resident has signed: the price, the work, or a revisit (B9, B10, D4)."""

REVISIT = "revisit"
"""The stage of what was seen at a revisit (D4)."""

STAGES = ("before", "after", "meter", "broken", "paper", REVISIT, SIGNED)
"""What a file of the company shows: before and after the work, a meter, a loss, a paper, a revisit."""

SIGNATURE = "signature"
"""The stage of what the resident drew with a finger; it comes with what they signed by it."""

WITH_A_NAME = frozenset({SIGNED, SIGNATURE})
"""The stages of files on which the resident's name stands."""

SHOWS_THE_WORK = frozenset({"before", "after"})
"""What tells nothing of who reported the case: whoever works on it sees these also of a shielded resident."""

SHOWN_TO_RESIDENT = SHOWS_THE_WORK | WITH_A_NAME | {"meter", REVISIT}
"""What the resident sees, and no other file of the company; a loss is talked over with them."""

ERASED_WITH = frozenset({DataKind.CONTACT, DataKind.WORDS})
"""A picture says who somebody is, and what they said: it goes with whichever goes first (G24)."""


class File(Struct, frozen=True):
    """A file of a case: its name, when it was handed in, and by whom.

    `by` is the role, `person` the username of staff. `stage` is one of `STAGES`, `SIGNATURE`, or None. Of a
    signed paper `given_for` is the kind of event that it signs: it is no signature of anything else.
    """

    name: str
    at: datetime
    by: Role
    person: str | None = None
    stage: str | None = None
    given_for: str | None = None

    @property
    def is_residents(self) -> bool:
        """Whether the resident handed it in, or somebody with the resident's own report."""
        return self.by in {Role.RESIDENT, Role.MACHINE}


def after(files: tuple[File, ...], event: ev.Event) -> tuple[File, ...]:
    """The files after one more event, in the order in which they came."""
    if signs := _signed_on_paper(event):
        return tuple(
            replace(file, given_for=signs) if file.stage == SIGNED and file.given_for is None else file
            for file in files
        )
    match event.payload:
        case ev.Registered(report=report):
            return tuple(File(name, event.at, Role.RESIDENT) for name in report.files)
        case ev.FilesAdded(files=names, stage=stage):
            role = event.actor.role
            person = None if role is Role.RESIDENT else event.actor.id
            return (*files, *(File(name, event.at, role, person, stage) for name in names))
        case (
            ev.WorkAccepted(signature=str() as name)
            | ev.Agreed(signature=str() as name)
            | ev.RevisitRecorded(drawn=str() as name)
        ) if name not in {file.name for file in files}:
            taker = None if event.actor.role is Role.RESIDENT else event.actor.id
            return (*files, File(name, event.at, event.actor.role, taker, SIGNATURE))
        case _:
            return files


def _signed_on_paper(event: ev.Event) -> str | None:
    """The kind of the event, where a paper handed in before is its signature."""
    match event.payload:
        case ev.WorkAccepted(how="paper") | ev.RevisitRecorded(signature=str(), drawn=None):
            return event.type
        case ev.Agreed(signature=None) if event.command == "sign_agreement":
            return event.type
        case _:
            return None


def to_resident(file: File) -> bool:
    """Whether the resident sees it: the own files, the work, meters, revisits, and the own signature."""
    return file.is_residents or file.stage in SHOWN_TO_RESIDENT
