"""The guards of the work: what is refused, with which reason, and what the events do to the case."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.case.form_fields import LONG, SHORT, ReasonForm, RequiredNoteForm, longest_lengths
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.domain.dispatch.escalation import URGE_INTERVAL
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError, NotAllowedError
from chalicelib.domain.follow_up.forms import RateForm, RevisitForm
from chalicelib.domain.intake.forms import ClassifyForm, MergeForm
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.work.forms import ExtensionForm, PauseForm, ProposeForm
from tests.builders import community
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

DAY = timedelta(days=1)


def refused(error: type[DomainError], reason: str | None, act: Callable[[], object]) -> DomainError:
    """The refusal of an act; it names that reason, where the page has a sentence for it."""
    with pytest.raises(error) as caught:
        act()
    assert reason is None or caught.value.reason == reason
    return caught.value


@pytest.mark.req("A9")
def test_whoever_took_the_case_answers_until_a_handler_has_signed() -> None:
    story = Story().register(actor=AGENT)
    assert story.case.answerable == AGENT.id
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "轮到"))
    assert story.case.answerable == AGENT.id, "assigned is not signed"
    assert story.do("sign", HANDLER).case.answerable == HANDLER.id
    story.do("assign", SUPERVISOR)
    assert story.case.answerable == AGENT.id, "the new handler has not signed"


@pytest.mark.req("A8")
def test_a_correction_changes_only_what_is_given() -> None:
    """A case that a person gave to another department stays there when its severity is corrected."""
    story = Story().register()
    story.do("assign", SUPERVISOR, AssignForm("security-1", "保安先到", "security"))
    before = story.case.classification
    after = story.do("classify", AGENT, ClassifyForm("很严重", severity="serious")).case
    assert after.classification == replace(before, severity="serious")
    assert after.classification.department == "security"
    assert after.assignment.handler == "security-1"


@pytest.mark.req("A8", "B2")
def test_another_matter_brings_the_case_to_the_department_that_it_belongs_to() -> None:
    """Nobody has signed yet, so it goes back to be assigned there; who has signed keeps it."""
    form = ClassifyForm("其实是垃圾", matter="garbage")
    story = in_state(State.ASSIGNED).do("classify", AGENT, form)
    assert story.case.classification.department == "cleaning"
    assert story.case.state is State.REGISTERED
    assert story.case.assignment.handler is None
    assert story.case.assignment.declined_by == (), "nobody declined"
    signed = in_state(State.SIGNED).do("classify", AGENT, form)
    assert (signed.case.state, signed.case.assignment.handler) == (State.SIGNED, HANDLER.id)


@pytest.mark.req("G2", "G4")
def test_a_correction_keeps_pauses_extensions_and_what_was_met() -> None:
    story = in_state(State.WORKING).do("pause", HANDLER).wait(hours=20).do("resume", HANDLER)
    story.do("request_extension", HANDLER).do("grant_extension", MANAGER)
    before = story.case
    after = story.do("classify", AGENT, ClassifyForm("复杂", complexity="complex")).case
    assert after.clocks.met == before.clocks.met
    solve = after.clocks.deadlines[Clock.SOLVE]
    assert len(solve.derivation.pauses) == 1
    assert solve.derivation.extended_to is not None
    assert solve.due_at >= before.clocks.deadlines[Clock.SOLVE].due_at
    assert after.clocks.deadlines[Clock.SIGN] == before.clocks.deadlines[Clock.SIGN], (
        "met under the old limit"
    )


@pytest.mark.req("A6", "A8")
def test_a_correction_to_an_emergency_starts_its_clocks_and_drops_none_that_hold() -> None:
    story = Story().register(matter="garbage", kind="inquiry")
    assert Clock.ON_SITE not in story.case.clocks.deadlines
    story.do("classify", AGENT, ClassifyForm("起火了", "help", "fire", "emergency"))
    assert story.case.clocks.deadlines[Clock.ON_SITE].started_at == story.case.registered_at
    story.do("classify", AGENT, ClassifyForm("看错了", "inquiry", "garbage", "normal"))
    assert Clock.ON_SITE in story.case.clocks.deadlines, "somebody was promised to come (B7)"
    story.do("classify", MANAGER, ClassifyForm("同意"))
    assert Clock.ON_SITE not in story.case.clocks.deadlines


def test_a_correction_of_nothing_is_refused() -> None:
    story = Story().register()
    for form in (ClassifyForm("看看"), ClassifyForm("看看", severity="general")):
        with pytest.raises(DomainError) as caught:
            story.do("classify", AGENT, form)
        assert caught.value.reason == "nothing_to_correct"
    refused(InvalidInputError, None, lambda: story.do("classify", AGENT, ClassifyForm("看看", kind="rant")))


@pytest.mark.req("B2")
@pytest.mark.parametrize("username", ["nobody", "committee-1", "company-head-1", "ivr-1"])
def test_a_case_goes_only_to_somebody_who_can_work_on_it(username: str) -> None:
    story = Story().register()
    stranger = AssignForm(username, "试试")
    named = refused(InvalidInputError, "no_such_staff", lambda: story.do("assign", MANAGER, stranger))
    assert username in named.message
    form = AssignForm(HANDLER.id, "试试", "astronomy")
    error = refused(InvalidInputError, "no_such_department", lambda: story.do("assign", MANAGER, form))
    assert "engineering" in error.message


@pytest.mark.req("B2", "B3")
def test_a_case_is_not_assigned_twice_to_the_same_person() -> None:
    """It would only start the clock of the signature anew."""
    story = in_state(State.ASSIGNED)
    again = AssignForm(HANDLER.id, "再来")
    refused(CommandRefusedError, "assigned_already", lambda: story.do("assign", SUPERVISOR, again))


@pytest.mark.req("B3")
def test_an_assignment_starts_the_clock_of_the_signature_and_the_answer_once() -> None:
    story = Story().register(kind="complaint", matter="staff_attitude")
    story.wait(hours=1).do("assign", SUPERVISOR)
    sign, answer = story.case.clocks.deadlines[Clock.SIGN], story.case.clocks.deadlines[Clock.ANSWER]
    assert sign.started_at == answer.started_at == story.at
    story.wait(hours=1).do("assign", SUPERVISOR, AssignForm(HANDLER.id, "换人"))
    assert story.case.clocks.deadlines[Clock.SIGN].started_at == story.at
    assert story.case.clocks.deadlines[Clock.ANSWER] == answer, "the department answers by the same time"


@pytest.mark.req("B2")
def test_who_declines_is_passed_over_and_does_not_revisit() -> None:
    story = in_state(State.ASSIGNED).do("decline", HANDLER)
    assert story.case.state is State.REGISTERED
    assert story.case.assignment.handler is None
    assert story.case.assignment.declined_by == (HANDLER.id,)
    assert HANDLER.id in story.case.assignment.everybody


@pytest.mark.req("B5")
def test_a_plan_goes_to_the_resident_and_back() -> None:
    story = in_state(State.PROPOSED)
    assert Clock.RESPOND not in story.case.clocks.met, "nobody has heard of it yet"
    assert Clock.RESPOND in story.told().case.clocks.met
    refusal = story.do("disagree", RESIDENT, ReasonForm("太贵了"))
    assert (refusal.case.state, refusal.case.work.plan) == (State.SIGNED, None)
    story.do("propose", HANDLER, ProposeForm("老化", "只换垫片"))
    assert story.do("agree", RESIDENT).case.state is State.WORKING
    refused(
        InvalidInputError,
        None,
        lambda: in_state(State.SIGNED).do("propose", HANDLER, ProposeForm("老化", "更换", 0)),
    )


@pytest.mark.req("G4")
class TestPauses:
    def test_a_pause_has_a_reason_of_the_regulation_and_an_end_within_the_cap(self) -> None:
        story = in_state(State.WORKING)
        cap = story.context.regulation.pause.cap_working_days
        bad = PauseForm(story.at + DAY, "no_mood", "没有")
        refused(InvalidInputError, None, lambda: story.do("pause", HANDLER, bad))
        past = PauseForm(story.at, "waiting_for_parts", "订单")
        refused(InvalidInputError, "until_is_past", lambda: story.do("pause", HANDLER, past))
        long = PauseForm(story.at + timedelta(days=60), "waiting_for_parts", "订单")
        error = refused(CommandRefusedError, "pause_too_long", lambda: story.do("pause", HANDLER, long))
        ages = replace(long, until=story.at.replace(year=2099))
        refused(CommandRefusedError, "pause_too_long", lambda: story.do("pause", HANDLER, ages))
        latest = error.facts["latest"]
        assert latest == story.at + timedelta(days=cap)  # its limit runs around the clock
        longest = PauseForm(latest, "waiting_for_parts", "订单")  # type: ignore[arg-type]
        story.do("pause", HANDLER, longest)
        refused(CommandRefusedError, "paused_already", lambda: story.do("pause", HANDLER))
        story.wait(days=60).do("resume", HANDLER)
        refused(CommandRefusedError, "no_pause_left", lambda: story.do("pause", HANDLER))
        refused(CommandRefusedError, "not_paused", lambda: story.do("resume", HANDLER))

    def test_a_pause_moves_the_deadline_by_the_time_that_it_lasted(self) -> None:
        story = in_state(State.WORKING)
        before = story.case.clocks.deadlines
        story.do("pause", HANDLER).wait(hours=3).do("resume", HANDLER)
        after = story.case.clocks.deadlines
        assert after[Clock.SOLVE].due_at == before[Clock.SOLVE].due_at + timedelta(hours=3)
        assert after[Clock.SOLVE].first_due_at == before[Clock.SOLVE].first_due_at
        (paused,) = story.case.clocks.pauses
        assert paused.ended_at - paused.started_at == timedelta(hours=3)

    def test_a_pause_ends_by_itself_and_nobody_gains_by_resuming_late(self) -> None:
        story = in_state(State.WORKING)
        due_at = story.case.clocks.solve_due_at
        until = story.at + timedelta(hours=5)
        story.do("pause", HANDLER, PauseForm(until, "waiting_for_parts", "订单"))
        story.wait(hours=30).do("resume", HANDLER)
        assert story.case.clocks.solve_due_at == due_at + timedelta(hours=5)
        assert story.case.clocks.pauses[0].ended_at == until

    def test_completing_ends_the_pause_first(self) -> None:
        story = in_state(State.WORKING).do("pause", HANDLER).wait(hours=2)
        story.do("complete", HANDLER, signed_off=False)
        assert [event.type for event in story.outcomes[-1].events] == ["resumed", "result_handed_in"]
        story.do("sign_off_result", HEAD)
        assert story.case.clocks.pause is None
        assert [past.late for past in story.case.rounds] == [False]

    def test_a_later_round_keeps_its_shorter_limit_through_a_pause(self) -> None:
        story = in_state(State.COMPLETED)
        for _ in range(2):
            story.do("reopen", SUPERVISOR).do("assign", SUPERVISOR, AssignForm(HANDLER.id, "他熟悉"))
            story.do("sign", HANDLER).do("start", HANDLER)
            if story.case.round == 2:
                story.do("complete", HANDLER)
        limit = story.case.clocks.solve_due_at - story.case.clocks.started_at
        story.do("pause", HANDLER).wait(hours=1).do("resume", HANDLER)
        moved = story.case.clocks.solve_due_at - story.case.clocks.started_at
        assert moved == limit + timedelta(hours=1)


@pytest.mark.req("B7", "G5")
class TestExtensions:
    def test_it_is_asked_for_before_the_deadline(self) -> None:
        story = in_state(State.WORKING)
        story.at = story.case.clocks.solve_due_at
        refused(CommandRefusedError, "deadline_has_passed", lambda: story.do("request_extension", HANDLER))

    def test_the_clock_of_a_paused_case_has_not_run_out(self) -> None:
        story = in_state(State.WORKING)
        story.do("pause", HANDLER, PauseForm(story.at + 4 * DAY, "waiting_for_parts", "订单"))
        story.at = story.case.clocks.solve_due_at + timedelta(hours=1)
        form = ExtensionForm(story.at + 3 * DAY, "配件缺货")
        assert story.do("request_extension", HANDLER, form).case.clocks.extension_request is not None

    def test_it_is_later_than_the_deadline_and_within_the_longest(self) -> None:
        story = in_state(State.WORKING)
        early = ExtensionForm(story.case.clocks.solve_due_at, "想多点时间")
        refused(InvalidInputError, "until_not_later", lambda: story.do("request_extension", HANDLER, early))
        late = ExtensionForm(story.case.clocks.solve_due_at + 90 * DAY, "想多点时间")
        error = refused(
            CommandRefusedError, "extension_too_long", lambda: story.do("request_extension", HANDLER, late)
        )
        longest = ExtensionForm(error.facts["latest"], "想多点时间")  # type: ignore[arg-type]
        story.do("request_extension", HANDLER, longest)
        refused(
            CommandRefusedError, "extension_asked_already", lambda: story.do("request_extension", HANDLER)
        )

    def test_both_dates_stay_on_record(self) -> None:
        story = in_state(State.WORKING)
        first = story.case.clocks.deadlines[Clock.SOLVE]
        story.do("request_extension", HANDLER).do("grant_extension", MANAGER)
        granted = story.case.clocks.deadlines[Clock.SOLVE]
        assert granted.due_at == first.due_at + DAY
        assert granted.first_due_at == first.first_due_at
        assert story.case.clocks.extension_request is None

    def test_a_refused_one_changes_nothing_and_leaves_room_to_ask_again(self) -> None:
        story = in_state(State.WORKING)
        before = story.case.clocks.deadlines
        story.do("request_extension", HANDLER).do("refuse_extension", MANAGER)
        assert story.case.clocks.deadlines == before
        refused(CommandRefusedError, "no_extension_asked", lambda: story.do("refuse_extension", MANAGER))
        refused(CommandRefusedError, "no_extension_asked", lambda: story.do("grant_extension", MANAGER))
        story.do("request_extension", HANDLER)

    def test_a_round_has_only_so_many(self) -> None:
        story = in_state(State.WORKING)
        for _ in range(story.context.regulation.extension.count):
            story.do("request_extension", HANDLER).do("grant_extension", MANAGER)
        refused(CommandRefusedError, "no_extension_left", lambda: story.do("request_extension", HANDLER))

    def test_a_date_that_has_passed_is_not_granted(self) -> None:
        story = in_state(State.WORKING).do("request_extension", HANDLER).wait(days=9)
        refused(CommandRefusedError, "extension_too_late", lambda: story.do("grant_extension", MANAGER))

    def test_a_request_ends_with_its_round(self) -> None:
        story = in_state(State.WORKING, kind="complaint")
        story.do("request_extension", HANDLER).do("reject", MANAGER)
        story.do("object", RESIDENT).do("reopen", MANAGER)
        assert story.case.clocks.extension_request is None


@pytest.mark.req("B1")
class TestUntrue:
    def test_the_findings_can_be_objected_to_once_and_the_manager_decides(self) -> None:
        story = in_state(State.REJECTED)
        assert story.case.ending.findings == "是楼上拖地的水"
        refused(CommandRefusedError, None, lambda: story.do("uphold", MANAGER))
        story.do("object", RESIDENT)
        refused(CommandRefusedError, None, lambda: story.do("object", RESIDENT))
        refused(CommandRefusedError, "manager_decides_objection", lambda: story.do("reopen", SUPERVISOR))
        upheld = story.do("uphold", MANAGER)
        assert upheld.case.ending.close_reason is ev.CloseReason.UNTRUE
        refused(CommandRefusedError, "manager_decides_objection", lambda: story.do("reopen", RESIDENT))

    def test_a_case_taken_up_again_cannot_be_found_untrue_again(self) -> None:
        story = in_state(State.REJECTED).do("object", RESIDENT).do("reopen", MANAGER)
        assert (story.case.state, story.case.round) == (State.REGISTERED, 2)
        assert isinstance(story.events[-1].payload, ev.Reopened)
        assert story.events[-1].payload.cause == "objection"
        refused(CommandRefusedError, "rejected_before", lambda: story.do("reject", MANAGER))

    def test_without_an_objection_it_is_not_taken_up(self) -> None:
        story = in_state(State.REJECTED)
        refused(CommandRefusedError, "manager_decides_objection", lambda: story.do("reopen", MANAGER))


@pytest.mark.req("A16")
def test_a_case_is_merged_into_another_number() -> None:
    story = Story().register()
    itself = MergeForm(story.case.number, "同一处")
    refused(InvalidInputError, "merged_into_itself", lambda: story.do("merge", SUPERVISOR, itself))
    refused(InvalidInputError, None, lambda: story.do("merge", SUPERVISOR, MergeForm("那一单", "同一处")))
    assert story.do("merge", SUPERVISOR).case.ending.merged_into == "202611-0099"


def test_the_resident_can_urge_now_and_then() -> None:
    story = Story().register().do("urge", RESIDENT)
    error = refused(CommandRefusedError, "urged_just_now", lambda: story.do("urge", RESIDENT))
    assert "11:00" in error.message, "09:00 in Shanghai and two hours"
    story.at += URGE_INTERVAL
    assert story.do("urge", RESIDENT).case.tally.urged == 2


@pytest.mark.req("B6")
def test_by_hand_a_case_climbs_one_rank_at_a_time_above_whoever_asks() -> None:
    story = in_state(State.WORKING)
    told = [story.do("escalate", HANDLER).events[-1].payload for _ in range(3)]
    assert [payload.person for payload in told if isinstance(payload, ev.Escalated)] == [
        "supervisor-1",
        "manager-1",
        "company-head-1",
    ]
    refused(CommandRefusedError, "top_of_ladder", lambda: story.do("escalate", HANDLER))
    climbed = in_state(State.WORKING).do("escalate", SUPERVISOR).events[-1].payload
    assert isinstance(climbed, ev.Escalated)
    assert climbed.person == "manager-1", "nobody escalates to themselves"


@pytest.mark.req("B6", "G3")
def test_a_rank_that_nobody_holds_passes_to_the_next() -> None:
    place = community()
    without = replace(
        place, staff=tuple(member for member in place.staff if member.role is not Role.SUPERVISOR)
    )
    story = Story(context(without)).register()
    first, second = (story.do("escalate", AGENT).events[-1].payload for _ in range(2))
    assert isinstance(first, ev.Escalated)
    assert isinstance(second, ev.Escalated)
    assert (first.role, second.role) == (Role.MANAGER, Role.COMPANY_HEAD)


@pytest.mark.parametrize("command", ["pause", "resume", "progress"])
@pytest.mark.parametrize("actor", [OTHER_HANDLER, Actor(Role.DEPARTMENT_HEAD, "security-head")])
def test_a_handler_does_not_touch_the_work_of_another(command: str, actor: Actor) -> None:
    story = in_state(State.WORKING)
    if command == "resume":
        story.do("pause", HANDLER)
    refused(NotAllowedError, "not_yours", lambda: story.do(command, actor))
    assert story.do(command, HEAD).outcomes[-1].events, "the head of the department may"


@pytest.mark.parametrize(
    ("form", "message"),
    [
        (lambda: ReasonForm("   "), "'reason' is empty"),
        (lambda: ReasonForm("长" * 2001), "2001 characters; at most 2000"),
        (lambda: SignForm("a" * 101), "at most 100"),
        (lambda: RequiredNoteForm("a\x00b"), "control characters"),
        (lambda: RequiredNoteForm("a\ud800b"), "control characters"),
        (lambda: RateForm(0), "1 \\(very bad\\) to 5"),
        (lambda: RateForm(6), "1 \\(very bad\\) to 5"),
        (lambda: RevisitForm(ev.RevisitOutcome.SATISFIED, "letter"), "phone, visit"),
    ],
)
def test_a_form_is_checked_whoever_makes_it(form: Callable[[], object], message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        form()


def test_a_form_takes_every_text_that_people_write() -> None:
    text = "楼道👩‍🔧 滲水\n<b>第二行</b>\t𠮷"
    assert RequiredNoteForm(f"  {text} ").note == text
    with pytest.raises(InvalidInputError, match="has no zone"):
        ExtensionForm(in_state(State.REGISTERED).at.replace(tzinfo=None), "晚一点")


def test_the_longest_lengths_are_known_to_whoever_draws_a_form() -> None:
    assert longest_lengths(PauseForm) == {"reason": SHORT, "evidence": LONG}
