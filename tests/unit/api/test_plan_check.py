"""A plan that the desk confirms before its resident reads it, through the API (B5, S3)."""

from collections.abc import Iterator

import pytest

from chalicelib.domain.case.links import Purpose, link_for
from tests.api_desk import ApiDesk, api_desk

CASES = "/v1/communities/riverside/cases"
PLAN = {"cause": "轴承老化", "plan": "周五更换轴承"}
pytestmark = pytest.mark.req("B5")


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


@pytest.fixture
def number(desk: ApiDesk) -> str:
    """A complaint whose handler has handed a plan in by the link."""
    number = desk.engineering_case()
    desk.command(number, "sign", {"signature": "工程部甲"}, user="engineering-1")
    answer = desk.post(f"/v1/links/{code_of(desk, number, Purpose.WORK)}/propose", PLAN).json_body
    assert (answer["state"], answer["plan"]) == ("signed", None)
    assert answer["plan_check"]["waiting"]["plan"]["plan"] == PLAN["plan"]
    return number


def code_of(desk: ApiDesk, number: str, purpose: Purpose) -> str:
    return desk.office.codes.code(link_for(desk.office.desk.cases.get("riverside", number), purpose, 7))


def seen(desk: ApiDesk, number: str) -> dict[str, str]:
    return {"If-Match": f'"{desk.get(f"{CASES}/{number}", user="manager-1").json_body["version"]}"'}


def test_the_resident_reads_the_plan_once_it_is_confirmed_and_whose_it_is(desk: ApiDesk, number: str) -> None:
    track = code_of(desk, number, Purpose.TRACK)
    before = desk.get(f"/v1/links/{track}").json_body
    assert (before["state"], before["plan"]) == ("signed", None)
    assert not {"agree", "disagree"} & set(before["commands"])
    assert PLAN["plan"] not in repr(before)
    assert PLAN["cause"] not in repr(before)
    assert desk.post(f"/v1/links/{track}/agree", {}).status_code == 409
    given = desk.command(number, "confirm_plan", user="agent-1", headers=seen(desk, number)).json_body
    assert given["state"] == "proposed"
    check = given["plan_check"]
    assert (check["waiting"], check["confirmed_by"], check["done_by"]) == (None, "agent-1", "engineering-1")
    after = desk.get(f"/v1/links/{track}").json_body
    assert (after["plan"]["plan"], after["plan"]["done_by"]) == (PLAN["plan"], None)
    (told,) = [entry for entry in after["timeline"] if entry["type"] == "proposed"]
    assert told["name"] == "工程部甲", "whose plan it is, not who has confirmed it"
    assert "engineering-1" not in repr(after)
    history = desk.get(f"{CASES}/{number}/events", user="manager-1").json_body["items"]
    (put,) = [event for event in history if event["type"] == "proposed"]
    assert (put["actor"], put["details"]["done_by"]) == ("agent-1", "engineering-1"), "both are named"
    assert desk.post(f"/v1/links/{track}/agree", {}).json_body["state"] == "working"


def test_whoever_confirms_says_which_plan_they_have_read(desk: ApiDesk, number: str) -> None:
    assert desk.command(number, "confirm_plan", user="agent-1").status_code == 428
    read = seen(desk, number)
    better = {**PLAN, "plan": "今晚更换轴承"}
    desk.command(number, "propose", better, user="engineering-1", signed_off=False)
    assert desk.command(number, "confirm_plan", user="agent-1", headers=read).status_code in {409, 412}
    assert desk.get(f"{CASES}/{number}", user="agent-1").json_body["state"] == "signed"


@pytest.mark.parametrize("command", ["confirm_plan", "return_plan"])
@pytest.mark.parametrize("user", ["engineering-1", "engineering-2", "engineering-head", "security-head"])
def test_nobody_but_the_desk_decides(desk: ApiDesk, number: str, command: str, user: str) -> None:
    body = {"reason": "周五太晚"} if command == "return_plan" else {}
    answer = desk.command(number, command, body, user=user, headers=seen(desk, number))
    assert answer.status_code in {403, 404}
    assert desk.get(f"{CASES}/{number}", user="agent-1").json_body["plan_check"]["waiting"]


def test_what_does_not_wait_is_not_confirmed_and_a_return_needs_its_reason(
    desk: ApiDesk, number: str
) -> None:
    assert desk.command(number, "return_plan", {}, user="agent-1").status_code == 400
    returned = desk.command(number, "return_plan", {"reason": "周五太晚"}, user="supervisor-1").json_body
    back = returned["plan_check"]["returned"]
    assert (back["reason"], back["by"], back["plan"]["plan"]) == ("周五太晚", "supervisor-1", PLAN["plan"])
    answer = desk.command(number, "confirm_plan", user="agent-1", headers=seen(desk, number))
    assert answer.status_code == 409
    assert "'propose' hands one in" in answer.json_body["Message"]


def test_the_regulation_says_in_which_kinds(desk: ApiDesk) -> None:
    kinds = {
        pack: desk.get(f"/v1/regulations/{pack}").json_body["plan_confirmed"]
        for pack in ("S0", "S3", "default")
    }
    assert kinds == {"S0": [], "S3": ["complaint"], "default": ["complaint"]}
