"""Who is told of a visit: proposed, declined, agreed to, on again after a pause (B11)."""

from collections.abc import Iterator

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.outcome import Outcome
from chalicelib.domain.case.visit_deadlines import standing_visit, visit_put_off
from chalicelib.domain.community.roles import Role
from chalicelib.domain.dispatch.ranks import person_of_rank
from chalicelib.domain.notices.in_their_name import by_word
from chalicelib.domain.notices.kinds import RESIDENT_ID, NoticeKind


def of_visits(
    outcome: Outcome, event: ev.Event, context: Context
) -> Iterator[tuple[NoticeKind, str, str | None]]:
    """(kind, recipient, detail) of an event about a visit: the other side hears of it.

    Of a visit that stands both hear, since the desk may have agreed on it for either. Whoever heard with a
    pause that nobody comes hears that somebody does, where the pause ends before the visit after all.
    """
    case = outcome.after
    by_resident = event.actor.role is Role.RESIDENT
    match event.payload:
        case ev.AppointmentProposed() if by_resident:
            yield from _to_company(NoticeKind.VISIT_WANTED, case, event, context)
        case ev.AppointmentProposed():
            yield NoticeKind.VISIT_PROPOSED, RESIDENT_ID, None
        case ev.AppointmentDeclined() if by_resident:
            yield from _to_company(NoticeKind.VISIT_DECLINED, case, event, context)
        case ev.AppointmentDeclined():
            yield NoticeKind.VISIT_REFUSED, RESIDENT_ID, None
        case ev.Resumed() if was_off(outcome) and standing_visit(case) is not None:
            yield NoticeKind.APPOINTED, RESIDENT_ID, None
        case ev.AppointmentAgreed() as agreed:
            yield NoticeKind.APPOINTED, RESIDENT_ID, by_word(agreed)
            if case.assignment.handler not in {None, event.actor.id}:
                yield NoticeKind.TO_VISIT, str(case.assignment.handler), None


def was_off(outcome: Outcome) -> bool:
    """Whether a pause lay over the agreed visit before the command: nobody would come."""
    return outcome.before is not None and visit_put_off(outcome.before) is not None


def _to_company(
    kind: NoticeKind, case: Case, event: ev.Event, context: Context
) -> Iterator[tuple[NoticeKind, str, str | None]]:
    """To whoever has the case; to the desk where nobody has."""
    person = case.assignment.handler
    if person is None:
        agent = person_of_rank(context.community, Role.AGENT, case.classification.department, event.at)
        person = agent.username if agent else None
    if person is not None:
        yield kind, person, None
