"""A serious or unsolved case owes a written report to the superior (B6, S0): when, until when."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.figure_rows import TOTAL
from chalicelib.domain.case.fold import fold
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.roles import RESIDENT, TIMER, Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm, ReportForm, SignForm
from chalicelib.domain.errors import CommandRefusedError, NotAllowedError
from chalicelib.domain.figures.contribution import contribution
from chalicelib.domain.follow_up.forms import RateForm
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.notices.kinds import Notice, NoticeKind
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.notices.suppression import why_suppressed
from chalicelib.domain.possible import possible
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.timers import TimersForm
from chalicelib.domain.work.forms import PauseForm
from chalicelib.services.case_line import line_of
from tests.api_desk import ApiDesk, api_desk
from tests.browser import Browser, Form, browsing, html, text
from tests.browser import link as track
from tests.builders import Office, community, office, regulations
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

SHANGHAI = ZoneInfo("Asia/Shanghai")
REPORT = ReportForm("周一漏水", "水管老化", "已停水抢修", "周五前换管，由工程部负责")
GENERAL = ClassifyForm("其实不严重", severity="general")
SERIOUS = ClassifyForm("住户受伤", severity="serious")


def late(pack: str = "default", **about: str) -> Story:
    """A case somebody works on that has just run out of its time; serious, if nothing else is said."""
    story = Story(context(pack=pack)).register(**{"kind": "complaint", "severity": "serious", **about})
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "他熟悉")).do("sign", HANDLER)
    story.do("start", HANDLER)
    story.at = story.case.clocks.solve_due_at
    story.fire()
    assert Clock.SOLVE in story.case.overdue
    return story


def notices(story: Story, *kinds: NoticeKind) -> list[Notice]:
    """The messages of the last command, of those kinds, by SMS."""
    found = due(story.outcomes[-1], story.context)
    return [notice for notice in found if notice.kind in kinds and notice.channel == "sms"]


def told(story: Story, *kinds: NoticeKind) -> list[str]:
    return [notice.recipient for notice in notices(story, *kinds)]


def counters(case: Case) -> tuple[int, int]:
    """(reports owed, reports filed)"""
    found = contribution(case)
    return found[TOTAL, "reports_owed"], found[TOTAL, "reports_filed"]


def back_in_work(story: Story) -> Story:
    """The next round, taken up by the same person."""
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "他熟悉")).do("sign", HANDLER)
    return story.do("start", HANDLER)


@pytest.mark.req("B6")
@pytest.mark.parametrize("kind", ["complaint", "inquiry", "praise"])
def test_a_serious_case_owes_a_report_within_a_working_day_from_the_start(kind: str) -> None:
    """It waited until the case was late; S0 hands what is serious to the superior at once."""
    story = Story(context()).register(kind=kind, severity="serious")
    case = story.case
    assert case.report_duty.owed
    assert counters(case) == (1, 0)
    started = case.deadlines[Clock.WRITTEN_REPORT]
    assert (started.rule.id, started.started_at) == ("ours-report", story.at)
    end = started.due_at.astimezone(SHANGHAI)
    assert (end.date() - story.at.astimezone(SHANGHAI).date(), f"{end:%H:%M}") == (timedelta(days=1), "18:00")
    assert told(story, NoticeKind.REPORT_OWED) == ["engineering-head"]
    assert fold(story.events, "riverside", "202611-0001") == case


def climbed(pack: str = "default", **about: str) -> Story:
    """A general case that nobody solves until the company head hears of it."""
    story = late(pack, **{"severity": "general", **about})
    while not any(getattr(payload, "role", "") == Role.COMPANY_HEAD for payload in story.fire()):
        story.wait(hours=1)
    return story


@pytest.mark.req("B6")
@pytest.mark.parametrize("pack", ["S0", "S1", "S2", "S3", "S4", "default"])
def test_what_supervisor_and_manager_could_not_solve_owes_a_report_whatever_its_severity(pack: str) -> None:
    story = climbed(pack)
    started = story.case.deadlines[Clock.WRITTEN_REPORT]
    assert (started.rule.id, started.started_at) == ("ours-report-unsolved", story.at)
    assert told(story, NoticeKind.REPORT_OWED) == ["engineering-head"]
    story.do("classify", AGENT, ClassifyForm("更急", urgency="urgent"))
    assert story.case.deadlines[Clock.WRITTEN_REPORT] == started, "no correction forgives it"
    story.do("file_report", HEAD)
    assert counters(story.case) == (0, 1)
    assert fold(story.events, "riverside", "202611-0001") == story.case


@pytest.mark.req("B6")
def test_what_was_filed_before_a_case_climbed_so_high_is_no_report_on_why() -> None:
    story = late().do("file_report", HEAD)
    story.do("escalate", MANAGER)
    assert story.case.report_duty.owed
    assert told(story, NoticeKind.REPORT_OWED) == ["engineering-head"]
    assert counters(story.do("file_report", HEAD).case) == (0, 2)
    story.wait(days=5).fire()
    assert not story.case.report_duty.owed, "once a round"


@pytest.mark.req("B6")
def test_under_a_version_that_asks_it_of_late_serious_cases_only_that_holds() -> None:
    """Cases that began under version 1 have no report from the start, and owe one when they are late."""
    story = Story(context(regulation=regulations().get("S2", 1)))
    story.register(kind="complaint", severity="general", matter="leak")
    story.at = story.case.clocks.solve_due_at + timedelta(days=30)
    story.fire()
    assert not story.case.report_duty.owed


@pytest.mark.req("B6")
@pytest.mark.parametrize("pack", ["S0", "S1", "S2", "S3", "S4", "default"])
def test_every_pack_wants_it_of_serious_cases_and_not_of_any_late_one(pack: str) -> None:
    assert late(pack).case.report_duty.owed
    general = late(pack, severity="general", matter="other")
    assert not general.case.report_duty.owed
    assert Clock.WRITTEN_REPORT not in general.case.deadlines
    assert not told(general, NoticeKind.REPORT_OWED)


@pytest.mark.req("B6", "G3")
def test_the_head_is_reminded_then_manager_and_company_head_are_told_each_once() -> None:
    story = Story(context()).register(kind="complaint", severity="serious")
    heard: list[tuple[str, str | None]] = []
    for _ in range(96):
        story.wait(hours=1)
        heard += [
            (type(payload).__name__, payload.person)
            for payload in story.fire()
            if isinstance(payload, ev.Reminded | ev.MarkedOverdue | ev.Escalated)
            and payload.clock is Clock.WRITTEN_REPORT
        ]
    assert heard == [
        ("Reminded", "engineering-head"),
        ("MarkedOverdue", "engineering-head"),
        ("Escalated", "manager-1"),
        ("Escalated", "company-head-1"),
    ]


@pytest.mark.req("B6", "G3")
def test_the_reminder_leaves_though_somebody_has_the_work_and_until_the_report_is_there() -> None:
    story = Story(context()).register(kind="complaint", severity="serious")
    story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "他熟悉")).do("sign", HANDLER)
    started = story.case.deadlines[Clock.WRITTEN_REPORT]
    story.at = started.due_at - timedelta(hours=1)
    story.fire()
    (reminder,) = (
        notice for notice in notices(story, NoticeKind.REMINDER) if notice.detail == Clock.WRITTEN_REPORT
    )
    assert reminder.recipient == "engineering-head"
    assert why_suppressed(reminder, story.case) is None
    assert why_suppressed(reminder, late().do("file_report", HEAD).case) == "done"
    assert why_suppressed(reminder, late().do("classify", AGENT, GENERAL).case) == "done"


@pytest.mark.req("B6")
def test_filing_it_stops_the_clock_and_tells_the_superiors() -> None:
    story = late().wait(hours=2).do("file_report", HEAD)
    case = story.case
    assert not case.report_duty.owed
    assert counters(case) == (0, 1)
    assert case.met[Clock.WRITTEN_REPORT] == story.at
    assert case.report_duty.last is not None
    assert (case.report_duty.last.filed_by, case.report_duty.last.filed_at) == (HEAD.id, story.at)
    assert case.report_duty.last.next_steps == "周五前换管，由工程部负责"
    assert told(story, NoticeKind.REPORT_FILED, NoticeKind.REPORT_OWED) == ["manager-1", "company-head-1"]
    story.wait(days=20)
    assert not [
        payload for payload in story.fire() if getattr(payload, "clock", None) is Clock.WRITTEN_REPORT
    ]


@pytest.mark.req("B6")
def test_whoever_files_it_is_not_told_of_it() -> None:
    assert told(late().do("file_report", MANAGER), NoticeKind.REPORT_FILED) == ["company-head-1"]
    owed = in_state(State.WORKING).do("classify", MANAGER, SERIOUS)
    assert told(owed, NoticeKind.REPORT_OWED) == ["engineering-head"]


@pytest.mark.req("B6")
def test_it_is_filed_by_whoever_answers_for_the_case_or_by_the_desk() -> None:
    for stranger in (OTHER_HANDLER, Actor(Role.DEPARTMENT_HEAD, "security-head")):
        with pytest.raises(NotAllowedError):
            late().do("file_report", stranger)
    for author in (HANDLER, HEAD, AGENT, SUPERVISOR, MANAGER):
        assert late().do("file_report", author).case.report_duty.filed == 1


@pytest.mark.req("B6")
def test_a_serious_case_may_be_reported_on_at_any_time_and_another_is_not() -> None:
    story = in_state(State.WORKING, severity="serious").do("file_report", HANDLER)
    assert counters(story.case) == (0, 1)
    assert counters(story.do("file_report", HANDLER).case) == (0, 2)
    with pytest.raises(CommandRefusedError) as refused:
        in_state(State.WORKING).do("file_report", HANDLER)
    assert refused.value.reason == "no_report_needed"


@pytest.mark.req("B6")
def test_where_the_regulation_asks_for_no_report_none_is_offered() -> None:
    """The refusal said of a serious case that it was not serious."""
    story = Story(context(pack="demo")).register(severity="serious")
    assert "file_report" not in {row.command for row in possible(story.case, AGENT, story.context, story.at)}
    with pytest.raises(CommandRefusedError, match="The regulation asks for no written report") as refused:
        story.do("file_report", AGENT)
    assert "not serious" not in refused.value.message


@pytest.mark.req("B6")
@pytest.mark.parametrize("ending", ["record_withdrawal", "merge"])
def test_a_serious_case_that_ended_without_work_is_told_that_it_owes_nothing(ending: str) -> None:
    story = Story().register(severity="serious").do(ending, SUPERVISOR)
    with pytest.raises(CommandRefusedError, match=f"is {story.case.state} and owes no written report"):
        story.do("file_report", AGENT)


@pytest.mark.req("B6", "D10")
def test_solving_the_case_does_not_pay_the_report_and_archiving_waits_for_it() -> None:
    story = late().do("complete", HANDLER)
    assert Clock.WRITTEN_REPORT not in story.case.met
    assert Clock.SOLVE in story.case.met
    story.wait(hours=1).do("rate", RESIDENT, RateForm(5)).do("record_revisit", MANAGER)
    if story.case.state is State.COMPLETED:
        story.do("record_revisit", AGENT)
    assert story.case.state is State.CLOSED
    assert story.case.report_duty.owed
    with pytest.raises(CommandRefusedError) as refused:
        story.do("archive", SUPERVISOR)
    assert refused.value.reason == "report_owed"
    assert story.do("file_report", HEAD).do("archive", SUPERVISOR).case.state is State.ARCHIVED


@pytest.mark.req("B6")
def test_a_late_case_that_turns_out_to_be_serious_owes_it_from_then_on() -> None:
    story = late(severity="general").wait(hours=3).do("classify", AGENT, SERIOUS)
    assert story.case.report_duty.owed
    assert story.case.deadlines[Clock.WRITTEN_REPORT].started_at == story.at
    assert told(story, NoticeKind.REPORT_OWED) == ["engineering-head"]
    in_time = in_state(State.WORKING).do("classify", AGENT, SERIOUS)
    assert in_time.case.report_duty.owed
    assert told(in_time, NoticeKind.REPORT_OWED) == ["engineering-head"]


@pytest.mark.req("B6", "A8")
def test_a_case_that_is_not_serious_after_all_owes_it_no_more() -> None:
    story = late().do("classify", AGENT, GENERAL)
    assert not story.case.report_duty.owed
    assert Clock.WRITTEN_REPORT not in story.case.deadlines
    again = story.wait(hours=1).do("classify", AGENT, SERIOUS).case
    assert again.report_duty.owed
    assert again.deadlines[Clock.WRITTEN_REPORT] == late().case.deadlines[Clock.WRITTEN_REPORT], (
        "with the time that it had"
    )


@pytest.mark.req("B6", "B7", "A8")
def test_nobody_puts_the_report_off_by_calling_the_case_general_for_a_moment() -> None:
    story = late()
    before = story.case.deadlines[Clock.WRITTEN_REPORT]
    story.at = before.due_at + timedelta(hours=1)
    story.fire()
    marked = [key for key in story.case.fired if key.of == "report"]
    story.do("classify", AGENT, GENERAL)
    assert not [
        payload
        for payload in story.wait(days=2).fire()
        if getattr(payload, "clock", None) is Clock.WRITTEN_REPORT
    ]
    story.do("classify", AGENT, SERIOUS)
    assert story.case.deadlines[Clock.WRITTEN_REPORT] == before
    assert Clock.WRITTEN_REPORT in story.case.overdue
    assert [key for key in story.case.fired if key.of == "report"] == marked
    again = late().do("classify", AGENT, GENERAL)
    again.do("complete", HANDLER).do("rate", RESIDENT, RateForm(1, "还是漏"))
    again.wait(hours=1).do("classify", AGENT, SERIOUS)
    assert again.case.deadlines[Clock.WRITTEN_REPORT] == before, "a new round changes nothing in it"


@pytest.mark.req("B6", "A8")
def test_another_correction_leaves_the_report_its_time() -> None:
    story = late()
    before = story.case.deadlines[Clock.WRITTEN_REPORT]
    story.wait(hours=1).do("classify", AGENT, ClassifyForm("更急", urgency="urgent"))
    assert story.case.deadlines[Clock.WRITTEN_REPORT] == before
    story.fire()
    assert story.case.deadlines[Clock.WRITTEN_REPORT] == before
    assert not told(story, NoticeKind.REPORT_OWED)


@pytest.mark.req("B6")
def test_what_was_filed_is_not_owed_again_for_the_same_lateness() -> None:
    story = late().do("file_report", HEAD)
    met = story.case.met[Clock.WRITTEN_REPORT]
    story.wait(hours=1).do("classify", AGENT, ClassifyForm("更急", urgency="urgent"))
    story.do("classify", AGENT, GENERAL).do("classify", AGENT, SERIOUS)
    story.fire()
    assert not story.case.report_duty.owed
    assert story.case.met[Clock.WRITTEN_REPORT] == met


@pytest.mark.req("B6", "D7")
def test_a_new_round_does_not_forgive_it() -> None:
    story = late()
    before = story.case.deadlines[Clock.WRITTEN_REPORT]
    story.at = before.due_at
    story.fire()
    marked = [key for key in story.case.fired if key.of == "report"]
    story.do("complete", HANDLER).do("rate", RESIDENT, RateForm(1, "还是漏"))
    case = story.case
    assert (case.round, case.report_duty.owed) == (2, True)
    assert case.deadlines[Clock.WRITTEN_REPORT] == before
    assert [key for key in case.fired if key.of == "report"] == marked
    assert case.overdue == (Clock.WRITTEN_REPORT,)
    assert counters(case) == (1, 0)
    back_in_work(story).do("file_report", HANDLER)
    assert Clock.WRITTEN_REPORT in story.case.met
    story.at = story.case.clocks.solve_due_at
    story.fire()
    assert not story.case.report_duty.owed, "one report a round"
    assert fold(story.events, "riverside", "202611-0001") == story.case


@pytest.mark.req("B6", "D7")
def test_a_round_that_is_late_again_owes_another_report() -> None:
    story = late().do("file_report", HEAD).do("complete", HANDLER)
    back_in_work(story.do("rate", RESIDENT, RateForm(1, "还是漏")))
    assert not story.case.report_duty.owed
    story.at = story.case.clocks.solve_due_at
    story.fire()
    assert story.case.report_duty.owed
    assert story.case.deadlines[Clock.WRITTEN_REPORT].started_at == story.at


@pytest.mark.req("B6", "G4")
def test_no_pause_stops_its_clock() -> None:
    story = in_state(State.WORKING, severity="serious", kind="complaint")
    before = story.case.deadlines[Clock.WRITTEN_REPORT]
    story.do("pause", HANDLER, PauseForm(story.at + timedelta(hours=50), "waiting_for_parts", "订单"))
    story.at = before.due_at
    assert any(
        isinstance(payload, ev.MarkedOverdue) and payload.clock is Clock.WRITTEN_REPORT
        for payload in story.fire()
    )
    assert story.do("resume", HANDLER).case.deadlines[Clock.WRITTEN_REPORT] == before


@pytest.mark.req("B6", "B7", "G3")
def test_the_report_is_chased_though_the_work_is_done() -> None:
    story = in_state(State.COMPLETED, severity="serious", kind="complaint")
    due_at = story.case.deadlines[Clock.WRITTEN_REPORT].due_at
    heard: list[tuple[str, str | None]] = []
    while story.case.state is State.COMPLETED and story.at < due_at + timedelta(days=3):
        story.wait(hours=1)
        fired = [
            payload for payload in story.fire() if getattr(payload, "clock", None) is Clock.WRITTEN_REPORT
        ]
        heard += [(type(payload).__name__, getattr(payload, "person", None)) for payload in fired]
        for notice in notices(story, NoticeKind.REMINDER, NoticeKind.OVERDUE, NoticeKind.ESCALATED):
            assert notice.detail != Clock.WRITTEN_REPORT or why_suppressed(notice, story.case) is None
    assert heard == [
        ("Reminded", "engineering-head"),
        ("MarkedOverdue", "engineering-head"),
        ("Escalated", "manager-1"),
        ("Escalated", "company-head-1"),
    ]
    line = line_of(story.case, story.context, None)
    assert (line.due_for, line.overdue_clocks) == ("report", (Clock.WRITTEN_REPORT,))
    story.do("file_report", HEAD).wait(days=3)
    assert not [
        payload for payload in story.fire() if getattr(payload, "clock", None) is Clock.WRITTEN_REPORT
    ]


@pytest.mark.req("B6")
@pytest.mark.parametrize(
    ("command", "actor"),
    [("record_withdrawal", SUPERVISOR), ("reject", SUPERVISOR), ("refer", SUPERVISOR), ("merge", SUPERVISOR)],
)
def test_a_report_that_was_owed_is_not_closed_away_by_taking_the_case_up_again(
    command: str, actor: Actor
) -> None:
    story = late("S2").wait(hours=4).do("complete", HANDLER)
    story.wait(hours=1).do("record_return", AGENT).wait(hours=1).do(command, actor)
    case = story.case
    assert contribution(case)[TOTAL, "reports_owed"] == 1
    if command == "reject":
        assert story.do("object", RESIDENT).do("uphold", MANAGER).case.report_duty.owed
    else:
        with pytest.raises(CommandRefusedError):
            late().do(command, actor).do("file_report", HEAD)
    assert counters(story.do("file_report", HEAD).case) == (0, 1)
    assert fold(story.events, "riverside", case.number) == story.case


def never_satisfied(**about: str) -> Story:
    """All its rounds solved in time, and the resident never satisfied."""
    story = Story().register(kind="complaint", **about)
    for _ in range(story.context.regulation.reopen.returns + 1):
        back_in_work(story).do("complete", HANDLER).do("rate", RESIDENT, RateForm(1, "还是漏"))
    assert story.case.ending.close_reason is ev.CloseReason.DISSATISFIED
    return story


@pytest.mark.req("B6", "G9")
def test_a_case_that_ends_unresolved_owes_a_report_without_a_clock() -> None:
    story = never_satisfied(severity="general")
    assert story.case.report_duty.owed
    assert Clock.WRITTEN_REPORT not in story.case.deadlines
    assert [(notice.recipient, notice.detail) for notice in notices(story, NoticeKind.REPORT_OWED)] == [
        ("engineering-head", "closed")
    ]
    with pytest.raises(CommandRefusedError):
        story.do("archive", SUPERVISOR)
    assert not story.do("file_report", HEAD).do("archive", SUPERVISOR).case.report_duty.owed


@pytest.mark.req("B6")
def test_it_ends_with_what_is_withdrawn_merged_or_untrue() -> None:
    for command, actor in (("withdraw", RESIDENT), ("merge", SUPERVISOR)):
        assert not late().do(command, actor).case.report_duty.owed
    rejected = late().do("reject", SUPERVISOR)
    assert counters(rejected.case) == (0, 0), "it waits for the resident's objection"
    rejected.do("object", RESIDENT)
    taken_up = fold(rejected.events, "riverside", "202611-0001")
    assert taken_up.report_duty.owed
    assert not rejected.do("uphold", MANAGER).case.report_duty.owed
    assert rejected.do("archive", SUPERVISOR).case.state is State.ARCHIVED
    again = late().do("reject", SUPERVISOR).do("object", RESIDENT).do("reopen", MANAGER).case
    assert (again.report_duty.owed, counters(again)) == (True, (1, 0))


@pytest.mark.req("B6")
def test_the_notices_outlive_a_round_and_not_their_reason() -> None:
    story = climbed()
    (owed,) = notices(story, NoticeKind.REPORT_OWED)
    story.wait(minutes=1).do("complete", HANDLER).do("rate", RESIDENT, RateForm(1, "还是漏"))
    assert why_suppressed(owed, story.case) is None
    story.do("file_report", HEAD)
    assert why_suppressed(owed, story.case) == "done"
    (filed, _) = notices(story, NoticeKind.REPORT_FILED)
    assert why_suppressed(filed, story.case) is None


# --- as people see it ---------------------------------------------------------------------------------------


def late_case(place: Office) -> Case:
    """The same on a desk; its manager and company head have mail."""
    case = place.register(kind="complaint", matter="seepage", severity="serious", actor=AGENT).case
    case = place.do(case, "assign", TIMER, AssignForm(HANDLER.id, "轮到"))
    case = place.do(case, "sign", HANDLER, SignForm("甲"))
    place.clock.advance(case.clocks.solve_due_at - place.clock())
    return place.do(case, "fire_timers", TIMER, TimersForm())


@pytest.fixture
def browser() -> Iterator[Browser]:
    with browsing(office(community())) as made:
        yield made


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


@pytest.mark.req("B6")
def test_the_page_says_what_is_owed_by_when_and_keeps_what_was_filed(browser: Browser) -> None:
    case = late_case(browser.office)
    ends = case.deadlines[Clock.WRITTEN_REPORT].due_at.astimezone(SHANGHAI)
    browser.sign_in("engineering-head")
    where = f"/desk/riverside/cases/{case.number}"
    owed = f"本单须提交书面报告，最晚 {ends.month}月{ends.day}日"
    assert text(browser.get(where)).count(owed) == 2, "beside the form, and in the history"
    offered = [action for action in Form(html(browser.get(where))).forms if "/cases/" in action]
    offered = [action for action in offered if not action.endswith("/reveal")]  # it stands at the number
    assert offered[0].endswith("/file_report"), "what somebody waits for stands first"
    browser.office.do(case, "file_report", HEAD, REPORT)
    page = text(browser.get(where))
    assert page.count(owed) == 1
    for said in ("提交书面报告", "周一漏水", "水管老化", "已停水抢修", "周五前换管，由工程部负责"):
        assert said in page
    filed = page[page.index("周五前换管，由工程部负责") :]
    assert f"住户原话 {case.report.text}" in " ".join(filed.split()), "with the resident's original words"
    browser.cookie = ""
    browser.sign_in("manager-1")
    assert "已提交1份，尚欠0份" in text(browser.get("/desk/riverside/figures?month=2026-11"))


@pytest.mark.req("B6")
def test_the_form_is_taken_and_what_is_missing_is_named(browser: Browser) -> None:
    case = late_case(browser.office)
    browser.sign_in("engineering-head")
    where = f"/desk/riverside/cases/{case.number}"
    drawn = Form(html(browser.get(where))).forms
    fields = next(fields for action, fields in drawn.items() if action.endswith("/file_report"))
    typed = {**fields, "course": "周一漏水", "cause": "老化", "measures": "已抢修", "next_steps": ""}
    assert "请填写“下一步安排和完成时间”" in text(browser.post(f"{where}/file_report", typed))
    assert browser.post(f"{where}/file_report", {**typed, "next_steps": "周五前换管"}).status_code == 303
    stored = browser.office.case(case).report_duty.last
    assert stored is not None
    assert (stored.filed_by, stored.next_steps) == ("engineering-head", "周五前换管")


@pytest.mark.req("B6", "E8")
def test_the_resident_reads_nothing_of_it(desk: ApiDesk) -> None:
    case = late_case(desk.office)
    ends: datetime = case.deadlines[Clock.WRITTEN_REPORT].due_at
    for days in (0, 1, 2, 3):
        desk.office.clock.advance(max(ends + timedelta(days=days) - desk.office.clock(), timedelta()))
        desk.office.do(case, "fire_timers", TIMER, TimersForm())
    desk.office.do(case, "file_report", HEAD, REPORT)
    seen = desk.get(f"/v1/communities/riverside/cases/{case.number}", user="manager-1").json_body
    assert seen["report_owed"] is False
    assert seen["written_report"]["cause"] == "水管老化"
    link = track(desk.office, case, Purpose.TRACK)
    shown = desk.get(f"/v1/links/{link.rpartition('/')[2]}")
    assert shown.status_code == 200
    assert "report" not in {deadline["clock"] for deadline in shown.json_body["deadlines"]}
    assert "水管老化" not in str(shown.json_body)
    escalated = [entry for entry in shown.json_body["timeline"] if entry["type"] == "escalated"]
    of_all = [event.payload for event in desk.office.desk.cases.events("riverside", case.number)]
    climbed = [payload.clock for payload in of_all if isinstance(payload, ev.Escalated)]
    assert Clock.WRITTEN_REPORT in climbed
    assert escalated == [], "who climbs to whom is the company's own"
    page = text(desk.get(link))
    assert "办结" in page
    assert "书面报告" not in page


@pytest.mark.req("B6", "C2", "G1")
def test_its_time_can_be_asked_for_without_a_case(desk: ApiDesk) -> None:
    """As if it began at the moment asked about, as every clock that does not start with the report."""
    query = "matter=seepage&at=2026-11-23T09:00:00%2B08:00"
    of_serious = desk.get(f"/v1/regulations/S0/deadlines?{query}&severity=serious").json_body["deadlines"]
    (found,) = [deadline for deadline in of_serious if deadline["clock"] == "report"]
    assert (found["begins"], found["rule"], found["source"]) == ("for_the_superior", "ours-report", "ours")
    assert found["due_at"].startswith("2026-11-24T")
    assert "B6" in found["requirement"]
    general = desk.get(f"/v1/regulations/S0/deadlines?{query}").json_body["deadlines"]
    (unsolved,) = [deadline for deadline in general if deadline["clock"] == "report"]
    assert unsolved["rule"] == "ours-report-unsolved"
    of_praise = desk.get(f"/v1/regulations/S0/deadlines?{query}&kind=praise").json_body["deadlines"]
    assert "report" not in {deadline["clock"] for deadline in of_praise}
