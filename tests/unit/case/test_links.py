"""Links: for one purpose and person, good until the case moves on (G8)."""

from datetime import timedelta

import pytest

from chalicelib.domain.case.case import OPEN, State
from chalicelib.domain.case.events import RevisitOutcome
from chalicelib.domain.case.links import (
    COMMANDS_BY_PURPOSE,
    OF_STAFF,
    Link,
    Purpose,
    check_link,
    link_for,
    links_due,
)
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.errors import GoneError
from chalicelib.domain.follow_up.forms import RateForm, RevisitForm
from chalicelib.domain.lifecycle import TABLE
from tests.stories import HANDLER, OTHER_HANDLER, SUPERVISOR, Story, in_state

SURVEY_DAYS = 14
DISSATISFIED = RateForm(1)


def made(story: Story) -> list[Link]:
    """Every link that the story's commands brought into being, in order."""
    return [
        link
        for outcome in story.outcomes
        if outcome.events
        for link in links_due(outcome.before, outcome.after, SURVEY_DAYS)
    ]


def gone(link: Link, story: Story) -> str | None:
    """Why the link is good no more, None if it is."""
    try:
        check_link(link, story.case, story.at)
    except GoneError as error:
        return error.reason
    return None


@pytest.mark.req("G8")
def test_links_come_with_what_they_are_for() -> None:
    story = in_state(State.COMPLETED)
    assert [(link.purpose, link.subject) for link in made(story)] == [
        (Purpose.TRACK, "resident"),
        (Purpose.WORK, HANDLER.id),
        (Purpose.RATE, "resident"),
    ]
    assert [link.actor() for link in made(story)] == [RESIDENT, Actor(Role.HANDLER, HANDLER.id), RESIDENT]


@pytest.mark.req("A11", "G8")
def test_the_tracking_link_is_one_for_all_rounds() -> None:
    """A link made again for a later notice is the very one that was stored, so its code opens."""
    story = in_state(State.COMPLETED)
    track = made(story)[0]
    story.do("rate", RESIDENT, DISSATISFIED).do("assign", SUPERVISOR)
    assert link_for(story.case, Purpose.TRACK, SURVEY_DAYS) == track
    assert gone(track, story) is None
    assert sum(link.purpose is Purpose.TRACK for link in made(story)) == 1


@pytest.mark.req("G8")
@pytest.mark.parametrize("purpose", [Purpose.TRACK, Purpose.WORK, Purpose.RATE])
def test_a_link_made_again_is_the_stored_one(purpose: Purpose) -> None:
    story = in_state(State.COMPLETED).wait(days=1)
    story.fire()
    assert link_for(story.case, purpose, SURVEY_DAYS) in made(story)


@pytest.mark.req("G8")
def test_a_work_link_ends_with_the_assignment() -> None:
    """Also if the case comes back to the same person: that brings a link of its own."""
    story = in_state(State.ASSIGNED)
    first = made(story)[-1]
    assert gone(first, story) is None
    story.do("assign", SUPERVISOR)
    assert story.case.assignment.handler == OTHER_HANDLER.id
    assert gone(first, story) == "not_your_work"
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "还是他"))
    assert gone(first, story) == "not_your_work"
    assert gone(made(story)[-1], story) is None
    story.do("decline", HANDLER)
    assert gone(made(story)[-1], story) == "not_your_work"


@pytest.mark.req("G8")
@pytest.mark.parametrize("state", State)
def test_a_work_link_is_good_while_the_case_is_open(state: State) -> None:
    story = in_state(state)
    work = [link for link in made(story) if link.purpose is Purpose.WORK]
    assert [gone(case, story) is None for case in work] == [state in OPEN] * len(work)


@pytest.mark.req("G8")
def test_a_survey_is_answered_once_and_only_in_its_round() -> None:
    story = in_state(State.COMPLETED)
    survey = made(story)[-1]
    assert gone(survey, story) is None
    story.do("rate", RESIDENT, DISSATISFIED)
    assert gone(survey, story) == "rated_link"
    story.do("assign", SUPERVISOR).do("sign", OTHER_HANDLER).do("complete", OTHER_HANDLER)
    assert gone(survey, story) == "rated_link"
    assert gone(made(story)[-1], story) is None


@pytest.mark.req("G8")
@pytest.mark.parametrize("command", ["close", "reopen"])
def test_a_survey_ends_when_the_case_moves_on_without_it(command: str) -> None:
    story = in_state(State.COMPLETED)
    survey = made(story)[-1]
    if command == "close":
        story.do("record_revisit", SUPERVISOR)
        assert story.case.state is State.CLOSED
    else:
        story.do("reopen", SUPERVISOR)
    assert gone(survey, story) == ("said_satisfied_link" if command == "close" else "no_rating_awaited")


@pytest.mark.req("G8", "A8", "D3")
@pytest.mark.parametrize("verdict", ["satisfied", "dissatisfied"])
def test_whoever_comes_to_the_survey_late_reads_what_was_put_down_as_their_answer(verdict: str) -> None:
    story = in_state(State.COMPLETED)
    survey = made(story)[-1]
    story.do("record_revisit", SUPERVISOR, RevisitForm(RevisitOutcome(verdict), "phone", note="问过"))
    assert story.case.state is not State.COMPLETED
    assert gone(survey, story) == f"said_{verdict}_link"


@pytest.mark.req("G8")
def test_the_link_of_whoever_still_has_the_case_says_that_it_is_closed() -> None:
    story = in_state(State.CLOSED)
    [work] = [link for link in made(story) if link.purpose is Purpose.WORK]
    assert story.case.assignment.handler == HANDLER.id
    assert gone(work, story) == "work_closed"


@pytest.mark.req("G8")
def test_a_survey_ends_with_the_time_that_the_regulation_gives() -> None:
    story = in_state(State.COMPLETED)
    survey = made(story)[-1]
    assert story.case.work.completed_at is not None
    story.at = story.case.work.completed_at + timedelta(days=SURVEY_DAYS)
    assert gone(survey, story) == "link_expired"
    story.at -= timedelta(seconds=1)
    assert gone(survey, story) is None


@pytest.mark.req("G8")
def test_no_survey_after_an_automatic_close() -> None:
    story = in_state(State.COMPLETED, kind="praise", matter="service_quality").wait(days=9)
    story.fire()
    assert story.case.state is State.CLOSED
    assert gone(made(story)[-1], story) == "rating_closed"


def test_there_is_no_link_to_what_is_not_there() -> None:
    story = in_state(State.REGISTERED)
    for purpose in (Purpose.WORK, Purpose.RATE):
        with pytest.raises(ValueError, match="there is no link"):
            link_for(story.case, purpose, SURVEY_DAYS)


def test_a_link_gives_only_what_its_holder_may_do() -> None:
    for purpose, commands in COMMANDS_BY_PURPOSE.items():
        role = Role.HANDLER if purpose in OF_STAFF else Role.RESIDENT
        assert all(role in TABLE[command].roles for command in commands)


@pytest.mark.req("B2", "B1", "G8")
def test_what_a_handler_may_do_the_work_link_gives_but_for_what_has_a_link_of_its_own() -> None:
    of_handlers = {command for command, row in TABLE.items() if Role.HANDLER in row.roles}
    assert of_handlers - {*COMMANDS_BY_PURPOSE[Purpose.WORK]} == {"confirm_alarm"}
    assert "confirm_alarm" in COMMANDS_BY_PURPOSE[Purpose.ALERT]
