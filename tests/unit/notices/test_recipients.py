"""Who is told what, and what keeps a notice back (A6, A11, B3, B6, D1, D7, G3, G5, G8)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from chalicelib.domain.case.case import Case, Rating, State
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm
from chalicelib.domain.community.roles import RESIDENT, TIMER, Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.follow_up.forms import RateForm
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.notices.kinds import RESIDENT_ID, Notice, NoticeChannel, NoticeKind
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.notices.suppression import why_suppressed
from chalicelib.domain.notices.until_morning import AWAKE_FOR, is_night_for
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.timers import TimersForm
from chalicelib.domain.work.forms import CompleteForm, ExtensionForm, ProposeForm
from tests.builders import AGENT, MANAGER, MONDAY, SUPERVISOR, Office, office
from tests.cases import with_fields
from tests.stories import Story

HANDLER = Actor(Role.HANDLER, "engineering-1")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def told(place: Office, case: Case) -> set[tuple[str, str, str]]:
    """(kind, channel, recipient) of every notice of the case."""
    return {
        (notice.notice.kind, notice.notice.channel, notice.notice.recipient)
        for notice in place.stores.notices.of_case(case.community, case.number)
    }


def newly_told(place: Office, case: Case, before: set[tuple[str, str, str]]) -> set[tuple[str, str]]:
    return {(kind, person) for kind, channel, person in told(place, case) - before if channel == "sms"}


def assigned(place: Office, **changes: object) -> Case:
    case = place.register(**{"matter": "lighting_lock", "kind": "repair", **changes}).case
    return place.do(case, "assign", TIMER, AssignForm(handler="engineering-1", reason="on duty"))


def signed(place: Office, **changes: object) -> Case:
    return place.do(assigned(place, **changes), "sign", HANDLER, SignForm(signature="甲"))


@pytest.mark.req("A11")
def test_the_resident_hears_of_the_registration_at_once_by_every_address_they_gave() -> None:
    place = office()
    case = place.register(email="wang@example.com").case
    assert told(place, case) == {("registered", "sms", RESIDENT_ID), ("registered", "mail", RESIDENT_ID)}


def test_whoever_gave_only_a_mail_address_gets_everything_by_mail() -> None:
    place = office()
    case = signed(place, phone=None, email="wang@example.com")
    before = told(place, case)
    place.do(case, "propose", HANDLER, ProposeForm(cause="老化", plan="更换"))
    assert told(place, case) - before == {("proposed", "mail", RESIDENT_ID)}


@pytest.mark.req("A6")
def test_an_emergency_is_known_to_the_supervisor_and_everybody_on_duty_at_once() -> None:
    place = office()
    case = place.register(matter="flooding", kind="help").case
    alerted = {person for kind, _, person in told(place, case) if kind == "alert"}
    assert alerted == {"engineering-1", "supervisor-1"}


@pytest.mark.req("A6", "G3")
def test_an_emergency_at_night_reaches_people_who_are_not_off_duty() -> None:
    place = office()
    place.clock.advance(timedelta(hours=14))  # 23:00: nobody of the department is on duty
    case = place.register(matter="flooding", kind="help").case
    alerted = {person for kind, _, person in told(place, case) if kind == "alert"}
    assert alerted == {"engineering-head", "supervisor-1"}


@pytest.mark.req("B6")
def test_a_serious_case_is_known_to_supervisor_and_manager_at_once_an_ordinary_one_is_not() -> None:
    place = office()
    serious = place.register(severity="serious").case
    assert {notice[2] for notice in told(place, serious) if notice[0] == "alert"} == {
        "supervisor-1",
        "manager-1",
    }
    assert not [notice for notice in told(place, place.register().case) if notice[0] == "alert"]


@pytest.mark.req("A6", "A8", "B6")
def test_what_turns_out_to_be_serious_is_known_at_once_and_nobody_is_told_twice() -> None:
    place = office()
    case = signed(place)
    before = told(place, case)
    place.do(case, "classify", AGENT, ClassifyForm(reason="有人受伤", severity="serious"))
    alerted = newly_told(place, case, before)
    assert alerted == {
        ("alert", "supervisor-1"),
        ("alert", "manager-1"),
        ("report_owed", "engineering-head"),
    }
    before = told(place, case)
    place.do(case, "classify", AGENT, ClassifyForm(reason="更复杂", complexity="complex"))
    assert newly_told(place, case, before) == set()


@pytest.mark.req("A10", "D1")
def test_solved_on_the_spot_the_resident_is_asked_to_rate_and_not_told_to_wait() -> None:
    place = office()
    case = place.register(actor=AGENT, solved_with="当场更换灯泡。").case
    assert told(place, case) == {("completed", "sms", RESIDENT_ID)}


@pytest.mark.req("G8")
def test_a_survey_that_cannot_reach_anybody_is_on_record() -> None:
    place = office()
    case = place.register(actor=AGENT, solved_with="当场更换灯泡。", phone=None).case
    assert told(place, case) == {("completed", "sms", RESIDENT_ID)}
    assert not told(place, place.register(phone=None).case)


@pytest.mark.req("B2", "B5", "G5")
def test_the_handler_hears_of_whatever_the_resident_or_the_manager_decides() -> None:
    place = office()
    case = signed(place)
    proposal = ProposeForm(cause="老化", plan="更换")
    place.do(case, "propose", HANDLER, proposal)
    before = told(place, case)
    place.do(case, "disagree", RESIDENT, ReasonForm(reason="太贵"))
    assert newly_told(place, case, before) == {("disagreed", "engineering-1")}
    place.do(case, "propose", HANDLER, proposal)
    before = told(place, case)
    place.do(case, "agree", RESIDENT, NoteForm())
    assert newly_told(place, case, before) == {("agreed", "engineering-1")}
    later = place.case(case).clocks.solve_due_at + timedelta(hours=3)
    before = told(place, case)
    place.do(case, "request_extension", HANDLER, ExtensionForm(until=later, reason="等配件"))
    assert newly_told(place, case, before) == {("extension_asked", "manager-1")}
    before = told(place, case)
    place.do(case, "grant_extension", MANAGER, ReasonForm(reason="同意"))
    assert newly_told(place, case, before) == {
        ("extended", RESIDENT_ID),
        ("extension_decided", "engineering-1"),
    }
    before = told(place, case)
    place.do(case, "withdraw", RESIDENT, ReasonForm(reason="自己修好了"))
    assert newly_told(place, case, before) == {("called_off", "engineering-1")}


@pytest.mark.req("B3")
def test_a_handler_who_had_signed_hears_that_the_work_went_to_somebody_else() -> None:
    place = office()
    to_second = AssignForm(handler="engineering-2", reason="换人")
    unsigned, case = assigned(place), signed(place)
    before = told(place, unsigned)
    place.do(unsigned, "assign", SUPERVISOR, to_second)
    assert newly_told(place, unsigned, before) == {("assigned", "engineering-2")}
    before = told(place, case)
    place.do(case, "assign", SUPERVISOR, to_second)
    assert newly_told(place, case, before) == {("assigned", "engineering-2"), ("called_off", "engineering-1")}


@pytest.mark.req("D7")
def test_a_bad_rating_tells_the_resident_and_the_review_group_of_the_new_round() -> None:
    place = office()
    case = place.do(signed(place), "complete", HANDLER, CompleteForm(result="已更换"))
    before = told(place, case)
    case = place.do(case, "rate", RESIDENT, RateForm(score=1))
    assert case.round == 2
    people = newly_told(place, case, before)
    assert ("reopened", RESIDENT_ID) in people
    assert {person for kind, person in people if kind == "review"} == set(case.follow_up.review_group)


@pytest.mark.req("B3", "B7", "G3")
def test_an_unsigned_case_reminds_its_handler_and_then_reaches_named_people_up_the_ladder() -> None:
    place = office()
    case = assigned(place)
    sign_by = case.clocks.deadlines[Clock.SIGN]
    fired = TimersForm()
    for hours in range(1, 30):
        place.clock.set(sign_by.started_at + timedelta(hours=hours))
        case = place.do(case, "fire_timers", TIMER, fired)
    chased = [
        notice.notice
        for notice in place.stores.notices.of_case(case.community, case.number)
        if notice.notice.detail == "sign" and notice.notice.channel is NoticeChannel.SMS
    ]
    assert [(notice.kind, notice.recipient) for notice in chased] == [
        (NoticeKind.REMINDER, "engineering-1"),
        (NoticeKind.OVERDUE, "engineering-1"),
        (NoticeKind.ESCALATED, "supervisor-1"),
        (NoticeKind.ESCALATED, "manager-1"),
        (NoticeKind.ESCALATED, "company-head-1"),
    ]


def a_notice(kind: NoticeKind, recipient: str = RESIDENT_ID, detail: str | None = None) -> Notice:
    return Notice("key", kind, NoticeChannel.SMS, recipient, 2, MONDAY, detail)


@pytest.mark.req("G3", "G8")
def test_what_the_case_has_left_behind_is_pointless() -> None:
    place = office()
    work = assigned(place)
    solved = place.do(
        place.do(work, "sign", HANDLER, SignForm(signature="甲")),
        "complete",
        HANDLER,
        CompleteForm(result="已更换"),
    )
    rated = with_fields(solved, ratings=(*solved.tally.ratings, _rating(solved)))
    mine = "engineering-1"
    survey, job = a_notice(NoticeKind.COMPLETED), a_notice(NoticeKind.ASSIGNED, mine)
    survey = replace(survey, version=solved.work.link_version)
    assert why_suppressed(survey, solved) is None
    assert why_suppressed(survey, rated) == "rated"
    assert why_suppressed(survey, replace(solved, state=State.CLOSED)) == "case_moved_on"
    assert why_suppressed(replace(survey, kind=NoticeKind.SURVEY_REMINDER), rated) == "rated"
    assert why_suppressed(job, work) is None
    assert why_suppressed(job, with_fields(work, handler="engineering-2")) == "reassigned"
    assert why_suppressed(job, with_fields(work, link_version=5)) == "reassigned"
    assert why_suppressed(job, solved) == "case_moved_on"
    late = with_fields(work, overdue=(Clock.SIGN,))
    for kind in (NoticeKind.OVERDUE, NoticeKind.ESCALATED):
        chased = a_notice(kind, mine, "sign")
        assert why_suppressed(chased, late) is None
        assert why_suppressed(chased, work) == "moved"
        assert why_suppressed(chased, with_fields(late, met={Clock.SIGN: MONDAY})) == "done"
        assert why_suppressed(chased, solved) == "case_moved_on"
    overdue = a_notice(NoticeKind.OVERDUE, mine, "sign")
    passed_on = with_fields(late, handler="engineering-2", former_handlers=("engineering-1",))
    assert why_suppressed(overdue, passed_on) == "reassigned"
    stand_in = replace(overdue, recipient="engineering-head")
    assert why_suppressed(stand_in, late) is None, "told in place of a handler who is off duty"
    assert why_suppressed(replace(stand_in, kind=NoticeKind.REMINDER), late) == "reassigned"
    assert why_suppressed(overdue, with_fields(late, handler=None, former_handlers=(mine,))) == "reassigned"
    assert why_suppressed(stand_in, with_fields(late, handler=None)) is None
    asked = a_notice(NoticeKind.EXTENSION_ASKED, "manager-1")
    assert why_suppressed(asked, work) == "decided"
    visit = a_notice(NoticeKind.REVISIT, "agent-1")
    assert why_suppressed(visit, with_fields(solved, revisitor="agent-1")) is None
    assert why_suppressed(visit, solved) == "revisited"
    unvisited = a_notice(NoticeKind.ESCALATED, "supervisor-1", "revisit")
    assert why_suppressed(unvisited, with_fields(solved, revisitor="agent-1")) is None
    assert why_suppressed(unvisited, solved) is None, "an attempt that reached nobody is no revisit"
    assert why_suppressed(unvisited, with_fields(solved, last_reached_at=unvisited.created_at)) == "revisited"
    next_round = with_fields(work, round=2, started_at=MONDAY + timedelta(hours=1))
    assert why_suppressed(a_notice(NoticeKind.CLOSED), next_round) == "new_round"


def _rating(case: Case) -> Rating:
    return Rating(case.round, 5, True, None, None, MONDAY)


@pytest.mark.req("A11")
@pytest.mark.parametrize(
    ("local", "waits"),
    [("21:59", False), ("22:00", True), ("03:00", True), ("07:59", True), ("08:00", False)],
)
def test_residents_are_left_alone_at_night(local: str, waits: bool) -> None:
    case = office().register(matter="cleaning").case
    now = datetime.fromisoformat(f"2026-11-24 {local}").replace(tzinfo=SHANGHAI)
    assert is_night_for(a_notice(NoticeKind.COMPLETED), case, now) is waits


def test_what_cannot_wait_is_sent_at_night() -> None:
    place = office()
    case, burst = place.register(matter="cleaning").case, place.register(matter="flooding", kind="help").case
    night = datetime(2026, 11, 24, 3, 0, tzinfo=SHANGHAI)
    completed = a_notice(NoticeKind.COMPLETED)
    assert is_night_for(completed, case, night)
    assert not is_night_for(a_notice(NoticeKind.REGISTERED), case, night)
    assert not is_night_for(completed, burst, night)
    assert not is_night_for(a_notice(NoticeKind.ASSIGNED, "engineering-1"), case, night)
    assert not is_night_for(replace(completed, channel=NoticeChannel.MAIL), case, night)


def test_a_resident_who_was_just_in_touch_is_awake() -> None:
    place = office()
    case = place.register(matter="cleaning").case
    night = datetime(2026, 11, 24, 3, 0, tzinfo=SHANGHAI)
    completed = a_notice(NoticeKind.COMPLETED)
    just_now, long_ago = night - AWAKE_FOR + timedelta(seconds=1), night - AWAKE_FOR
    for heard_at, waits in ((just_now, False), (long_ago, True)):
        reported = replace(case, report=replace(case.report, contacted_at=heard_at))
        rated = with_fields(case, ratings=(replace(_rating(case), at=heard_at),))
        for stage in (reported, rated, with_fields(case, urged_at=heard_at)):
            assert is_night_for(completed, stage, night) is waits


@pytest.mark.req("G8")
def test_the_survey_of_an_earlier_completion_does_not_leave_with_the_link_of_the_present_one() -> None:
    """Completed, taken up again and completed once more within one instant: times alone tell nothing."""
    story = Story().register(solved_with="当场处理好了")
    first = next(
        notice for notice in due(story.outcomes[-1], story.context) if notice.kind is NoticeKind.COMPLETED
    )
    story.do("reopen", RESIDENT).do("assign", SUPERVISOR, AssignForm(HANDLER.id, "派"))
    story.do("sign", HANDLER).do("complete", HANDLER)
    second = next(
        notice for notice in due(story.outcomes[-1], story.context) if notice.kind is NoticeKind.COMPLETED
    )
    assert why_suppressed(first, story.case) == "new_round"
    assert why_suppressed(second, story.case) is None
