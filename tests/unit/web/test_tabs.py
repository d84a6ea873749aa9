"""The links of every desk page: those of every day, and the rest behind "more"."""

import re

import pytest

from chalicelib.web.leader_tabs import FURTHER, MOST_TABS
from tests.browser import browsing, html
from tests.builders import community, office

LINK = re.compile(r'href="[./]*desk/riverside/([a-z-]+)"')


def parts(page: str) -> tuple[str, str]:
    """What stands in the tabs, and what behind "more"."""
    tabs, _, rest = page.partition('<nav class="tabs"')[2].partition("</nav>")
    further = rest.partition('<nav class="further"')[2].partition("</nav>")[0]
    return tabs, further


@pytest.mark.parametrize("user", ["manager-1", "company-head-1", "supervisor-1"])
def test_a_leader_has_the_pages_of_every_day_in_a_line_and_the_rest_one_key_away(user: str) -> None:
    with browsing(office(community())) as browser:
        browser.sign_in(user)
        everyday, further = parts(html(browser.get("/desk/riverside")))
        assert set(LINK.findall(further)) <= FURTHER
        assert not FURTHER & set(LINK.findall(everyday))
        assert len(re.findall("<a ", further)) > 3
        assert "<details>" in further
        here, _ = parts(html(browser.get("/desk/riverside/calendar")))
        assert re.search(r'calendar" aria-current="page"', here), "one sees where one is"


def test_the_lists_of_cases_are_one_tab_and_a_line_of_their_own_where_one_is_shown() -> None:
    with browsing(office(community())) as browser:
        browser.sign_in("supervisor-1")
        first = html(browser.get("/desk/riverside"))
        everyday, _ = parts(first)
        assert everyday.count("?list=") == 1
        assert first.count("?list=register") == 0
        shown = html(browser.get("/desk/riverside?list=register"))
        lists = shown.split('<nav class="tabs"')[2].partition("</nav>")[0]
        assert re.search(r'list=register" aria-current="page"', lists)
        assert {"community", "to_sort", "mine"} <= set(re.findall(r"list=([a-z_]+)", lists))
        assert re.search(r'aria-current="page">工单<', parts(shown)[0])


def test_nobody_keeps_a_record_of_the_committee() -> None:
    with browsing(office(community())) as browser:
        browser.sign_in("committee-1")
        page = html(browser.get("/desk/riverside/figures"))
        assert "month-to-print" in page
        assert "my-record" not in page


def test_whoever_has_few_pages_sees_all_of_them() -> None:
    with browsing(office(community())) as browser:
        browser.sign_in("engineering-1")
        everyday, further = parts(html(browser.get("/desk/riverside")))
        assert further == ""
        assert 0 < len(re.findall("<a ", everyday)) <= MOST_TABS
