"""When a serious case owes a written report, and until when (B6, S0).

It goes to the superior. It is owed when the time to solve has run out, when a late case turns out to be
serious, and when a serious case is closed with its resident still not satisfied. Which cases are serious
enough the regulation says: those for which it has a rule for the clock of the report. Lateness asks for one
report a round at most.
"""

from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.clock_changes import starting_deadlines
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context, facts_of
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.dispatch.forms import ReportForm
from chalicelib.domain.dispatch.responsibility import why_neither_own_nor_desk
from chalicelib.domain.errors import CommandRefusedError, DomainError
from chalicelib.domain.regulation.limits import Begins, Clock


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
    if not needs_report(case, context):
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


def report_when_late(case: Case, clock: Clock, at: datetime, context: Context) -> tuple[Deadline, ...]:
    """The deadline of the report that starts with `clock` marked overdue.

    Only the lateness of solving starts it; empty also if it runs or was met already.
    """
    if clock is not Clock.SOLVE or case.report_duty.deadline is not None:
        return ()
    return starting_deadlines(Begins.UNRESOLVED, case.classification, at, context, case.round)


def reclassified_report(
    case: Case, classification: ev.Classification, at: datetime, context: Context
) -> tuple[Deadline, ...]:
    """The deadline of the report under another classification.

    Empty for a case that is not serious. It starts if the case was late already and becomes serious. One that
    runs, or was met, stays as it is. One that was set aside, when the case was corrected to not serious,
    comes back with its time: due Friday, set aside on Tuesday, serious again on Thursday → due Friday (B7).
    """
    started = starting_deadlines(Begins.UNRESOLVED, classification, at, context, case.round)
    known = case.report_duty.deadline
    if started and known:
        return (known,)
    return started if Clock.SOLVE in case.clocks.overdue else ()


def fell_due_with(event: ev.Event) -> Deadline | None:
    """The deadline of the report, if this event started it; else None."""
    reports = (
        deadline
        for deadline in getattr(event.payload, "deadlines", ())
        if deadline.clock is Clock.WRITTEN_REPORT
    )
    # a later event can carry the same clock on, so only one that starts now counts
    return next((report for report in reports if report.started_at == event.at), None)
