"""Who is asked to sign a result off, and who hears that it came back (B9, S0)."""

from collections.abc import Iterator

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import IN_DISPATCH, Case
from chalicelib.domain.community.roles import Role
from chalicelib.domain.notices.details import LATE
from chalicelib.domain.notices.kinds import Notice, NoticeKind
from chalicelib.domain.work.signers import waiting_result

OF_THE_SIGN_OFF = frozenset({NoticeKind.SIGN_OFF, NoticeKind.RESULT_RETURNED})


def of_the_sign_off(case: Case, event: ev.Event) -> Iterator[tuple[NoticeKind, str, str | None]]:
    """(kind, recipient, detail) of an event about the signature; the resident hears of none."""
    handler = case.assignment.handler
    match event.payload:
        case ev.ResultHandedIn(asked=asked):
            yield from ((NoticeKind.SIGN_OFF, person, None) for person in asked)
        case ev.SignOffChased(told=told, person=str() as person):
            yield NoticeKind.SIGN_OFF, person, None if told == Role.DEPARTMENT_HEAD else LATE
        case ev.ResultReturned() if handler is not None and handler != event.actor.id:
            yield NoticeKind.RESULT_RETURNED, handler, None


def why_not_of_the_sign_off(notice: Notice, case: Case) -> str | None:
    """Why nobody is told: it is signed or returned, handed in anew, or the work is somebody else's."""
    if notice.kind is NoticeKind.SIGN_OFF:
        waiting = waiting_result(case)
        return None if waiting is not None and waiting.version <= notice.version else "decided"
    if case.state not in IN_DISPATCH or case.work.sign_off.returned is None:
        return "case_moved_on"
    return None if notice.recipient == case.assignment.handler else "reassigned"
