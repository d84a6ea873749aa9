"""The encoding of a body: read as declared, else UTF-8, else refused; nothing lost is stored (A3)."""

import json
from collections.abc import Iterator
from urllib.parse import quote_from_bytes

import pytest

from tests.api_desk import ApiDesk, api_desk, report_body
from tests.browser import FORM, REPORT, Browser, Form, html, text
from tests.builders import Office

CASES = "/v1/communities/riverside/cases"
SAID = "走廊的灯不亮，臺北"
IN = {
    "gbk": "gbk",
    "GB2312": "gbk",
    "gb18030": "gb18030",
    "Big5": "big5",
    "utf-8": "utf-8",
    '"UTF-8"': "utf-8",
}


@pytest.fixture
def api() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


def said(charset: str) -> str:
    return "漏水了，臺北" if charset == "Big5" else SAID


def form_body(encoding: str, raw: bool, **changes: str) -> bytes:
    """A form in that encoding: escaped, as a browser sends it, or as it is."""
    pairs = ((name, value.encode(encoding)) for name, value in {**REPORT, **changes}.items())
    return b"&".join(
        name.encode() + b"=" + (value if raw else quote_from_bytes(value).encode()) for name, value in pairs
    )


@pytest.mark.req("A3")
@pytest.mark.parametrize(("charset", "encoding"), IN.items())
def test_json_is_read_in_the_encoding_that_it_says(api: ApiDesk, charset: str, encoding: str) -> None:
    body = json.dumps(report_body(text=said(charset), name="王五"), ensure_ascii=False).encode(encoding)
    answer = api.call("POST", CASES, body, headers={"Content-Type": f"application/json; charset={charset}"})
    assert answer.status_code == 201, answer.body
    seen = api.get(f"{CASES}/{answer.json_body['number']}", user="agent-1").json_body
    assert (seen["text"], seen["resident_name"]) == (said(charset), "王五")


@pytest.mark.req("A3")
@pytest.mark.parametrize("raw", [True, False])
@pytest.mark.parametrize(("charset", "encoding"), IN.items())
def test_a_form_is_read_in_the_encoding_that_it_says(
    browser: Browser, desk: Office, charset: str, encoding: str, raw: bool
) -> None:
    answer = browser.client.http.post(
        "/c/riverside",
        body=form_body(encoding, raw, text=said(charset), name="王五"),
        headers={"Content-Type": f"{FORM}; charset={charset}"},
    )
    assert answer.status_code == 303, html(answer)
    report = desk.desk.cases.get("riverside", "202611-0001").report
    assert (report.text, report.resident_name) == (said(charset), "王五")


@pytest.mark.req("A3")
@pytest.mark.parametrize(
    "charset", ["", "; charset=utf-8", "; charset=klingon", "; charset=utf-16", "; charset=rot13"]
)
def test_json_in_another_encoding_is_refused_with_a_sentence(api: ApiDesk, charset: str) -> None:
    body = json.dumps(report_body(text=SAID), ensure_ascii=False).encode("gbk")
    answer = api.call("POST", CASES, body, headers={"Content-Type": f"application/json{charset}"})
    assert (answer.status_code, answer.json_body["Code"]) == (415, "UnsupportedMediaType")
    assert "UTF-8" in answer.json_body["Message"]
    assert charset or "charset=gbk" in answer.json_body["Message"]


@pytest.mark.req("A3")
@pytest.mark.parametrize("raw", [True, False])
def test_a_form_in_another_encoding_is_shown_again_to_be_looked_through(
    browser: Browser, desk: Office, raw: bool
) -> None:
    answer = browser.client.http.post(
        "/c/riverside", body=form_body("gbk", raw, name="王五"), headers={"Content-Type": FORM}
    )
    assert (answer.status_code, "不是 UTF-8" in text(answer)) == (415, True)
    assert "走廊的灯不亮" in html(answer)
    assert Form(html(answer)).forms["../c/riverside"]["name"] == "王五"
    assert not desk.desk.cases.register("riverside", "202611", 10, None).items


@pytest.mark.req("A3")
def test_what_was_lost_on_the_way_is_refused_with_its_place(api: ApiDesk, browser: Browser) -> None:
    answer = api.report(text="漏水\ufffd\ufffd")
    assert (answer.status_code, "'text'" in answer.json_body["Message"]) == (400, True)
    assert "character 3" in answer.json_body["Message"]
    page = browser.post("/c/riverside", {**REPORT, "name": "王\ufffd"})
    assert "第 2 个字在传送时丢失了" in text(page)


@pytest.mark.req("A3")
def test_what_something_between_took_for_utf8_is_not_read_as_nonsense(api: ApiDesk) -> None:
    body = json.dumps(report_body(text=SAID), ensure_ascii=False).encode("gbk").decode("utf-8", "replace")
    answer = api.call("POST", CASES, body.encode(), headers={"Content-Type": "application/json; charset=gbk"})
    assert (answer.status_code, "not gbk" in answer.json_body["Message"]) == (415, True)


def test_a_mark_before_utf8_is_none_of_the_text(api: ApiDesk) -> None:
    body = b"\xef\xbb\xbf" + json.dumps(report_body()).encode()
    assert api.call("POST", CASES, body).status_code == 201


@pytest.mark.parametrize("kind", ["application/jsonp", "application/json-patch+json", "text/json"])
def test_what_only_begins_like_json_is_another_type(api: ApiDesk, kind: str) -> None:
    assert api.post(CASES, report_body(), headers={"Content-Type": kind}).status_code == 415


@pytest.mark.req("A3")
@pytest.mark.parametrize("raw", [True, False])
@pytest.mark.parametrize("charset", ["gbk", "big5"])
def test_what_was_lost_before_it_became_a_form_is_not_registered(
    browser: Browser, desk: Office, charset: str, raw: bool
) -> None:
    answer = browser.client.http.post(
        "/c/riverside",
        body=form_body("utf-8", raw, text="\ufffd\ufffd\ufffd\ufffd", name="Wang"),
        headers={"Content-Type": f"{FORM}; charset={charset}"},
    )
    assert answer.status_code == 415
    assert "锟斤拷" not in html(answer)
    assert not desk.desk.cases.register("riverside", "202611", 10, None).items


LONG = "厨房水龙头滴水，走廊的灯不亮，请尽快派人来看一看"
CUT = "漏水🔧".encode()[:-2]
"""Two characters and a cut emoji."""
MANY = b"".join(b"&x%d=1" % place for place in range(120))


@pytest.mark.req("A3")
@pytest.mark.parametrize("raw", [True, False])
@pytest.mark.parametrize(
    ("charset", "written", "shown", "more"),
    [
        ("; charset=iso-8859-1", "厨房水龙头滴水".encode(), "厨房水龙头滴水", b""),
        ("", CUT, "漏水", b""),
        ("", LONG.encode() + CUT, LONG, b""),
        ("", "厨房水龙头滴水".encode(), "厨房水龙头滴水", MANY),
        ("; charset=big5", "漏水，臺北".encode("big5"), "漏水，臺北", MANY),
        ("; charset=gbk", "漏水，请来".encode("gbk"), "漏水，请来", MANY),
        ("", "漏水，请来".encode("gbk"), "漏水，请来", b""),
        ("", LONG.encode("gbk")[:-1], LONG[:-1], b""),
    ],
)
def test_a_refused_form_is_shown_in_the_encoding_that_it_most_likely_has(
    browser: Browser, charset: str, written: bytes, shown: str, more: bytes, raw: bool
) -> None:
    words = written if raw else quote_from_bytes(written).encode()
    body = b"text=" + words + b"&unit=3-1201" + more
    sent = {"Content-Type": FORM + charset}
    answer = browser.client.http.post("/c/riverside", body=body, headers=sent)
    assert answer.status_code in {400, 415}
    assert shown in html(answer)
    refused = browser.client.http.post("/desk/riverside/new", body=body, headers=sent)
    assert refused.status_code == 401
    assert Form(html(refused)).forms["../../desk"]["kept.text"].startswith(shown)
