"""Who looks at a result or a plan first, and who hears it came back (B5, B9, S0, S3)."""

from collections.abc import Iterator

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import IN_DISPATCH, Case
from chalicelib.domain.community.roles import Role
from chalicelib.domain.notices.details import LATE
from chalicelib.domain.notices.kinds import Notice, NoticeKind
from chalicelib.domain.work.confirmers import waiting_plan
from chalicelib.domain.work.signers import waiting_result

OF_THE_SIGN_OFF = frozenset(
    {NoticeKind.SIGN_OFF, NoticeKind.RESULT_RETURNED, NoticeKind.PLAN_CHECK, NoticeKind.PLAN_RETURNED}
)


def of_the_sign_off(case: Case, event: ev.Event) -> Iterator[tuple[NoticeKind, str, str | None]]:
    """(kind, recipient, detail) of an event about what is looked at first; the resident hears of none."""
    handler = case.assignment.handler
    match event.payload:
        case ev.ResultHandedIn(asked=asked):
            yield from ((NoticeKind.SIGN_OFF, person, None) for person in asked)
        case ev.SignOffChased(told=told, person=str() as person):
            yield NoticeKind.SIGN_OFF, person, None if told == Role.DEPARTMENT_HEAD else LATE
        case ev.ResultReturned() if handler is not None and handler != event.actor.id:
            yield NoticeKind.RESULT_RETURNED, handler, None
        case ev.PlanHandedIn(asked=asked):
            yield from ((NoticeKind.PLAN_CHECK, person, None) for person in asked)
        case ev.PlanChased(told=told, person=str() as person):
            yield NoticeKind.PLAN_CHECK, person, None if told == Role.AGENT else LATE
        case ev.PlanReturned() if handler is not None and handler != event.actor.id:
            yield NoticeKind.PLAN_RETURNED, handler, None


def why_not_of_the_sign_off(notice: Notice, case: Case) -> str | None:
    """Why nobody is told: it is decided on, handed in anew, or the work is somebody else's."""
    if notice.kind in {NoticeKind.SIGN_OFF, NoticeKind.PLAN_CHECK}:
        waiting = waiting_result(case) if notice.kind is NoticeKind.SIGN_OFF else waiting_plan(case)
        return None if waiting is not None and waiting.version <= notice.version else "decided"
    check = case.work.sign_off if notice.kind is NoticeKind.RESULT_RETURNED else case.work.plan_check
    if case.state not in IN_DISPATCH or check.returned is None:
        return "case_moved_on"
    return None if notice.recipient == case.assignment.handler else "reassigned"
