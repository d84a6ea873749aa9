"""The follow-up of a round: who is to revisit, and what revisits found."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.personal import Personal


class Rating(Struct, frozen=True):
    """The resident's answer to one survey.

    `score` is 1 to 5; `handler` is whose work it was about. `neutral`: neither satisfied nor dissatisfied.
    """

    round: int
    score: int
    satisfied: bool
    comment: Personal[str | None]
    suggestion: Personal[str | None]
    at: datetime
    handler: str | None = None
    neutral: bool = False

    @property
    def outcome(self) -> ev.RevisitOutcome:
        """The answer as a revisit would have it."""
        if self.satisfied:
            return ev.RevisitOutcome.SATISFIED
        return ev.RevisitOutcome.NEUTRAL if self.neutral else ev.RevisitOutcome.DISSATISFIED


class Fault(Struct, frozen=True):
    """A fault that a revisit found in the work of `worker`.

    `told_at` is when it had been put to that person in writing (C17).
    """

    text: Personal[str | None]
    worker: str
    told_at: datetime | None = None


class FollowUp(Struct, frozen=True):
    """The follow-up of this round, and why the round before came back.

    `last_revisit_at` is the time of the last attempt, `last_reached_at` of the last that reached the
    resident. `ask_again_after` is the username of whoever wrote the answer after which somebody else is to
    ask again (G6). `returned_by` is what made this round (rating, revisit, …) and `returned_because` what was
    said of it. `fault` was found in the round before or, where the case was closed with it, in this one.
    `wanted` is how many revisits the regulation asks for after this work, and `survey_stands` whether a
    satisfied answer to the survey stands for one of them; None: it is not on record.
    """

    revisitor: str | None = None
    revisit_rank: str | None = None
    revisit_due_at: datetime | None = None
    revisits: tuple[ev.RevisitRecorded, ...] = ()
    last_revisit_at: datetime | None = None
    last_reached_at: datetime | None = None
    ask_again_after: str | None = None
    review_group: tuple[str, ...] = ()
    fault: Fault | None = None
    returned_by: str | None = None
    returned_because: Personal[str | None] = None
    wanted: int | None = None
    survey_stands: bool = False

    @property
    def promised_until(self) -> datetime | None:
        """By when an answer is promised to the resident (D8).

        None if none is promised, or if it was given.
        """
        for revisit in reversed(self.revisits):
            if revisit.outcome in ev.ANSWERED:
                return None
            if revisit.promised_until is not None:
                return revisit.promised_until
        return None

    @property
    def fault_untold(self) -> bool:
        """Whether the worker has still to be told of a fault in writing (C17)."""
        return self.fault is not None and self.fault.told_at is None

    def is_second(self, revisitor: str) -> bool:
        """Whether a revisit by this person would be the second asking (G6).

        Only in cases of an earlier release: there the second asking came before the closing.
        """
        return self.ask_again_after is not None and self.ask_again_after != revisitor


def after(follow_up: FollowUp, event: ev.Event) -> FollowUp:
    """The follow-up after one more event."""
    match event.payload:
        case ev.Completed(revisits=wanted, survey_stands=stands):
            return replace(follow_up, wanted=wanted, survey_stands=stands)
        case ev.RevisitDrawn(revisitor=revisitor, due_at=due_at, rank=rank):
            return replace(follow_up, revisitor=revisitor, revisit_rank=rank, revisit_due_at=due_at)
        case ev.RevisitRecorded() as recorded:
            return _revisited(follow_up, event, recorded)
        case ev.AskedAgain(outcome=outcome) if outcome in ev.ANSWERED:
            return replace(follow_up, ask_again_after=None, revisitor=None, revisit_rank=None)
        case ev.Reopened() as reopened:
            return FollowUp(
                review_group=reopened.review_group,
                fault=_fault(reopened.reason, reopened.worker),
                returned_by=reopened.cause,
                returned_because=reopened.reason or None,
            )
        case ev.WorkerNotified() if follow_up.fault is not None:
            return replace(follow_up, fault=replace(follow_up.fault, told_at=event.at))
        case ev.Closed(note=note, worker=worker) if worker:
            return replace(follow_up, fault=_fault(note, worker))
        case _:
            return follow_up


def _fault(text: str | None, worker: str | None) -> Fault | None:
    return Fault(text, worker) if worker else None


def _revisited(follow_up: FollowUp, event: ev.Event, recorded: ev.RevisitRecorded) -> FollowUp:
    asked = _asked_next(follow_up, event, recorded)
    return replace(
        asked,
        ask_again_after=_ask_again_after(follow_up, event.actor.id, recorded),
        revisits=(*follow_up.revisits, recorded),
        last_revisit_at=event.at,
    )


def _asked_next(follow_up: FollowUp, event: ev.Event, recorded: ev.RevisitRecorded) -> FollowUp:
    """Who is to revisit after this: who promised, or nobody yet.

    A colleague's vain call leaves it with whoever was drawn.
    """
    who = event.actor
    if recorded.outcome is not ev.RevisitOutcome.NOT_REACHED:
        promised = recorded.promised_until
        return replace(
            follow_up,
            revisit_due_at=promised,
            last_reached_at=event.at,
            revisitor=who.id if promised else None,
            revisit_rank=who.role if promised else None,
        )
    if follow_up.revisitor not in {None, who.id}:
        return follow_up
    return replace(follow_up, revisitor=None, revisit_rank=None)


def _ask_again_after(follow_up: FollowUp, revisitor: str, recorded: ev.RevisitRecorded) -> str | None:
    """After whose answer somebody else is to ask again, once this revisit is recorded (G6)."""
    if recorded.asked_again:
        return revisitor
    if recorded.is_a_verdict and follow_up.is_second(revisitor):
        return None
    return follow_up.ask_again_after
