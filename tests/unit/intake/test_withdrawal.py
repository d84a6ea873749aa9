"""Who may withdraw a case, also one that was taken up again (A16, D7)."""

import pytest

from chalicelib.domain.case.case import State
from chalicelib.domain.community.roles import RESIDENT, Actor
from chalicelib.domain.errors import NotAllowedError
from chalicelib.domain.follow_up.forms import RateForm
from chalicelib.domain.possible import possible
from tests.stories import AGENT, MANAGER, SUPERVISOR, Story, in_state


def taken_up_by(actor: Actor) -> Story:
    return in_state(State.COMPLETED).do("record_return" if actor == AGENT else "reopen", actor)


def after_an_objection() -> Story:
    return in_state(State.REJECTED).do("object", RESIDENT).do("reopen", MANAGER)


def is_offered(story: Story, actor: Actor) -> bool:
    name = "withdraw" if actor == RESIDENT else "record_withdrawal"
    return name in {row.command for row in possible(story.case, actor, story.context, story.at)}


@pytest.mark.req("A16", "D7", "G17")
def test_a_round_that_staff_opened_is_not_withdrawn_by_an_agent() -> None:
    for story in (*(taken_up_by(actor) for actor in (AGENT, SUPERVISOR, MANAGER)), after_an_objection()):
        assert not is_offered(story, AGENT)
        with pytest.raises(NotAllowedError, match="only the resident, by their link, or the") as refused:
            story.do("record_withdrawal", AGENT)
        assert refused.value.reason == "reopened_by_staff"


@pytest.mark.req("A16")
@pytest.mark.parametrize("actor", [RESIDENT, SUPERVISOR], ids=["resident", "supervisor"])
def test_the_resident_and_the_supervisor_withdraw_it(actor: Actor) -> None:
    story = taken_up_by(AGENT)
    assert is_offered(story, actor)
    name = "withdraw" if actor == RESIDENT else "record_withdrawal"
    assert story.do(name, actor).case.state is State.WITHDRAWN


@pytest.mark.req("A16")
def test_an_agent_withdraws_what_the_resident_brought_in_or_back() -> None:
    """In the first round, and in one that the resident asked for."""
    not_satisfied = in_state(State.COMPLETED).do("rate", RESIDENT, RateForm(1, "还是漏"))
    for story in (Story().register(), taken_up_by(RESIDENT), not_satisfied):
        assert is_offered(story, AGENT)
        assert story.do("record_withdrawal", AGENT).case.state is State.WITHDRAWN
