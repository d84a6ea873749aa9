"""Revisits that are owed are held: due at their date whoever tries, and not let go by the way (D2, D6)."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.case.figure_rows import TOTAL
from chalicelib.domain.case.fold import fold
from chalicelib.domain.case.form_fields import RequiredNoteForm
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.domain.deadlines.periods import period_of
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.errors import CommandRefusedError, NotAllowedError
from chalicelib.domain.figures.contribution import contribution, recount
from chalicelib.domain.figures.rates import rates
from chalicelib.domain.follow_up.forms import RateForm, RevisitForm
from chalicelib.domain.follow_up.schedule import revisit_due_at
from chalicelib.domain.notices.kinds import NoticeKind
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.notices.suppression import why_suppressed
from chalicelib.domain.timers import next_step, pending
from chalicelib.domain.work.acceptance_forms import AcceptForm
from chalicelib.services.access.allowed_commands import possible_for_member
from chalicelib.web.history import happened
from chalicelib.web.words import words
from tests.stories import AGENT, HANDLER, HEAD, MANAGER, SUPERVISOR, Story, context

SATISFIED = RevisitForm(ev.RevisitOutcome.SATISFIED, "phone")
NOT_REACHED = RevisitForm(ev.RevisitOutcome.NOT_REACHED, "phone")
MOVED_AWAY = RequiredNoteForm("住户已搬走，联系不上")


def solved(pack: str = "default", handler: Actor = HANDLER, **about: str) -> Story:
    story = Story(context(pack=pack)).register(**about)
    story.do("assign", SUPERVISOR, AssignForm(handler.id, "轮到")).do("sign", handler)
    return story.do("start", handler).do("complete", handler)


def next_draw(story: Story) -> ev.RevisitDrawn:
    """The next person who is asked to revisit, when it is time to."""
    story.at = next(due.at for due in pending(story.case, story.context) if due.action == "draw_revisit")
    drawn = next(payload for payload in story.fire() if isinstance(payload, ev.RevisitDrawn))
    assert drawn.revisitor is not None
    return drawn


def by(username: str, story: Story) -> Actor:
    member = story.context.community.member(username)
    assert member is not None
    return Actor(member.role, member.username)


def climbed(story: Story) -> list[tuple[str, datetime]]:
    """The rungs of the revisit so far, with their time."""
    found = ((event.payload, event.at) for event in story.events if isinstance(event.payload, ev.Escalated))
    return [(str(rung.key), at) for rung, at in found]


def reason(story: Story, actor: Actor) -> str:
    with pytest.raises((CommandRefusedError, NotAllowedError)) as refused:
        story.do("close", actor, MOVED_AWAY)
    return refused.value.reason


def offered(story: Story, actor: Actor) -> bool:
    """Whether the page has a button that closes the case."""
    member = story.context.community.member(actor.id)
    assert member is not None
    place = Member(actor.id, member.name, member.role, member.departments, story.context.community)
    return "close" in [row.command for row in possible_for_member(story.case, place, story.context, story.at)]


@pytest.mark.req("D2", "G6")
@pytest.mark.parametrize(("matter", "days"), [("elevator", 2), ("seepage", 3), ("home_other", 7)])
def test_a_call_that_nobody_answers_does_not_move_the_date_of_the_revisit(matter: str, days: int) -> None:
    story = solved("S3", matter=matter)
    completed_at = story.case.work.completed_at
    assert completed_at is not None
    ends = completed_at + timedelta(days=days)
    drawn = next_draw(story)
    assert drawn.due_at == ends
    story.at = ends - timedelta(hours=1)
    story.do("record_revisit", by(str(drawn.revisitor), story), NOT_REACHED)
    assert revisit_due_at(story.case, story.context) == ends
    assert story.case.follow_up.revisit_due_at == ends, "the lists keep it in its place"
    grace = story.context.regulation.revisits.grace
    again = next_draw(story)
    assert again.due_at == story.at + grace, "late as it is, whoever tries now gets a day"
    story.at += grace * 3
    story.fire()
    assert [key for key, _ in climbed(story)] == ["revisit:rung:supervisor:1", "revisit:rung:manager:1"]
    assert len([event for event in story.events if isinstance(event.payload, ev.Reminded)]) == 1


@pytest.mark.req("D2", "G3")
def test_the_rungs_come_at_the_revisit_s_own_date_also_while_nobody_is_asked_to_make_it() -> None:
    story = solved("S3", matter="elevator").do("accept_work", RESIDENT, AcceptForm("王芳"))
    drawn = next_draw(story)
    revisitor = by(str(drawn.revisitor), story)
    story.at = drawn.due_at + timedelta(hours=20)
    story.fire()
    story.do("record_revisit", revisitor, NOT_REACHED)
    assert story.case.follow_up.revisitor is None
    story.at = drawn.due_at + timedelta(hours=24)
    assert next_step(story.case, story.context).wake_at == story.at
    (rung,) = story.fire()
    assert isinstance(rung, ev.Escalated)
    assert rung.person == "supervisor-1"
    notices = due(story.outcomes[-1], story.context)
    assert {(notice.kind, notice.detail) for notice in notices} == {(NoticeKind.ESCALATED, "revisit")}
    assert why_suppressed(notices[0], story.case) is None, "it leaves, though nobody is drawn"
    story.do("record_revisit", AGENT, SATISFIED)
    assert why_suppressed(notices[0], story.case) == "revisited"


@pytest.mark.req("D2")
def test_the_second_revisit_is_counted_from_the_first_that_was_answered() -> None:
    story = solved("S3", kind="complaint").wait(hours=5).do("record_revisit", AGENT, NOT_REACHED)
    story.wait(days=1).do("record_revisit", AGENT, SATISFIED)
    rule = story.context.regulation.revisits.rules[0]
    answered_at = story.at
    story.wait(days=1).do("record_revisit", AGENT, NOT_REACHED)
    expected = period_of(rule.within, answered_at, story.context.calendar)[1]
    assert revisit_due_at(story.case, story.context) == expected
    assert next_draw(story).due_at == expected


@pytest.mark.req("D8", "G6")
def test_a_promise_stays_due_at_its_time_though_an_attempt_to_keep_it_reaches_nobody() -> None:
    story = solved("S3")
    until = story.at + timedelta(hours=30)
    promise = RevisitForm(ev.RevisitOutcome.PROMISED, "phone", promised_until=until)
    story.do("record_revisit", AGENT, promise).wait(hours=1).do("record_revisit", AGENT, NOT_REACHED)
    assert revisit_due_at(story.case, story.context) == until
    assert next_draw(story).due_at == until


@pytest.mark.req("D5", "D6")
def test_a_colleague_s_vain_call_leaves_the_revisit_with_whoever_was_drawn() -> None:
    story = solved()
    drawn = next_draw(story)
    assert drawn.revisitor == HEAD.id
    case = story.do("record_revisit", AGENT, NOT_REACHED).case
    assert (case.follow_up.revisitor, case.follow_up.revisit_rank, case.follow_up.revisit_due_at) == (
        HEAD.id,
        HEAD.role,
        drawn.due_at,
    )
    case = story.do("record_revisit", HEAD, NOT_REACHED).case
    assert (case.follow_up.revisitor, case.follow_up.revisit_rank) == (None, None)


def attempt(story: Story, local: str) -> State:
    """A call that nobody answers, at that local time; the state of the case after it."""
    story.at = datetime.fromisoformat(f"{local}+08:00").astimezone(UTC)
    return story.do("record_revisit", AGENT, NOT_REACHED).case.state


@pytest.mark.req("D3", "G6")
def test_attempts_count_on_different_local_days() -> None:
    story = solved()
    assert revisit_due_at(story.case, story.context) < datetime(2026, 12, 7, tzinfo=UTC)
    assert attempt(story, "2026-12-07 09:00") is State.COMPLETED
    assert attempt(story, "2026-12-07 20:00") is State.COMPLETED, "two calls of one day are one attempt"
    assert attempt(story, "2026-12-08 08:30") is State.COMPLETED
    assert attempt(story, "2026-12-09 08:00") is State.CLOSED
    assert story.case.ending.close_reason is ev.CloseReason.SILENT


@pytest.mark.req("D3", "G6")
@pytest.mark.parametrize("time", ["22:00", "23:59", "07:59"])
def test_a_call_in_the_resident_s_quiet_hours_is_no_attempt(time: str) -> None:
    story = solved()
    for day in range(7, 14):
        assert attempt(story, f"2026-12-{day:02} {time}") is State.COMPLETED
    assert story.case.tally.revisits_recorded == 7, "each stands on record all the same"
    for day in (14, 15):
        assert attempt(story, f"2026-12-{day} 21:59") is State.COMPLETED
    assert attempt(story, "2026-12-16 08:00") is State.CLOSED


@pytest.mark.req("D2", "G6")
def test_attempts_in_vain_close_nothing_before_the_date_of_the_revisit() -> None:
    story = solved("S3", matter="home_other").do("accept_work", RESIDENT, AcceptForm("王芳"))
    due_at = revisit_due_at(story.case, story.context)
    for _ in range(story.context.regulation.revisits.attempts):
        story.do("record_revisit", AGENT, NOT_REACHED).wait(days=1)
    assert story.at < due_at
    assert story.case.state is State.COMPLETED, "the survey may bring an answer yet"
    assert [(due.action, due.at) for due in pending(story.case, story.context)] == [("close", due_at)]
    story.at = due_at
    story.fire()
    assert story.case.ending.close_reason is ev.CloseReason.SILENT


@pytest.mark.req("D2", "G6")
def test_an_answer_begins_the_attempts_anew() -> None:
    story = solved("S3", kind="complaint")
    for _ in range(2):
        story.do("record_revisit", AGENT, NOT_REACHED).wait(days=1)
    story.do("record_revisit", AGENT, SATISFIED).wait(days=1).do("record_revisit", AGENT, NOT_REACHED)
    assert story.case.state is State.COMPLETED, "S3 wants a second revisit, and there was one attempt at it"


@pytest.mark.req("D6", "G6")
def test_whoever_tries_in_vain_a_resident_of_the_sample_who_cannot_be_reached_is_silent() -> None:
    story = solved("S2", kind="complaint", severity="serious")
    assert story.case.tally.sample is not None
    assert story.case.tally.sample.taken
    story.at = revisit_due_at(story.case, story.context)
    for actor in (AGENT, MANAGER, AGENT):
        assert story.case.state is State.COMPLETED
        story.do("record_revisit", actor, NOT_REACHED).wait(days=1)
    assert story.case.ending.close_reason is ev.CloseReason.SILENT


@pytest.mark.req("D2", "D6", "G6")
@pytest.mark.parametrize(
    ("pack", "about"),
    [
        ("S2", {"kind": "complaint", "severity": "serious"}),  # the manager's sample
        ("S3", {"kind": "complaint"}),  # two revisits
        ("S1", {"kind": "repair"}),  # nobody was reached yet
    ],
)
def test_only_the_manager_closes_a_case_whose_revisit_is_owed(pack: str, about: dict[str, str]) -> None:
    story = solved(pack, **about)
    assert not offered(story, MANAGER), "nobody has asked"
    story.do("record_revisit", AGENT, NOT_REACHED)
    assert (offered(story, SUPERVISOR), reason(story, SUPERVISOR)) == (False, "revisit_owed")
    assert offered(story, MANAGER)
    case = story.do("close", MANAGER, MOVED_AWAY).case
    assert (case.ending.close_reason, case.ending.revisit_left_out) == (ev.CloseReason.DECIDED, True)


@pytest.mark.req("D6")
def test_a_good_rating_lets_nobody_close_the_sample_but_the_manager_and_it_does_not_count_as_revisited() -> (
    None
):
    story = solved("S2", kind="complaint", severity="serious").do("rate", RESIDENT, RateForm(5))
    assert reason(story, SUPERVISOR) == "revisit_owed"
    story.do("close", MANAGER, MOVED_AWAY)
    counters = {name: count for (row, name), count in contribution(story.case).items() if row == TOTAL}
    assert (counters["closed_unrevisited"], counters.get("sample_seen_serious", 0)) == (1, 0)
    assert rates(counters).revisited == 0.0
    assert contribution(story.case) == recount([fold(story.events, "riverside", story.case.number)])
    entry = happened(story.case, story.events, story.context, words("zh-CN"))[0]
    assert ("回访", "还欠的回访未做，由管理处经理决定结案") in entry.details
    assert ("", MOVED_AWAY.note) in entry.details


@pytest.mark.req("G6")
def test_nobody_leaves_out_the_revisit_of_their_own_work() -> None:
    story = solved("S1", handler=MANAGER).do("record_revisit", AGENT, NOT_REACHED)
    assert (offered(story, MANAGER), reason(story, MANAGER)) == (False, "leaves_out_own")


@pytest.mark.req("G9")
def test_a_case_that_comes_back_begins_without_what_was_left_out() -> None:
    story = solved("S1").do("record_revisit", AGENT, NOT_REACHED).do("close", MANAGER, MOVED_AWAY)
    case = story.do("reopen", Actor(Role.RESIDENT, "resident")).case
    assert (case.ending.revisit_left_out, case.follow_up.last_reached_at, case.follow_up.revisits) == (
        False,
        None,
        (),
    )


@pytest.mark.req("G7")
def test_where_no_revisit_is_owed_a_supervisor_may_close_after_asking() -> None:
    story = solved(kind="praise").do("record_revisit", AGENT, NOT_REACHED)
    assert offered(story, SUPERVISOR)
    case = story.do("close", SUPERVISOR, RequiredNoteForm("已致谢")).case
    assert (case.ending.close_reason, case.ending.revisit_left_out) == (ev.CloseReason.DECIDED, False)
