"""How a case ends without work: withdrawn, or merged into another (A16)."""

from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.case.numbering import NUMBER
from chalicelib.domain.case.spoken import ReasonedWordForm, check_spoken_at, why_own_work
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError, NotAllowedError
from chalicelib.domain.follow_up.reopening import OPENED_BY_STAFF
from chalicelib.domain.intake.forms import MergeForm


def why_not_withdrawn(case: Case, actor: Actor, _: Context, __: datetime) -> DomainError | None:
    """Nobody withdraws what others reported, too; who reopened a case does not wipe it out (A16, D7, G17).

    A case into which others were merged goes on for their residents, whatever its own wishes. A round that
    staff opened ends by the resident, by the own link, or the supervisor: else whoever reopens a case could,
    by withdrawing it, wipe out what its last round was late with.
    """
    if case.leads:
        return CommandRefusedError(
            f"Case {case.number} leads an incident that others reported, too; it goes on for their residents "
            "and cannot be withdrawn.",
            "leads_for_others",
            number=case.number,
        )
    if case.joined:
        return CommandRefusedError(
            f"Others reported the same: {len(case.joined)} cases were merged into {case.number}, so it goes "
            "on for their residents and cannot be withdrawn.",
            "goes_on_for_others",
            number=case.number,
            joined=len(case.joined),
        )
    if case.follow_up.returned_by not in OPENED_BY_STAFF or actor.role in {Role.RESIDENT, Role.SUPERVISOR}:
        return None
    return NotAllowedError(
        f"Case {case.number} was taken up again by staff; only the resident, by their link, or the "
        "supervisor can withdraw it.",
        "reopened_by_staff",
    )


def withdraw(_: Case, command: Command[ReasonForm], __: Context) -> Payloads:
    """The event of a withdrawal by the resident (A16)."""
    return (ev.Withdrawn(command.form.reason),)


def why_no_withdrawal_recorded(
    case: Case, actor: Actor, context: Context, at: datetime
) -> DomainError | None:
    """A colleague of whoever has the work records it, where it can be withdrawn (A8, A16)."""
    return why_own_work(case, actor) or why_not_withdrawn(case, actor, context, at)


def record_withdrawal(case: Case, command: Command[ReasonedWordForm], _: Context) -> Payloads:
    """The event of a withdrawal that the resident asked the desk for, by word (A8, A16)."""
    form = command.form
    check_spoken_at(form.spoken_at, case.clocks.started_at, command.at)
    return (ev.Withdrawn(form.reason, form.spoken_to, form.spoken_at, form.manner),)


def merge(case: Case, command: Command[MergeForm], _: Context) -> Payloads:
    """The event of a merge into another case, which goes on (A16).

    Whether there is a case of that number, the desk looks (services/desk.py).
    """
    form = command.form
    if not NUMBER.fullmatch(form.into):
        raise InvalidInputError(
            f"'{form.into}' is not a case number; write it like {case.number}.",
            "no_case_number",
            example=case.number,
        )
    if form.into == case.number:
        raise InvalidInputError(
            "A case cannot be merged into itself; name another number.", "merged_into_itself"
        )
    return (ev.Merged(form.into, form.reason),)
