"""The desk with everything that runs by itself, played in one process: stream, state machines, schedule.

Nothing here knows a rule of the desk. It delivers what the table's stream would, in any order and as often as
a test wants, and walks infra/*.asl.json by hand: assign, wait for a token or the timeout, fire, go on.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.domain.community.roles import Role
from chalicelib.services.errors import DeliveryError
from chalicelib.services.intake.merged import Incidents
from chalicelib.services.notices.delivery import Delivery
from chalicelib.services.workflows import executions
from chalicelib.services.workflows.executions import Result
from chalicelib.services.workflows.outbox import Outbox
from chalicelib.services.workflows.reconcile import Findings, Reconciliation
from chalicelib.services.workflows.tasks import Workflows
from tests.builders import Office
from tests.fakes.memory import CrashError
from tests.fakes.workflows import Execution
from tests.words import texts

RETRIES = 3
"""How often a task that fails is tried again before its execution gives up."""
DELIVERIES = 5
"""How often the stream delivers a record that fails."""
AWAITED = {"dispatch": {"signature", "completion"}, "revisit": {"rating"}}
"""What each machine's Route waits for with a token; `assignment` goes to Assign, anything else ends it."""

Record = tuple[str, str, str, str]
"""One record of the stream: family (`event` or `notice`), community, number, key."""


@dataclass
class Run:
    """An execution on its way: `step` is the state that it is in, `plan` what it carries."""

    execution: Execution
    step: str
    plan: Result
    token: str | None = None
    times_out_at: datetime | None = None
    failures: int = 0
    deaf: bool = False
    """Its timer is lost: it only hears a token."""

    @property
    def turn(self) -> executions.Execution:
        return executions.Execution(**self.execution.given["turn"])  # type: ignore[arg-type]


@dataclass
class Machines:
    """Everything that happens by itself at one office made of fakes."""

    office: Office
    runs: dict[tuple[str, str], Run] = field(default_factory=dict)
    pending: list[Record] = field(default_factory=list)
    delivered: list[Record] = field(default_factory=list)
    dead: list[Record] = field(default_factory=list)
    failed: Counter[Record] = field(default_factory=Counter)
    seen: set[Record] = field(default_factory=set)
    answers_read: int = 0
    tokens: int = 0

    def __post_init__(self) -> None:
        place = self.office
        self.workflows = Workflows(place.desk, place.stores.waiting, place.workflow)
        self.delivery = Delivery(
            place.desk, place.stores.notices, place.sms, place.mail, "https://desk.example.com", texts
        )
        self.outbox = Outbox(self.workflows, self.delivery, Incidents(place.desk))
        self.reconciliation = Reconciliation(self.workflows, self.delivery)

    # --- the stream ---------------------------------------------------------------------------------------

    def collect(self) -> None:
        """Take what was written since into the stream, in the order of the table's keys."""
        memory = self.office.memory
        assert memory is not None, "the machines are played on fakes"
        for (community, number), events in memory.events.items():
            for event in events:
                if event.actor.role is not Role.SYSTEM:
                    self._put(("event", community, number, f"{event.version:06d}"))
        for community, number, key in memory.notices:
            self._put(("notice", community, number, key))

    def _put(self, record: Record) -> None:
        if record not in self.seen:
            self.seen.add(record)
            self.pending.append(record)

    def deliver(self, records: Iterable[Record]) -> None:
        """Hand records to the relay; one that fails comes again, and ends among the dead letters."""
        for record in list(records):
            family, community, number, key = record
            try:
                if family == "event":
                    self.outbox.case_changed(community, number)
                else:
                    self.outbox.notice_due(community, number, key)
            except (CrashError, DeliveryError):
                self.failed[record] += 1
                if record in self.pending and self.failed[record] >= DELIVERIES:
                    self.pending.remove(record)
                    self.dead.append(record)
                continue
            if record in self.pending:
                self.pending.remove(record)
                self.delivered.append(record)
        self.collect()

    def deliver_all(self) -> None:
        """Everything that is in the stream, several times if it has to be."""
        self.collect()
        for _ in range(DELIVERIES + 1):
            self.deliver(self.pending)

    # --- the state machines -------------------------------------------------------------------------------

    def run(self, most: int = 400) -> None:
        """Let every execution go on as far as it can now."""
        for _ in range(most):
            self._adopt()
            self._hear()
            moved = [self._step(run) for run in list(self.runs.values()) if run.execution.running]
            self.collect()
            if not any(moved):
                return
        raise AssertionError("the machines never come to rest")

    def _adopt(self) -> None:
        for key, execution in self.office.workflow.executions.items():
            if key not in self.runs and execution.running:
                given: Any = execution.given
                first = "Assign" if execution.kind == "dispatch" else "Await"
                self.runs[key] = Run(execution, first, dict(given["plan"]))

    def _hear(self) -> None:
        """Answers to tokens since the last time."""
        answers = self.office.workflow.answers
        by_token = {run.token: run for run in self.runs.values() if run.token}
        for token, result in answers[self.answers_read :]:
            run = by_token.get(token)
            if run is not None and run.execution.running:
                self._go_on(run, dict(result))
        self.answers_read = len(answers)

    def _go_on(self, run: Run, plan: Result) -> None:
        """The Choice `Route`."""
        run.plan, run.token, run.times_out_at, run.failures = plan, None, None, 0
        if plan["await"] == "assignment" and run.execution.kind == "dispatch":
            run.step = "Assign"
        elif plan["await"] in AWAITED[run.execution.kind]:
            run.step = "Await"
        else:
            run.step = "Done"
            run.execution.running = False

    def _step(self, run: Run) -> bool:
        """One step of one execution; whether there was any."""
        now, turns = self.office.clock(), int(run.plan["turns"])
        try:
            match run.step:
                case "Assign":
                    self._go_on(run, self.workflows.assign(run.turn, turns))
                case "FireTimers":
                    self._go_on(run, self.workflows.fire(run.turn, turns))
                case "Await" if run.token is None:
                    self._wait(run, turns)
                case "Await" if not run.deaf and run.times_out_at is not None and run.times_out_at <= now:
                    self.office.workflow.waiting.discard(run.token or "")
                    run.step, run.token = "FireTimers", None
                case _:
                    return False
        except CrashError as error:
            self._failed(run, str(error))
        return True

    def _wait(self, run: Run, turns: int) -> None:
        self.tokens += 1
        run.token = self.office.workflow.open_task(f"token {self.tokens}")
        run.times_out_at = self.office.clock() + timedelta(seconds=int(run.plan["timeout_seconds"]))
        wake_at = datetime.fromisoformat(str(run.plan["wake_at"]))
        try:
            self.workflows.keep_token(run.turn, str(run.plan["await"]), wake_at, turns, run.token)
        except CrashError:
            self.office.workflow.waiting.discard(run.token)
            run.token = None
            raise

    def _failed(self, run: Run, error: str) -> None:
        """Retry, then WorkflowFailed and Fail."""
        run.failures += 1
        if run.failures > RETRIES:
            run.execution.running = False
            self.workflows.failed(run.turn, error)

    def lose(self, run: Run) -> None:
        """The execution is gone without a word."""
        run.execution.running = False
        self.office.workflow.waiting.discard(run.token or "")

    def lose_token(self, run: Run) -> None:
        """The table has forgotten the token that an execution waits with."""
        memory, turn = self.office.memory, run.turn
        assert memory is not None, "the machines are played on fakes"
        place = (turn.community, turn.number, turn.kind, turn.round)
        if place in memory.waiting:
            memory.waiting[place] = replace(memory.waiting[place], token=None)

    # --- the schedule -------------------------------------------------------------------------------------

    def reconcile(self, *, thorough: bool) -> Findings:
        found = self.reconciliation.run(thorough=thorough)
        self.collect()
        return found

    def restart(self) -> None:
        """Everything that runs is gone, and the stream with it; what is stored stays."""
        for run in self.runs.values():
            self.lose(run)
        self.collect()
        self.pending.clear()
        self.reconcile(thorough=True)
