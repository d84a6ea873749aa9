"""How often DynamoDB is called, what a collision does, and what stands in keys."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import timedelta
from io import StringIO
from pathlib import Path
from threading import Event, Lock
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from chalice.test import Client
from msgspec.structs import replace
from pynamodb.exceptions import TransactWriteError

from app import app
from chalicelib import wiring
from chalicelib.adapters.dynamo.cases import DynamoCases
from chalicelib.adapters.dynamo.directory import DynamoDirectory
from chalicelib.adapters.dynamo.households import DynamoHouseholds
from chalicelib.adapters.dynamo.metering import metered
from chalicelib.adapters.dynamo.tables import CONNECTION
from chalicelib.adapters.dynamo.transactions import TIMES_SENT
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.figure_rows import TOTAL
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.decide import decide
from chalicelib.domain.errors import BusyError, SameReportError
from chalicelib.domain.intake.leading import OpenIncidentForm
from chalicelib.domain.intake.sent_twice import ALIKE_FOR
from chalicelib.http.sessions import cookie_name
from chalicelib.services.access.stranger_limits import RateLimit, RateLimits
from chalicelib.services.day_link import day_link, open_day
from chalicelib.services.intake.merged import Incidents
from chalicelib.services.privacy.proof import send_code
from chalicelib.services.views.day import day_of
from chalicelib.services.views.waiting import waiting_for
from chalicelib.services.workflows.outbox import Outbox
from infra.households import load_households
from tests.api_desk import BASE_URL, ApiDesk, pool, report_body, token
from tests.builders import AGENT, MONDAY, SUPERVISOR, Office, community
from tests.marked_stories import TO_ENGINEER
from tests.threads import at_once

PATH = "/v1/communities/riverside/cases"
LIMITS = RateLimits(RateLimit(9, timedelta(hours=1)), RateLimit(9, timedelta(hours=1)))


@contextmanager
def calls() -> Iterator[list[str]]:
    """The operations of the calls that are made while this lasts."""
    operations: list[str] = []
    with metered() as answered:
        yield operations
    operations += [call.operation for call in answered]


@pytest.fixture
def warm(dynamo_place: Office) -> Office:
    """A desk that has read its community, as every function has after its first call."""
    dynamo_place.desk.directory.community("riverside")
    return dynamo_place


def test_an_intake_is_two_calls(warm: Office) -> None:
    with calls() as made:
        warm.register()
    assert made == ["UpdateItem", "TransactWriteItems"]


@pytest.mark.req("A4")
def test_a_residents_intake_is_three_calls_and_one_by_staff_too(warm: Office) -> None:
    """One for all its brakes or for who is signed in, one for the number, one for all that is written."""
    wiring.use(desk=warm.desk, notices=warm.stores.notices, identity=pool(), base_url=BASE_URL)
    try:
        desk = ApiDesk(warm, Client(app))
        outage = {"matter": "power_outage", "kind": "repair", "unit": "3-1201", "text": "全楼停电了"}
        bodies = ({}, {"email": "wang@example.com"}, outage)
        found = []
        for body in bodies:
            with calls() as made:
                assert desk.report(**body).status_code == 201
            found.append(made)
        with calls() as by_staff:
            assert desk.post(PATH, report_body(), bearer=token("agent-1", "agent")).status_code == 201
    finally:
        wiring.use()
    assert found == [["TransactWriteItems", "UpdateItem", "TransactWriteItems"]] * 3
    assert by_staff == ["BatchGetItem", "UpdateItem", "TransactWriteItems"]


@pytest.mark.req("A4")
def test_an_equal_report_is_asked_about_and_its_number_explained(
    warm: Office,
) -> None:
    first = warm.register(another=False).case
    with calls() as made, pytest.raises(SameReportError):
        warm.register(another=False)
    rest = ["GetItem", "BatchGetItem", "PutItem"]
    assert made == ["UpdateItem", "TransactWriteItems", *rest]
    assert [line.number for line in warm.stores.cases.register("riverside", "202611", 9, None).items] == [
        first.number
    ]
    with calls() as made:
        warm.register(another=True)
    assert made == ["UpdateItem", "TransactWriteItems"]


@pytest.mark.req("A4")
def test_a_mark_that_has_run_out_or_stands_for_an_ended_case_holds_nobody_up(warm: Office) -> None:
    case = warm.register(another=False).case
    warm.do(case, "withdraw", RESIDENT, ReasonForm("gone"))
    assert warm.register(another=False).case.number == "202611-0002"
    warm.clock.advance(ALIKE_FOR)
    assert warm.register(another=False).case.number == "202611-0003"


def test_two_equal_reports_at_once_are_one_case_and_one_question(warm: Office) -> None:
    def send(_: int) -> str:
        try:
            return warm.register(another=False).case.number
        except SameReportError:
            return "asked"

    assert at_once(2, send).count("asked") == 1


def test_a_command_is_one_read_and_one_transaction(warm: Office) -> None:
    case = warm.register().case
    with calls() as made:
        warm.do(case, "assign", SUPERVISOR, TO_ENGINEER)
    assert made == ["BatchGetItem", "TransactWriteItems"]


@pytest.mark.req("B13", "G12")
def test_who_pays_is_looked_up_only_after_what_may_change_it(warm: Office) -> None:
    """After every command the case and its terms; where it may change it, the unit and its cases as well."""
    case = warm.register(matter="seepage", kind="repair").case
    desk = replace(warm.desk, households=DynamoHouseholds())
    following = Outbox(SimpleNamespace(desk=desk), None, Incidents(desk))  # type: ignore[arg-type]
    made: dict[str, list[str]] = {}
    for happened in ("registered", "progressed", "signed", "classified", "proposed", "filled_in", "reopened"):
        with calls() as made[happened]:
            following.case_to_find("riverside", case.number, {"progressed", happened})
    plain, looked_up = made["progressed"], [*made["progressed"], "BatchGetItem", "Query"]
    assert plain == ["BatchGetItem", "BatchGetItem"]
    assert made["signed"] == made["proposed"] == plain
    assert made["classified"] == made["filled_in"] == made["reopened"] == looked_up
    assert made["registered"][-2:] == ["BatchGetItem", "Query"]


def test_a_page_is_one_query_whatever_the_register_holds(warm: Office) -> None:
    store, key = warm.stores.cases, warm.desk.unit_key("3-1201", community())
    pages: tuple[Callable[[], Any], ...] = (
        lambda: store.open_work("riverside", department=None, handler=None, limit=3, cursor=None),
        lambda: store.open_work("riverside", department="desk", handler=None, limit=3, cursor=None),
        lambda: store.register("riverside", "202611", 3, None),
        lambda: store.by_unit("riverside", key, 3, None),
        lambda: warm.stores.figures.month("riverside", "202611"),
        lambda: store.events("riverside", "202611-0001"),
        lambda: warm.stores.notices.of_case("riverside", "202611-0001"),
        lambda: warm.stores.waiting.of_case("riverside", "202611-0001"),
        lambda: DynamoDirectory().community("riverside"),
    )
    for cases in (0, 1, 7):
        for _ in range(cases):
            warm.register()
        for page in pages:
            with calls() as made:
                page()
            assert made == ["Query"]


@pytest.mark.req("B7", "D5")
def test_what_waits_for_somebody_is_two_calls_however_much_is_open(warm: Office) -> None:
    """And with them, as for every page of the desk: who is signed in, and the look on record."""
    manager = next(person for person in community().staff if person.username == "manager-1")
    member = Member(manager.username, manager.name, manager.role, (), community())
    for _ in range(30):
        warm.register()
    wanted = [warm.register(kind="suggestion", matter="other").case.number for _ in range(7)]
    with calls() as made:
        found = waiting_for(warm.desk, member, 20)
    assert sorted(item.case.number for item in found.rows) == wanted
    assert made == ["Query", "BatchGetItem"]


@pytest.mark.req("B9")
def test_the_day_of_a_handler_is_two_calls_and_its_link_two_more(warm: Office) -> None:
    """And with them, as for every look, the record of it."""
    for unit in range(7):
        case = warm.register(unit=f"3-120{unit}").case
        warm.do(case, "assign", SUPERVISOR, TO_ENGINEER)
    code = day_link(warm.desk, community(), "engineering-1", MONDAY.date())
    with calls() as made:
        member = open_day(warm.desk, code).member
    assert made == ["GetItem", "BatchGetItem"]
    with calls() as made:
        assert len(day_of(warm.desk, member).rows) == 7
    assert made == ["Query", "BatchGetItem"]


def calls_of_a_page(warm: Office, address: str, username: str = "manager-1") -> list[str]:
    """What a page of the desk asks of DynamoDB, once for who is signed in included."""
    wiring.use(desk=warm.desk, notices=warm.stores.notices, identity=pool(), base_url=BASE_URL)
    try:
        desk = ApiDesk(warm, Client(app))
        session = {"Cookie": f"{cookie_name(BASE_URL)}={desk.token_of(username)}"}
        with calls() as made:
            assert desk.client.http.get(address, headers=session).status_code == 200
        return made
    finally:
        wiring.use()


@pytest.mark.req("E9")
def test_a_register_is_loaded_by_25s_and_again_by_reading_it_once(warm: Office, tmp_path: Path) -> None:
    """Sixteen queries, and then only the rows that differ: the unit's and its number's, and the count."""
    file, homes = tmp_path / "homes.csv", [f"{unit},王芳,139{unit:08}" for unit in range(1001, 1101)]
    desk = replace(warm.desk, households=DynamoHouseholds())

    def load() -> tuple[Counter[str], str]:
        file.write_text("\n".join(["房号,姓名,电话", *homes]), "utf-8")
        told = StringIO()
        with calls() as made, redirect_stdout(told):
            assert load_households(desk, "riverside", file, load=True, removes=True) == 0
        return Counter(made), told.getvalue()

    read_once = Counter({"Query": 16})
    made, told = load()
    assert made == read_once + Counter({"BatchWriteItem": 200 // 25 + 1})
    assert "100 units are new" in told
    assert load()[0] == read_once + Counter({"BatchWriteItem": 1}), "of a file that is the same, the count"
    homes[0] = "1001,李雷,13900001001"
    assert load()[0] == read_once + Counter({"BatchWriteItem": 1 + 1})
    assert desk.households.count("riverside") == 100


@pytest.mark.req("A16")
def test_a_page_of_incidents_takes_the_same_calls_however_many_they_are(warm: Office) -> None:
    places = iter(f"{building}-1201" for building in range(1, 9))

    def open_some(count: int) -> list[str]:
        for _ in range(count):
            case = warm.register(matter="power_outage", kind="repair", unit=next(places)).case
            warm.do(case, "open_incident", AGENT, OpenIncidentForm("抢修中"))
        return calls_of_a_page(warm, "/desk/riverside/incidents")

    assert open_some(1) == open_some(5)


@pytest.mark.req("E1")
def test_the_board_of_the_day_is_two_queries_however_much_is_open(warm: Office) -> None:
    for _ in range(12):
        warm.register()
    assert calls_of_a_page(warm, "/desk/riverside/board") == ["BatchGetItem", "Query", "Query"]


@pytest.mark.req("E8")
def test_a_list_in_another_order_asks_no_more_than_one_by_deadline(warm: Office) -> None:
    for _ in range(3):
        warm.register()
    of_list = [
        calls_of_a_page(warm, f"/desk/riverside?list=community&order={order}")
        for order in ("", "age", "handler", "unit")
    ]
    assert of_list == [of_list[0]] * 4


@pytest.mark.req("A4")
def test_a_month_whose_numbers_are_settled_is_one_read(warm: Office) -> None:
    warm.register()
    store = warm.stores.cases
    with calls() as made:
        store.serials("riverside", "202611", unsettled_only=True)
        store.settle("riverside", "202611", 1)
        store.serials("riverside", "202611", unsettled_only=True)
    assert made == ["GetItem", "Query", "Query", "UpdateItem", "GetItem"]


def test_a_notice_is_one_read_and_two_writes(warm: Office) -> None:
    number = warm.register().case.number
    store = warm.stores.notices
    key = store.of_case("riverside", number)[0].notice.key
    with calls() as made:
        stored = store.get("riverside", number, key)
        assert stored is not None
        store.claim(stored, MONDAY)
        store.mark_sent(stored, "provider", MONDAY)
    assert made == ["GetItem", "UpdateItem", "UpdateItem"]


@pytest.mark.req("G24", "E8")
def test_a_code_for_a_number_costs_the_same_calls_whether_it_has_a_case_or_not(warm: Office) -> None:
    """Nobody learns from how long it takes which numbers have reported."""
    known = warm.register().case.report.phone
    place = warm.desk.directory.community("riverside")

    def asked(phone: str) -> list[str]:
        with calls() as made:
            send_code(warm.desk, warm.stores.notices, place, phone, "192.0.2.7", LIMITS)
        return made

    assert asked(known or "") == asked("+8613900007777")


def test_all_tables_share_one_client(warm: Office) -> None:
    warm.register()
    client = CONNECTION.client
    made: list[str] = []
    client.meta.events.register("before-call.dynamodb.*", lambda model, **_: made.append(model.name))
    warm.stores.links.count_hit("ip", MONDAY)
    warm.stores.figures.month("riverside", "202611")
    DynamoDirectory().community("riverside")
    assert made == ["UpdateItem", "Query", "Query"]


def refusals(monkeypatch: pytest.MonkeyPatch, times: int, *codes: str) -> list[str]:
    """The next transactions are cancelled for these reasons, so many times; what was called meanwhile."""
    made: list[str] = []
    call = BaseClient._make_api_call

    def refusing(client: BaseClient, operation: str, given: Any) -> Any:
        made.append(operation)
        if operation == "TransactWriteItems" and made.count(operation) <= times:
            error: Any = {
                "Error": {"Code": "TransactionCanceledException", "Message": "not looked at"},
                "CancellationReasons": [{"Code": code} for code in codes],
            }
            raise ClientError(error, operation)
        return call(client, operation, given)

    monkeypatch.setattr(BaseClient, "_make_api_call", refusing)
    return made


@pytest.mark.parametrize("code", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_collision_in_the_figures_is_sent_again_as_it_is(
    warm: Office, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    case = warm.register().case
    made = refusals(monkeypatch, 3, "None", code, "None")

    warm.do(case, "urge", RESIDENT, NoteForm())

    assert made == ["BatchGetItem", *["TransactWriteItems"] * 4], "it is not read and decided anew"
    assert [event.type for event in warm.stores.cases.events("riverside", case.number)] == [
        "registered",
        "urged",
    ]


def test_waits_grow_and_stay_short(warm: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    store = DynamoCases(warm.clock, waits.append)
    case = warm.register().case
    context = warm.desk.context_of(case)
    outcome = decide(case, Command("urge", RESIDENT, MONDAY, "urge 1", NoteForm()), context)
    refusals(monkeypatch, 99, "TransactionConflict")
    with pytest.raises(BusyError, match="nothing was written"):
        store.save(warm.desk.change(outcome, context))
    assert len(waits) == TIMES_SENT - 1
    assert 0.5 < sum(waits) < 3.4
    assert waits[-1] > waits[0]


@pytest.mark.req("A4")
def test_an_intake_among_too_many_keeps_its_number(warm: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    refusals(monkeypatch, TIMES_SENT, "None", "TransactionConflict")
    assert warm.register().case.number == "202611-0001"
    made = refusals(monkeypatch, 99, "None", "TransactionConflict")
    with pytest.raises(BusyError):
        warm.register(key="mine")
    assert made == ["UpdateItem", *["TransactWriteItems"] * 2 * TIMES_SENT]


@pytest.mark.req("A4")
def test_fifty_who_are_in_each_others_way_are_all_registered_under_numbers_in_a_row(
    warm: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in DynamoDB, a transaction takes some 10 ms; one that meets it does not wait, it is cancelled."""
    held, call = Lock(), BaseClient._make_api_call
    cancelled: list[str] = []
    written: list[str] = []

    def one_at_a_time(client: BaseClient, operation: str, given: Any) -> Any:
        if operation != "TransactWriteItems":
            return call(client, operation, given)
        if not held.acquire(blocking=False):
            cancelled.append(operation)
            error: Any = {
                "Error": {"Code": "TransactionCanceledException", "Message": "not looked at"},
                "CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict"}],
            }
            raise ClientError(error, operation)
        try:
            Event().wait(0.01)
            written.append(given["TransactItems"][0]["Put"]["Item"]["pk"]["S"])
            return {}
        finally:
            held.release()

    monkeypatch.setattr(BaseClient, "_make_api_call", one_at_a_time)
    real_waits = replace(warm, desk=replace(warm.desk, cases=DynamoCases(warm.clock)))
    found = at_once(50, lambda _: real_waits.register().case.number)
    assert sorted(found) == [f"202611-{serial:04d}" for serial in range(1, 51)]
    assert sorted(written) == [f"riverside#{number}" for number in sorted(found)]
    assert len(cancelled) > 50


def test_a_refusal_that_is_our_own_mistake_is_not_hidden(
    warm: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = warm.register().case
    made = refusals(monkeypatch, 99, "None", "ValidationError")

    with pytest.raises(TransactWriteError):
        warm.do(case, "urge", RESIDENT, NoteForm())
    assert made.count("TransactWriteItems") == 1


def test_an_intake_whose_answer_was_lost_is_found_by_its_own_number(
    warm: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The transaction was written and sent again: its own key is no reason to call it a repeat."""
    call = BaseClient._make_api_call
    sent = []

    def twice(client: BaseClient, operation: str, given: Any) -> Any:
        if operation == "TransactWriteItems" and not sent:
            sent.append(operation)
            call(client, operation, given)
        return call(client, operation, given)

    monkeypatch.setattr(BaseClient, "_make_api_call", twice)
    receipt = warm.register()
    assert not receipt.repeated
    assert warm.case(receipt.case) == receipt.case
    assert warm.stores.figures.month("riverside", "202611")[TOTAL]["registered"] == 1


@pytest.mark.req("G8")
def test_no_personal_data_in_keys(warm: Office) -> None:
    secrets = ("王芳", "13900001234", "wang@example.com", "3-1201", "看不见")
    warm.register(actor=AGENT, unit="3-1201", name="王芳", email="wang@example.com", text="看不见路")
    keys: list[str] = []
    for table in ("test-cases", "test-links", "test-figures"):
        client: Any = CONNECTION.client
        described = client.describe_table(TableName=table)["Table"]
        names = {
            attributedefinition["AttributeName"] for attributedefinition in described["AttributeDefinitions"]
        }
        for item in client.scan(TableName=table)["Items"]:
            keys += [value["S"] for name, value in item.items() if name in names]
    assert len(keys) > 20
    assert not [key for key in keys for secret in secrets if secret in key]
