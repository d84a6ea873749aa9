"""The part of a case about its classification: who gave it, and how the audit judged it (A8)."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case import events as ev


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
    """Who said last what a case is about, and when; None while nobody has. `judgement` is the audit's."""

    by: str | None = None
    at: datetime | None = None
    judgement: Judgement | None = None


def after(sorting: Sorting, event: ev.Event) -> Sorting:
    """The part after one more event."""
    match event.payload:
        case ev.Registered(classification=classification) if classification.is_sorted:
            return replace(sorting, by=event.actor.id, at=event.at)
        case ev.Classified():
            return replace(sorting, by=event.actor.id, at=event.at)
        case ev.ClassificationJudged() as judged:
            said = (judged.kind, judged.matter, judged.urgency, judged.severity)
            return replace(sorting, judgement=Judgement(judged.right, event.actor.id, event.at, *said))
        case _:
            return sorting
