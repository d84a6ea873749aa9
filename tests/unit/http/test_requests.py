"""Bad input of every sort gets a clear 4xx, never a 500; and what is our own fault says so."""

import json
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pynamodb.exceptions import GetError

from chalicelib import wiring
from chalicelib.domain.case.form_fields import longest_lengths
from chalicelib.domain.case.own_signature import LONGEST_DRAWN
from chalicelib.domain.intake.new_case import LONGEST_EVIDENCE, MOST_EVIDENCE, NewCase
from chalicelib.domain.lifecycle import TABLE
from chalicelib.http.body_limits import largest_body
from tests.api_desk import ApiDesk, api_desk, report_body

CASES = "/v1/communities/riverside/cases"


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "JSON"),
        (b"not json", "JSON"),
        (b'{"text": "\\ud800"}', "JSON"),
        (b'{"text": NaN}', "JSON"),
        (b"[]", "object"),
        (b'"text"', "object"),
        (b"17", "object"),
        (b"null", "object"),
        (b"[" * 30_000, "JSON"),
        (b'{"a":' * 5_000, "JSON"),
        (b"{}", "text"),
        (b"", "text"),
        (b'{"text": 1e999}', "range"),
        (b'{"": 1}', "''"),
    ],
)
def test_a_body_that_is_no_report(desk: ApiDesk, body: bytes, said: str) -> None:
    answer = desk.call("POST", CASES, body)
    assert (answer.status_code, answer.json_body["Code"]) == (400, "InvalidInput")
    assert said in answer.json_body["Message"]


def test_a_body_that_is_too_large(desk: ApiDesk) -> None:
    largest = largest_body(NewCase)
    whole = json.dumps(report_body(text="x" * 65_000)).encode()
    fits = whole + b" " * (largest - len(whole))
    assert desk.call("POST", CASES, fits).status_code == 400, "read, and found too long a text"
    answer = desk.call("POST", CASES, fits + b" ")
    assert (answer.status_code, answer.json_body["Code"]) == (413, "PayloadTooLarge")
    three_bytes_each = json.dumps(report_body(text="字" * 130_000), ensure_ascii=False).encode()
    assert desk.call("POST", CASES, three_bytes_each).status_code == 413


FORMS = {"report": NewCase, **{command: row.form for command, row in TABLE.items()}}


@pytest.mark.req("A3")
@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("character", ["字", "𠮷", "\n"])
def test_texts_within_the_limits_of_their_fields_are_within_that_of_the_body(
    name: str, character: str
) -> None:
    form = FORMS[name]
    filled: dict[str, object] = {
        field: ("+" if most == LONGEST_DRAWN else character) * most  # what is drawn is ASCII
        for field, most in longest_lengths(form).items()
    }
    if name == "report":
        filled["evidence"] = [character * LONGEST_EVIDENCE] * MOST_EVIDENCE
    typed = {field: str(value).replace("\n", "\r\n") for field, value in filled.items()}
    for body in (json.dumps(filled), urlencode(typed)):
        assert len(body) <= largest_body(form) <= 6 * 1024 * 1024


@pytest.mark.req("A3")
def test_a_report_in_chinese_as_long_as_its_form_allows_is_taken_whole(desk: ApiDesk) -> None:
    long = dict.fromkeys(("text", "course_of_events", "witnesses"), "漏" * 2000)
    heard = ["录" * LONGEST_EVIDENCE] * MOST_EVIDENCE
    escaped = json.dumps(report_body(**long, evidence=heard)).encode()
    assert len(escaped) > 64 * 1024
    assert desk.call("POST", CASES, escaped).status_code == 201


@pytest.mark.parametrize(
    "given", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "json"]
)
def test_a_body_of_another_type(desk: ApiDesk, given: str) -> None:
    answer = desk.post(CASES, report_body(), headers={"Content-Type": given})
    assert (answer.status_code, answer.json_body["Code"]) == (415, "UnsupportedMediaType")


def test_a_body_without_a_type_is_not_guessed_at(desk: ApiDesk) -> None:
    raw = json.dumps(report_body()).encode()
    answer = desk.client.http.request("POST", CASES, headers={}, body=raw)
    assert (answer.status_code, answer.json_body["Code"]) == (415, "UnsupportedMediaType")


def test_refusals_carry_the_cors_headers(desk: ApiDesk) -> None:
    for answer in (desk.post(CASES, {}), desk.get(CASES), desk.get("/v1/links/x")):
        assert answer.status_code >= 400
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_answers_are_not_stored_on_the_way(desk: ApiDesk) -> None:
    for answer in (desk.report(), desk.post(CASES, {}), desk.get(CASES, user="agent-1")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_our_own_fault_is_logged_and_says_nothing_of_the_inside(
    desk: ApiDesk, caplog: pytest.LogCaptureFixture
) -> None:
    wiring.use(desk=None, identity=None, base_url="https://desk.example.com")
    answer = desk.report()
    assert (answer.status_code, answer.json_body["Code"]) == (500, "InternalError")
    assert "NoneType" not in answer.json_body["Message"]
    assert [record.message for record in caplog.records] == ["request failed"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url="https://dynamodb.example.com"),
        ReadTimeoutError(endpoint_url="https://dynamodb.example.com"),
        ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, "GetItem"),
        GetError(cause=ClientError({"Error": {"Code": "InternalServerError", "Message": ""}}, "GetItem")),
    ],
)
def test_an_outage_says_when_to_try_again(
    desk: ApiDesk, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fails(*asked: object) -> None:
        raise error

    monkeypatch.setattr(desk.office.desk.cases, "next_serial", fails)
    answer = desk.report()
    assert (answer.status_code, answer.json_body["Code"]) == (503, "Unavailable")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_refusal_of_aws_that_will_not_pass_is_our_fault(
    desk: ApiDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*asked: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "UpdateItem")

    monkeypatch.setattr(desk.office.desk.cases, "next_serial", fails)
    assert desk.report().status_code == 500


numbers = st.integers() | st.floats(allow_nan=False)
anything = st.recursive(
    st.none()
    | st.booleans()
    | numbers
    | st.text()
    | st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
FIELDS = [
    "text", "unit", "name", "phone", "email", "channel", "kind", "matter", "urgency", "severity",
    "contacted_at", "against", "course_of_events", "witnesses", "evidence", "follows", "solved_with",
    "signature", "reason", "note", "until", "handler", "department", "cause", "plan", "price_fen",
    "score", "result", "outcome", "manner", "into",
    "spoken_to", "spoken_at",
]  # fmt: skip
changes = st.dictionaries(st.sampled_from(FIELDS[:17]), anything, max_size=2)
bodies = (
    st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=8), anything, max_size=8)
    | changes.map(lambda changed: {**report_body(), **changed})
    | anything
)
COMMANDS = [
    "classify", "assign", "sign", "progress", "propose", "pause", "request_extension", "complete",
    "record_revisit", "reject", "merge", "record_withdrawal", "reopen", "archive", "escalate", "record_urge",
]  # fmt: skip
bounded = settings(
    max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@bounded
@given(body=bodies)
def test_no_report_breaks_the_desk(desk: ApiDesk, body: object) -> None:
    answer = desk.call("POST", CASES, json.dumps(body).encode(), user="agent-1")
    assert answer.status_code in {200, 201, 400, 409}, answer.body
    assert answer.status_code < 400 or set(answer.json_body) == {"Code", "Message"}


@bounded
@given(raw=st.binary(max_size=200))
def test_no_bytes_break_the_desk(desk: ApiDesk, raw: bytes) -> None:
    text = raw.decode("utf-8", "replace").encode()  # the gateway hands over text
    assert desk.call("POST", CASES, text).status_code == 400


@bounded
@given(
    name=st.sampled_from(COMMANDS) | st.text(min_size=1, max_size=8),
    body=bodies,
    user=st.sampled_from(["manager-1", "agent-1", "engineering-1"]),
)
def test_no_command_breaks_the_desk(desk: ApiDesk, name: str, body: object, user: str) -> None:
    number = desk.engineering_case()
    path = f"{CASES}/{number}/commands/{quote(name, safe='')}"
    answer = desk.call("POST", path, json.dumps(body).encode(), user=user)
    assert answer.status_code in {200, 400, 403, 409}, answer.body


@bounded
@given(
    month=st.text(max_size=8),
    cursor=st.text(max_size=60),
    limit=st.text(max_size=4),
    unit=st.text(min_size=1, max_size=20),
)
def test_no_query_breaks_the_desk(desk: ApiDesk, month: str, cursor: str, limit: str, unit: str) -> None:
    for query in ({"month": month}, {"cursor": cursor}, {"limit": limit}, {"unit": unit}):
        answer = desk.get(f"{CASES}?{urlencode(query)}", user="agent-1")
        assert answer.status_code in {200, 400}, (query, answer.body)


@bounded
@given(part=st.text(min_size=1, max_size=12))
def test_no_path_breaks_the_desk(desk: ApiDesk, part: str) -> None:
    segment = quote(part, safe="")
    for path in (f"{CASES}/{segment}", f"/v1/communities/{segment}/figures", f"/v1/links/{segment}"):
        answer = desk.get(path, user="agent-1")
        assert answer.status_code in {400, 404, 429}, (path, answer.body)
