"""What people typed stands apart on every page, so that its direction turns nothing around it (G8)."""

from datetime import timedelta
from html.parser import HTMLParser

import pytest

from chalicelib.domain.case.form_fields import NoteForm, ReasonForm
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.work.forms import CompleteForm, ExtensionForm, ProposeForm
from tests.browser import HANDLER, REPORT, Browser, html, link
from tests.builders import SUPERVISOR, Office

RTL = "سارة"
APART = {"bdi", "textarea", "option", "title"}


class Surroundings(HTMLParser):
    """Every text of a page that holds the right-to-left word outside of what sets it apart."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loose: list[str] = []
        self.found = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in APART:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in APART:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.found += data.count(RTL)
        if not self.open and data.count(RTL) > data.count(f"\u2068{RTL}"):
            self.loose.append(data)


@pytest.mark.req("A3")
def test_every_page_sets_apart_what_was_typed(browser: Browser, desk: Office) -> None:
    about = {"text": RTL, "unit": RTL, "name": RTL, "against": RTL, "witnesses": RTL, "course_of_events": RTL}
    receipt = desk.register(matter="lighting_lock", kind="repair", evidence=(RTL,), **about)
    case, now = receipt.case, desk.clock()
    case = desk.do(case, "assign", SUPERVISOR, AssignForm("engineering-1", RTL))
    case = desk.do(case, "sign", HANDLER, SignForm(RTL))
    case = desk.do(case, "propose", HANDLER, ProposeForm(RTL, RTL, None))
    case = desk.do(case, "agree", RESIDENT, NoteForm(RTL))
    case = desk.do(case, "request_extension", HANDLER, ExtensionForm(now + timedelta(days=4), RTL))
    case = desk.do(case, "urge", RESIDENT, NoteForm(RTL))
    track, work = link(desk, case, Purpose.TRACK), link(desk, case, Purpose.WORK)
    pages = [browser.get(track), browser.get(work), browser.get(f"{track}/receipt")]
    browser.sign_in("manager-1")
    staff = f"/desk/riverside/cases/{case.number}"
    pages += [
        browser.get(staff),
        browser.get("/desk/riverside?list=register"),
        browser.get("/desk/riverside"),
    ]
    case = desk.do(case, "complete", HANDLER, CompleteForm(RTL, RTL))
    rate = link(desk, case, Purpose.RATE)
    pages += [browser.get(rate), browser.get(track), browser.get(work), browser.get(staff)]
    case = desk.do(case, "reopen", SUPERVISOR, ReasonForm(RTL))
    pages += [browser.get(staff), browser.get(track)]
    pages.append(browser.post(f"{rate}/rate", {"score": "1", "comment": RTL}))
    pages.append(browser.post("/c/riverside", {**REPORT, "name": RTL, "text": RTL, "phone": ""}))
    found = [Surroundings(html(page)) for page in pages]
    assert [page.loose for page in found] == [[] for _ in pages]
    assert sum(page.found for page in found) > 50
