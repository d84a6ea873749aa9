"""A case is the fold of its events, whatever happened to it (design 3; invariants 2 and 3)."""

import pytest
from hypothesis import given, settings

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.fold import REMEMBERED_COMMANDS, fold
from chalicelib.domain.community.roles import Role
from chalicelib.domain.deadlines.deadline import Deadline, replay
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.regulation.limits import Clock
from tests.histories import WANDERINGS, wandering
from tests.stories import HANDLER, Story, in_state


@given(story=WANDERINGS)
@settings(max_examples=60)
def test_the_fold_of_the_events_is_the_case(story: Story) -> None:
    assert fold(story.events, story.case.community, story.case.number) == story.case


@given(story=WANDERINGS)
@settings(max_examples=60)
def test_versions_rise_by_one_and_only_legal_steps_appear(story: Story) -> None:
    assert [event.version for event in story.events] == list(range(1, len(story.events) + 1))
    assert [event.at for event in story.events] == sorted(event.at for event in story.events)
    for outcome in story.outcomes[1:]:
        if outcome.events and outcome.before is not None:
            row = TABLE[outcome.events[0].command]
            assert outcome.before.state in row.sources
            assert outcome.after.state in row.targets_from(outcome.before.state)
            assert outcome.events[0].actor.role in row.roles


@pytest.mark.req("B7", "G2")
@given(story=WANDERINGS)
@settings(max_examples=60)
def test_a_deadline_never_moves_forward_without_a_recorded_reason(story: Story) -> None:
    """Only a correction of what the case is about, an appointment or a new round may bring one forward."""
    for outcome in story.outcomes[1:]:
        if outcome.before is None or outcome.before is outcome.after:
            continue
        reasons = (ev.Classified, ev.Reopened, ev.Assigned, ev.AppointmentAgreed)
        explained = any(isinstance(event.payload, reasons) for event in outcome.events)
        costs_nothing = any(is_free(event.payload) for event in outcome.events)  # it ends the price's clock
        for clock, before in outcome.before.clocks.deadlines.items():
            after = outcome.after.clocks.deadlines.get(clock)
            ended = after is None and clock is Clock.QUOTE and costs_nothing
            assert explained or ended or (after is not None and after.due_at >= before.due_at), clock
    for deadline in story.case.clocks.deadlines.values():
        assert replay(deadline) == deadline.due_at


@pytest.mark.req("G6")
@given(story=WANDERINGS)
@settings(max_examples=60)
def test_whoever_revisits_had_no_part_in_the_work(story: Story) -> None:
    for outcome in story.outcomes:
        for event in outcome.events:
            if isinstance(event.payload, ev.RevisitRecorded | ev.AskedAgain) and outcome.before is not None:
                assert event.actor.id not in outcome.before.assignment.everybody
            if isinstance(event.payload, ev.AskedAgain) and outcome.before is not None:
                assert outcome.before.follow_up.ask_again_after not in {None, event.actor.id}
            if isinstance(event.payload, ev.RevisitDrawn) and outcome.before is not None:
                assert event.payload.revisitor not in outcome.before.assignment.everybody


@pytest.mark.req("G1", "G2")
@given(story=WANDERINGS)
@settings(max_examples=60)
def test_no_deadline_moves_without_an_event_that_says_why(story: Story) -> None:
    for outcome in story.outcomes[1:]:
        before, after = outcome.before, outcome.after
        on_record = any(getattr(event.payload, "deadlines", ()) for event in outcome.events)
        assert before is not None
        if any(is_free(event.payload) for event in outcome.events):  # it ends the clock of the price (C16)
            assert on_record or after.clocks.deadlines == without(Clock.QUOTE, before)
            continue
        assert on_record or after.clocks.deadlines == before.clocks.deadlines


def is_free(payload: ev.Payload) -> bool:
    return isinstance(payload, ev.ChargeDeclared) and not payload.chargeable


def without(ended: Clock, case: Case) -> dict[Clock, Deadline]:
    """The deadlines of a case without that of a clock, unless it was met before."""
    kept = {clock: due for clock, due in case.clocks.deadlines.items() if clock is not ended}
    return dict(case.clocks.deadlines) if ended in case.clocks.met else kept


SHOWN_ELSEWHERE = {
    *(ev.AlarmRaised, ev.AlarmConfirmed, ev.OutsideCalled),  # dispatch/test_alarm.py
    *(ev.LossRecorded, ev.Paid, ev.AccountSigned),  # work/test_payer.py, api/test_order.py
    *(ev.CalledBack, ev.ClassificationJudged),  # intake/test_calls.py, intake/test_audit.py
    ev.LanguageChosen,  # notices/test_language_chosen.py
    ev.CareWithdrawn,  # households/test_consent.py
    ev.ClosingHeld,  # work/test_replies.py
    ev.AcceptanceChased,  # work/test_acceptance.py
    ev.RefusalSigned,  # work/test_order.py
    *(ev.ChargeGivenUp, ev.GivenBack),  # work/test_turned_free.py
    *(ev.CommonWorkAccepted, ev.CommonWorkRefused, ev.AcceptanceGivenUp),  # work/test_common_acceptance.py
    *(ev.CostRecorded, ev.CostPriced, ev.CostStruck),  # work/test_costs.py
    *(ev.CostClaimed, ev.ClaimPaid, ev.ClaimWithdrawn),  # work/test_costs.py
    *(ev.MeasurePlanned, ev.MeasureDone, ev.MeasureChased),  # work/test_measures.py
}
"""What a wandering does not meet, and where it is."""


def test_a_wandering_gets_about() -> None:
    """The stories above reach every kind of event and every state; else they would prove little."""
    seen, states = set(), set()
    for seed in range(270):
        story = wandering(seed)
        seen |= {type(event.payload) for event in story.events}
        states |= {outcome.after.state for outcome in story.outcomes}
    assert seen == set(ev.EVENT_TYPES.values()) - SHOWN_ELSEWHERE
    assert states == set(State)


def test_a_history_begins_with_the_registration() -> None:
    story = in_state(State.WORKING)
    with pytest.raises(ValueError, match="starts with assigned"):
        fold(story.events[1:], "riverside", "202611-0001")
    with pytest.raises(ValueError, match="empty"):
        fold([], "riverside", "202611-0001")


def test_a_case_remembers_so_many_commands_of_people() -> None:
    story = in_state(State.WORKING)
    for number in range(REMEMBERED_COMMANDS + 5):
        story.do("progress", HANDLER, command_id=f"note {number}")
    assert len(story.case.recent_commands) == REMEMBERED_COMMANDS
    assert list(story.case.recent_commands)[-1] == f"note {REMEMBERED_COMMANDS + 4}"


def test_automatic_steps_can_be_told_from_those_of_people() -> None:
    story = in_state(State.ASSIGNED).wait(days=1)
    story.fire()
    automatic = [event for event in story.events if event.actor.role is Role.SYSTEM]
    assert automatic
    assert {event.command for event in automatic} == {"fire_timers"}
