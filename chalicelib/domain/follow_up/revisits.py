"""What a revisit records, and the notice of a fault that it found (D2–D8, C17, G6)."""

from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import RequiredNoteForm
from chalicelib.domain.case.own_signature import way_of
from chalicelib.domain.community.roles import MANAGERS, Actor
from chalicelib.domain.deadlines.periods import period_of
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError, NotAllowedError
from chalicelib.domain.follow_up.answers import neutral_to_call
from chalicelib.domain.follow_up.closing import silent_reason
from chalicelib.domain.follow_up.forms import RevisitForm
from chalicelib.domain.follow_up.obligations import revisits_left, revisits_needed, tried_enough
from chalicelib.domain.follow_up.points import points_due_at
from chalicelib.domain.follow_up.reopening import not_satisfied
from chalicelib.domain.follow_up.sampling import owed_to_sample
from chalicelib.domain.follow_up.schedule import revisit_due_at
from chalicelib.domain.follow_up.second_asking import closed_as_satisfied


def why_not_revisited(case: Case, actor: Actor, _: Context, __: datetime) -> DomainError | None:
    """Nobody revisits the own work (G6)."""
    if actor.id not in case.assignment.everybody:
        return None
    return NotAllowedError("Whoever did the work cannot revisit it; a colleague has to.", "revisits_own_work")


def record_revisit(case: Case, command: Command[RevisitForm], context: Context) -> Payloads:
    """The events of a revisit: what was found, and what follows (D4).

    Dissatisfied, or a fault → a new round; satisfied and nothing more owed → closed; neutral → somebody calls
    once more, and after that it is the resident's last word; not reached on days enough → closed as silent,
    if the survey's answer is not waited for.
    """
    form = command.form
    if form.outcome is ev.RevisitOutcome.NEUTRAL and not form.note:
        raise InvalidInputError(
            "Say in 'note' what keeps the resident from being satisfied; 'neutral' alone helps nobody.",
            "neutral_needs_words",
        )
    if form.outcome is ev.RevisitOutcome.PROMISED:
        _promised_once(case, command)
    _check_promise(form, command.at, context)
    _check_signature(form, case)
    recorded = ev.RevisitRecorded(
        outcome=form.outcome,
        manner=form.manner,
        note=form.note,
        work_inspected=form.work_inspected,
        conduct=form.conduct,
        suggestions=form.suggestions,
        charge_checked=form.charge_checked,
        signature=form.signature,
        rank=command.actor.role,
        promised_until=form.promised_until,
        fault=form.fault,
        at=command.at,
        points=form.raised,
        points_raised=len(form.raised),
        points_due_at=points_due_at(command.at, context) if form.raised else None,
        drawn=form.drawn,
        device=form.device if form.drawn else None,
    )
    if form.outcome is ev.RevisitOutcome.DISSATISFIED or form.fault:
        reason = form.fault or form.note or ""
        return (recorded, *not_satisfied(case, command, context, "revisit", reason))
    if form.outcome in ev.ANSWERED:
        enough = revisits_left(case, context) <= 1 and not neutral_to_call(case, form.outcome)
        sampled = owed_to_sample(case, context) in {None, command.actor.role}
        if not (enough and sampled):
            return (recorded,)
        if form.outcome is ev.RevisitOutcome.NEUTRAL:
            return (recorded, ev.Closed(ev.CloseReason.NEUTRAL))
        return closed_as_satisfied(case, recorded, command, context)
    if form.outcome is ev.RevisitOutcome.NOT_REACHED and tried_enough(case, context, recorded):
        may_answer_yet = revisits_needed(case, context) > 0 and command.at < revisit_due_at(case, context)
        return (recorded,) if may_answer_yet else (recorded, ev.Closed(silent_reason(case)))
    return (recorded,)


def why_not_notified(case: Case, _: Actor, __: Context, ___: datetime) -> DomainError | None:
    """A worker is told once of a fault that a revisit found (C17)."""
    if case.follow_up.fault_untold:
        return None
    return CommandRefusedError(
        "No fault found at a revisit waits to be put to the worker.", "no_fault_to_tell"
    )


def notify_worker(_: Case, command: Command[RequiredNoteForm], __: Context) -> Payloads:
    """The event of the notice of a fault reaching its worker (C17).

    It stops the clock of that notice.
    """
    return (ev.WorkerNotified(command.form.note),)


def _promised_once(case: Case, command: Command[object]) -> None:
    """A promise is made once; more time is the manager's to give (D8, G5)."""
    if case.follow_up.promised_until is not None and command.actor.role not in MANAGERS:
        raise CommandRefusedError(
            "An answer is promised to the resident already; give it and record the revisit. Only the manager "
            "may promise a later time.",
            "promised_already",
        )


def _check_signature(form: RevisitForm, case: Case) -> None:
    """The resident's own signature is one given at a visit, and has a name (D4)."""
    if (form.drawn or form.signature) and form.manner != "visit":
        raise InvalidInputError(
            "Nobody signs over the telephone: leave 'signature' out, or say 'visit' in 'manner'.",
            "signed_by_telephone",
        )
    if form.drawn and not form.signature:
        raise InvalidInputError("Say in 'signature' who has signed.", "signed_by_whom")
    if form.signature:
        way_of(case, form.drawn, case.work.completed_at)


def _check_promise(form: RevisitForm, at: datetime, context: Context) -> None:
    """A promise, and nothing else, has a time within the regulation's limit (D8)."""
    if form.promised_until is None:
        if form.outcome is ev.RevisitOutcome.PROMISED:
            raise InvalidInputError("Say in 'promised_until' by when the answer is promised.", "no_promise")
        return
    if form.outcome is not ev.RevisitOutcome.PROMISED:
        raise InvalidInputError(
            "'promised_until' goes with the outcome 'promised'; leave it out, or choose that.",
            "promise_without_need",
        )
    if form.promised_until <= at:
        raise InvalidInputError("'promised_until' is in the past; promise a later time.", "until_is_past")
    latest = period_of(context.regulation.revisits.promise_within, at, context.calendar)[1]
    if form.promised_until > latest:
        raise InvalidInputError(
            f"An answer is promised for {latest.astimezone(context.zone):%Y-%m-%d %H:%M} at the latest.",
            "promise_too_long",
            latest=latest,
        )
