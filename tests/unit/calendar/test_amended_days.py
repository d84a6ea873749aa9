"""A day of the calendar is amended: who may, what becomes of open cases and their timers (G1, G2)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib import wiring
from chalicelib.adapters.calendars import CommunityCalendars
from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm
from chalicelib.domain.community.community import AmendedDay, Community, Hours
from chalicelib.domain.community.roles import RESIDENT, TIMER, Actor, Role
from chalicelib.domain.deadlines.calendar import Calendar
from chalicelib.domain.deadlines.deadline import replay
from chalicelib.domain.deadlines.opening_hours import windows_of
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.errors import CalendarError, InvalidInputError
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.timers import next_step
from chalicelib.services.calendar.replan import LOOKED_FOR
from chalicelib.services.notices.delivery import Delivery
from chalicelib.services.paging import PAGE
from chalicelib.services.workflows.executions import Execution
from chalicelib.services.workflows.reconcile import Reconciliation
from chalicelib.services.workflows.tasks import Workflows
from tests.api_desk import BASE_URL, ApiDesk, api_desk, pool
from tests.builders import MONDAY, SUPERVISOR, Office, community
from tests.fakes.clocks import PlainCalendars
from tests.fakes.directory import FakeDirectory
from tests.words import texts

CALENDAR = "/v1/communities/riverside/calendar"
DAY = timedelta(days=1)
DESK_1 = Actor(Role.HANDLER, "desk-1")
TUESDAY, WEDNESDAY, SATURDAY = "2026-11-24", "2026-11-25", "2026-11-28"


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


def run_under(desk: ApiDesk, pack: str) -> None:
    """The community begins to run under that regulation."""
    directory = desk.office.stores.directory
    assert isinstance(directory, FakeDirectory)
    directory.put(replace(directory.community("riverside"), regulation=pack))


def slow_case(desk: ApiDesk) -> Case:
    """A question about a procedure under S2: to be solved in two working days from Monday 09:00."""
    run_under(desk, "S2")
    case = desk.office.register(kind="inquiry", matter="move_card").case
    assert case.clocks.solve_due_at == MONDAY + 2 * DAY + timedelta(hours=9), "Wednesday 18:00"
    return case


def amend(desk: ApiDesk, day: str, *windows: tuple[str, str], reason: str = "停电检修") -> Any:
    body = {"reason": reason, "windows": windows} if windows else {"reason": reason, "closed": True}
    answer = desk.call("PUT", f"{CALENDAR}/{day}", body, user="manager-1")
    assert answer.status_code == 200, answer.body
    return answer.json_body


def restore(desk: ApiDesk, day: str) -> Any:
    answer = desk.call("DELETE", f"{CALENDAR}/{day}?reason=works+are+off", user="manager-1")
    assert answer.status_code == 200, answer.body
    return answer.json_body


def last_event(desk: ApiDesk, case: Case) -> ev.Event:
    return desk.office.desk.cases.events(case.community, case.number)[-1]


@pytest.mark.req("G1", "G2")
def test_a_closed_day_moves_what_crosses_it_with_the_reason_on_record(desk: ApiDesk) -> None:
    case = slow_case(desk)
    quick = desk.office.register(kind="repair", matter="flooding").case
    answer = amend(desk, TUESDAY)
    assert answer["day"] == {
        "date": TUESDAY,
        "windows": [],
        "name": "停电检修",
        "provisional": False,
        "amended_by": "manager-1",
    }
    moved = desk.office.case(case)
    assert moved.clocks.solve_due_at == case.clocks.solve_due_at + DAY
    assert replay(moved.clocks.deadlines[Clock.SOLVE]) == moved.clocks.solve_due_at
    event = last_event(desk, case)
    assert (event.actor.role, event.actor.id, event.command) == (Role.MANAGER, "manager-1", "replan")
    assert isinstance(event.payload, ev.Replanned)
    assert (event.payload.amended, event.payload.reason) == (date(2026, 11, 24), "停电检修")
    assert [deadline.clock for deadline in event.payload.deadlines] == [Clock.SOLVE], (
        "the others end on Monday"
    )
    assert desk.office.case(quick).version == quick.version, "ten minutes do not cross the day"
    assert answer["cases"] == {"looked_at": 1, "planned_anew": 1, "left": 0}
    assert desk.office.memory is not None
    line = desk.office.memory.lines[case.community, case.number]
    assert (line.planned_until, line.next_timer_at) == (
        moved.clocks.solve_due_at,
        next_step(moved, context(desk)).wake_at,
    )


def context(desk: ApiDesk) -> Any:
    office = desk.office.desk
    return office.context(office.directory.community("riverside"))


@pytest.mark.req("G1", "G2", "B7")
def test_the_reasons_name_the_day_and_what_was_promised_first(desk: ApiDesk) -> None:
    case = slow_case(desk)
    amend(desk, TUESDAY, reason="burst main")
    path = f"/v1/communities/riverside/cases/{case.number}"
    seen = desk.get(path, user="agent-1", headers={"Accept-Language": "en"}).json_body
    solve = next(deadline for deadline in seen["deadlines"] if deadline["clock"] == "solve")
    assert solve["reasons"][:3] == [
        "2 working days from Mon 23 Nov 2026 09:00, not counting that day, so by the end of Thu 26 Nov",
        "the community's own day off: Tue 24 Nov (burst main)",
        "first promised by Wed 25 Nov 2026 18:00",
    ]
    assert (solve["due_at"][:16], solve["first_due_at"][:16]) == ("2026-11-26T18:00", "2026-11-25T18:00")
    history = desk.get(f"{path}/events", user="agent-1").json_body["items"]
    assert history[-1]["type"] == "replanned"
    details = history[-1]["details"]
    assert not history[-1]["automatic"]
    assert (details["amended"], details["reason"]) == ("2026-11-24", "burst main")


@pytest.mark.req("G1")
def test_a_day_that_is_none_is_refused_with_what_would_be_right(desk: ApiDesk) -> None:
    given = {"reason": "burst main", "amended": "tomorrow"}
    answer = desk.command(slow_case(desk).number, "replan", given, user="manager-1")
    assert (answer.status_code, answer.json_body["Code"]) == (400, "InvalidInput")
    assert answer.json_body["Message"] == "'amended': That is no day. Write it like 2026-09-30."


@pytest.mark.req("G1", "G2")
def test_restored_a_day_moves_the_deadline_earlier_again_and_says_so(desk: ApiDesk) -> None:
    case = slow_case(desk)
    amend(desk, TUESDAY)
    answer = restore(desk, TUESDAY)
    assert answer["day"]["windows"] == [["08:30", "12:00"], ["14:00", "18:00"]]
    assert answer["cases"]["planned_anew"] == 1
    assert desk.office.case(case).clocks.deadlines[Clock.SOLVE] == case.clocks.deadlines[Clock.SOLVE], (
        "as if nothing had been"
    )
    restored = last_event(desk, case).payload
    assert isinstance(restored, ev.Replanned)
    assert (restored.amended, restored.reason) == (date(2026, 11, 24), "works are off")
    for day in (TUESDAY, "2026-11-28"):
        answer = desk.call("DELETE", f"{CALENDAR}/{day}?reason=works+are+off", user="manager-1")
        assert answer.status_code == 404, "it was restored already, or was never changed"
        assert day in str(answer.json_body)


@pytest.mark.req("G1")
def test_an_extra_working_day_moves_deadlines_earlier(desk: ApiDesk) -> None:
    desk.office.clock.set(MONDAY + 4 * DAY)  # a Friday
    run_under(desk, "S2")
    case = desk.office.register(kind="repair", matter="public_other").case
    assert case.clocks.solve_due_at == datetime(2026, 12, 2, 10, 0, tzinfo=UTC), (
        "three working days: Wednesday"
    )
    amend(desk, SATURDAY, ("08:30", "12:00"), ("14:00", "18:00"))
    assert desk.office.case(case).clocks.solve_due_at == datetime(2026, 12, 1, 10, 0, tzinfo=UTC)


@pytest.mark.req("G1", "G2")
def test_what_has_run_out_stands_and_nobody_is_made_late(desk: ApiDesk) -> None:
    case = slow_case(desk)
    sign = desk.office.do(
        case, "assign", SUPERVISOR, AssignForm(handler="desk-1", reason="by hand")
    ).clocks.deadlines[Clock.SIGN]
    desk.office.clock.set(sign.due_at + timedelta(minutes=1))
    amend(desk, "2026-11-23", ("08:30", "09:30"), reason="closed after half past nine")
    after = desk.office.case(case)
    assert after.clocks.deadlines[Clock.SIGN] == sign, "it ended at 11:00, before anybody knew"
    assert after.clocks.solve_due_at == case.clocks.solve_due_at, "the day of the start never counted"
    desk.office.clock.set(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))  # Wednesday 17:00, an hour before the end
    amend(desk, WEDNESDAY, ("08:30", "12:00"), reason="closed in the afternoon")
    assert desk.office.case(case).clocks.solve_due_at == case.clocks.solve_due_at, (
        "noon has passed: nobody is late by this"
    )


@pytest.mark.req("G1", "G3")
def test_timers_follow_in_both_directions(desk: ApiDesk) -> None:
    office = desk.office
    flows = Workflows(office.desk, office.stores.waiting, office.workflow)
    case = office.do(slow_case(desk), "assign", SUPERVISOR, AssignForm("desk-1", "by hand"))
    case = office.do(case, "sign", DESK_1, SignForm("甲"))
    case = office.do(case, "start", DESK_1, NoteForm())
    flows.follow(case.community, case.number)
    [execution] = office.workflow.executions.values()
    turn_of = execution.given["turn"]

    def waits(token: str) -> datetime:
        present = office.case(case)
        wake_at = next_step(present, context(desk)).wake_at
        assert wake_at is not None
        office.workflow.open_task(token)
        flows.keep_token(Execution(**turn_of), "completion", wake_at, 1, token)  # type: ignore[arg-type]
        return wake_at

    first = waits("token 1")
    amend(desk, TUESDAY)
    later = next_step(office.case(case), context(desk)).wake_at
    assert later is not None
    flows.follow(case.community, case.number)
    assert later > first
    assert not office.workflow.answers, "it wakes at the old time, finds nothing due, and waits on"
    office.clock.set(first)
    assert office.case(flows.fire_due(office.case(case)).case).clocks.fired == ()
    office.workflow.waiting.clear()
    waits("token 2")
    restore(desk, TUESDAY)
    flows.follow(case.community, case.number)
    [(token, result)] = office.workflow.answers
    assert token == "token 2", "woken: the next timer is sooner now"
    assert datetime.fromisoformat(str(result["wake_at"])) == first


@pytest.mark.req("G3")
def test_a_reminder_that_was_given_is_not_given_again(desk: ApiDesk) -> None:
    office = desk.office
    case = slow_case(desk)
    flows = Workflows(office.desk, office.stores.waiting, office.workflow)
    office.clock.set(datetime(2026, 11, 24, 6, 0, tzinfo=UTC))
    reminded = flows.fire_due(case).case
    assert "solve:remind:1" not in {str(key) for key in reminded.clocks.fired}
    office.clock.set(datetime(2026, 11, 24, 10, 0, tzinfo=UTC))
    reminded = flows.fire_due(office.case(case)).case
    assert "solve:remind:1" in {str(key) for key in reminded.clocks.fired}
    amend(desk, WEDNESDAY)
    moved = office.case(case)
    assert moved.clocks.solve_due_at == case.clocks.solve_due_at + DAY
    assert moved.clocks.fired == reminded.clocks.fired


def sweep(office: Office) -> Reconciliation:
    delivery = Delivery(
        office.desk, office.stores.notices, office.sms, office.mail, "https://desk.example.com", texts
    )
    return Reconciliation(Workflows(office.desk, office.stores.waiting, office.workflow), delivery)


@pytest.mark.req("G1")
@pytest.mark.parametrize("thorough", [False, True])
def test_the_sweep_does_what_was_missed_and_does_it_once(desk: ApiDesk, thorough: bool) -> None:
    office = desk.office
    case = slow_case(desk)
    at_once = sweep(office).run(thorough=thorough)
    assert at_once.planned_anew == 0
    office.desk.directory.amend("riverside", AmendedDay(TUESDAY, (), "停电检修"), office.clock())
    found = sweep(office).run(thorough=thorough)
    assert (found.planned_anew, found.not_mended) == (1, 0)
    assert office.case(case).clocks.solve_due_at == case.clocks.solve_due_at + DAY
    event = next(
        event
        for event in office.desk.cases.events(case.community, case.number)
        if isinstance(event.payload, ev.Replanned)
    )
    assert event.actor == TIMER
    assert sweep(office).run(thorough=thorough).planned_anew == 0


@pytest.mark.req("G1")
def test_the_sweep_reads_no_case_for_a_calendar_that_has_not_changed_of_late(desk: ApiDesk) -> None:
    office = desk.office
    office.do(slow_case(desk), "assign", SUPERVISOR, AssignForm("desk-1", "by hand"))
    sweep(office).run(thorough=True)
    office.desk.directory.amend("riverside", AmendedDay("2026-12-31", (), "?"), office.clock())
    office.clock.advance(LOOKED_FOR)
    assert office.memory is not None
    sweep(office).run(thorough=False)
    before = office.memory.calls["cases.get"]
    sweep(office).run(thorough=False)
    assert office.memory.calls["cases.get"] == before


class NoticeNotOutYet:
    """Calendars of a country whose notice for 2027 comes out while the desk runs."""

    def __init__(self) -> None:
        self.published_until = date(2026, 12, 31)
        self.holidays: dict[date, str] = {}

    def of(self, place: Community) -> Calendar:
        return replace(
            PlainCalendars().of(place), holidays=self.holidays, published_until=self.published_until
        )


@pytest.mark.req("G1")
def test_provisional_deadlines_are_planned_anew_when_the_year_is_published(desk: ApiDesk) -> None:
    office = desk.office
    calendars = NoticeNotOutYet()
    made = replace(office.desk, calendars=calendars)
    run_under(desk, "S2")
    office.clock.set(datetime(2026, 12, 30, 1, 0, tzinfo=UTC))
    receipt = replace(office, desk=made).register(kind="repair", matter="public_other")
    solve = receipt.case.clocks.deadlines[Clock.SOLVE]
    assert solve.provisional
    assert solve.due_at == datetime(2027, 1, 4, 10, 0, tzinfo=UTC)
    swept = replace(office, desk=made)
    sweep(swept).run(thorough=True)
    assert office.case(receipt.case).clocks.deadlines[Clock.SOLVE].provisional, "still not known"
    calendars.published_until = date(2027, 12, 31)
    calendars.holidays = {date(2027, 1, 1): "元旦", date(2027, 1, 4): "元旦"}
    found = sweep(swept).run(thorough=False)
    assert found.planned_anew == 1
    now_sure = office.case(receipt.case).clocks.deadlines[Clock.SOLVE]
    assert not now_sure.provisional
    assert now_sure.due_at == datetime(2027, 1, 6, 10, 0, tzinfo=UTC)


@pytest.mark.req("G1")
def test_many_open_cases_are_done_page_by_page_and_the_rest_is_left_to_the_sweep(
    desk: ApiDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = desk.office
    slow_case(desk)
    for _ in range(PAGE + 5):
        office.register(kind="inquiry", matter="move_card")
    assert amend(desk, TUESDAY)["cases"] == {"looked_at": PAGE + 6, "planned_anew": PAGE + 6, "left": 0}
    monkeypatch.setattr("chalicelib.services.calendar.days.PATIENCE", timedelta())
    assert restore(desk, TUESDAY)["cases"] == {"looked_at": 0, "planned_anew": 0, "left": PAGE + 6}
    assert sweep(office).run(thorough=False).planned_anew == PAGE + 6


def test_a_case_that_ends_meanwhile_is_left_alone(desk: ApiDesk) -> None:
    case = slow_case(desk)
    desk.office.do(case, "withdraw", RESIDENT, ReasonForm("误报"))
    assert amend(desk, TUESDAY)["cases"]["looked_at"] == 0
    assert desk.office.case(case).state is State.WITHDRAWN


@pytest.mark.req("G1")
def test_the_year_shows_what_was_amended(desk: ApiDesk) -> None:
    amend(desk, TUESDAY)
    amend(desk, SATURDAY, ("09:00", "12:00"), reason="move-in day")
    year = desk.get(f"{CALENDAR}?year=2026", user="engineering-1").json_body
    assert [(day["date"], day["name"], day["windows"]) for day in year["amended"]] == [
        (TUESDAY, "停电检修", []),
        (SATURDAY, "move-in day", [["09:00", "12:00"]]),
    ]
    assert year["working_days"] == 261, "261 weekdays, one closed, one more"
    assert sum(year["working_days_by_month"]) == 261
    assert desk.get(CALENDAR, user="agent-1").json_body["year"] == 2026


@pytest.mark.req("G1")
def test_the_year_of_china() -> None:
    with api_desk() as desk:
        real = replace(desk.office.desk, calendars=CommunityCalendars())
        wiring.use(desk=real, identity=pool(), base_url=BASE_URL)
        year = desk.get(f"{CALENDAR}?year=2026", user="agent-1").json_body
        assert [makeup_day["date"] for makeup_day in year["makeup_days"]] == [
            "2026-01-04",
            "2026-02-14",
            "2026-02-28",
            "2026-05-09",
            "2026-09-20",
            "2026-10-10",
        ]
        assert ("2026-10-01", "国庆节") in [
            (holiday["date"], holiday["name"]) for holiday in year["holidays"]
        ]
        assert "2026-10-04" not in [holiday["date"] for holiday in year["holidays"]], "a Sunday is off anyway"
        assert (year["working_days"], year["provisional_from"]) == (248, None)
        following = desk.get(f"{CALENDAR}?year=2027", user="agent-1").json_body
        assert following["provisional_from"] == "2027-01-01"
        assert desk.get(f"{CALENDAR}?year=2000", user="agent-1").json_body["provisional_from"] == "2000-01-01"


@pytest.mark.parametrize(
    ("day", "body", "message"),
    [
        ("2026-11-22", {"closed": True, "reason": "x"}, "has passed, and what was promised by it stands"),
        ("2030-11-23", {"closed": True, "reason": "x"}, "too far off"),
        ("2026-02-30", {"closed": True, "reason": "x"}, "a day such as"),
        ("tomorrow", {"closed": True, "reason": "x"}, "a day such as"),
        (TUESDAY, {"closed": True}, "'reason' is missing"),
        (TUESDAY, {"closed": True, "reason": " "}, "'reason' is empty"),
        (TUESDAY, {"reason": "x"}, "Say either"),
        (TUESDAY, {"closed": True, "windows": [["09:00", "12:00"]], "reason": "x"}, "Say either"),
        (TUESDAY, {"windows": [["12:00", "09:00"]], "reason": "x"}, "closes before it opens"),
        (TUESDAY, {"windows": [["9", "12:00"]], "reason": "x"}, "'9' is no time of day"),
        (TUESDAY, {"windows": [["09:00", "24:01"]], "reason": "x"}, "no time of day"),
        (TUESDAY, {"windows": [["09:00"]], "reason": "x"}, "'windows"),
        (TUESDAY, {"windows": [["09:00", "12:00"], ["11:00", "13:00"]], "reason": "x"}, "overlap"),
        (TUESDAY, {"windows": [["00:00", "01:00"]] * 9, "reason": "x"}, "at most 8 windows"),
        (TUESDAY, {"closed": True, "reason": "x", "by": "me"}, "Unknown: 'by'"),
    ],
)
def test_a_day_that_cannot_be_is_refused(desk: ApiDesk, day: str, body: Any, message: str) -> None:
    answer = desk.call("PUT", f"{CALENDAR}/{day}", body, user="manager-1")
    assert (answer.status_code, answer.json_body["Code"]) == (400, "InvalidInput")
    assert message in answer.json_body["Message"]
    assert desk.office.desk.directory.community("riverside").amendments == ()


def test_a_day_is_restored_with_a_reason_only(desk: ApiDesk) -> None:
    answer = desk.call("DELETE", f"{CALENDAR}/{TUESDAY}", user="manager-1")
    assert answer.status_code == 400
    assert "'reason' is empty" in answer.json_body["Message"]


@pytest.mark.parametrize("year", ["26", "1999", "2101", "soon"])
def test_a_year_that_no_case_can_have(desk: ApiDesk, year: str) -> None:
    assert desk.get(f"{CALENDAR}?year={year}", user="agent-1").status_code == 400


# ---- hours of a community ---------------------------------------------------------------------------------


@pytest.mark.req("G1")
def test_hours_of_ones_own() -> None:
    late = community(
        hours=(Hours((0, 1, 2, 3, 4), (("13:00", "24:00"),)), Hours((5,), (("09:00", "12:00"),)))
    )
    calendar = CommunityCalendars().of(late)
    assert calendar.working_day == timedelta(hours=11)
    assert calendar.is_working_day(date(2026, 11, 28)), "a Saturday"
    assert not calendar.is_working_day(date(2026, 11, 29))
    assert not calendar.is_working_day(date(2026, 10, 1)), "the country's holidays hold"


@pytest.mark.req("G1")
def test_a_subdivision_has_holidays_of_its_own() -> None:
    bavaria = community(zone="Europe/Berlin", country="DE", subdivision="BY")
    hamburg = replace(bavaria, subdivision="HH")
    all_saints = date(2027, 11, 1)
    assert not CommunityCalendars().of(bavaria).is_working_day(all_saints)
    assert CommunityCalendars().of(hamburg).is_working_day(all_saints)


@pytest.mark.parametrize(
    "hours",
    [
        (Hours((7,), (("09:00", "12:00"),)),),
        (Hours((0,), (("09:00", "12:00"),)), Hours((0,), (("13:00", "15:00"),))),
        (Hours((0,), (("12:00", "09:00"),)),),
        (Hours((0,), ()),),
    ],
)
def test_hours_in_the_directory_that_cannot_be_are_a_broken_calendar(hours: tuple[Hours, ...]) -> None:
    with pytest.raises(CalendarError):
        CommunityCalendars().of(community(hours=hours))


def test_windows_are_told_apart() -> None:
    assert [(window.opens, window.closes) for window in windows_of([("00:00", "24:00")])] == [(0, 1440)]
    with pytest.raises(InvalidInputError, match="08:00–10:00 and 09:00–12:00 overlap"):
        windows_of([("08:00", "10:00"), ("09:00", "12:00")])
