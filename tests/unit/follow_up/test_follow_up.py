"""After the work: ratings, revisits, new rounds and ends (D1–D3, D7, D10, G6–G9)."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import fields, replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.case.clocks import Clocks
from chalicelib.domain.case.ending import Ending
from chalicelib.domain.case.follow_up import Fault, FollowUp
from chalicelib.domain.case.form_fields import RequiredNoteForm
from chalicelib.domain.case.work import Work
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError, NotAllowedError
from chalicelib.domain.follow_up.forms import RateForm, RevisitForm
from chalicelib.domain.follow_up.obligations import revisits_needed
from chalicelib.domain.follow_up.schedule import revisit_due_at
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.timers import next_step
from chalicelib.web.history import happened
from chalicelib.web.words import words
from tests.builders import MONDAY, regulations
from tests.stories import AGENT, HANDLER, HEAD, MANAGER, OTHER_HANDLER, SUPERVISOR, Story, context, in_state

SATISFIED = RevisitForm(ev.RevisitOutcome.SATISFIED, "phone")
DISSATISFIED = RevisitForm(ev.RevisitOutcome.DISSATISFIED, "visit", note="又漏了")
NOT_REACHED = RevisitForm(ev.RevisitOutcome.NOT_REACHED, "phone")


def solved_again(story: Story) -> Story:
    """The work of one more round, by the same person; the desk insists."""
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "他熟悉")).do("sign", HANDLER)
    return story.do("start", HANDLER).do("complete", HANDLER)


def workmanship(count: int) -> Story:
    """A complaint about workmanship that is done: under S3 it needs at least two revisits (D2)."""
    story = Story(context(pack="S3")).register(kind="complaint")
    solved_again(story)
    facts_rule = story.context.regulation.revisits.rules
    assert any(rule.count == count for rule in facts_rule)
    return story


@pytest.mark.req("D1", "D7")
def test_a_good_rating_closes_the_case_as_satisfied() -> None:
    story = solved_again(Story(context(pack="S1")).register())
    case = story.do("rate", RESIDENT, RateForm(4, "还行")).case
    assert (case.state, case.ending.close_reason) == (State.CLOSED, ev.CloseReason.SATISFIED)
    assert case.rating is not None
    assert (case.rating.score, case.rating.satisfied, case.rating.neutral) == (4, True, False)


@pytest.mark.req("D7")
@pytest.mark.parametrize("score", [1, 2])
def test_a_low_rating_begins_a_new_round_with_the_same_number(score: int) -> None:
    story = in_state(State.COMPLETED)
    first = story.case
    case = story.do("rate", RESIDENT, RateForm(score, "又漏了")).case
    assert (case.number, case.state, case.round) == (first.number, State.REGISTERED, 2)
    assert case.assignment.handler is None
    assert case.clocks.started_at == story.at
    assert case.clocks.deadlines[Clock.SOLVE].started_at == story.at
    assert case.assignment.former_handlers == (HANDLER.id,)
    assert case.follow_up.review_group == ("engineering-head", "supervisor-1")
    assert [rating.score for rating in case.tally.ratings] == [score]
    assert case.rating is None, "the new round has not been rated"
    reopened = story.events[-1].payload
    assert isinstance(reopened, ev.Reopened)
    assert (reopened.cause, reopened.reason) == ("rating", "又漏了")


def changed_fields(after: object, before: object) -> set[str]:
    return {
        field.name for field in fields(after) if getattr(after, field.name) != getattr(before, field.name)
    }


@pytest.mark.req("D7", "G9")
def test_a_new_round_takes_nothing_of_the_last_one_along() -> None:
    """Every field of a case either belongs to the round, and is as at registration, or to the whole case."""
    story = Story(context(pack="S3")).register(kind="complaint")
    untouched = story.case
    solved_again(story.do("urge", RESIDENT)).do("record_revisit", AGENT, NOT_REACHED)
    case = story.do("reopen", RESIDENT).case
    begun = Clocks(story.at, case.clocks.deadlines)
    assert (case.clocks, case.work, case.ending) == (begun, Work(), Ending())
    came_back = {"review_group", "returned_by", "returned_because"}
    assert changed_fields(case.follow_up, FollowUp()) <= came_back
    of_the_whole = {
        "version",
        "round",
        "rounds",
        "recent_commands",
        "assignment",
        "clocks",
        "follow_up",
        "tally",
    }
    assert changed_fields(case, untouched) <= of_the_whole
    assert changed_fields(case.assignment, untouched.assignment) <= {
        *("former_handlers", "worked_by", "link_version"),
    }


@pytest.mark.req("G9")
def test_the_second_return_has_a_shorter_clock_and_the_third_brings_the_manager() -> None:
    story = in_state(State.COMPLETED)
    limits, groups = [], []
    for _ in range(3):
        case = story.do("rate", RESIDENT, RateForm(1)).case
        limits.append(case.clocks.solve_due_at - case.clocks.started_at)
        groups.append(case.follow_up.review_group)
        solved_again(story)
    assert limits[1] == limits[0] / 2
    assert "manager-1" not in groups[1]
    assert "manager-1" in groups[2]


@pytest.mark.req("G9")
def test_returns_end_with_the_count_and_the_manager_is_told() -> None:
    """Not satisfied once more: the case ends as what it is, and whoever may help hears of it."""
    story = in_state(State.COMPLETED)
    for _ in range(story.context.regulation.reopen.returns):
        solved_again(story.do("rate", RESIDENT, RateForm(1)))
    case = story.do("rate", RESIDENT, RateForm(1, "还是漏")).case
    assert (case.state, case.ending.close_reason) == (State.CLOSED, ev.CloseReason.DISSATISFIED)
    told = [event.payload for event in story.outcomes[-1].events if isinstance(event.payload, ev.Escalated)]
    assert [notice.person for notice in told] == ["manager-1"]
    with pytest.raises(CommandRefusedError, match="register a new case that follows 202611-0001"):
        story.do("reopen", RESIDENT)


@pytest.mark.req("G8")
def test_a_round_is_rated_once() -> None:
    story = workmanship(2).do("rate", RESIDENT, RateForm(5))
    assert story.case.state is State.COMPLETED, "another revisit is due"
    with pytest.raises(CommandRefusedError) as refused:
        story.do("rate", RESIDENT, RateForm(1))
    assert refused.value.reason == "rated_already"


@pytest.mark.req("D2")
def test_the_survey_stands_for_one_revisit_and_no_more() -> None:
    pack = regulations().get("S3")
    lenient = replace(pack, revisits=replace(pack.revisits, survey_counts=("complaint",)))
    story = solved_again(Story(context(regulation=lenient)).register(kind="complaint"))
    story.do("rate", RESIDENT, RateForm(5))
    assert story.do("record_revisit", AGENT, SATISFIED).case.state is State.CLOSED
    silent = workmanship(2).do("record_revisit", AGENT, SATISFIED)
    assert silent.case.state is State.COMPLETED
    assert silent.do("record_revisit", SUPERVISOR, SATISFIED).case.state is State.CLOSED


@pytest.mark.req("D2")
def test_where_the_survey_does_not_count_every_revisit_is_made() -> None:
    story = solved_again(Story(context(pack="S3")).register())
    assert story.do("rate", RESIDENT, RateForm(5)).case.state is State.COMPLETED
    assert story.do("record_revisit", AGENT, SATISFIED).case.state is State.CLOSED


@pytest.mark.req("D7")
def test_a_bad_revisit_begins_a_new_round() -> None:
    story = in_state(State.COMPLETED).do("record_revisit", AGENT, DISSATISFIED)
    assert (story.case.state, story.case.round) == (State.REGISTERED, 2)
    reopened = story.events[-1].payload
    assert isinstance(reopened, ev.Reopened)
    assert (reopened.cause, reopened.reason) == ("revisit", "又漏了")


@pytest.mark.req("G6", "G7")
def test_not_reached_is_an_outcome_and_in_the_end_silence() -> None:
    story = in_state(State.COMPLETED)
    story.at = revisit_due_at(story.case, story.context)
    attempts = story.context.regulation.revisits.attempts
    for left in range(attempts, 0, -1):
        assert story.case.state is State.COMPLETED, left
        story.do("record_revisit", AGENT, NOT_REACHED).wait(days=1)
    assert story.case.ending.close_reason is ev.CloseReason.SILENT
    assert story.case.tally.ratings == (), "silence is no rating"
    assert story.case.tally.revisits_recorded == attempts


@pytest.mark.req("G7")
def test_an_answer_of_this_round_outweighs_later_silence() -> None:
    story = workmanship(2).do("rate", RESIDENT, RateForm(4))
    story.at = revisit_due_at(story.case, story.context)
    for _ in range(story.context.regulation.revisits.attempts):
        story.do("record_revisit", AGENT, NOT_REACHED).wait(days=1)
    assert story.case.ending.close_reason is ev.CloseReason.SATISFIED


@pytest.mark.req("G6")
def test_nobody_who_had_a_part_in_the_work_revisits_it() -> None:
    """The handler, who had it before, who declined it, who signed or completed in another's place."""
    agent_2 = Actor(Role.AGENT, "agent-2")
    story = Story().register().do("assign", SUPERVISOR, AssignForm(agent_2.id, "先看看"))
    story.do("decline", agent_2).do("assign", SUPERVISOR, AssignForm(SUPERVISOR.id, "我来"))
    story.do("sign", SUPERVISOR).do("start", SUPERVISOR)
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "要修"))
    story.do("sign", HEAD).do("start", HEAD).do("complete", HEAD)
    assert story.case.assignment.everybody == {agent_2.id, SUPERVISOR.id, HANDLER.id, HEAD.id}
    for actor in (agent_2, SUPERVISOR, HEAD):
        with pytest.raises(NotAllowedError):
            story.do("record_revisit", actor, SATISFIED)
    story.do("record_revisit", AGENT, SATISFIED)


@pytest.mark.req("A10", "G6")
def test_who_solved_it_on_the_spot_does_not_revisit_it() -> None:
    story = Story().register(actor=AGENT, solved_with="当场换了灯泡")
    assert (story.case.state, story.case.work.on_the_spot) == (State.COMPLETED, True)
    with pytest.raises(NotAllowedError):
        story.do("record_revisit", AGENT, SATISFIED)
    assert story.do("record_revisit", Actor(Role.AGENT, "agent-2"), SATISFIED).case.state is State.CLOSED


@pytest.mark.req("G9")
@pytest.mark.parametrize("state", [State.CLOSED, State.ARCHIVED])
def test_a_case_comes_back_within_the_window(state: State) -> None:
    """Also from the archive: filing a case away early takes nothing from the resident."""
    story = in_state(state)
    assert story.case.ending.closed_at is not None
    window = timedelta(days=story.context.regulation.reopen.window_days)
    story.at = story.case.ending.closed_at + window
    late = in_state(state)
    late.at = story.at + timedelta(seconds=1)
    assert story.do("reopen", RESIDENT).case.round == 2
    with pytest.raises(CommandRefusedError, match="a new case that follows 202611-0001"):
        late.do("reopen", RESIDENT)


@pytest.mark.req("G9")
def test_only_those_whom_the_regulation_names_reopen() -> None:
    pack = regulations().get("default")
    strict = replace(pack, reopen=replace(pack.reopen, roles=("manager",)))
    story = in_state(State.CLOSED)
    story.context = context(regulation=strict)
    with pytest.raises(NotAllowedError, match="manager"):
        story.do("reopen", RESIDENT)
    assert story.do("reopen", MANAGER).case.round == 2


@pytest.mark.req("G7")
def test_a_case_is_not_closed_before_anybody_asked_the_resident() -> None:
    story = in_state(State.COMPLETED)
    with pytest.raises(CommandRefusedError) as refused:
        story.do("close", SUPERVISOR)
    assert refused.value.reason == "nobody_asked"
    case = story.do("record_revisit", AGENT, NOT_REACHED).do("close", MANAGER).case
    assert case.ending.close_reason is ev.CloseReason.DECIDED


@pytest.mark.req("D10")
def test_the_archive_holds_the_summary() -> None:
    story = in_state(State.ARCHIVED)
    assert story.events[-1].payload == ev.Archived("老化", "更换", "不漏了", "定期检查")
    assert story.case.ending.closed_at is not None


@pytest.mark.req("B2", "D7")
def test_a_returned_case_goes_to_somebody_else_and_the_third_time_to_the_manager() -> None:
    from chalicelib.domain.dispatch.handler_choice import handler_for

    story = in_state(State.COMPLETED).do("rate", RESIDENT, RateForm(1))
    chosen = handler_for(story.case, story.context, story.at)
    assert chosen is not None
    assert chosen.username == OTHER_HANDLER.id
    for _ in range(2):
        solved_again(story).do("rate", RESIDENT, RateForm(1))
    chosen = handler_for(story.case, story.context, story.at)
    assert chosen is not None
    assert chosen.username == MANAGER.id


def promised(story: Story, hours: int = 5) -> RevisitForm:
    until = story.at + timedelta(hours=hours)
    return RevisitForm(ev.RevisitOutcome.PROMISED, "phone", note="问是否在保修期", promised_until=until)


@pytest.mark.req("D8")
def test_a_promise_keeps_the_revisit_open_with_whoever_made_it() -> None:
    story = in_state(State.COMPLETED)
    form = promised(story)
    case = story.do("record_revisit", AGENT, form).case
    assert (case.state, case.follow_up.revisitor, case.follow_up.revisit_due_at) == (
        State.COMPLETED,
        AGENT.id,
        form.promised_until,
    )
    assert revisits_needed(case, story.context) == 1
    story.do("rate", RESIDENT, RateForm(5))
    assert story.case.state is State.COMPLETED, "the answer is still owed"
    with pytest.raises(CommandRefusedError) as refused:
        story.do("close", SUPERVISOR)
    assert refused.value.reason == "promise_open"
    case = story.wait(hours=1).do("record_revisit", AGENT, SATISFIED).case
    assert (case.state, case.tally.promises, case.tally.promises_kept) == (State.CLOSED, 1, 1)
    assert case.follow_up.promised_until is None


@pytest.mark.req("D8")
def test_a_promise_has_its_own_timer_and_ladder() -> None:
    story = in_state(State.COMPLETED)
    form = promised(story)
    story.do("record_revisit", AGENT, form)
    grace = story.context.regulation.revisits.grace
    assert form.promised_until is not None
    for steps, person in enumerate((AGENT.id, "supervisor-1", "manager-1")):
        story.at = form.promised_until + steps * grace - timedelta(seconds=1)
        assert story.fire() == ()
        story.wait(seconds=1)
        (payload,) = story.fire()
        assert isinstance(payload, ev.Reminded | ev.Escalated)
        assert payload.person == person
    story.do("record_revisit", AGENT, SATISFIED)
    assert (story.case.tally.promises, story.case.tally.promises_kept) == (1, 0), "answered, but late"


@pytest.mark.req("D8", "G5")
def test_a_promise_is_made_once_and_only_the_manager_promises_again() -> None:
    """Five minutes before each promise ends the next one: nobody above would ever hear of it."""
    story = in_state(State.COMPLETED)
    story.do("record_revisit", AGENT, promised(story)).wait(hours=4)
    for colleague in (AGENT, SUPERVISOR):
        with pytest.raises(CommandRefusedError) as refused:
            story.do("record_revisit", colleague, promised(story))
        assert refused.value.reason == "promised_already"
    story.wait(hours=2).fire()
    story.do("record_revisit", MANAGER, promised(story))
    assert (story.case.tally.promises, story.case.follow_up.revisitor) == (2, MANAGER.id)


@pytest.mark.req("D2", "D8", "G3")
def test_a_promise_does_not_begin_the_rungs_of_its_revisit_anew() -> None:
    story = in_state(State.COMPLETED)
    story.do("record_revisit", AGENT, promised(story))
    told = []
    for _ in range(2):
        assert story.case.follow_up.promised_until is not None
        story.at = story.case.follow_up.promised_until + 3 * story.context.regulation.revisits.grace
        told += [payload.role for payload in story.fire() if isinstance(payload, ev.Escalated)]
        story.do("record_revisit", MANAGER, promised(story))
    assert told == ["supervisor", "manager"]


@pytest.mark.req("D8", "G6")
def test_an_attempt_after_a_promise_that_reaches_nobody_does_not_keep_it() -> None:
    story = in_state(State.COMPLETED)
    story.do("record_revisit", AGENT, promised(story)).wait(hours=1).do("record_revisit", AGENT, NOT_REACHED)
    assert story.case.follow_up.promised_until is not None
    assert story.case.tally.promises_kept == 0
    wake_at = next_step(story.case, story.context).wake_at
    assert wake_at == story.at + story.context.regulation.revisits.retry_after


@pytest.mark.req("D8")
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"promised_until": None}, "no_promise"),
        ({"outcome": ev.RevisitOutcome.SATISFIED}, "promise_without_need"),
        ({"promised_until": MONDAY - timedelta(days=1)}, "until_is_past"),
        ({"promised_until": MONDAY + timedelta(days=5)}, "promise_too_long"),
    ],
)
def test_a_promise_is_a_time_ahead_within_the_limit(changes: dict[str, Any], reason: str) -> None:
    story = in_state(State.COMPLETED)
    with pytest.raises(InvalidInputError) as refused:
        story.do("record_revisit", AGENT, replace(promised(story), **changes))
    assert refused.value.reason == reason


@pytest.mark.req("G3", "G7")
def test_a_revisit_of_praise_that_reaches_nobody_leaves_nothing_open_for_ever() -> None:
    story = in_state(State.COMPLETED, kind="praise", matter="service_quality")
    story.do("record_revisit", AGENT, NOT_REACHED)
    wake_at = next_step(story.case, story.context).wake_at
    assert wake_at is not None
    story.at = wake_at
    story.fire()
    assert story.case.ending.close_reason is ev.CloseReason.SILENT


FAULTY = RevisitForm(ev.RevisitOutcome.SATISFIED, "visit", fault="接口处仍渗水")


@pytest.mark.req("C17", "D7")
@pytest.mark.parametrize("form", [FAULTY, DISSATISFIED])
def test_a_fault_found_at_a_revisit_is_put_to_the_worker_in_writing(form: RevisitForm) -> None:
    """Also where the resident was content: what is found wrong is done again."""
    story = in_state(State.COMPLETED).do("record_revisit", AGENT, form)
    case = story.case
    assert (case.round, case.follow_up.fault) == (2, Fault(form.fault or form.note, HANDLER.id))
    assert case.clocks.deadlines[Clock.CORRECT].due_at == story.at + timedelta(hours=24)
    told = [(notice.kind, notice.recipient) for notice in due(story.outcomes[-1], story.context)]
    assert ("fault", HANDLER.id) in told
    case = story.wait(hours=1).do("notify_worker", SUPERVISOR).case
    assert case.clocks.met[Clock.CORRECT] == story.at
    with pytest.raises(CommandRefusedError) as refused:
        story.do("notify_worker", SUPERVISOR)
    assert refused.value.reason == "no_fault_to_tell"


@pytest.mark.req("C17", "G3")
def test_a_fault_that_did_not_reach_the_worker_climbs_to_those_who_can_tell() -> None:
    story = in_state(State.COMPLETED).do("record_revisit", AGENT, FAULTY)
    story.do("assign", SUPERVISOR).do("sign", OTHER_HANDLER).wait(hours=40).fire()
    told = [
        (type(event.payload).__name__, event.payload.person)
        for event in story.events
        if isinstance(event.payload, ev.Reminded | ev.MarkedOverdue | ev.Escalated)
        and event.payload.clock is Clock.CORRECT
    ]
    assert told == [("Reminded", None), ("MarkedOverdue", "supervisor-1"), ("Escalated", "manager-1")]


@pytest.mark.req("C17", "G9")
@pytest.mark.parametrize("form", [FAULTY, DISSATISFIED])
def test_a_fault_after_the_last_return_is_put_to_the_worker_in_writing_too(form: RevisitForm) -> None:
    """The case is closed, so there is no clock; the history says when and how the worker was told."""
    story = in_state(State.COMPLETED)
    for _ in range(story.context.regulation.reopen.returns):
        solved_again(story.do("record_revisit", AGENT, FAULTY).do("notify_worker", SUPERVISOR))
    case = story.wait(hours=1).do("record_revisit", AGENT, form).case
    assert (case.state, case.ending.close_reason) == (State.CLOSED, ev.CloseReason.DISSATISFIED)
    assert case.follow_up.fault == Fault(form.fault or form.note, HANDLER.id, told_at=None)
    told = [
        (notice.kind, notice.recipient, notice.detail) for notice in due(story.outcomes[-1], story.context)
    ]
    assert ("fault", HANDLER.id, "closed") in told
    assert ("escalated", MANAGER.id, "returns") in told
    case = story.do("notify_worker", SUPERVISOR, RequiredNoteForm("书面通知当面交给他")).case
    assert (case.state, case.follow_up.fault.told_at) == (State.CLOSED, story.at)
    with pytest.raises(CommandRefusedError) as refused:
        story.do("notify_worker", SUPERVISOR)
    assert refused.value.reason == "no_fault_to_tell"


@pytest.mark.req("C17")
def test_only_a_revisit_finds_fault() -> None:
    story = in_state(State.COMPLETED).do("rate", RESIDENT, RateForm(1, "又漏了"))
    assert Clock.CORRECT not in story.case.clocks.deadlines
    assert story.case.follow_up.fault is None


@pytest.mark.req("C17", "G9")
def test_the_history_says_who_is_told_of_the_last_fault_and_how() -> None:
    story = in_state(State.COMPLETED)
    for _ in range(story.context.regulation.reopen.returns):
        solved_again(story.do("rate", RESIDENT, RateForm(1)))
    story.do("record_revisit", AGENT, FAULTY)
    story.do("notify_worker", SUPERVISOR, RequiredNoteForm("书面通知当面交给他"))
    told, closed, *_ = happened(story.case, story.events, story.context, words("zh-CN"))
    assert (told.title, told.by) == ("已书面通知责任人整改", "陈思远")
    assert told.details == (("", "书面通知当面交给他"),)
    report = ("", "本单须提交书面报告，提交后才能归档。")
    assert set(closed.details) == {("", "接口处仍渗水"), ("书面通知整改", "工程部甲"), report}
