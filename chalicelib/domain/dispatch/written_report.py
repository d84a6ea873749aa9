"""When a case owes a written report to the superior, and until when (B6, S0).

A serious case owes it from the registration, or from the correction that finds it serious; once more in a
later round that is late. Any other owes it when it climbs above the manager, by a timer or by hand, for then
supervisor and manager could not solve it; and when it is closed with its resident still not satisfied. For
which cases the regulation says: those for which it has a rule for the clock of the report. At most one report
a round is asked for, except that what was filed before a case climbed so high is no report on why it did.
"""

from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.clock_changes import starting_deadlines
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context, facts_of
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.dispatch.forms import ReportForm
from chalicelib.domain.dispatch.ranks import LADDER
from chalicelib.domain.dispatch.responsibility import why_neither_own_nor_desk
from chalicelib.domain.errors import CommandRefusedError, DomainError
from chalicelib.domain.regulation.limits import Begins, Clock

ABOVE_THE_MANAGER = frozenset(LADDER[LADDER.index(Role.MANAGER) + 1 :])
"""The ranks that hear of what supervisor and manager could not solve (B6)."""

SERIOUS = "serious"


def why_not_reported(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """A report is filed where one is owed, or may still be asked for (B6)."""
    if refused := why_neither_own_nor_desk(case, actor, context, at):
        return refused
    if case.report_duty.owed:
        return None
    if case.state in {State.REFERRED, State.WITHDRAWN, State.MERGED}:
        return CommandRefusedError(
            f"Case {case.number} is {case.state} and owes no written report; there is nothing to file.",
            "no_report_owed",
        )
    if case.classification.severity != SERIOUS or not needs_report(case, context):
        return CommandRefusedError(
            f"The regulation asks for no written report on a case like {case.number}, and none is owed; "
            "there is nothing to file.",
            "no_report_needed",
        )
    return None


def file_report(_: Case, command: Command[ReportForm], __: Context) -> Payloads:
    """The event of a filed report on a serious case (B6).

    It may be filed before it is owed, and more than once.
    """
    form = command.form
    return (ev.ReportFiled(form.course, form.cause, form.measures, form.next_steps),)


def needs_report(case: Case, context: Context) -> bool:
    """Whether the regulation wants a report on such a case, left unresolved (B6)."""
    facts, report = facts_of(case.classification), Clock.WRITTEN_REPORT
    return any(rule.when.match(facts) for rule in context.regulation.rules if rule.clock is report)


def report_when_registered(
    classification: ev.Classification, at: datetime, context: Context
) -> tuple[Deadline, ...]:
    """The deadline of the report that a serious case owes from its registration; else empty."""
    if classification.severity != SERIOUS:
        return ()
    return starting_deadlines(Begins.FOR_THE_SUPERIOR, classification, at, context, 1)


def report_when_unsolved(case: Case, rank: str, at: datetime, context: Context) -> tuple[Deadline, ...]:
    """The deadline of the report that a case owes above the manager.

    Empty for a lower rank, or if a report is owed already. One that was filed for this reason before, in the
    same round, is not asked for again.
    """
    duty = case.report_duty
    if rank not in ABOVE_THE_MANAGER or duty.owed or (duty.deadline is not None and duty.unsolved):
        return ()
    return starting_deadlines(Begins.FOR_THE_SUPERIOR, case.classification, at, context, case.returns + 1)


def report_when_late(case: Case, clock: Clock, at: datetime, context: Context) -> tuple[Deadline, ...]:
    """The deadline of the report that starts with `clock` marked overdue.

    Only the lateness of solving starts it; empty also if it runs or was met already.
    """
    is_serious = case.classification.severity == SERIOUS
    if clock is not Clock.SOLVE or case.report_duty.deadline is not None or not is_serious:
        return ()
    return starting_deadlines(Begins.FOR_THE_SUPERIOR, case.classification, at, context, case.returns + 1)


def reclassified_report(
    case: Case, classification: ev.Classification, at: datetime, context: Context
) -> tuple[Deadline, ...]:
    """The deadline of the report under another classification.

    Empty for a case that is not serious and has not climbed above the manager. It starts if the case becomes
    serious and was not reported on. One that runs, or was met, stays as it is. One that was set aside, when
    the case was corrected to not serious, comes back with its time: due Friday, set aside on Tuesday, serious
    again on Thursday → due Friday (B7).
    """
    duty, is_serious = case.report_duty, classification.severity == SERIOUS
    if not (is_serious or duty.unsolved):
        return ()
    started = starting_deadlines(Begins.FOR_THE_SUPERIOR, classification, at, context, case.returns + 1)
    if started and duty.deadline is not None:
        return (duty.deadline,)
    becomes_serious = is_serious and case.classification.severity != SERIOUS
    is_late = Clock.SOLVE in case.clocks.overdue
    return started if is_late or (becomes_serious and not duty.filed) else ()


def fell_due_with(event: ev.Event) -> Deadline | None:
    """The deadline of the report, if this event started it; else None."""
    reports = (
        deadline
        for deadline in getattr(event.payload, "deadlines", ())
        if deadline.clock is Clock.WRITTEN_REPORT
    )
    # a later event can carry the same clock on, so only one that starts now counts
    return next((report for report in reports if report.started_at == event.at), None)
