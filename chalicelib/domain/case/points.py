"""The points that residents raise at revisits, each to be answered (D4)."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.personal import Personal


class Point(Struct, frozen=True):
    """One thing that the resident asked for or criticised at a revisit.

    `nth` is its number within the case, from 1. `due_at` is by when it is to be answered. `done` and `answer`
    say what came of it and what the resident was told; None: it is still open. `raised_by` is whoever heard
    it, and `chased` the ranks that were told that its answer is late.
    """

    nth: int
    text: Personal[str | None]
    raised_at: datetime
    due_at: datetime
    done: str | None = None
    answer: str | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    raised_by: str | None = None
    chased: tuple[str, ...] = ()

    @property
    def dealt_with(self) -> bool:
        """Whether it was dealt with and answered."""
        return self.answered_at is not None


def after(points: tuple[Point, ...], event: ev.Event) -> tuple[Point, ...]:
    """The points of a case after one more event; they outlast its rounds."""
    match event.payload:
        case ev.RevisitRecorded(points_raised=raised, points=texts, points_due_at=datetime() as due_at):
            said = [*texts, *[""] * (raised - len(texts))]
            by = event.actor.id
            new = (
                Point(nth, text, event.at, due_at, raised_by=by)
                for nth, text in enumerate(said, len(points) + 1)
            )
            return (*points, *new)
        case ev.PointAnswered(point=nth, done=done, answer=answer):
            return tuple(
                replace(point, done=done, answer=answer, answered_at=event.at, answered_by=event.actor.id)
                if point.nth == nth
                else point
                for point in points
            )
        case ev.PointChased(point=nth, rank=rank):
            return tuple(
                replace(point, chased=(*point.chased, rank)) if point.nth == nth else point
                for point in points
            )
        case _:
            return points
