"""A resident without a link finds the own cases by a code; nobody else learns of any (E5, E8)."""

import re
from datetime import timedelta

import pytest

from chalicelib.domain.case.links import Purpose
from tests.browser import Browser, Form, browsing, html, link, text
from tests.builders import community, office
from tests.sending import send

WHERE = "/c/riverside/cases"
MINE, THEIRS, STORED = "13900001234", "13900009999", "+8613900001234"


def asked(browser: Browser, phone: str, number: str = "") -> dict[str, str]:
    """The form for the code, after one was asked for."""
    send(browser.office)
    drawn = Form(html(browser.get(WHERE))).forms["../../c/riverside/cases"]
    page = browser.post(WHERE, {**drawn, "phone": phone, "number": number})
    assert "六位验证码已经发出" in text(page)
    return Form(html(page)).forms["../../c/riverside/cases"]


def code_of(browser: Browser) -> str:
    browser.office.sms.sent.clear()
    send(browser.office)
    codes = [re.search(r"验证码(\d{6})", message) for _, message in browser.office.sms.sent]
    return next(found[1] for found in codes if found)


@pytest.mark.req("E5")
def test_the_code_leads_to_the_case_that_was_named_or_the_only_one() -> None:
    with browsing(office(community())) as browser:
        first = browser.office.register(phone=STORED).case
        form = asked(browser, MINE)
        found = browser.post(WHERE, {**form, "code": code_of(browser)})
        assert found.status_code == 303
        assert browser.follow(found).status_code == 200
        assert browser.at.endswith(link(browser.office, first, Purpose.TRACK))
        browser.office.clock.advance(timedelta(hours=2))
        second = browser.office.register(phone=STORED, text="厨房的灯也坏了").case
        form = asked(browser, MINE)
        page = browser.post(WHERE, {**form, "code": code_of(browser)})
        for case in (first, second):
            assert case.number in text(page)
            assert link(browser.office, case, Purpose.TRACK) in html(page)
        browser.office.clock.advance(timedelta(hours=2))
        form = asked(browser, MINE, first.number)
        named = browser.post(WHERE, {**form, "code": code_of(browser)})
        assert named.headers["Location"].endswith(link(browser.office, first, Purpose.TRACK))


@pytest.mark.req("E8")
def test_whoever_has_not_the_number_reads_the_same_whether_it_has_a_case() -> None:
    with browsing(office(community())) as browser:
        case = browser.office.register(phone=STORED).case
        pages = []
        for phone in (MINE, THEIRS):
            form = asked(browser, phone, case.number)
            refused = browser.post(WHERE, {**form, "code": "000000"})
            assert refused.status_code == 403
            assert case.number not in text(refused).replace("验证码", "")
            pages.append(re.sub(r"\b[0-9a-f]{16,32}\b", "", html(refused)).replace(phone, ""))
        assert pages[0] == pages[1]


@pytest.mark.req("C3")
def test_codes_are_limited_and_what_was_typed_stays() -> None:
    with browsing(office(community())) as browser:
        browser.office.register(phone=STORED)
        drawn = Form(html(browser.get(WHERE))).forms["../../c/riverside/cases"]
        answers = [browser.post(WHERE, {**drawn, "phone": MINE, "number": "202611-0001"}) for _ in range(12)]
        assert answers[0].status_code == 200
        assert answers[-1].status_code == 429
        assert f'value="{MINE}"' in html(answers[-1])
        assert 'value="202611-0001"' in html(answers[-1])
        assert browser.post(WHERE, {**drawn, "phone": "12"}).status_code == 400
        assert browser.post(WHERE, {}).status_code == 400


@pytest.mark.req("G8", "A11")
def test_an_ended_link_says_what_to_do_and_whom_to_call() -> None:
    with browsing(office(community(phone="021-62345678"))) as browser:
        case = browser.office.register(phone=STORED).case
        address = link(browser.office, case, Purpose.TRACK)
        browser.office.clock.advance(timedelta(days=366))
        page = browser.get(address)
        assert page.status_code == 410
        assert 'href="tel:02162345678"' in html(page)
        assert 'href="../c/riverside/cases"' in html(page)
        assert 'href="../c/riverside"' in html(page)
