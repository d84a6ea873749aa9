"""A month to compare and to print: every community of a company, and no group too small to be told (G16)."""

from collections.abc import Iterator

import pytest

from chalicelib.domain.figures.small_groups import SMALLEST
from tests.browser import Browser, browsing, text
from tests.builders import Office, office

HERE = "/desk/riverside"


@pytest.fixture
def desk() -> Office:
    return office()


@pytest.fixture
def browser(desk: Office) -> Iterator[Browser]:
    with browsing(desk) as made:
        yield made


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
