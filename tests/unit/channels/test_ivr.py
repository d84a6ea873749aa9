"""The signed way of any exchange: a step is taken once, and nothing that a caller said is lost (A1, C4)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.http.signed import signature
from tests.api_desk import BASE_URL, ApiDesk, api_desk, pool
from tests.signed_calls import FakeKeys, send


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        stores = made.office.stores
        wiring.use(
            desk=made.office.desk,
            notices=stores.notices,
            identity=pool(),
            base_url=BASE_URL,
            caller_keys=FakeKeys(),
        )
        yield made


@pytest.mark.req("A1", "G7")
def test_the_steps_of_a_call_are_one_case_that_is_read_back(desk: ApiDesk) -> None:
    first = send(desk, {"phone": "13800138000", "kind": "repair"}).json_body
    assert first["say"] == "已记下您的来电，编号 2 0 2 6 1 1，0 0 0 1。"
    last = send(desk, {"unit": "3-1201", "text": "厨房漏水", "finished": True}, key="old key").json_body
    assert (last["number"], last["spoken"]) == (first["number"], "2 0 2 6 1 1，0 0 0 1")
    seen = desk.get(f"/v1/communities/riverside/cases/{last['number']}", user="agent-1").json_body
    assert (seen["text"], seen["unit"], seen["resident_name"]) == ("厨房漏水", "3-1201", None)
    assert (seen["call"], seen["call_back"], seen["taken_by"]) == ("C-1", False, "ivr-1")


@pytest.mark.req("A1", "E8")
def test_a_caller_hears_how_the_own_cases_stand_and_makes_none_by_asking(desk: ApiDesk) -> None:
    mine = desk.report(phone="13800138000").json_body["number"]
    other = desk.report(phone="13900009999").json_body["number"]
    asked = {"call": "C-2", "phone": "13800138000", "asks": True}
    for number in (None, mine, mine.replace("-", "")):
        heard = send(desk, {**asked, "number": number}).json_body
        assert [case["number"] for case in heard["cases"]] == [mine]
        assert not {*"王芳灯"} & set(heard["say"])
    for refused in ({**asked, "number": other}, {**asked, "number": "9"}, {**asked, "phone": None}):
        heard = send(desk, refused).json_body
        assert (heard["cases"], heard["say"][:11]) == ([], "用这个号码没有查到工单")
    assert send(desk, {"call": "C-2", "phone": "13800138000"}).json_body["number"] is None
    begun = send(desk, {"call": "C-3", "phone": "13800138000"}).json_body
    assert [case["number"] for case in begun["cases"]] == [mine], "who calls is known by the number"


@pytest.mark.req("A1")
@pytest.mark.parametrize(
    "how",
    [
        {"key": "another key"},
        {"caller": "ivr-2"},
        {"late": timedelta(minutes=6)},
        {"late": timedelta(minutes=-6)},
        {"nonce": "short"},
        {"X_Suda_Signature": ""},
        {"X_Suda_Signature": "签名"},
        {"X_Suda_Timestamp": "yesterday"},
        {"X_Suda_Timestamp": "9999999999"},
    ],
)
def test_what_is_not_rightly_signed_is_refused(desk: ApiDesk, how: dict[str, Any]) -> None:
    answer = send(desk, {"phone": "13800138000"}, **how)
    assert (answer.status_code, answer.json_body["Code"]) == (401, "NotSignedIn")
    assert "Message" in answer.json_body


@pytest.mark.req("A1")
def test_a_request_is_taken_once_and_a_new_one_again(desk: ApiDesk) -> None:
    first = send(desk, {"phone": "13800138000"}, nonce="the-very-same-nonce")
    again = send(desk, {"phone": "13800138000"}, nonce="the-very-same-nonce")
    assert (first.status_code, again.status_code) == (200, 409)
    anew = send(desk, {"phone": "13800138000"})
    assert (anew.status_code, anew.json_body["number"]) == (200, first.json_body["number"])


@pytest.mark.req("A1")
def test_a_body_changed_on_the_way_is_refused(desk: ApiDesk) -> None:
    body = b'{"community": "riverside", "call": "C-1", "phone": "13800138000"}'
    wrong = signature("new key", "1763859600", "n" * 16, body)
    assert send(desk, body.replace(b"138", b"139"), X_Suda_Signature=wrong).status_code == 401


@pytest.mark.req("A1")
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"\xff\xfe", 415),
        (b'{"community": "riverside"}', 400),
        (b'{"community": "nowhere", "call": "1"}', 403),
        (b'{"community": 7, "call": []}', 400),
        (b'{"community": "riverside", "call": "' + b"x" * 140_000 + b'"}', 413),
    ],
)
def test_what_is_no_step_is_refused(desk: ApiDesk, body: bytes, status: int) -> None:
    answer = send(desk, body)
    assert (answer.status_code, set(answer.json_body)) == (status, {"Code", "Message"})


@pytest.mark.req("A1")
def test_only_a_machine_of_the_community_reports_by_this_way(desk: ApiDesk) -> None:
    assert send(desk, {}, caller="agent-1", key="a key").status_code == 403
    assert send(desk, {"community": "hilltop"}).status_code == 403


@pytest.mark.req("A1")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("phone", "anonymous"),
        ("phone", 13800138000),
        ("unit", ["3", "1201"]),
        ("kind", "alarm"),
        ("began_at", "yesterday"),
        ("began_at", "2026-11-23T09:00:00"),
        ("queue", {"id": 7}),
        ("unit", "9" * 200),
    ],
)
def test_what_is_beside_the_words_is_never_refused(desk: ApiDesk, name: str, value: object) -> None:
    answer = send(desk, {"text": "楼道里有烟", name: value})
    assert answer.status_code == 200, answer.json_body
    assert [line.partition(":")[0] for line in answer.json_body["left_out"]] == [name]


@pytest.mark.req("A1", "A3")
@pytest.mark.parametrize(
    "body",
    [
        '{"community": "riverside", "call": "c-9", "text": "楼道里有烟", "text": "没有事"}',
        '{"community": "riverside", "call": "c-9", "text": "楼道里有烟", "unit": {"a": 1, "a": 2}}',
        '{"community": "riverside", "call": "c-9", "text": "楼道\n里", "text": "又\n"}',
    ],
)
def test_a_name_that_stands_twice_is_refused_with_a_sentence(desk: ApiDesk, body: str) -> None:
    answer = send(desk, body.encode())
    assert answer.status_code == 400
    assert "stands twice in one object; say it once" in answer.json_body["Message"]
    assert desk.get("/v1/communities/riverside/cases", user="supervisor-1").json_body["items"] == []


@pytest.mark.req("A1", "A3")
def test_what_is_left_out_is_quoted_alike_by_every_way_in(desk: ApiDesk) -> None:
    turned, whole = "ab\u202ec\x07", "x: abc□"
    assert send(desk, {"phone": "13800138000", "x": turned}).json_body["left_out"] == [whole]
    sent = {"channel": "hotline_ivr", "text": "灯不亮", "x": turned}
    headers = {"Idempotency-Key": "m-1"}
    made = desk.post("/v1/communities/riverside/cases", sent, user="ivr-1", headers=headers)
    assert made.json_body["left_out"] == [whole]
