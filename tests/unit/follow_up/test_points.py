"""Each point raised at a revisit is dealt with and answered (D4): 件件有着落."""

from collections.abc import Iterator

import pytest

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError
from chalicelib.domain.figures.counters import contribution
from chalicelib.domain.follow_up.forms import AnswerPointForm, RevisitForm
from chalicelib.domain.notices.kinds import NoticeKind
from chalicelib.domain.notices.recipients import due
from tests.api_desk import ApiDesk, api_desk
from tests.builders import office
from tests.browser import Browser, browsing
from tests.stories import AGENT, SUPERVISOR, Story, in_state

TWO = RevisitForm(ev.RevisitOutcome.SATISFIED, "visit", points=" 楼道堆物 \n\n门铃不响")


def raised() -> Story:
    return in_state(State.COMPLETED).do("record_revisit", AGENT, TWO)


def counted(story: Story) -> tuple[int, int]:
    found = contribution(story.case)
    return found["total", "points_raised"], found["total", "points_dealt_with"]


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
    assert len(story.do("reopen", AGENT).case.open_points) == 2


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
