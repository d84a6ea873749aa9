"""Deadlines that the calendar or a correction has moved: who is told of which, and what they knew before
(G1, B7).

A change is told against what its reader knows. Of two changes that cancel each other out before the first
message has left nobody hears, and no time is told twice in a row.
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
"""What a handler has to be told of if it moves; of the next news to the resident a reminder comes in time."""

MOVED = frozenset(
    {
        NoticeKind.REPLANNED,
        NoticeKind.WORK_REPLANNED,
        NoticeKind.RECLASSIFIED,
        NoticeKind.WORK_RECLASSIFIED,
    }
)

TELLS_TIMES = MOVED | {
    NoticeKind.REGISTERED,
    NoticeKind.ASSIGNED,
    NoticeKind.EXTENDED,
    NoticeKind.EXTENSION_DECIDED,
    NoticeKind.REOPENED,
    NoticeKind.VISIT_DROPPED,
}
"""After these messages their reader knows when the clocks end, from the text or behind its link."""


def named(moved: Iterable[Moved], clocks: Collection[Clock]) -> Moved | None:
    """The one of these clocks that a message names: solving, else what ends first; None if none moved."""
    found = (change for change in moved if change.clock in clocks)
    return min(found, key=lambda change: (change.clock is not Clock.SOLVE, change.after), default=None)


def known_before(
    notice: Notice, case: Case, events: Sequence[ev.Event], told: Iterable[tuple[int, datetime]]
) -> datetime | None:
    """When the clock of the notice ends by what its reader was told last; None if there was no such clock.

    `events` are all of the case; `told` has version and time of each message that tells times
    (`TELLS_TIMES`) and has left for the reader: it told of its event, and of all before it was written.
    Whoever got none knows what held when the round, or the assignment, began.
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
    """Why a change needs not be told any more, as a code word; `known` is what `known_before` found."""
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
