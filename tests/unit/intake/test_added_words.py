"""A resident adds a word to the own case: it is read like a report, and by whoever works on it (A6, A11)."""

from collections.abc import Iterator

import pytest

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError
from chalicelib.domain.intake.call_forms import AddWordsForm
from chalicelib.domain.notices.kinds import NoticeKind
from chalicelib.domain.notices.recipients import due
from tests.api_desk import ApiDesk, api_desk
from tests.browser import Browser, Form, browsing, html, link, signed, text
from tests.builders import AGENT, office
from tests.stories import Story, in_state

MORE = AddWordsForm("楼下也开始滴水，请带梯子")


@pytest.mark.req("A11", "B8")
def test_the_handler_and_the_desk_are_told_and_the_report_says_it() -> None:
    story = in_state(State.SIGNED).do("add_words", RESIDENT, MORE)
    assert (story.case.report.text or "").endswith(MORE.text)
    told = {notice.recipient for notice in due(story.outcomes[-1], story.context) if notice.kind is ADDED}
    assert told == {"engineering-1", "agent-1"}
    with pytest.raises(InvalidInputError, match="says that already"):
        story.do("add_words", RESIDENT, MORE)
    done = in_state(State.COMPLETED).do("add_words", RESIDENT, MORE)
    told = {notice.recipient for notice in due(done.outcomes[-1], done.context) if notice.kind is ADDED}
    assert told == {"supervisor-1"}


ADDED = NoticeKind.ADDED


@pytest.mark.req("A11")
def test_nothing_is_added_without_end_or_to_what_is_over() -> None:
    with pytest.raises(InvalidInputError, match="'text'"):
        AddWordsForm("长" * 2001)
    with pytest.raises(InvalidInputError, match="'text'"):
        AddWordsForm("  ")
    with pytest.raises(CommandRefusedError):
        in_state(State.CLOSED).do("add_words", RESIDENT, MORE)


@pytest.mark.req("A6", "A7")
def test_words_of_danger_in_it_wake_somebody_as_in_a_report() -> None:
    story = Story().register(kind=None, matter=None, actor=RESIDENT, report={"text": "门关不上"})
    assert not story.case.alarm
    story.do("add_words", RESIDENT, AddWordsForm("现在着火了"))
    assert isinstance(story.events[-1].payload, ev.AlarmRaised)
    kinds = {notice.kind for notice in due(story.outcomes[-1], story.context)}
    assert NoticeKind.ALERT in kinds


@pytest.fixture
def browser() -> Iterator[Browser]:
    with browsing(office()) as found:
        yield found


@pytest.mark.req("A11", "E5")
def test_on_the_tracking_page_it_is_said_and_read_by_both(browser: Browser) -> None:
    case = signed(browser.office)
    track = link(browser.office, case, Purpose.TRACK)
    form = next(
        fields
        for action, fields in Form(html(browser.get(track))).forms.items()
        if action.endswith("/add_words")
    )
    long = browser.post(f"{track}/add_words", {**form, "text": "长" * 2001})
    assert long.status_code == 400
    assert "长" * 2001 in html(long), "what was typed is kept"
    page = text(browser.follow(browser.post(f"{track}/add_words", {**form, "text": MORE.text})))
    assert "您补充说明" in page
    assert MORE.text in page
    browser.sign_in(AGENT.id)
    assert MORE.text in text(browser.get(f"/desk/riverside/cases/{case.number}"))


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as found:
        yield found


@pytest.mark.req("A11")
def test_by_api_the_link_adds_it_too(desk: ApiDesk) -> None:
    case = signed(desk.office)
    code = link(desk.office, case, Purpose.TRACK).removeprefix("/l/")
    address = f"/v1/links/{code}/add_words"
    assert desk.post(address, {"text": MORE.text}).status_code == 200
    assert desk.office.case(case).report.text.endswith(MORE.text)
