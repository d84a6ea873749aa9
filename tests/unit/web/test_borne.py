"""What others than residents bear: the page and files, and what of it the resident never sees (B9, G12)."""

from urllib.parse import urljoin

import pytest

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.work.cost_forms import ClaimForm, CostForm
from chalicelib.domain.work.forms import CompleteForm
from chalicelib.domain.work.order_forms import PaymentForm
from chalicelib.domain.work.payer import PayerForm
from tests.browser import HANDLER, SUPERVISOR, Browser, Form, html, link, signed, text
from tests.builders import Office, office
from tests.paid_repair import CASHIER

PAGE = "/desk/riverside/borne"
DEVELOPER = PayerForm("developer", "工程保修")


@pytest.fixture
def desk() -> Office:
    return office()


def of_the_developer(desk: Office, *costs: CostForm, what: str) -> Case:
    """A repair that is done and for which the developer pays, with these lines of its cost."""
    case = signed(desk, matter="seepage", text=what)
    case = desk.do(case, "state_payer", SUPERVISOR, DEVELOPER)
    for cost in costs:
        case = desk.do(case, "record_cost", HANDLER, cost)
    return desk.do(case, "complete", HANDLER, CompleteForm("已打胶。"))


@pytest.mark.req("G12", "B9")
def test_the_list_of_what_the_developer_owes_has_each_amount_and_counts_what_is_missing(
    browser: Browser, desk: Office
) -> None:
    priced = of_the_developer(desk, CostForm("tap", 2, material_fen=1550), what="外墙渗水")
    of_the_developer(desk, what="窗框漏雨")
    of_the_developer(desk, CostForm("tap"), CostForm(what="开墙"), what="阳台渗水")
    browser.sign_in("manager-1")
    page = text(browser.get(PAGE))
    assert "共 3 单：255.50 元（人工 240，材料 15.50）" in page
    assert "其中 2 单尚未计价，缺的金额未计入合计" in page
    assert f"{priced.number} 已计价 160 15.50 175.50" in page
    assert "1 项尚未计价" in page
    desk.do(priced, "claim_cost", CASHIER, ClaimForm(17550, "QK-2026-1"))
    desk.do(desk.case(priced), "record_claim_payment", CASHIER, PaymentForm(10000, "DZ-1"))
    page = text(browser.get(PAGE))
    assert "已请款 175.50 元，已到账 100 元，未到账 75.50 元" in page
    saved = html(browser.get(f"{PAGE}/export?payer=developer&month=2026-11"))
    assert f"{priced.number},已计价,160,15.50,175.50,175.50,QK-2026-1,100,DZ-1" in saved
    assert "其中 2 单尚未计价" in saved
    listed = html(browser.get("/desk/riverside/export?list=register&payer=developer"))
    assert "已计价,160,15.50,175.50" in listed
    assert "共 3 单，其中 2 单尚未计价" in listed
    assert "开发商承担的费用" in text(browser.get("/desk/riverside?list=register&payer=developer"))
    assert "暂无" in text(browser.get(f"{PAGE}?payer=maintenance_fund"))
    assert browser.get(f"{PAGE}?payer=nobody").status_code == 400
    assert browser.get(f"{PAGE}?month=2026-13").status_code == 400


@pytest.mark.req("B9", "E8")
def test_whoever_has_nothing_to_do_with_money_does_not_read_it(browser: Browser, desk: Office) -> None:
    browser.sign_in("engineering-1")
    assert browser.get(PAGE).status_code == 403
    assert browser.get(f"{PAGE}/export").status_code == 403


@pytest.mark.req("B9", "G11", "G12")
def test_the_worker_writes_it_by_the_own_link_and_the_resident_reads_nothing_of_it(
    browser: Browser, desk: Office
) -> None:
    case = of_the_developer(desk, what="外墙渗水")
    browser.sign_in("engineering-head")
    waiting = text(browser.get("/desk/riverside"))
    assert "已完工、由开发商承担：请登记维修成本" in waiting, "the head is asked while nobody has written it"
    browser.cookie = ""
    work = link(desk, desk.case(case), Purpose.WORK)
    page = browser.get(work)
    drawn = Form(html(page)).forms
    ((action, fields),) = (
        (urljoin(work, at), form) for at, form in drawn.items() if at.endswith("/record_cost")
    )
    typed = {name: value for name, value in fields.items() if not name.endswith("?")}
    wrong = browser.post(action, {**typed, "price_item": "", "what": "开墙", "labour_fen": "300"})
    assert wrong.status_code == 400
    assert "收费标准以外的由部门负责人核价" in text(wrong)
    assert "开墙" in html(wrong), "what was typed is kept"
    done = browser.follow(browser.post(action, {**typed, "price_item": "tap", "quantity": "1"}))
    assert "开发商：80 元（人工 80，材料 0）；住户无需支付" in text(done)
    browser.sign_in("supervisor-1")
    paper = text(browser.get(f"/desk/riverside/cases/{case.number}/paper?sheet=order"))
    assert "开发商：80 元（人工 80，材料 0）；住户无需支付" in paper
    for page in (
        text(browser.get(link(desk, desk.case(case), Purpose.TRACK))),
        text(browser.get(f"/desk/riverside/cases/{case.number}/paper?sheet=original")),
    ):
        assert "80 元" not in page
        assert "维修成本" not in page
    assert desk.case(case).order.bills == ()
    desk.do(desk.case(case), "state_payer", SUPERVISOR, PayerForm("owner", "人为损坏"))
    page = text(browser.get(f"/desk/riverside/cases/{case.number}"))
    assert "业主：80 元（人工 80，材料 0）；未开账单，须先报价并经同意" in page
    assert "80 元" not in text(browser.get(link(desk, desk.case(case), Purpose.TRACK)))
