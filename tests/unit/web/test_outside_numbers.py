"""Whoever reads of an emergency can dial for help from the page itself (A6)."""

import pytest

from chalicelib.domain.case.links import Purpose
from tests.browser import REPORT, Browser, assigned, html, link
from tests.builders import Office

MEDICAL = ("120",)
EVERY = ("110", "119", "120", "122")


def dials(page: str) -> tuple[str, ...]:
    """The outside numbers that the page dials."""
    return tuple(phone for phone in (*EVERY, "95598") if f'<a href="tel:{phone}">{phone}</a>' in page)


@pytest.mark.req("A6")
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_receipt_tracking_and_work_page_of_an_emergency_dial_its_numbers(
    browser: Browser, desk: Office, language: str
) -> None:
    browser.language = language
    case = assigned(desk, matter="medical", kind="help")
    track, work = (link(desk, case, purpose) for purpose in (Purpose.TRACK, Purpose.WORK))
    for page in (track, f"{track}/receipt", work):
        assert dials(html(browser.get(page))) == MEDICAL, page
    browser.sign_in("agent-1")
    assert dials(html(browser.get(f"/desk/riverside/cases/{case.number}"))) == MEDICAL


@pytest.mark.req("A6")
def test_an_emergency_by_urgency_has_the_numbers_of_any_where_its_matter_has_none(
    browser: Browser, desk: Office
) -> None:
    case = assigned(desk, urgency="emergency")
    assert dials(html(browser.get(link(desk, case, Purpose.TRACK)))) == EVERY
    calm = assigned(desk, text="灯不亮", phone="+8613900001235")
    assert dials(html(browser.get(link(desk, calm, Purpose.TRACK)))) == ()


@pytest.mark.req("A6", "A7")
def test_the_form_and_the_receipt_of_unsorted_words_of_danger_have_all_numbers(browser: Browser) -> None:
    assert dials(html(browser.get("/c/riverside"))) == EVERY
    typed = {**REPORT, "text": "楼道里着火了", "kind": "", "matter": ""}
    assert dials(html(browser.follow(browser.post("/c/riverside", typed)))) == EVERY


@pytest.mark.req("A6", "A14")
def test_the_answer_book_dials_the_numbers_that_it_names(browser: Browser) -> None:
    browser.sign_in("agent-1")
    assert dials(html(browser.get("/desk/riverside/book"))) == (*EVERY, "95598")
