"""Reconciliation on the fakes: numbers without a case, notices that stay, one bad case (A4, B7)."""

import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from chalicelib import tasks, wiring
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.community.roles import TIMER, Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.work.forms import CompleteForm
from chalicelib.services.errors import DeliveryError
from chalicelib.services.notices.delivery import Delivery
from chalicelib.services.paging import PAGE
from chalicelib.services.workflows.executions import Execution
from chalicelib.services.workflows.reconcile import LAST_SECONDS, Findings, Reconciliation
from chalicelib.services.workflows.tasks import Workflows
from chalicelib.tasks.schedule import NotMendedError
from tests.builders import MONDAY, Office, community, office
from tests.fakes.cases import FakeCases
from tests.fakes.directory import FakeDirectory
from tests.words import texts

MINUTE = timedelta(minutes=1)
PUBLIC = "https://desk.example.com"


def reconciliation(made: Office) -> Reconciliation:
    delivery = Delivery(made.desk, made.stores.notices, made.sms, made.mail, PUBLIC, texts)
    return Reconciliation(Workflows(made.desk, made.stores.waiting, made.workflow), delivery)


@pytest.fixture(name="made")
def _made() -> Iterator[Office]:
    made = office()
    found = reconciliation(made)
    wiring.use(workflows=found.workflows, delivery=found.delivery)
    yield made
    wiring.use()


def voids(made: Office) -> dict[str, str]:
    """Each number without a case, and why."""
    assert made.memory is not None
    return {number: void.cause for (_, number), void in made.memory.voids.items()}


def lose_a_number(made: Office, month: str = "202611") -> None:
    """An intake that broke off between its two writes."""
    made.desk.cases.next_serial("riverside", month)


def start(made: Office, case: Case) -> None:
    """The relay has begun the case's workflow, and its first task has run."""
    flows = reconciliation(made).workflows
    flows.follow(case.community, case.number)
    form = AssignForm(handler="desk-1", reason="by rule")
    made.do(case, "assign", TIMER, form)


# ---- numbers --------------------------------------------------------------------------------------------


@pytest.mark.req("A4")
def test_a_number_whose_intake_broke_off_is_explained_once(made: Office) -> None:
    made.register()
    lose_a_number(made)
    made.register()
    made.clock.advance(6 * MINUTE)
    assert reconciliation(made).run(thorough=False).numbers_explained == 1
    assert voids(made) == {"202611-0002": "intake did not finish"}
    assert reconciliation(made).run(thorough=False).numbers_explained == 0


@pytest.mark.req("A4")
def test_an_intake_that_may_still_be_going_on_is_left_alone(made: Office) -> None:
    lose_a_number(made)
    made.clock.advance(4 * MINUTE)
    assert reconciliation(made).run(thorough=True).numbers_explained == 0
    made.clock.advance(2 * MINUTE)
    assert reconciliation(made).run(thorough=True).numbers_explained == 1


@pytest.mark.req("A4")
def test_a_later_case_does_not_make_a_gap_of_an_intake_that_goes_on(made: Office) -> None:
    lose_a_number(made)
    made.register()
    made.clock.advance(4 * MINUTE)
    assert reconciliation(made).run(thorough=True).numbers_explained == 0


@pytest.mark.req("A4")
def test_a_busy_counter_does_not_hide_an_old_gap(made: Office) -> None:
    lose_a_number(made)
    made.register()
    made.clock.advance(6 * MINUTE)
    lose_a_number(made)  # just now, and so not a gap yet
    assert reconciliation(made).run(thorough=False).numbers_explained == 1
    assert set(voids(made)) == {"202611-0001"}


@pytest.mark.req("A4")
@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 30, 16, 3, tzinfo=UTC),  # three minutes into December in Shanghai
        datetime(2026, 12, 1, 15, 0, tzinfo=UTC),
        datetime(2026, 12, 31, 15, 59, tzinfo=UTC),
    ],
)
@pytest.mark.parametrize("thorough", [False, True])
def test_last_month_is_looked_at_too(made: Office, now: datetime, thorough: bool) -> None:
    made.clock.set(datetime(2026, 11, 30, 15, 50, tzinfo=UTC))
    lose_a_number(made)
    made.clock.set(now)
    assert reconciliation(made).run(thorough=thorough).numbers_explained == 1


@pytest.mark.req("A4")
def test_what_was_found_in_order_is_not_read_again(made: Office) -> None:
    made.register()
    lose_a_number(made)
    made.register()
    made.clock.advance(6 * MINUTE)
    assert reconciliation(made).run(thorough=True).numbers_explained == 1
    book = made.desk.cases.serials("riverside", "202611", unsettled_only=True)
    assert (book.settled, book.counter, book.present) == (3, 3, {})
    lose_a_number(made)
    made.register()
    made.clock.advance(6 * MINUTE)
    assert reconciliation(made).run(thorough=True).numbers_explained == 1
    assert set(voids(made)) == {"202611-0002", "202611-0004"}


# ---- cases ----------------------------------------------------------------------------------------------


@pytest.mark.req("B7")
def test_a_thorough_run_asks_about_every_open_case_on_every_page(made: Office) -> None:
    cases = [made.register().case for _ in range(PAGE + 1)]
    found = reconciliation(made).run(thorough=True)
    assert (found.open_cases, found.workflows_restarted, found.not_mended) == (PAGE + 1, PAGE + 1, 0)
    assert len({name for _, name in made.workflow.executions}) == len(cases)
    assert reconciliation(made).run(thorough=True).workflows_restarted == 0


@pytest.mark.req("A2")
def test_the_schedule_looks_at_what_nobody_has_got_and_what_is_late(made: Office) -> None:
    forgotten, healthy = made.register().case, made.register().case
    start(made, healthy)
    made.clock.advance(2 * MINUTE)
    found = reconciliation(made).run(thorough=False)
    assert (found.open_cases, found.workflows_restarted, found.timers_fired) == (2, 1, 0)
    assert f"riverside-{forgotten.number}-dispatch-1-0" in {name for _, name in made.workflow.executions}
    made.clock.advance(timedelta(hours=3))
    assert reconciliation(made).run(thorough=False).timers_fired == 1
    assert "sign:overdue" in {str(key) for key in made.case(healthy).clocks.fired}


def test_a_run_that_mends_at_the_same_time_as_another_starts_one_workflow(made: Office) -> None:
    case = made.register().case
    start(made, case)
    made.workflow.stop("dispatch", f"riverside-{case.number}-dispatch-1-0")
    found = [reconciliation(made).run(thorough=True).workflows_restarted for _ in range(2)]
    assert found == [1, 0]
    assert len(made.workflow.executions) == 2


def test_an_execution_that_nobody_knows_is_started_under_its_own_name(made: Office) -> None:
    case = made.register().case
    start(made, case)
    made.workflow.executions.clear()
    assert reconciliation(made).run(thorough=True).workflows_restarted == 1
    assert [name for _, name in made.workflow.executions] == [f"riverside-{case.number}-dispatch-1-0"]


def test_a_restart_that_broke_off_is_found_again(made: Office) -> None:
    case = made.register().case
    start(made, case)
    made.workflow.stop("dispatch", f"riverside-{case.number}-dispatch-1-0")
    assert made.memory is not None
    made.memory.faults["waiting.begin"] = ["before"]
    assert reconciliation(made).run(thorough=True).not_mended == 1
    assert reconciliation(made).run(thorough=True).not_mended == 0
    made.workflow.stop("dispatch", f"riverside-{case.number}-dispatch-1-1")
    assert reconciliation(made).run(thorough=True).workflows_restarted == 1
    assert f"riverside-{case.number}-dispatch-1-2" in {name for _, name in made.workflow.executions}


@pytest.mark.req("D3", "G7")
def test_the_workflow_of_a_case_that_the_sweep_closed_is_told() -> None:
    """The timers fired here and not in the workflow, and the relay does not follow timers."""
    place = community()
    made = office(
        replace(place, staff=tuple(member for member in place.staff if member.username == "desk-1"))
    )
    case = made.register().case
    start(made, case)
    handler = Actor(Role.HANDLER, "desk-1")
    made.do(case, "sign", handler, SignForm(signature="甲"))
    case = made.do(case, "complete", handler, CompleteForm(result="换好了", cause="老化"))
    flows = reconciliation(made).workflows
    flows.follow(case.community, case.number)
    turn = Execution(case.community, case.number, "revisit", 1, 0)
    flows.keep_token(turn, "rating", MONDAY + timedelta(days=1), 0, made.workflow.open_task("token"))
    made.clock.advance(timedelta(days=90))
    assert reconciliation(made).run(thorough=False).timers_fired == 1
    assert made.case(case).state is State.CLOSED
    assert [(token, result["await"]) for token, result in made.workflow.answers] == [("token", "nothing")]


def test_the_revisit_of_somebody_who_left_after_all_its_timers_is_drawn_anew() -> None:
    made = office()
    case = made.register().case
    start(made, case)
    handler = Actor(Role.HANDLER, "desk-1")
    made.do(case, "sign", handler, SignForm(signature="甲"))
    case = made.do(case, "complete", handler, CompleteForm(result="换好了", cause="老化"))
    reconciliation(made).workflows.follow(case.community, case.number)
    for _ in range(30):
        made.clock.advance(timedelta(days=1))
        reconciliation(made).run(thorough=False)
    first = made.case(case).follow_up.revisitor
    assert first is not None
    assert reconciliation(made).run(thorough=False).timers_fired == 0, "all of them have fired"
    place = made.desk.directory.community(case.community)
    staff = tuple(
        replace(member, active=member.username != first and member.active) for member in place.staff
    )
    made.desk.directory.put(replace(place, staff=staff))
    assert reconciliation(made).run(thorough=False).timers_fired == 1
    assert made.case(case).follow_up.revisitor not in {None, first}


def test_a_run_whose_time_is_up_stops_cleanly_and_the_next_goes_on(made: Office) -> None:
    for _ in range(5):
        made.register()
    made.clock.advance(3 * MINUTE)

    def seconds_left() -> float:
        return LAST_SECONDS - 1 if len(made.workflow.executions) == 2 else 100

    found = reconciliation(made).run(thorough=False, seconds_left=seconds_left)
    assert (found.workflows_restarted, found.broke_off) == (2, 1)
    found = reconciliation(made).run(thorough=True)
    assert (found.workflows_restarted, found.broke_off) == (3, 0)


def test_messages_have_half_of_the_time_and_leave_the_rest_to_the_cases(made: Office) -> None:
    for _ in range(3):
        made.register()
    made.clock.advance(3 * MINUTE)
    seconds = iter([200.0, 150.0, 90.0])
    found = reconciliation(made).run(thorough=True, seconds_left=lambda: next(seconds, 80.0))
    assert (found.notices_sent, found.workflows_restarted, found.broke_off) == (1, 3, 0)
    assert reconciliation(made).run(thorough=True).notices_sent == 2


def test_the_task_asks_lambda_how_much_time_is_left(made: Office) -> None:
    made.register()
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 5000)
    assert tasks.reconcile({"started_by": "schedule"}, context)["broke_off"] == 1


class BrokenCases(FakeCases):
    """A store in which one case cannot be read."""

    def get(self, community: str, number: str) -> Case:
        if number == "202611-0001":
            raise ValueError(number)
        return super().get(community, number)


@pytest.fixture(name="broken")
def _broken(made: Office) -> Office:
    """Three cases that nobody has got for two minutes; the first cannot be read."""
    assert made.memory is not None
    for _ in range(3):
        made.register()
    made.clock.advance(2 * MINUTE)
    made = replace(made, desk=replace(made.desk, cases=BrokenCases(made.memory, made.clock)))
    found = reconciliation(made)
    wiring.use(workflows=found.workflows, delivery=found.delivery)
    return made


def test_a_case_that_cannot_be_mended_keeps_no_other_waiting(
    broken: Office, caplog: pytest.LogCaptureFixture
) -> None:
    found = reconciliation(broken).run(thorough=True)
    assert (found.open_cases, found.workflows_restarted, found.not_mended) == (3, 2, 1)
    (line,) = [record for record in caplog.records if record.message == "case_not_mended"]
    assert (line.levelno, vars(line)["number"]) == (logging.ERROR, "202611-0001")


def test_the_task_raises_the_alarm_once_all_else_is_done(broken: Office) -> None:
    with pytest.raises(NotMendedError, match="1 could not be mended"):
        tasks.reconcile({"started_by": "schedule"})
    assert len(broken.workflow.executions) == 2


class BrokenDirectory(FakeDirectory):
    """A directory that knows of a community and cannot read it."""

    def names(self) -> Mapping[str, str]:
        return {"absent": "Nowhere", **super().names()}


def test_a_community_that_cannot_be_read_keeps_no_other_waiting() -> None:
    made = office()
    made = replace(made, desk=replace(made.desk, directory=BrokenDirectory(community())))
    made.register()
    lose_a_number(made)
    made.clock.advance(6 * MINUTE)
    found = reconciliation(made).run(thorough=True)
    assert (found.not_mended, found.workflows_restarted, found.numbers_explained) == (1, 1, 1)


# ---- notices, and the task ------------------------------------------------------------------------------


@pytest.mark.req("A11")
def test_a_notice_that_has_not_left_is_sent_after_two_minutes(made: Office) -> None:
    made.register()
    made.clock.advance(MINUTE)
    assert reconciliation(made).run(thorough=True).notices_sent == 0
    made.clock.advance(2 * MINUTE)
    assert reconciliation(made).run(thorough=False).notices_sent == len(made.sms.sent) > 0


@pytest.mark.req("B14", "G19")
@pytest.mark.parametrize("silent", ["Weekly", "DutyWatch", "HandoverChase"])
def test_whoever_cannot_be_told_of_one_thing_keeps_nobody_from_being_told_of_another(
    made: Office, silent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    class Told:
        def __init__(self, name: str) -> None:
            self.name = name

        def __call__(self, _delivery: Delivery) -> "Told":
            return self

        def tell(self) -> int:
            asked.append(self.name)
            if self.name == silent:
                raise DeliveryError("Throttled")
            return 1

    names = ["Weekly", "DutyWatch", "HandoverChase"]
    for name in names:
        monkeypatch.setattr(f"chalicelib.services.workflows.reconcile.{name}", Told(name))
    found = reconciliation(made).run(thorough=False)
    assert asked == names
    assert (found.weekly_told + found.duty_told, found.not_mended) == (2, 1)


def test_the_task_counts_what_it_did(made: Office) -> None:
    made.register()
    assert tasks.reconcile({"started_by": "schedule"}) == {
        "open_cases": 1,
        "timers_fired": 0,
        "planned_anew": 0,
        "workflows_restarted": 0,
        "notices_sent": 0,
        "notices_failed": 0,
        "weekly_told": 0,
        "duty_told": 0,
        "days_told": 0,
        "digests_sent": 0,
        "numbers_explained": 0,
        "not_mended": 0,
        "broke_off": 0,
    }
    assert tasks.reconcile({"started_by": "local start"})["workflows_restarted"] == 1
    assert tasks.reconcile({})["workflows_restarted"] == 0
    assert Findings() == reconciliation(office()).run(thorough=True)
