"""What is counted over all rounds of a case, for the figures."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.follow_up import FollowUp, Rating


class Tally(Struct, frozen=True):
    """What is counted over all rounds of a case, for the figures.

    `returned_from` are the usernames of those whose work came back. `sample` says whether the case fell into
    a rank's sample (D6). `revisited_by` counts by rank the revisits that reached the resident; those of a
    second person are left out. `asked_again` counts the answers to a second person, `asked_again_differs`
    those of them that were not what the first had written (G6). `set_free` counts the rounds that began
    because the case goes on by itself again (A16).
    """

    returned_from: tuple[str, ...] = ()
    ratings: tuple[Rating, ...] = ()
    sample: ev.Sample | None = None
    revisits_recorded: int = 0
    revisited_by: Mapping[str, int] = field(default_factory=dict)
    asked_again: int = 0
    asked_again_differs: int = 0
    promises: int = 0
    promises_kept: int = 0
    urged: int = 0
    urged_at: datetime | None = None
    set_free: int = 0


def after(tally: Tally, event: ev.Event, round_number: int, worker: str | None, follow_up: FollowUp) -> Tally:
    """The tally after one more event.

    `round_number`, `worker` and `follow_up` are those before the event; `worker` is whose work of this round
    the resident judges, None where it has not been completed.
    """
    match event.payload:
        case ev.Rated() as rated:
            said = (rated.score, rated.satisfied, rated.comment, rated.suggestion)
            rating = Rating(round_number, *said, event.at, worker, rated.neutral)
            return replace(tally, ratings=(*tally.ratings, rating))
        case ev.Completed(sample=sample) if sample:
            return replace(tally, sample=sample)
        case ev.RevisitRecorded() as recorded:
            return _revisited(tally, event, recorded, follow_up)
        case ev.AskedAgain(outcome=outcome) if outcome in ev.ANSWERED:
            return _asked_again(tally, differs=outcome is not ev.RevisitOutcome.SATISFIED)
        case ev.Reopened(cause=cause) if cause in ev.NO_RETURN:
            return replace(tally, set_free=tally.set_free + 1)
        case ev.Reopened() if worker is not None:
            return replace(tally, returned_from=(*tally.returned_from, worker))
        case ev.Urged():
            return replace(tally, urged=tally.urged + 1, urged_at=event.at)
        case _:
            return tally


def _revisited(tally: Tally, event: ev.Event, recorded: ev.RevisitRecorded, follow_up: FollowUp) -> Tally:
    rank, is_second = event.actor.role, follow_up.is_second(event.actor.id)
    answered, owed = recorded.outcome in ev.ANSWERED, follow_up.promised_until
    made = {**tally.revisited_by, rank: tally.revisited_by.get(rank, 0) + 1}
    if is_second and recorded.is_a_verdict:
        differs = recorded.outcome is not ev.RevisitOutcome.SATISFIED or recorded.fault is not None
        tally = _asked_again(tally, differs=differs)
    return replace(
        tally,
        revisits_recorded=tally.revisits_recorded + 1,
        revisited_by=made if answered and not is_second else tally.revisited_by,
        promises=tally.promises + (recorded.promised_until is not None),
        promises_kept=tally.promises_kept + (answered and owed is not None and event.at <= owed),
    )


def _asked_again(tally: Tally, *, differs: bool) -> Tally:
    """The tally with one more answer to a second person."""
    return replace(
        tally,
        asked_again=tally.asked_again + 1,
        asked_again_differs=tally.asked_again_differs + differs,
    )
