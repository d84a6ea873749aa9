"""Suggestions reach the manager, who decides; named is only who agrees (A13)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.domain.case.case import State
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.roles import TIMER, Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.dispatch.handler_choice import handler_for
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError, NotAllowedError
from chalicelib.domain.notices.kinds import Notice, NoticeChannel, NoticeKind
from chalicelib.domain.notices.until_morning import is_night_for
from chalicelib.domain.work.forms import CompleteForm, SuggestionForm
from tests.api_desk import ApiDesk, api_desk
from tests.browser import Browser, Form, browsing, html, link, text
from tests.builders import MANAGER, MONDAY, office, regulations
from tests.stories import SUPERVISOR, Story, in_state

IDEA = {"kind": "suggestion", "matter": "greening"}


@pytest.mark.req("A13")
@pytest.mark.parametrize("pack", regulations().ids())
def test_every_pack_gives_suggestions_to_the_manager(pack: str) -> None:
    assert regulations().get(pack).handled_by == {"suggestion": "manager"}
    story = Story().register(**IDEA)
    choice = handler_for(story.case, story.context, story.at)
    assert choice is not None
    assert choice.username == "manager-1"


@pytest.mark.req("A13", "B1")
@pytest.mark.parametrize(("command", "end"), [("reject", State.REJECTED), ("refer", State.REFERRED)])
def test_nobody_but_the_manager_rejects_or_refers_a_suggestion(command: str, end: State) -> None:
    story = in_state(State.SIGNED, **IDEA)
    with pytest.raises(NotAllowedError) as refused:
        story.do(command, SUPERVISOR)
    assert refused.value.reason == "suggestion_for_manager"
    assert story.do(command, Actor(Role.MANAGER, "manager-1")).case.state is end


@pytest.mark.req("A13")
def test_nobody_but_the_manager_ends_a_suggestion() -> None:
    story = in_state(State.SIGNED, **IDEA)
    with pytest.raises(CommandRefusedError) as refused:
        story.do("complete", Actor(Role.HANDLER, "engineering-1"), CompleteForm("好"))
    assert refused.value.reason == "manager_decides"
    with pytest.raises(InvalidInputError, match="leave 'solved_with' out"):
        Story().register(solved_with="已告知", **IDEA)
    story.do("decide_suggestion", MANAGER, SuggestionForm(False, "场地不够，暂不增加"))
    assert (story.case.state, story.case.work.adopted) == (State.COMPLETED, False)
    assert story.case.work.result == "场地不够，暂不增加"
    with pytest.raises(CommandRefusedError, match="is no suggestion"):
        in_state(State.SIGNED).do("decide_suggestion", MANAGER)


@pytest.mark.req("A13")
def test_no_manager_is_woken_by_an_idea() -> None:
    story = Story().register(**IDEA)
    notice = Notice("k", NoticeKind.ASSIGNED, NoticeChannel.SMS, "manager-1", 2, story.at)
    midnight = MONDAY.replace(hour=16)
    assert is_night_for(notice, story.case, midnight)
    assert not is_night_for(notice, story.case, midnight + timedelta(hours=10))
    lamp = Story().register()
    assert not is_night_for(notice, lamp.case, midnight), "work is told at once"


@pytest.fixture
def browser() -> Iterator[Browser]:
    with browsing(office()) as made:
        yield made


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


@pytest.mark.req("A13")
@pytest.mark.parametrize(("consent", "said"), [("yes", "住户同意公布时署名"), ("", "公布时不得署名")])
def test_by_page_from_the_suggestion_to_the_thanks(browser: Browser, consent: str, said: str) -> None:
    place = browser.office
    page = browser.get("/c/riverside")
    typed = {
        "text": "中庭可以种几棵桂花树",
        "unit": "3-1201",
        "name": "王芳",
        "phone": "13900001234",
        "kind": "suggestion",
        "matter": "greening",
        "may_be_named": consent,
    }
    assert "可以署名" in text(page)
    browser.follow(browser.post("/c/riverside", typed))
    case = place.desk.cases.get("riverside", "202611-0001")
    assert case.report.may_be_named is (consent == "yes")
    place.do(case, "assign", TIMER, AssignForm("manager-1", "a suggestion is for the manager"))
    browser.sign_in("manager-1")
    assert case.number in text(browser.get("/desk/riverside?list=mine")), "it stands in the manager's list"
    here = f"/desk/riverside/cases/{case.number}"
    assert said in text(browser.get(here))
    drawn = Form(html(browser.get(here))).forms
    form = next(fields for action, fields in drawn.items() if action.endswith("/decide_suggestion"))
    answer = {**form, "adopted": "yes", "answer": "采纳，明年春天种植"}
    decided = text(browser.follow(browser.post(f"{here}/decide_suggestion", answer)))
    assert "建议已采纳" in decided
    read = text(browser.get(link(place, case, Purpose.TRACK)))
    assert "您的建议已采纳，感谢您" in read
    assert "采纳，明年春天种植" in read


@pytest.mark.req("A13")
def test_by_api_the_decision_and_the_consent_stand_on_the_case(desk: ApiDesk) -> None:
    number = desk.report(may_be_named=True, **IDEA).json_body["number"]
    body = {"adopted": True, "answer": "采纳"}
    assert desk.command(number, "decide_suggestion", body, user="supervisor-1").status_code == 403
    found = desk.command(number, "decide_suggestion", body, user="manager-1").json_body
    assert (found["state"], found["adopted"], found["may_be_named"]) == ("completed", True, True)
