"""The timers of a case: when it wakes by itself, and what happens then (B3, B7, D3, G3).

The case is the truth and a timer only a hint: what is due is worked out here from the case each time, so a
timer that comes late, early, twice or never does no harm. Each timer has a key and fires once in a round.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import islice

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import IN_DISPATCH, Case, State
from chalicelib.domain.case.clock_changes import held_in_time, moved_deadlines
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context, facts_of
from chalicelib.domain.case.due import DueAction
from chalicelib.domain.case.outcome import Outcome, Steps
from chalicelib.domain.deadlines.deadline_timers import timers_for
from chalicelib.domain.deadlines.timer_key import TimerKey
from chalicelib.domain.dispatch import alarm
from chalicelib.domain.dispatch.escalation import rung_reached, whom_it_reaches
from chalicelib.domain.dispatch.written_report import report_when_late, report_when_unsolved
from chalicelib.domain.follow_up import points
from chalicelib.domain.follow_up.closing import silent_reason
from chalicelib.domain.follow_up.revisit_timers import follow_up_timers, without_who_left
from chalicelib.domain.follow_up.revisitor import draw
from chalicelib.domain.follow_up.schedule import revisit_due_at
from chalicelib.domain.regulation.limits import HEARD, Clock
from chalicelib.domain.regulation.policies import HANDLER
from chalicelib.domain.work import acceptance_chase, malicious, measures, plan_check, sign_off


class TimersForm(Struct, frozen=True):
    """The form of `fire_timers`; it has no fields, since the case says what is due."""


class Await(StrEnum):
    """What the workflow of a case waits for; `nothing` ends it."""

    ASSIGNMENT = "assignment"
    SIGNATURE = "signature"
    COMPLETION = "completion"
    RATING = "rating"
    DECISION = "decision"
    NOTHING = "nothing"


class NextStep(Struct, frozen=True):
    """What the workflow of a case waits for, and when it wakes by itself.

    `wake_at` is None if no timer is left.
    """

    awaiting: Await
    wake_at: datetime | None

    def is_due(self, now: datetime) -> bool:
        """Whether the case has something to do by itself by now."""
        return self.wake_at is not None and self.wake_at <= now


def next_step(case: Case, context: Context, still_pending: Sequence[DueAction] | None = None) -> NextStep:
    """What the workflow of the case waits for now, with its next timer.

    `still_pending` saves working the timers out again, where the caller knows them. An unsorted case waits,
    with its own clocks, until the desk has sorted it: then it is to be assigned (A7).
    """
    if case.state is State.REGISTERED and case.classification.is_sorted:
        awaiting = Await.ASSIGNMENT
    elif case.state is State.ASSIGNED:
        awaiting = Await.SIGNATURE
    elif case.state in IN_DISPATCH:
        awaiting = Await.COMPLETION
    elif case.state is State.COMPLETED:
        awaiting = Await.RATING
    elif case.state is State.OBJECTED:
        awaiting = Await.DECISION
    else:
        awaiting = Await.NOTHING  # no workflow waits; the sweep fires what is late (G14)
    if still_pending is not None:
        return NextStep(awaiting, still_pending[0].at if still_pending else None)
    return NextStep(awaiting, min((due.at for due in _left(case, context, nearest=True)), default=None))


def pending(case: Case, context: Context) -> tuple[DueAction, ...]:
    """Everything that the case will still do by itself, earliest first.

    It is worked out from the case, the regulation and the calendar as they are now. A case on which a newer
    release has written waits for that release, which finds the timers that have come due.
    """
    return tuple(sorted(_left(case, context), key=lambda due: due.at))


def _left(case: Case, context: Context, *, nearest: bool = False) -> Iterator[DueAction]:
    """What has not fired yet, in no order; of each deadline all, or the `nearest` alone, which is quicker."""
    if case.is_newer:
        return
    if case.state in IN_DISPATCH:
        found = [*_of_the_clocks(case, context, nearest=nearest)]
        if case.clocks.pause is not None:
            found.append(DueAction(TimerKey("resume"), case.clocks.pause.until, "resume"))
    elif case.state is State.COMPLETED:
        case = without_who_left(case, context)
        # what the work does not end; nobody is chased for what the resident has still to hear of the result
        clocks = _of_the_clocks(case, context, nearest=nearest)
        owed = (due for due in clocks if due.clock not in HEARD)
        followed = () if case.reply_duty.held else follow_up_timers(case, context)
        # silence closes nothing while a letter waits for its reply (A12)
        found = [*(due for due in followed if due.action != "close" or not case.owes_reply), *owed]
    elif case.state is State.OBJECTED:
        found = [*_of_the_clocks(case, context, nearest=nearest)]  # the manager's decision alone
    else:
        found = []
    found += alarm.alarm_timers(case, context)
    found += malicious.decision_timers(case)
    found += points.point_timers(case, context)
    found += acceptance_chase.acceptance_timers(case, context)
    found += measures.measure_timers(case, context)
    found += sign_off.sign_off_timers(case, context)
    found += plan_check.plan_timers(case, context)
    fired = frozenset(case.fired)
    yield from (due for due in found if due.key not in fired)


def _of_the_clocks(case: Case, context: Context, *, nearest: bool) -> Iterator[DueAction]:
    facts, fired = facts_of(case.classification), frozenset(case.fired)
    for deadline in case.open:
        if held_in_time(case, deadline, context) is None:  # late before the pause: it runs on up the ladder
            timers = timers_for(deadline, context.regulation, facts, context.calendar)
            left = (timer for timer in timers if timer.key not in fired)
            for timer in islice(left, 1 if nearest else None):
                yield DueAction(timer.key, timer.at, timer.action, timer.clock, timer.role or HANDLER)


MOST_FIRED = 24
"""Timers that fire in one command, so that its transaction stays bounded; whoever fires them comes again."""


def fire(case: Case, command: Command[TimersForm], context: Context) -> Outcome:
    """The events of everything that is due by now, oldest first.

    The decider of `fire_timers`; no events if nothing is due. What fires may make more fall due (a pause that
    ended long ago), so it is repeated until nothing is left. Reminder due at 10:00 and deadline at 11:00,
    fired at 12:00 → both are recorded, and only the deadline is told.
    """
    steps = Steps.of(case, command)
    still_pending = pending(case, context)
    while due := [action for action in still_pending if action.at <= command.at]:
        newest = {action.clock: action for action in due}
        for action in due:
            overtaken = newest[action.clock] is not action
            if overtaken and action.action == "remind_survey":
                continue  # it asks for an answer that is not waited for any more
            steps.add(_fired(steps.case, action, command.at, context, overtaken=overtaken))
            if steps.case.state is not case.state:  # it has closed: what was due is not due any more
                return steps.outcome(pending(steps.case, context))
            if len(steps.events) == MOST_FIRED:
                return steps.outcome(pending(steps.case, context))
        still_pending = pending(steps.case, context)
    return steps.outcome(still_pending)


def _fired(case: Case, due: DueAction, at: datetime, context: Context, *, overtaken: bool) -> ev.Payload:
    """One timer's event. A reminder overtaken by a later timer of its clock is recorded, but tells nobody."""
    match due.action, due.clock:
        case "resume", _:
            return ev.Resumed(None, moved_deadlines(case, context, ended_at=due.at))
        case "remind_survey", _:
            return ev.SurveyReminded(due.key)
        case "draw_revisit", _:
            due_at, grace = revisit_due_at(case, context), context.regulation.revisits.grace
            return draw(case, due.key, due_at if due_at > at else at + grace, at, context)
        case "remind_revisit", _:
            return ev.Reminded(due.key, None, case.follow_up.revisitor)
        case alarm.NEXT_IN_LINE, _:
            return alarm.next_told(case, at, context)
        case acceptance_chase.CHASE, _:
            return acceptance_chase.chased(case, due, at, context)
        case sign_off.CHASE, _:
            return sign_off.chased(case, due, at, context)
        case plan_check.CHASE, _:
            return plan_check.chased(case, due, at, context)
        case measures.CHASE, _:
            return measures.chased(case, due, at, context)
        case points.CHASE, _:
            return points.point_chased(case, due, at, context)
        case malicious.CHASE, _:
            return malicious.chased(case, due, at, context)
        case "close", _:
            return ev.Closed(silent_reason(case))
        case "overdue", Clock() as clock:
            report = report_when_late(case, clock, at, context)
            return ev.MarkedOverdue(due.key, clock, whom_it_reaches(case, due.told, at, context), report)
        case "escalate", _:
            role, person = rung_reached(case, due.told, at, context)
            climbed = report_when_unsolved(case, due.told, at, context) if due.clock is Clock.SOLVE else ()
            return ev.Escalated(due.key, due.clock, role, person, deadlines=climbed)
        case _:
            # a reminder waits for a handler who is off duty: there is still time, so no stand-in is woken
            handler = case.assignment.handler if due.told == HANDLER else None
            works_here = handler is not None and context.community.member(handler) is not None
            person = handler if works_here else whom_it_reaches(case, due.told, at, context)
            return ev.Reminded(due.key, due.clock, None if overtaken else person)
