"""Each point raised at a revisit is dealt with and answered (D4): 件件有着落."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.case.figure_rows import TOTAL
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.roles import TIMER
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError
from chalicelib.domain.figures.contribution import contribution
from chalicelib.domain.follow_up.forms import AnswerPointForm, RevisitForm
from chalicelib.domain.notices.kinds import NoticeKind
from chalicelib.domain.notices.recipients import due
from tests.api_desk import ApiDesk, api_desk
from tests.browser import Browser, Form, browsing, completed, html, link, text
from tests.builders import office
from tests.stories import AGENT, SUPERVISOR, Story, in_state

TWO = RevisitForm(ev.RevisitOutcome.SATISFIED, "visit", points=" 楼道堆物 \n\n门铃不响")


def raised() -> Story:
    return in_state(State.COMPLETED, matter="home_other").do("record_revisit", AGENT, TWO)


def counted(story: Story) -> tuple[int, int]:
    found = contribution(story.case)
    return found[TOTAL, "points_raised"], found[TOTAL, "points_dealt_with"]


@pytest.mark.req("D4", "E2")
def test_each_line_is_a_point_with_a_time_and_ends_with_its_answer() -> None:
    story = raised()
    assert [point.text for point in story.case.points] == ["楼道堆物", "门铃不响"]
    assert all(point.due_at > story.at for point in story.case.points)
    assert (story.case.state, counted(story)) == (State.CLOSED, (2, 0))
    story.do("answer_point", SUPERVISOR, AnswerPointForm(2, "已换电池", "门铃已修好"))
    assert [point.nth for point in story.case.open_points] == [1]
    assert counted(story) == (2, 1)
    told = due(story.outcomes[-1], story.context)
    assert {(notice.kind, notice.recipient) for notice in told} == {(NoticeKind.POINT_ANSWERED, "resident")}


@pytest.mark.req("D4")
def test_no_point_is_answered_twice_and_none_that_is_not_there() -> None:
    story = raised().do("answer_point", AGENT, AnswerPointForm(1, "已清", "已清理"))
    with pytest.raises(InvalidInputError, match="waits for an answer: 2"):
        story.do("answer_point", AGENT, AnswerPointForm(1, "已清", "已清理"))
    story.do("answer_point", AGENT, AnswerPointForm(2, "已换电池", "已修好"))
    with pytest.raises(CommandRefusedError, match="No point raised"):
        story.do("answer_point", AGENT, AnswerPointForm(3, "?", "?"))


@pytest.mark.req("D4", "D10")
def test_a_case_with_open_points_is_not_put_away_and_a_new_round_keeps_them() -> None:
    story = raised()
    with pytest.raises(CommandRefusedError, match="not all is answered"):
        story.do("archive", SUPERVISOR)
    assert len(story.do("record_return", AGENT).case.open_points) == 2


@pytest.mark.req("D4")
def test_ten_points_are_enough_for_one_revisit() -> None:
    with pytest.raises(InvalidInputError, match="at most 10"):
        RevisitForm(ev.RevisitOutcome.SATISFIED, "phone", points="\n".join("abcdefghijk"))


@pytest.fixture
def browser() -> Iterator[Browser]:
    with browsing(office()) as made:
        yield made


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


def form_of(browser: Browser, page: str, command: str) -> dict[str, str]:
    drawn = Form(html(browser.get(f"{page}?act={command}"))).forms
    return next(fields for action, fields in drawn.items() if action.endswith(f"/{command}"))


@pytest.mark.req("D4", "B8")
def test_by_page_a_point_is_raised_stands_in_the_list_is_answered_and_read_by_the_resident(
    browser: Browser,
) -> None:
    case = completed(browser.office)
    browser.sign_in("supervisor-1")
    here = f"/desk/riverside/cases/{case.number}"
    form = form_of(browser, here, "record_revisit")
    typed = {**form, "outcome": "satisfied", "manner": "visit", "points": "楼道堆物\r\n门铃不响"}
    page = text(browser.follow(browser.post(f"{here}/record_revisit", typed)))
    assert "1. 楼道堆物 待处理" in page
    assert "已结案" in page
    listed = text(browser.get("/desk/riverside?list=community"))
    assert case.number in listed, "closed, and not forgotten"
    assert "2 条意见待答复" in listed
    form = form_of(browser, here, "answer_point")
    wrong = browser.post(f"{here}/answer_point", {**form, "point": "7", "done": "x", "answer": "y"})
    assert wrong.status_code == 400
    assert "等待答复的是第 1, 2 条" in text(wrong)
    for nth in "12":
        form = form_of(browser, here, "answer_point")
        typed = {**form, "point": nth, "done": "内部：已派保洁", "answer": f"第{nth}条已办好"}
        assert browser.post(f"{here}/answer_point", typed).status_code == 303
    assert case.number not in text(browser.get("/desk/riverside?list=community"))
    read = text(browser.get(link(browser.office, case, Purpose.TRACK)))
    assert "第1条已办好" in read
    assert "楼道堆物" in read
    assert "内部" not in read


@pytest.mark.req("D4", "E2")
def test_by_api_the_points_stand_on_the_case_and_in_the_figures(desk: ApiDesk) -> None:
    case = completed(desk.office)
    body = {"outcome": "satisfied", "manner": "phone", "points": "楼道堆物\n门铃不响"}
    desk.command(case.number, "record_revisit", body, user="supervisor-1")
    answered = {"point": 1, "done": "已清", "answer": "已清理"}
    found = desk.command(case.number, "answer_point", answered, user="agent-1").json_body
    assert [(point["nth"], point["answer"]) for point in found["points"]] == [(1, "已清理"), (2, None)]
    figures = desk.get("/v1/communities/riverside/figures", user="manager-1").json_body
    goal = next(one for one in figures["goals"] if one["what"] == "points_dealt_with")
    assert (goal["goal"], goal["actual"], goal["of"], goal["reached"]) == (1.0, 0.5, 2, False)


@pytest.mark.req("D4", "D8")
def test_a_point_whose_answer_is_late_is_told_to_who_heard_it_and_then_to_the_manager() -> None:
    story = raised()
    assert story.case.state is State.CLOSED
    due_at, grace = story.case.points[0].due_at, story.context.regulation.revisits.grace
    story.do("answer_point", AGENT, AnswerPointForm(1, "已清", "已清理"))

    def told_at(at: datetime) -> list[tuple[int, str | None]]:
        story.at = at
        found: list[tuple[int, str | None]] = []
        while (events := story.do("fire_timers", TIMER).outcomes[-1].events) != ():
            found += [(event.payload.point, event.payload.person) for event in events]  # type: ignore[union-attr]
        return found

    assert told_at(due_at - timedelta(minutes=1)) == []
    assert told_at(due_at) == [(2, "agent-1" if not away(story, due_at) else "supervisor-1")]
    assert told_at(due_at + grace) == [(2, "manager-1")]
    assert told_at(due_at + 9 * grace) == [], "each once"
    story.do("answer_point", AGENT, AnswerPointForm(2, "已换电池", "已修好"))
    assert story.case.open_points == ()


def away(story: Story, at: datetime) -> bool:
    return story.context.community.is_off_duty("agent-1", at)
