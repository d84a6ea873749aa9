"""How a case stands just now, for whoever reported it: one line, and by when what comes next (A11, E5)."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case.case import IN_DISPATCH, Case, State
from chalicelib.domain.dispatch.escalation import urged_again_from
from chalicelib.domain.money import yuan
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.work.confirmers import waiting_plan
from chalicelib.domain.work.signers import waiting_result
from chalicelib.services.views.deadline_view import DeadlineView
from chalicelib.services.views.link_view import TrackView
from chalicelib.web.case_lines import appointment_line, comes_instead, pause_line, visit_line
from chalicelib.web.promises import soon
from chalicelib.web.words import Words, begun

PROMISES: Mapping[Clock, str] = {
    Clock.ON_SITE: "arrival",
    Clock.SOLVE: "solve",
    Clock.SORT: "sort",
    Clock.RESPOND: "respond",
    Clock.QUOTE: "quote",
}
"""What these clocks promise, in the words of `promise`; the others are told further down."""

STEPS: tuple[frozenset[State], ...] = (
    frozenset({State.REGISTERED}),
    frozenset({State.ASSIGNED}),
    frozenset({State.SIGNED, State.PROPOSED, State.WORKING}),
    frozenset({State.COMPLETED, State.CLOSED, State.ARCHIVED}),
)
"""The way of a case that goes well; any other state has no place on it."""

ANSWERS = (
    "accept_appointment",
    "decline_appointment",
    "agree",
    "disagree",
    "join_incident",
    "leave_incident",
    "accept_work",
    "refuse_work",
)
"""Commands with which a resident answers what was asked."""


def answers_on(case: Case) -> tuple[str, ...]:
    """The commands that answer what waits for the resident; a case that is closed waits for no signature."""
    waits = case.state in {*IN_DISPATCH, State.COMPLETED}
    return ANSWERS if waits else tuple(name for name in ANSWERS if name != "accept_work")


REACHED_FOR = {"urge": 0, "reopen": 1, "withdraw": 3}
"""The places of commands among those of a resident; the others stand at 2, in the order of the table."""


def by_use(commands: Iterable[str]) -> list[str]:
    """The commands as a resident reaches for them.

    What hurries the work first, then what takes it up again, and last what takes the report back.
    """
    return sorted(commands, key=lambda command: REACHED_FOR.get(command, 2))


class Standing(Struct, frozen=True):
    """One line, and what follows it. `waits`: for its reader; `step` of `STEPS`, None where it is on none."""

    line: str
    then: tuple[str, ...]
    waits: bool
    late: bool
    step: int | None


def standing(
    view: TrackView, case: Case, who: str, now: datetime, words: Words, *, seconds: bool = False
) -> Standing:
    """How the case stands; `who` has the work."""
    asked = view.proposed_visit is not None and not view.proposed_visit.by_resident
    to_sign = case.state is State.COMPLETED and "accept_work" in view.commands
    if asked:
        line = visit_line(view.proposed_visit, "track", case.zone, words)
    elif case.state in IN_DISPATCH and view.visit_put_off is not None:
        line = appointment_line(view, case.zone, words)
    elif visit := _agreed_visit(view, case, now):
        line = words("stands.visit", who=who, at=soon(visit, now, case.zone, words))
    else:
        line = words(f"stands.{'completed_unaccepted' if to_sign else _as_said(case)}", who=who)
    said = comes_instead(view)  # the line says so already
    running = [deadline for deadline in view.deadlines if deadline is not said and _runs(deadline, case)]
    if _agreed_visit(view, case, now):  # the resident and we have agreed on it: no other time is expected
        running = [deadline for deadline in running if deadline.clock is not Clock.ON_SITE]
    solved_by = min((deadline.due_at for deadline in running if deadline.clock is Clock.SOLVE), default=None)
    if solved_by is not None:  # a first step that is promised for after the work says nothing
        running = [deadline for deadline in running if deadline.due_at <= solved_by]
    promises = tuple(_promise(deadline, now, case.zone, words, seconds=seconds) for deadline in running)
    told = (pause_line(case, words, to_resident=True), *promises, _urged(case, now, words))
    then = told if case.state in IN_DISPATCH else ()
    return Standing(
        line=_with_bill(begun(line), case, words),
        then=tuple(said for said in then if said),
        waits=asked or to_sign or case.state is State.PROPOSED,
        late=case.state in IN_DISPATCH and any(deadline.late for deadline in running),
        step=next((place for place, states in enumerate(STEPS) if case.state in states), None),
    )


def _urged(case: Case, now: datetime, words: Words) -> str:
    """When it was urged, and from when on it can be again; empty where it can be now (A10)."""
    again = urged_again_from(case)
    if again is None or case.tally.urged_at is None or now >= again:
        return ""
    urged, next_one = (soon(at, now, case.zone, words) for at in (case.tally.urged_at, again))
    return words("stands.urged", at=urged, again=next_one)


def _with_bill(line: str, case: Case, words: Words) -> str:
    """The line, with what the resident has still to pay, and where (B9)."""
    owed = case.order.owed
    return line if owed is None else words("stands.to_pay", line=line, yuan=yuan(owed.total_fen))


def _as_said(case: Case) -> str:
    """The key of the sentence for a state; a case has two where the resident reads two things of it."""
    if case.state is State.REGISTERED and not case.classification.is_sorted:
        return "to_sort"
    if waiting_result(case) is not None:
        return "checking"
    if waiting_plan(case) is not None:
        return "plan_checking"
    if case.state is State.COMPLETED and case.rating is not None:
        return "completed_rated"
    return str(case.state)


def _runs(deadline: DeadlineView, case: Case) -> bool:
    handed_in = waiting_result(case) is not None and deadline.clock is Clock.SOLVE  # the line says so
    is_due = deadline.clock in PROMISES and deadline.met_at is None and not handed_in
    return is_due and case.state in IN_DISPATCH


def _agreed_visit(view: TrackView, case: Case, now: datetime) -> datetime | None:
    """When somebody comes, as was agreed with the resident; None if nothing was, or that time has passed."""
    is_to_come = case.state in IN_DISPATCH and view.visit_put_off is None
    return view.appointment if is_to_come and view.appointment and view.appointment > now else None


def _promise(deadline: DeadlineView, now: datetime, zone: str, words: Words, *, seconds: bool) -> str:
    at = soon(deadline.due_at, now, zone, words, seconds=seconds)
    if deadline.late:
        return words("stands.late", what=words.name("clocks", deadline.clock), at=at)
    if deadline.held_since:
        return words("stands.after_pause", what=words.name("clocks", deadline.clock), at=at)
    return words(f"promise.{PROMISES[deadline.clock]}", at=at)
