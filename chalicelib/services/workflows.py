"""What the workflows do to a case, and how lost ones are found (B2, B3, B7, D3, G3).

The workflow waits; the case decides. Each function here may run twice, late or never: it reads the case
and acts on what it finds. Results are plain data for the state machine: `await` and `timeout_seconds`.
"""

import math
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain import commands as forms
from chalicelib.domain.case import IN_DISPATCH, OPEN, Case, State
from chalicelib.domain.clocks import Setting
from chalicelib.domain.dispatching import choose_handler
from chalicelib.domain.errors import CommandRefusedError
from chalicelib.domain.people import TIMER
from chalicelib.domain.timers import Await, Plan, plan
from chalicelib.services.desk import Desk
from chalicelib.services.ports import Waiting, WaitingStore, Workflow

LONGEST_WAIT = timedelta(days=30)
"""A workflow looks at its case at least this often, whatever is planned."""
BUSY_LINES = 200
"""How many open cases of a department are read to see who has the least to do."""

Result = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Turn:
    """One round's workflow of one kind (`dispatch` or `revisit`); ids only, nothing personal."""

    community: str
    number: str
    kind: str
    round: int
    restart: int

    @property
    def name(self) -> str:
        """The execution's name: the same turn is never started twice."""
        return f"{self.community}-{self.number}-{self.kind}-{self.round}-{self.restart}"

    def given(self) -> Result:
        """The execution's input."""
        return {
            "community": self.community,
            "number": self.number,
            "kind": self.kind,
            "round": self.round,
            "restart": self.restart,
        }


def stage_of(case: Case) -> str | None:
    """The workflow that a case needs now, if any."""
    if case.state in IN_DISPATCH:
        return "dispatch"
    return "revisit" if case.state is State.COMPLETED else None


def is_over(case: Case, turn: Turn) -> bool:
    """Whether the case has nothing more for this workflow: another round, or another stage."""
    return case.round != turn.round or stage_of(case) != turn.kind


def waits_for(case: Case, turn: Turn, setting: Setting) -> Plan:
    """What this workflow has to wait for now."""
    return Plan(Await.NOTHING, None) if is_over(case, turn) else plan(case, setting)


def result_of(waits: Plan, now: datetime) -> Result:
    """A plan as the state machine reads it: whole seconds, at least one."""
    wait = LONGEST_WAIT if waits.wake_at is None else min(waits.wake_at - now, LONGEST_WAIT)
    return {"await": waits.awaiting, "timeout_seconds": max(1, math.ceil(wait.total_seconds()))}


@dataclass(frozen=True, slots=True)
class Workflows:
    """The tasks of both state machines."""

    desk: Desk
    waiting: WaitingStore
    workflow: Workflow

    def assign(self, turn: Turn) -> Result:
        """Give the case to a handler by rule; if it has one already, or is over, only say what to wait for."""
        case = self.desk.cases.get(turn.community, turn.number)
        setting = self.desk.setting_of(case)
        if not is_over(case, turn) and case.state is State.REGISTERED:
            case = self._assigned(case, turn, setting)
        waits = waits_for(case, turn, setting)
        if waits.awaiting is Await.ASSIGNMENT:
            waits = Plan(Await.COMPLETION, waits.wake_at)
        return result_of(waits, self.desk.now())

    def _assigned(self, case: Case, turn: Turn, setting: Setting) -> Case:
        department = case.classification.department
        page = self.desk.cases.open_work(
            case.community, department=department, handler=None, limit=BUSY_LINES, cursor=None
        )
        load = Counter(line.handler for line in page.items if line.handler)
        avoid = {*case.declined_by, *(case.former_handlers if case.round > 1 else ())}
        now = self.desk.now()
        choice = choose_handler(setting.community, department, now, load, avoid)
        if choice is None:
            return case
        form = forms.AssignForm(handler=choice.username, reason=choice.reason)
        command = forms.Command("assign", TIMER, now, f"assign#{turn.name}#{case.version}", form)
        try:
            return self.desk.carry_out(case, command)
        except CommandRefusedError:
            return self.desk.cases.get(turn.community, turn.number)

    def keep_token(self, turn: Turn, awaiting: str, wake_at: datetime, token: str) -> None:
        """Store the token of a waiting task, then look whether what it waits for has happened already.

        The command writes first and the relay answers after; this stores first and looks after. So in
        either order somebody answers.
        """
        waiting = Waiting(turn.kind, turn.round, turn.restart, token, awaiting, wake_at)
        if not self.waiting.put_token(turn.community, turn.number, waiting):
            self.workflow.answer(token, result_of(Plan(Await.NOTHING, None), self.desk.now()))
            return
        case = self.desk.cases.get(turn.community, turn.number)
        self.answer(case, waiting, self.desk.setting_of(case))

    def answer(self, case: Case, waiting: Waiting, setting: Setting) -> bool:
        """Wake the workflow if it waits for something else, or for longer, than the case needs now."""
        turn = Turn(case.community, case.number, waiting.kind, waiting.round, waiting.restart)
        waits = waits_for(case, turn, setting)
        unassigned = waits.awaiting is Await.ASSIGNMENT and waiting.awaiting == Await.COMPLETION
        sooner = waits.wake_at is not None and (waiting.wake_at is None or waits.wake_at < waiting.wake_at)
        if waiting.token is None or not (sooner or (waits.awaiting != waiting.awaiting and not unassigned)):
            return False
        answered = self.workflow.answer(waiting.token, result_of(waits, self.desk.now()))
        self.waiting.clear_token(case.community, case.number, waiting)
        return answered

    def fire(self, turn: Turn) -> Result:
        """Do what is due on the case; then say what to wait for."""
        case = self.fire_due(self.desk.cases.get(turn.community, turn.number))
        return result_of(waits_for(case, turn, self.desk.setting_of(case)), self.desk.now())

    def fire_due(self, case: Case) -> Case:
        """Fire every timer of the case that is due now; nothing happens if none is."""
        if case.state not in OPEN:
            return case
        now = self.desk.now()
        command_id = f"timers#{case.version}#{now.isoformat(timespec='seconds')}"
        return self.desk.carry_out(case, forms.Command("fire_timers", TIMER, now, command_id, forms.TimersForm()))

    def begin(self, case: Case, kind: str) -> bool:
        """Start the workflow of the present round, once."""
        turn = Turn(case.community, case.number, kind, case.round, 0)
        if is_over(case, turn):
            return False
        return self.start(turn)

    def start(self, turn: Turn) -> bool:
        """Start an execution, then put it on record: a crash in between is mended by doing both again."""
        started = self.workflow.start(turn.kind, turn.name, turn.given())
        self.waiting.begin(turn.community, turn.number, turn.kind, turn.round, turn.restart)
        return started

    def follow(self, community: str, number: str) -> None:
        """Bring the workflows up to date with the case: begin the one it needs, wake those that wait wrongly.

        Called by the relay after every command of a person; reads what is, so order and repeats don't matter.
        """
        case = self.desk.cases.get(community, number)
        known = self.waiting.of_case(community, number)
        kind = stage_of(case)
        if kind and not any(one.kind == kind and one.round == case.round for one in known):
            self.begin(case, kind)
        setting = self.desk.setting_of(case)
        for one in known:
            self.answer(case, one, setting)
