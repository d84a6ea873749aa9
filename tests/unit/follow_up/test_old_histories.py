"""What an earlier release wrote of the follow-up is read as what it said (design 3)."""

from datetime import timedelta
from itertools import count

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.adapters.dynamo.documents import StoredEvent, read_event, stored
from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.figure_rows import TOTAL
from chalicelib.domain.case.fold import fold
from chalicelib.domain.case.outcome import Outcome
from chalicelib.domain.community.roles import TIMER, Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.figures.contribution import contribution
from chalicelib.domain.follow_up.forms import RevisitForm
from chalicelib.domain.follow_up.obligations import revisits_needed
from chalicelib.domain.follow_up.schedule import silence_of
from chalicelib.domain.timers import next_step
from tests.builders import MONDAY
from tests.stories import AGENT, HANDLER, SUPERVISOR, Story

SATISFIED = RevisitForm(ev.RevisitOutcome.SATISFIED, "phone")
DISSATISFIED = RevisitForm(ev.RevisitOutcome.DISSATISFIED, "phone", note="没人来过")
FAULTY = RevisitForm(ev.RevisitOutcome.SATISFIED, "visit", fault="接口处仍渗水")


def as_stored(event: ev.Event, **more: object) -> bytes:
    """The row of an event as an earlier release wrote it, with fields that there are no more."""
    payload = {**msgspec.to_builtins(event.payload), **more}
    raw = msgspec.Raw(msgspec.json.encode(payload))
    row = (event.version, event.at, event.actor, event.command, event.command_id, event.type, raw)
    return stored(StoredEvent(*row))


@pytest.mark.req("D7")
def test_a_reopening_that_noted_what_the_round_before_owed_is_read_without_that() -> None:
    story = Story().register(solved_with="当场处理好了").do("record_return", AGENT)
    read = [read_event(as_stored(event)) for event in story.events[:-1]]
    read.append(read_event(as_stored(story.events[-1], revisit_owed=True)))
    assert fold(read, story.case.community, story.case.number) == story.case


# --- second askings that came before the closing (until 2026-11-29) ---------------------------------------


def waiting_for_a_second_person(*more: ev.Payload) -> Story:
    """A case of the release before: drawn, so that the satisfied answer to the agent left it open."""
    story = Story().register()
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "他熟悉")).do("sign", HANDLER)
    story.do("start", HANDLER).do("complete", HANDLER).do("record_revisit", AGENT, SATISFIED)
    *before, answered, _ = (
        replace(event, payload=replace(event.payload, accepted_by=None))
        if isinstance(event.payload, ev.Completed)
        else event
        for event in story.events
    )
    assert isinstance(answered.payload, ev.RevisitRecorded)
    history = [*before, replace(answered, payload=replace(answered.payload, asked_again=True))]
    for payload in more:
        version = len(history) + 1
        history.append(
            replace(answered, version=version, actor=TIMER, command="fire_timers", payload=payload)
        )
    case = fold([read_event(as_stored(event)) for event in history], "riverside", story.case.number)
    return Story(at=story.at, events=history, outcomes=[Outcome(case, (), case)], ids=count(100))


def second_asking(case: Case) -> dict[str, int]:
    return {
        name: amount
        for (row, name), amount in contribution(case).items()
        if row == TOTAL and name.startswith(("asked_again", "revisits_due"))
    }


DRAWN = ev.RevisitDrawn("revisit:draw:2", "agent-2", MONDAY + timedelta(days=3), "agent", "again", "seed")


@pytest.mark.req("G6", "G3")
@pytest.mark.parametrize("drawn", [(), (DRAWN,)], ids=["before", "after the draw"])
def test_a_case_that_was_kept_open_for_a_second_asking_ends_as_satisfied(
    drawn: tuple[ev.Payload, ...],
) -> None:
    """Nothing more is owed: it closes when the survey's link ends, and is asked about again after that."""
    story = waiting_for_a_second_person(*drawn)
    case = story.case
    assert (case.state, revisits_needed(case, story.context)) == (State.COMPLETED, 0)
    assert second_asking(case) == {"asked_again_due": 1}
    wake_at = next_step(case, story.context).wake_at
    assert wake_at == silence_of(case, story.context).link_ends_at
    story.at = wake_at
    (closed,) = story.fire()
    assert closed == ev.Closed(ev.CloseReason.SATISFIED)
    assert second_asking(story.case) == {"asked_again_due": 1}
    story.do("ask_again", Actor(Role.AGENT, "agent-2"))
    assert second_asking(story.case) == {"asked_again": 1}
    assert fold(story.events, "riverside", case.number) == story.case


@pytest.mark.req("G6", "D7")
@pytest.mark.parametrize(
    ("form", "state", "counted"),
    [
        (SATISFIED, State.CLOSED, {"asked_again": 1}),
        (DISSATISFIED, State.REGISTERED, {"asked_again": 1, "asked_again_differs": 1}),
        (FAULTY, State.REGISTERED, {"asked_again": 1, "asked_again_differs": 1}),
    ],
)
def test_a_second_person_who_revisits_it_still_gives_the_second_answer(
    form: RevisitForm, state: State, counted: dict[str, int]
) -> None:
    """As it was counted when such histories were written: they add up to what the figures hold."""
    story = waiting_for_a_second_person().do("record_revisit", SUPERVISOR, form)
    case = story.case
    assert (case.state, second_asking(case)) == (state, counted)
    assert case.tally.revisited_by == {"agent": 1}, "asking again is nobody's quota"
    assert case.follow_up.ask_again_after is None
    assert fold(story.events, "riverside", case.number) == case


@pytest.mark.req("G6")
def test_the_first_person_s_own_second_visit_is_no_second_answer() -> None:
    case = waiting_for_a_second_person().do("record_revisit", AGENT, SATISFIED).case
    assert (case.state, second_asking(case)) == (State.CLOSED, {"asked_again_due": 1})
