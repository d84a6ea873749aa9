"""Who is told that a promised time has changed, whatever has changed it (A8, B7, G1).

The one place that decides it: a promise before and after a command are compared, and the message is the
event's own (`TELLS_ITSELF`) or one of those here. A change is told against what its reader knows: of two
changes that cancel each other out before the first message has left nobody hears, and no time is told twice
in a row.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import IN_DISPATCH, Case
from chalicelib.domain.case.clock_changes import expected_deadlines
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.fold import fold
from chalicelib.domain.case.outcome import Outcome
from chalicelib.domain.deadlines.deadline import Deadline, Moved, moved_between
from chalicelib.domain.notices.kinds import RESIDENT_ID, Notice, NoticeKind
from chalicelib.domain.regulation.limits import CLOCKS, INTERNAL_CLOCKS, Clock

PROMISED_TO_RESIDENT = tuple(clock for clock in Clock if CLOCKS[clock].promised)
"""The promises made to a resident; the other clocks are the company's own."""

TOLD_TO_HANDLER = tuple(clock for clock in Clock if clock not in {Clock.PROGRESS, *INTERNAL_CLOCKS})
"""The clocks of which a handler is told if they move.

Not the clock of the next news to the resident: a reminder of that comes in time anyway.
"""

MOVED = frozenset(
    {
        NoticeKind.REPLANNED,
        NoticeKind.WORK_REPLANNED,
        NoticeKind.RECLASSIFIED,
        NoticeKind.WORK_RECLASSIFIED,
        NoticeKind.TIME_MOVED,
        NoticeKind.TIME_DROPPED,
    }
)
"""The kinds of messages that tell of a deadline that has moved, begun or been taken away."""

TELLS_ITSELF = ev.ExtensionGranted | ev.AppointmentAgreed
"""The events whose own message to the resident has the times in it."""

RETOLD_BY: Mapping[type[ev.Payload], tuple[NoticeKind, NoticeKind | None]] = {
    ev.Classified: (NoticeKind.RECLASSIFIED, NoticeKind.WORK_RECLASSIFIED),
    ev.Replanned: (NoticeKind.REPLANNED, NoticeKind.WORK_REPLANNED),
}
"""Events that move times → the messages that say so, to the resident and to the handler."""

ANY_OTHER: tuple[NoticeKind, NoticeKind | None] = (NoticeKind.TIME_MOVED, None)
"""After any other event: the resident hears that times have moved; its own message tells the handler."""

TELLS_TIMES = MOVED | {
    NoticeKind.REGISTERED,
    NoticeKind.ASSIGNED,
    NoticeKind.EXTENDED,
    NoticeKind.EXTENSION_DECIDED,
    NoticeKind.REOPENED,
    NoticeKind.VISIT_DROPPED,
    NoticeKind.APPOINTED,
}
"""The kinds of messages after which the reader knows when the clocks end.

The times stand in the text, or behind its link.
"""


def named_change(moved: Iterable[Moved], clocks: Collection[Clock]) -> Moved | None:
    """The change that a message names, of those of these clocks.

    That of solving, else of what ends first; None if none of them moved.
    """
    found = (change for change in moved if change.clock in clocks)
    return min(found, key=lambda change: (change.clock is not Clock.SOLVE, change.after), default=None)


def promises(case: Case) -> Mapping[Clock, datetime]:
    """When what the resident was promised ends, of what is still to be kept."""
    if case.state not in IN_DISPATCH:
        return {}
    open_now = {deadline.clock: deadline.due_at for deadline in case.open}
    return {clock: open_now[clock] for clock in PROMISED_TO_RESIDENT if clock in open_now}


class Changes(Struct, frozen=True):
    """What a command has made of the times of this round; none where another message tells of its end.

    `begun`: somebody has to come at all now, or before the visit that was agreed on and is off
    (`called_off`). `dropped` was promised and is not any more.
    """

    moved: tuple[Moved, ...] = ()
    begun: Clock | None = None
    dropped: Clock | None = None
    called_off: bool = False


def changes_of(before: Case, after: Case) -> Changes:
    """The changes between two states of a case.

    What was met meanwhile was kept. What a new round promises, or an end takes away, has its own message.
    """
    if before.round != after.round or after.state not in IN_DISPATCH:
        return Changes()
    was, now = promises(before), promises(after)
    open_before = {deadline.clock: deadline for deadline in before.open}
    called_off = before.work.appointment is not None and after.work.appointment is None
    begins = Clock.ON_SITE in now and (called_off or Clock.ON_SITE not in before.deadlines)
    taken = [clock for clock in was if clock not in now and clock not in after.met]
    return Changes(
        moved_between(open_before, after.open),
        Clock.ON_SITE if begins else None,
        min(taken, key=lambda clock: was[clock], default=None),
        called_off,
    )


def told_of_times(outcome: Outcome, event: ev.Event) -> Iterator[tuple[NoticeKind, str, str | None]]:
    """(kind, recipient, detail) of the messages about times that a command changed.

    They come with the last of its events that brings deadlines; one that brings only the company's own (a
    written report, say) has no message for anybody else. Nobody learns who made a correction. That a
    visit is off is told before anything else, then that somebody comes, that nobody comes any more, and what
    has moved (B7, B11): one message names one clock, and its link leads to all.
    """
    before, after = outcome.before, outcome.after
    if before is None or event is not _bringing(outcome.events):
        return
    if before.round != after.round:
        return  # a new round has its own message, of its own times
    if isinstance(event.payload, ev.Classified) and event.payload.sorts:
        # the receipt says what nobody could promise before (A7)
        yield NoticeKind.REGISTERED, RESIDENT_ID, None
        return
    changes = changes_of(before, after)
    kind, of_work = RETOLD_BY.get(type(event.payload), ANY_OTHER)
    promise = named_change(changes.moved, PROMISED_TO_RESIDENT)
    if not any(isinstance(known.payload, TELLS_ITSELF) for known in outcome.events):
        if changes.called_off:
            yield NoticeKind.VISIT_DROPPED, RESIDENT_ID, changes.begun
        elif changes.begun:
            yield kind, RESIDENT_ID, changes.begun
        elif changes.dropped:
            yield NoticeKind.TIME_DROPPED, RESIDENT_ID, changes.dropped
        elif promise:
            yield kind, RESIDENT_ID, promise.clock
    work = named_change(changes.moved, TOLD_TO_HANDLER)
    clock = changes.begun or (work and work.clock)
    if of_work and clock and after.assignment.handler not in {None, event.actor.id}:
        yield of_work, str(after.assignment.handler), clock


def _bringing(events: Sequence[ev.Event]) -> ev.Event | None:
    """The last event that brings a time, else the last that could have."""
    told, last, last_told = {*PROMISED_TO_RESIDENT, *TOLD_TO_HANDLER}, None, None
    for event in events:
        deadlines: Sequence[Deadline] | None = getattr(event.payload, "deadlines", None)
        last = event if deadlines is not None else last
        last_told = event if told & {deadline.clock for deadline in deadlines or ()} else last_told
    return last_told or last


def known_before(
    notice: Notice,
    case: Case,
    events: Sequence[ev.Event],
    told: Iterable[tuple[int, datetime]],
    context: Context,
) -> datetime | None:
    """The end of the notice's clock, as its reader was told it last.

    None if there was no such clock. `events` are all of the case. `told` has (version, time sent) of each
    message of the kinds `TELLS_TIMES` that left for the reader. Such a message tells of its own event and of
    everything before it was sent: event 3 moved the deadline to 18:00 and was told, event 5 moved it to 20:00
    and was not → 18:00. In a pause the times are told as they will stand after it (`context`). Whoever got
    no message knows the times with which the round, or the assignment, began.
    """
    begins = ev.Registered | ev.Reopened if notice.recipient == RESIDENT_ID else ev.Assigned
    begun = (event.version for event in events if isinstance(event.payload, begins))
    told = tuple(told)
    version = max((1, *begun, *(version for version, _ in told)))
    last = max((at for _, at in told), default=None)
    seen = (event for event in events if event.version <= version or (last is not None and event.at < last))
    then = fold(seen, case.community, case.number)
    deadline = _deadline_of(notice, then)
    if deadline is None:
        return None
    return expected_deadlines(then, context).get(deadline.clock, deadline).due_at


def why_not_told(notice: Notice, case: Case, known: datetime | None) -> str | None:
    """The reason, as a code word, why a change is not told any more.

    `known` is what `known_before` found. None: it is told.
    """
    if notice.kind not in MOVED:
        return None
    deadline = _deadline_of(notice, case)
    if notice.kind is NoticeKind.TIME_DROPPED:
        return _why_not_taken_away(deadline, case, known)
    if deadline is None or deadline.clock in case.met:
        return "done"
    if notice.recipient not in {RESIDENT_ID, case.assignment.handler}:
        return "reassigned"
    return "known_already" if deadline.due_at == known else None


def _why_not_taken_away(deadline: Deadline | None, case: Case, known: datetime | None) -> str | None:
    """A time that was never told is not taken back; one that is promised again is told by what did it."""
    if deadline is not None or case.state not in IN_DISPATCH:
        return "moved"
    return "known_already" if known is None else None


def _deadline_of(notice: Notice, case: Case) -> Deadline | None:
    """The deadline that the notice is about; None if the case has no such clock."""
    return next((deadline for clock, deadline in case.deadlines.items() if clock == notice.detail), None)
