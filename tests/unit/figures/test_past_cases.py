"""What-if takes clocks to begin and to be met as the case's own history does (G23)."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.case.case import State
from chalicelib.domain.case.visit_deadlines import BY_VISIT
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.errors import DomainError
from chalicelib.domain.figures.what_if import judged, past_case
from chalicelib.domain.regulation.limits import HEARD, Clock
from tests.builders import regulations
from tests.stories import AGENT, HANDLER, OTHER_HANDLER, SUPERVISOR, Story, context, in_state

COMMANDS = (
    "assign",
    "sign",
    "decline",
    "start",
    "propose",
    "agree",
    "disagree",
    "ask_price",
    "record_price_request",
    "propose_appointment",
    "accept_appointment",
    "agree_appointment",
    "report_cause",
    "arrive",
    "progress",
    "file_report",
    "complete",
)
PEOPLE = (HANDLER, OTHER_HANDLER, AGENT, SUPERVISOR, RESIDENT)


@pytest.mark.req("G23", "B3")
@given(lot=st.randoms())
@settings(max_examples=100)
def test_clocks_begin_and_are_met_as_in_the_case_s_own_history(lot: Random) -> None:
    """Whatever starts or stops a clock is known to what-if: nothing may be added to the history alone."""
    pack = lot.choice(("S1", "S2", "S3", "S4", "default"))
    kind = lot.choice(("repair", "repair", "complaint"))
    care, severity = lot.choice((True, False)), lot.choice(("general", "serious"))
    story = Story(context(pack=pack)).register(kind=kind, care=care, severity=severity)
    for _ in range(60):
        name, actor = lot.choice(COMMANDS), lot.choice(PEOPLE)
        form = AssignForm(lot.choice(PEOPLE[:2]).id, "换人") if name == "assign" else None
        try:
            story.do(name, actor, form).wait(minutes=lot.choice((5, 50, 400)))
        except DomainError:
            continue
        if story.case.state is State.COMPLETED:
            break
    case, found = story.case, past_case(story.events)
    compared = {
        clock
        for clock, deadline in case.clocks.deadlines.items()
        # what-if leaves out what appointments give, so an arrival that only a visit promised is not in it
        if clock not in {Clock.PROGRESS, Clock.WRITTEN_REPORT} and deadline.rule.id != BY_VISIT
    }
    assert compared >= {Clock.RESPOND, Clock.SOLVE}
    for clock in tuple(compared):
        assert found.began[clock] == case.clocks.deadlines[clock].started_at
        if clock in case.clocks.met or clock not in HEARD or case.state is not State.COMPLETED:
            assert found.met.get(clock) == case.clocks.met.get(clock), clock
        else:  # the message with the result has still to leave
            compared.discard(clock)
    regulation, calendar = story.context.regulation, story.context.calendar
    verdicts = {
        verdict.clock: verdict.missed for verdict in judged(regulation, calendar, found, story.at).verdicts
    }
    late = {
        clock: case.clocks.met.get(clock, story.at) > case.clocks.deadlines[clock].first_due_at
        for clock in compared
    }
    if case.work.appointment is not None:  # it moves what signing is ahead of, and what-if leaves that out
        compared.discard(Clock.SIGN)
    assert {clock: verdicts[clock] for clock in compared} == {clock: late[clock] for clock in compared}


@pytest.mark.req("G23", "B11")
def test_an_agreed_appointment_is_a_first_response_under_the_other_pack_too() -> None:
    story = in_state(State.SIGNED)
    story.wait(hours=1).do("agree_appointment", AGENT)
    agreed = story.at
    story.wait(days=1, hours=6).do("complete", HANDLER)
    assert past_case(story.events).met[Clock.RESPOND] == agreed == story.case.clocks.met[Clock.RESPOND]


@pytest.mark.req("G23", "C16")
def test_a_price_that_was_asked_for_has_its_clock_under_the_other_pack_too() -> None:
    story = in_state(State.SIGNED).do("ask_price", RESIDENT)
    asked = story.at
    story.wait(minutes=20).do("propose", HANDLER).told()
    found = past_case(story.events)
    assert (found.began[Clock.QUOTE], found.met[Clock.QUOTE]) == (asked, story.at)
    other = regulations().get("S4")
    missed = {
        verdict.clock
        for verdict in judged(other, story.context.calendar, found, story.at).verdicts
        if verdict.missed
    }
    assert Clock.QUOTE in missed, "15 minutes"
    never = past_case(in_state(State.PROPOSED).events)
    assert Clock.QUOTE not in never.began, "a plan with a price, which nobody had asked for"


@pytest.mark.req("G23", "B2")
def test_whoever_gets_a_case_that_was_handed_on_has_the_whole_time_to_sign() -> None:
    story = in_state(State.ASSIGNED).wait(hours=5)
    story.do("decline", HANDLER).do("assign", SUPERVISOR)
    assigned = story.at
    story.wait(minutes=5).do("sign", OTHER_HANDLER)
    found = past_case(story.events)
    assert (found.began[Clock.SIGN], found.met[Clock.SIGN]) == (assigned, story.at)
