"""What the workflows do to a case, and how they are begun, woken and carried on (B2, B3, B7, D3, G3).

The workflow waits; the case decides. Each function here may run twice, late or never: it reads the case
and acts on what it finds.
"""

import logging
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.case.case import OPEN, Case, State
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Setting
from chalicelib.domain.community.roles import TIMER
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.dispatch.handler_choice import Choice, handler_for
from chalicelib.domain.errors import CommandRefusedError, ConflictError
from chalicelib.domain.timers import TimersForm, plan
from chalicelib.services.desk import ATTEMPTS, Desk
from chalicelib.services.errors import TimersStuckError
from chalicelib.services.ports import WaitingStore, Workflow
from chalicelib.services.records import Waiting
from chalicelib.services.workflows.executions import (
    OVER,
    Result,
    Turn,
    is_over,
    is_sooner,
    result_of,
    stage_of,
    waits_for,
)

BUSY_LINES = 200
"""How many open cases of a department are read to see who has the least to do."""

FIRINGS = 5
"""A timer may bring others that are due at once (a pause that ended long ago); never so many in a row."""

MOST_TURNS = 250
"""After so many turns an execution hands over to a successor: a history must not reach 25,000 events."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Workflows:
    """The tasks of both state machines, and their beginnings."""

    desk: Desk
    waiting: WaitingStore
    workflow: Workflow

    def assign(self, turn: Turn, turns: int) -> Result:
        """Give the case to a handler by rule; if it has one already, or is over, only say what to wait for.

        Who assigns by hand at the same moment wins: the rules look again before they decide.
        """
        for _ in range(ATTEMPTS):
            case = self.desk.cases.get(turn.community, turn.number)
            setting = self.desk.setting_of(case)
            if case.state is State.REGISTERED and not is_over(case, turn):
                choice = self._choice(case, setting)
                if choice is not None:
                    form = AssignForm(handler=choice.username, reason=choice.reason)
                    command_id = f"assign#{turn.name}#{case.version}"
                    command = Command("assign", TIMER, self.desk.now(), command_id, form)
                    try:
                        case = self.desk.carry_out(case, command, expected_version=case.version)
                    except (ConflictError, CommandRefusedError):
                        continue
            now = self.desk.now()
            return result_of(waits_for(case, turn, setting, now), now, turns + 1)
        raise ConflictError(f"Case {turn.number} keeps changing; try again.")

    def _choice(self, case: Case, setting: Setting) -> Choice | None:
        department = case.classification.department
        page = self.desk.cases.open_work(
            case.community, department=department, handler=None, limit=BUSY_LINES, cursor=None
        )
        load = Counter(line.handler for line in page.items if line.handler)
        return handler_for(case, setting, self.desk.now(), load)

    def keep_token(self, turn: Turn, awaiting: str, wake_at: datetime, turns: int, token: str) -> None:
        """Store the token of a waiting task, then look whether what it waits for has happened already.

        The command writes first and the relay answers after; this stores first and looks after. So in
        either order somebody answers. An execution that has waited too often, or that a successor has
        replaced, is told that there is nothing to wait for.
        """
        waiting = Waiting(turn.kind, turn.round, turn.restart, token, awaiting, wake_at, turns)
        kept = self.waiting.put_token(turn.community, turn.number, waiting)
        case = self.desk.cases.get(turn.community, turn.number)
        if kept and turns >= MOST_TURNS and not is_over(case, turn):
            self.start(case, replace(turn, restart=turn.restart + 1))
            kept = False
        if kept:
            self.answer(case, waiting, self.desk.setting_of(case))
        else:
            self.workflow.answer(token, result_of(OVER, self.desk.now(), turns))

    def answer(self, case: Case, waiting: Waiting, setting: Setting) -> bool:
        """Wake the workflow if it waits for something else, or for longer, than the case needs now."""
        if waiting.token is None:
            return False
        turn = Turn(case.community, case.number, waiting.kind, waiting.round, waiting.restart)
        now = self.desk.now()
        waits = waits_for(case, turn, setting, now)
        if waits.awaiting == waiting.awaiting and not is_sooner(waits, waiting.wake_at):
            return False
        answered = self.workflow.answer(waiting.token, result_of(waits, now, waiting.turns + 1))
        self.waiting.clear_token(case.community, case.number, waiting)
        return answered

    def fire(self, turn: Turn, turns: int) -> Result:
        """Do what is due on the case; then say what to wait for."""
        case = self.fire_due(self.desk.cases.get(turn.community, turn.number))
        now = self.desk.now()
        return result_of(waits_for(case, turn, self.desk.setting_of(case), now), now, turns + 1)

    def fire_due(self, case: Case) -> Case:
        """Fire every timer of the case that is due now; nothing happens if none is.

        Raises TimersStuckError if something is due however often it fires: a workflow that went on would
        wake each second for ever.
        """
        for _ in range(FIRINGS):
            now = self.desk.now()
            if not self._is_due(case, now):
                return case
            command_id = f"timers#{case.version}#{now.isoformat(timespec='seconds')}"
            command = Command("fire_timers", TIMER, now, command_id, TimersForm())
            try:
                case = self.desk.carry_out(case, command)
            except CommandRefusedError:  # the case was closed in the meantime
                case = self.desk.cases.get(case.community, case.number)
        if self._is_due(case, self.desk.now()):
            raise TimersStuckError(case.number)
        return case

    def _is_due(self, case: Case, now: datetime) -> bool:
        if case.state not in OPEN:
            return False
        wake_at = plan(case, self.desk.setting_of(case)).wake_at
        return wake_at is not None and wake_at <= now

    def begin(self, case: Case, kind: str) -> bool:
        """Start the workflow of the present round, once."""
        turn = Turn(case.community, case.number, kind, case.round, 0)
        return not is_over(case, turn) and self.start(case, turn)

    def start(self, case: Case, turn: Turn) -> bool:
        """Start an execution, then put it on record: a crash in between is mended by doing both again."""
        now = self.desk.now()
        first = result_of(waits_for(case, turn, self.desk.setting_of(case), now), now, 0)
        started = self.workflow.start(turn.kind, turn.name, {"turn": turn.ids(), "plan": first})
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

    def failed(self, turn: Turn, error: str) -> None:
        """An execution gave up: say so in the log, by ids. Its failure is an alarm; reconcile starts it anew.

        The token is forgotten, so that nobody takes the dead execution for a waiting one.
        """
        log.error("workflow_failed", extra={"execution": turn.name, "cause": error})
        stored = self.waiting.get(turn.community, turn.number, turn.kind, turn.round)
        if stored is not None and stored.restart == turn.restart:
            self.waiting.clear_token(turn.community, turn.number, stored)
