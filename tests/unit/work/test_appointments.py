"""A visit: proposed by one side, agreed to by the other, and what it moves (B7, B11, C5–C9)."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import IN_DISPATCH, State
from chalicelib.domain.case.links import Purpose, link_for
from chalicelib.domain.case.visit_deadlines import latest_visit
from chalicelib.domain.community.roles import MANAGERS, RESIDENT, Actor, Role
from chalicelib.domain.deadlines.deadline import replay
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError, NotAllowedError
from chalicelib.domain.follow_up.forms import RateForm
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.regulation.regulation import Regulation
from chalicelib.domain.regulation.rules import Appointment
from chalicelib.domain.timers import pending
from chalicelib.domain.work.forms import ExtensionForm, PauseForm
from chalicelib.domain.work.resident_forms import AgreedVisitForm, AppointmentForm
from chalicelib.services.access.allowed_commands import possible_for_link
from tests.builders import regulations
from tests.histories import wandering
from tests.stories import (
    AGENT,
    HANDLER,
    HEAD,
    MANAGER,
    OTHER_HANDLER,
    SUPERVISOR,
    Story,
    context,
    in_state,
)

WITHOUT_SECONDS = [pack for pack in regulations().ids() if pack != "demo"]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def at_home(pack: str = "S2", **about: str) -> Story:
    """A repair in the home that somebody has signed for; S2: by appointment, 7 working days at most (C7)."""
    story = Story(context(pack=pack)).register(**{"kind": "repair", "matter": "door_window", **about})
    return story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派")).do("sign", HANDLER)


def visit(story: Story, at: datetime, by: Actor = AGENT) -> Story:
    """The desk has spoken to the resident, who agreed to that time."""
    return story.do("agree_appointment", by, AgreedVisitForm(at, story.at, "王芳", "phone"))


def told(story: Story) -> list[tuple[str, str]]:
    return [(notice.kind, notice.recipient) for notice in due(story.outcomes[-1], story.context)]


def putting_off(pack: str) -> Regulation:
    """The pack as another company could have it: what is agreed takes the place of the limit."""
    plain = regulations().get(pack)
    rules = (
        replace(rule, appointment=Appointment.REPLACES) if rule.clock is Clock.SOLVE else rule
        for rule in plain.rules
    )
    return replace(plain, rules=tuple(rules))


# --- a proposal, and the other side's answer ---------------------------------------------------------------


@pytest.mark.req("B7", "B11", "G5")
@pytest.mark.parametrize("proposer", [HANDLER, HEAD, AGENT, RESIDENT])
def test_a_proposal_moves_nothing(proposer: Actor) -> None:
    story = at_home()
    before = story.case.clocks
    case = story.do("propose_appointment", proposer, AppointmentForm(story.at + DAY)).case
    assert case.clocks == before
    assert case.work.appointment is None


@pytest.mark.req("B11")
def test_the_resident_agrees_to_what_the_handler_proposed() -> None:
    story = at_home()
    at = story.at + DAY
    story.do("propose_appointment", HANDLER, AppointmentForm(at, "下午也行"))
    assert told(story) == [("visit_proposed", "resident")]
    with pytest.raises(CommandRefusedError) as own:
        story.do("accept_appointment", HANDLER)
    assert own.value.reason == "other_side_agrees"
    with pytest.raises(CommandRefusedError):
        story.do("accept_appointment", AGENT)
    case = story.do("accept_appointment", RESIDENT).case
    assert case.work.appointment == at
    assert case.work.proposed_visit is None
    assert told(story) == [("appointed", "resident"), ("to_visit", HANDLER.id)]
    assert case.clocks.deadlines[Clock.ON_SITE].due_at == at


@pytest.mark.req("B11")
def test_the_handler_agrees_to_what_the_resident_proposed() -> None:
    story = at_home().do("propose_appointment", RESIDENT)
    assert told(story) == [("visit_wanted", HANDLER.id)]
    with pytest.raises(CommandRefusedError) as own:
        story.do("accept_appointment", RESIDENT)
    assert own.value.reason == "other_side_agrees"
    with pytest.raises(CommandRefusedError) as again:
        story.do("propose_appointment", RESIDENT)
    assert again.value.reason == "visit_proposed", "the answer comes"
    with pytest.raises(NotAllowedError):
        story.do("accept_appointment", OTHER_HANDLER)
    assert story.do("accept_appointment", HANDLER).case.work.appointment is not None
    assert told(story) == [("appointed", "resident")]


@pytest.mark.req("B11")
def test_before_anybody_has_the_case_the_desk_hears_of_a_residents_time() -> None:
    story = Story().register().do("propose_appointment", RESIDENT)
    assert told(story) == [("visit_wanted", AGENT.id)]
    assert story.do("accept_appointment", AGENT).case.work.appointment is not None


@pytest.mark.req("B11")
def test_a_time_that_does_not_suit_is_declined_or_answered_with_another() -> None:
    story = at_home().do("propose_appointment", HANDLER)
    case = story.do("decline_appointment", RESIDENT).case
    assert case.work.proposed_visit is None
    assert told(story) == [("visit_declined", HANDLER.id)]
    with pytest.raises(CommandRefusedError) as nothing:
        story.do("accept_appointment", RESIDENT)
    assert nothing.value.reason == "no_visit_proposed"
    story.do("propose_appointment", RESIDENT).do("decline_appointment", HANDLER)
    assert told(story) == [("visit_refused", "resident")]
    story.do("propose_appointment", HANDLER)
    counter = story.at + 2 * DAY
    story.do("propose_appointment", RESIDENT, AppointmentForm(counter))
    assert story.do("accept_appointment", HANDLER).case.work.appointment == counter


@pytest.mark.req("B11")
@pytest.mark.parametrize("proposer", [HANDLER, RESIDENT])
def test_nobody_is_asked_again_for_a_time_that_stands(proposer: Actor) -> None:
    story = at_home()
    agreed, other = story.at + DAY, story.at + 2 * DAY
    visit(story, agreed)
    with pytest.raises(InvalidInputError) as stands:
        story.do("propose_appointment", proposer, AppointmentForm(agreed))
    assert stands.value.reason == "visit_agreed_already"
    story.do("propose_appointment", HANDLER, AppointmentForm(other))
    with pytest.raises(InvalidInputError) as waits:
        story.do("propose_appointment", proposer, AppointmentForm(other))
    assert waits.value.reason == "visit_proposed_already"
    assert story.do("accept_appointment", RESIDENT).case.work.appointment == other


@pytest.mark.req("B11")
def test_a_proposal_that_is_past_is_not_agreed_to() -> None:
    story = at_home().do("propose_appointment", HANDLER, AppointmentForm(local("2026-11-23T10:00")))
    story.at = local("2026-11-23T10:00")
    with pytest.raises(CommandRefusedError) as past:
        story.do("accept_appointment", RESIDENT)
    assert past.value.reason == "visit_is_past"
    story.do("propose_appointment", RESIDENT)


@pytest.mark.req("B7", "B11")
def test_what_has_become_too_late_meanwhile_is_not_agreed_to() -> None:
    """Proposed within the limit, which a correction has made shorter since."""
    story = at_home().do("propose_appointment", HANDLER, AppointmentForm(local("2026-11-26T10:00")))
    story.do("classify", SUPERVISOR, ClassifyForm("较急", urgency="urgent", matter="power_outage"))
    with pytest.raises(InvalidInputError) as late:
        story.do("accept_appointment", RESIDENT)
    assert late.value.reason == "appointment_too_late"


# --- what the desk records -------------------------------------------------------------------------------


@pytest.mark.req("B7", "B11")
def test_only_the_desk_records_an_agreed_visit_and_never_whoever_has_the_work() -> None:
    assert TABLE["agree_appointment"].roles == {Role.AGENT, Role.SUPERVISOR, *MANAGERS}
    story = at_home()
    for worker in (HANDLER, HEAD):
        with pytest.raises(NotAllowedError):
            visit(story, story.at + DAY, by=worker)
    link = link_for(story.case, Purpose.WORK, 14)
    by_link = {row.command for row in possible_for_link(story.case, link, story.context, story.at)}
    assert "propose_appointment" in by_link
    assert "agree_appointment" not in by_link
    story.do("assign", SUPERVISOR, AssignForm(AGENT.id, "自己去"))
    with pytest.raises(NotAllowedError) as own:
        visit(story, story.at + DAY, by=AGENT)
    assert own.value.reason == "own_word_for_resident"
    visit(story, story.at + DAY, by=SUPERVISOR)


@pytest.mark.req("B11", "G7")
def test_whom_the_desk_spoke_to_when_and_how_is_on_record() -> None:
    story = at_home().wait(hours=1)
    said = AgreedVisitForm(story.at + DAY, story.at - 5 * MINUTE, "王芳的母亲", "phone", "带梯子")
    event = story.do("agree_appointment", AGENT, said).events[-1]
    assert isinstance(event.payload, ev.AppointmentAgreed)
    assert (event.payload.spoken_to, event.payload.spoken_at, event.payload.manner) == (
        "王芳的母亲",
        story.at - 5 * MINUTE,
        "phone",
    )
    assert event.actor == AGENT
    for spoken_at, reason in ((story.at + HOUR, "spoken_in_future"), (story.at - DAY, "spoken_before")):
        with pytest.raises(InvalidInputError) as refused:
            story.do("agree_appointment", AGENT, AgreedVisitForm(story.at + DAY, spoken_at, "王芳", "phone"))
        assert refused.value.reason == reason
    with pytest.raises(InvalidInputError):
        AgreedVisitForm(story.at + DAY, story.at, "王芳", "smoke signs")


# --- what a visit does to the clocks -----------------------------------------------------------------------


@pytest.mark.req("B11", "C7", "G2")
def test_the_agreed_time_is_that_of_the_arrival_and_the_work_follows_it() -> None:
    """Agreed for Tuesday 9:00 does not mean solved by 9:00."""
    story = at_home()
    first = story.case.clocks.deadlines[Clock.SOLVE]
    assert Clock.ON_SITE not in story.case.clocks.deadlines, "S2 has no arrival for this"
    at = local("2026-11-24T09:00")
    case = visit(story, at).case
    arrival, solve = case.clocks.deadlines[Clock.ON_SITE], case.clocks.deadlines[Clock.SOLVE]
    assert arrival.due_at == arrival.first_due_at == at
    assert solve.due_at == local("2026-11-24T15:00"), "four working hours: 3 before noon, 1 after"
    assert solve.first_due_at == first.due_at
    assert [replay(arrival), replay(solve)] == [arrival.due_at, solve.due_at]
    assert case.clocks.met[Clock.RESPOND] == story.at, "the resident was spoken to"
    assert {due.at for due in pending(case, story.context) if str(due.key) == "on_site:overdue"} == {at}
    story.at = at - MINUTE
    assert story.do("arrive", HANDLER).case.clocks.met[Clock.ON_SITE] == story.at


@pytest.mark.req("B7", "C5", "C8", "A6")
@pytest.mark.parametrize("pack", WITHOUT_SECONDS)
@pytest.mark.parametrize("urgency", ["urgent", "normal"])
@pytest.mark.parametrize("matter", ["power_outage", "elevator", "public_hazard", "water_outage"])
def test_no_visit_moves_the_arrival_at_what_is_urgent_nor_its_time_to_solve(
    pack: str, matter: str, urgency: str
) -> None:
    """The 10 minutes and 24 hours of a power cut stay, whoever agrees to what, and whatever it is called."""
    story = Story(context(pack=pack)).register(kind="repair", matter=matter, urgency=urgency)
    before = story.case.clocks.deadlines
    latest = latest_visit(story.case, story.at, story.context)
    assert latest == before[Clock.SOLVE].due_at
    with pytest.raises(InvalidInputError) as refused:
        visit(story, latest + MINUTE)
    assert refused.value.reason == "appointment_too_late"
    after = visit(story, latest - HOUR).case.clocks.deadlines
    assert after[Clock.SOLVE].due_at <= before[Clock.SOLVE].due_at
    if Clock.ON_SITE in before:
        assert after[Clock.ON_SITE] == before[Clock.ON_SITE]


@pytest.mark.req("B11", "C9")
def test_an_arrival_that_is_not_urgent_is_when_both_agreed() -> None:
    plain = regulations().get("S2")
    rules = tuple(
        replace(rule, appointment=Appointment.REPLACES) if rule.clock is Clock.ON_SITE else rule
        for rule in plain.rules
    )
    story = Story(context(regulation=replace(plain, rules=rules)))
    story.register(kind="complaint", matter="cleaning")
    limit = story.case.clocks.deadlines[Clock.ON_SITE].due_at
    at = story.case.clocks.solve_due_at - HOUR
    assert at > limit
    case = visit(story, at).case
    assert case.clocks.deadlines[Clock.ON_SITE].due_at == at
    assert case.clocks.deadlines[Clock.ON_SITE].first_due_at == limit


@pytest.mark.req("B11", "C8", "C10", "C11")
@pytest.mark.parametrize("matter", ["equipment_noise", "neighbour", "cleaning"])
def test_no_visit_moves_an_arrival_for_which_s2_knows_no_appointment(matter: str) -> None:
    story = Story(context(pack="S2")).register(kind="complaint", matter=matter)
    limit = story.case.clocks.deadlines[Clock.ON_SITE]
    at = story.case.clocks.solve_due_at - HOUR
    assert at > limit.due_at
    assert visit(story, at).case.clocks.deadlines[Clock.ON_SITE] == limit


@pytest.mark.req("B7", "B11", "C6", "C7", "C9")
@pytest.mark.parametrize("pack", WITHOUT_SECONDS)
@pytest.mark.parametrize("about", [{}, {"care": True}, {"kind": "complaint"}, {"urgency": "urgent"}])
@pytest.mark.parametrize("matter", ["home_other", "lighting_lock", "public_other", "power_outage"])
def test_no_sequence_of_visits_puts_off_the_time_to_solve(
    pack: str, matter: str, about: dict[str, object]
) -> None:
    """Each as late as it can be, shortly before the last one."""
    facts: dict[str, object] = {"kind": "repair", "matter": matter, **about}
    story = Story(context(pack=pack)).register(**facts)
    most = story.case.clocks.solve_due_at
    for _ in range(4):
        latest = latest_visit(story.case, story.at, story.context)
        if story.at >= min(latest, story.case.clocks.solve_due_at):
            break
        assert visit(story, latest).case.clocks.solve_due_at <= most
        story.at = story.case.clocks.solve_due_at - MINUTE


@pytest.mark.req("B7", "G5", "G4")
@given(seed=st.integers(0, 100_000))
@settings(max_examples=40, deadline=None)
def test_nobody_but_the_manager_gives_more_time_to_solve(seed: int) -> None:
    """Else the time to solve ends later only by a pause, a correction or the calendar."""
    story = wandering(seed)
    before = None
    may = (ev.Resumed, ev.Classified, ev.Replanned, ev.Reopened, ev.ExtensionGranted, ev.AppointmentAgreed)
    for event, outcome in ((outcome.events[-1], outcome) for outcome in story.outcomes if outcome.events):
        case = outcome.after
        if before is not None and case.state in IN_DISPATCH and case.round == before.round:
            later = case.clocks.solve_due_at > before.clocks.solve_due_at
            kinds = {type(event.payload) for event in outcome.events}
            assert not later or kinds & set(may), (event.type, case.number)
            if kinds == {ev.AppointmentAgreed}:
                limit = latest_visit(before, event.at, story.context)
                assert case.clocks.solve_due_at <= max(limit, before.clocks.solve_due_at)
        before = case


def refused_as_too_late(story: Story, at: datetime) -> InvalidInputError:
    with pytest.raises(InvalidInputError) as refused:
        visit(story, at)
    assert refused.value.reason == "appointment_too_late"
    assert "ask the manager for an extension" in refused.value.message
    return refused.value


@pytest.mark.req("B11", "C7")
def test_no_time_beyond_the_limit_is_promised() -> None:
    """Nobody is promised a visit that is late by the regulation."""
    story = at_home()
    limit = story.case.clocks.solve_due_at
    assert refused_as_too_late(story, limit + HOUR).facts["latest"] == limit
    story.wait(hours=30)
    refused_as_too_late(story, limit + HOUR)
    case = visit(story, limit).case
    assert case.clocks.solve_due_at == limit, "and the work ends with the limit, however late the visit"


@pytest.mark.req("B11", "G5")
def test_the_manager_makes_room_for_a_later_visit() -> None:
    story = at_home()
    later = story.case.clocks.solve_due_at + 2 * DAY
    refused_as_too_late(story, later)
    story.do("request_extension", HANDLER, ExtensionForm(later, "住户出差")).do("grant_extension", MANAGER)
    assert visit(story, later).case.work.appointment == later
    refused_as_too_late(story, later + HOUR)


@pytest.mark.req("B11", "C7")
def test_a_pack_that_puts_what_is_agreed_in_place_of_its_limit_has_its_room_and_no_more() -> None:
    story = Story(context(regulation=putting_off("S1"))).register(kind="repair", matter="door_window")
    limit = story.case.clocks.solve_due_at
    latest = latest_visit(story.case, story.at, story.context)
    assert latest > limit
    refused_as_too_late(story, latest + MINUTE)
    assert visit(story, latest).case.clocks.solve_due_at == latest
    assert visit(story, limit + HOUR).case.clocks.solve_due_at > limit + HOUR
    urgent = Story(context(regulation=putting_off("S1"))).register(kind="repair", matter="power_outage")
    assert latest_visit(urgent.case, urgent.at, urgent.context) == urgent.case.clocks.solve_due_at


@pytest.mark.req("B11", "G9")
def test_a_second_return_has_half_the_room_for_appointments() -> None:
    story = in_state(State.SIGNED)
    whole = latest_visit(story.case, story.at, story.context) - story.case.clocks.started_at
    for _ in range(2):
        story.do("complete", HANDLER).do("rate", RESIDENT, RateForm(1))
        story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派")).do("sign", HANDLER)
    assert story.case.round == 3
    half = latest_visit(story.case, story.at, story.context) - story.case.clocks.started_at
    assert timedelta() < half <= whole * 0.6


@pytest.mark.req("B11", "G4")
def test_what_the_round_has_paused_is_not_lost_for_appointments() -> None:
    story = at_home()
    before = latest_visit(story.case, story.at, story.context)
    story.do("pause", HANDLER, PauseForm(story.at + 3 * DAY, "waiting_for_parts", "订货单"))
    story.wait(days=3).do("resume", HANDLER)
    after = latest_visit(story.case, story.at, story.context)
    assert story.context.calendar.working_between(before, after) >= 2 * story.context.calendar.working_day


@pytest.mark.req("B11", "G4", "G3")
def test_a_pause_over_an_agreed_visit_puts_off_the_arrival_and_the_work() -> None:
    """Agreed for Tuesday 15:00, paused from 14:00 for two days: nobody is late before Thursday 15:00."""
    story = visit(at_home(), local("2026-11-24T15:00"))
    before = story.case.clocks.solve_due_at
    story.at = local("2026-11-24T14:00")
    story.do("pause", HANDLER, PauseForm(story.at + 2 * DAY, "waiting_for_parts", "订货单"))
    story.at = local("2026-11-26T14:00")
    story.fire()
    case = story.case
    assert case.clocks.pause is None
    assert Clock.ON_SITE not in case.clocks.overdue
    arrival, solve = case.clocks.deadlines[Clock.ON_SITE], case.clocks.deadlines[Clock.SOLVE]
    assert replay(arrival) == arrival.due_at == local("2026-11-26T15:00")
    assert arrival.first_due_at == local("2026-11-24T15:00"), "what was promised first stays on record"
    worked = story.context.calendar.working_between(before, solve.due_at)
    assert worked == 2 * story.context.calendar.working_day
    assert replay(solve) == solve.due_at
    corrected = story.do("classify", SUPERVISOR, ClassifyForm("看过", severity="serious")).case
    assert corrected.clocks.deadlines[Clock.ON_SITE].due_at == arrival.due_at
    story.at = local("2026-11-26T15:00")
    story.fire()
    assert Clock.ON_SITE in story.case.clocks.overdue


@pytest.mark.req("B11", "G4", "C11")
def test_a_pause_stops_no_arrival_that_a_limit_asks_for() -> None:
    story = Story(context(pack="S2")).register(kind="complaint", matter="other")
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派")).do("sign", HANDLER)
    due_at = story.case.clocks.deadlines[Clock.ON_SITE].due_at
    story.do("pause", HANDLER, PauseForm(due_at + DAY, "waiting_for_parts", "订货单"))
    story.at = due_at
    story.fire()
    assert Clock.ON_SITE in story.case.clocks.overdue


@pytest.mark.req("B11", "A6", "A8")
def test_what_turns_out_to_be_an_emergency_does_not_wait_for_the_visit() -> None:
    story = visit(in_state(State.SIGNED), in_state(State.SIGNED).at + DAY)
    story.do("propose_appointment", HANDLER)
    found = ClassifyForm("水已到电箱", urgency="emergency")
    case = story.do("classify", AGENT, found).case
    assert (case.work.appointment, case.work.proposed_visit) == (None, None)
    assert case.clocks.solve_due_at <= case.clocks.started_at + DAY
    for clock in (Clock.SOLVE, Clock.ON_SITE):
        assert case.clocks.deadlines[clock].derivation.appointment is None


@pytest.mark.req("B7", "B11", "A8")
def test_what_turns_out_to_be_urgent_has_its_own_arrival() -> None:
    story = Story(context(pack="S4")).register(kind="repair", matter="home_other")
    at = story.at + DAY
    visit(story, at).wait(hours=3)
    assert story.case.clocks.deadlines[Clock.ON_SITE].due_at == at
    case = story.do("classify", AGENT, ClassifyForm("较急", urgency="urgent")).case
    arrival = case.clocks.deadlines[Clock.ON_SITE]
    assert arrival.due_at == story.at + 2 * HOUR
    assert arrival.derivation.appointment is None
    assert replay(arrival) == arrival.due_at


@pytest.mark.req("B11", "A8")
def test_a_correction_keeps_the_arrival_that_was_agreed() -> None:
    story = visit(at_home(), local("2026-11-24T09:00"))
    case = story.do("classify", SUPERVISOR, ClassifyForm("是灯", matter="lighting_lock")).case
    assert case.clocks.deadlines[Clock.ON_SITE].due_at == local("2026-11-24T09:00")
    assert replay(case.clocks.deadlines[Clock.ON_SITE]) == local("2026-11-24T09:00")


@pytest.mark.req("B11", "G17")
def test_an_appointment_does_not_undo_lateness() -> None:
    story = in_state(State.WORKING)
    story.at = story.case.clocks.solve_due_at + HOUR
    story.fire()
    late = story.case.clocks.deadlines[Clock.SOLVE]
    case = visit(story, story.at + DAY).case
    assert case.clocks.deadlines[Clock.SOLVE] == late
    assert Clock.SOLVE in case.clocks.overdue
    assert case.work.appointment == story.at + DAY, "agreed all the same, and told to the resident"
    with pytest.raises(InvalidInputError) as refused:
        visit(story, story.at + 30 * DAY)
    assert refused.value.reason == "appointment_too_far", "no extension is to be had any more"


@pytest.mark.req("B11", "G5")
def test_an_extension_outlasts_an_appointment() -> None:
    story = in_state(State.WORKING)
    story.do("request_extension", HANDLER).do("grant_extension", MANAGER)
    extended = story.case.clocks.solve_due_at
    visit(story, story.at + HOUR)
    assert story.case.clocks.solve_due_at == extended


@pytest.mark.req("B11", "A6")
@pytest.mark.parametrize("command", ["propose_appointment", "agree_appointment"])
def test_an_emergency_waits_for_no_appointment(command: str) -> None:
    story = in_state(State.SIGNED, matter="flooding", urgency="emergency")
    with pytest.raises(CommandRefusedError) as refused:
        story.do(command, AGENT)
    assert refused.value.reason == "emergency_waits_for_nobody"


@pytest.mark.req("B11")
def test_a_time_is_proposed_by_whoever_answers_or_the_desk_and_lies_ahead() -> None:
    story = in_state(State.SIGNED)
    with pytest.raises(NotAllowedError):
        story.do("propose_appointment", OTHER_HANDLER)
    for command, form in (
        ("propose_appointment", AppointmentForm(story.at)),
        ("agree_appointment", AgreedVisitForm(story.at, story.at, "王芳", "phone")),
    ):
        with pytest.raises(InvalidInputError):
            story.do(command, AGENT, form)
    story.do("pause", HANDLER)
    with pytest.raises(CommandRefusedError):
        story.do("propose_appointment", HANDLER)


@pytest.mark.req("B11", "D7")
def test_a_new_round_has_no_appointment() -> None:
    story = visit(in_state(State.SIGNED), in_state(State.SIGNED).at + DAY).wait(hours=1)
    story.do("complete", HANDLER).do("rate", RESIDENT, RateForm(1))
    assert story.case.work.appointment is None
    assert story.case.clocks.solve_due_at > story.at


@pytest.mark.req("B11", "B10")
def test_whoever_is_there_says_so_once_and_work_may_begin_later() -> None:
    story = visit(at_home(), local("2026-11-24T09:00"))
    case = story.do("arrive", HANDLER).case
    assert case.state is State.SIGNED
    assert case.clocks.met[Clock.ON_SITE] == story.at
    with pytest.raises(DomainError) as again:
        story.do("arrive", HANDLER)
    assert again.value.reason == "arrived_already"
