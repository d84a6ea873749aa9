"""Whom an alert reaches: what is serious, an emergency, or told with words of danger (A6, A7, B6)."""

from collections.abc import Iterator

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.outcome import Outcome
from chalicelib.domain.dispatch.alarm import newly_told
from chalicelib.domain.notices.details import DANGER, NEXT, NEXT_DANGER
from chalicelib.domain.notices.kinds import NoticeKind


def alerts(
    outcome: Outcome, event: ev.Event, context: Context
) -> Iterator[tuple[NoticeKind, str, str | None]]:
    """Whoever must know at once of a serious case or an emergency (A6, B6).

    Of an emergency those whom its alarm names, of a serious case that is none the ranks of the regulation.
    """
    match event.payload:
        case ev.AlarmRaised(people=people, rank=rank, danger=danger):
            next_in_line = NEXT_DANGER if danger else NEXT
            detail = next_in_line if rank else DANGER if danger else None
            for person in people:
                yield NoticeKind.ALERT, person, detail
        case ev.Registered(classification=about) | ev.Classified(classification=about):
            before = outcome.before.classification if outcome.before else None
            if about.urgency != "emergency":
                for person in newly_told(before, about, event.at, context):
                    yield NoticeKind.ALERT, person, None
