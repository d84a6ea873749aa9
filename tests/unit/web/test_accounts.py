"""The accounts of a month: payments, what is owed, and the statistician's signature (B9, B10)."""

import re
from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.work.accounts import MonthSigned
from chalicelib.domain.work.forms import CompleteForm, ProposeForm
from chalicelib.domain.work.order_forms import BillForm, ItemForm, PaymentForm, SignedForm
from chalicelib.domain.work.payer import PayerForm
from chalicelib.web.csv_file import BOM
from tests.browser import HANDLER, Browser, Form, html, signed, text
from tests.builders import Office, office
from tests.content import drawn
from tests.paid_repair import CASHIER, billed_repair, paid_repair

PAGE = "/desk/riverside/accounts"


@pytest.fixture
def desk() -> Office:
    return office()


def billed(desk: Office) -> str:
    """A case whose bill nobody has paid; its number."""
    case = signed(desk, matter="home_other", text="马桶漏水")
    case = desk.do(case, "propose", HANDLER, ProposeForm("老化", "换", price_item="tap"))
    case = desk.do(case, "sign_agreement", HANDLER, SignedForm("王芳", drawn()))
    case = desk.do(case, "compare_item", HANDLER, ItemForm("龙头", differs=False))
    case = desk.do(case, "complete", HANDLER, CompleteForm("已换。"))
    return desk.do(case, "bill", HANDLER, BillForm(5000, 0)).number


def sign(browser: Browser, month: str) -> tuple[int, str]:
    (fields,) = (form for at, form in Form(html(browser.get(PAGE))).forms.items() if at.endswith("sign-out"))
    answer = browser.post(PAGE, {"csrf": fields["csrf"], "month": month})
    return answer.status_code, text(answer)


@pytest.mark.req("B9", "B10")
def test_a_receipt_of_two_cases_is_seen_before_the_month_is_signed(browser: Browser, desk: Office) -> None:
    """Two repairs may be paid together; what was mistyped, or used twice, stands there as well."""
    first, second = paid_repair(desk).number, paid_repair(desk, text="马桶漏水").number
    other = desk.do(
        billed_repair(desk, text="水管漏水"), "record_payment", CASHIER, PaymentForm(8000, "SJ-7")
    )
    browser.sign_in("supervisor-1")
    page = text(browser.get(PAGE))
    assert f"SJ-0042（同一收据：{second}）" in page
    assert f"SJ-0042（同一收据：{first}）" in page
    assert f"SJ-7 {other.number}" in page


@pytest.mark.req("B9")
def test_the_statistician_signs_a_month_once_when_it_is_over(browser: Browser, desk: Office) -> None:
    paid, owing = paid_repair(desk).number, billed(desk)
    browser.sign_in("supervisor-1")
    now = text(browser.get(PAGE))
    assert "共 1 笔，80 元" in now.partition("未付款")[0]
    assert "共 1 笔，50 元" in now.partition("未付款")[2]
    assert "月份结束后才能签账" in now
    assert sign(browser, "2026-11")[0] == 409, "it is not over"
    desk.clock.advance(timedelta(days=10))
    browser.sign_in("supervisor-1")
    november = html(browser.get(f"{PAGE}?month=2026-11"))
    assert f"cases/{paid}" in november
    assert "SJ-0042" in november
    status, said = sign(browser, "2026-11")
    assert (status, "本月账及每笔收款均已签字" in said) == (200, True)
    bill = desk.desk.cases.get("riverside", paid).order.bill
    assert bill is not None
    assert bill.signed_by == "supervisor-1", "each payment is signed on its case"
    assert sign(browser, "2026-11")[0] == 409, "once"
    after = text(browser.get(f"{PAGE}?month=2026-11"))
    assert "本月账已经签字" in after
    assert owing in text(browser.get(PAGE)), "what is owed stays"


@pytest.mark.req("B9", "B10")
def test_only_a_statistician_signs_and_never_own_takings(browser: Browser, desk: Office) -> None:
    paid_repair(desk)
    desk.clock.advance(timedelta(days=10))
    for name, status, said in (
        ("agent-2", 403, "只有统计员才能签账"),
        ("manager-1", 403, "只有统计员才能签账"),
        ("agent-1", 403, "可以查看账目"),
    ):
        browser.sign_in(name)
        answer = browser.get(f"{PAGE}?month=2026-11")
        assert (answer.status_code == 403) == (name == "agent-1")
        (fields,) = (
            form for at, form in Form(html(browser.get("/desk/riverside"))).forms.items() if "sign-out" in at
        )
        refused = browser.post(PAGE, {"csrf": fields["csrf"], "month": "2026-11"})
        assert refused.status_code == status
        assert said in text(refused) or name == "agent-1"


@pytest.mark.req("B9")
def test_the_accounts_leave_as_a_file(browser: Browser, desk: Office) -> None:
    number = paid_repair(desk).number
    browser.sign_in("manager-1")
    file = browser.get(f"{PAGE}/export?month=2026-11")
    lines = file.body.decode().removeprefix(BOM).splitlines()
    assert file.headers["Content-Type"].startswith("text/csv")
    assert lines[1].startswith(f"SJ-0042,{number},")
    assert ",60,20,80," in lines[1]
    assert re.search(r",2026-11-\d\d \d\d:\d\d,", lines[1]), "a spreadsheet sorts by it"
    assert browser.get(f"{PAGE}?month=2026-13").status_code == 400


@pytest.mark.req("B9")
def test_what_came_in_after_the_signature_is_named(browser: Browser, desk: Office) -> None:
    paid_repair(desk)
    accounts = wiring.accounts()
    accounts.sign("riverside", MonthSigned("202611", "supervisor-1", desk.clock(), 0, 0))
    browser.sign_in("manager-1")
    assert "签字后又有 1 笔入账" in text(browser.get(PAGE))


@pytest.mark.req("B9", "B13", "G12")
def test_what_turned_out_free_stands_in_the_accounts_as_what_goes_back_and_then_as_gone(
    browser: Browser, desk: Office
) -> None:
    case = paid_repair(desk)
    paid_repair(desk, text="马桶漏水", unit="5-0302")
    browser.sign_in("manager-1")
    assert "共 2 笔，160 元" in text(browser.get(PAGE))
    assert "退还" not in text(browser.get(PAGE))
    case = desk.do(case, "state_payer", HANDLER, PayerForm("developer", "工程保修"))
    page = text(browser.get(PAGE))
    assert "共 2 笔，160 元；其中 1 笔、80 元免收费，已退还或待退还" in page
    assert page.count("SJ-0042") - page.count("SJ-0042；免收费，待退还") >= 1, "the other one is not touched"
    desk.do(case, "give_back", CASHIER, PaymentForm(8000, "TK-7"))
    page = text(browser.get(PAGE))
    assert "已退还，收据 TK-7" in page
    assert "待退还 " not in page.replace("已退还或待退还", "")
    assert "TK-7" in str(browser.get(f"{PAGE}/export").body)
