"""The tasks of the workflows on the fakes: what they wait for, whom they wake, what crashes do."""

import json
import logging
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields, replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.form_fields import ReasonForm, RequiredNoteForm
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.errors import ConflictError
from chalicelib.domain.follow_up.forms import RateForm
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.timers import Await, NextStep, next_step, pending
from chalicelib.domain.work.forms import CompleteForm, PauseForm, RejectForm
from chalicelib.services.desk import Carried, Desk
from chalicelib.services.errors import TimersStuckError
from chalicelib.services.records import Change, Waiting
from chalicelib.services.workflows.executions import (
    LONGEST_WAIT,
    SLACK,
    Execution,
    Result,
    result_of,
    waits_for,
)
from chalicelib.services.workflows.tasks import LONGEST_RUN, MOST_WAITS, Workflows
from tests.builders import MANAGER, MONDAY, SUPERVISOR, Office, community, office
from tests.fakes.memory import CrashError, Memory

DAYS = timedelta(days=1)


class Bench:
    """An office, its workflows, and a short way to run their tasks as the state machine would."""

    def __init__(self, made: Office | None = None) -> None:
        self.office = made or office()
        self.flows = Workflows(self.office.desk, self.office.stores.waiting, self.office.workflow)
        self._tokens = 0

    @property
    def memory(self) -> Memory:
        assert self.office.memory is not None
        return self.office.memory

    def turn(self, case: Case, restart: int = 0) -> Execution:
        kind = "revisit" if case.state is State.COMPLETED else "dispatch"
        return Execution(case.community, case.number, kind, case.round, restart)

    def assigned(self, **changes: Any) -> tuple[Case, Result]:
        """A new case that the rules have given to somebody, and what its workflow waits for."""
        case = self.office.register(**changes).case
        result = self.flows.assign(self.turn(case), 0)
        return self.office.case(case), result

    def wait(self, turn: Execution, result: Result) -> str:
        """The state machine waits as the result says: the token of the waiting task."""
        self._tokens += 1
        token = self.office.workflow.open_task(f"token {self._tokens}")
        wake_at = datetime.fromisoformat(str(result["wake_at"]))
        self.flows.keep_token(turn, str(result["await"]), wake_at, int(result["turns"]), token)
        return token

    def sign(self, case: Case) -> Case:
        return self.office.do(case, "sign", handler_of(case), SignForm(signature="甲"))

    def complete(self, case: Case) -> Case:
        return self.office.do(case, "complete", handler_of(case), CompleteForm(result="换好了", cause="老化"))

    def answers(self) -> list[str]:
        """What waiting tasks were told to wait for, in order."""
        return [str(result["await"]) for _, result in self.office.workflow.answers]

    def kinds(self, case: Case) -> Counter[str]:
        """How many events of each kind the case has."""
        history = self.office.desk.cases.events(case.community, case.number)
        return Counter(type(entry.payload).__name__ for entry in history)


def handler_of(case: Case) -> Actor:
    assert case.assignment.handler is not None
    return Actor(Role.HANDLER, case.assignment.handler)


@pytest.fixture(name="bench")
def _bench() -> Bench:
    return Bench()


class NoCodes:
    """The codes of a function whose role may not read the secret: AwaitStep's (infra/policies)."""

    def __getattr__(self, name: str) -> Any:
        raise PermissionError(f"{name}: not authorized to perform secretsmanager:GetSecretValue")


@pytest.mark.parametrize("waits", [1, MOST_WAITS])
def test_waiting_takes_no_secret(bench: Bench, waits: int) -> None:
    """Without it no timer would fire and no rating wake anybody; MOST_WAITS starts a successor."""
    case, result = bench.assigned()
    bench.flows = replace(bench.flows, desk=replace(bench.office.desk, codes=NoCodes()))
    turn = replace(bench.turn(case), begun_at=case.registered_at.isoformat())
    bench.wait(turn, {**result, "turns": waits})
    assert bench.answers() == (["nothing"] if waits == MOST_WAITS else [])


# ---- what is waited for ---------------------------------------------------------------------------------


@given(st.one_of(st.none(), st.timedeltas(-400 * DAYS, 400 * DAYS)), st.integers(0, MOST_WAITS))
def test_a_result_waits_for_whole_seconds_and_never_less_than_one(wait: timedelta | None, turns: int) -> None:
    result = result_of(NextStep(Await.SIGNATURE, None if wait is None else MONDAY + wait), MONDAY, turns)
    assert json.loads(json.dumps(result)) == result
    assert type(result["timeout_seconds"]) is int
    wakes = MONDAY + timedelta(seconds=int(result["timeout_seconds"]))
    planned = MONDAY + (LONGEST_WAIT if wait is None else min(wait, LONGEST_WAIT))
    assert datetime.fromisoformat(str(result["wake_at"])) == planned
    assert max(planned, MONDAY) <= wakes <= max(planned, MONDAY) + timedelta(seconds=1)
    assert wakes > MONDAY


def test_a_turn_survives_the_state_machine() -> None:
    turn = Execution("riverside", "202611-0001", "dispatch", 2, 3)
    assert Execution(**json.loads(json.dumps(turn.ids()))) == turn
    assert turn.name == "riverside-202611-0001-dispatch-2-3"


@pytest.mark.parametrize(
    "pause", [timedelta(), timedelta(milliseconds=1), timedelta(seconds=2, microseconds=7)]
)
@pytest.mark.parametrize("offset", [timedelta(), timedelta(microseconds=1), timedelta(milliseconds=999)])
def test_a_workflow_that_waits_rightly_is_left_alone(offset: timedelta, pause: timedelta) -> None:
    """Whatever fractions of a second lie between the plan and the token, else it would wake for ever."""
    bench = Bench(office(at=MONDAY + offset))
    case, result = bench.assigned()
    bench.office.clock.advance(pause)
    bench.wait(bench.turn(case), result)
    bench.flows.follow(case.community, case.number)
    assert bench.answers() == []


def test_a_timer_far_away_is_waited_for_in_parts(bench: Bench) -> None:
    far = NextStep(Await.COMPLETION, MONDAY + 300 * DAYS)
    assert result_of(far, MONDAY, 0)["timeout_seconds"] == LONGEST_WAIT.total_seconds()


@pytest.mark.req("B3")
def test_a_command_that_makes_a_timer_due_sooner_wakes_the_workflow(bench: Bench) -> None:
    case, result = bench.assigned()
    case = bench.sign(case)
    result = bench.flows.fire(bench.turn(case), 1)
    bench.wait(bench.turn(case), result)
    form = ClassifyForm(reason="很急", kind="repair", matter="elevator")
    before = waits_for(case, bench.turn(case), bench.office.desk.context_of(case), MONDAY).wake_at
    case = bench.office.do(case, "classify", SUPERVISOR, form)
    after = waits_for(case, bench.turn(case), bench.office.desk.context_of(case), MONDAY).wake_at
    assert before is not None
    assert after is not None
    assert after < before - SLACK
    bench.flows.follow(case.community, case.number)
    ((_, told),) = bench.office.workflow.answers
    assert (told["await"], told["wake_at"], told["turns"]) == ("completion", after.isoformat(), 3)


def test_a_command_that_puts_timers_off_wakes_nobody(bench: Bench) -> None:
    case, _ = bench.assigned()
    case = bench.sign(case)
    bench.wait(bench.turn(case), bench.flows.fire(bench.turn(case), 0))
    reason = bench.office.desk.context_of(case).regulation.pause.reasons[0]
    form = PauseForm(until=MONDAY + timedelta(hours=3), reason=reason, evidence="住户来电")
    bench.office.do(case, "pause", handler_of(case), form)
    until = waits_for(
        bench.office.case(case), bench.turn(case), bench.office.desk.context_of(case), MONDAY
    ).wake_at
    assert until == MONDAY + timedelta(hours=3)  # which is sooner than the first reminder
    bench.flows.follow(case.community, case.number)
    assert bench.answers() == ["completion"]
    bench.wait(bench.turn(case), bench.office.workflow.answers[-1][1])  # type: ignore[arg-type]
    bench.office.do(bench.office.case(case), "progress", handler_of(case), RequiredNoteForm(note="等"))
    bench.flows.follow(case.community, case.number)
    assert bench.answers() == ["completion"]


def test_a_workflow_of_a_round_that_is_over_is_told_so(bench: Bench) -> None:
    case, result = bench.assigned()
    bench.wait(bench.turn(case), result)
    case = bench.complete(bench.sign(case))
    bench.flows.follow(case.community, case.number)
    assert bench.answers() == ["nothing"]
    assert {execution.name for execution in bench.office.workflow.executions.values()} == {
        "riverside-202611-0001-revisit-1-0"
    }


def test_a_workflow_of_an_earlier_round_does_not_go_on_with_the_next(bench: Bench) -> None:
    """Everything that was to tell it of its end was lost until the next round had begun."""
    case, result = bench.assigned()
    first = bench.turn(case)
    bench.wait(first, result)
    case = bench.complete(bench.sign(case))
    case = bench.office.do(case, "rate", RESIDENT, RateForm(score=1))
    assert (case.round, case.state) == (2, State.REGISTERED)
    bench.flows.follow(case.community, case.number)
    assert bench.answers() == ["nothing"]
    assert bench.flows.assign(first, 1)["await"] == "nothing"
    assert bench.office.case(case).assignment.handler is None


# ---- tokens ---------------------------------------------------------------------------------------------


@pytest.mark.req("G3")
def test_what_happened_before_the_token_was_kept_is_answered_at_once(bench: Bench) -> None:
    case, result = bench.assigned()
    bench.sign(case)
    bench.flows.follow(case.community, case.number)
    bench.wait(bench.turn(case), result)
    assert bench.answers() == ["completion"]


def test_a_token_is_answered_once_however_often_it_is_followed(bench: Bench) -> None:
    case, result = bench.assigned()
    bench.wait(bench.turn(case), result)
    bench.sign(case)
    for _ in range(3):
        bench.flows.follow(case.community, case.number)
    assert bench.answers() == ["completion"]


def test_a_token_that_waits_no_more_is_forgotten(bench: Bench) -> None:
    case, result = bench.assigned()
    token = bench.wait(bench.turn(case), result)
    bench.office.workflow.waiting.discard(token)  # it timed out
    bench.sign(case)
    bench.flows.follow(case.community, case.number)
    assert bench.answers() == []
    (stored,) = bench.office.stores.waiting.of_case(case.community, case.number)
    assert stored.token is None


def test_an_execution_that_was_replaced_is_told_to_end(bench: Bench) -> None:
    case, result = bench.assigned()
    bench.flows.start(case, bench.turn(case, restart=1))
    bench.wait(bench.turn(case, restart=0), result)
    assert bench.answers() == ["nothing"]


@pytest.mark.req("B7")
def test_an_execution_that_has_waited_too_often_hands_over(bench: Bench) -> None:
    case, result = bench.assigned()
    bench.wait(bench.turn(case), {**result, "turns": MOST_WAITS - 1})
    assert bench.answers() == []
    bench.wait(bench.turn(case), {**result, "turns": MOST_WAITS})
    assert bench.answers() == ["nothing"]
    successor = bench.office.workflow.executions["dispatch", bench.turn(case, restart=1).name]
    assert Execution(**successor.given["turn"]).name == bench.turn(case, restart=1).name  # type: ignore[arg-type]
    assert successor.given["plan"]["turns"] == 0


@pytest.mark.req("B7")
def test_an_execution_that_has_run_too_long_hands_over(bench: Bench) -> None:
    """Step Functions ends it after a year. One of an earlier release does not know when it began."""
    case, result = bench.assigned()
    begun = replace(bench.turn(case), begun_at=bench.office.clock().isoformat())
    bench.office.clock.advance(LONGEST_RUN - timedelta(days=1))
    for turn in (begun, bench.turn(case)):
        bench.wait(turn, {**result, "turns": 3})
        assert bench.answers() == []
    bench.office.clock.advance(timedelta(days=1))
    bench.wait(bench.turn(case), {**result, "turns": 3})
    assert bench.answers() == ["nothing"]
    successor = bench.office.workflow.executions["dispatch", bench.turn(case, restart=1).name]
    again = Execution(**successor.given["turn"])  # type: ignore[arg-type]
    assert datetime.fromisoformat(again.begun_at) == bench.office.clock()
    bench.wait(again, {**result, "turns": 1})
    assert bench.answers() == ["nothing"], "the successor waits"


def test_a_case_that_is_over_is_handed_over_to_nobody(bench: Bench) -> None:
    case, result = bench.assigned()
    bench.complete(bench.sign(case))
    bench.wait(bench.turn(case), {**result, "turns": MOST_WAITS})
    assert bench.answers() == ["nothing"]
    assert not [name for _, name in bench.office.workflow.executions if "dispatch" in name]


# ---- assigning ------------------------------------------------------------------------------------------


@pytest.mark.req("B2")
def test_who_has_the_least_to_do_gets_the_case() -> None:
    place = community()
    everybody = tuple(
        replace(member, username="desk-2") for member in place.shifts if member.username == "desk-1"
    )
    bench = Bench(office(replace(place, shifts=(*place.shifts, *everybody))))
    chosen = [bench.assigned()[0].assignment.handler for _ in range(4)]
    assert Counter(chosen) == {"desk-1": 2, "desk-2": 2}


@pytest.mark.req("B2", "G3")
def test_who_declined_does_not_get_the_case_back(bench: Bench) -> None:
    case, _ = bench.assigned()
    seen = [case.assignment.handler]
    for _ in range(4):
        case = bench.office.do(case, "decline", handler_of(case), ReasonForm(reason="不归我"))
        bench.flows.assign(bench.turn(case), 0)
        case = bench.office.case(case)
        seen.append(case.assignment.handler)
    assert seen == ["desk-1", "desk-2", "desk-head", "supervisor-1", "manager-1"]


@pytest.mark.req("B2")
def test_a_department_that_the_community_does_not_have_is_no_dead_end() -> None:
    place = community()
    kept = {key: name for key, name in place.departments.items() if key != "desk"}
    staff = tuple(member for member in place.staff if "desk" not in member.departments)
    bench = Bench(office(replace(place, departments=kept, staff=staff)))
    case, result = bench.assigned()
    assert (case.state, case.assignment.handler, result["await"]) == (
        State.ASSIGNED,
        "manager-1",
        "signature",
    )


@pytest.mark.req("G3")
def test_while_there_is_nobody_the_clocks_run() -> None:
    bench = Bench(office(community(staff=(), shifts=())))
    case, result = bench.assigned()
    assert (case.state, result["await"]) == (State.REGISTERED, "completion")
    bench.wait(bench.turn(case), result)
    bench.flows.follow(case.community, case.number)
    assert bench.answers() == []
    bench.office.stores.directory.put(community())  # type: ignore[attr-defined]
    bench.flows.follow(case.community, case.number)
    assert bench.answers() == ["assignment"]


def test_assigning_twice_assigns_once(bench: Bench) -> None:
    case, first = bench.assigned()
    again = bench.flows.assign(bench.turn(case), 0)
    assert first == again
    assert bench.kinds(case)["Assigned"] == 1


@pytest.mark.parametrize("fault", ["before", "after"])
def test_a_crash_while_assigning_is_mended_by_doing_it_again(bench: Bench, fault: str) -> None:
    case = bench.office.register().case
    bench.memory.faults["cases.save"] = [fault]
    with pytest.raises(CrashError):
        bench.flows.assign(bench.turn(case), 0)
    assert bench.flows.assign(bench.turn(case), 0)["await"] == "signature"
    assert bench.kinds(case)["Assigned"] == 1


@pytest.mark.req("B2")
def test_the_rules_do_not_overrule_a_person_who_was_faster(bench: Bench) -> None:
    case = bench.office.register().case
    cases = bench.office.desk.cases
    save = cases.save

    def somebody_was_first(change: Change) -> None:
        cases.save = save  # type: ignore[method-assign]
        form = AssignForm(handler="greenery-2", reason="他在附近")
        bench.office.do(case, "assign", SUPERVISOR, form)
        save(change)

    cases.save = somebody_was_first  # type: ignore[method-assign]
    bench.flows.assign(bench.turn(case), 0)
    assert bench.office.case(case).assignment.handler == "greenery-2"
    assert bench.kinds(case)["Assigned"] == 1


def test_a_case_that_never_stands_still_is_left_to_a_retry(bench: Bench) -> None:
    case = bench.office.register().case
    cases = bench.office.desk.cases
    save = cases.save

    def somebody_is_always_first(change: Change) -> None:
        if change.outcome.events[-1].command == "assign":
            raise ConflictError("changed")
        save(change)

    cases.save = somebody_is_always_first  # type: ignore[method-assign]
    with pytest.raises(ConflictError):
        bench.flows.assign(bench.turn(case), 0)


# ---- timers ---------------------------------------------------------------------------------------------


@pytest.mark.req("B7", "G3")
@pytest.mark.parametrize("fault", ["before", "after"])
def test_a_crash_while_firing_loses_and_doubles_nothing(bench: Bench, fault: str) -> None:
    case, _ = bench.assigned()
    now = bench.office.clock.advance(2 * DAYS)
    expected = {due.key for due in pending(case, bench.office.desk.context_of(case)) if due.at <= now}
    bench.memory.faults["cases.save"] = [fault]
    with pytest.raises(CrashError):
        bench.flows.fire(bench.turn(case), 0)
    bench.flows.fire(bench.turn(case), 0)
    history = bench.office.desk.cases.events(case.community, case.number)
    fired = Counter(entry.payload.key for entry in history if hasattr(entry.payload, "key"))
    assert fired == Counter(expected)


@pytest.mark.req("B7")
def test_firing_leaves_nothing_due(bench: Bench) -> None:
    case, _ = bench.assigned()
    for _ in range(60):
        now = bench.office.clock.advance(DAYS / 2)
        result = bench.flows.fire(bench.turn(case), 0)
        assert datetime.fromisoformat(str(result["wake_at"])) > now
        version = bench.office.case(case).version
        bench.flows.fire(bench.turn(case), 0)
        assert bench.office.case(case).version == version


def test_timers_of_a_case_that_was_closed_meanwhile_do_no_harm(bench: Bench) -> None:
    case, _ = bench.assigned()
    stale = case
    form = ReasonForm(reason="好了")
    case = bench.office.do(case, "withdraw", RESIDENT, form)
    bench.office.clock.advance(2 * DAYS)
    assert bench.flows.fire_due(stale).case == case


class DeafDesk(Desk):
    """A desk on which firing a timer changes nothing: a defect."""

    def carry_out(self, case: Case, command: Command, expected_version: int | None = None) -> Carried:
        if command.name == "fire_timers":
            return Carried(case, next_step(case, self.context_of(case)))
        return super().carry_out(case, command, expected_version)


def test_a_timer_that_stays_due_is_an_error_and_not_an_endless_loop() -> None:
    made = office()
    parts = {entry.name: getattr(made.desk, entry.name) for entry in fields(Desk)}
    bench = Bench(replace(made, desk=DeafDesk(**parts)))
    case, _ = bench.assigned()
    assert bench.flows.fire_due(case).case == case
    made.clock.advance(2 * DAYS)
    with pytest.raises(TimersStuckError, match=case.number):
        bench.flows.fire_due(case)


# ---- beginnings and ends --------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", ["waiting.begin", "waiting.of_case"])
@pytest.mark.parametrize("fault", ["before", "after"])
def test_a_crash_while_beginning_is_mended_by_doing_it_again(
    bench: Bench, operation: str, fault: str
) -> None:
    case = bench.office.register().case
    bench.memory.faults[operation] = [fault]
    with pytest.raises(CrashError):
        bench.flows.follow(case.community, case.number)
    bench.flows.follow(case.community, case.number)
    assert len(bench.office.workflow.executions) == 1
    assert bench.office.stores.waiting.of_case(case.community, case.number) == (Waiting("dispatch", 1, 0),)


def test_what_an_execution_is_given_is_ids_and_a_plan(bench: Bench) -> None:
    case = bench.office.register().case
    bench.flows.follow(case.community, case.number)
    (execution,) = bench.office.workflow.executions.values()
    begun_at = bench.office.clock().isoformat()
    assert execution.given["turn"] == {**bench.turn(case).ids(), "begun_at": begun_at}
    assert execution.given["plan"]["await"] == "assignment"
    assert execution.given["plan"]["turns"] == 0


@pytest.mark.req("B1")
def test_a_rejected_case_taken_up_again_begins_a_round_of_its_own(bench: Bench) -> None:
    case, result = bench.assigned(kind="complaint")
    bench.flows.begin(case, "dispatch")
    bench.wait(bench.turn(case), result)
    case = bench.office.do(case, "reject", SUPERVISOR, RejectForm(findings="灯是好的"))
    bench.flows.follow(case.community, case.number)
    assert bench.answers() == ["nothing"]
    bench.office.do(case, "object", RESIDENT, ReasonForm(reason="不亮"))
    case = bench.office.do(case, "reopen", MANAGER, ReasonForm(reason="再查"))
    bench.flows.follow(case.community, case.number)
    assert bench.turn(case).name in {name for _, name in bench.office.workflow.executions}
    assert bench.turn(case).round == 2


def test_a_failure_is_logged_by_ids_and_the_dead_token_forgotten(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    case, result = bench.assigned()
    bench.wait(bench.turn(case), result)
    bench.flows.failed(bench.turn(case), "RuntimeError")
    ((name, level, message),) = caplog.record_tuples
    assert (level, message) == (logging.ERROR, "workflow_failed")
    assert vars(caplog.records[0])["execution"] == bench.turn(case).name
    assert vars(caplog.records[0])["cause"] == "RuntimeError"
    (stored,) = bench.office.stores.waiting.of_case(case.community, case.number)
    assert (name, stored.token) == ("chalicelib.services.workflows.tasks", None)


def test_a_failure_that_comes_late_leaves_its_successor_alone(bench: Bench) -> None:
    case, result = bench.assigned()
    token = bench.wait(bench.turn(case, restart=1), result)
    bench.flows.failed(bench.turn(case, restart=0), "RuntimeError")
    (stored,) = bench.office.stores.waiting.of_case(case.community, case.number)
    assert stored.token == token


def test_on_the_spot_is_followed_up_and_not_dispatched(bench: Bench) -> None:
    case = bench.office.register(actor=Actor(Role.AGENT, "agent-1"), solved_with="当场解决").case
    bench.flows.follow(case.community, case.number)
    assert {kind for kind, _ in bench.office.workflow.executions} == {"revisit"}
    assert bench.kinds(case) == {"Registered": 1, "Completed": 1}
    assert isinstance(bench.office.desk.cases.events(case.community, case.number)[-1].payload, ev.Completed)
