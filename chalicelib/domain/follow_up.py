"""After the work: rating, revisits, new rounds, and the ways to an end (D1–D8, G6–G9). See deciders.py."""

from datetime import timedelta

from chalicelib.domain import commands as forms
from chalicelib.domain import events as ev
from chalicelib.domain.case import Case, State
from chalicelib.domain.clocks import Setting, facts_of, starting_deadlines
from chalicelib.domain.dispatching import person_of_rank
from chalicelib.domain.errors import CommandRefusedError, NotAllowedError
from chalicelib.domain.people import Role
from chalicelib.domain.regulation import Begins

Payloads = tuple[ev.Payload, ...]


def revisits_left(case: Case, setting: Setting, *, satisfied_by_survey: bool = False) -> int:
    """How many revisits this round still needs before a satisfied case may close (D2).

    A satisfied answer to the survey stands for the first of them: the resident was asked, and answered.
    """
    rule = setting.regulation.revisit_rule_for(facts_of(case.classification))
    needed = max(1, rule.count if rule else 1)
    rated = satisfied_by_survey or (case.rating is not None and case.rating.satisfied)
    done = sum(one.outcome is not ev.RevisitOutcome.NOT_REACHED for one in case.revisits)
    return max(0, needed - done - rated)


def rate(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    form: forms.RateForm = command.form
    if case.rating is not None:
        raise CommandRefusedError(f"Case {case.number} was rated already; thank you, once is enough.")
    satisfied = form.score > setting.regulation.survey.low_rating
    rated = ev.Rated(form.score, satisfied, form.comment, form.suggestion)
    if not satisfied:
        return (rated, _next_round(case, command, setting, "rating", form.comment or f"rated {form.score} of 5"))
    if revisits_left(case, setting, satisfied_by_survey=True):
        return (rated,)
    return (rated, ev.Closed(ev.CloseReason.SATISFIED))


def record_revisit(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    form: forms.RevisitForm = command.form
    if command.actor.id in case.all_handlers():
        raise NotAllowedError("Whoever did the work cannot revisit it; a colleague has to.")
    recorded = ev.RevisitRecorded(
        form.outcome,
        form.manner,
        form.note,
        form.work_inspected,
        form.conduct,
        form.suggestions,
        form.charge_checked,
        form.signature,
    )
    if form.outcome is ev.RevisitOutcome.DISSATISFIED:
        reason = form.note or "not satisfied at the revisit"
        return (recorded, _next_round(case, command, setting, "revisit", reason))
    if form.outcome is ev.RevisitOutcome.SATISFIED and revisits_left(case, setting) <= 1:
        return (recorded, ev.Closed(ev.CloseReason.SATISFIED))
    if form.outcome is ev.RevisitOutcome.NOT_REACHED:
        missed = 1 + sum(one.outcome is ev.RevisitOutcome.NOT_REACHED for one in case.revisits)
        if missed >= setting.regulation.revisits.attempts:
            return (recorded, ev.Closed(ev.CloseReason.SILENT))
    return (recorded,)


def reopen(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    policy = setting.regulation.reopen
    if case.round > policy.returns:
        raise CommandRefusedError(
            f"Case {case.number} has been reopened {case.round - 1} times, the most there can be; "
            f"register a new case that follows {case.number}."
        )
    if case.state is State.REJECTED:
        if case.objection is None or command.actor.role not in {Role.MANAGER, Role.COMPANY_HEAD}:
            raise CommandRefusedError(
                "A rejected case is taken up again by the manager, after the resident's objection."
            )
        return (_next_round(case, command, setting, "objection", command.form.reason),)
    if case.closed_at is not None and command.at - case.closed_at > timedelta(days=policy.window_days):
        raise CommandRefusedError(
            f"A case can be reopened within {policy.window_days} days of its closing; "
            f"register a new case that follows {case.number}."
        )
    cause = "resident" if command.actor.role is Role.RESIDENT else "staff"
    return (_next_round(case, command, setting, cause, command.form.reason),)


def _next_round(
    case: Case, command: forms.Command, setting: Setting, cause: str, reason: str
) -> ev.Reopened:
    """The next round (D7): its clocks start anew, shorter from the second return on; a review group looks on."""
    ranks = [Role.DEPARTMENT_HEAD, Role.SUPERVISOR]
    if case.round >= setting.regulation.reopen.manager_from:
        ranks.append(Role.MANAGER)
    department = case.classification.department
    group = [person_of_rank(setting.community, rank, department, command.at) for rank in ranks]
    names = tuple(dict.fromkeys(one.username for one in group if one is not None))
    deadlines = starting_deadlines(
        Begins.REGISTERED, case.classification, command.at, setting, case.round + 1
    )
    return ev.Reopened(cause, reason, names, deadlines)


def close(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    if case.rating is None and not case.revisits:
        raise CommandRefusedError(
            "Nobody has asked the resident yet; record a revisit before the case is closed."
        )
    return (ev.Closed(ev.CloseReason.DECIDED, command.form.note),)


def archive(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    form: forms.ArchiveForm = command.form
    return (ev.Archived(form.cause, form.course, form.result, form.lesson),)


def object_to(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    if case.objection is not None:
        raise CommandRefusedError("An objection was made already; the manager decides it.")
    return (ev.Objected(command.form.reason),)


def uphold(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    return (ev.Closed(ev.CloseReason.UNTRUE, command.form.note),)


def escalate(case: Case, command: forms.Command, setting: Setting) -> Payloads:
    """By hand (B6): to the first rank of the ladder above everybody who was told so far."""
    for rank in (Role.SUPERVISOR, Role.MANAGER, Role.COMPANY_HEAD):
        key = f"by_hand:{rank}"
        if key not in case.fired:
            person = person_of_rank(setting.community, rank, case.classification.department, command.at)
            name = person.username if person else None
            return (ev.Escalated(key, None, rank, name, command.form.reason),)
    raise CommandRefusedError(f"Case {case.number} has reached the top of the ladder already.")
