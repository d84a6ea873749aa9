"""Sorting a report, correcting a classification, and what that may not put off (A7, A8, B7)."""

from collections.abc import Collection
from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.clock_changes import moved_deadlines
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.outcome import Outcome, Steps
from chalicelib.domain.community.roles import Role
from chalicelib.domain.deadlines.deadline import Deadline, moved_between
from chalicelib.domain.dispatch.alarm import new_alarm
from chalicelib.domain.dispatch.written_report import reclassified_report
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError
from chalicelib.domain.intake.care import Consent, consent_to
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.intake.identification import taken_back
from chalicelib.domain.intake.reclassification import KEPT_FOR_RESIDENT, reclassified_deadlines
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.regulation.rules import UNSORTED, URGENCIES, VALID, check_nature


def classify(case: Case, command: Command[ClassifyForm], context: Context) -> Outcome:
    """The events of a corrected classification (A8), or of a report that is sorted (A7).

    Only another matter moves the case to another department. A correction is no way round an extension (B7):
    a time promised to the resident ends no later, and stays, until the manager corrects or agrees. The
    manager agrees by a correction that changes nothing, with a reason.
    """
    form = command.form
    given = {
        name: value
        for name in ("kind", "matter", "urgency", "severity", "complexity", "care", "nature")
        if (value := getattr(form, name)) is not None
    }
    says_more = bool(given or form.care_by or form.care_on)
    if not says_more and not _agrees_to_more_time(case, command):
        raise InvalidInputError(
            "Nothing to correct: give kind, matter, urgency, severity, complexity, care or nature.",
            "nothing_to_correct",
        )
    sorts = not case.classification.is_sorted
    if form.reason is None and not sorts:
        raise InvalidInputError("'reason' says why the classification changes.", "unreasoned_correction")
    if "matter" in given:
        given["matter"] = context.regulation.matter(given["matter"]).id
    classification = replace(case.classification, **given)
    consent = _consent(case, form, classification, command.at, context)
    if UNSORTED in {classification.matter, classification.kind}:
        raise InvalidInputError(
            f"Say what case {case.number} is about: its 'matter', and its 'kind' if nobody has said that.",
            "still_unsorted",
        )
    if sorts and form.urgency is None:
        classification = replace(classification, urgency=_more_urgent(classification, context))
    if classification.kind != "complaint" and form.nature is None:
        classification = replace(classification, nature=VALID)
    check_nature(classification.kind, classification.nature)
    same = classification == case.classification and consent == (case.report.care_by, case.report.care_on)
    if same and not _agrees_to_more_time(case, command):
        raise CommandRefusedError(
            f"Case {case.number} is classified like this already.", "nothing_to_correct"
        )
    if classification.matter != case.classification.matter:
        classification = context.classified(classification)
    before, before_it, steps = case.deadlines, case.classification, Steps.of(case, command)
    if case.clocks.pause is not None and classification.urgency == "emergency":
        # an emergency does not stand still (A6, G4)
        steps.add(ev.Resumed(None, moved_deadlines(case, context, ended_at=command.at)))
        case = steps.case
    by_classification = tuple(reclassified_deadlines(case, classification, command.at, context))
    deadlines = by_classification
    if command.actor.role is not Role.MANAGER:
        deadlines = tuple(reclassified_deadlines(case, classification, command.at, context, gives_time=False))
    later = _later(deadlines, by_classification)
    deadlines += tuple(reclassified_report(case, classification, command.at, context))
    moved = moved_between(before, deadlines)
    steps.add(ev.Classified(classification, form.reason or "", deadlines, moved, sorts, later, *consent))
    for back in taken_back(steps.case, case.about, classification, context):
        steps.add(back)
    for alarm in new_alarm(before_it, classification, command.at, context):
        steps.add(alarm)
    return steps.outcome()


def _consent(
    case: Case, form: ClassifyForm, classification: ev.Classification, at: datetime, context: Context
) -> Consent:
    """Who agreed when to a need for help: what stood before, unless something else is said (G15)."""
    stood = case.report if case.classification.care else None
    if stood and classification.care and form.care is None and not (form.care_by or form.care_on):
        return stood.care_by, stood.care_on  # nobody speaks of it; a case of before names nobody
    on = form.care_on or (stood.care_on if stood and form.care_by is None else None)
    who = (stood.care_by if stood else None, case.report.resident_name)
    today = at.astimezone(context.zone).date()
    return consent_to(form.care_by, on, who, today, noted=classification.care)


def _more_urgent(classification: ev.Classification, context: Context) -> str:
    """The urgency of the matter, or that which was said before, whichever is more urgent."""
    of_matter = context.regulation.matter(classification.matter).urgency
    return min(of_matter, classification.urgency, key=URGENCIES.index)


def _agrees_to_more_time(case: Case, command: Command[ClassifyForm]) -> bool:
    """Whether the manager is asked about promises that a correction kept, and here agrees (B7)."""
    waiting = [clock for clock in case.clocks.kept if clock not in case.clocks.met]
    return command.actor.role is Role.MANAGER and bool(waiting)


def _later(deadlines: Collection[Deadline], by_classification: Collection[Deadline]) -> tuple[Clock, ...]:
    """The clocks kept as promised that by the classification would end later, or be gone."""
    ends = {deadline.clock: deadline.due_at for deadline in by_classification}
    return tuple(
        deadline.clock
        for deadline in deadlines
        if deadline.clock in KEPT_FOR_RESIDENT and ends.get(deadline.clock) != deadline.due_at
    )
