"""What links can do: track, work, rate; once where it matters, never beyond their purpose (D1, E5, G8)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib import wiring
from chalicelib.domain.case.links import Purpose, link_for
from tests.api_desk import ApiDesk, api_desk


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


def code_of(desk: ApiDesk, number: str, purpose: Purpose) -> str:
    """The code that a message to the handler or resident would carry now."""
    case = desk.office.desk.cases.get("riverside", number)
    return desk.office.codes.code(link_for(case, purpose, 7))


def completed(desk: ApiDesk) -> str:
    """A case whose result its handler has handed in through the work link, and its head signed off."""
    number = desk.engineering_case()
    work = code_of(desk, number, Purpose.WORK)
    for command, body in (
        ("sign", {"signature": "甲"}),
        ("start", {}),
        ("complete", {"result": "已更换", "cause": "老化"}),
    ):
        answer = desk.post(f"/v1/links/{work}/{command}", body)
        assert answer.status_code == 200, answer.body
    assert desk.signed_off(number) is not None
    return number


@pytest.mark.req("E5")
def test_the_resident_follows_the_case(desk: ApiDesk) -> None:
    receipt = desk.report(matter="elevator", text="电梯<b>坏了</b>😀").json_body
    code, number = receipt["tracking_url"].rpartition("/")[2], receipt["number"]
    given = {"handler": "engineering-1", "reason": "内部原因"}
    desk.command(number, "assign", given, user="manager-1")
    desk.command(number, "sign", {"signature": "甲"}, user="engineering-1")
    desk.command(number, "progress", {"note": "配件明天到"}, user="engineering-1")
    answer = desk.get(f"/v1/links/{code}")
    body = answer.json_body
    assert (body["purpose"], body["state"], body["handler_name"]) == ("track", "signed", "工程部甲")
    assert body["text"] == "电梯<b>坏了</b>😀"
    assert [entry["type"] for entry in body["timeline"]] == ["registered", "assigned", "signed", "progressed"]
    assert body["timeline"][-1]["text"] == "配件明天到"
    assert body["timeline"][1]["name"] == "工程部甲"
    assert body["commands"] == [
        "add_words",
        "choose_language",
        "add_files",
        "propose_appointment",
        "withdraw",
        "urge",
    ]
    assert "内部原因".encode() not in answer.body
    assert b"13900001234" not in answer.body


@pytest.mark.req("E8")
def test_the_link_of_a_handler_who_has_left_opens_nothing(desk: ApiDesk) -> None:
    number = desk.engineering_case()
    work, track = code_of(desk, number, Purpose.WORK), code_of(desk, number, Purpose.TRACK)
    place = desk.office.desk.directory.community("riverside")
    staff = tuple(replace(member, active=member.username != "engineering-1") for member in place.staff)
    desk.office.stores.directory.put(replace(place, staff=staff))  # type: ignore[attr-defined]
    for answer in (desk.get(f"/v1/links/{work}"), desk.post(f"/v1/links/{work}/sign", {"signature": "甲"})):
        assert (answer.status_code, answer.json_body["Code"]) == (410, "Gone")
        assert b"13900001234" not in answer.body
    assert desk.get(f"/v1/links/{track}").status_code == 200


@pytest.mark.req("E8")
def test_a_look_through_a_link_is_on_record(desk: ApiDesk, caplog: pytest.LogCaptureFixture) -> None:
    number = desk.engineering_case()
    work = code_of(desk, number, Purpose.WORK)
    with caplog.at_level("INFO"):
        desk.get(f"/v1/links/{work}")
    looks = [record for record in caplog.records if record.message == "link opened"]
    assert [(look.actor, look.number) for look in looks] == [("engineering-1", number)]  # type: ignore[attr-defined]
    assert work not in caplog.text


@pytest.mark.req("B2", "B8")
def test_a_handler_works_with_the_link_alone(desk: ApiDesk) -> None:
    number = desk.engineering_case()
    work = code_of(desk, number, Purpose.WORK)
    seen = desk.get(f"/v1/links/{work}").json_body
    assert (seen["purpose"], seen["unit"], seen["phone"]) == ("work", "3-1201", "+8613900001234")
    assert seen["commands"] == [
        "add_files",
        "sign",
        "decline",
        "answer",
        "draft_reply",
        "propose_appointment",
        "verify",
        "escalate",
        "record_outside_call",
    ]
    signed = desk.post(f"/v1/links/{work}/sign", {"signature": "工程甲"})
    assert signed.json_body["state"] == "signed"
    events = desk.get(f"/v1/communities/riverside/cases/{number}/events", user="agent-1").json_body["items"]
    assert (events[-1]["role"], events[-1]["actor"]) == ("handler", "engineering-1")


@pytest.mark.req("G8")
def test_the_work_link_ends_when_the_case_moves_on(desk: ApiDesk) -> None:
    number = desk.engineering_case()
    work = code_of(desk, number, Purpose.WORK)
    given = {"handler": "engineering-2", "reason": "换人"}
    assert desk.command(number, "assign", given, user="manager-1").status_code == 200
    for answer in (desk.get(f"/v1/links/{work}"), desk.post(f"/v1/links/{work}/sign", {"signature": "甲"})):
        assert (answer.status_code, answer.json_body["Code"]) == (410, "Gone")


def test_whoever_declines_is_shown_no_more(desk: ApiDesk) -> None:
    number = desk.engineering_case()
    work = code_of(desk, number, Purpose.WORK)
    answer = desk.post(f"/v1/links/{work}/decline", {"reason": "不在班"})
    assert answer.status_code == 200
    assert set(answer.json_body) == {"community", "number", "state", "version"}


@pytest.mark.req("D1", "G8")
def test_a_rating_is_taken_once_and_only_by_post(desk: ApiDesk) -> None:
    number = completed(desk)
    rate = code_of(desk, number, Purpose.RATE)
    before = desk.office.desk.cases.get("riverside", number).version
    for _ in range(3):
        assert desk.get(f"/v1/links/{rate}").json_body["commands"] == ["rate", "praise"]
    assert desk.get(f"/v1/links/{rate}/rate").status_code in {403, 405}
    assert desk.office.desk.cases.get("riverside", number).version == before
    voted = desk.post(f"/v1/links/{rate}/rate", {"score": 5, "comment": "很好👍"})
    assert voted.status_code == 200
    assert voted.json_body["rating"]["score"] == 5
    again = desk.post(f"/v1/links/{rate}/rate", {"score": 1})
    assert (again.status_code, again.json_body["Code"]) == (410, "Gone")


@pytest.mark.req("G8")
def test_a_rating_sent_twice_with_its_key_is_one(desk: ApiDesk) -> None:
    rate = code_of(desk, completed(desk), Purpose.RATE)
    how = {"headers": {"Idempotency-Key": "tap"}}
    first = desk.post(f"/v1/links/{rate}/rate", {"score": 5}, **how)
    again = desk.post(f"/v1/links/{rate}/rate", {"score": 5}, **how)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json_body["version"] == again.json_body["version"]
    assert desk.post(f"/v1/links/{rate}/rate", {"score": 5}).status_code == 410


@pytest.mark.parametrize("score", [0, 6, -1, 3.5, "5", None, True, 10**40, [5]])
def test_a_score_that_is_none(desk: ApiDesk, score: object) -> None:
    rate = code_of(desk, completed(desk), Purpose.RATE)
    answer = desk.post(f"/v1/links/{rate}/rate", {"score": score})
    assert (answer.status_code, answer.json_body["Code"]) == (400, "InvalidInput")
    assert "score" in answer.json_body["Message"]


@pytest.mark.req("G8")
def test_a_link_expires(desk: ApiDesk) -> None:
    rate = code_of(desk, completed(desk), Purpose.RATE)
    desk.office.clock.advance(timedelta(days=60))
    assert desk.get(f"/v1/links/{rate}").status_code == 410


@pytest.mark.req("G8")
@pytest.mark.parametrize(
    ("purpose", "command"),
    [
        (Purpose.TRACK, "sign"),
        (Purpose.TRACK, "rate"),
        (Purpose.TRACK, "close"),
        (Purpose.WORK, "rate"),
        (Purpose.WORK, "withdraw"),
        (Purpose.WORK, "assign"),
        (Purpose.WORK, "fire_timers"),
    ],
)
def test_a_link_gives_only_the_commands_of_its_purpose(desk: ApiDesk, purpose: Purpose, command: str) -> None:
    code = code_of(desk, desk.engineering_case(), purpose)
    assert desk.post(f"/v1/links/{code}/{command}", {}).status_code == 403


@pytest.mark.parametrize("code", ["x", "1234567890", "x" * 500, "%2e%2e", "%E4%B8%AD", "a%20b", "0OIl"])
def test_a_code_that_nobody_was_given(desk: ApiDesk, code: str) -> None:
    answer = desk.get(f"/v1/links/{code}")
    assert (answer.status_code, answer.json_body["Code"]) == (404, "NotFound")


def test_trying_codes_is_braked_but_a_right_link_stays_good(desk: ApiDesk) -> None:
    good = desk.report().json_body["tracking_url"].rpartition("/")[2]
    for _ in range(wiring.rate_limits().unknown_codes.most):
        assert desk.get("/v1/links/1234567890").status_code == 404
    braked = desk.get("/v1/links/1234567890")
    assert braked.status_code == 429
    assert int(braked.headers["Retry-After"]) > 0
    assert desk.get(f"/v1/links/{good}").status_code == 200
