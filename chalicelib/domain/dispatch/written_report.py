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
from chalicelib.domain.case.context import Setting, facts_of
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.dispatch.forms import ReportForm
from chalicelib.domain.dispatch.responsibility import own_or_desk
from chalicelib.domain.errors import CommandRefusedError
from chalicelib.domain.regulation.limits import Begins, Clock


def file_report(case: Case, command: Command, setting: Setting) -> Payloads:
    """The written report on a serious case (B6), also before it is owed, and more than once."""
    own_or_desk(case, command.actor, setting)
    goes_on = case.state not in {State.WITHDRAWN, State.MERGED}
    if not (case.report_duty.owed or (goes_on and needs_report(case, setting))):
        raise CommandRefusedError(
            f"Case {case.number} is not serious, and owes no written report; note the progress instead.",
            "no_report_needed",
        )
    form: ReportForm = command.form
    return (ev.ReportFiled(form.course, form.cause, form.measures, form.next_steps),)


def needs_report(case: Case, setting: Setting) -> bool:
    """Whether the regulation wants a written report on a case like this if it stays unresolved."""
    rules = setting.regulation.rules_for(facts_of(case.classification))
    return any(rule.clock is Clock.WRITTEN_REPORT for rule in rules)


def report_when_late(case: Case, clock: Clock, at: datetime, setting: Setting) -> tuple[Deadline, ...]:
    """The clock of the report, started by marking `clock` overdue; nothing if it runs or was met already."""
    if (
        clock is not Clock.SOLVE
        or Clock.WRITTEN_REPORT in case.clocks.deadlines
        or Clock.WRITTEN_REPORT in case.clocks.met
    ):
        return ()
    return starting_deadlines(Begins.UNRESOLVED, case.classification, at, setting, case.round)


def reclassified_report(
    case: Case, classification: ev.Classification, at: datetime, setting: Setting
) -> tuple[Deadline, ...]:
    """The clock of the report under another classification: none for a case that is not serious.

    It starts if the case was late already and becomes serious; one that runs, or was met, stays as it is, and
    one that a correction to not serious has set aside comes back with its time: nobody puts it off (B7).
    """
    started = starting_deadlines(Begins.UNRESOLVED, classification, at, setting, case.round)
    known = case.clocks.deadlines.get(Clock.WRITTEN_REPORT) or case.clocks.set_aside.get(Clock.WRITTEN_REPORT)
    if started and known:
        return (known,)
    return (
        started if Clock.SOLVE in case.clocks.overdue and Clock.WRITTEN_REPORT not in case.clocks.met else ()
    )


def fell_due_with(event: ev.Event) -> Deadline | None:
    """The clock of the report, if this event started it."""
    started = getattr(event.payload, "deadlines", ())
    return next(
        (one for one in started if one.clock is Clock.WRITTEN_REPORT and one.started_at == event.at), None
    )
