"""What each page of the desk asks of DynamoDB, in one table: two calls for safety, and its own."""

from collections.abc import Iterator

import pytest
from chalice.test import Client

from app import app
from chalicelib import wiring
from chalicelib.adapters.dynamo.metering import metered
from chalicelib.http.sessions import cookie_name
from chalicelib.services.search import follow
from tests.api_desk import BASE_URL, ApiDesk, pool
from tests.builders import SUPERVISOR, Office
from tests.marked_stories import TO_ENGINEER

STANDING, LOOK = "BatchGetItem", "PutItem"
"""Whether the session is still good, and the look on record before anything is shown (E8).

They are the two that safety costs. The first begins each page, the other comes where personal data is shown.
"""

QUERY, GET, BATCH = "Query", "GetItem", "BatchGetItem"
HOME = "/desk/riverside"
CASE = f"{HOME}/cases/202611-0003"
HEAD, MANAGER, AGENT, HANDLER = "company-head-1", "manager-1", "agent-1", "engineering-1"

OF_ITS_OWN: dict[tuple[str, str], list[str]] = {
    (HANDLER, HOME): [QUERY, BATCH],
    (HANDLER, f"{HOME}?list=mine"): [QUERY, BATCH],
    (HANDLER, f"{HOME}/day"): [QUERY, BATCH],
    (HANDLER, CASE): [QUERY],
    (HANDLER, f"{HOME}/handover"): [QUERY, QUERY],
    (AGENT, f"{HOME}?list=community"): [QUERY, BATCH],
    (AGENT, f"{HOME}?list=community&order=age"): [QUERY, BATCH],
    (AGENT, f"{HOME}?list=community&order=handler"): [QUERY, BATCH],
    (AGENT, f"{HOME}?list=community&order=unit"): [QUERY, BATCH],
    (AGENT, f"{HOME}?list=community&order=unit&building=3"): [QUERY, BATCH],
    (AGENT, f"{HOME}?list=community&building=3"): [QUERY, BATCH],
    (AGENT, f"{HOME}?list=register"): [QUERY, BATCH],
    (AGENT, f"{HOME}/find?q=走廊"): [QUERY, BATCH],
    (AGENT, f"{HOME}/find?q=走廊 1234"): [QUERY, BATCH],
    (AGENT, CASE): [QUERY, GET],
    (AGENT, f"{CASE}/paper"): [BATCH, QUERY],
    (AGENT, f"{HOME}/new"): [],
    (AGENT, f"{HOME}/held"): [],
    (AGENT, f"{HOME}/book"): [QUERY],
    (AGENT, f"{HOME}/roster"): [],
    (AGENT, f"{HOME}/my-record"): [QUERY],
    (AGENT, "/desk/account"): [QUERY, BATCH],
    (MANAGER, HOME): [QUERY],
    (MANAGER, f"{HOME}/board"): [QUERY, QUERY],
    (MANAGER, f"{HOME}/figures"): [QUERY, QUERY],
    (MANAGER, f"{HOME}/month-to-print"): [QUERY, QUERY],
    (MANAGER, f"{HOME}/what-if"): [QUERY, QUERY],
    (MANAGER, f"{HOME}/looks"): [QUERY, BATCH],
    (MANAGER, f"{HOME}/incidents"): [QUERY, QUERY],
    (MANAGER, f"{HOME}/corrections"): [QUERY],
    (MANAGER, f"{HOME}/findings"): [QUERY],
    (MANAGER, f"{HOME}/reassign?pick=202611-0001"): [BATCH],
    (MANAGER, f"{HOME}/calendar"): [],
    (MANAGER, f"{HOME}/regulations"): [],
    (MANAGER, f"{HOME}/households"): [],
    (MANAGER, f"{HOME}/staff"): [QUERY, QUERY],
    (MANAGER, f"{HOME}/accounts"): [QUERY, QUERY],
    (MANAGER, f"{HOME}/borne"): [QUERY],
    (HEAD, f"{HOME}/communities"): [QUERY, BATCH, QUERY],
    (HEAD, f"{HOME}/company"): [QUERY, BATCH, QUERY],
}
"""Who opens which page → what it asks besides the two. The two pages of all communities ask once more each:
which there are, and what of each of them is shown."""


@pytest.fixture
def desk(dynamo_place: Office) -> Iterator[ApiDesk]:
    """A desk in use, warm as every function is after its first call."""
    for unit in ("3-1201", "5-0302", "6-0101"):
        case = dynamo_place.register(unit=unit).case
        follow(dynamo_place.desk, "riverside", case.number)
    dynamo_place.do(case, "assign", SUPERVISOR, TO_ENGINEER)
    wiring.use(
        desk=dynamo_place.desk, notices=dynamo_place.stores.notices, identity=pool(), base_url=BASE_URL
    )
    try:
        yield ApiDesk(dynamo_place, Client(app))
    finally:
        wiring.use()


def calls_of(desk: ApiDesk, username: str, address: str) -> list[str]:
    """What a page asks of its own; the standing of the session and the record of the look are asserted."""
    session = {"Cookie": f"{cookie_name(BASE_URL)}={desk.token_of(username)}"}
    with metered() as made:
        assert desk.client.http.get(address, headers=session).status_code == 200, address
    operations = [call.operation for call in made]
    assert operations[0] == STANDING, address
    assert operations.count(LOOK) <= 1, address
    return [operation for operation in operations[1:] if operation != LOOK]


@pytest.mark.req("E1", "E8")
def test_each_page_of_the_desk_asks_twice_at_most_besides_what_safety_costs(desk: ApiDesk) -> None:
    for username, address in OF_ITS_OWN:
        calls_of(desk, username, address)  # what functions keep in memory, they have read
    found = {page: calls_of(desk, *page) for page in OF_ITS_OWN}
    assert found == OF_ITS_OWN
    beyond = {address for (_, address), asked in OF_ITS_OWN.items() if len(asked) > 2}
    assert beyond == {f"{HOME}/communities", f"{HOME}/company"}


@pytest.mark.req("E8")
def test_by_unit_each_fifty_open_cases_are_one_call_more_and_none_is_read_twice(desk: ApiDesk) -> None:
    for _ in range(50):
        desk.office.register(unit="3-1201")
    address = f"{HOME}?list=community&order=unit"
    assert calls_of(desk, AGENT, address) == [QUERY, BATCH, BATCH]
    assert calls_of(desk, AGENT, f"{address}&building=3") == [QUERY, BATCH, BATCH]
