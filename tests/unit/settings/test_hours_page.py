"""A manager sets the hours of the desk by page: looked at first, from a day on, on record (A7, G1)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from chalice.test import HTTPResponse
from msgspec.structs import replace

from chalicelib.adapters.calendars import CommunityCalendars
from chalicelib.domain.community.community import Hours, StaffedWeek
from chalicelib.domain.deadlines.deadline import deadline_for, replay
from chalicelib.domain.deadlines.opening_hours import pair_of
from chalicelib.domain.regulation.limits import Clock, Limit, Unit
from chalicelib.domain.regulation.rules import Rule
from tests.browser import Browser, Form, browsing, html, text
from tests.builders import MONDAY, Office, community, office

PAGE = "/desk/riverside/settings"
TOMORROW = (MONDAY + timedelta(days=1)).date()
OLD = (Hours((0, 1, 2, 3, 4), (("09:00", "18:00"),)),)
NEW = (Hours((0, 1, 2, 3, 4, 5, 6), (("08:00", "22:00"),)),)


@pytest.fixture
def desk() -> Office:
    made = office(replace(community(), staffed_hours=OLD))
    made.desk = replace(made.desk, calendars=CommunityCalendars(lambda: MONDAY.date()))
    return made


@pytest.fixture
def manager(desk: Office) -> Iterator[Browser]:
    with browsing(desk) as browser:
        browser.sign_in("manager-1")
        yield browser


def form_of(browser: Browser, act: str, page: HTTPResponse | None = None) -> dict[str, str]:
    forms = Form(html(page or browser.get(PAGE))).forms
    found = next(fields for action, fields in forms.items() if action.endswith(f"/{act}"))
    return {name: value for name, value in found.items() if not name.endswith("?")}


def week(day: date = TOMORROW, reason: str = "延长服务时间") -> dict[str, str]:
    days = {f"day{weekday}": "8:00-12:00, 13:00～22:00" for weekday in range(6)}
    return {**days, "day6": "", "from": day.isoformat(), "reason": reason}


@pytest.mark.req("A7", "G1")
def test_hours_are_looked_at_before_they_hold_from_their_day_on(desk: Office, manager: Browser) -> None:
    case = desk.register(kind="repair", matter="door_window").case
    due = desk.case(case).deadlines[Clock.SOLVE].due_at
    csrf = {"csrf": form_of(manager, "hours")["csrf"]}
    looked = manager.post(f"{PAGE}/hours", {**csrf, **week(), "step": "look"})
    assert looked.status_code == 200
    assert "08:00–12:00, 13:00–22:00" in text(looked)
    assert case.number in text(looked), "its deadline would move"
    here = desk.desk.directory.community("riverside")
    assert not here.staffed_weeks, "nothing holds yet"
    assert desk.case(case).deadlines[Clock.SOLVE].due_at == due
    for _ in range(2):  # pressed twice
        assert manager.post(f"{PAGE}/hours", {**csrf, **week(), "step": "do"}).status_code == 303
    (made,) = desk.desk.directory.community("riverside").staffed_weeks
    assert (made.valid_from, made.by, made.reason) == (TOMORROW.isoformat(), "manager-1", "延长服务时间")
    assert desk.case(case).deadlines[Clock.SOLVE].due_at < due, "planned anew, with the reason on record"
    shown = text(manager.get(PAGE))
    assert f"{TOMORROW} 起" in shown
    assert f"设定值守时间，起始日期：{TOMORROW}" in shown
    assert manager.post(f"{PAGE}/hours_back", {**csrf, "from": TOMORROW.isoformat()}).status_code == 303
    assert manager.post(f"{PAGE}/hours_back", {**csrf, "from": TOMORROW.isoformat()}).status_code == 303
    assert not desk.desk.directory.community("riverside").staffed_weeks


@pytest.mark.req("A7")
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"from": MONDAY.date().isoformat()}, "须从"),
        ({"from": "2036-01-01"}, "须从"),
        ({"from": "soon"}, "请写成"),
        ({"day0": "morning"}, "请写成"),
        ({"day0": "12:00-08:00"}, "结束晚于开始"),
        ({f"day{weekday}": "" for weekday in range(7)}, "至少填写一天"),
        ({"reason": " "}, ""),
    ],
)
def test_hours_that_cannot_be_are_refused_and_kept(
    desk: Office, manager: Browser, wrong: dict[str, str], said: str
) -> None:
    csrf = {"csrf": form_of(manager, "hours")["csrf"]}
    refused = manager.post(f"{PAGE}/hours", {**csrf, **week(), **wrong, "step": "do"})
    assert refused.status_code == 400
    assert said in text(refused)
    assert "8:00-12:00, 13:00～22:00" in html(refused) or len(wrong) > 1
    assert not desk.desk.directory.community("riverside").staffed_weeks


@pytest.mark.req("A7", "G2")
@pytest.mark.parametrize("today", [date(2026, 11, 25), date(2026, 12, 2)])
def test_a_deadline_counts_each_day_in_the_hours_of_that_day(today: date) -> None:
    """Before and after the change: the same instant, by the calendar and by the ledger alone."""
    later = StaffedWeek("2026-12-01", NEW, on_holidays=True, reason="延长")
    here = replace(community(), staffed_hours=OLD, staffed_weeks=(later,))
    calendar = CommunityCalendars(lambda: today).of(here)
    assert calendar.staffed is not None
    windows = [
        [pair_of(one) for one in calendar.staffed.windows_on(date(2026, *day))] for day in ((11, 30), (12, 1))
    ]
    assert windows == [[("09:00", "18:00")], [("08:00", "22:00")]]
    rule = Rule("test", Clock.SIGN, Limit(4, Unit.HOURS, around_the_clock=False), "ours", "A7", "test")
    start = datetime(2026, 11, 30, 8, tzinfo=UTC)  # 16:00 in Shanghai
    deadline = deadline_for(rule, start, calendar)
    assert deadline.due_at == datetime(2026, 12, 1, 2, tzinfo=UTC), "two hours today, two from 08:00 tomorrow"
    assert replay(deadline) == deadline.due_at


@pytest.mark.req("F")
def test_a_building_is_written_down_named_otherwise_and_taken_out_of_service(
    desk: Office, manager: Browser
) -> None:
    csrf = {"csrf": form_of(manager, "building")["csrf"]}
    for begins, name in (("3号楼", "3号楼"), ("12", "云栖阁"), ("3", "听涛阁")):
        typed = {**csrf, "building": begins, "name": name}
        assert manager.post(f"{PAGE}/building", typed).status_code == 303
    known = desk.desk.directory.community("riverside").buildings
    assert [(building.id, building.name) for building in known] == [("3", "听涛阁"), ("12", "云栖阁")]
    assert 'value="3, 12"' in html(manager.get("/desk/riverside/posters"))
    assert "听涛阁" in text(manager.get("/desk/riverside/posters?buildings=3"))
    desk.register(unit="3-1201")
    refused = manager.post(f"{PAGE}/building_off", {**csrf, "building": "3"})
    assert (refused.status_code, "未结工单 1 件" in text(refused)) == (409, True)
    for _ in range(2):
        assert manager.post(f"{PAGE}/building_off", {**csrf, "building": "12"}).status_code == 303
    shown = text(manager.get(PAGE))
    assert "云栖阁 · 已停用" in shown
    assert "停用楼栋：云栖阁" in shown
    assert 'value="3"' in html(manager.get("/desk/riverside/posters"))
    assert manager.post(f"{PAGE}/building", {**csrf, "building": "—", "name": "？"}).status_code == 400
