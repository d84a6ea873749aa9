"""What has climbed to somebody waits for them until they act, or what it was over is done (B6, B7)."""

import pytest

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.waiting import asks_of, waits_of
from chalicelib.domain.when import climbed_over
from tests.histories import wandering
from tests.stories import AGENT, HANDLER, MANAGER, SUPERVISOR, Story, in_state

pytestmark = pytest.mark.req("B6", "B7")


def asked(story: Story, actor: Actor) -> set[str]:
    member = Member(actor.id, actor.id, actor.role, ("desk",), story.context.community)
    return {ask.what for ask in asks_of(story.case, member, story.context, story.at)}


def late() -> Story:
    """A repair that nobody has finished when the whole ladder has been told."""
    story = in_state(State.WORKING).wait(days=30)
    fired = story.fire()
    assert MANAGER.id in {each.person for each in fired if isinstance(each, ev.Escalated)}
    return story


def test_a_late_case_waits_for_the_manager_until_the_manager_acts() -> None:
    story = late()
    assert asked(story, MANAGER) == {"escalated"}
    assert MANAGER.id in waits_of(story.case, story.context)
    story.do("progress", HANDLER)
    assert asked(story, MANAGER) == {"escalated"}, "somebody else has acted, not the manager"
    story.do("assign", MANAGER)
    assert "escalated" not in asked(story, MANAGER)
    assert MANAGER.id not in {climb.person for climb in story.case.climbs}


def test_it_waits_no_longer_once_the_work_is_done() -> None:
    story = late()
    assert {climb.clock for climb in climbed_over(story.case)} >= {Clock.SOLVE}
    story.do("complete", HANDLER)
    assert Clock.SOLVE not in {climb.clock for climb in climbed_over(story.case)}
    assert "escalated" not in asked(story, MANAGER)


def test_what_was_passed_up_by_hand_waits_for_whoever_was_told() -> None:
    story = Story().register().do("escalate", AGENT, ReasonForm("住户很急"))
    assert climbed_over(story.case) == story.case.climbs
    assert {climb.person for climb in story.case.climbs} == {SUPERVISOR.id}
    assert "escalated" not in asked(story, SUPERVISOR), "asked to assign it: doing that answers it"
    story.do("assign", SUPERVISOR)
    assert story.case.climbs == ()


@pytest.mark.parametrize("seed", range(40))
def test_no_climb_outlives_its_case_and_none_is_there_twice(seed: int) -> None:
    for outcome in wandering(seed).outcomes:
        case = outcome.after
        assert len(set(case.climbs)) == len(case.climbs)
        if case.state in {State.WITHDRAWN, State.MERGED, State.REFERRED, State.ARCHIVED}:
            assert {climb.clock for climb in climbed_over(case)} <= {Clock.WRITTEN_REPORT}
