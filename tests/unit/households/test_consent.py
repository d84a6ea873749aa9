"""No note that somebody needs help without who agreed and when; taken back, it is gone everywhere (G15)."""

import re
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from chalicelib.adapters.dynamo.contact import NOTHING_APART, apart, together
from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.community.households import Dweller, Household
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.domain.intake.care import WithdrawCareForm
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.regulation.limits import Clock
from chalicelib.http.household_lines import read_sheet
from chalicelib.services.households.loading import carried_out, compared
from chalicelib.services.households.withdrawing import followed, of_number
from tests.api_desk import api_desk
from tests.browser import Browser, Form, browsing, html, text
from tests.builders import AGENT, Office, office
from tests.own_data import code_asked_for
from tests.registers import OLD, PHONE, PLACE, found, register_with

UNIT = "3-1201"


@pytest.fixture
def desk() -> Office:
    return office()


def today_of(desk: Office) -> date:
    return desk.clock().astimezone(ZoneInfo(PLACE.zone)).date()


def events_of(desk: Office, case: Case) -> tuple[ev.Event, ...]:
    return desk.desk.cases.events(case.community, case.number)


def noted(desk: Office, **more: Any) -> Case:
    given = {
        "actor": AGENT,
        "channel": "hotline_operator",
        "name": "王芳",
        "phone": PHONE,
        "care": True,
        **more,
    }
    return desk.register(**given).case


def in_register(desk: Office) -> Dweller:
    household = desk.desk.households.of_unit("riverside", desk.desk.unit_key(UNIT, PLACE))
    assert household is not None
    return household.people[0]


@pytest.mark.req("G15")
def test_who_agreed_is_the_caller_today_unless_somebody_else_is_named(desk: Office) -> None:
    today = today_of(desk)
    by_caller = noted(desk)
    assert (by_caller.report.care_by, by_caller.report.care_on) == ("王芳", today)
    daughter = noted(desk, care_by="王丽（女儿）", care_on=today - timedelta(days=3), another=True)
    assert (daughter.report.care_by, daughter.report.care_on) == ("王丽（女儿）", today - timedelta(days=3))
    plain = noted(desk, care=False, another=True)
    assert (plain.report.care_by, plain.report.care_on) == (None, None)
    late = desk.do(plain, "classify", AGENT, ClassifyForm("独居老人", care=True))
    assert (late.report.care_by, late.report.care_on) == ("王芳", today)
    other = desk.do(late, "classify", AGENT, ClassifyForm("是女儿同意的", care_by="王丽"))
    assert (other.report.care_by, other.report.care_on) == ("王丽", today)
    moved = desk.do(other, "classify", AGENT, ClassifyForm("更急", urgency="urgent"))
    assert moved.report.care_by == "王丽", "another correction keeps the consent"
    wrong = desk.do(moved, "classify", AGENT, ClassifyForm("选错了", care=False))
    assert (wrong.report.care_by, wrong.report.care_on) == (None, None)


@pytest.mark.req("G15")
@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"care": True, "name": None}, "care_by"),
        ({"care_by": "王丽"}, "Tick 'care'"),
        ({"care": True, "care_on": "2027-01-01"}, "not come yet"),
        ({"care": True, "care_on": "0205-01-01"}, "not come yet"),
    ],
)
def test_no_note_without_a_consent(body: dict[str, Any], said: str) -> None:
    with api_desk() as api:
        refused = api.report(user="agent-1", channel="hotline_operator", **body)
    assert refused.status_code == 400
    assert said in refused.json_body["Message"]


@pytest.mark.req("G15", "A1")
def test_a_machine_that_knows_no_name_notes_nothing_and_is_told() -> None:
    with api_desk() as api:
        taken = api.report(user="ivr-1", channel="hotline_ivr", name=None, care=True)
    assert taken.status_code == 201
    assert taken.json_body["left_out"] == ["care: true"]


@pytest.mark.req("G15")
def test_the_desk_is_asked_who_agreed_and_reads_it_on_the_case(browser: Browser, desk: Office) -> None:
    browser.sign_in("agent-1")
    new = Form(html(browser.get("/desk/riverside/new"))).forms["../../desk/riverside/new"]
    typed = {
        **new, "text": "水管漏水", "name": "", "phone": "13900001234", "channel": "hotline_operator",
        "kind": "repair", "matter": "leak_pipe", "care": "yes",
    }  # fmt: skip
    refused = browser.post("/desk/riverside/new", typed)
    assert refused.status_code == 400
    assert "请写明谁同意的" in text(refused)
    assert 'value="13900001234"' in html(refused), "what was typed is kept"
    sent = browser.post("/desk/riverside/new", {**typed, "care_by": "王丽", "care_on": "2026-11-20"})
    assert sent.status_code == 303
    page = text(browser.get(sent.headers["Location"]))
    assert "需要关照（2026年11月20日经王丽同意登记）" in page


@pytest.mark.req("G15")
def test_taken_back_on_a_case_it_is_gone_from_the_unit_and_the_other_cases(
    browser: Browser, desk: Office
) -> None:
    register_with(desk, Household(UNIT, None, (OLD, Dweller("李强", (PHONE,)))))
    one, two = noted(desk, unit=UNIT), noted(desk, unit=UNIT, another=True)
    others = noted(desk, name="李强", care_by="李强", another=True)
    browser.sign_in("agent-1")
    never = noted(desk, unit=UNIT, name="赵六", care=False, another=True)
    before = text(browser.get(f"/desk/riverside/cases/{one.number}"))
    assert "经王芳同意登记）" in before
    promised = one.deadlines[Clock.SOLVE].due_at
    address = f"/desk/riverside/cases/{one.number}"
    act = Form(html(browser.get(f"{address}?act=withdraw_care"))).forms[f"../../..{address}/withdraw_care"]
    assert browser.post(f"{address}/withdraw_care", act).status_code == 303
    for _ in range(2):  # the stream tells twice
        followed(desk.desk, desk.case(one))
    plain = text(browser.get(f"/desk/riverside/cases/{never.number}")).count("需要关照")  # in its forms
    for case in (one, two):
        left = desk.case(case)
        assert not left.classification.care
        assert (left.report.care_by, left.report.care_on) == (None, None)
        page = text(browser.get(f"/desk/riverside/cases/{case.number}"))
        assert page.count("需要关照") == plain, "nor in its history, nor where its times come from"
        assert "撤回了登记同意" in page
        assert left.deadlines[Clock.SOLVE].due_at <= promised, "nobody waits longer for it"
        assert "ours-care-check" not in {known.rule.id for known in left.deadlines.values()}
    assert desk.case(others).classification.care, "somebody else of the number agreed for themselves"
    ended = in_register(desk)
    assert (ended.care, ended.consented_by, ended.consented_on) == (False, "", None)
    assert (ended.care_ended_on, ended.care_ended_by) == (today_of(desk), "agent-1")
    assert "需要关照" not in found(browser, unit=UNIT)
    again = browser.post(f"{address}/withdraw_care", act)
    assert again.status_code == 303, "the same form sent twice is one"
    assert [type(event.payload) for event in events_of(desk, one)].count(ev.CareWithdrawn) == 1


@pytest.mark.req("G15")
def test_the_desk_takes_it_back_beside_its_form(browser: Browser, desk: Office) -> None:
    register_with(desk, Household(UNIT, None, (OLD,)))
    case = noted(desk, unit=UNIT)
    browser.sign_in("agent-1")
    new = Form(html(browser.get("/desk/riverside/new"))).forms["../../desk/riverside/new"]
    shown = browser.post("/desk/riverside/new", {**new, "unit": UNIT, "text": "灯坏了", "known": "yes"})
    button = re.search(r'name="withdraw_care" value="([^"]+)"', html(shown))
    assert button is not None
    asked = {**new, "unit": UNIT, "text": "灯坏了", "withdraw_care": button[1].replace("&#10;", "\r\n")}
    for _ in range(2):
        done = browser.post("/desk/riverside/new", asked)
        assert done.status_code == 200
        assert "已删除 王芳 的登记" in text(done)
        assert "灯坏了" in text(done), "what was typed is kept"
    assert not in_register(desk).care
    assert not desk.case(case).classification.care


@pytest.mark.req("G15", "E9")
def test_an_old_sheet_does_not_bring_it_back(desk: Office) -> None:
    head = "房号,姓名,电话,需要关照,同意人,同意日期\n"
    sheet = head + "3-1201,王芳,13900001234,是,王芳,2026-01-05\n"

    def loaded(data: str) -> list[str]:
        file = compared(desk.desk, PLACE, read_sheet(data.encode(), PLACE))
        carried_out(desk.desk, PLACE, file, removes=False)
        return [remark.reason for remark in file.remarks]

    assert loaded(sheet) == []
    assert in_register(desk).care
    assert of_number(desk.desk, PLACE, PHONE, None) == 1
    assert of_number(desk.desk, PLACE, PHONE, None) == 0, "done again"
    assert loaded(sheet) == ["care_taken_back"]
    assert not in_register(desk).care
    assert loaded(head + "3-1201,王芳,13900001234,,,\n") == []
    assert in_register(desk).care_ended_on is not None, "that it was taken back stays on record"
    later = (desk.clock().date() + timedelta(days=2)).isoformat()
    assert loaded(head + f"3-1201,王芳,13900001234,是,王芳,{later}\n") == []
    assert in_register(desk).care, "they agreed again"


@pytest.mark.req("G15", "G24")
@pytest.mark.parametrize(
    ("where", "user"), [("/c/riverside/my-data", ""), ("/desk/riverside/my-data", "agent-1")]
)
def test_the_resident_reads_it_with_the_own_data_and_takes_it_back(where: str, user: str) -> None:
    with browsing(office()) as browser:
        place = browser.office
        register_with(place, Household(UNIT, None, (OLD,)))
        case = noted(place, unit=UNIT, care_by="王丽")
        if user:
            browser.sign_in(user)
        drawn, kept, code = code_asked_for(browser, where)
        shown = html(browser.post(where, {**kept, "code": code}))
        assert "需要关照（2026年1月5日经王芳同意登记）" in shown
        assert "经王丽同意登记）" in shown, "that of the case"
        token = re.search(r'name="proof" value="([^"]+)"', shown)
        assert token is not None
        csrf = {name: value for name, value in drawn.items() if name == "csrf"}
        given = {**csrf, "phone": "139 0000 1234", "proof": token[1], "do": "withdraw_care"}
        for _ in range(2):
            done = html(browser.post(where, given))
            assert "已撤回同意" in done
            assert "同意登记）" not in done
            assert "撤回登记同意" in done, "on which day"
            assert 'value="withdraw_care"' not in done
        left = place.case(case)
        assert not left.classification.care
        (withdrawn,) = [
            event for event in events_of(place, case) if isinstance(event.payload, ev.CareWithdrawn)
        ]
        assert withdrawn.payload.at_desk == (user or None)
        assert "王丽" not in str(browser.post(where, {**given, "do": "download"}).body)


@pytest.mark.req("G15", "G24")
def test_who_had_agreed_is_stored_no_more_and_nobody_elses_text_with_it(desk: Office) -> None:
    """The caller's name is also who agreed: that it stands once in the row must not lose it."""
    case = noted(desk)
    events = events_of(desk, case)
    stored, referring, contact = apart(case, events, NOTHING_APART)
    withdrawn = ev.Event(
        case.version + 1, desk.clock(), Actor(Role.AGENT, "agent-1"), "withdraw_care", "w", ev.CareWithdrawn()
    )  # fmt: skip
    silent = replace(case, version=case.version + 1, report=replace(case.report, care_by=None, care_on=None))
    _, _, left = apart(silent, (withdrawn,), contact)
    assert not any("care_by" in entry for entry in left.texts)
    said = together(referring[0].payload, left)
    assert isinstance(said, ev.Registered)
    assert (said.report.resident_name, said.report.care_by) == ("王芳", "")
    assert together(stored, contact) == case


@pytest.mark.req("G15")
def test_a_case_that_has_ended_is_cleared_too(desk: Office) -> None:
    case = noted(desk, another=True)
    ended = desk.do(case, "withdraw", RESIDENT, ReasonForm("好了"))
    done = desk.do(ended, "withdraw_care", AGENT, WithdrawCareForm())
    assert not done.classification.care
    assert done.state is ended.state
    assert done.clocks == ended.clocks
