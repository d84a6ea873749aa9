"""Which commands somebody could give a case just now: what buttons are drawn from.

The transition table decides by role and state; this leaves out what its guards would refuse anyway, as far
as that can be known before anything is filled in. The guards stay the judges.
"""

from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.context import Setting
from chalicelib.domain.case.links import COMMANDS_BY_PURPOSE, Link
from chalicelib.domain.community.roles import Role
from chalicelib.domain.follow_up.closing import why_not_closed
from chalicelib.domain.follow_up.sampling import is_to_be_asked_again
from chalicelib.domain.lifecycle import Transition, allowed
from chalicelib.services.access.authorization import Member

OF_THE_HANDLER = frozenset({"sign", "decline", "start", "propose", "request_extension", "complete"})
"""Only the person responsible, or the head of the department in their place."""


def possible_for_member(case: Case, member: Member, setting: Setting) -> tuple[Transition, ...]:
    """The commands open to a member of staff on a case that they can see, in the order of the table."""
    rows = (row for row in allowed(case, member.role) if _open(case, row.command, member))
    return tuple(
        row for row in rows if row.command != "close" or why_not_closed(case, member.actor(), setting) is None
    )


def possible_for_link(case: Case, link: Link) -> tuple[Transition, ...]:
    """The commands open to the holder of a link, in the order of the table."""
    actor, purpose = link.actor(), COMMANDS_BY_PURPOSE[link.purpose]
    rows = allowed(case, actor.role)
    return tuple(row for row in rows if row.command in purpose and _fits(case, row.command, actor.role))


def _open(case: Case, command: str, member: Member) -> bool:
    own = case.assignment.handler == member.username
    heads = member.role is Role.DEPARTMENT_HEAD and case.classification.department in member.departments
    if command in OF_THE_HANDLER and not (own or heads):
        return False
    if member.role is Role.HANDLER and not own:
        return False
    if command == "record_revisit" and not _may_revisit(case, member):
        return False
    return _fits(case, command, member.role)


def _may_revisit(case: Case, member: Member) -> bool:
    """Not the own work, nor, while a second person is to ask again, after the own answer (G6)."""
    second = case.follow_up.checked_revisitor == member.username and is_to_be_asked_again(
        case, member.community
    )
    return member.username not in case.assignment.everybody and not second


def _fits(case: Case, command: str, role: Role) -> bool:
    """Whether what the case has had already leaves room for the command."""
    match command:
        case "replan":
            return False  # it goes with an amendment of the calendar, case by case nobody needs it
        case "pause":
            return case.clocks.pause is None and case.classification.urgency != "emergency"
        case "resume":
            return case.clocks.pause is not None
        case "request_extension":
            return case.clocks.extension_request is None
        case "grant_extension" | "refuse_extension":
            return case.clocks.extension_request is not None
        case "ask_price":
            return case.classification.kind == "repair" and not case.work.price_asked
        case "start" | "complete":
            unanswered = (
                case.work.plan is not None and bool(case.work.plan.price_fen) and not case.work.plan_agreed
            )
            return not (case.work.price_asked or unanswered)
        case "agree_appointment":
            return case.clocks.pause is None and case.classification.urgency != "emergency"
        case "notify_worker":
            return case.follow_up.fault_untold
        case "rate":
            return case.rating is None
        case "file_report":
            goes_on = case.state not in {State.WITHDRAWN, State.MERGED}
            return case.report_duty.owed or (goes_on and case.classification.severity == "serious")
        case "archive":
            return not case.report_duty.owed
        case "object":
            return case.ending.objection is None
        case "reopen" if case.state is State.REJECTED:
            return case.ending.objection is not None and role is Role.MANAGER
        case _:
            return True
