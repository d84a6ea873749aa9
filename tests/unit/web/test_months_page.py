"""A month to compare and to print: every community of a company, and no group too small to be told (G16)."""

import re
from pathlib import Path

import pytest

from chalicelib.domain.figures.small_groups import SMALLEST
from tests.browser import Browser, completed, text
from tests.builders import Office, office

HERE = "/desk/riverside"


@pytest.fixture
def desk() -> Office:
    return office()


@pytest.mark.req("E1", "G16")
def test_the_committee_prints_a_month_without_small_groups_and_names(browser: Browser, desk: Office) -> None:
    browser.sign_in("committee-1")
    desk.register(kind="repair", matter="lighting_lock")
    assert "合计" not in text(browser.get(f"{HERE}/month-to-print")), "one case is a group too small"
    for _ in range(SMALLEST):
        desk.register(kind="repair", matter="lighting_lock", text="三楼灯不亮")
    for _ in range(2):
        desk.register(kind="complaint", matter="noise_public")
    desk.register(kind="inquiry", matter="move_card")
    browser.sign_in("committee-1")
    page = text(browser.get(f"{HERE}/month-to-print"))
    assert "月报（打印） · 2026年11月" in page
    assert "维修" in page or "报修" in page
    table = page.partition("类型")[2] or page
    assert "投诉" not in table.partition("少于")[0]
    assert not [said for said in ("王芳", "三楼灯不亮", "工程部甲") if said in page]
    assert browser.get(f"{HERE}/month-to-print?month=2026-13").status_code == 400


@pytest.mark.req("E1", "G16")
def test_no_published_page_says_none_where_there_are_few_or_adds_up_what_is_rounded(
    browser: Browser, desk: Office
) -> None:
    """Six repairs, three of them done: both parts are few, and nothing says that one of them is none."""
    for _ in range(3):
        completed(desk)
        desk.register(kind="repair", matter="lighting_lock")
    browser.sign_in("manager-1")
    exact = text(browser.get(f"{HERE}/figures"))
    assert "合计 6 3 3 0 0" in exact
    assert "登记 = 在办 + 已办结" in exact
    assert "不足5" not in exact
    browser.sign_in("committee-1")
    figures, printed = (text(browser.get(f"{HERE}/{page}")) for page in ("figures", "month-to-print"))
    for page in (figures, printed):
        assert "合计 5 不足5 不足5 不足5 不足5" in page
        assert "各项相加不一定等于总数；“不足5”也可能是没有" in page
        assert "登记 = 在办 + 已办结" not in page
    assert "登记5件" in figures
    assert "已办结不足5件" in figures
    assert "发出不足5份" in figures
    assert "应回访不足5次" in figures
    assert "已提交不足5份，尚欠不足5份" in figures
    assert not re.findall(r"(?<!\d)0 ?(?:件|份|次|条)", figures)


@pytest.mark.req("E1", "G16")
def test_the_month_to_print_says_how_and_its_menu_and_the_hint_are_not_printed(browser: Browser) -> None:
    browser.sign_in("committee-1")
    page = browser.get(f"{HERE}/month-to-print").body.decode()
    assert '<p class="hint no-print">按 Ctrl+P' in page
    assert '<nav class="tabs"' in page
    style = Path("chalicelib/web/static/style.css").read_text(encoding="utf-8").partition("@media print")[2]
    hidden = re.search(r"\n  ([^{}]*)\{ display: none !important; \}", style)
    assert hidden
    assert {"nav", "form", ".no-print"} <= set(hidden[1].strip().split(", "))
    browser.sign_in("company-head-1")
    assert "Ctrl+P" not in browser.get(f"{HERE}/communities").body.decode()


@pytest.mark.req("E1", "G16")
def test_the_company_head_sees_the_communities_side_by_side_rates_from_k_on(
    browser: Browser, desk: Office
) -> None:
    desk.register()
    browser.sign_in("company-head-1")
    few = text(browser.get(f"{HERE}/communities"))
    assert "滨江花园" in few
    assert "%" not in few.partition("滨江花园")[2]
    for _ in range(SMALLEST):
        desk.register()
    many = text(browser.get(f"{HERE}/communities"))
    assert "0%" in many
    browser.sign_in("manager-1")
    assert browser.get(f"{HERE}/communities").status_code == 403
