"""A department has one name for its reader, on whatever page it stands (A11, B14)."""

import re

import pytest

from tests.browser import Browser, text

PAGES = ("?", "roster?", "handover?", "staff?", "staff?who=engineering-1&", "?list=community&", "board?")
OWN = re.compile(r"工程部(?!\w)")
"""The community's own name of its engineers; of 工程部甲, who is a person, it is only a part."""


@pytest.mark.req("A11", "B14")
@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_departments_in_the_language_of_its_reader(browser: Browser, page: str) -> None:
    browser.sign_in("manager-1")
    said = {
        language: text(browser.get(f"/desk/riverside/{page}lang={language}".replace("/?", "?")))
        for language in ("en", "zh-CN", "zh-TW")
    }
    assert OWN.search(said["zh-CN"])
    assert OWN.search(said["zh-TW"])
    assert "Engineering" in said["en"]
    assert not OWN.search(said["en"])
