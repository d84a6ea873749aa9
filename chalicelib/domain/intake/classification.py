"""Sorting a report, correcting a classification, and what that may not put off (A7, A8, B7)."""

from collections.abc import Collection
from dataclasses import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.clock_changes import moved_deadlines
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.outcome import Outcome, Steps
from chalicelib.domain.community.roles import Role
from chalicelib.domain.deadlines.deadline import Deadline, moved_between
from chalicelib.domain.dispatch.written_report import reclassified_report
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError, NotAllowedError
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.intake.identification import taken_back
from chalicelib.domain.intake.reclassification import reclassified_deadlines
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.regulation.rules import UNSORTED, URGENCIES, VALID, check_nature


def classify(case: Case, command: Command[ClassifyForm], context: Context) -> Outcome:
    """The events of a corrected classification (A8), or of a report that is sorted (A7).

    Only another matter moves the case to another department. A correction that puts off what is promised is
    no way round an extension (B7): see `_puts_off_nothing`.
    """
    form = command.form
    given = {
        name: value
        for name in ("kind", "matter", "urgency", "severity", "complexity", "care", "nature")
        if (value := getattr(form, name)) is not None
    }
    if not given:
        raise InvalidInputError(
            "Nothing to correct: give kind, matter, urgency, severity, complexity, care or nature.",
            "nothing_to_correct",
        )
    if "matter" in given:
        given["matter"] = context.regulation.matter(given["matter"]).id
    classification = replace(case.classification, **given)
    sorts = not case.classification.is_sorted
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
    if classification == case.classification:
        raise CommandRefusedError(
            f"Case {case.number} is classified like this already.", "nothing_to_correct"
        )
    if classification.matter != case.classification.matter:
        classification = context.classified(classification)
    before, steps = case.deadlines, Steps.of(case, command)
    if case.clocks.pause is not None and classification.urgency == "emergency":
        # an emergency does not stand still (A6, G4)
        steps.add(ev.Resumed(None, moved_deadlines(case, context, ended_at=command.at)))
        case = steps.case
    deadlines = tuple(reclassified_deadlines(case, classification, command.at, context))
    becomes_emergency = classification.urgency == "emergency" != case.classification.urgency
    if command.actor.role is Role.AGENT and case.assignment.signed_by is not None and not becomes_emergency:
        _puts_off_nothing(case, deadlines)
    deadlines += tuple(reclassified_report(case, classification, command.at, context))
    moved = moved_between(before, deadlines)
    steps.add(ev.Classified(classification, form.reason, deadlines, moved, sorts))
    for back in taken_back(steps.case, case.about, classification, context):
        steps.add(back)
    return steps.outcome()


def _more_urgent(classification: ev.Classification, context: Context) -> str:
    """The urgency of the matter, or that which was said before, whichever is more urgent."""
    of_matter = context.regulation.matter(classification.matter).urgency
    return min(of_matter, classification.urgency, key=URGENCIES.index)


def _puts_off_nothing(case: Case, deadlines: Collection[Deadline]) -> None:
    """Refuse a correction that puts off, or drops, what is promised to the resident.

    That is somebody there, and the work done. Once somebody has signed, the desk's own first look is over:
    more time is not the agent's to give (B7). The agent may make it an emergency, though: danger does not
    wait for a leader, even where its deadline ends after that of an agreed visit (A6). Solving due Tuesday
    18:00, by the new urgency Thursday 18:00 → NotAllowedError.
    """
    after = {deadline.clock: deadline.due_at for deadline in deadlines}
    for clock in (Clock.ON_SITE, Clock.SOLVE):
        known = case.deadlines.get(clock)
        if known is not None and (clock not in after or after[clock] > known.due_at):
            raise NotAllowedError(
                f"This would put off what is promised ('{clock}'), and {case.number} is signed for; "
                "the supervisor or the manager can make it.",
                "correction_puts_off",
                clock=clock,
            )
