"""The API on PynamoDB: a whole case over HTTP, how often DynamoDB is called, cursors of real pages."""

from collections.abc import Iterator

import pytest
from chalice.test import Client
from msgspec.structs import replace

from app import app
from chalicelib import wiring
from chalicelib.adapters.dynamo import directory_admin
from chalicelib.adapters.dynamo.metering import metered
from chalicelib.domain.case.links import Purpose, link_for
from chalicelib.domain.community.roles import Role
from tests.api_desk import BASE_URL, ApiDesk, pool, token
from tests.builders import Office

CASES = "/v1/communities/riverside/cases"


@pytest.fixture
def desk(dynamo_place: Office) -> Iterator[ApiDesk]:
    wiring.use(desk=dynamo_place.desk, identity=pool(), base_url=BASE_URL)
    yield ApiDesk(dynamo_place, Client(app))
    wiring.use()


def operations(
    desk: ApiDesk, method: str, path: str, body: object = None, user: str | None = None
) -> list[str]:
    """The calls to DynamoDB that one request makes, its community known already."""
    desk.office.desk.directory.community("riverside")
    bearer = None if user is None else desk.token_of(user)
    with metered() as answered:
        answer = desk.call(method, path, body, bearer=bearer)
    assert answer.status_code in {200, 201}, answer.body
    return [call.operation for call in answered]


@pytest.mark.req("A11", "B2", "D1", "G8")
def test_from_the_report_to_the_rating(desk: ApiDesk) -> None:
    receipt = desk.report(matter="elevator", key="k").json_body
    assert desk.report(matter="elevator", key="k").json_body == receipt
    number = receipt["number"]
    given = {"handler": "engineering-1", "reason": "on duty"}
    assert desk.command(number, "assign", given, user="manager-1").status_code == 200
    case = desk.office.desk.cases.get("riverside", number)
    work = desk.office.codes.code(link_for(case, Purpose.WORK, 7))
    done = {"cause": "主板老化", "result": "已更换😀"}
    for command, body in (("sign", {"signature": "甲"}), ("start", {}), ("complete", done)):
        assert desk.post(f"/v1/links/{work}/{command}", body).status_code == 200
    assert desk.get(f"/v1/links/{work}").json_body["sign_off"]["waiting"]["result"] == "已更换😀"
    assert desk.signed_off(number) is not None
    case = desk.office.desk.cases.get("riverside", number)
    rate = desk.office.codes.code(link_for(case, Purpose.RATE, 7))
    assert desk.post(f"/v1/links/{rate}/rate", {"score": 5}).json_body["rating"]["score"] == 5
    assert desk.post(f"/v1/links/{rate}/rate", {"score": 1}).status_code == 410
    track = receipt["tracking_url"].rpartition("/")[2]
    seen = desk.get(f"/v1/links/{track}").json_body
    assert seen["result"] == "已更换😀"
    assert "rated" in [entry["type"] for entry in seen["timeline"]]
    total = desk.get("/v1/communities/riverside/figures", user="manager-1").json_body["rows"][0]
    assert (total["counters"]["registered"], total["counters"]["ratings"]) == (1, 1)


def test_what_a_request_costs(desk: ApiDesk) -> None:
    body = {
        "another": True,
        "text": "灯坏了",
        "unit": "3-1",
        "name": "王",
        "phone": "13800138000",
        "matter": "elevator",
    }
    standing = ["BatchGetItem"]
    """Whoever is signed in, and their place: read at each request, so that a session's end holds at once."""
    number, written = ["UpdateItem"], ["TransactWriteItems"]
    looked = ["PutItem"]
    """The look on record, before anything personal is shown (E8)."""
    assert operations(desk, "POST", CASES, body, user="agent-1") == standing + number + written, (
        "who leads an outage there comes with the number (A16)"
    )
    counted = ["TransactWriteItems"]
    made = operations(desk, "POST", CASES, body)
    assert made == counted + number + written, "its counters in one call"
    calm = {**body, "matter": "staff_attitude", "text": "保安态度差"}
    assert operations(desk, "POST", CASES, calm, user="agent-1") == standing + number + written
    case = f"{CASES}/202611-0001"
    sent, marked = ["Query"], ["GetItem"]
    read = [*standing, "BatchGetItem", *looked, *sent, *marked]
    assert operations(desk, "GET", case, user="agent-1") == read, "what was sent, and the malicious track"
    passed_on = operations(desk, "POST", f"{case}/commands/escalate", {"reason": "x"}, user="agent-1")
    assert passed_on == [*standing, "BatchGetItem", *written]
    listed = [*standing, "Query", *looked]
    assert operations(desk, "GET", f"{CASES}?month=2026-11", user="agent-1") == listed
    assert operations(desk, "GET", CASES, user="agent-1") == listed
    figures = operations(desk, "GET", "/v1/communities/riverside/figures", user="agent-1")
    assert figures == [*standing, "Query", "Query"], "and the same month a year before"


def test_what_it_costs_to_learn_where_one_works_and_what_communities_there_are(desk: ApiDesk) -> None:
    assert operations(desk, "GET", "/v1/me", user="agent-1") == ["BatchGetItem", "Query", "BatchGetItem"]
    assert operations(desk, "GET", "/") == ["Query"]
    assert operations(desk, "GET", "/desk") == []


@pytest.mark.parametrize("query", ["month=2026-11", "unit=3-1201", "scope=community", "department=desk"])
def test_pages_follow_one_another(desk: ApiDesk, query: str) -> None:
    numbers = [desk.report(user="agent-1").json_body["number"] for _ in range(5)]
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        more = f"&cursor={cursor}" if cursor else ""
        page = desk.get(f"{CASES}?{query}&limit=2{more}", user="agent-1")
        assert page.status_code == 200, page.body
        found += [item["number"] for item in page.json_body["items"]]
        cursor = page.json_body["cursor"]
    assert sorted(found) == numbers


def test_another_community_is_none(desk: ApiDesk) -> None:
    agent = token("agent-1", "agent")
    assert desk.get("/v1/communities/hillside/cases", bearer=agent).status_code == 404
    assert desk.get("/v1/communities/atlantis/cases", bearer=agent).status_code == 404


@pytest.mark.req("E8")
def test_a_removal_takes_effect_at_the_next_request_though_the_community_is_kept(desk: ApiDesk) -> None:
    place, bearer = desk.office, token("engineering-1", "handler")
    number = desk.engineering_case()
    work = link_for(place.desk.cases.get("riverside", number), Purpose.WORK, 0)
    code = place.codes.code(work)
    asked = (lambda: desk.get(CASES, bearer=bearer), lambda: desk.get(f"/v1/links/{code}"))
    assert [ask().status_code for ask in asked] == [200, 200]
    member = place.desk.directory.community("riverside").member("engineering-1")
    assert member is not None
    directory_admin.put("riverside", replace(member, active=False))
    assert [ask().status_code for ask in asked] == [404, 410]
    directory_admin.put("riverside", replace(member, role=Role.AGENT))
    assert asked[0]().status_code == 403, "the token is of the role before"
