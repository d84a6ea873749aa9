"""The handler's page from the SMS: the next act at the top, and what it needs beside it (B2, B9)."""

import re
from datetime import timedelta

import pytest

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.form_fields import NoteForm
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.community import Community
from chalicelib.domain.dispatch.forms import SignForm
from chalicelib.domain.work.acceptance_forms import AcceptForm
from chalicelib.domain.work.forms import ChargeForm, CompleteForm, PauseForm, ProposeForm
from chalicelib.domain.work.order_forms import BillForm, ItemForm, SignedForm
from chalicelib.web.work_lines import map_of
from tests.browser import HANDLER, Browser, Form, assigned, html, link, signed, text
from tests.builders import MONDAY, RESIDENT, Office, community, office
from tests.content import drawn


def opened(page: str) -> list[str]:
    """The commands whose forms need no tap to be seen."""
    seen = re.sub(r"<details(?![^>]*\bopen\b)[^>]*>.*?</details>", "", page, flags=re.S)
    return re.findall(r'action="[^"]*/([a-z_]+)"', seen)


def page_of(browser: Browser, desk: Office, case: Case) -> str:
    return html(browser.get(link(desk, case, Purpose.WORK)))


@pytest.mark.req("B2", "B9")
def test_the_next_act_is_ahead_of_all_that_is_only_read_and_the_others_wait_behind_more(
    browser: Browser, desk: Office
) -> None:
    case = assigned(desk, unit="3-1201")
    page = page_of(browser, desk, case)
    assert page.index("3-1201") < page.index('action="../l/') < page.index("<dl")
    assert page.index('action="../l/') < page.index("tel:+8613900001234") < page.index("<dl")
    more = page.index('id="more"')
    assert opened(page[:more]) == ["sign"]
    assert 'action="' not in page[page.index("<dl") :]
    assert {"decline", "record_outside_call"} & set(re.findall(r'/([a-z_]+)"', page[more:]))


@pytest.mark.req("B2")
def test_the_own_name_is_filled_in_as_signature_and_one_press_signs(browser: Browser, desk: Office) -> None:
    case = assigned(desk)
    forms = Form(page_of(browser, desk, case)).forms
    action = next(action for action in forms if action.endswith("/sign"))
    assert forms[action]["signature"] == "工程部甲"
    assert "签收" in text(browser.follow(browser.post(action, forms[action])))
    assert desk.case(case).assignment.signed_by == HANDLER.id


@pytest.mark.req("B4", "C5", "G4")
def test_what_comes_next_follows_the_case(browser: Browser, desk: Office) -> None:
    flood = signed(desk, kind="repair", matter="flooding", urgency="urgent")
    assert opened(page_of(browser, desk, flood).partition('id="more"')[0]) == ["arrive"]
    lamp = signed(desk)
    assert opened(page_of(browser, desk, lamp).partition('id="more"')[0]) == ["start"]
    pause = PauseForm(MONDAY + timedelta(hours=5), "waiting_for_parts", "订货单")
    paused = desk.do(lamp, "pause", HANDLER, pause)
    assert opened(page_of(browser, desk, paused).partition('id="more"')[0]) == ["resume"]


@pytest.mark.req("B2", "E8")
def test_whoever_is_signed_in_has_the_next_act_on_top_as_by_the_link(browser: Browser, desk: Office) -> None:
    browser.sign_in(HANDLER.id)
    flood = signed(desk, kind="repair", matter="flooding", urgency="urgent")
    for case, first in ((assigned(desk), "sign"), (flood, "arrive"), (signed(desk), "start")):
        page = html(browser.get(f"/desk/riverside/cases/{case.number}"))
        acts = page[page.index('class="card actions"') :]
        assert opened(acts.partition('id="more"')[0]) == [first]
        assert opened(acts.partition('id="more"')[2].partition('class="rest"')[0]) == []
    browser.sign_in("agent-1")
    page = html(browser.get(f"/desk/riverside/cases/{flood.number}"))
    assert opened(page.partition('class="card actions"')[2].partition('class="rest"')[0]) == [], (
        "nothing waits"
    )


@pytest.mark.req("E8")
def test_who_and_where_and_the_next_act_stand_before_all_other_facts(browser: Browser, desk: Office) -> None:
    case = assigned(desk, unit="3-1201")
    browser.sign_in(HANDLER.id)
    page = html(browser.get(f"/desk/riverside/cases/{case.number}"))
    parts = ("3-1201", "tel:+8613900001234", '/sign"', "工单内容")
    places = [page.index(part) for part in parts]
    assert places == sorted(places)
    assert "接待提示" not in page, "nobody calls a handler"
    browser.sign_in("agent-1")
    assert "接待提示" in html(browser.get(f"/desk/riverside/cases/{case.number}"))


@pytest.mark.req("B5", "B10")
def test_a_quote_that_waits_is_agreed_to_on_the_spot(browser: Browser, desk: Office) -> None:
    quoted = desk.do(signed(desk), "propose", HANDLER, ProposeForm("灯具老化", "更换灯具", price_item="tap"))
    assert opened(page_of(browser, desk, quoted).partition('id="more"')[0]) == ["sign_agreement"]


@pytest.mark.req("B10", "G9")
def test_what_is_charged_is_looked_at_before_it_can_be_completed(browser: Browser, desk: Office) -> None:
    quote = ProposeForm("阀芯老化", "更换水龙头", price_item="tap")
    case = desk.do(signed(desk, matter="home_other"), "propose", HANDLER, quote)
    case = desk.do(case, "agree", RESIDENT, NoteForm())
    assert opened(page_of(browser, desk, case).partition('id="more"')[0]) == ["compare_item"]
    case = desk.do(case, "compare_item", HANDLER, ItemForm("龙头", differs=False))
    assert opened(page_of(browser, desk, case).partition('id="more"')[0]) == ["complete"]


@pytest.mark.req("B9", "B10")
def test_the_bill_comes_next_once_charged_work_is_accepted(browser: Browser, desk: Office) -> None:
    case = desk.do(
        signed(desk, matter="home_other"), "compare_item", HANDLER, ItemForm("龙头", differs=False)
    )
    case = desk.do(case, "propose", HANDLER, ProposeForm("阀芯老化", "更换水龙头", price_item="tap"))
    case = desk.do(case, "sign_agreement", HANDLER, SignedForm("王芳", drawn()))
    case = desk.do(case, "complete", HANDLER, CompleteForm("已更换，试水十分钟不漏。"))
    assert opened(page_of(browser, desk, case).partition('id="more"')[0]) == ["accept_work"]
    case = desk.do(case, "accept_work", HANDLER, AcceptForm("王芳", signature=drawn()))
    first = page_of(browser, desk, case).partition('id="more"')[0]
    assert opened(first) == ["bill"]
    assert "<strong>80 元</strong>" in first.partition("/bill")[0], "what was agreed to stands above it"
    case = desk.do(case, "bill", HANDLER, BillForm(6000, 2000))
    assert "bill" not in opened(page_of(browser, desk, case))


@pytest.mark.req("B10", "G11")
def test_the_quote_comes_before_the_work_where_it_costs_something(browser: Browser, desk: Office) -> None:
    lamp = signed(desk)
    first = page_of(browser, desk, lamp).partition('id="more"')[0]
    assert "先报价" in first
    assert first.index("/propose") < first.index("/start")
    costs = desk.do(
        lamp, "declare_charge", HANDLER, ChargeForm(chargeable=True, reason="灯具自购", on_list=True)
    )
    first = page_of(browser, desk, costs).partition('id="more"')[0]
    assert opened(first) == ["propose"]
    assert "/start" not in first
    for free in (signed(desk, matter="elevator"), signed(desk, kind="complaint", matter="cleaning")):
        assert "先报价" not in page_of(browser, desk, free)


@pytest.mark.req("B2", "G17")
def test_a_refusal_stands_in_the_form_that_was_refused_with_what_was_typed(
    browser: Browser, desk: Office
) -> None:
    case = signed(desk)
    forms = Form(page_of(browser, desk, case)).forms
    action = next(action for action in forms if action.endswith("/complete"))
    response = browser.post(action, {**forms[action], "result": " ", "prevention": "换成节能灯"})
    page = html(response)
    assert response.status_code == 400
    form = page[page.index('id="do-complete"') : page.index("<dl")]
    assert opened(page.partition('id="more"')[0]) == ["complete"]
    assert 'role="alert"' in form
    assert "换成节能灯" in form
    assert page.count('role="alert"') == 1


@pytest.mark.req("E8", "G8")
@pytest.mark.parametrize(
    ("place", "unit", "address"),
    [
        (community(), "3-2-1201", "https://uri.amap.com/search?keyword="),
        (community(), "别墅", "https://uri.amap.com/search?keyword="),
        (community(country="SG"), "3-2-1201", "https://www.openstreetmap.org/search?query="),
    ],
)
def test_the_map_knows_the_building_and_never_the_unit(place: Community, unit: str, address: str) -> None:
    desk = office(place)
    case = desk.register(unit=unit).case
    shown = map_of(case, desk.desk.context_of(case))
    assert shown.startswith(address)
    assert "1201" not in shown
    assert shown.endswith("3") == (unit == "3-2-1201")


@pytest.mark.req("E8", "G13")
def test_of_a_shielded_resident_the_page_dials_nobody(browser: Browser, desk: Office) -> None:
    case = assigned(desk, kind="complaint", shielded=True)  # type: ignore[arg-type]
    page = page_of(browser, desk, case)
    assert "tel:" not in page
    assert "13900001234" not in page


@pytest.mark.req("G8")
def test_the_page_runs_our_scripts_alone_and_works_without_them(browser: Browser, desk: Office) -> None:
    case = desk.do(assigned(desk), "sign", HANDLER, SignForm("工程部甲"))
    response = browser.get(link(desk, case, Purpose.WORK))
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self'; connect-src 'self'" in policy
    assert "unsafe" not in policy
    assert browser.get("/static/work.js").status_code == 200


@pytest.mark.req("A3", "B9")
def test_a_form_that_was_refused_keeps_the_order_in_which_it_was_filled_in(
    browser: Browser, desk: Office
) -> None:
    case = signed(desk, kind="repair", matter="home_other")
    address = link(desk, case, Purpose.WORK)

    def order(page: str) -> list[str]:
        form = page.partition('/propose"')[2].partition("</form>")[0]
        return re.findall(r'<(?:button|(?:input|select|textarea)[^>]* name="(?!once|version)([a-z_]+))', form)

    first = html(browser.get(address))
    action = next(action for action in Form(first).forms if action.endswith("/propose"))
    again = browser.post(action, {**Form(first).forms[action], "cause": ""})
    assert again.status_code == 400
    assert order(html(again)) == order(first)
    assert order(first)[-1] == "", "the button is last"


@pytest.mark.req("B2")
def test_where_nothing_waits_the_usual_acts_stand_before_the_rest(browser: Browser, desk: Office) -> None:
    case = desk.do(assigned(desk), "sign", HANDLER, SignForm("工程部甲"))
    browser.sign_in("agent-1")
    page = html(browser.get(f"/desk/riverside/cases/{case.number}"))
    before, _, behind = page.partition('<details id="more">')
    in_sight = re.findall(r"#do-(\w+)", before)
    assert in_sight == ["answer", "record_urge", "fill_in", "classify", "progress"]
    assert len(re.findall(r"#do-(\w+)", behind)) > 3
