"""A desk whose manager keeps the staff, behind its pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chalice.test import HTTPResponse

from chalicelib import wiring
from chalicelib.services.staff_port import Keepers
from tests.browser import BASE, Browser, Form, browsing, html
from tests.builders import Office, community, office
from tests.fakes.book import FakeBook
from tests.fakes.findings import FakeFindings
from tests.fakes.recordings import FakeExchange
from tests.fakes.staff import FakeAccounts, FakeStaff
from tests.sending import delivery

STAFF = "/desk/riverside/staff"


@dataclass
class Place:
    """A browser, what stands behind it, and short ways to send its forms."""

    browser: Browser
    office: Office
    store: FakeStaff
    accounts: FakeAccounts

    def send(self, act: str, page: str = STAFF, **typed: str) -> HTTPResponse:
        """The form of an act as its page has it, with what is typed; None leaves nothing out."""
        forms = Form(html(self.browser.get(page))).forms
        (given,) = [form for action, form in forms.items() if action.rpartition("/")[2] == act]
        plain = {name: text for name, text in given.items() if not name.endswith("?")}
        ticked = {name: "" for name in plain if "." in name}
        return self.browser.post(f"{STAFF}/{act}", {**plain, **ticked, **typed})

    def add(self, **typed: str) -> HTTPResponse:
        """Add an engineer."""
        plain = {"username": "wang.fang", "name": "王芳", "role": "handler", "phone": "13911112222"}
        return self.send("add", **{**plain, "department.engineering": "yes", **typed})

    def about(self, act: str, who: str, **typed: str) -> HTTPResponse:
        """A form of the page of a person."""
        return self.send(act, f"{STAFF}?who={who}", **typed)

    def person(self, who: str, place: str = "riverside") -> Any:
        return self.office.desk.directory.community(place).person(who)

    def link(self, phone: str = "+8613911112222") -> str:
        """The path of the newest link that went to a number."""
        texts = [text for number, text in self.office.sms.sent if number == phone]
        return texts[-1].partition("https://suda.cn")[2].split()[0]


@pytest.fixture
def place() -> Iterator[Place]:
    made = office(
        community(), community("hilltop", prefix="hill-"), at=datetime.now(UTC) + timedelta(minutes=1)
    )
    with browsing(made) as browser:
        store, accounts = FakeStaff(made.desk.directory), FakeAccounts(made.identity)  # type: ignore[arg-type]
        wiring.use(
            desk=made.desk,
            notices=made.stores.notices,
            identity=made.identity,
            findings=FakeFindings(),
            exchange=FakeExchange(),
            book=FakeBook(),
            base_url=BASE,
            keepers=Keepers(store, accounts, 24, store.prices),
            delivery=delivery(made),
        )
        browser.sign_in("manager-1")
        yield Place(browser, made, store, accounts)
