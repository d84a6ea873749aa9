"""Who is told of a moved deadline, against what they knew (G1, B7).

The calendar or a correction moves deadlines. A change is told against what its reader knows: of two changes
that cancel each other out before the first message has left nobody hears, and no time is told twice in a row.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.fold import fold
from chalicelib.domain.deadlines.deadline import Deadline, Moved
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
    }
)
"""The kinds of messages that tell of a moved deadline."""

TELLS_TIMES = MOVED | {
    NoticeKind.REGISTERED,
    NoticeKind.ASSIGNED,
    NoticeKind.EXTENDED,
    NoticeKind.EXTENSION_DECIDED,
    NoticeKind.REOPENED,
    NoticeKind.VISIT_DROPPED,
}
"""The kinds of messages after which the reader knows when the clocks end.

The times stand in the text, or behind its link.
"""


def named(moved: Iterable[Moved], clocks: Collection[Clock]) -> Moved | None:
    """The change that a message names, of those of these clocks.

    That of solving, else of what ends first; None if none of them moved.
    """
    found = (change for change in moved if change.clock in clocks)
    return min(found, key=lambda change: (change.clock is not Clock.SOLVE, change.after), default=None)


def known_before(
    notice: Notice, case: Case, events: Sequence[ev.Event], told: Iterable[tuple[int, datetime]]
) -> datetime | None:
    """The end of the notice's clock, as its reader was told it last.

    None if there was no such clock. `events` are all of the case. `told` has (version, time sent) of each
    message of the kinds `TELLS_TIMES` that left for the reader. Such a message tells of its own event and of
    everything before it was sent: event 3 moved the deadline to 18:00 and was told, event 5 moved it to 20:00
    and was not → 18:00. Whoever got no message knows the times with which the round, or the assignment,
    began.
    """
    begins = ev.Registered | ev.Reopened if notice.recipient == RESIDENT_ID else ev.Assigned
    begun = (event.version for event in events if isinstance(event.payload, begins))
    told = tuple(told)
    version = max((1, *begun, *(version for version, _ in told)))
    last = max((at for _, at in told), default=None)
    seen = (event for event in events if event.version <= version or (last is not None and event.at < last))
    deadline = _deadline_of(notice, fold(seen, case.community, case.number))
    return deadline.due_at if deadline else None


def why_not_told(notice: Notice, case: Case, known: datetime | None) -> str | None:
    """The reason, as a code word, why a change is not told any more.

    `known` is what `known_before` found. None: it is told.
    """
    if notice.kind not in MOVED:
        return None
    deadline = _deadline_of(notice, case)
    if deadline is None or deadline.clock in case.met:
        return "done"
    if notice.recipient not in {RESIDENT_ID, case.assignment.handler}:
        return "reassigned"
    return "known_already" if deadline.due_at == known else None


def _deadline_of(notice: Notice, case: Case) -> Deadline | None:
    """The deadline that the notice is about; None if the case has no such clock."""
    return next((deadline for clock, deadline in case.deadlines.items() if clock == notice.detail), None)
