"""What somebody typed is never lost: whatever refuses a form, its page carries the text on (A3)."""

from datetime import timedelta
from html import unescape

import pytest
from chalice.test import HTTPResponse

from chalicelib import wiring
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.errors import BusyError
from chalicelib.domain.intake.new_case import NewCase
from chalicelib.domain.lifecycle import TABLE
from chalicelib.http.body_limits import largest_body
from tests.browser import HANDLER, REPORT, Browser, Form, assigned, completed, html, link, text
from tests.builders import SUPERVISOR, Office
from tests.fakes.identity import FakeIdentity

SAID = '写了很久的一段话，第一行\n第二行 <b>"引号"</b>'
PASSWORD = FakeIdentity.PASSWORD
FORMS = [
    "/c/riverside",
    "/l/{track}/urge",
    "/desk/riverside/new",
    "/desk/riverside/cases/{number}/record_urge",
]

WRITTEN_AT_THE_DESK = [
    "book",
    "handover/write",
    "findings",
    "roster/leave",
    "staff/add",
    "company/add",
    "incidents/202611-0001/explain",
    "cases/202611-0001/reveal",
]


def hidden_of(page: HTTPResponse, address: str) -> dict[str, str]:
    return Form(html(page)).forms[address]


@pytest.mark.req("A3")
@pytest.mark.parametrize("where", WRITTEN_AT_THE_DESK)
@pytest.mark.parametrize("session", [True, False])
def test_what_was_written_into_any_form_of_a_page_is_there_to_copy(
    browser: Browser, where: str, session: bool
) -> None:
    if session:
        browser.sign_in("manager-1")
    typed = {"version": "0", "sort": "contract", "keywords": SAID, "nobody_knows_this": f"{SAID} 2"}
    refused = browser.post(f"/desk/riverside/{where}", typed)
    assert refused.status_code == (403 if session else 401)
    if not session:
        carried = hidden_of(refused, "../" * (where.count("/") + 2) + "../desk".removeprefix("../"))
        refused = browser.post("/desk", {**carried, "username": "manager-1", "password": PASSWORD})
    shown = unescape(html(refused))
    assert SAID in shown
    assert f"{SAID} 2" in shown


@pytest.mark.req("A3")
def test_after_signing_in_again_one_is_back_at_the_filled_form(browser: Browser, desk: Office) -> None:
    case = assigned(desk)
    browser.sign_in("supervisor-1")
    where = f"/desk/riverside/cases/{case.number}"
    form = hidden_of(browser.get(f"{where}?act=escalate"), f"../../..{where}/escalate")
    browser.cookie = "__Host-session=no-more"
    refused = browser.post(f"{where}/escalate", {**form, "reason": SAID})
    assert (refused.status_code, "您填写的内容还在" in text(refused)) == (401, True)
    carried = hidden_of(refused, "../../../../desk")
    assert carried["kept.reason"] == SAID
    assert not {"kept.csrf", "kept.version"} & carried.keys()
    wrong = browser.post("/desk", {**carried, "username": "supervisor-1", "password": "guess"})
    carried = hidden_of(wrong, "./desk")
    assert carried["kept.reason"] == SAID, "a slip in the password loses nothing"
    back = browser.post("/desk", {**carried, "username": "supervisor-1", "password": PASSWORD})
    assert back.status_code == 200
    assert "刚才填写的内容都在，还没有提交" in text(back)
    assert desk.case(case).version == case.version, "nothing is carried out by signing in"
    again = hidden_of(back, f".{where}/escalate")
    assert again["once"] == form["once"]
    assert SAID.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;") in html(back)
    assert browser.post(f"{where}/escalate", {**again, "reason": SAID}).status_code == 303
    assert desk.case(case).version == case.version + 1


@pytest.mark.req("A3")
def test_a_call_that_was_being_taken_down_is_there_after_signing_in(browser: Browser, desk: Office) -> None:
    browser.sign_in("agent-1")
    form = hidden_of(browser.get("/desk/riverside/new"), "../../desk/riverside/new")
    browser.cookie = ""
    typed = {**form, **REPORT, "text": SAID, "channel": "hotline_operator"}
    refused = browser.post("/desk/riverside/new", typed)
    carried = hidden_of(refused, "../../desk")
    back = browser.post("/desk", {**carried, "username": "agent-1", "password": PASSWORD})
    again = hidden_of(back, "./desk/riverside/new")
    assert (again["name"], again["once"]) == ("王芳", form["once"])
    assert "写了很久的一段话" in html(back)
    assert browser.post("/desk/riverside/new", {**typed, "csrf": again["csrf"]}).status_code == 303
    assert desk.desk.cases.get("riverside", "202611-0001").report.text == SAID


@pytest.mark.req("A3", "E8")
@pytest.mark.parametrize("username", ["engineering-2", "committee-1", "h-agent-1"])
def test_an_account_without_the_form_reads_the_text_and_nothing_of_the_case(
    browser: Browser, desk: Office, username: str
) -> None:
    case = assigned(desk)
    refused = browser.post(f"/desk/riverside/cases/{case.number}/escalate", {"reason": SAID})
    carried = hidden_of(refused, "../../../../desk")
    back = browser.post("/desk", {**carried, "username": username, "password": PASSWORD})
    assert "写了很久的一段话" in text(back)
    assert "王芳" not in html(back)
    assert "Set-Cookie" in back.headers


@pytest.mark.req("A3")
def test_a_form_of_another_session_is_shown_again_with_the_token_of_this_one(
    browser: Browser, desk: Office
) -> None:
    case = assigned(desk)
    browser.sign_in("supervisor-1")
    where = f"/desk/riverside/cases/{case.number}"
    old = hidden_of(browser.get(f"{where}?act=escalate"), f"../../..{where}/escalate")
    browser.cookie = ""
    browser.sign_in("manager-1")
    refused = browser.post(f"{where}/escalate", {**old, "reason": SAID})
    assert (refused.status_code, "属于之前的登录" in text(refused)) == (403, True)
    assert "写了很久的一段话" in html(refused)
    fresh = hidden_of(refused, f"../../../..{where}/escalate")
    assert fresh["csrf"] != old["csrf"]
    assert browser.post(f"{where}/escalate", {**fresh, "reason": SAID}).status_code == 303


@pytest.mark.req("A3", "G8")
def test_a_link_that_ends_while_somebody_types_gives_the_text_back(browser: Browser, desk: Office) -> None:
    case = assigned(desk)
    address = link(desk, case, Purpose.WORK)
    desk.do(case, "assign", SUPERVISOR, AssignForm("engineering-2", "换人"))
    gone = browser.post(f"{address}/decline", {"reason": SAID, "once": "d"})
    assert (gone.status_code, "写了很久的一段话" in text(gone)) == (410, True)
    assert "退单" in text(gone) or "原因" in text(gone)
    survey = link(desk, completed(desk), Purpose.RATE)
    desk.clock.advance(timedelta(days=400))
    late = browser.post(f"{survey}/rate", {"score": "1", "comment": SAID})
    assert (late.status_code, "写了很久的一段话" in text(late)) == (410, True)
    assert Form(html(late)).forms == {}


@pytest.mark.req("A3")
def test_a_form_in_the_wrong_state_keeps_the_text(browser: Browser, desk: Office) -> None:
    case = assigned(desk)
    track = link(desk, case, Purpose.TRACK)
    desk.do(case, "withdraw", RESIDENT, ReasonForm("好了"))
    late = browser.post(f"{track}/urge", {"note": SAID, "once": "u"})
    assert (late.status_code, "写了很久的一段话" in html(late)) == (409, True)
    other = assigned(desk, unit="3-1202")
    work = link(desk, other, Purpose.WORK)
    desk.do(other, "sign", HANDLER, SignForm("工程部甲"))
    late = browser.post(f"{work}/decline", {"reason": SAID, "once": "d"})
    assert (late.status_code, "写了很久的一段话" in html(late)) == (409, True)


@pytest.mark.req("A3")
@pytest.mark.parametrize("where", FORMS)
def test_what_is_too_long_is_shown_again_to_be_shortened(browser: Browser, desk: Office, where: str) -> None:
    receipt = desk.register()
    browser.sign_in("agent-1")
    address = where.format(track=receipt.track_code, number=receipt.case.number)
    forms = (NewCase, *(row.form for row in TABLE.values()))
    long = "很长" * (max(largest_body(form) for form in forms) // 18)
    page = browser.post(address, {**REPORT, "text": long, "note": long})
    assert (page.status_code, "太长" in text(page)) == (413, True)
    assert f"{long}</textarea>" in html(page)


@pytest.mark.req("A3")
def test_what_may_pass_is_one_press_away(
    browser: Browser, desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*asked: object) -> None:
        raise RuntimeError("a fault of ours")

    sent = {**REPORT, "text": SAID, "once": "k"}
    with monkeypatch.context() as broken:
        broken.setattr(desk.desk.cases, "next_serial", fails)
        page = browser.post("/c/riverside", sent)
    assert (page.status_code, "写了很久的一段话" in text(page)) == (500, True)
    again = hidden_of(page, "../c/riverside")
    assert again == sent
    assert browser.post("/c/riverside", again).status_code == 303


def test_a_busy_register_keeps_the_text(
    browser: Browser, desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*asked: object) -> None:
        raise BusyError("busy")

    monkeypatch.setattr(desk.desk.cases, "create", fails)
    page = browser.post("/c/riverside", {**REPORT, "text": SAID})
    assert (page.status_code, "写了很久的一段话" in html(page)) == (503, True)


def test_a_form_from_another_site_is_not_shown_here(browser: Browser) -> None:
    page = browser.post("/c/riverside", {**REPORT, "text": SAID}, **{"Sec-Fetch-Site": "cross-site"})
    assert (page.status_code, "写了很久" in html(page)) == (403, False)


def test_no_secret_is_carried_on(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*asked: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(wiring.identity(), "sign_in", fails)
    page = browser.post("/desk", {"username": "agent-1", "password": "the secret", "next": ""})
    assert (page.status_code, "the secret" in html(page)) == (500, False)


@pytest.mark.parametrize(
    "address", ["https://evil.example", "//evil", "desk/../x", "l/x/urge/../..", "static/style.css"]
)
def test_nobody_is_led_elsewhere_by_what_is_carried(browser: Browser, address: str) -> None:
    typed = {"username": "agent-1", "password": PASSWORD, "kept_from": address, "kept.note": "x"}
    back = browser.post("/desk", typed)
    assert (back.status_code, back.headers["Location"]) == (303, "./desk")
