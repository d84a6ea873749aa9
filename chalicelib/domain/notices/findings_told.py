"""Who is asked to reject a complaint that somebody has found untrue (B1)."""

from collections.abc import Iterator

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.outcome import Outcome
from chalicelib.domain.community.roles import Role
from chalicelib.domain.dispatch.ranks import person_of_rank
from chalicelib.domain.notices.kinds import NoticeKind
from chalicelib.domain.work.verification import is_found_untrue


def of_findings(
    outcome: Outcome, event: ev.Event, context: Context
) -> Iterator[tuple[NoticeKind, str, str | None]]:
    """(kind, recipient, detail): the supervisor, once, unless the finding is their own.

    The resident hears of the rejection, which says why.
    """
    before, case = outcome.before, outcome.after
    is_new = isinstance(event.payload, ev.Verified) and is_found_untrue(case)
    if not is_new or (before is not None and is_found_untrue(before)):
        return
    department = case.classification.department
    supervisor = person_of_rank(context.community, Role.SUPERVISOR, department, event.at)
    if supervisor is not None and supervisor.username != event.actor.id:
        yield NoticeKind.FOUND_UNTRUE, supervisor.username, None
