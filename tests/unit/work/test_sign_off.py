"""The head of the department signs a result off before the resident is told (B9, S0)."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import RESIDENT, TIMER, Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.errors import CommandRefusedError, DomainError, NotAllowedError
from chalicelib.domain.notices.kinds import RESIDENT_ID, NoticeKind
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.possible import possible
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.regulation.rules import KINDS
from chalicelib.domain.waiting import asks_of
from chalicelib.domain.work.forms import CompleteForm
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
    working,
)

COMPANY_HEAD = Actor(Role.COMPANY_HEAD, "company-head-1")
OTHER_HEAD = Actor(Role.DEPARTMENT_HEAD, "security-head")
pytestmark = pytest.mark.req("B9")


def handed_in(pack: str = "default", **about: str) -> Story:
    return working(pack, **about).wait(minutes=5).do("complete", HANDLER, signed_off=False)


def told(story: Story) -> list[tuple[NoticeKind, str, str | None]]:
    """What the last command tells whom."""
    return [(found.kind, found.recipient, found.detail) for found in due(story.outcomes[-1], story.context)]


def asked(story: Story, actor: Actor) -> dict[str, tuple[str, ...]]:
    """What somebody is asked for, and the commands that answer."""
    found = story.context.community.member(actor.id)
    assert found is not None
    member = Member(found.username, found.name, found.role, found.departments, story.context.community)
    return {ask.what: ask.commands for ask in asks_of(story.case, member, story.context, story.at)}


def refused(story: Story, name: str, actor: Actor) -> str | None:
    with pytest.raises(DomainError) as refusal:
        story.do(name, actor, signed_off=False)
    return refusal.value.reason


def test_s0_and_the_strictest_have_the_record_s_kinds_signed_and_no_other_pack_does() -> None:
    asked = {pack: regulations().get(pack).sign_off.kinds for pack in regulations().ids()}
    assert {pack for pack, kinds in asked.items() if kinds} == {"S0", "default"}
    assert set(asked["S0"]) == set(asked["default"]) == {"complaint", "repair", "help"}
    assert not regulations().get("default", 2).sign_off.kinds, "open cases go on as they began"


@pytest.mark.parametrize("pack", ["S0", "default"])
@pytest.mark.parametrize("kind", ["complaint", "repair", "help"])
def test_nobody_outside_hears_of_a_result_before_its_head_has_signed(pack: str, kind: str) -> None:
    story = handed_in(pack, kind=kind)
    assert story.case.state is State.WORKING
    assert story.case.work.result is None
    assert told(story) == [(NoticeKind.SIGN_OFF, HEAD.id, None)]
    story.wait(minutes=40).do("sign_off_result", HEAD)
    assert (NoticeKind.COMPLETED, RESIDENT_ID, None) in told(story)
    assert story.case.state is State.COMPLETED
    signed = story.case.work.sign_off
    assert (signed.signed_by, signed.done_by) == (HEAD.id, HANDLER.id)
    assert signed.signed_at == story.at
    assert story.case.assignment.completed_by == HANDLER.id, "whose work it was"
    assert HEAD.id not in story.case.assignment.everybody, "a signature is no part in the work (G6)"


@pytest.mark.parametrize("pack", ["S1", "S2", "S3", "S4", "demo"])
def test_other_packs_need_no_signature(pack: str) -> None:
    assert handed_in(pack).case.state is State.COMPLETED


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in {"complaint", "repair", "help"}])
def test_other_kinds_need_no_signature(kind: str) -> None:
    story = Story(context()).register(kind=kind, matter="other")
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派")).do("sign", HANDLER).do("start", HANDLER)
    ended = story.do("decide_suggestion", MANAGER) if kind == "suggestion" else story.do("complete", HANDLER)
    assert ended.case.state is State.COMPLETED
    assert ended.case.work.sign_off.signed_by is None


@pytest.mark.parametrize("head", [HEAD, MANAGER])
def test_what_the_head_or_the_manager_completes_is_signed_with_it(head: Actor) -> None:
    story = Story(context()).register()
    story.do("assign", SUPERVISOR, AssignForm(head.id, "自己来")).do("sign", head)
    story.do("complete", head, signed_off=False)
    assert story.case.state is State.COMPLETED
    assert (story.case.work.sign_off.signed_by, story.case.work.sign_off.done_by) == (head.id, None)


def test_what_was_handed_in_on_time_is_not_late_however_long_the_head_sleeps() -> None:
    story = handed_in()
    solve = story.case.clocks.deadlines[Clock.SOLVE]
    at = story.at
    story.at = solve.due_at + timedelta(days=3)
    story.fire()
    assert Clock.SOLVE not in story.case.overdue
    assert Clock.PROGRESS not in story.case.met, "the resident has heard nothing yet"
    story.do("sign_off_result", HEAD)
    assert not story.case.rounds[-1].late
    assert story.case.met[Clock.SOLVE] == at
    assert story.case.work.completed_at == story.at


def test_a_returned_result_was_not_done_and_runs_on_by_the_same_promise() -> None:
    story = handed_in()
    solve = story.case.clocks.deadlines[Clock.SOLVE]
    story.do("return_result", HEAD, ReasonForm("没拍完工照片"))
    assert told(story) == [(NoticeKind.RESULT_RETURNED, HANDLER.id, None)]
    assert story.case.state is State.WORKING
    assert story.case.clocks.deadlines[Clock.SOLVE] == solve
    assert Clock.SOLVE in {deadline.clock for deadline in story.case.open}
    assert asked(story, HANDLER) == {"result_returned": ("complete",)}
    story.at = solve.due_at + timedelta(minutes=1)
    story.fire()
    assert Clock.SOLVE in story.case.overdue, "nobody has solved it by then"
    story.do("complete", HANDLER, CompleteForm("补拍了照片"), signed_off=False)
    assert story.case.work.sign_off.waiting is not None
    assert story.case.work.sign_off.returned is None
    story.do("sign_off_result", HEAD)
    assert story.case.work.result == "补拍了照片"
    assert story.case.rounds[-1].late


def test_who_signs_is_the_head_the_manager_or_who_stands_in() -> None:
    story = handed_in()
    assert asked(story, HEAD) == {"sign_off": ("sign_off_result", "return_result")}
    assert asked(story, HANDLER) == asked(story, SUPERVISOR) == {}
    for actor, why in ((SUPERVISOR, "not_the_signer"), (OTHER_HEAD, "not_the_signer")):
        assert [refused(story, name, actor) for name in ("sign_off_result", "return_result")] == [why] * 2
    assert refused(story, "sign_off_result", HANDLER) is None, "no handler ever signs"
    assert refused(story, "sign_off_result", COMPANY_HEAD) == "the_managers_case"
    assert story.do("sign_off_result", MANAGER).case.work.sign_off.signed_by == MANAGER.id


def test_the_supervisor_signs_while_the_head_is_on_leave_or_there_is_none() -> None:
    place = context().community
    gone = replace(place, staff=tuple(one for one in place.staff if one.username != HEAD.id))
    story = Story(context(gone)).register()
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派")).do("sign", HANDLER)
    story.do("complete", HANDLER, signed_off=False)
    assert told(story) == [
        (NoticeKind.SIGN_OFF, SUPERVISOR.id, None),
    ]
    assert asked(story, SUPERVISOR)["sign_off"] == ("sign_off_result", "return_result")
    assert story.do("sign_off_result", SUPERVISOR).case.state is State.COMPLETED


def test_nobody_signs_the_own_result_off() -> None:
    story = Story(context()).register()
    story.do("assign", MANAGER, AssignForm(SUPERVISOR.id, "自己办")).do("sign", SUPERVISOR)
    story.do("complete", SUPERVISOR, signed_off=False)
    story.wait(days=3).fire()
    assert refused(story, "sign_off_result", SUPERVISOR) == "not_the_signer"
    assert SUPERVISOR.id not in {person for kind, person, _ in told(story) if kind is NoticeKind.SIGN_OFF}
    assert story.do("sign_off_result", HEAD).case.state is State.COMPLETED


def test_a_head_who_lets_it_lie_is_reminded_then_the_next_ranks_are_told_and_may_sign() -> None:
    story = handed_in()
    chased = [story.wait(hours=3).fire()]
    assert told(story) == [(NoticeKind.SIGN_OFF, HEAD.id, None)]
    chased.append(story.wait(days=1).fire())
    assert {(NoticeKind.SIGN_OFF, SUPERVISOR.id, "late"), (NoticeKind.SIGN_OFF, MANAGER.id, "late")} <= {
        *told(story)
    }
    found = [payload for fired in chased for payload in fired if isinstance(payload, ev.SignOffChased)]
    assert [payload.person for payload in found] == [HEAD.id, SUPERVISOR.id, MANAGER.id]
    story.wait(days=30)
    assert not [payload for payload in story.fire() if isinstance(payload, ev.SignOffChased)], "each once"
    assert "sign_off" in asked(story, SUPERVISOR)
    story.do("return_result", SUPERVISOR, ReasonForm("照片不清")).do("complete", HANDLER, signed_off=False)
    story.wait(hours=5)  # two of them at noon
    again = [payload.person for payload in story.fire() if isinstance(payload, ev.SignOffChased)]
    assert again == [HEAD.id], "what is handed in again is chased anew"


def test_an_emergency_is_chased_around_the_clock() -> None:
    story = working("default", urgency="urgent").do("complete", HANDLER, signed_off=False)
    story.wait(minutes=16)
    assert [payload.person for payload in story.fire() if isinstance(payload, ev.SignOffChased)] == [HEAD.id]


@pytest.mark.parametrize("command", ["complete", "propose", "pause", "request_extension", "compare_item"])
def test_the_work_stands_while_its_result_waits(command: str) -> None:
    story = handed_in()
    assert refused(story, command, HANDLER) == "handed_in"
    story.do("return_result", HEAD)
    assert command in {row.command for row in possible(story.case, HANDLER, story.context, story.at)}


def test_handing_in_ends_a_pause_and_lets_a_request_for_more_time_lapse() -> None:
    story = working("default").do("request_extension", HANDLER)
    story.wait(minutes=1).do("pause", HANDLER).wait(hours=2).do("complete", HANDLER, signed_off=False)
    assert story.case.clocks.pause is None
    assert story.case.clocks.extension_request is None
    assert [type(event.payload) for event in story.outcomes[-1].events] == [ev.Resumed, ev.ResultHandedIn]


@pytest.mark.parametrize(
    ("command", "actor", "state"),
    [
        ("assign", SUPERVISOR, State.ASSIGNED),
        ("withdraw", RESIDENT, State.WITHDRAWN),
        ("refer", SUPERVISOR, State.REFERRED),
        ("merge", SUPERVISOR, State.MERGED),
    ],
)
def test_what_takes_the_work_away_leaves_nothing_to_sign(command: str, actor: Actor, state: State) -> None:
    story = handed_in()
    story.do(command, actor)
    assert story.case.state is state
    assert story.case.work.sign_off.waiting is None
    assert "sign_off" not in asked(story, HEAD)
    if command == "assign":
        assert Clock.SOLVE not in story.case.met, "somebody else has still to do it"
        story.do("sign", OTHER_HANDLER).do("complete", OTHER_HANDLER)
        assert story.case.assignment.completed_by == OTHER_HANDLER.id


@pytest.mark.req("A16")
def test_whoever_leaves_an_incident_has_the_unsigned_work_still_to_do() -> None:
    story = handed_in()
    before = story.case.clocks.deadlines[Clock.SOLVE].due_at
    story.do("join_incident", TIMER).do("leave_incident", MANAGER)
    assert story.case.state is State.REGISTERED
    assert Clock.SOLVE not in story.case.met
    assert story.case.clocks.deadlines[Clock.SOLVE].due_at == before


def test_two_heads_at_once_and_a_repeated_command() -> None:
    story = handed_in().do("sign_off_result", HEAD, command_id="once")
    assert story.do("sign_off_result", HEAD, command_id="once").outcomes[-1].events == ()
    for command in ("sign_off_result", "return_result"):
        with pytest.raises(CommandRefusedError, match="is completed"):
            story.do(command, MANAGER)


def test_a_repeated_handing_in_is_one() -> None:
    story = working("default").do("complete", HANDLER, command_id="once", signed_off=False)
    assert story.do("complete", HANDLER, command_id="once", signed_off=False).outcomes[-1].events == ()


def test_a_new_round_needs_a_signature_of_its_own() -> None:
    story = in_state(State.COMPLETED)
    assert story.case.work.sign_off.signed_by == HEAD.id
    story.do("reopen", SUPERVISOR)
    assert story.case.work.sign_off.signed_by is None
    story.do("assign", SUPERVISOR).do("sign", OTHER_HANDLER).do("complete", OTHER_HANDLER, signed_off=False)
    assert story.case.state is State.WORKING
    with pytest.raises(NotAllowedError):
        story.do("sign_off_result", AGENT)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_no_result_is_told_unsigned(seed: int) -> None:
    """Under a pack that wants it every result of these kinds has the signature of its head, or a leader."""
    story = wandering(seed, packs=("default", "S0"))
    leaders = {Role.DEPARTMENT_HEAD, Role.SUPERVISOR, Role.MANAGER, Role.COMPANY_HEAD}
    for outcome in story.outcomes:
        kind = outcome.after.classification.kind
        for notice in due(outcome, story.context):
            if notice.kind is NoticeKind.COMPLETED and kind in {"complaint", "repair", "help"}:
                done = next(event for event in outcome.events if isinstance(event.payload, ev.Completed))
                assert done.payload.signed_off
                assert done.actor.role in leaders
                assert done.actor.id != done.payload.done_by
        handed = [event for event in outcome.events if isinstance(event.payload, ev.ResultHandedIn)]
        if handed:
            assert all(notice.recipient != RESIDENT_ID for notice in due(outcome, story.context))


def test_a_timer_that_comes_late_finds_nothing_to_chase() -> None:
    story = handed_in().wait(days=2).do("sign_off_result", HEAD)
    before = len(story.events)
    story.do("fire_timers", TIMER)
    assert not [event for event in story.events[before:] if isinstance(event.payload, ev.SignOffChased)]
