"""When a case wakes by itself, and what happens then (B3, B7, D3, G3).

The case is the truth and a timer only a hint: what is due is worked out here from the case each time,
so a timer that comes late, early, twice or never does no harm. Each timer has a key and fires once
in a round.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain import commands as forms
from chalicelib.domain import events as ev
from chalicelib.domain.asking import completed, revisit_due_at, silence_of
from chalicelib.domain.case import IN_DISPATCH, OPEN, Case, State
from chalicelib.domain.clocks import Setting, facts_of, held_since, moved_deadlines
from chalicelib.domain.deadlines import Deadline, timers_for
from chalicelib.domain.dispatching import HANDLER, ON_DUTY, awake_of_rank, responsible
from chalicelib.domain.drawing import draw
from chalicelib.domain.follow_up import silent_reason
from chalicelib.domain.history import apply
from chalicelib.domain.one_message import said_by_another
from chalicelib.domain.owing import revisits_needed, tried_enough
from chalicelib.domain.people import VISITORS, Role
from chalicelib.domain.regulation import Clock
from chalicelib.domain.reporting import report_when_late


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
    """One thing that a case does by itself at an instant. `told` is who hears of it: a rank, or the owner.

    `known`: they hear it from another clock, which ends together with this one.
    """

    key: str
    at: datetime
    action: str
    clock: Clock | None = None
    told: str = HANDLER
    known: bool = False


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
        found = [*_of_the_follow_up(case, setting), *_of_the_clocks(case, setting)]  # the report's, if owed
    else:
        return ()
    return tuple(sorted((one for one in found if one.key not in case.fired), key=lambda one: one.at))


def _of_the_clocks(case: Case, setting: Setting) -> Iterator[Due]:
    facts = facts_of(case.classification)
    timers = [
        timer
        for clock, deadline in case.deadlines.items()
        if clock not in case.met and not _stands_still(case, deadline, setting)
        for timer in timers_for(deadline, setting.regulation, facts, setting.calendar)
    ]
    known = said_by_another(timers, case.deadlines)
    for timer in timers:
        yield Due(timer.key, timer.at, timer.action, timer.clock, timer.role or HANDLER, timer.key in known)


def _stands_still(case: Case, deadline: Deadline, setting: Setting) -> bool:
    """Whether a pause holds this clock; one that had run out before the pause began runs on up the ladder."""
    since = held_since(case, deadline.clock, setting)
    return since is not None and since < deadline.due_at


def _of_the_follow_up(case: Case, setting: Setting) -> Iterator[Due]:
    """Survey, reminder, a person's revisit, and whoever is told when that does not happen (D1–D3).

    Reminder and rungs belong to the revisit that is owed, not to the attempts at it: each comes once, and the
    rungs at the revisit's own date, whoever tries (D2, G3). Whoever was drawn and cannot revisit any more is
    replaced at once. A resident who was tried often enough is waited for until the revisit's date.
    """
    policy, needed = setting.regulation.revisits, revisits_needed(case, setting)
    turn = 1 + sum(one.outcome is not ev.RevisitOutcome.NOT_REACHED for one in case.revisits)
    owed = 1 + sum(one.outcome in ev.ANSWERED for one in case.revisits)  # a promise is no new revisit
    draw, due = f"revisit:draw:{len(case.revisits) + 1}", revisit_due_at(case, setting)
    if tried_enough(case, setting):
        yield Due("close", due, "close")
        return
    drawn = sum(key == draw or key.startswith(f"{draw}:") for key in case.fired)
    gone = case.revisitor is not None and not _can_revisit(case.revisitor, setting)
    if case.revisitor is not None or (needed and draw not in case.fired):
        for steps, rank in enumerate((Role.SUPERVISOR, Role.MANAGER), start=1):
            yield Due(f"revisit:{rank}:{owed}", due + steps * policy.grace, "escalate", None, rank)
    if gone and needed:
        since = case.last_revisit_at or completed(case)
        yield Due(f"{draw}:{drawn + 1}" if drawn else draw, since, "draw_revisit")
        return
    if case.revisitor is not None and not gone and case.revisit_due_at is not None:
        another = f":{drawn}" if drawn > 1 else ""  # who has not been reminded yet
        yield Due(f"revisit:remind:{turn}{another}", case.revisit_due_at, "remind_revisit")
        return
    silence = silence_of(case, setting)
    if case.rating is None and not case.revisits:
        yield Due("survey:remind", silence.reminded_at, "remind_survey")
        if needed:
            yield Due(draw, silence.ends_at, "draw_revisit")
        else:
            yield Due("close", silence.ends_at, "close")
    elif needed:
        again = case.last_revisit_at and case.last_revisit_at + policy.retry_after
        answered_at = case.rating.at if case.rating else silence.ends_at
        yield Due(draw, again or answered_at, "draw_revisit")
    else:  # whoever was to revisit is gone, or a revisit that need not have been made reached nobody
        yield Due("close", silence.link_ends_at, "close")
    if needed and draw in case.fired:  # nobody could be drawn, so the survey is all there will be
        yield Due("close", max(silence.link_ends_at, due), "close")


def _can_revisit(username: str, setting: Setting) -> bool:
    member = setting.community.member(username)
    return member is not None and member.role in VISITORS


def fire(case: Case, command: forms.Command, setting: Setting) -> ev.Payloads:
    """The decider of `fire_timers`: the events of everything that is due, oldest first; empty if nothing is.

    What fires may make more fall due (a pause that ended long ago), so it is repeated until nothing is left.
    """
    fired: list[ev.Payload] = []
    while due := [one for one in pending(case, setting) if one.at <= command.at]:
        newest = {one.clock: one for one in due}
        for one in due:
            overtaken = newest[one.clock] is not one
            if overtaken and one.action == "remind_survey":
                continue  # it asks for an answer that is not waited for any more
            payload = _fired(case, one, command.at, setting, overtaken=overtaken)
            fired.append(payload)
            event = ev.Event(case.version + 1, command.at, command.actor, command.name, command.id, payload)
            case = apply(case, event, case.community, case.number)
            if case.state not in OPEN:
                return tuple(fired)
    return tuple(fired)


def _fired(case: Case, due: Due, at: datetime, setting: Setting, *, overtaken: bool) -> ev.Payload:
    """One timer's event. A reminder overtaken by a later timer of its clock is recorded, but tells nobody."""
    match due.action, due.clock:
        case "resume", _:
            return ev.Resumed(None, moved_deadlines(case, setting, ended_at=due.at))
        case "remind_survey", _:
            return ev.SurveyReminded(due.key)
        case "draw_revisit", _:
            due_at, grace = revisit_due_at(case, setting), setting.regulation.revisits.grace
            return draw(case, due.key, due_at if due_at > at else at + grace, at, setting)
        case "remind_revisit", _:
            return ev.Reminded(due.key, None, case.revisitor)
        case "close", _:
            return ev.Closed(silent_reason(case))
        case "overdue", Clock() as clock:
            report = report_when_late(case, clock, at, setting)
            return ev.MarkedOverdue(due.key, clock, _told(case, due.told, at, setting), report, due.known)
        case "escalate", _:
            role, person = _rung(case, due.told, at, setting)
            known = due.known or person in _told_by_rungs(case, due.key)
            return ev.Escalated(due.key, due.clock, role, person, known=known)
        case _:
            works_here = case.handler is not None and setting.community.member(case.handler)
            on_time = case.handler if works_here and due.told == HANDLER else None
            person = on_time or _told(case, due.told, at, setting)
            return ev.Reminded(due.key, due.clock, None if overtaken else person, due.known)


def _told(case: Case, told: str, at: datetime, setting: Setting) -> str | None:
    """The username of whoever hears of a deadline: the owner or who stands in for the owner, or a rank."""
    community, department = setting.community, case.classification.department
    if told in {HANDLER, ON_DUTY}:
        stand_ins = setting.regulation.stand_ins
        owner = case.handler if told == HANDLER else None
        order = stand_ins.order if owner else (stand_ins.unowned, *stand_ins.order)
        person = responsible(community, owner, department, at, order)
    else:
        person = awake_of_rank(community, Role(told), department, at)
    return person.username if person else None


def _rung(case: Case, told: str, at: datetime, setting: Setting) -> tuple[str, str | None]:
    """The rank and the person that a rung reaches; whoever has the work already is passed over."""
    if told in {HANDLER, ON_DUTY}:
        return told, _told(case, told, at, setting)
    busy = [one for one in (case.handler, case.revisitor) if one]
    department = case.classification.department
    person = awake_of_rank(setting.community, Role(told), department, at, busy)
    return (person.role, person.username) if person else (told, None)


def _told_by_rungs(case: Case, key: str) -> set[str]:
    """Whom the rungs of the same ladder have told: a rank that is not there has passed its own on to them."""
    fired = ((rung, person) for rung, person in case.rungs.items() if rung in case.fired)
    return {person for rung, person in fired if _ladder(rung) == _ladder(key)}


def _ladder(key: str) -> tuple[str, str]:
    """What a rung belongs to: `solve:rung:manager` to its clock, `revisit:manager:1` to that revisit."""
    of, *rest = key.split(":")
    return of, rest[-1] if of == "revisit" else ""
