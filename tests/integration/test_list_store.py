"""Lists of cases, on the fakes and on DynamoDB: who is in them, their order, their pages."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

import pytest

from chalicelib.domain.case.case import State
from chalicelib.domain.case.fold import fold
from chalicelib.domain.case.form_fields import NoteForm
from chalicelib.domain.case.outcome import Outcome
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.follow_up.forms import RateForm
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.timers import TimersForm
from chalicelib.domain.work.forms import CompleteForm
from chalicelib.services.records import CaseLine, Page
from tests.builders import MONDAY, SUPERVISOR, Office, community, office

ENGINEER = Actor(Role.HANDLER, "engineering-1")


def walk(page_after: Callable[[Mapping[str, str] | None], Page[CaseLine]]) -> Iterator[CaseLine]:
    """Every line, page by page."""
    cursor = None
    for _ in range(100):
        page = page_after(cursor)
        yield from page.items
        cursor = page.cursor
        if cursor is None:
            return
    raise AssertionError("the list does not end")


def open_numbers(place: Office, department: str | None = None, handler: str | None = None) -> list[str]:
    """The open cases in the order of the list, read in pages of two."""
    lines = walk(
        lambda cursor: place.stores.cases.open_work(
            "riverside", department=department, handler=handler, limit=2, cursor=cursor
        )
    )
    return [line.number for line in lines]


def assigned(place: Office, matter: str, handler: str) -> str:
    """A case in somebody's hands; its number."""
    case = place.register(matter=matter).case
    form = AssignForm(handler=handler, reason="by hand")
    return place.do(case, "assign", SUPERVISOR, form).number


@pytest.mark.req("B7")
def test_open_work_is_in_order_of_what_is_due_first(place: Office) -> None:
    slow = place.register(matter="lighting_lock").case
    fast = place.register(matter="seepage", urgency="emergency").case
    ends = [min(deadline.due_at for deadline in case.clocks.deadlines.values()) for case in (fast, slow)]
    assert ends == sorted(ends)
    assert ends[0] < ends[1]
    place.register("hillside")

    assert open_numbers(place) == [fast.number, slow.number]


def test_open_work_of_a_department_and_of_a_handler(place: Office) -> None:
    first = assigned(place, "lighting_lock", "engineering-1")
    place.clock.advance(timedelta(minutes=1))
    second = assigned(place, "lighting_lock", "engineering-2")
    third = assigned(place, "cleaning", "cleaning-1")
    unassigned = place.register(matter="lighting_lock").case.number

    assert set(open_numbers(place)) == {first, second, third, unassigned}
    assert set(open_numbers(place, department="engineering")) == {first, second, unassigned}
    assert open_numbers(place, handler="engineering-1") == [first]
    assert open_numbers(place, department="cleaning", handler="engineering-2") == [second]
    assert open_numbers(place, department="security") == []


def test_a_case_moves_from_one_handlers_list_to_the_next(place: Office) -> None:
    number = assigned(place, "lighting_lock", "engineering-1")
    case = place.stores.cases.get("riverside", number)
    place.do(case, "assign", SUPERVISOR, AssignForm(handler="engineering-2", reason="swap"))

    assert open_numbers(place, handler="engineering-1") == []
    assert open_numbers(place, handler="engineering-2") == [number]


def test_a_line_says_how_the_case_stands(place: Office) -> None:
    number = assigned(place, "lighting_lock", "engineering-1")
    case = place.stores.cases.get("riverside", number)

    page = place.stores.cases.open_work(
        "riverside", department=None, handler="engineering-1", limit=5, cursor=None
    )
    (line,) = page.items
    assert (line.community, line.number, line.state, line.round) == ("riverside", number, State.ASSIGNED, 1)
    assert (line.matter, line.department, line.handler) == ("lighting_lock", "engineering", "engineering-1")
    assert (line.due_for, line.registered_at, line.overdue) == ("sign", MONDAY, False)
    assert line.due_at == case.clocks.deadlines[Clock.SIGN].due_at
    assert line.next_timer_at is not None
    assert line.next_timer_at > MONDAY
    assert line.summary == case.report.text


@pytest.mark.req("B7", "G3")
def test_a_line_says_what_is_overdue_and_wakes_next(place: Office) -> None:
    number = assigned(place, "lighting_lock", "engineering-1")
    before = place.stores.cases.register("riverside", "202611", 5, None).items[0]
    place.clock.advance(timedelta(days=1))
    case = place.stores.cases.get("riverside", number)
    place.do(case, "fire_timers", Actor(Role.SYSTEM, "timer"), TimersForm())

    after = place.stores.cases.register("riverside", "202611", 5, None).items[0]
    assert not before.overdue
    assert after.overdue
    assert after.next_timer_at is None or after.next_timer_at > place.clock()


def test_a_long_report_is_cut_in_the_line(place: Office) -> None:
    place.register(text="漏水\n很 严重。" * 50)

    (line,) = place.stores.cases.register("riverside", "202611", 5, None).items
    assert len(line.summary) == 60
    assert line.summary.startswith("漏水 很 严重。漏水")
    assert line.summary.endswith("…")


@pytest.mark.parametrize("cases", [0, 1, 2, 3, 4, 5])
def test_pages_give_each_case_once_and_end(place: Office, cases: int) -> None:
    numbers = [place.register().case.number for _ in range(cases)]

    listed = list(walk(lambda cursor: place.stores.cases.register("riverside", "202611", 2, cursor)))
    assert [case.number for case in listed] == numbers
    assert sorted(open_numbers(place)) == numbers
    last = place.stores.cases.register("riverside", "202611", max(1, cases), None)
    assert last.cursor is None, "nothing is left, so nothing is promised"


def test_a_cursor_holds_when_the_list_changes(place: Office) -> None:
    numbers = [place.register().case.number for _ in range(4)]
    first = place.stores.cases.register("riverside", "202611", 2, None)
    place.do(place.stores.cases.get("riverside", numbers[0]), "urge", RESIDENT, NoteForm())
    place.register()

    rest = place.stores.cases.register("riverside", "202611", 5, first.cursor)
    assert [item.number for item in rest.items] == [*numbers[2:], "202611-0005"]


@pytest.mark.req("A4")
def test_the_register_is_in_order_of_number_beyond_four_digits(place: Office) -> None:
    elsewhere = office()
    assert elsewhere.memory is not None
    elsewhere.memory.serials["riverside", "202611"] = (9998, MONDAY)
    for _ in range(3):
        case = elsewhere.register().case
        events = elsewhere.stores.cases.events("riverside", case.number)
        outcome = Outcome(None, events, fold(events, "riverside", case.number))
        place.stores.cases.create(place.desk.change(outcome, place.desk.context_of(case)))

    listed = place.stores.cases.register("riverside", "202611", 5, None).items
    assert [case.number for case in listed] == ["202611-9999", "202611-10000", "202611-10001"]
    key = place.desk.unit_key(case.report.unit, community())
    unit = place.stores.cases.by_unit("riverside", key, 5, None)
    assert unit.items == tuple(reversed(listed))


def test_the_register_of_a_month_holds_that_month(place: Office) -> None:
    here = place.register().case.number
    place.clock.advance(timedelta(days=9))
    there = place.register().case.number

    assert (here, there) == ("202611-0001", "202612-0001")
    assert [item.number for item in place.stores.cases.register("riverside", "202611", 5, None).items] == [
        here
    ]
    assert [item.number for item in place.stores.cases.register("riverside", "202612", 5, None).items] == [
        there
    ]


def test_the_cases_of_a_unit_newest_first(place: Office) -> None:
    mine = [place.register(unit="A-101").case.number for _ in range(3)]
    place.register(unit="A-102")
    place.register("hillside", unit="A-101")
    key = place.desk.unit_key("a-101", community())

    listed = walk(lambda cursor: place.stores.cases.by_unit("riverside", key, 2, cursor))
    assert [case.number for case in listed] == mine[::-1]


def test_completed_cases_wait_in_the_lists_for_their_revisit(place: Office) -> None:
    number = assigned(place, "lighting_lock", "engineering-1")
    case = place.stores.cases.get("riverside", number)
    place.do(case, "sign", ENGINEER, SignForm("甲"))
    place.do(case, "start", ENGINEER, NoteForm())
    place.do(case, "complete", ENGINEER, CompleteForm("已修", cause="镇流器老化"))
    assert open_numbers(place, handler="engineering-1") == [number]

    place.do(case, "rate", RESIDENT, RateForm(1, "没修好"))
    assert open_numbers(place) == [number], "the second round is open work again"
