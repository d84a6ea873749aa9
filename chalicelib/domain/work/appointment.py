"""A visit: proposed by either side, and agreed to by the other (B11).

The resident answers by the own link. Where a person of the desk records what the resident said, they say whom
they spoke to, when and how. Whoever has the work can propose a time, and agree to the resident's; alone they
make none stand. What an agreed visit does to the clocks says `case/visit_deadlines.py`.
"""

from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import NoteForm
from chalicelib.domain.case.spoken import check_spoken_at, why_own_work
from chalicelib.domain.case.visit_deadlines import is_late, latest_visit, standing_visit, visited_deadlines
from chalicelib.domain.case.work import ProposedVisit
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.dispatch.responsibility import why_neither_own_nor_desk, why_unsorted
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError
from chalicelib.domain.work.resident_forms import AgreedVisitForm, AppointmentForm


def _why_no_visit(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """An emergency waits for no visit; a paused case is resumed first, an unsorted one sorted (A6, B11)."""
    if refused := why_neither_own_nor_desk(case, actor, context, at) or why_unsorted(
        case, actor, context, at
    ):
        return refused
    if case.classification.urgency == "emergency":
        return CommandRefusedError(
            "An emergency does not wait for an appointment; send somebody now.", "emergency_waits_for_nobody"
        )
    if case.clocks.pause is not None:
        return CommandRefusedError(
            "The clock stands still; resume the case, then agree on a time.", "paused_already"
        )
    return None


def why_no_visit_proposed(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """A resident proposes one time, and then waits for the answer; staff may correct themselves."""
    waiting = waiting_visit(case, at)
    if actor.role is Role.RESIDENT and waiting is not None and waiting.by_resident:
        return CommandRefusedError("Your proposal has arrived and waits for an answer.", "visit_proposed")
    return _why_no_visit(case, actor, context, at)


def propose_visit(case: Case, command: Command[AppointmentForm], context: Context) -> Payloads:
    """The event of a proposed time for a visit (B11).

    Raises InvalidInputError for a time in the past, after `latest_visit`, or that is agreed or proposed
    already. It moves nothing yet.
    """
    _check(case, command.form.visit_at, command.at, context)
    _check_new(case, command.form.visit_at, command.at)
    return (ev.AppointmentProposed(command.form.visit_at, command.form.note),)


def waiting_visit(case: Case, at: datetime) -> ProposedVisit | None:
    """The proposed visit that somebody can still agree to; None if there is none, or it is past."""
    proposed = case.work.proposed_visit
    return proposed if proposed is not None and proposed.visit_at > at else None


def why_visit_not_answered(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """A proposal is answered by the other side, before its time has come (B11)."""
    if refused := _why_no_visit(case, actor, context, at):
        return refused
    proposed = case.work.proposed_visit
    if proposed is None:
        return CommandRefusedError("No time for a visit waits for an answer.", "no_visit_proposed")
    if proposed.visit_at <= at:
        return CommandRefusedError("The proposed time has passed; propose another.", "visit_is_past")
    if proposed.by_resident == (actor.role is Role.RESIDENT):
        return CommandRefusedError("The other side has to agree to this time.", "other_side_agrees")
    return None


def accept_visit(case: Case, command: Command[NoteForm], context: Context) -> Payloads:
    """The event of a visit that the other side agreed to: it stands (B11)."""
    proposed = case.work.proposed_visit
    if proposed is None:
        raise ValueError(f"Case {case.number} has no visit to agree to.")
    _check(case, proposed.visit_at, command.at, context)
    agreed = _agreed(case, proposed.visit_at, command.form.note, command.at, context)
    return (replace(agreed, unheard=proposed.by_resident),)


def decline_visit(_: Case, command: Command[NoteForm], __: Context) -> Payloads:
    """The event of a proposed time that does not suit the other side (B11)."""
    return (ev.AppointmentDeclined(command.form.note),)


def why_not_agreed(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """The desk records what the resident agreed to; not whoever has the work (B7, B11)."""
    return why_own_work(case, actor) or _why_no_visit(case, actor, context, at)


def agree_visit(case: Case, command: Command[AgreedVisitForm], context: Context) -> Payloads:
    """The event of a visit that the desk has agreed on with the resident (B11).

    Raises InvalidInputError for a visit in the past or after `latest_visit`, or words of the future.
    """
    form = command.form
    check_spoken_at(form.spoken_at, case.clocks.started_at, command.at)
    _check(case, form.visit_at, command.at, context)
    said = (form.spoken_to, form.spoken_at, form.manner)
    return (_agreed(case, form.visit_at, form.note, command.at, context, *said),)


def _agreed(
    case: Case,
    visit_at: datetime,
    note: str | None,
    at: datetime,
    context: Context,
    spoken_to: str | None = None,
    spoken_at: datetime | None = None,
    manner: str | None = None,
) -> ev.AppointmentAgreed:
    moved = visited_deadlines(case, visit_at, at, context)
    return ev.AppointmentAgreed(visit_at, note, moved, spoken_to, spoken_at, manner)


def _check(case: Case, visit_at: datetime, at: datetime, context: Context) -> None:
    if visit_at <= at:
        raise InvalidInputError("'visit_at' is in the past; agree on a later time.", "until_is_past")
    latest = latest_visit(case, at, context)
    if visit_at > latest:
        moves = not is_late(case, at)
        more = " For a later one, ask the manager for an extension first." if moves else ""
        raise InvalidInputError(
            f"An appointment lies {latest.astimezone(context.zone):%Y-%m-%d %H:%M} at the latest.{more}",
            "appointment_too_late" if moves else "appointment_too_far",
            latest=latest,
        )


def _check_new(case: Case, visit_at: datetime, at: datetime) -> None:
    """Nobody is asked for a time that stands, or that is proposed, already."""
    waiting = waiting_visit(case, at)
    if standing_visit(case) == visit_at:
        raise InvalidInputError("'visit_at' is the time that is agreed already.", "visit_agreed_already")
    if waiting is not None and waiting.visit_at == visit_at:
        raise InvalidInputError(
            "'visit_at' is proposed already; the other side agrees to it, or proposes another time.",
            "visit_proposed_already",
        )
