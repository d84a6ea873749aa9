"""A complaint is looked into by the handler's link, and found untrue it waits for the supervisor (B1, S3)."""

from collections.abc import Iterator

import pytest

from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.notices.kinds import NoticeChannel, NoticeKind
from chalicelib.domain.regulation.limits import Clock
from tests.browser import HANDLER, Browser, Form, assigned, browsing, html, link, signed, text
from tests.builders import Office, community, office
from tests.sending import send

COMPLAINT = {"kind": "complaint", "matter": "cleaning"}
NOTE = "楼道监控看过，没有这件事"


@pytest.fixture
def desk() -> Office:
    return office(community(regulation="S3"))


@pytest.fixture
def browser(desk: Office) -> Iterator[Browser]:
    with browsing(desk) as made:
        yield made


def found_by_link(browser: Browser, desk: Office, case: Case, finding: str) -> Case:
    """The case after its handler has written down by the link what they found."""
    address = link(desk, case, Purpose.WORK)
    browser.get(address)
    sent = browser.post(f"{address}/verify", {"finding": finding, "note": NOTE, "once": finding})
    assert "核实" in text(browser.follow(sent))
    return desk.case(case)


def told_of_it(desk: Office, case: Case) -> list[tuple[str, NoticeChannel]]:
    stored = desk.stores.notices.of_case(case.community, case.number)
    return [
        (one.notice.recipient, one.notice.channel)
        for one in stored
        if one.notice.kind is NoticeKind.FOUND_UNTRUE
    ]


@pytest.mark.req("B1", "B2")
def test_the_reminder_leads_to_the_form_that_it_asks_for(browser: Browser, desk: Office) -> None:
    case = signed(desk, **COMPLAINT)
    page = html(browser.get(link(desk, case, Purpose.WORK)))
    first = page[: page.index('id="more"')]
    assert "/verify" in first, "while the clock runs it stands open"
    case = found_by_link(browser, desk, case, "partly_true")
    assert Clock.VERIFY in case.met
    page = html(browser.get(link(desk, case, Purpose.WORK)))
    assert "/start" in page[: page.index('id="more"')]
    assert told_of_it(desk, case) == []


@pytest.mark.req("B1")
def test_whoever_has_it_is_asked_to_look_into_it_and_before_that_to_sign(
    browser: Browser, desk: Office
) -> None:
    unassigned = desk.register(**COMPLAINT).case
    mine = assigned(desk, **COMPLAINT)
    page = html(browser.get(link(desk, mine, Purpose.WORK)))
    assert "/sign" in page[: page.index('id="more"')]
    browser.sign_in("agent-1")
    first = text(browser.get("/desk/riverside"))
    assert "还没有人核实" in first
    assert unassigned.number in first
    browser.sign_in(HANDLER.id)
    assert "还没有人核实" in text(browser.get("/desk/riverside"))


@pytest.mark.req("B1", "G3")
def test_found_untrue_it_waits_for_the_supervisor_who_is_told_once(browser: Browser, desk: Office) -> None:
    case = signed(desk, **COMPLAINT)
    case = found_by_link(browser, desk, case, "untrue")
    assert [person for person, _ in told_of_it(desk, case)] == ["supervisor-1"]
    found_by_link(browser, desk, case, "untrue")
    assert len(told_of_it(desk, case)) == 1
    send(desk)
    said = [text for _, text in desk.sms.sent if "核实不属实" in text]
    assert len(said) == 1
    assert f"/w/{case.number}" in said[0]
    browser.sign_in(HANDLER.id)
    assert "请继续处理" not in text(browser.get("/desk/riverside")), "others decide on it first"
    browser.sign_in("supervisor-1")
    first = browser.get("/desk/riverside")
    assert "有人核实为不属实" in text(first)
    where = f"/desk/riverside/cases/{case.number}"
    form = next(
        fields for to, fields in Form(html(browser.get(where))).forms.items() if to.endswith("/reject")
    )
    typed = {name: value for name, value in form.items() if value}
    sent = browser.post(f"{where}/reject", {**typed, "findings": "监控里没有这件事"})
    browser.follow(sent)
    assert desk.case(case).state is State.REJECTED
    assert "有人核实为不属实" not in text(browser.get("/desk/riverside"))


@pytest.mark.req("B1", "G3")
def test_a_finding_that_was_corrected_asks_nobody(browser: Browser, desk: Office) -> None:
    case = found_by_link(browser, desk, signed(desk, **COMPLAINT), "untrue")
    case = found_by_link(browser, desk, case, "true")
    send(desk)
    assert not [text for _, text in desk.sms.sent if "核实不属实" in text]
    browser.sign_in("supervisor-1")
    assert "有人核实为不属实" not in text(browser.get("/desk/riverside"))


@pytest.mark.req("A12", "G8")
def test_a_reply_is_drafted_by_the_link_too(browser: Browser, desk: Office) -> None:
    case = signed(desk, **COMPLAINT)
    address = link(desk, case, Purpose.WORK)
    browser.get(address)
    browser.follow(browser.post(f"{address}/draft_reply", {"text": "王女士：来信收悉。", "once": "d"}))
    assert desk.case(case).reply_pending


@pytest.mark.req("A7", "B1")
def test_a_complaint_that_was_found_untrue_is_not_called_valid(browser: Browser, desk: Office) -> None:
    case = signed(desk, **COMPLAINT)
    browser.sign_in("supervisor-1")
    address = f"/desk/riverside/cases/{case.number}"
    assert "<dt>投诉性质</dt>" in html(browser.get(address))
    browser.cookie = ""
    found_by_link(browser, desk, case, "untrue")
    browser.sign_in("supervisor-1")
    assert "<dt>投诉性质</dt>" not in html(browser.get(address))
