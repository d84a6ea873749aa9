"""The part of a case about its classification: who gave it, and how the audit judged it (A8)."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.community.roles import Role

REPORTERS = frozenset({Role.RESIDENT, Role.MACHINE})
"""Who chooses what a report is about without having to judge it."""


class Judgement(Struct, frozen=True):
    """The judgement of a classification in the audit: by whom, when, and what would have been right.

    What is None was right as it was; `right` says that all of it was.
    """

    right: bool
    by: str
    at: datetime
    kind: str | None = None
    matter: str | None = None
    urgency: str | None = None
    severity: str | None = None


class Sorting(Struct, frozen=True):
    """Who said last what a case is about, and when; None while nobody has. `judgement` is the audit's.

    `by_reporter`: whoever reported it chose, or a machine for them; nobody of the desk has looked yet.
    """

    by: str | None = None
    at: datetime | None = None
    by_reporter: bool = False
    judgement: Judgement | None = None

    @property
    def is_decided(self) -> bool:
        """Whether somebody of the desk has said what it is about, knowing its words."""
        return self.by is not None and not self.by_reporter


def after(sorting: Sorting, event: ev.Event) -> Sorting:
    """The part after one more event."""
    match event.payload:
        case ev.Registered(classification=classification) if classification.is_sorted:
            by_reporter = event.actor.role in REPORTERS
            return replace(sorting, by=event.actor.id, at=event.at, by_reporter=by_reporter)
        case ev.Classified():
            return replace(sorting, by=event.actor.id, at=event.at, by_reporter=False)
        case ev.ClassificationJudged() as judged:
            said = (judged.kind, judged.matter, judged.urgency, judged.severity)
            return replace(sorting, judgement=Judgement(judged.right, event.actor.id, event.at, *said))
        case _:
            return sorting
