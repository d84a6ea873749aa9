"""Three of five is neither satisfied nor dissatisfied: a person calls, once (D2, D7, E2)."""

from pathlib import Path

import msgspec
import pytest

from chalicelib.adapters.pack_document import PackDoc
from chalicelib.adapters.regulation_files import FOLDER, RELEASED
from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.case.figure_rows import TOTAL
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.figures.contribution import contribution
from chalicelib.domain.figures.rates import rates
from chalicelib.domain.follow_up.forms import RateForm, RevisitForm
from chalicelib.domain.follow_up.obligations import revisits_needed
from chalicelib.domain.timers import next_step
from tests.builders import regulations
from tests.stories import AGENT, HANDLER, MANAGER, RESIDENT, SUPERVISOR, AssignForm, Story, context

SATISFIED = RevisitForm(ev.RevisitOutcome.SATISFIED, "phone")
NEUTRAL = RevisitForm(ev.RevisitOutcome.NEUTRAL, "phone", note="能用，但水压小")
NOT_REACHED = RevisitForm(ev.RevisitOutcome.NOT_REACHED, "phone")


def done(pack: str = "S1", **about: str) -> Story:
    story = Story(context(pack=pack)).register(**about)
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "熟悉")).do("sign", HANDLER)
    return story.do("start", HANDLER).do("complete", HANDLER).wait(minutes=5)


def total(story: Story) -> dict[str, int]:
    return {name: amount for (row, name), amount in contribution(story.case).items() if row == TOTAL}


@pytest.mark.req("D7", "E2")
@pytest.mark.parametrize("pack", ["S1", "S3", "default"])
def test_a_three_closes_nothing_and_somebody_is_asked_to_call_at_once(pack: str) -> None:
    story = done(pack).do("rate", RESIDENT, RateForm(3))
    assert (story.case.state, story.case.round) == (State.COMPLETED, 1), "neither an end nor a new round"
    assert story.case.rating is not None
    assert (story.case.rating.satisfied, story.case.rating.neutral) == (False, True)
    assert next_step(story.case, story.context).wake_at == story.at
    (drawn,) = story.fire()
    assert isinstance(drawn, ev.RevisitDrawn)
    assert drawn.revisitor is not None


@pytest.mark.req("D7")
def test_the_call_ends_it_as_the_resident_says() -> None:
    story = done().do("rate", RESIDENT, RateForm(3)).do("record_revisit", AGENT, SATISFIED)
    assert story.case.ending.close_reason is ev.CloseReason.SATISFIED
    bad = done().do("rate", RESIDENT, RateForm(3))
    bad.do("record_revisit", AGENT, RevisitForm(ev.RevisitOutcome.DISSATISFIED, "phone", note="又漏"))
    assert (bad.case.state, bad.case.round) == (State.REGISTERED, 2)


@pytest.mark.req("D7", "E2", "G17")
def test_neutral_again_is_an_end_counted_and_not_as_satisfied() -> None:
    story = done().do("rate", RESIDENT, RateForm(3)).do("record_revisit", AGENT, NEUTRAL)
    assert (story.case.state, story.case.ending.close_reason) == (State.CLOSED, ev.CloseReason.NEUTRAL)
    counted = total(story)
    assert (counted["closed_neutral"], counted.get("closed_satisfied", 0)) == (1, 0)
    found = rates(counted)
    assert (found.satisfied_at_last, found.satisfied, found.revisited) == (0.0, 0.0, 1.0)


@pytest.mark.req("D7")
def test_a_neutral_revisit_is_followed_by_one_call_and_no_more() -> None:
    story = done().do("record_revisit", AGENT, NEUTRAL)
    assert story.case.state is State.COMPLETED
    assert revisits_needed(story.case, story.context) == 1
    assert story.do("record_revisit", SUPERVISOR, NEUTRAL).case.ending.close_reason is ev.CloseReason.NEUTRAL


@pytest.mark.req("D7")
def test_a_survey_can_end_what_a_revisit_found_neutral() -> None:
    good = done().do("record_revisit", AGENT, NEUTRAL).wait(minutes=1).do("rate", RESIDENT, RateForm(5))
    assert good.case.ending.close_reason is ev.CloseReason.SATISFIED
    same = done().do("record_revisit", AGENT, NEUTRAL).wait(minutes=1).do("rate", RESIDENT, RateForm(3))
    assert same.case.ending.close_reason is ev.CloseReason.NEUTRAL


@pytest.mark.req("D7", "G7")
def test_who_said_three_and_is_not_reached_is_no_silence_and_not_satisfied() -> None:
    story = done().do("rate", RESIDENT, RateForm(3))
    for _ in range(3):
        story.wait(days=2).do("record_revisit", AGENT, NOT_REACHED)
    story.wait(days=10)
    if story.case.state is State.COMPLETED:
        story.fire()
    assert story.case.ending.close_reason is ev.CloseReason.NEUTRAL
    assert (total(story)["revisits_wanted"], total(story).get("revisits_made", 0)) == (1, 0)


@pytest.mark.req("D7")
def test_neutral_needs_words() -> None:
    with pytest.raises(InvalidInputError) as refused:
        done().do("record_revisit", AGENT, RevisitForm(ev.RevisitOutcome.NEUTRAL, "phone"))
    assert refused.value.reason == "neutral_needs_words"


@pytest.mark.req("D2", "E2")
@pytest.mark.parametrize("kind", ["repair", "complaint", "help"])
def test_under_s3_a_survey_stands_for_no_revisit_and_is_not_counted_as_one(kind: str) -> None:
    story = done("S3", kind=kind, matter="garbage").do("rate", RESIDENT, RateForm(5))
    assert story.case.state is State.COMPLETED, "the work is still to be inspected and signed"
    for _ in range(3):
        story.wait(days=2).do("record_revisit", AGENT, NOT_REACHED)
    while story.case.state is State.COMPLETED:
        story.wait(days=2).fire()
    assert story.case.ending.close_reason is ev.CloseReason.SATISFIED
    counted = total(story)
    assert (counted["revisits_wanted"], counted.get("revisits_made", 0)) == (1, 0), "the survey is no revisit"


@pytest.mark.req("D2", "E2")
def test_where_the_survey_stands_for_the_revisit_none_is_due() -> None:
    story = done("S1").do("rate", RESIDENT, RateForm(4))
    assert story.case.state is State.CLOSED
    assert total(story).get("revisits_wanted", 0) == 0


@pytest.mark.req("D2", "E2")
def test_a_late_revisit_counts_before_the_case_has_closed() -> None:
    story = done("S3").do("rate", RESIDENT, RateForm(5))
    story.fire()
    assert "revisits_wanted" not in total(story)
    story.wait(days=30).fire()
    assert (total(story)["revisits_wanted"], total(story).get("revisits_made", 0)) == (1, 0)


@pytest.mark.req("E2", "G7")
def test_a_revisit_left_out_by_the_manager_was_due() -> None:
    story = done("S3").do("record_revisit", AGENT, NOT_REACHED).do("close", MANAGER)
    assert (total(story)["revisits_wanted"], total(story)["closed_unrevisited"]) == (1, 1)


@pytest.mark.req("D7")
def test_a_pack_of_before_knew_nothing_between() -> None:
    kept = Path(FOLDER, RELEASED, "S3@1.json").read_bytes()
    old = msgspec.json.decode(kept, type=PackDoc).regulation()
    assert (old.survey.low_rating, old.survey.satisfied_from) == (2, 3)
    assert "repair" in old.revisits.survey_counts
    assert regulations().get("S3").survey.satisfied_from == 4
