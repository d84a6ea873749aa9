"""A time agreed with the resident, and a price asked for before any work (B10, B11, C16, G11)."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.case.clock_changes import latest_visit
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.deadlines.deadline import replay
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError, NotAllowedError
from chalicelib.domain.follow_up.forms import RateForm
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.regulation.rules import Appointment, Facts
from chalicelib.domain.timers import pending
from chalicelib.domain.work.forms import AppointmentForm, ExtensionForm, PauseForm, ProposeForm
from chalicelib.services.access.allowed_commands import possible_for_link
from infra.stricter import ends
from infra.strictest import SEEDS
from tests.builders import regulations
from tests.stories import AGENT, HANDLER, MANAGER, OTHER_HANDLER, SUPERVISOR, Story, context, in_state

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def at_home(pack: str = "S2") -> Story:
    """A repair in the home that somebody has signed for; S2: by appointment, 7 working days at most (C7)."""
    story = Story(context(pack=pack)).register(kind="repair", matter="door_window")
    return story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派")).do("sign", HANDLER)


def told(story: Story) -> list[tuple[str, str]]:
    return [(notice.kind, notice.recipient) for notice in due(story.outcomes[-1], story.context)]


@pytest.mark.req("B11", "C7", "G2")
def test_the_agreed_time_is_the_deadline_and_both_stay_on_record() -> None:
    story = at_home()
    first = story.case.clocks.deadlines[Clock.SOLVE]
    visit = story.at + 2 * DAY
    case = story.do("agree_appointment", HANDLER, AppointmentForm(visit)).case
    solve = case.clocks.deadlines[Clock.SOLVE]
    assert (solve.due_at, solve.first_due_at) == (visit, first.due_at)
    assert replay(solve) == visit
    assert case.work.appointment == visit
    assert case.clocks.met[Clock.RESPOND] == story.at, "the resident was spoken to"
    assert {due.at for due in pending(case, story.context) if str(due.key) == "solve:overdue"} == {visit}
    assert told(story) == [("appointed", "resident")]


def refused_as_too_late(story: Story, visit: datetime) -> InvalidInputError:
    with pytest.raises(InvalidInputError) as refused:
        story.do("agree_appointment", AGENT, AppointmentForm(visit))
    assert refused.value.reason == "appointment_too_late"
    assert "ask the manager for an extension" in refused.value.message
    return refused.value


@pytest.mark.req("B11", "C7")
def test_no_time_beyond_the_limit_is_promised_where_the_limit_stays() -> None:
    """`within`: nobody is promised a visit that is late by the regulation."""
    story = at_home()
    limit = story.case.clocks.solve_due_at
    assert refused_as_too_late(story, limit + HOUR).facts["latest"] == limit
    story.wait(hours=30)
    refused_as_too_late(story, limit + HOUR)
    story.do("agree_appointment", HANDLER, AppointmentForm(limit))
    assert story.case.clocks.solve_due_at == limit


@pytest.mark.req("B11", "G5")
def test_the_manager_makes_room_for_a_later_visit() -> None:
    story = at_home()
    later = story.case.clocks.solve_due_at + 2 * DAY
    refused_as_too_late(story, later)
    story.do("request_extension", HANDLER, ExtensionForm(later, "住户出差")).do("grant_extension", MANAGER)
    assert story.do("agree_appointment", HANDLER, AppointmentForm(later)).case.work.appointment == later
    refused_as_too_late(story, later + HOUR)


@pytest.mark.req("B11", "B7", "C7")
@pytest.mark.parametrize("about", [{}, {"care": True}, {"kind": "complaint"}, {"urgency": "urgent"}])
@pytest.mark.parametrize("matter", ["home_other", "door_window", "seepage"])
def test_no_sequence_of_appointments_ends_later_under_default_than_under_s2(
    matter: str, about: dict[str, object]
) -> None:
    """Each as late as it can be, shortly before the last one; S2 has 7 working days at most for this."""
    facts: dict[str, object] = {"kind": "repair", "matter": matter, **about}
    stories = [Story(context(pack=pack)).register(**facts) for pack in ("default", "S2")]
    most = stories[1].case.clocks.solve_due_at
    moved = 0
    for story in stories:
        for _ in range(6):
            latest = latest_visit(story.case, story.at, story.context)
            if story.at >= min(latest, story.case.clocks.solve_due_at):
                break
            case = story.do("agree_appointment", AGENT, AppointmentForm(latest)).case
            moved += case.clocks.solve_due_at > case.clocks.deadlines[Clock.SOLVE].first_due_at
            assert case.clocks.solve_due_at <= most
            refused_as_too_late(story, latest + timedelta(seconds=1))
            story.at = case.clocks.solve_due_at - HOUR
    assert moved, "under default the resident's wish does move the deadline"


@pytest.mark.req("B11", "C7")
def test_no_limit_of_a_seed_that_stays_ends_before_the_room_that_default_gives() -> None:
    """So `default` may take over a shorter limit with `replaces`, and S2's 7 working days hold.

    Where a limit of S2 that stays is shorter than the room, `default` lets no visit go beyond its own either.
    """
    seeds, default = [regulations().get(pack) for pack in SEEDS], regulations().get("default")
    room = ends(default.appointments_within)
    assert room <= min(ends(pack.appointments_within) for pack in seeds)
    staying = [rule for pack in seeds for rule in pack.rules if rule.appointment is Appointment.WITHIN]
    assert {ends(rule.limit) < room for rule in staying} == {True, False}
    for rule in staying:
        for kind, matter in product(rule.when.kinds, rule.when.matters):
            found = default.rules_for(Facts(kind, matter, "normal", "general"))
            (chosen,) = (other for other in found if other.clock is rule.clock)
            stays = {part.appointment is Appointment.WITHIN for part in chosen.limits()}
            assert ends(rule.limit) >= room or stays == {True}, (kind, matter)


@pytest.mark.req("B11", "G9")
def test_a_second_return_has_half_the_room_for_appointments() -> None:
    story = in_state(State.SIGNED)
    whole = latest_visit(story.case, story.at, story.context) - story.case.clocks.started_at
    for _ in range(2):
        story.do("complete", HANDLER).do("rate", RESIDENT, RateForm(1))
        story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派")).do("sign", HANDLER)
    assert story.case.round == 3
    half = latest_visit(story.case, story.at, story.context) - story.case.clocks.started_at
    assert timedelta() < half < whole * 0.6


@pytest.mark.req("B11", "G4")
def test_what_the_round_has_paused_is_not_lost_for_appointments() -> None:
    story = in_state(State.SIGNED)
    before = latest_visit(story.case, story.at, story.context)
    story.do("pause", HANDLER, PauseForm(story.at + 3 * DAY, "waiting_for_parts", "订货单"))
    story.wait(days=3).do("resume", HANDLER)
    after = latest_visit(story.case, story.at, story.context)
    paused = story.case.clocks.pauses[0]
    assert story.context.calendar.working_between(before, after) >= 2 * story.context.calendar.working_day
    assert paused.ended_at - paused.started_at == 3 * DAY, "the day of the start does not count"


@pytest.mark.req("B11", "G4")
def test_a_pause_over_the_agreed_time_puts_it_off() -> None:
    story = in_state(State.SIGNED)
    visit = story.at + DAY
    story.do("agree_appointment", HANDLER, AppointmentForm(visit)).wait(hours=22)
    story.do("pause", HANDLER, PauseForm(story.at + 2 * DAY, "waiting_for_parts", "订货单"))
    case = story.wait(days=2).do("resume", HANDLER).case
    assert case.clocks.solve_due_at == visit + 2 * DAY, "two hours were left, and are left"
    assert replay(case.clocks.deadlines[Clock.SOLVE]) == case.clocks.solve_due_at
    story.fire()
    assert Clock.SOLVE not in story.case.clocks.overdue


@pytest.mark.req("B11", "A6", "A8")
def test_what_turns_out_to_be_an_emergency_does_not_wait_for_the_visit() -> None:
    story = in_state(State.SIGNED)
    story.do("agree_appointment", HANDLER, AppointmentForm(story.at + 4 * DAY))
    found = ClassifyForm("水已到电箱", urgency="emergency")
    case = story.do("classify", AGENT, found).case
    assert case.work.appointment is None
    assert case.clocks.solve_due_at <= case.clocks.started_at + DAY
    assert case.clocks.deadlines[Clock.SOLVE].derivation.appointment is None


@pytest.mark.req("B11", "A8")
def test_a_clock_that_a_correction_adds_waits_for_the_agreed_visit_too() -> None:
    story = Story(context(pack="S4")).register(kind="repair", matter="home_other")
    assert Clock.ON_SITE not in story.case.clocks.deadlines
    visit = story.at + DAY
    story.do("agree_appointment", AGENT, AppointmentForm(visit)).wait(hours=3)
    case = story.do("classify", AGENT, ClassifyForm("较急", urgency="urgent")).case
    assert {case.clocks.deadlines[clock].due_at for clock in (Clock.ON_SITE, Clock.SOLVE)} == {visit}


@pytest.mark.req("C16", "A8")
def test_a_repair_that_is_found_to_be_a_complaint_owes_no_price() -> None:
    story = in_state(State.SIGNED).do("ask_price", RESIDENT)
    case = story.do("classify", AGENT, ClassifyForm("是投诉", kind="complaint")).case
    assert not case.work.price_asked
    assert story.do("start", HANDLER).case.state is State.WORKING


@pytest.mark.req("B11")
def test_where_an_appointment_replaces_the_limit_it_may_be_later() -> None:
    story = in_state(State.SIGNED)
    rule = story.case.clocks.deadlines[Clock.SOLVE].rule
    assert rule.appointment == "replaces"
    visit = story.case.clocks.solve_due_at + DAY
    assert story.do("agree_appointment", AGENT, AppointmentForm(visit)).case.clocks.solve_due_at == visit
    assert told(story) == [("appointed", "resident"), ("to_visit", HANDLER.id)]
    again = story.at + DAY
    assert story.do("agree_appointment", AGENT, AppointmentForm(again)).case.clocks.solve_due_at == again


@pytest.mark.req("B11", "G17")
def test_an_appointment_does_not_undo_lateness() -> None:
    story = in_state(State.WORKING)
    story.at = story.case.clocks.solve_due_at + HOUR
    story.fire()
    late = story.case.clocks.deadlines[Clock.SOLVE]
    case = story.do("agree_appointment", HANDLER, AppointmentForm(story.at + DAY)).case
    assert case.clocks.deadlines[Clock.SOLVE] == late
    assert Clock.SOLVE in case.clocks.overdue
    assert case.work.appointment == story.at + DAY, "agreed all the same, and told to the resident"
    with pytest.raises(InvalidInputError) as refused:
        story.do("agree_appointment", HANDLER, AppointmentForm(story.at + 30 * DAY))
    assert refused.value.reason == "appointment_too_far", "no extension is to be had any more"


@pytest.mark.req("B11", "G5")
def test_an_extension_outlasts_an_appointment() -> None:
    story = in_state(State.WORKING)
    story.do("request_extension", HANDLER).do("grant_extension", MANAGER)
    extended = story.case.clocks.solve_due_at
    story.do("agree_appointment", HANDLER, AppointmentForm(story.at + HOUR))
    assert story.case.clocks.solve_due_at == extended


@pytest.mark.req("B11", "A6")
def test_an_emergency_waits_for_no_appointment() -> None:
    story = in_state(State.SIGNED, matter="flooding", urgency="emergency")
    with pytest.raises(CommandRefusedError) as refused:
        story.do("agree_appointment", HANDLER)
    assert refused.value.reason == "emergency_waits_for_nobody"


@pytest.mark.req("B11")
def test_a_time_is_agreed_by_whoever_answers_or_the_desk_and_lies_ahead() -> None:
    story = in_state(State.SIGNED)
    with pytest.raises(NotAllowedError):
        story.do("agree_appointment", OTHER_HANDLER)
    with pytest.raises(InvalidInputError):
        story.do("agree_appointment", HANDLER, AppointmentForm(story.at))
    story.do("pause", HANDLER)
    with pytest.raises(CommandRefusedError):
        story.do("agree_appointment", HANDLER)


@pytest.mark.req("B11", "D7")
def test_a_new_round_has_no_appointment() -> None:
    story = in_state(State.SIGNED).do("agree_appointment", AGENT).wait(hours=1)
    story.do("complete", HANDLER).do("rate", RESIDENT, RateForm(1))
    assert story.case.work.appointment is None
    assert story.case.clocks.solve_due_at > story.at


@pytest.mark.req("C16", "B10")
def test_a_price_that_is_asked_for_is_answered_within_a_quarter_of_an_hour() -> None:
    story = in_state(State.SIGNED).do("ask_price", RESIDENT)
    assert story.case.clocks.deadlines[Clock.QUOTE].due_at == story.at + timedelta(minutes=15)
    assert told(story) == [("price_asked", HANDLER.id)]
    story.wait(minutes=16)
    late = [payload for payload in story.fire() if isinstance(payload, ev.MarkedOverdue)]
    assert [(mark.clock, mark.person) for mark in late] == [(Clock.QUOTE, "engineering-head")]
    case = story.do("propose", HANDLER).told().case
    assert case.clocks.met[Clock.QUOTE] == story.at
    assert not case.work.price_asked


@pytest.mark.req("C16", "B10", "G11")
def test_work_waits_for_the_price_and_for_the_residents_agreement() -> None:
    story = in_state(State.SIGNED).do("ask_price", RESIDENT)
    for command in ("start", "complete"):
        with pytest.raises(CommandRefusedError) as owed:
            story.do(command, HANDLER)
        assert owed.value.reason == "price_owed"
    story.do("propose", HANDLER, ProposeForm("密封圈老化", "更换", 8000))
    story.do("assign", SUPERVISOR).do("sign", OTHER_HANDLER)
    for command in ("start", "complete"):
        with pytest.raises(CommandRefusedError) as open_price:
            story.do(command, OTHER_HANDLER)
        assert open_price.value.reason == "price_not_agreed", "handed on, it is still not agreed"
    story.do("propose", OTHER_HANDLER).do("agree", RESIDENT)
    assert story.do("complete", OTHER_HANDLER).case.state is State.COMPLETED


@pytest.mark.req("G11")
def test_what_costs_nothing_needs_no_agreement_to_a_price() -> None:
    story = in_state(State.SIGNED).do("propose", HANDLER, ProposeForm("松了", "拧紧"))
    story.do("disagree", RESIDENT)
    assert story.do("start", HANDLER).case.state is State.WORKING


@pytest.mark.req("C16")
def test_a_price_is_asked_once_and_only_of_a_repair() -> None:
    story = in_state(State.REGISTERED).do("ask_price", RESIDENT)
    assert told(story) == [], "nobody has it yet; the clock reaches whoever is on duty"
    with pytest.raises(CommandRefusedError) as again:
        story.do("ask_price", RESIDENT)
    assert again.value.reason == "price_asked"
    with pytest.raises(CommandRefusedError) as no_price:
        in_state(State.SIGNED, kind="complaint").do("ask_price", RESIDENT)
    assert no_price.value.reason == "no_price"


@pytest.mark.req("C16")
def test_under_a_regulation_without_that_clock_the_question_still_holds_the_work_back() -> None:
    pack = regulations().get("default")
    without = replace(pack, rules=tuple(rule for rule in pack.rules if rule.clock is not Clock.QUOTE))
    story = in_state(State.SIGNED)
    story.context = context(regulation=without)
    case = story.do("ask_price", RESIDENT).case
    assert Clock.QUOTE not in case.clocks.deadlines
    with pytest.raises(CommandRefusedError):
        story.do("start", HANDLER)


@pytest.mark.req("C16", "B11")
def test_a_resident_asks_by_link_and_a_handler_agrees_by_link() -> None:
    from chalicelib.domain.case.links import Purpose, link_for

    story = in_state(State.SIGNED)

    def by(purpose: Purpose) -> set[str]:
        link = link_for(story.case, purpose, 14)
        return {row.command for row in possible_for_link(story.case, link, story.context, story.at)}

    assert "ask_price" in by(Purpose.TRACK)
    assert {"agree_appointment", "start", "complete"} <= by(Purpose.WORK)
    story.do("ask_price", RESIDENT)
    assert "ask_price" not in by(Purpose.TRACK)
    assert {"start", "complete"} & by(Purpose.WORK) == set()
    assert "propose" in by(Purpose.WORK)
