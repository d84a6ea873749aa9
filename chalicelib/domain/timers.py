"""When a case wakes by itself, and what happens then (B3, B7, D3, G3).

The case is the truth and a timer only a hint: what is due is worked out here from the case each time,
so a timer that comes late, early, twice or never does no harm. Each timer has a key and fires once
in a round.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain import commands as forms
from chalicelib.domain import events as ev
from chalicelib.domain.case import IN_DISPATCH, Case, State
from chalicelib.domain.clocks import Setting, facts_of, moved_deadlines
from chalicelib.domain.deadlines import deadline_for, timers_for
from chalicelib.domain.dispatching import LADDER, choose_revisitor, person_of_rank
from chalicelib.domain.follow_up import revisits_left
from chalicelib.domain.people import Role
from chalicelib.domain.regulation import Clock, Rule


class Await(StrEnum):
    """What the workflow of a case waits for; `nothing` ends it."""

    ASSIGNMENT = "assignment"
    SIGNATURE = "signature"
    COMPLETION = "completion"
    RATING = "rating"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Plan:
    """What the workflow waits for next, and when it wakes by itself (None: no timer is left)."""

    awaiting: Await
    wake_at: datetime | None


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that a case does by itself at an instant. `payload` is made when it fires."""

    key: str
    at: datetime
    action: str
    clock: Clock | None = None
    role: Role | None = None


def plan(case: Case, setting: Setting) -> Plan:
    """What the case waits for now, and its next timer."""
    if case.state is State.REGISTERED:
        awaiting = Await.ASSIGNMENT
    elif case.state is State.ASSIGNED:
        awaiting = Await.SIGNATURE
    elif case.state in IN_DISPATCH:
        awaiting = Await.COMPLETION
    elif case.state is State.COMPLETED:
        awaiting = Await.RATING
    else:
        return Plan(Await.NOTHING, None)
    return Plan(awaiting, min((one.at for one in pending(case, setting)), default=None))


def pending(case: Case, setting: Setting) -> tuple[Due, ...]:
    """Everything that the case will still do by itself, in order of time, as things stand now."""
    if case.state in IN_DISPATCH:
        found = [*_of_the_clocks(case, setting)]
        if case.pause is not None:
            found.append(Due("resume", case.pause.until, "resume"))
    elif case.state is State.COMPLETED:
        found = [*_of_the_follow_up(case, setting)]
    else:
        return ()
    return tuple(sorted((one for one in found if one.key not in case.fired), key=lambda one: one.at))


def _of_the_clocks(case: Case, setting: Setting) -> Iterator[Due]:
    facts = facts_of(case.classification)
    standing_still = setting.regulation.pause.clocks if case.pause is not None else ()
    for clock, deadline in case.deadlines.items():
        if clock not in case.met and clock not in standing_still:
            for timer in timers_for(deadline, setting.regulation, facts, setting.calendar):
                role = Role(timer.role) if timer.role else None
                yield Due(timer.key, timer.at, timer.action, clock, role)


def _of_the_follow_up(case: Case, setting: Setting) -> Iterator[Due]:
    """Survey, reminder, a person's revisit, and whoever is told when that does not happen (D1–D3)."""
    assert case.completed_at is not None
    survey = setting.regulation.survey
    turn = f"{len(case.revisits) + 1}"
    if case.revisitor is not None and case.revisit_due_at is not None:
        due = case.revisit_due_at
        grace = _grace(case, setting)
        yield Due(f"revisit:remind:{turn}", due, "remind_revisit")
        yield Due(f"revisit:supervisor:{turn}", due + grace, "escalate", None, Role.SUPERVISOR)
        yield Due(f"revisit:manager:{turn}", due + 2 * grace, "escalate", None, Role.MANAGER)
        return
    if case.rating is None and not case.revisits:
        reminded_at = case.completed_at + survey.remind_after
        yield Due("survey:remind", reminded_at, "remind_survey")
        silent_at = min(reminded_at + survey.revisit_after_reminder, _revisit_due(case, setting))
        yield Due(f"revisit:draw:{turn}", silent_at, "draw_revisit")
    elif revisits_left(case, setting):
        answered_at = case.rating.at if case.rating else case.completed_at
        retry_at = case.last_revisit_at and case.last_revisit_at + _grace(case, setting)
        yield Due(f"revisit:draw:{turn}", retry_at or answered_at, "draw_revisit")


def _revisit_due(case: Case, setting: Setting) -> datetime:
    """By when the regulation wants the case revisited (D2); by the end of the survey's wait if it is silent."""
    assert case.completed_at is not None
    rule = setting.regulation.revisit_rule_for(facts_of(case.classification))
    if rule is None:
        survey = setting.regulation.survey
        return case.completed_at + 2 * (survey.remind_after + survey.revisit_after_reminder)
    timed = Rule(rule.id, Clock.CORRECT, rule.within, rule.source, rule.requirement, rule.why)
    return deadline_for(timed, case.completed_at, setting.calendar).due_at


def _grace(case: Case, setting: Setting) -> timedelta:
    """Between two attempts, and between the steps after a missed revisit: a quarter of its time (ours)."""
    assert case.completed_at is not None
    return (_revisit_due(case, setting) - case.completed_at) / 4


def fire(case: Case, command: forms.Command, setting: Setting) -> tuple[ev.Payload, ...]:
    """The decider of `fire_timers`: the events of everything that is due, oldest first; empty if nothing is."""
    due = [one for one in pending(case, setting) if one.at <= command.at]
    newest = {one.clock: one for one in due}
    return tuple(_fired(case, one, command.at, setting, told=newest[one.clock] is one) for one in due)


def _fired(case: Case, due: Due, at: datetime, setting: Setting, *, told: bool) -> ev.Payload:
    """One timer's event. A reminder overtaken by a later timer of its clock is recorded, but tells nobody."""
    match due.action:
        case "resume":
            return ev.Resumed(None, moved_deadlines(case, setting, ended_at=due.at))
        case "remind_survey":
            return ev.SurveyReminded(due.key)
        case "draw_revisit":
            revisitor = choose_revisitor(setting.community, at, case.all_handlers(), case.number)
            due_at = max(_revisit_due(case, setting), at + _grace(case, setting))
            return ev.RevisitDrawn(due.key, revisitor, due_at)
        case "remind_revisit":
            return ev.Reminded(due.key, None, case.revisitor)
        case "escalate":
            assert due.role is not None
            role, person = _rung(case, due.role, at, setting)
            return ev.Escalated(due.key, due.clock, role, person)
        case "overdue":
            assert due.clock is not None
            return ev.MarkedOverdue(due.key, due.clock, _owner(case, at, setting))
        case _:
            return ev.Reminded(due.key, due.clock, _owner(case, at, setting) if told else None)


def _owner(case: Case, at: datetime, setting: Setting) -> str | None:
    """Whoever has to act: the handler, else the head of the department or whoever stands in (G3)."""
    if case.handler is not None:
        return case.handler
    person = person_of_rank(setting.community, Role.DEPARTMENT_HEAD, case.classification.department, at)
    return person.username if person else None


def _rung(case: Case, role: Role, at: datetime, setting: Setting) -> tuple[str, str | None]:
    """The rank and the person that a rung reaches; whoever has the work already is passed over."""
    department = case.classification.department
    person = person_of_rank(setting.community, role, department, at)
    busy = {case.handler, case.revisitor}
    if person is not None and person.username in busy and person.role in LADDER[:-1]:
        higher = LADDER[LADDER.index(person.role) + 1]
        person = person_of_rank(setting.community, higher, department, at)
    return (person.role if person else role, person.username if person else None)
