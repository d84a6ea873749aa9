"""The tasks of the workflows: begin, wake and carry on (B2, B3, B7, D3, G3).

The workflow waits; the case decides. Each function here may run twice, late or never: it reads the case
and acts on what it finds.
"""

import logging
from collections import Counter
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case.case import OPEN, Case, State
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.roles import TIMER
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.dispatch.handler_choice import Choice, handler_for
from chalicelib.domain.errors import CommandRefusedError, ConflictError
from chalicelib.domain.timers import NextStep, TimersForm
from chalicelib.services.desk import ATTEMPTS, Carried, Desk
from chalicelib.services.errors import TimersStuckError
from chalicelib.services.ports import WaitingStore
from chalicelib.services.providers import Workflow
from chalicelib.services.records import Waiting
from chalicelib.services.workflows.executions import (
    OVER,
    Execution,
    Result,
    is_over,
    is_sooner,
    result_of,
    stage_of,
    waits_for,
)

BUSY_LINES = 200
"""How many open cases of a department are read to see who has the least to do."""

FIRINGS = 8
"""A timer may bring others that are due at once (a pause that ended long ago); never so many in a row."""

MOST_WAITS = 250
"""After so many waits an execution hands over to a successor: a history must not reach 25,000 events."""

LONGEST_RUN = timedelta(days=300)
"""After so long it hands over, too: Step Functions ends what has run for a year, and tells nobody."""

log = logging.getLogger(__name__)


class Workflows(Struct, frozen=True):
    """The tasks of both state machines, and their beginnings."""

    desk: Desk
    waiting: WaitingStore
    workflow: Workflow

    def assign(self, execution: Execution, waits: int) -> Result:
        """Assign the case to a handler by the rules.

        If it has a handler already, or is over, this only says what to wait for.

        Who assigns by hand at the same moment wins: the rules look again before they decide.
        """
        for _ in range(ATTEMPTS):
            case = self.desk.cases.get(execution.community, execution.number)
            context = self.desk.context_of(case)
            to_assign = case.state is State.REGISTERED and case.classification.is_sorted
            if to_assign and not case.is_newer and not is_over(case, execution):
                choice = self._choice(case, context)
                if choice is not None:
                    form = AssignForm(handler=choice.username, reason=choice.reason)
                    command_id = f"assign#{execution.name}#{case.version}"
                    command = Command("assign", TIMER, self.desk.now(), command_id, form)
                    try:
                        case = self.desk.carry_out(case, command, expected_version=case.version).case
                    except (ConflictError, CommandRefusedError):
                        continue
            now = self.desk.now()
            return result_of(waits_for(case, execution, context, now), now, waits + 1)
        raise ConflictError(f"Case {execution.number} keeps changing; try again.")

    def _choice(self, case: Case, context: Context) -> Choice | None:
        department = case.classification.department
        page = self.desk.cases.open_work(
            case.community, department=department, handler=None, limit=BUSY_LINES, cursor=None
        )
        load = Counter(line.handler for line in page.items if line.handler and line.state in OPEN)
        return handler_for(case, context, self.desk.now(), load)

    def keep_token(
        self, execution: Execution, awaiting: str, wake_at: datetime, waits: int, token: str
    ) -> None:
        """Store the token of a waiting task.

        Then look whether what it waits for has happened already.

        The command writes first and the relay answers after; this stores first and looks after. So in
        either order somebody answers. An execution that has waited too often or too long, or that a successor
        has replaced, is told that there is nothing to wait for.
        """
        waiting = Waiting(execution.kind, execution.round, execution.restart, token, awaiting, wake_at, waits)
        kept = self.waiting.put_token(execution.community, execution.number, waiting)
        case = self.desk.cases.get(execution.community, execution.number)
        is_old = self.desk.now() - execution.begun(case) >= LONGEST_RUN
        if kept and (is_old or waits >= MOST_WAITS) and not is_over(case, execution):
            self.start(case, replace(execution, restart=execution.restart + 1))
            kept = False
        if kept:
            self.answer(case, waiting, self.desk.waiting_context_of(case))
        else:
            self.workflow.answer(token, result_of(OVER, self.desk.now(), waits))

    def answer(self, case: Case, waiting: Waiting, context: Context) -> bool:
        """Wake the workflow if it waits for the wrong thing.

        It waits for something else, or for longer, than the case needs now.
        """
        if waiting.token is None:
            return False
        execution = Execution(case.community, case.number, waiting.kind, waiting.round, waiting.restart)
        now = self.desk.now()
        step = waits_for(case, execution, context, now)
        if step.awaiting == waiting.awaiting and not is_sooner(step, waiting.wake_at):
            return False
        answered = self.workflow.answer(waiting.token, result_of(step, now, waiting.waits + 1))
        self.waiting.clear_token(case.community, case.number, waiting)
        return answered

    def fire(self, execution: Execution, waits: int) -> Result:
        """Do what is due on the case; then say what to wait for."""
        fired = self.fire_due(self.desk.cases.get(execution.community, execution.number))
        now, context = self.desk.now(), self.desk.context_of(fired.case)
        step = waits_for(fired.case, execution, context, now, fired.next_step)
        return result_of(step, now, waits + 1)

    def fire_due(self, case: Case, step: NextStep | None = None) -> Carried:
        """Fire every timer of the case that is due now; nothing happens if none is.

        With the case's next `step`, where that is known, one that has nothing due is not decided at all.
        Raises TimersStuckError if something is due however often it fires: a workflow that went on would
        wake each second for ever.
        """
        fired = Carried(case, step)
        for _ in range(FIRINGS):
            now = self.desk.now()
            may_fire = fired.case.is_listed
            if not may_fire or (fired.next_step and not fired.next_step.is_due(now)):
                return fired
            command_id = f"timers#{fired.case.version}#{now.isoformat(timespec='seconds')}"
            command = Command("fire_timers", TIMER, now, command_id, TimersForm())
            try:
                fired = self.desk.carry_out(fired.case, command)
            except CommandRefusedError:  # the case was closed in the meantime
                fired = Carried(self.desk.cases.get(case.community, case.number))
        if fired.next_step is not None and fired.next_step.is_due(self.desk.now()):
            raise TimersStuckError(case.number)
        return fired

    def begin(self, case: Case, kind: str) -> bool:
        """Start the workflow of the present round, once."""
        execution = Execution(case.community, case.number, kind, case.round, 0)
        return not is_over(case, execution) and self.start(case, execution)

    def start(self, case: Case, execution: Execution) -> bool:
        """Start an execution, then record it.

        A crash in between is mended by doing both again.
        """
        now = self.desk.now()
        execution = replace(execution, begun_at=now.isoformat())
        first = result_of(waits_for(case, execution, self.desk.waiting_context_of(case), now), now, 0)
        started = self.workflow.start(
            execution.kind, execution.name, {"turn": execution.ids(), "plan": first}
        )
        self.waiting.begin(
            execution.community, execution.number, execution.kind, execution.round, execution.restart
        )
        return started

    def follow(self, community: str, number: str) -> None:
        """Bring the workflows up to date with the case.

        Begin the one that it needs, and wake those that wait for the wrong thing.

        Called by the relay after every command of a person; reads what is, so order and repeats don't matter.
        """
        case = self.desk.cases.get(community, number)
        begun = self.waiting.of_case(community, number)
        kind = stage_of(case)
        if kind and not any(waiting.kind == kind and waiting.round == case.round for waiting in begun):
            self.begin(case, kind)
        context = self.desk.context_of(case)
        for waiting in begun:
            self.answer(case, waiting, context)

    def failed(self, execution: Execution, error: str) -> None:
        """An execution gave up: say so in the log, by ids. Its failure is an alarm; reconcile starts it anew.

        The token is forgotten, so that nobody takes the dead execution for a waiting one.
        """
        log.error("workflow_failed", extra={"execution": execution.name, "cause": error})
        stored = self.waiting.get(execution.community, execution.number, execution.kind, execution.round)
        if stored is not None and stored.restart == execution.restart:
            self.waiting.clear_token(execution.community, execution.number, stored)
