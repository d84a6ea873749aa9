"""Who sees who reported a case, and the record of every look (E8, G13)."""

from collections.abc import Iterator

import pytest

from tests.api_desk import ApiDesk, api_desk, report_body
from tests.sending import send

HERE = "/v1/communities/riverside"
CASES, LOOKS = f"{HERE}/cases", f"{HERE}/looks"
PHONE, NAME = "13900001234", "王芳"


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


def record(desk: ApiDesk, query: str = "", user: str = "company-head-1") -> list[dict]:
    return desk.get(f"{LOOKS}{query}", user=user).json_body["items"]


@pytest.mark.req("E8")
def test_every_look_is_on_record_by_day_person_and_case_and_so_is_reading_it(desk: ApiDesk) -> None:
    number = desk.engineering_case()
    desk.get(f"{CASES}/{number}", user="engineering-1")
    desk.get(f"{CASES}/{number}/events", user="agent-1")
    desk.get(CASES, user="agent-1")
    desk.get(f"{CASES}?unit=3-1201", user="agent-1")
    of_day = record(desk)
    assert [(look["who"], look["what"], look["number"], look["masked"]) for look in of_day] == [
        ("agent-1", "list", None, False),
        ("agent-1", "list", None, False),
        ("agent-1", "history", number, False),
        ("engineering-1", "case", number, False),
    ]
    assert (of_day[0]["filter"], of_day[0]["count"]) == ("unit=…", 1), "a unit is personal, also as a filter"
    assert {look["what"] for look in record(desk, "?person=agent-1")} == {"list", "history"}
    assert [look["who"] for look in record(desk, f"?case={number}")] == ["agent-1", "engineering-1"]
    assert record(desk, f"?case={number}")[0]["what"] == "looks"
    mine = record(desk, "?person=company-head-1")
    assert [(look["what"], look["filter"]) for look in mine[:4]] == [
        ("looks", ""),
        ("looks", ""),
        ("looks", "person=agent-1"),
        ("looks", "day=2026-11-23"),
    ]
    assert desk.get(f"{LOOKS}?day=2026-11-23&person=agent-1", user="manager-1").status_code == 400
    assert desk.get(f"{LOOKS}?day=yesterday", user="manager-1").status_code == 400


@pytest.mark.req("E8")
@pytest.mark.parametrize("path", ["", "/{number}", "/{number}/events"])
def test_what_cannot_be_put_on_record_is_not_shown(desk: ApiDesk, path: str) -> None:
    number = desk.engineering_case()
    assert desk.office.memory is not None
    desk.office.memory.faults["looks.record"] = ["before"]
    answer = desk.get(CASES + path.replace("{number}", number), user="agent-1")
    assert answer.status_code >= 500
    assert NAME.encode() not in answer.body
    assert PHONE.encode() not in answer.body


@pytest.mark.req("E8")
def test_a_leader_sees_it_masked_and_reveals_it_with_a_reason(desk: ApiDesk) -> None:
    number = desk.engineering_case()
    seen = desk.get(f"{CASES}/{number}", user="manager-1").json_body
    assert (seen["resident_name"], seen["phone"], seen["can_reveal"]) == ("王**", "139****1234", True)
    assert PHONE.encode() not in desk.get(f"{CASES}/{number}/events", user="manager-1").body
    refused = desk.post(f"{CASES}/{number}/reveals", {"reason": " "}, user="manager-1")
    assert refused.status_code == 400
    told = desk.post(f"{CASES}/{number}/reveals", {"reason": "住户投诉到公司"}, user="manager-1").json_body
    assert (told["name"], told["phone"]) == (NAME, f"+86{PHONE}")
    (look,) = [look for look in record(desk) if look["what"] == "reveal"]
    assert (look["who"], look["number"], look["reason"]) == ("manager-1", number, "住户投诉到公司")


@pytest.mark.req("E8")
def test_what_has_climbed_to_a_leader_is_shown_to_them(desk: ApiDesk) -> None:
    number = desk.engineering_case()
    while desk.command(number, "escalate", {"reason": "急"}, user="engineering-1").status_code == 200:
        pass
    seen = desk.get(f"{CASES}/{number}", user="manager-1").json_body
    assert (seen["phone"], seen["contact_hidden"]) == (f"+86{PHONE}", False)


@pytest.mark.req("G13")
def test_a_shielded_resident_is_not_known_to_whoever_works_on_it(desk: ApiDesk) -> None:
    text = f"三楼走廊灯坏了。{NAME}，{PHONE}，3-1201。"
    number = desk.engineering_case(shielded=True, text=text, kind="complaint")
    for user in ("engineering-1", "engineering-head"):
        seen = desk.get(f"{CASES}/{number}", user=user)
        events = desk.get(f"{CASES}/{number}/events", user=user)
        for secret in (NAME, PHONE, "3-1201"):
            assert secret.encode() not in seen.body + events.body, (user, secret)
        refused = desk.post(f"{CASES}/{number}/reveals", {"reason": "想联系"}, user=user)
        assert (refused.status_code, refused.json_body["Code"]) == (403, "NotAllowed")
    by_desk = desk.get(f"{CASES}/{number}", user="agent-1").json_body
    assert (by_desk["contact_hidden"], by_desk["can_reveal"]) == (True, True)
    told = desk.post(f"{CASES}/{number}/reveals", {"reason": "住户来电"}, user="agent-1").json_body
    assert told["phone"] == f"+86{PHONE}"


@pytest.mark.req("G13")
def test_the_record_does_not_tell_the_person_whom_a_complaint_is_about(desk: ApiDesk) -> None:
    body = report_body(about_staff="manager-1", matter="staff_attitude", kind="complaint", channel="walk_in")
    number = desk.post(CASES, body, user="company-head-1").json_body["number"]
    desk.get(f"{CASES}/{number}", user="company-head-1")
    assert [look["number"] for look in record(desk)] == [number]
    record(desk, f"?case={number}")
    assert number not in str(record(desk, user="manager-1"))
    hidden = desk.get(f"{LOOKS}?case={number}", user="manager-1")
    unknown = desk.get(f"{LOOKS}?case=202611-0999", user="manager-1")
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    assert hidden.body == unknown.body.replace(b"202611-0999", number.encode())


@pytest.mark.req("G13", "A11")
def test_no_message_about_a_shielded_resident_says_who_or_where(desk: ApiDesk) -> None:
    text = f"三楼走廊灯坏了。{NAME}，{PHONE}，3-1201。"
    number = desk.engineering_case(shielded=True, text=text, kind="complaint")
    while desk.command(number, "escalate", {"reason": "急"}, user="engineering-1").status_code == 200:
        pass
    send(desk.office)
    residents = {f"+86{PHONE}"}
    said = [text for phone, text in desk.office.sms.sent if phone not in residents]
    said += [str(mail) for mail in desk.office.mail.sent]
    assert any("房号保密" in text for text in said)
    for secret in (NAME, PHONE, "3-1201"):
        assert not [text for text in said if secret in text], secret


@pytest.mark.req("G13", "A11")
def test_the_unit_stands_in_messages_where_the_work_is_in_it(desk: ApiDesk) -> None:
    desk.engineering_case(shielded=True, text=f"漏水，{NAME}", kind="repair", matter="leak_pipe")
    desk.engineering_case(text=f"走廊灯坏了，{NAME}", kind="complaint")
    send(desk.office)
    said = [text for phone, text in desk.office.sms.sent if phone != f"+86{PHONE}"]
    assert len([text for text in said if "3-1201" in text and "派单" in text]) == 2
