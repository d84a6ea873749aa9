"""The stories of `make demo` from end to end: API, stream, workflows, timers, messages, links."""

from collections.abc import Callable
from typing import Any

import pytest

from infra.local import stories
from infra.local.player import Player
from tests.local_cloud.conftest import RunningDesk
from tests.local_cloud.people import ask, token_of

Ends = dict[Callable[..., Any], Any]


@pytest.fixture(scope="module")
def ends(desk: RunningDesk) -> Ends:
    """What the tracking link of each story shows at its end. They are played one after the other, as
    `make demo` does: their limits are seconds, which the first start of a worker may take."""

    def play(story: Callable[..., Any]) -> Any:
        player = Player(desk.base_url, desk.messages().new, lambda _message: None)
        return story(player, lambda _text: None)

    return {story: play(story) for story in stories.STORIES}


@pytest.mark.req("A1", "A4", "A11", "B2", "B8", "D1", "G7", "G8")
def test_an_ordinary_repair_is_solved_and_rated(ends: Ends) -> None:
    end = ends[stories.ordinary_repair]
    assert (end["state"], end["round"], end["overdue"]) == ("closed", 1, False)
    assert end["rating"]["score"] == 5


@pytest.mark.req("B3", "B6", "B7", "G3", "G17")
def test_what_nobody_signs_for_climbs_the_ladder_and_is_solved_late(desk: RunningDesk, ends: Ends) -> None:
    end = ends[stories.nobody_signs]
    assert (end["state"], end["round"], end["overdue"]) == ("closed", 1, True)
    assert "escalated" not in [event["type"] for event in end["timeline"]], "the climb is the company's own"
    path = f"/v1/communities/{stories.DEMO_COMMUNITY}/cases/{end['number']}/events?limit=100"
    status, history = ask(desk, "GET", path, token=token_of(desk, "manager", stories.DEMO_COMMUNITY))
    assert status == 200, history
    happened = [event["type"] for event in history["items"]]
    assert happened.count("escalated") >= 2
    assert happened.index("escalated") < happened.index("signed")


@pytest.mark.req("D7", "G9")
def test_what_is_rated_badly_has_a_second_round(ends: Ends) -> None:
    end = ends[stories.rated_badly]
    assert (end["state"], end["round"]) == ("closed", 2)
    assert end["rating"]["score"] > 3
    signed = [event["name"] for event in end["timeline"] if event["type"] == "signed"]
    assert len(set(signed)) == 2, "the second round is another handler's"
