"""When an unresolved serious case owes a written report, and until when (B6; S0: it goes to the superior).

It is owed when the time to solve has run out, when a late case turns out to be serious, and when a serious
case is closed with its resident still not satisfied. Which cases are serious enough the regulation says:
those for which it has a rule for the clock of the report. Lateness asks for one report a round at most.
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
    """A report is written where one is owed, or where the regulation may still ask for one (B6)."""
    if refused := why_neither_own_nor_desk(case, actor, context, at):
        return refused
    if case.report_duty.owed:
        return None
    if case.state in {State.WITHDRAWN, State.MERGED}:
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
    """The written report on a serious case (B6), also before it is owed, and more than once."""
    form = command.form
    return (ev.ReportFiled(form.course, form.cause, form.measures, form.next_steps),)


def needs_report(case: Case, context: Context) -> bool:
    """Whether the regulation wants a written report on a case like this if it stays unresolved."""
    facts, report = facts_of(case.classification), Clock.WRITTEN_REPORT
    return any(rule.when.match(facts) for rule in context.regulation.rules if rule.clock is report)


def report_when_late(case: Case, clock: Clock, at: datetime, context: Context) -> tuple[Deadline, ...]:
    """The clock of the report, started by marking `clock` overdue; nothing if it runs or was met already."""
    if clock is not Clock.SOLVE or case.report_duty.deadline is not None:
        return ()
    return starting_deadlines(Begins.UNRESOLVED, case.classification, at, context, case.round)


def reclassified_report(
    case: Case, classification: ev.Classification, at: datetime, context: Context
) -> tuple[Deadline, ...]:
    """The clock of the report under another classification: none for a case that is not serious.

    It starts if the case was late already and becomes serious; one that runs, or was met, stays as it is, and
    one that a correction to not serious has set aside comes back with its time: nobody puts it off (B7).
    """
    started = starting_deadlines(Begins.UNRESOLVED, classification, at, context, case.round)
    known = case.report_duty.deadline
    if started and known:
        return (known,)
    return started if Clock.SOLVE in case.clocks.overdue else ()


def fell_due_with(event: ev.Event) -> Deadline | None:
    """The clock of the report, if this event started it."""
    reports = (
        deadline
        for deadline in getattr(event.payload, "deadlines", ())
        if deadline.clock is Clock.WRITTEN_REPORT
    )
    # a later event can carry the same clock on, so only one that starts now counts
    return next((report for report in reports if report.started_at == event.at), None)
