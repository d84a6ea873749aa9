"""Whoever was promised a time is told when the calendar moves it: against what they knew, and once (G1)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.community import AmendedDay, Community
from chalicelib.domain.community.roles import TIMER, Actor, Role
from chalicelib.domain.deadlines.calendar import Calendar
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.notices.kinds import RESIDENT_ID, NoticeKind
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.work.forms import CompleteForm, ExtensionForm, ReplanForm
from chalicelib.domain.work.resident_forms import AgreedVisitForm
from chalicelib.services.calendar.replan import replan_for
from chalicelib.services.records import StoredNotice
from tests.browser import Browser, browsing, link, text
from tests.builders import AGENT, MANAGER, MONDAY, SUPERVISOR, Office, community, office
from tests.fakes.clocks import PlainCalendars
from tests.sending import delivery, phone_of, send

DAY = timedelta(days=1)
TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)
NIGHT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""Monday 23:00 in Shanghai."""
MORNING = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
WORKER = Actor(Role.HANDLER, "desk-1")
MOVED = (NoticeKind.REPLANNED, NoticeKind.WORK_REPLANNED)


@pytest.fixture
def place() -> Office:
    return office(community(regulation="S2"))


def slow_case(place: Office) -> Case:
    """About a permit, to be solved by Wednesday 18:00; the resident has been told so, and `desk-1` has it."""
    case = place.register(kind="inquiry", matter="renovation_permit").case
    case = place.do(case, "assign", SUPERVISOR, AssignForm("desk-1", "by hand"))
    case = place.do(case, "sign", WORKER, SignForm("甲"))
    send(place)
    return case


def amend(place: Office, *days: date, restored: bool = False) -> None:
    """The days are closed, or their change is taken back; the open cases follow."""
    directory = place.desk.directory
    for day in days:
        if restored:
            directory.restore("riverside", day.isoformat(), place.clock())
        else:
            directory.amend("riverside", AmendedDay(day.isoformat(), (), "停电检修"), place.clock())
        replan_for(place.desk, "riverside", day, MANAGER, "停电检修", place.clock() + DAY)


def moved_notices(place: Office, case: Case, recipient: str = RESIDENT_ID) -> list[StoredNotice]:
    found = place.stores.notices.of_case(case.community, case.number)
    return [
        notice for notice in found if notice.notice.kind in MOVED and notice.notice.recipient == recipient
    ]


def heard(place: Office, case: Case, phone: str | None = None) -> list[str]:
    """What that number, or else the resident's, was told of moved times, without the links."""
    to = phone or case.report.phone
    return [said.rpartition(" ")[0] for number, said in place.sms.sent if number == to and "改为" in said]


@pytest.mark.req("G1", "A11", "B8")
def test_a_day_that_closes_is_told_to_the_resident_and_to_the_handler(place: Office) -> None:
    case = slow_case(place)
    amend(place, TUESDAY)
    send(place)
    said = "办结时限由25日18:00改为26日18:00"
    assert heard(place, case) == [f"【诉达】{case.number}{said}"]
    assert heard(place, case, phone_of("desk-1")) == [f"【诉达】3-1201装修手续{said}"]
    track, work = (message[1].rpartition(" ")[2] for message in place.sms.sent[-2:])
    assert link(place, case, Purpose.TRACK) in track
    assert work.endswith(link(place, case, Purpose.WORK))


@pytest.mark.req("G1")
def test_the_event_knows_both_times(place: Office) -> None:
    case = slow_case(place)
    amend(place, TUESDAY)
    payload = place.desk.cases.events(case.community, case.number)[-1].payload
    assert isinstance(payload, ev.Replanned)
    assert {change.clock: (change.before, change.after) for change in payload.moved} == {
        deadline.clock: (case.clocks.deadlines[deadline.clock].due_at, deadline.due_at)
        for deadline in payload.deadlines
    }
    assert {change.clock for change in payload.moved} >= {Clock.SOLVE}


@pytest.mark.req("G1", "A11")
def test_every_open_case_is_told_of_and_only_once(place: Office) -> None:
    cases = [slow_case(place) for _ in range(3)]
    amend(place, TUESDAY)
    send(place)
    amend(place, TUESDAY)
    send(place)
    for case in cases:
        [stored] = moved_notices(place, case)
        assert not delivery(place).deliver(stored), "given twice"
    assert len(heard(place, cases[0])) == len(cases), "they have one number, and a message each"


@pytest.mark.req("G1")
def test_what_was_told_is_taken_back_when_the_change_is(place: Office) -> None:
    case = slow_case(place)
    amend(place, TUESDAY)
    send(place)
    place.clock.advance(timedelta(minutes=5))
    amend(place, TUESDAY, restored=True)
    send(place)
    assert heard(place, case) == [
        f"【诉达】{case.number}办结时限由25日18:00改为26日18:00",
        f"【诉达】{case.number}办结时限由26日18:00改为25日18:00",
    ]


@pytest.mark.req("G1")
def test_of_a_change_taken_back_before_the_message_left_the_resident_hears_nothing(place: Office) -> None:
    case = slow_case(place)
    place.clock.set(NIGHT)
    amend(place, TUESDAY)
    send(place)
    assert [moved_notice.status for moved_notice in moved_notices(place, case)] == ["pending"], (
        "residents sleep"
    )
    place.clock.advance(timedelta(minutes=5))
    amend(place, TUESDAY, restored=True)
    place.clock.set(MORNING)
    send(place)
    assert heard(place, case) == []
    assert [moved_notice.error for moved_notice in moved_notices(place, case)] == ["known_already"] * 2
    assert len(heard(place, case, phone_of("desk-1"))) == 2, "the handler was told each time, at once"


@pytest.mark.req("G1")
def test_of_two_changes_in_one_night_one_message_tells_both(place: Office) -> None:
    case = slow_case(place)
    place.clock.set(NIGHT)
    amend(place, TUESDAY)
    place.clock.advance(timedelta(minutes=5))
    amend(place, WEDNESDAY)
    place.clock.set(MORNING)
    send(place)
    assert heard(place, case) == [f"【诉达】{case.number}办结时限由25日18:00改为27日18:00"]
    assert [moved_notice.status for moved_notice in moved_notices(place, case)] == ["sent", "skipped"]


@pytest.mark.req("G1")
def test_a_message_whose_provider_failed_tells_the_whole_difference_later(place: Office) -> None:
    case = slow_case(place)
    amend(place, TUESDAY)
    first = moved_notices(place, case)[0]
    claimed = place.stores.notices.claim(first, place.clock())
    assert claimed
    place.clock.advance(timedelta(minutes=10))
    amend(place, WEDNESDAY)
    send(place)
    assert heard(place, case) == [f"【诉达】{case.number}办结时限由25日18:00改为27日18:00"]


@pytest.mark.req("G1", "G5")
def test_an_extension_told_in_the_same_night_leaves_nothing_to_tell(place: Office) -> None:
    case = slow_case(place)
    until = case.clocks.solve_due_at + 2 * DAY
    place.do(case, "request_extension", WORKER, ExtensionForm(until, "等资料"))
    place.clock.set(NIGHT)
    place.do(case, "grant_extension", MANAGER, ReasonForm("同意"))
    amend(place, date(2026, 11, 27))  # of the new deadline's own day nothing is left
    place.clock.set(MORNING)
    send(place)
    assert place.case(case).clocks.solve_due_at == until, "an extension stands as it was granted"
    assert moved_notices(place, case) == []


@pytest.mark.req("G1")
def test_who_has_the_work_no_more_or_has_done_it_is_not_told(place: Office) -> None:
    given_away, done = slow_case(place), slow_case(place)
    done = place.do(done, "start", WORKER, NoteForm())
    amend(place, TUESDAY)
    place.do(given_away, "assign", SUPERVISOR, AssignForm("desk-2", "换人"))
    place.do(done, "complete", WORKER, CompleteForm("已道歉"))
    send(place)
    assert [moved_notice.error for moved_notice in moved_notices(place, given_away, "desk-1")] == [
        "reassigned"
    ]
    assert [moved_notice.error for moved_notice in moved_notices(place, done, "desk-1")] == ["case_moved_on"]
    assert heard(place, done) == [f"【诉达】{given_away.number}办结时限由25日18:00改为26日18:00"]


@pytest.mark.req("G1")
def test_nobody_is_told_where_nobody_needs_to_be(place: Office) -> None:
    nobodys = place.register(kind="inquiry", matter="renovation_permit").case
    own = place.do(slow_case(place), "assign", SUPERVISOR, AssignForm("manager-1", "由经理办理"))
    quick = place.register(kind="repair", matter="flooding").case
    amend(place, TUESDAY)
    assert [notice.notice.recipient for notice in every_moved(place, nobodys)] == [RESIDENT_ID]
    assert [notice.notice.recipient for notice in every_moved(place, own)] == [RESIDENT_ID], (
        "who amended it knows"
    )
    assert every_moved(place, quick) == []


def every_moved(place: Office, case: Case) -> list[StoredNotice]:
    found = place.stores.notices.of_case(case.community, case.number)
    return [notice for notice in found if notice.notice.kind in MOVED]


@pytest.mark.req("G1")
def test_a_clock_that_was_not_promised_to_the_resident_is_told_to_the_handler_only() -> None:
    place = office(community(regulation="S3"))
    case = place.register(kind="complaint", matter="staff_attitude").case
    case = place.do(case, "assign", SUPERVISOR, AssignForm("desk-1", "by hand"))
    last_day = case.clocks.deadlines[
        Clock.ANSWER
    ].due_at.date()  # of the department's answer; solving has an appointment
    agreed = AgreedVisitForm(case.clocks.solve_due_at - DAY / 24, place.clock(), "王芳", "phone")
    met = place.do(case, "agree_appointment", AGENT, agreed)
    send(place)
    amend(place, last_day)
    [stored] = every_moved(place, met)
    assert (stored.notice.recipient, stored.notice.detail) == ("desk-1", Clock.ANSWER)
    send(place)
    [said] = heard(place, met, phone_of("desk-1"))
    assert "答复时限由" in said


class PublishedLater:
    """Calendars whose days from 2027 on are published while the desk runs, and are as they were thought."""

    published_until = date(2026, 12, 31)

    def of(self, place: Community) -> Calendar:
        return replace(PlainCalendars().of(place), published_until=self.published_until)


@pytest.mark.req("G1")
def test_a_deadline_that_became_sure_and_did_not_move_is_no_news(place: Office) -> None:
    calendars = PublishedLater()
    place.desk = replace(place.desk, calendars=calendars)
    place.clock.set(datetime(2026, 12, 30, 1, 0, tzinfo=UTC))
    case = place.register(kind="repair", matter="public_other").case
    assert case.clocks.deadlines[Clock.SOLVE].provisional
    calendars.published_until = date(2027, 12, 31)
    place.do(case, "replan", TIMER, ReplanForm("published"))
    assert not place.case(case).clocks.deadlines[Clock.SOLVE].provisional
    assert every_moved(place, case) == []


# ---- pages and API -----------------------------------------------------------------------------------------


@pytest.fixture
def browser(place: Office) -> Iterator[Browser]:
    with browsing(place) as made:
        yield made


@pytest.mark.req("G1", "G2", "B8", "E5")
def test_the_pages_show_both_times_and_why(browser: Browser, place: Office) -> None:
    case = slow_case(place)
    amend(place, TUESDAY)
    times = "办结 由 11月25日 周三 18:00 改为 11月26日 周四 18:00"
    track = text(browser.get(link(place, case, Purpose.TRACK)))
    assert f"因工作日历调整，时限有变 {times} 原因 11月24日（周二）：停电检修" in track
    browser.sign_in("agent-1")
    page = text(browser.get(f"/desk/riverside/cases/{case.number}"))
    assert f"按日历重算时限 {times}" in page
    assert "原因 11月24日（周二）：停电检修" in page
    assert "时限调整告知" in page
    assert times in text(browser.get(link(place, case, Purpose.WORK)))


@pytest.mark.req("G1", "E5")
def test_the_resident_s_timeline_has_both_times(browser: Browser, place: Office) -> None:
    case = slow_case(place)
    amend(place, TUESDAY)
    code = link(place, case, Purpose.TRACK).rpartition("/")[2]
    answer = browser.client.http.get(f"/v1/links/{code}").json_body
    [entry] = [entry for entry in answer["timeline"] if entry["type"] == "replanned"]
    assert (entry["clock"], entry["amended"], entry["text"]) == ("solve", "2026-11-24", "停电检修")
    assert (entry["instead_of"], entry["until"]) == ("2026-11-25T10:00:00Z", "2026-11-26T10:00:00Z")


def test_the_sample_day_is_a_monday() -> None:
    assert (MONDAY.weekday(), TUESDAY.weekday()) == (0, 1)
