"""A result that the head of the department signs off, through the API (B9)."""

from collections.abc import Iterator

import pytest

from chalicelib.domain.case.links import Purpose, link_for
from tests.api_desk import ApiDesk, api_desk

CASES = "/v1/communities/riverside/cases"
DONE = {"result": "已换轴承，试运行正常", "cause": "轴承老化"}
HEAD = "engineering-head"
pytestmark = pytest.mark.req("B9")


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


@pytest.fixture
def number(desk: ApiDesk) -> str:
    """A complaint whose handler has handed the result in by the link."""
    number = desk.engineering_case()
    desk.command(number, "sign", {"signature": "工程部甲"}, user="engineering-1")
    work = code_of(desk, number, Purpose.WORK)
    assert desk.post(f"/v1/links/{work}/complete", DONE).json_body["state"] == "working"
    return number


def code_of(desk: ApiDesk, number: str, purpose: Purpose) -> str:
    return desk.office.codes.code(link_for(desk.office.desk.cases.get("riverside", number), purpose, 7))


def case_of(desk: ApiDesk, number: str) -> dict[str, object]:
    shown: dict[str, object] = desk.get(f"{CASES}/{number}", user=HEAD).json_body
    return shown


def seen(desk: ApiDesk, number: str) -> dict[str, str]:
    return {"If-Match": f'"{case_of(desk, number)["version"]}"'}


def test_the_resident_reads_the_result_once_it_is_signed(desk: ApiDesk, number: str) -> None:
    track = code_of(desk, number, Purpose.TRACK)
    before = desk.get(f"/v1/links/{track}").json_body
    assert (before["state"], before["result"]) == ("working", None)
    assert DONE["result"] not in repr(before)
    solve = next(clock for clock in before["deadlines"] if clock["clock"] == "solve")
    assert (solve["met_at"], solve["late"]) == (None, False), "neither done nor late is said of it"
    assert "rate" not in before["commands"]
    inside = case_of(desk, number)["sign_off"]
    assert isinstance(inside, dict)
    assert (inside["waiting"]["by"], inside["waiting"]["asked"]) == ("engineering-1", [HEAD])
    given = desk.command(number, "sign_off_result", user=HEAD, headers=seen(desk, number))
    assert given.json_body["sign_off"]["signed_by"] == HEAD
    after = desk.get(f"/v1/links/{track}").json_body
    assert (after["state"], after["result"]) == ("completed", DONE["result"])
    (told,) = [entry for entry in after["timeline"] if entry["type"] == "completed"]
    assert told["name"] == "工程部甲", "whose work it was, not who signed it"


def test_whoever_signs_says_which_text_they_have_read(desk: ApiDesk, number: str) -> None:
    assert desk.command(number, "sign_off_result", user=HEAD).status_code == 428
    read = seen(desk, number)
    desk.command(number, "return_result", {"reason": "没拍照"}, user=HEAD)
    desk.command(number, "complete", {"result": "补了照片"}, user="engineering-1", signed_off=False)
    assert desk.command(number, "sign_off_result", user=HEAD, headers=read).status_code in {409, 412}
    assert case_of(desk, number)["state"] == "working"


@pytest.mark.parametrize(
    "user", ["engineering-1", "engineering-2", "security-head", "agent-1", "supervisor-1"]
)
def test_nobody_else_signs(desk: ApiDesk, number: str, user: str) -> None:
    answer = desk.command(number, "sign_off_result", user=user, headers=seen(desk, number))
    assert answer.status_code in {403, 404}
    assert case_of(desk, number)["state"] == "working"


def test_what_does_not_wait_is_not_signed(desk: ApiDesk) -> None:
    number = desk.engineering_case()
    desk.command(number, "sign", {"signature": "工程部甲"}, user="engineering-1")
    desk.command(number, "start", {}, user="engineering-1")
    answer = desk.command(number, "sign_off_result", user=HEAD, headers=seen(desk, number))
    assert answer.status_code == 409
    assert "'complete' hands one in" in answer.json_body["Message"]


def test_the_regulation_says_in_which_kinds(desk: ApiDesk) -> None:
    kinds = {pack: desk.get(f"/v1/regulations/{pack}").json_body["signed_off"] for pack in ("S0", "S1")}
    assert kinds == {"S0": ["complaint", "repair", "help"], "S1": []}
