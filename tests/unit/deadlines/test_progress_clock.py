"""The resident of a long case hears of it at intervals, and no note moves what was promised (B8, C3, G15)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.case.form_fields import RequiredNoteForm
from chalicelib.domain.case.links import Purpose, link_for
from chalicelib.domain.deadlines.calendar import Amendment, Window
from chalicelib.domain.deadlines.deadline import Deadline, replay
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.figures.what_if import judged, past_case
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.notices.changed_times import TOLD_TO_HANDLER, named_change
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.notices.suppression import why_suppressed
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.timers import next_step
from chalicelib.domain.work.forms import PauseForm
from tests.api_desk import api_desk
from tests.builders import MONDAY, regulations
from tests.stories import AGENT, HANDLER, MANAGER, SUPERVISOR, Story, context, in_state
from tests.words import explain

DAY = timedelta(days=1)
A_NOTE = RequiredNoteForm("等配件，周五到")


def working(pack: str, at: datetime = MONDAY, **about: Any) -> Story:
    """A case that its handler works on, under a pack of its own."""
    story = Story(context(pack=pack), at).register(**about)
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "熟悉"))
    return story.do("sign", HANDLER).do("start", HANDLER)


def news(story: Story) -> Deadline:
    return story.case.clocks.deadlines[Clock.PROGRESS]


def last_minute(story: Story, day: date) -> datetime:
    return story.context.calendar.closing(day)


def of_the_news(events: Iterable[ev.Event]) -> list[tuple[str, str | None]]:
    """(what, whom) the clock of the news has made known."""
    return [
        (event.type, event.payload.person)
        for event in events
        if isinstance(event.payload, ev.Reminded | ev.MarkedOverdue | ev.Escalated)
        and event.payload.clock is Clock.PROGRESS
    ]


def fired_until(story: Story, until: datetime) -> Story:
    """Let every timer fire at its time, up to this moment."""
    while (wake_at := next_step(story.case, story.context).wake_at) is not None and wake_at <= until:
        story.at = max(story.at, wake_at)
        story.fire()
    story.at = until
    return story


# ---- what was promised once is met once --------------------------------------------------------------------


@pytest.mark.req("C3", "G2", "G5", "B8")
def test_a_note_does_not_move_the_promise_of_the_contact_sheet() -> None:
    story = working("S3", kind="complaint", matter="staff_attitude")
    promise = story.case.clocks.deadlines[Clock.INFORM]
    assert (promise.rule.id, promise.rule.source) == ("S3-remedy", "S3")
    noted = story.wait(days=3).do("progress", HANDLER, A_NOTE).told().at
    story.wait(days=1).do("progress", HANDLER, A_NOTE).told()
    assert story.case.clocks.deadlines[Clock.INFORM] == promise
    assert story.case.clocks.met[Clock.INFORM] == noted, "the first news meet it"


@pytest.mark.req("G15", "G2", "B8")
def test_the_same_day_check_of_care_is_met_by_news_and_keeps_its_rule() -> None:
    story = working("default", care=True)
    check = story.case.clocks.deadlines[Clock.INFORM]
    assert (check.rule.id, check.limit.amount) == ("ours-care-check", 1)
    story.wait(hours=1).do("progress", HANDLER, A_NOTE).told()
    assert story.case.clocks.deadlines[Clock.INFORM] == check
    assert story.case.clocks.met[Clock.INFORM] == story.at


@pytest.mark.req("G15", "B7")
def test_a_check_that_came_too_late_stays_late() -> None:
    story = working("default", care=True)
    fired_until(story, MONDAY + DAY).do("progress", HANDLER, A_NOTE).told()
    assert Clock.INFORM in story.case.clocks.overdue
    assert story.case.clocks.met[Clock.INFORM] > story.case.clocks.deadlines[Clock.INFORM].due_at


@pytest.mark.req("C3", "B4")
@pytest.mark.parametrize("command", ["propose", "complete"])
def test_a_plan_and_the_result_are_word_to_the_resident_too(command: str) -> None:
    story = working("S3", kind="complaint", matter="staff_attitude").wait(hours=2)
    assert Clock.INFORM not in story.do(command, HANDLER).case.clocks.met, "nobody has heard of it yet"
    assert story.wait(minutes=1).told().case.clocks.met[Clock.INFORM] == story.at


# ---- the clock of the news ---------------------------------------------------------------------------------


@pytest.mark.req("B8")
@pytest.mark.parametrize("pack", ["S0", "S1", "S2", "S3", "S4", "default"])
@pytest.mark.parametrize("kind", ["complaint", "repair", "help"])
def test_work_on_any_matter_has_it_from_the_assignment_on(pack: str, kind: str) -> None:
    story = Story(context(pack=pack)).register(kind=kind)
    assert Clock.PROGRESS not in story.case.clocks.deadlines, "nobody could tell yet"
    story.wait(minutes=10).do("assign", SUPERVISOR)
    first = news(story)
    assert (first.started_at, first.rule.id, first.rule.source) == (story.at, "ours-progress", "ours")
    assert first.rule.requirement == "B8"
    assert first.due_at == last_minute(story, date(2026, 11, 25)), "two working days after Monday"
    story.wait(hours=3).do("assign", SUPERVISOR, AssignForm(HANDLER.id, "换人"))
    assert news(story) == first, "the resident waits no longer for another handler"


@pytest.mark.req("B8")
@pytest.mark.parametrize("kind", ["inquiry", "suggestion", "praise"])
def test_what_is_no_long_work_has_none(kind: str) -> None:
    story = Story().register(kind=kind, matter="other").do("assign", SUPERVISOR)
    assert Clock.PROGRESS not in story.case.clocks.deadlines


@pytest.mark.req("B8", "G2")
def test_each_note_starts_it_anew_under_its_own_rule_and_with_true_reasons() -> None:
    story = working("S3", kind="complaint", matter="staff_attitude")
    first = news(story)
    story.at = MONDAY + 2 * DAY
    story.do("progress", HANDLER, A_NOTE).told()
    again = news(story)
    assert (again.started_at, again.rule, again.limit) == (story.at, first.rule, first.limit)
    assert again.due_at == again.first_due_at == last_minute(story, date(2026, 11, 27))
    assert replay(again) == again.due_at
    told = "；".join(explain(again, story.context.calendar, "zh-CN"))
    assert told.startswith("自2026年11月25日（周三）09:00起")
    assert "2个工作日" in told
    assert "S3" not in told
    assert "B8" in told


@pytest.mark.req("B8", "G1")
def test_a_note_that_comes_early_makes_nothing_due_earlier() -> None:
    """Told again on Thursday, when a Saturday has become a working day: Saturday would be the second."""
    story = working("S2", MONDAY + 3 * DAY, matter="home_other")
    before, calendar = news(story), story.context.calendar
    assert before.due_at == last_minute(story, date(2026, 11, 30))
    open_on = {date(2026, 11, 28): Amendment((Window(9 * 60, 12 * 60),), "加班")}
    story.context = replace(story.context, calendar=replace(calendar, amendments=open_on))
    story.wait(hours=4).do("progress", HANDLER, A_NOTE).told()
    assert news(story) == before, "who reports early need not report the sooner"


@pytest.mark.req("B8", "G4")
@given(
    st.lists(
        st.tuples(st.integers(0, 30 * 60), st.sampled_from(["progress", "pause", "resume"])), max_size=12
    )
)
def test_whatever_happens_news_are_never_due_earlier_than_they_were(
    happens: list[tuple[int, str]],
) -> None:
    """`happens`: after so many minutes, that command, where it can be given."""
    story = working("S2", matter="home_other")
    ends = [news(story).due_at]
    for minutes, command in happens:
        story.wait(minutes=minutes)
        if (command == "pause") == (story.case.clocks.pause is not None) and command != "progress":
            continue
        form = None
        if command == "pause":
            form = PauseForm(story.at + timedelta(hours=5), "waiting_for_parts", "订单")
            if len(story.case.clocks.pauses) > 5:
                continue
        story.do(command, HANDLER, form)
        if command == "progress":
            story.told()
        ends.append(news(story).due_at)
        assert replay(news(story)) == news(story).due_at
    assert all(earlier <= later for earlier, later in pairwise(ends))


@pytest.mark.req("B8", "G4")
def test_a_pause_puts_them_off() -> None:
    story = working("default")
    before = news(story).due_at
    story.at = MONDAY + DAY
    story.do("pause", HANDLER, PauseForm(story.at + DAY, "waiting_for_parts", "订单"))
    fired_until(story, before + timedelta(minutes=1))
    assert of_the_news(story.events) == [], "it stands still"
    assert news(story).due_at > before


@pytest.mark.req("B8")
def test_nobody_is_asked_for_news_of_what_is_solved_within_two_days() -> None:
    """An ordinary repair under S1, solved at the very end of its 48 hours."""
    for start in range(7):
        story = Story(context(pack="S1"), at=MONDAY + start * DAY).register()
        story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "轮到")).do("sign", HANDLER)
        fired_until(story, story.case.clocks.solve_due_at).do("complete", HANDLER)
        assert of_the_news(story.events) == []
        assert story.case.clocks.met[Clock.PROGRESS] == story.at


@pytest.mark.req("B8", "B7", "G3")
def test_late_news_are_a_small_thing_and_a_note_ends_them() -> None:
    story = working("S2", matter="home_other")
    fired_until(story, MONDAY + 11 * DAY)
    chased = [("reminded", HANDLER.id), ("marked_overdue", HANDLER.id), ("escalated", SUPERVISOR.id)]
    assert of_the_news(story.events) == chased, "neither the manager nor the company head hears of it"
    assert Clock.PROGRESS in story.case.clocks.overdue
    story.do("progress", HANDLER, A_NOTE).told()
    assert Clock.PROGRESS not in story.case.clocks.overdue
    fired_until(story, story.at + 11 * DAY)
    assert of_the_news(story.events) == 2 * chased, "and it is due again"


@pytest.mark.req("B8", "G3")
def test_a_reminder_that_a_note_has_overtaken_does_not_leave() -> None:
    story = working("S2", matter="home_other")
    while not of_the_news(story.events):
        story.at = next_step(story.case, story.context).wake_at or story.at
        story.fire()
    reminders = [
        notice for notice in due(story.outcomes[-1], story.context) if notice.detail == Clock.PROGRESS
    ]
    assert [reminder.recipient for reminder in reminders] == [HANDLER.id, AGENT.id], "and who took it in (A9)"
    assert {why_suppressed(reminder, story.case) for reminder in reminders} == {None}
    story.wait(minutes=1).do("progress", HANDLER, A_NOTE).told()
    assert {why_suppressed(reminder, story.case) for reminder in reminders} == {"moved"}


# ---- what moves a case moves its news ----------------------------------------------------------------------


@pytest.mark.req("A8", "B8")
def test_a_correction_keeps_the_news_where_the_last_note_put_them() -> None:
    story = working("default").wait(days=1).do("progress", HANDLER, A_NOTE).told()
    before = news(story)
    story.wait(hours=1).do("classify", SUPERVISOR, ClassifyForm("复杂", complexity="complex"))
    assert news(story) == before
    assert "ours-progress" in before.rule.id


@pytest.mark.req("A8", "B8", "G17")
def test_a_correction_of_the_kind_drops_and_starts_it_and_makes_nobody_late() -> None:
    story = working("default", kind="inquiry", matter="other")
    assert Clock.PROGRESS not in story.case.clocks.deadlines
    story.wait(days=4).do("classify", AGENT, ClassifyForm("是投诉", kind="complaint"))
    assert news(story).started_at == story.at
    story.do("classify", SUPERVISOR, ClassifyForm("还是询问", kind="inquiry"))
    assert Clock.PROGRESS not in story.case.clocks.deadlines


@pytest.mark.req("B8", "G9")
def test_a_round_that_came_back_again_tells_twice_as_often() -> None:
    story = in_state(State.COMPLETED)
    for _ in range(2):
        story.do("reopen", SUPERVISOR).do("assign", SUPERVISOR, AssignForm(HANDLER.id, "他熟悉"))
        if story.case.round == 2:
            assert news(story).limit.amount == 2
            story.do("sign", HANDLER).do("complete", HANDLER)
    assert news(story).limit.amount == 1
    story.do("sign", HANDLER).wait(days=1).do("progress", HANDLER, A_NOTE).told()
    assert (news(story).started_at, news(story).limit.amount) == (story.at, 1)


@pytest.mark.req("B8", "G15")
def test_who_needs_care_hears_twice_as_often() -> None:
    story = working("default", care=True).wait(days=1).do("progress", HANDLER, A_NOTE).told()
    assert (news(story).started_at, news(story).limit.amount) == (story.at, 1)


@pytest.mark.req("B8", "G1", "G2")
def test_an_amended_calendar_moves_them_and_tells_nobody() -> None:
    story = working("default", kind="complaint", matter="staff_attitude", urgency="urgent")
    before, calendar = news(story), story.context.calendar
    closed = replace(calendar, amendments={date(2026, 11, 24): Amendment((), "停电检修")})
    story.context = replace(story.context, calendar=closed)
    [payload] = [event.payload for event in story.do("replan", MANAGER).outcomes[-1].events]
    assert isinstance(payload, ev.Replanned)
    assert news(story).due_at == closed.closing(date(2026, 11, 26)) > before.due_at
    only = tuple(change for change in payload.moved if change.clock is Clock.PROGRESS)
    assert only
    assert named_change(only, TOLD_TO_HANDLER) is None, "the handler is reminded in time"


# ---- seen, asked for, run again ----------------------------------------------------------------------------


@pytest.mark.req("B8", "G23")
def test_a_what_if_judges_the_first_news() -> None:
    story = working("S2", matter="home_other")
    regulation, calendar = story.context.regulation, story.context.calendar

    def missed() -> bool:
        found = judged(regulation, calendar, past_case(story.events), story.at)
        [of_news] = [verdict for verdict in found.verdicts if verdict.clock is Clock.PROGRESS]
        assert of_news.due_on == date(2026, 11, 25)
        return of_news.missed

    assert not missed()
    story.at = MONDAY + 3 * DAY
    assert missed(), "two working days have passed in silence"
    told = (
        working("S2", matter="home_other").wait(days=2).do("progress", HANDLER, A_NOTE).told().wait(days=20)
    )
    found = judged(regulation, calendar, past_case(told.events), told.at)
    assert [verdict.missed for verdict in found.verdicts if verdict.clock is Clock.PROGRESS] == [False]


@pytest.mark.req("B8", "G2")
def test_every_pack_says_how_often_in_a_rule() -> None:
    for pack in ("S0", "S1", "S2", "S3", "S4", "default"):
        [rule] = [rule for rule in regulations().get(pack).rules if rule.clock is Clock.PROGRESS]
        assert (rule.id, rule.source, rule.requirement) == ("ours-progress", "ours", "B8")
        assert "S0" in rule.why
        assert "《接待制度》" in rule.why_zh


@pytest.mark.req("B8", "G2")
def test_the_handler_and_the_desk_see_when_news_are_due_and_why() -> None:
    with api_desk() as desk:
        number = desk.engineering_case()
        case = desk.office.desk.cases.get("riverside", number)
        work = desk.office.codes.code(link_for(case, Purpose.WORK, 7))
        chinese = {"Accept-Language": "zh-CN"}
        by_link = desk.get(f"/v1/links/{work}", headers=chinese).json_body["deadlines"]
        by_desk = desk.get(f"/v1/communities/riverside/cases/{number}", user="agent-1").json_body["deadlines"]
        [progress] = [deadline for deadline in by_link if deadline["clock"] == "progress"]
        assert (progress["rule"], progress["begins"], progress["requirement"]) == (
            "ours-progress",
            "assigned",
            "B8",
        )
        assert "定期通知住户投诉进展" in " ".join(progress["reasons"])
        assert progress["due_at"] in [
            deadline["due_at"] for deadline in by_desk if deadline["clock"] == "progress"
        ]
        in_time = desk.client.http.get(f"/l/{work}", headers=chinese).body.decode()
        assert "告知进展" not in in_time, "the work is due before, and its end tells the resident more"
        desk.office.clock.advance(timedelta(days=10))
        late = desk.client.http.get(f"/l/{work}", headers=chinese).body.decode()
        assert "告知进展" in late


@pytest.mark.req("B8", "G1")
@pytest.mark.parametrize("pack", ["S0", "S3", "default"])
def test_its_time_can_be_asked_for_without_a_case(pack: str) -> None:
    with api_desk() as desk:
        query = "matter=seepage&kind=complaint&at=2026-09-30T09:10:00%2B08:00"
        found = desk.get(f"/v1/regulations/{pack}/deadlines?{query}").json_body["deadlines"]
        [progress] = [deadline for deadline in found if deadline["clock"] == "progress"]
        assert progress["source"] == "ours"
        assert progress["limit"] == {
            "amount": 2.0,
            "unit": "working_days",
            "count": "next_day",
            "around_the_clock": False,
        }
