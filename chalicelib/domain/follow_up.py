"""After the work: rating, revisits, and the ways to an end (D1–D8, G6–G8). See deciders.py, returning.py."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain import commands as forms
from chalicelib.domain import events as ev
from chalicelib.domain.asking import revisit_due_at
from chalicelib.domain.case import Case, State
from chalicelib.domain.clocks import Setting
from chalicelib.domain.counting import counted
from chalicelib.domain.deciders import own_or_desk
from chalicelib.domain.dispatching import LADDER, person_of_rank
from chalicelib.domain.drawing import is_to_be_asked_again, lot_to_ask_again, owed_to_sample
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError, NotAllowedError
from chalicelib.domain.events import Payloads
from chalicelib.domain.owing import (
    is_one_owed,
    revisits_left,
    revisits_needed,
    tried_enough,
    why_not_closed,
)
from chalicelib.domain.people import Role
from chalicelib.domain.reporting import needs_report
from chalicelib.domain.returning import not_satisfied


def silent_reason(case: Case) -> ev.CloseReason:
    """Why a case closes when no more answer comes: one of this round still stands, else it is silence."""
    answered = any(one.outcome is ev.RevisitOutcome.SATISFIED for one in case.revisits)
    satisfied = answered or (case.rating is not None and case.rating.satisfied)
    return ev.CloseReason.SATISFIED if satisfied else ev.CloseReason.SILENT


def rate(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    form: forms.RateForm = command.form
    if case.rating is not None:
        raise CommandRefusedError(
            f"Case {case.number} was rated already; thank you, once is enough.", "rated_already"
        )
    satisfied = form.score > setting.regulation.survey.low_rating
    rated = ev.Rated(form.score, satisfied, form.comment, form.suggestion)
    if not satisfied:
        return (rated, *not_satisfied(case, command, setting, "rating", form.comment or ""))
    if revisits_left(case, setting, satisfied_by_survey=True) or is_one_owed(case, setting):
        return (rated,)
    return (rated, ev.Closed(ev.CloseReason.SATISFIED))


def record_revisit(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    form: forms.RevisitForm = command.form
    if command.actor.id in case.all_handlers():
        raise NotAllowedError(
            "Whoever did the work cannot revisit it; a colleague has to.", "revisits_own_work"
        )
    if command.actor.id == case.checked_revisitor and is_to_be_asked_again(case, setting.community):
        raise NotAllowedError(
            "A second person has to ask the resident again; whoever wrote the first answer cannot.",
            "second_person_asks",
        )
    if form.outcome is ev.RevisitOutcome.PROMISED:
        _promised_once(case, command)
    _check_promise(form, command.at, setting)
    recorded = ev.RevisitRecorded(
        form.outcome,
        form.manner,
        form.note,
        form.work_inspected,
        form.conduct,
        form.suggestions,
        form.charge_checked,
        form.signature,
        command.actor.role,
        form.promised_until,
        form.fault,
        at=command.at,
    )
    if form.outcome is ev.RevisitOutcome.DISSATISFIED or form.fault:
        reason = form.fault or form.note or ""
        return (recorded, *not_satisfied(case, command, setting, "revisit", reason))
    if form.outcome is ev.RevisitOutcome.SATISFIED:
        enough = revisits_left(case, setting) <= 1
        sampled = owed_to_sample(case, setting) in {None, command.actor.role}
        if not (enough and sampled):
            return (recorded,)
        recorded = replace(recorded, asked_again=lot_to_ask_again(case, command.actor.id, setting))
        return (recorded,) if recorded.asked_again else (recorded, ev.Closed(ev.CloseReason.SATISFIED))
    if form.outcome is ev.RevisitOutcome.NOT_REACHED and tried_enough(case, setting, recorded):
        may_answer_yet = revisits_needed(case, setting) > 0 and command.at < revisit_due_at(case, setting)
        return (recorded,) if may_answer_yet else (recorded, ev.Closed(silent_reason(case)))
    return (recorded,)


def notify_worker(case: Case, command: forms.Command, _: Setting) -> Payloads:
    """The written notice of a fault has reached whoever did the work; it stops that clock (C17)."""
    if not case.fault_untold:
        raise CommandRefusedError(
            "No fault found at a revisit waits to be put to the worker.", "no_fault_to_tell"
        )
    return (ev.WorkerNotified(command.form.note),)


def _promised_once(case: Case, command: forms.Command) -> None:
    """A promise is made once for a revisit that is owed; more time is the manager's to give (D8, G5)."""
    if case.promised_until is not None and command.actor.role is not Role.MANAGER:
        raise CommandRefusedError(
            "An answer is promised to the resident already; give it and record the revisit. Only the manager "
            "may promise a later time.",
            "promised_already",
        )


def _check_promise(form: forms.RevisitForm, at: datetime, setting: Setting) -> None:
    """What cannot be answered gets a time, within the regulation's limit; nothing else has one (D8)."""
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
    latest = counted(setting.regulation.revisits.promise_within, at, setting.calendar)[1]
    if form.promised_until > latest:
        raise InvalidInputError(
            f"An answer is promised for {latest.astimezone(setting.zone):%Y-%m-%d %H:%M} at the latest.",
            "promise_too_long",
            latest=latest,
        )


def close(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    """By decision of a leader; a revisit that is owed only the manager leaves out, and figures show it."""
    refused = why_not_closed(case, command.actor, setting)
    if refused is not None:
        raise refused
    left_out = revisits_needed(case, setting) > 0
    return (ev.Closed(ev.CloseReason.DECIDED, command.form.note, revisit_left_out=left_out),)


def file_report(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    """The written report on a serious case (B6), also before it is owed, and more than once."""
    own_or_desk(case, command.actor, setting)
    goes_on = case.state not in {State.WITHDRAWN, State.MERGED}
    if not (case.report_owed or (goes_on and needs_report(case, setting))):
        raise CommandRefusedError(
            f"Case {case.number} is not serious, and owes no written report; note the progress instead.",
            "no_report_needed",
        )
    form: forms.ReportForm = command.form
    return (ev.ReportFiled(form.course, form.cause, form.measures, form.next_steps),)


def archive(case: Case, command: forms.Command, _: Setting) -> Payloads:
    form: forms.ArchiveForm = command.form
    if case.report_owed:
        raise CommandRefusedError(
            f"Case {case.number} owes a written report; file that first, then archive it.", "report_owed"
        )
    return (ev.Archived(form.cause, form.course, form.result, form.lesson),)


def object_to(case: Case, command: forms.Command, _: Setting) -> Payloads:
    if case.objection is not None:
        raise CommandRefusedError(
            "An objection was made already; the manager decides it.", "objected_already"
        )
    return (ev.Objected(command.form.reason),)


def uphold(case: Case, command: forms.Command, _: Setting) -> Payloads:
    if case.objection is None:
        raise CommandRefusedError("There is no objection to decide; the findings stand.", "no_objection")
    return (ev.Closed(ev.CloseReason.UNTRUE, command.form.note),)


def escalate(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    """By hand (B6): to the first rank above the one who asks that has not been told this way."""
    own = command.actor.role
    above = LADDER[LADDER.index(own) + 1 :] if own in LADDER else LADDER[1:]
    for rank in above:
        person = person_of_rank(setting.community, rank, case.classification.department, command.at)
        if person is not None and (key := f"by_hand:{person.role}") not in case.fired:
            return (ev.Escalated(key, None, person.role, person.username, command.form.reason),)
    raise CommandRefusedError(
        f"Case {case.number} has reached the top of the ladder already.", "top_of_ladder"
    )
