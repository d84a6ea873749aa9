"""The household register from the sheet to whoever uses it: page, telephone, form, clocks, figures (E9)."""

from datetime import date

import pytest

import app
from chalicelib.domain.case.looks import LookAt
from chalicelib.domain.community.households import Dweller, Household, Tenure, how_many_wrong
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.http.household_lines import read_sheet
from chalicelib.services.figures.month import households_in
from chalicelib.services.households.known import phone_key
from chalicelib.services.households.loading import ARRIVED, TO_LOAD, carried_out, compared
from chalicelib.services.privacy.own_data import erase_own_data
from tests.browser import Browser, Form, html, text
from tests.builders import AGENT, Office, office
from tests.fakes.findings import FakeFindings
from tests.fakes.households import FakeHouseholds
from tests.registers import OLD, PHONE, PLACE, found, register_with

MACHINE = Actor(Role.MACHINE, "ivr-1")
PAGE = "/desk/riverside/households"
SHEET = (
    "房号,姓名,电话,身份,交付日期\n3-1201,王芳,13900001234,业主,2024-06-01\n3-1202,李强,13700001111,租户,\n"
)


@pytest.fixture
def desk() -> Office:
    return office()


def arrived(desk: Office) -> None:
    """What EventBridge does with what lies in the bucket, twice for each."""
    files = desk.desk.files
    for key in [*files.listed(ARRIVED), *files.listed(TO_LOAD)]:
        for _ in range(2):
            app.load_households({"detail": {"object": {"key": key}}}, None)


def handed_in(browser: Browser, desk: Office, sheet: str) -> str:
    csrf = Form(html(browser.get(PAGE))).forms["../../desk/riverside/households"]["csrf"]
    sent = browser.upload(PAGE, {"csrf": csrf}, "a.csv", sheet.encode("gb18030"))
    assert sent.status_code == 303, text(sent)
    assert "正在检查" in text(browser.get(PAGE))
    arrived(desk)
    return text(browser.get(PAGE))


@pytest.mark.req("E9")
def test_a_manager_loads_a_sheet_once_every_line_is_right(browser: Browser, desk: Office) -> None:
    browser.sign_in("manager-1")
    shown = handed_in(browser, desk, SHEET.replace("13700001111", "12"))
    assert "第 3 行：“12”不是电话号码" in shown
    assert desk.desk.households.count("riverside") is None, "nothing is changed"
    assert "导入" not in Form(html(browser.get(PAGE))).forms
    assert "新增 2 户" in handed_in(browser, desk, SHEET)
    typed = Form(html(browser.get(PAGE))).forms["../../desk/riverside/households/load"]
    for _ in range(2):
        assert browser.post(f"{PAGE}/load", typed).status_code == 303
        arrived(desk)
    assert "已导入：2 户、2 人" in text(browser.get(PAGE))
    store = desk.desk.households
    assert isinstance(store, FakeHouseholds)
    assert (store.written, store.count("riverside")) == (2, 2)
    assert not desk.desk.files.listed("households."), "the sheet is not kept"


@pytest.mark.req("E9")
def test_loading_again_changes_only_what_differs_and_removes_only_when_told(desk: Office) -> None:
    place, store = PLACE, desk.desk.households
    assert isinstance(store, FakeHouseholds)

    def load(sheet: str, *, removes: bool = False) -> int:
        before = store.written
        read = read_sheet(sheet.encode(), place)
        assert not how_many_wrong(read.remarks)
        carried_out(desk.desk, place, compared(desk.desk, place, read), removes=removes)
        return store.written - before

    assert load(SHEET) == 2
    assert load(SHEET) == 0
    assert load(SHEET.replace("13900001234", "13900009999")) == 1
    key = phone_key(desk.desk, place.id, PHONE)
    assert store.of_phone(place.id, key) == (), "the number of before finds nobody"
    shorter = SHEET.rpartition("3-1202")[0]
    assert load(shorter) == 1
    assert store.count(place.id) == 2
    assert load(shorter, removes=True) == 0
    assert store.count(place.id) == 1


@pytest.mark.req("E9")
def test_a_file_that_is_not_the_last_is_let_be(browser: Browser, desk: Office) -> None:
    browser.sign_in("manager-1")
    handed_in(browser, desk, SHEET)
    first = Form(html(browser.get(PAGE))).forms["../../desk/riverside/households/load"]
    handed_in(browser, desk, SHEET + "3-1203,,,,2024-06-01\n")
    refused = browser.post(f"{PAGE}/load", first)
    assert refused.status_code == 409
    assert "另一个文件" in text(refused)
    for strange in ({}, {"detail": {"object": {"key": "households.in/riverside/../x"}}}):
        assert app.load_households(strange, None) == {"looked_at": False}


@pytest.mark.req("E9", "E8")
def test_the_form_offers_the_people_of_the_unit_and_each_look_is_on_record(
    browser: Browser, desk: Office
) -> None:
    register_with(desk, Household("3-1201", None, (OLD, Dweller("李强", (), Tenure.TENANT))))
    browser.sign_in("agent-1")
    page = found(browser, unit="3栋1201")
    assert "王芳" in page
    assert "业主、需要关照（2026年1月5日经王芳同意登记）" in page, "who agreed, and when (G15)"
    assert 'data-care="yes"' in page
    assert page.index("王芳") < page.index("李强")
    assert "王芳" in found(browser, phone="139 0000 1234")
    looks = desk.desk.looks.page("riverside", "person", "agent-1", 50, None).items
    assert [look.filter for look in looks if look.what is LookAt.HOUSEHOLD] == ["phone", "unit"]
    browser.cookie = ""
    browser.sign_in("engineering-2")
    assert "李强" not in found(browser, unit="3-1201"), "only the desk sees the register"


@pytest.mark.req("E9", "A1")
def test_a_caller_is_who_the_register_says(browser: Browser, desk: Office) -> None:
    register_with(desk, Household("3-1201", None, (OLD,)))
    desk.register(phone=PHONE, name="小王", unit="9-901")
    nobody = {"name": None, "unit": None, "text": None, "matter": None, "kind": None}
    call = desk.register(actor=AGENT, phone=PHONE, channel="hotline_operator", unfinished=True, **nobody)
    browser.sign_in("agent-1")
    answer = browser.get(f"/desk/riverside/cases/{call.case.number}?act=fill_in")
    assert "按住户档案，这个号码属于 王芳、3-1201" in text(answer)
    known = Form(html(answer)).forms[f"../../../desk/riverside/cases/{call.case.number}/fill_in"]
    assert (known["unit"], known["name"]) == ("3-1201", "王芳"), "one press, once the caller has said so"
    assert desk.case(call.case).report.unit is None, "nobody has said it yet"
    register_with(desk, Household("3-1201", None, (OLD,)), Household("5-0101", None, (OLD,)))
    page = html(browser.get(f"/desk/riverside/cases/{call.case.number}?act=fill_in"))
    known = Form(page).forms[f"../../../desk/riverside/cases/{call.case.number}/fill_in"]
    assert not known.get("unit"), "of two flats the caller says which"


@pytest.mark.req("G15")
def test_who_needs_help_has_the_shorter_times_where_the_number_is_sure(
    browser: Browser, desk: Office
) -> None:
    register_with(desk, Household("3-1201", None, (OLD,)))
    for actor, channel, expected in (
        (AGENT, "hotline_operator", True),
        (MACHINE, "hotline_ivr", True),
        (RESIDENT, "web", False),
    ):
        case = desk.register(actor=actor, channel=channel, phone=PHONE, name="王芳").case
        assert case.classification.care is expected, channel
    other = desk.register(actor=AGENT, channel="hotline_operator", phone=PHONE, name="小王").case
    assert not other.classification.care, "somebody else with the number"
    browser.sign_in("agent-1")
    by_form = desk.register(actor=RESIDENT, channel="web", phone=PHONE, name="王芳").case
    assert "需要关照（2026年1月5日经王芳同意登记）" in text(
        browser.get(f"/desk/riverside/cases/{by_form.number}")
    )


@pytest.mark.req("E9")
def test_rates_per_household_count_the_register(desk: Office) -> None:
    assert households_in(desk.desk, PLACE) == PLACE.households
    register_with(desk, Household("3-1201"), Household("3-1202"))
    assert households_in(desk.desk, PLACE) == 2


@pytest.mark.req("E9", "G24")
def test_whoever_has_the_own_data_erased_is_taken_out_of_the_register(desk: Office) -> None:
    register_with(desk, Household("3-1201", date(2024, 6, 1), (OLD, Dweller("李强"))), Household("9-1"))
    receipt = erase_own_data(desk.desk, desk.stores.notices, FakeFindings(), PLACE, PHONE, None)
    assert receipt.units == ("3-1201",)
    left = desk.desk.households.of_unit("riverside", desk.desk.unit_key("3-1201", PLACE))
    assert left == Household("3-1201", date(2024, 6, 1), (Dweller("李强"),))
    assert erase_own_data(desk.desk, desk.stores.notices, FakeFindings(), PLACE, PHONE, None).units == (), (
        "done again"
    )
