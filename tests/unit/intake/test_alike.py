"""The same words again: a form sent twice is one case, and what is like an open case is asked about."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from chalice.test import HTTPResponse
from msgspec.structs import replace

from chalicelib.domain.case.case import OPEN, State
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.domain.errors import SameReportError
from chalicelib.domain.intake.sent_twice import ALIKE_FOR, said
from chalicelib.services.serials import Void
from tests.api_desk import ApiDesk, api_desk
from tests.browser import REPORT, Browser, Form, html, text
from tests.builders import AGENT, Office

CALL = {**REPORT, "channel": "hotline_operator"}


@pytest.fixture
def api() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


def numbers(desk: Office) -> list[str]:
    return [line.number for line in desk.desk.cases.register("riverside", "202611", 50, None).items]


def form_of(page: HTTPResponse, address: str) -> dict[str, str]:
    return Form(html(page)).forms[address]


@pytest.mark.req("A4")
def test_every_form_of_a_report_has_a_key_of_its_own(browser: Browser) -> None:
    first, second = (form_of(browser.get("/c/riverside"), "../c/riverside")["once"] for _ in range(2))
    browser.sign_in("agent-1")
    third = form_of(browser.get("/desk/riverside/new"), "../../desk/riverside/new")["once"]
    assert len({first, second, third}) == 3


@pytest.mark.req("A4")
def test_the_same_words_are_a_question_that_one_press_answers(browser: Browser, desk: Office) -> None:
    browser.post("/c/riverside", {**REPORT, "once": "a"})
    asked = browser.post("/c/riverside", {**REPORT, "text": " 走廊的灯，不亮！", "once": "b"})
    assert asked.status_code == 409
    assert "刚登记过内容相同的工单 202611-0001（已登记，待派单）。是同一件事吗？" in text(asked)
    assert "王芳" in html(asked), "what was typed is kept"
    assert "/l/" not in html(asked), "whoever knows the number does not get the link"
    form = form_of(asked, "../c/riverside")
    assert (form["once"], form["asked"]) == ("b", "202611-0001")
    typed = {**REPORT, "text": " 走廊的灯，不亮！", "once": form["once"], "asked": form["asked"]}
    just_this = browser.post("/c/riverside", {**typed, "another": "no"})
    assert "202611-0001 照常办理，没有另行登记" in text(just_this)
    assert numbers(desk) == ["202611-0001"]
    first, again = (browser.post("/c/riverside", {**typed, "another": "yes"}) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    assert len(numbers(desk)) == 2


@pytest.mark.req("A4")
def test_the_number_that_a_question_used_up_is_explained(desk: Office) -> None:
    desk.register(another=False)
    with pytest.raises(SameReportError):
        desk.register(another=False)
    assert desk.memory is not None
    assert list(desk.memory.voids.values()) == [Void("202611-0002", "asked about 202611-0001", desk.clock())]


@pytest.mark.req("A4")
def test_the_same_words_after_a_withdrawal_are_a_case(browser: Browser, desk: Office) -> None:
    browser.post("/c/riverside", REPORT)
    desk.do(desk.desk.cases.get("riverside", "202611-0001"), "withdraw", RESIDENT, ReasonForm("写错了"))
    assert browser.post("/c/riverside", REPORT).status_code == 303
    assert numbers(desk) == ["202611-0001", "202611-0002"]


@pytest.mark.req("A4")
@pytest.mark.parametrize("state", State)
def test_only_an_open_case_is_meant(desk: Office, state: State) -> None:
    case = desk.register(another=False).case
    assert desk.memory is not None
    stored = desk.memory.cases["riverside", case.number]
    desk.memory.cases["riverside", case.number] = replace(stored, state=state)
    if state in OPEN:
        with pytest.raises(SameReportError):
            desk.register(another=False)
    else:
        assert desk.register(another=False).case.number == "202611-0002", "without a number lost"


@pytest.mark.req("A4")
def test_after_some_minutes_it_is_a_report_of_its_own(desk: Office) -> None:
    desk.register(another=False)
    desk.clock.advance(ALIKE_FOR - timedelta(seconds=1))
    with pytest.raises(SameReportError):
        desk.register(another=False)
    desk.clock.advance(timedelta(seconds=1))
    desk.register(another=False)


@pytest.mark.req("A4")
@pytest.mark.parametrize("other", [{"unit": "3-1202", "phone": "13900001235"}, {"text": "水管漏水"}])
def test_two_callers_with_equal_short_reports_are_two_cases(
    browser: Browser, desk: Office, other: dict[str, str]
) -> None:
    browser.sign_in("agent-1")
    for typed in (CALL, {**CALL, **other}):
        form = form_of(browser.get("/desk/riverside/new"), "../../desk/riverside/new")
        sent = {**typed, "once": form["once"], "csrf": form["csrf"]}
        assert browser.post("/desk/riverside/new", sent).status_code == 303
    assert len(numbers(desk)) == 2


@pytest.mark.req("A4")
def test_staff_are_asked_about_the_unit_too_and_led_to_the_case(browser: Browser, desk: Office) -> None:
    browser.post("/c/riverside", REPORT)
    browser.sign_in("agent-1")
    form = form_of(browser.get("/desk/riverside/new"), "../../desk/riverside/new")
    sent = {**CALL, "phone": "13900001299", "once": form["once"], "csrf": form["csrf"]}
    asked = browser.post("/desk/riverside/new", sent)
    assert (asked.status_code, "是同一件事吗" in text(asked)) == (409, True)
    number = form_of(asked, "../../desk/riverside/new")["asked"]
    just_this = browser.post("/desk/riverside/new", {**sent, "asked": number, "another": "no"})
    assert just_this.headers["Location"] == "../../desk/riverside/cases/202611-0001"
    assert numbers(desk) == ["202611-0001"]


@pytest.mark.req("A4", "G8")
def test_nobody_learns_what_a_neighbour_has_reported(desk: Office) -> None:
    """The same unit and words from another number: a resident is not asked, an agent is."""
    desk.register(another=False)
    desk.register(another=False, phone="+8613900001235")
    with pytest.raises(SameReportError):
        desk.register(another=False, phone="+8613900001236", actor=AGENT)


@pytest.mark.req("A4", "E8")
def test_whoever_types_a_neighbours_number_is_not_told_of_their_case(desk: Office) -> None:
    """The same words and number from another network: it may be anybody, so nothing is said."""
    desk.register(another=False, sent_from="at home")
    with pytest.raises(SameReportError):
        desk.register(another=False, sent_from="at home")
    assert not desk.register(another=False, sent_from="elsewhere").repeated


@pytest.mark.req("A4", "G13")
def test_staff_are_not_told_of_a_like_case_that_they_are_kept_away_from(desk: Office) -> None:
    said = {"matter": "staff_attitude", "kind": "complaint", "another": False}
    desk.register(actor=AGENT, about_staff="agent-2", **said)
    with pytest.raises(SameReportError):
        desk.register(actor=AGENT, **said)
    desk.register(actor=Actor(Role.AGENT, "agent-2"), **said)


@pytest.mark.req("A4")
def test_a_program_is_asked_with_a_code_of_its_own_and_says_how_to_answer(api: ApiDesk) -> None:
    assert api.report(another=None, key="a").status_code == 201
    asked = api.report(another=None, key="b")
    assert (asked.status_code, asked.json_body["Code"]) == (409, "SameReport")
    assert "'another': true" in asked.json_body["Message"]
    assert "王芳" not in asked.json_body["Message"]
    assert api.report(another=None, key="a").status_code == 200, "the key still finds its case"
    assert api.report(another=True, key="b").status_code == 201


@pytest.mark.req("A1")
def test_a_machine_cannot_be_asked(api: ApiDesk) -> None:
    for key in ("call-1", "call-2"):
        filed = api.report(user="ivr-1", channel="hotline_ivr", another=None, key=key)
        assert filed.status_code == 201


@pytest.mark.req("A4")
def test_a_command_carries_a_key_too(browser: Browser, desk: Office) -> None:
    receipt = desk.register()
    page = Form(html(browser.get(f"/l/{receipt.track_code}"))).forms
    keys = [fields["once"] for fields in page.values()]
    assert keys
    assert all(keys)
    sent = {"note": "请尽快", "once": "u"}
    for _ in range(2):
        assert browser.post(f"/l/{receipt.track_code}/urge", sent).status_code == 303
    assert desk.case(receipt.case).tally.urged == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("没水", "没水。"), ("没 水\n", "没水"), ("Ａ座没水!", "a座没水"), ("3楼，没水", "3楼没水")],
)
def test_the_same_is_said_however_it_is_written(one: str, other: str) -> None:
    assert said(one) == said(other)
    assert said("？？") != said("！！")
