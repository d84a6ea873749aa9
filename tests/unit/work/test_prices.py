"""What work costs: declared, asked for, agreed to before it begins, in whose name (B10, C16, G11)."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.case.links import Purpose, link_for
from chalicelib.domain.case.spoken import ReasonedWordForm, WordForm
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError, NotAllowedError
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.work.forms import ChargeForm, ProposeForm
from chalicelib.services.access.allowed_commands import possible_for_link
from tests.builders import regulations
from tests.stories import AGENT, HANDLER, HEAD, MANAGER, OTHER_HANDLER, SUPERVISOR, Story, context, in_state

DAY = timedelta(days=1)


def told(story: Story) -> list[tuple[str, str]]:
    return [(notice.kind, notice.recipient) for notice in due(story.outcomes[-1], story.context)]


def refused(story: Story, command: str) -> str | None:
    """The reason for which the handler cannot do that now."""
    with pytest.raises(CommandRefusedError) as caught:
        story.do(command, HANDLER)
    return caught.value.reason


@pytest.mark.req("G11", "B10")
def test_what_is_declared_chargeable_waits_for_a_price_that_is_agreed_to() -> None:
    story = in_state(State.REGISTERED).do("declare_charge", AGENT, ChargeForm(True, "有偿服务"))
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派")).do("sign", HANDLER).do("arrive", HANDLER)
    assert [refused(story, command) for command in ("start", "complete")] == ["price_not_agreed"] * 2
    story.do("propose", HANDLER, ProposeForm("老化", "更换", price_item="tap")).do("agree", RESIDENT)
    assert refused(story, "complete") == "not_compared", "reported and actual item are compared on the spot"
    assert story.do("compare_item", HANDLER).do("complete", HANDLER).case.state is State.COMPLETED


@pytest.mark.req("G11", "B13")
def test_what_is_under_warranty_or_common_is_declared_free() -> None:
    story = in_state(State.SIGNED).do("declare_charge", AGENT, ChargeForm(True, "有偿服务"))
    story.do("declare_charge", HANDLER, ChargeForm(False, "保修期内"))
    assert story.do("start", HANDLER).case.state is State.WORKING


@pytest.mark.req("G11")
def test_a_plan_without_a_price_says_that_it_is_free() -> None:
    story = in_state(State.SIGNED).do("declare_charge", AGENT, ChargeForm(True, "有偿服务"))
    story.do("propose", HANDLER, ProposeForm("松了", "拧紧")).do("agree", RESIDENT)
    assert story.do("complete", HANDLER).case.state is State.COMPLETED


@pytest.mark.req("G11", "B10")
def test_a_price_that_comes_up_during_the_work_stops_it_until_agreed() -> None:
    story = in_state(State.WORKING)
    case = story.do("propose", HEAD, ProposeForm("管也坏了", "换管", 20000)).case
    assert case.state is State.PROPOSED
    with pytest.raises(CommandRefusedError):
        story.do("complete", HANDLER)
    story.do("disagree", RESIDENT)
    assert story.case.state is State.SIGNED
    assert [refused(story, command) for command in ("start", "complete")] == ["price_not_agreed"] * 2
    story.do("propose", HEAD, ProposeForm("管也坏了", "只换垫圈", 2000)).do("agree", RESIDENT)
    assert story.do("compare_item", HANDLER).do("complete", HANDLER).case.state is State.COMPLETED


@pytest.mark.req("G11")
def test_what_turns_out_chargeable_during_the_work_is_not_completed_without_a_price() -> None:
    story = in_state(State.WORKING).do("declare_charge", AGENT, ChargeForm(True, "人为损坏"))
    assert refused(story, "complete") == "price_not_agreed"


@pytest.mark.req("G11", "G7")
def test_only_the_resident_agrees_and_the_desk_records_who_did_when_and_how() -> None:
    assert TABLE["agree"].roles == TABLE["disagree"].roles == {RESIDENT.role}
    story = in_state(State.PROPOSED).wait(minutes=30)
    with pytest.raises(NotAllowedError):
        story.do("agree", AGENT)
    with pytest.raises(NotAllowedError):
        story.do("record_agreement", HANDLER)
    form = WordForm(story.at - timedelta(minutes=5), "王芳的丈夫", "phone")
    event = story.do("record_agreement", AGENT, form).events[-1]
    assert isinstance(event.payload, ev.Agreed)
    assert (event.actor, event.payload.spoken_to, event.payload.manner) == (AGENT, "王芳的丈夫", "phone")
    assert event.payload.spoken_at == story.at - timedelta(minutes=5)
    assert told(story) == [("agreed", HANDLER.id), ("in_your_name", "resident")]


@pytest.mark.req("G11")
def test_nobody_agrees_before_there_is_a_plan_nor_in_the_future() -> None:
    story = in_state(State.PROPOSED)
    for spoken_at, reason in ((story.at - DAY, "spoken_before"), (story.at + DAY, "spoken_in_future")):
        for command, form in (
            ("record_agreement", WordForm(spoken_at, "王芳", "phone")),
            ("record_refusal", ReasonedWordForm(spoken_at, "王芳", "phone", "太贵")),
        ):
            with pytest.raises(InvalidInputError) as caught:
                story.do(command, AGENT, form)
            assert caught.value.reason == reason


@pytest.mark.req("B10", "G11")
def test_a_refusal_is_recorded_with_who_refused_and_why() -> None:
    story = in_state(State.PROPOSED)
    event = story.do("record_refusal", MANAGER).events[-1]
    assert event.payload == ev.Disagreed("太贵", "王芳", story.at, "phone")
    assert refused(story, "start") == "price_not_agreed"


@pytest.mark.req("G7", "G11")
def test_whoever_has_the_work_records_no_word_of_the_resident() -> None:
    story = in_state(State.SIGNED, handler=AGENT).do("propose", AGENT)
    for command in ("record_agreement", "record_refusal"):
        with pytest.raises(NotAllowedError) as own:
            story.do(command, AGENT)
        assert own.value.reason == "own_word_for_resident"
    assert story.do("record_agreement", SUPERVISOR).case.state is State.WORKING


@pytest.mark.req("G11")
def test_a_price_that_was_asked_for_is_answered_and_not_declared_away() -> None:
    story = in_state(State.SIGNED).do("ask_price", RESIDENT)
    with pytest.raises(InvalidInputError):
        story.do("declare_charge", HANDLER, ChargeForm(False, "不收"))
    with pytest.raises(CommandRefusedError):
        in_state(State.SIGNED, kind="complaint").do("declare_charge", AGENT)


@pytest.mark.req("C16", "A8")
def test_a_repair_that_is_found_to_be_a_complaint_owes_no_price() -> None:
    story = in_state(State.SIGNED).do("ask_price", RESIDENT)
    case = story.do("classify", AGENT, ClassifyForm("是投诉", kind="complaint")).case
    assert not case.work.price_asked
    assert story.do("start", HANDLER).case.state is State.WORKING


@pytest.mark.req("C16", "B10")
def test_a_price_that_is_asked_for_is_answered_within_a_quarter_of_an_hour() -> None:
    story = in_state(State.SIGNED).do("ask_price", RESIDENT)
    assert story.case.clocks.deadlines[Clock.QUOTE].due_at == story.at + timedelta(minutes=15)
    assert told(story) == [("price_asked", HANDLER.id)]
    story.wait(minutes=16)
    late = [payload for payload in story.fire() if isinstance(payload, ev.MarkedOverdue)]
    assert [(payload.clock, payload.person) for payload in late] == [(Clock.QUOTE, HEAD.id)]
    story.do("propose", HANDLER)
    assert not story.case.work.price_asked
    assert Clock.QUOTE not in story.case.clocks.met, "its message is still to leave (B8)"
    story.wait(minutes=1).told()
    assert story.case.clocks.met[Clock.QUOTE] == story.at


@pytest.mark.req("C16", "B10", "G11")
def test_work_waits_for_the_price_and_for_the_residents_agreement() -> None:
    story = in_state(State.SIGNED).do("ask_price", RESIDENT)
    for command in ("start", "complete"):
        with pytest.raises(CommandRefusedError) as owed:
            story.do(command, HANDLER)
        assert owed.value.reason == "price_owed"
    story.do("propose", HANDLER, ProposeForm("密封圈老化", "更换", price_item="tap"))
    story.do("assign", SUPERVISOR).do("sign", OTHER_HANDLER)
    for command in ("start", "complete"):
        with pytest.raises(CommandRefusedError) as open_price:
            story.do(command, OTHER_HANDLER)
        assert open_price.value.reason == "price_not_agreed", "handed on, it is still not agreed"
    story.do("propose", OTHER_HANDLER).do("agree", RESIDENT)
    assert story.do("compare_item", OTHER_HANDLER).do("complete", OTHER_HANDLER).case.state is State.COMPLETED


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
def test_a_resident_asks_by_link_and_a_handler_proposes_by_link() -> None:
    story = in_state(State.SIGNED)

    def by(purpose: Purpose) -> set[str]:
        link = link_for(story.case, purpose, 14)
        return {row.command for row in possible_for_link(story.case, link, story.context, story.at)}

    assert "ask_price" in by(Purpose.TRACK)
    assert {"propose_appointment", "start", "complete"} <= by(Purpose.WORK)
    story.do("ask_price", RESIDENT)
    assert "ask_price" not in by(Purpose.TRACK)
    assert {"start", "complete"} & by(Purpose.WORK) == set()
    assert "propose" in by(Purpose.WORK)


@pytest.mark.req("C16", "G11")
def test_what_is_on_no_price_list_has_its_price_in_15_minutes_from_the_order() -> None:
    """Also where the worker says that it costs something, and nobody had to ask."""
    story = in_state(State.SIGNED)
    assert Clock.QUOTE not in story.case.deadlines
    case = story.do("declare_charge", HANDLER, ChargeForm(True, "过保")).case
    assert case.deadlines[Clock.QUOTE].due_at == story.at + timedelta(minutes=15)
    again = story.wait(minutes=5).do("declare_charge", HANDLER, ChargeForm(True, "确实过保")).case
    assert again.deadlines[Clock.QUOTE] == case.deadlines[Clock.QUOTE], "saying so again gives no more time"
    story.do("propose", HANDLER, ProposeForm("老化", "更换", price_item="tap")).told()
    assert Clock.QUOTE in story.case.met


@pytest.mark.req("C16", "G11")
def test_before_anybody_has_the_order_it_counts_from_the_assignment() -> None:
    story = in_state(State.REGISTERED).do("declare_charge", AGENT, ChargeForm(True, "过保"))
    assert Clock.QUOTE not in story.case.deadlines
    case = story.wait(minutes=30).do("assign", SUPERVISOR).case
    assert case.deadlines[Clock.QUOTE].due_at == story.at + timedelta(minutes=15)


@pytest.mark.req("C16", "G11")
def test_what_is_on_the_list_or_free_waits_for_no_price() -> None:
    listed = in_state(State.SIGNED).do("declare_charge", HANDLER, ChargeForm(True, "过保", on_list=True))
    assert Clock.QUOTE not in listed.case.deadlines
    with pytest.raises(CommandRefusedError):
        listed.do("start", HANDLER)
    story = in_state(State.SIGNED).do("declare_charge", HANDLER, ChargeForm(True, "过保"))
    free = story.do("declare_charge", HANDLER, ChargeForm(False, "还在保修期")).case
    assert Clock.QUOTE not in free.deadlines
