"""Registering over HTTP: what is answered, once or again, and what is refused (A1–A4, A10, A11)."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.errors import BusyError
from chalicelib.domain.notices.kinds import NoticeKind
from chalicelib.http import report_body as report_body_module
from chalicelib.services.records import Change
from tests.api_desk import BASE_URL, ApiDesk, api_desk, report_body

CASES = "/v1/communities/riverside/cases"


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


@pytest.mark.req("A11", "A4")
def test_the_resident_gets_number_next_step_deadline_and_link(desk: ApiDesk) -> None:
    answer = desk.report(matter="elevator", kind="repair")
    body = answer.json_body
    assert answer.status_code == 201
    assert body["number"] == "202611-0001"
    assert body["deadline"]["zone"] == "Asia/Shanghai"
    assert body["deadline"]["due_at"].endswith("+08:00")
    assert body["deadline"]["reasons"]
    assert "工程部" in body["next"]
    assert answer.headers["Location"] == f"{BASE_URL}{CASES}/202611-0001"
    code = body["tracking_url"].removeprefix(f"{BASE_URL}/l/")
    assert desk.get(f"/v1/links/{code}").json_body["number"] == "202611-0001"


@pytest.mark.req("A11", "A13")
def test_whoever_has_an_idea_reads_who_decides_on_it(desk: ApiDesk) -> None:
    asked = report_body(matter="other", kind="suggestion")
    assert "由管理处经理审阅决定" in desk.post(CASES, asked).json_body["next"]
    english = desk.post(CASES, {**asked, "another": True}, headers={"Accept-Language": "en"}).json_body
    assert english["next"].startswith("Registered. The manager decides on it and answers you by ")


@pytest.mark.req("A11", "C5", "A6")
def test_whoever_is_in_danger_is_told_when_somebody_comes(desk: ApiDesk) -> None:
    body = desk.report(matter="fire", kind="help").json_body
    registered = datetime.fromisoformat(body["registered_at"])
    assert datetime.fromisoformat(body["arrival"]["due_at"]) == registered + timedelta(minutes=10)
    assert body["arrival"]["reasons"]
    assert "11月23日（周一）09:10前到场，最迟2026年11月24日（周二）09:00前办结" in body["next"]
    asked = report_body(matter="fire", kind="help")
    english = desk.post(CASES, asked, headers={"Accept-Language": "en"}).json_body
    assert "we will be there by Mon 23 Nov 2026, 09:10 and solve it by" in english["next"]
    code = body["tracking_url"].rpartition("/")[2]
    page = desk.get(f"/l/{code}/receipt").body.decode()
    assert page.index("最晚到场时间") < page.index("09:10") < page.index("最晚办结时间")
    assert desk.report(matter="staff_attitude", kind="praise").json_body["arrival"] is None


@pytest.mark.req("A11")
@pytest.mark.parametrize(
    ("accepted", "word"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "登记"),
        ("en-GB,en;q=0.9", "Registered"),
        ("fr", "登记"),
        ("zh;q=0.1, en;q=0.5", "Registered"),
        ("en;q=", "Registered"),
        ("en;q=x", "登记"),
        (";;,,=", "登记"),
    ],
)
def test_the_sentence_is_in_the_callers_language(desk: ApiDesk, accepted: str, word: str) -> None:
    answer = desk.post(CASES, report_body(), headers={"Accept-Language": accepted})
    assert word in answer.json_body["next"]


@pytest.mark.req("A2")
def test_a_repeat_gets_the_first_answer_again(desk: ApiDesk) -> None:
    first = desk.report(key="call 17".replace(" ", "-"), matter="elevator")
    number = first.json_body["number"]
    desk.office.clock.advance(timedelta(hours=3))
    given = {"handler": "engineering-1", "reason": "on duty"}
    assert desk.command(number, "assign", given, user="manager-1").status_code == 200
    again = desk.report(key="call-17", matter="elevator")
    assert (again.status_code, again.body) == (200, first.body)
    assert desk.report(key="call-18", matter="elevator").json_body["number"] != number


def test_a_repeat_gets_the_first_answer_though_the_deadline_has_moved(desk: ApiDesk) -> None:
    first = desk.report(key="k", matter="elevator")
    change = {"reason": "stuck between floors", "urgency": "emergency"}
    number = first.json_body["number"]
    assert desk.command(number, "classify", change, user="agent-1").status_code == 200
    assert desk.report(key="k", matter="elevator").body == first.body


def test_one_key_cannot_stand_for_two_reports(desk: ApiDesk) -> None:
    desk.report(key="k")
    answer = desk.report(key="k", text="something else")
    assert (answer.status_code, answer.json_body["Code"]) == (409, "Conflict")
    assert "202611-0001" not in answer.json_body["Message"], "it may be a neighbour's"


def test_without_a_key_every_post_is_a_report_of_its_own(desk: ApiDesk) -> None:
    assert desk.report().json_body["number"] != desk.report().json_body["number"]


@pytest.mark.parametrize("key", ["", " ", "a b", "键", "x" * 201, "a\tb"])
def test_a_key_that_is_none(desk: ApiDesk, key: str) -> None:
    assert desk.report(key=key).status_code == 400


@pytest.mark.req("A10")
def test_staff_register_what_was_solved_on_the_spot(desk: ApiDesk) -> None:
    answer = desk.report(user="agent-1", solved_with="换了灯泡", channel="walk_in", phone=None)
    assert answer.status_code == 201
    assert "当场" in answer.json_body["next"]
    seen = desk.get(f"{CASES}/{answer.json_body['number']}", user="agent-1").json_body
    assert (seen["state"], seen["taken_by"], seen["channel"]) == ("completed", "agent-1", "walk_in")


@pytest.mark.req("A1")
def test_a_machine_files_for_its_channel(desk: ApiDesk) -> None:
    answer = desk.report(user="ivr-1", channel="hotline_ivr", phone=None, key="call-id-1")
    assert answer.status_code == 201
    seen = desk.get(f"{CASES}/{answer.json_body['number']}", user="agent-1").json_body
    assert (seen["channel"], seen["taken_by"]) == ("hotline_ivr", "ivr-1")
    solved = desk.report(user="ivr-1", solved_with="by itself").json_body
    assert (solved["state"], solved["left_out"]) == ("registered", ["solved_with: by itself"])


@pytest.mark.req("A1", "A6")
@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("phone", "anonymous", None),
        ("phone", "10086", None),
        ("phone", "", None),
        ("phone", 13800138000, None),
        ("phone", "x" * 5000, None),
        ("email", "nobody", None),
        ("name", " ", None),
        ("unit", "9" * 200, None),
        ("care", "yes", None),
        ("kind", "alarm", "help"),
        ("severity", "very", None),
        ("nature", "valid", None),
        ("follows", "209912-0001", None),
        ("evidence", "one.wav", ()),
        ("solved_with", "hung up", None),
        ("contacted_at", "2026-13-45", None),
        ("contacted_at", "2020-01-01T00:00:00Z", None),
        ("queue", {"id": 7}, None),
        ("channel", "telepathy", "hotline_ivr"),
        ("channel", None, "hotline_ivr"),
        ("channel", ["hotline_ivr"], "hotline_ivr"),
        ("text", 911, None),
        ("text", "\u3164", None),
        ("text", None, None),
    ],
)
def test_what_a_machine_cannot_say_right_keeps_no_report_out(
    desk: ApiDesk, name: str, given: object, kept: object
) -> None:
    """Registered and alerted without it; the answer and the case say what was left out."""
    asked = {
        "text": "楼道里有烟",
        "channel": "hotline_ivr",
        "matter": "fire",
        "kind": "help",
        "unit": "3-1201",
    }
    asked |= {"name": "王芳", "phone": "13800138001", name: given}  # type: ignore[dict-item]
    answer = desk.post(CASES, asked, user="ivr-1", headers={"Idempotency-Key": "call-9"})
    assert answer.status_code == 201, answer.json_body
    place, number = desk.office, answer.json_body["number"]
    case = place.desk.cases.get("riverside", number)
    nothing = given in ("", " ", "\u3164") or (name, given) == ("text", None)
    left_out = [] if nothing else answer.json_body["left_out"]
    assert [entry.partition(":")[0] for entry in left_out] == ([] if nothing else [name])
    assert case.classification.matter == "fire"
    if hasattr(case.report, name) and name != "contacted_at":
        assert getattr(case.report, name) == kept
    alerts = [stored.notice.kind for stored in place.stores.notices.of_case("riverside", number)]
    assert NoticeKind.ALERT in alerts
    seen = desk.get(f"{CASES}/{number}", user="agent-1").json_body
    assert seen["left_out"] == left_out
    again = desk.post(CASES, asked, user="ivr-1", headers={"Idempotency-Key": "call-9"})
    assert (again.status_code, again.body) == (200, answer.body)


@pytest.mark.req("A2")
@pytest.mark.parametrize("minutes", [6, 600])
def test_a_machine_whose_clock_is_fast_reports_a_contact_just_now(desk: ApiDesk, minutes: int) -> None:
    now = desk.office.clock()
    ahead = (now + timedelta(minutes=minutes)).isoformat()
    answer = desk.report(user="ivr-1", channel="hotline_ivr", contacted_at=ahead)
    assert answer.status_code == 201
    assert answer.json_body["left_out"] == [f"contacted_at: {ahead}"]
    case = desk.office.desk.cases.get("riverside", answer.json_body["number"])
    assert case.report.contacted_at == now


@pytest.mark.req("A1", "A6")
@pytest.mark.parametrize(
    ("written", "left_out"),
    [
        ('"phone": 1e400', "phone: 1e400"),
        ('"phone": -Infinity', "phone: -Infinity"),
        ('"queue": [NaN, 1e999, "\\udc00"]', "queue: "),
        (f'"queue": {"9" * 5000}', "queue: 999"),
        (f'"queue": [{"9" * 30}, 1e400]', "queue: ["),
        (r'"x\ud800": "\udc00"', "x□: □"),
        (r'"name": "\ud800"', "name: □"),
        ('"queue": "a\nb\x01c"', "queue: a\nb□c"),
        (r'"name": "\u202e\u0000王"', "name: □王"),
        (r'"queue": "\u202e\u200b17"', "queue: 17"),
    ],
)
def test_no_writing_of_a_side_field_keeps_a_machines_report_out(
    desk: ApiDesk, written: str, left_out: str
) -> None:
    fire = '"text": "楼道里有烟", "channel": "hotline_ivr", "matter": "fire", "kind": "help"'
    body = f"{{{fire}, {written}}}"
    answer = desk.call("POST", CASES, body.encode(), user="ivr-1")
    assert answer.status_code == 201, answer.json_body
    assert [entry[: len(left_out)] for entry in answer.json_body["left_out"]] == [left_out]
    seen = desk.get(f"{CASES}/{answer.json_body['number']}", user="agent-1").json_body
    assert (seen["text"], seen["left_out"]) == ("楼道里有烟", answer.json_body["left_out"])
    assert desk.call("POST", CASES, body.encode(), user="agent-1").status_code == 400


@pytest.mark.req("A1", "A6")
@pytest.mark.parametrize("lost", ["\ufffd", "\\ufffd", "\\ud800", "\\u0000"])
def test_words_of_a_machine_with_a_lost_character_are_taken_with_a_gap(desk: ApiDesk, lost: str) -> None:
    body = f'{{"text": "楼道里有{lost}烟", "channel": "hotline_ivr", "phone": "13800138001"}}'
    answer = desk.call("POST", CASES, body.encode(), user="ivr-1")
    assert answer.status_code == 201, answer.json_body
    assert [entry.partition(":")[0] for entry in answer.json_body["left_out"]] == ["text"]
    seen = desk.get(f"{CASES}/{answer.json_body['number']}", user="agent-1").json_body
    assert (seen["text"], seen["phone"]) == ("楼道里有□烟", "+8613800138001")


@pytest.mark.parametrize(
    "body", ["{", "[]", '"烟"', '{"text": NaN, "channel": "hotline_ivr"}', '{"text": 1e400}']
)
def test_what_is_no_report_of_a_machine_is_refused(desk: ApiDesk, body: str) -> None:
    assert desk.call("POST", CASES, body.encode(), user="ivr-1").status_code == 400


@pytest.mark.req("A1", "A6")
def test_a_call_that_says_nothing_but_fire_is_a_fire(desk: ApiDesk) -> None:
    pressed = {"channel": "hotline_ivr", "matter": "fire", "kind": "help", "phone": "anonymous"}
    answer = desk.post(CASES, pressed, user="ivr-1")
    assert answer.status_code == 201, answer.json_body
    case = desk.office.desk.cases.get("riverside", answer.json_body["number"])
    assert case.classification.urgency == "emergency"


@pytest.mark.req("A1", "A6")
def test_what_a_machine_says_at_length_goes_on_in_the_course_of_events(desk: ApiDesk) -> None:
    said = "烟" * 1999 + "在三楼" + "烟" * 500
    answer = desk.post(CASES, {"text": said, "matter": "fire", "kind": "help"}, user="ivr-1")
    assert answer.status_code == 201, answer.json_body
    seen = desk.get(f"{CASES}/{answer.json_body['number']}", user="agent-1").json_body
    assert seen["text"] + seen["course_of_events"] == said


@pytest.mark.req("A1", "A4", "A6")
@pytest.mark.parametrize("key", ["call 17 äöü", "x" * 5000])
def test_an_id_that_is_no_key_keeps_no_machine_out_and_is_the_same_again(desk: ApiDesk, key: str) -> None:
    first, again = (
        desk.post(CASES, report_body(matter="fire"), user="ivr-1", headers={"Idempotency-Key": key})
        for _ in range(2)
    )
    assert (first.status_code, again.status_code, again.body) == (201, 200, first.body)
    people = {"Idempotency-Key": key}
    assert desk.post(CASES, report_body(matter="fire"), user="agent-1", headers=people).status_code == 400


def test_without_its_words_a_machines_report_is_none(desk: ApiDesk) -> None:
    assert desk.post(CASES, {"channel": "hotline_ivr", "phone": "10086"}, user="ivr-1").status_code == 400


@pytest.mark.parametrize("user", [None, "agent-1"])
def test_people_can_mend_a_field_and_are_asked_to(desk: ApiDesk, user: str | None) -> None:
    assert desk.report(user=user, phone="anonymous").status_code == 400


@pytest.mark.req("A3")
@pytest.mark.parametrize(
    "text",
    [
        "電梯壞了，請儘快維修",
        "水管爆了😭🌊👨‍👩‍👧",
        "𠮷野家旁边的𪚥字牌掉了",
        "<script>alert('x')</script> & \"quotes\"",
        "line one\nline two\ttabbed",
        "'; DROP TABLE cases; --",
        "字" * 2000,
        "=1+1",
    ],
)
def test_what_was_said_is_kept_to_the_letter(desk: ApiDesk, text: str) -> None:
    number = desk.report(text=text, name="歐陽𠮷", unit="3座-12樓Ａ").json_body["number"]
    seen = desk.get(f"{CASES}/{number}", user="agent-1").json_body
    assert (seen["text"], seen["resident_name"], seen["unit"]) == (text, "歐陽𠮷", "3座-12樓Ａ")


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("13800138000", "+8613800138000"),
        ("+86 138 0013 8000", "+8613800138000"),
        ("020-8123 4567", "+862081234567"),
        ("+852 5123 4567", "+85251234567"),
        ("１３８００１３８０００", "+8613800138000"),
    ],
)
def test_phone_numbers_are_stored_in_one_form(desk: ApiDesk, given: str, stored: str) -> None:
    number = desk.report("agent-1", phone=given).json_body["number"]
    assert desk.get(f"{CASES}/{number}", user="agent-1").json_body["phone"] == stored


REFUSED: list[tuple[dict[str, object], str]] = [
    ({"text": None}, "text"),
    ({"text": "  \n"}, "text"),
    ({"text": "字" * 2001}, "2001"),
    ({"text": 17}, "text"),
    ({"text": ["x"]}, "text"),
    ({"text": "a\u0000b"}, "control"),
    ({"unit": ""}, "unit"),
    ({"name": "x" * 101}, "name"),
    ({"name": {"first": "x"}}, "name"),
    ({"phone": "12"}, "phone"),
    ({"phone": "not a number"}, "phone"),
    ({"phone": "1" * 90}, "phone"),
    ({"phone": 13800138000}, "phone"),
    ({"phone": "+1 555 000"}, "phone"),
    ({"phone": None}, "phone"),
    ({"email": "no at sign"}, "email"),
    ({"email": "a@b"}, "email"),
    ({"email": "a\nb@example.com"}, "email"),
    ({"email": "a@example.com, b@example.com"}, "email"),
    ({"email": "x" * 250 + "@example.com"}, "email"),
    ({"channel": "pigeon"}, "channel"),
    ({"channel": "walk_in"}, "channel"),
    ({"channel": None, "kind": "riot"}, "kind"),
    ({"matter": "no such"}, "matter"),
    ({"urgency": "emergency"}, "urgency"),
    ({"severity": "serious"}, "severity"),
    ({"solved_with": "x"}, "solved_with"),
    ({"contacted_at": "2026-02-30T09:00:00+08:00"}, "contacted_at"),
    ({"contacted_at": "2026-11-23T09:00:00"}, "contacted_at"),
    ({"contacted_at": "yesterday"}, "contacted_at"),
    ({"contacted_at": 1700000000}, "contacted_at"),
    ({"contacted_at": "0001-01-01T00:00:00+14:00"}, "contacted_at"),
    ({"contacted_at": "9999-12-31T23:59:59-12:00"}, "contacted_at"),
    ({"contacted_at": "2026-11-23T09:00:00+08:00"}, "'contacted_at' is for the desk to say"),
    ({"evidence": "photo"}, "evidence"),
    ({"evidence": ["x"] * 21}, "evidence"),
    ({"evidence": ["x" * 501]}, "evidence"),
    ({"evidence": [1]}, "evidence"),
    ({"follows": "../../x"}, "follows"),
    ({"follows": "２０２６１１-0001"}, "follows"),
    ({"state": "closed"}, "state"),
    ({"handler": "me", "version": 3}, "handler"),
]


@pytest.mark.parametrize(("changes", "named"), REFUSED)
def test_a_mistake_is_named(desk: ApiDesk, changes: dict[str, object], named: str) -> None:
    answer = desk.report(**changes)
    assert (answer.status_code, answer.json_body["Code"]) == (400, "InvalidInput")
    assert named in answer.json_body["Message"]
    assert desk.report().json_body["number"].endswith("-0001"), "a refused report uses no number"


def test_an_unknown_community(desk: ApiDesk) -> None:
    for name in ("atlantis", "%20", "a%2Fb", "x" * 300, "%E4%B8%AD", "..", "a%00b"):
        answer = desk.post(f"/v1/communities/{name}/cases", report_body())
        assert answer.status_code == 404, name
    assert desk.post("/v1/communities/%FF/cases", report_body()).status_code == 400


def test_strangers_are_braked_by_address_and_staff_are_not(desk: ApiDesk) -> None:
    caps = wiring.rate_limits()
    for _ in range(caps.intakes_of_phone.most):
        assert desk.report().status_code == 201
    braked = desk.report()
    assert (braked.status_code, braked.json_body["Code"]) == (429, "TooManyRequests")
    assert 0 < int(braked.headers["Retry-After"]) <= 3600
    for _ in range(caps.intakes_of_phone.most):
        assert desk.report(phone=None, email="a@example.com").status_code == 201
    assert desk.report(phone=None, email="A@example.com").status_code == 429
    for at in range(caps.intakes_of_address.most - 2 * caps.intakes_of_phone.most):
        assert desk.report(phone=None, email=f"a{at}@example.com").status_code == 201
    assert desk.report(phone="13800138001").status_code == 429
    assert desk.report(user="agent-1").status_code == 201
    assert desk.report(user="ivr-1").status_code == 201
    desk.office.clock.advance(caps.intakes_of_address.window)
    assert desk.report(phone="13800138001").status_code == 201


def test_fifty_at_once_from_one_address_are_not_too_many() -> None:
    caps = wiring.rate_limits()
    assert caps.intakes_of_address.most >= 100
    assert caps.intakes_of_phone.most >= 50


def test_a_busy_register_says_so_and_when_to_come_back(
    desk: ApiDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(change: Change) -> None:
        raise BusyError("Nothing was written.")

    monkeypatch.setattr(desk.office.stores.cases, "create", busy)
    refused = desk.report(user="agent-1")
    assert (refused.status_code, refused.json_body["Code"]) == (503, "Busy")
    assert int(refused.headers["Retry-After"]) > 0
    monkeypatch.undo()
    assert desk.report(user="agent-1").status_code == 201


def test_a_strangers_key_is_good_from_where_it_was_sent_and_for_just_that(
    desk: ApiDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From elsewhere nobody gets the receipt, or learns that the key is known."""
    first = desk.report(key="1")
    assert (desk.report(key="1").status_code, desk.report(key="1").json_body) == (200, first.json_body)
    other = desk.report(key="1", text="别的事")
    assert (other.status_code, other.json_body["Code"]) == (409, "Conflict")
    monkeypatch.setattr(report_body_module, "source_address", lambda _: "198.51.100.9")
    elsewhere = desk.report(key="1")
    assert elsewhere.status_code == 201
    assert elsewhere.json_body["tracking_url"] != first.json_body["tracking_url"]
    theirs = desk.report(key="1", text="别的事")
    assert theirs.json_body["Message"] == other.json_body["Message"]
    members = [desk.report(user="agent-1", key="1").status_code for _ in range(2)]
    assert members == [201, 200], "whoever is signed in has keys of their own, wherever they are"


@pytest.mark.parametrize("user", [None, "engineering-1", "engineering-head"])
def test_nobody_learns_by_follows_which_numbers_there_are(desk: ApiDesk, user: str | None) -> None:
    there = desk.report(user="agent-1").json_body["number"]
    for number in (there, "202611-0099"):
        answer = desk.report(user=user, follows=number)
        assert answer.status_code == 201
        mine = answer.json_body["number"]
        assert desk.get(f"{CASES}/{mine}", user="agent-1").json_body["follows"] == number
    assert desk.report(user="agent-1", follows="202611-0099").status_code == 400, "who sees all is helped"


def test_a_name_that_stands_twice_is_refused_and_a_machine_is_told_what_was_left_out(desk: ApiDesk) -> None:
    given = json.dumps(report_body())
    twice = given[:-1] + ', "text": "别的事"}'
    answer = desk.post(CASES, twice.encode())
    assert (answer.status_code, "'text' stands twice" in answer.json_body["Message"]) == (400, True)
    inner = b'{"text": {"a": 1, "a": 2}}'
    assert "'a' stands twice" in desk.post(CASES, inner).json_body["Message"]
    machine = (
        json.dumps({**report_body(), "channel": "hotline_ivr"})[:-1] + ', "text": "火", "text": "着火了"}'
    )
    taken = desk.post(CASES, machine.encode(), user="ivr-1", headers={"Idempotency-Key": "call-2"})
    assert taken.status_code == 201
    said = [entry.partition(": ")[2] for entry in taken.json_body["left_out"]]
    assert said == [report_body()["text"], "火"]
