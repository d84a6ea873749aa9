"""A month counted again from its events finds what was planted, and puts it right (G17)."""

import pytest

from chalicelib.domain.case.figure_rows import TOTAL, MonthCounters, Row
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.follow_up.forms import RateForm
from chalicelib.domain.work.forms import CompleteForm
from chalicelib.services.figures.recount import Difference, recount_month
from infra.operating import recount
from tests.builders import SUPERVISOR, Office

MONTH = "202611"
ENGINEER = Actor(Role.HANDLER, "engineering-1")


def busy_month(office: Office, cases: int = 7) -> None:
    """Cases of which some are solved, one is open, one came back, one was withdrawn; and one elsewhere."""
    office.register("hillside")
    for number in range(cases):
        case = office.register(matter="elevator", kind="repair").case
        office.do(case, "assign", SUPERVISOR, AssignForm("engineering-1", "by hand"))
        if number == 0:
            office.do(case, "withdraw", RESIDENT, ReasonForm("好了"))
            continue
        for command, form in (
            ("sign", SignForm("甲")),
            ("start", NoteForm()),
            ("complete", CompleteForm("修好了")),
        ):
            if number != 1:
                office.do(case, command, ENGINEER, form)
        if number == 2:
            office.do(case, "rate", RESIDENT, RateForm(1))


def plant(office: Office, changes: MonthCounters) -> None:
    office.stores.figures.add("riverside", MONTH, changes)


@pytest.mark.req("G17")
def test_the_counters_are_what_the_events_add_up_to(place: Office) -> None:
    busy_month(place)
    heard: list[int] = []
    found = recount_month(place.stores.cases, place.stores.figures, "riverside", MONTH, heard.append)
    assert (found.cases, found.differences, found.settled) == (7, (), True)
    assert heard == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.req("G17")
def test_a_planted_difference_is_found_and_put_right(place: Office) -> None:
    busy_month(place)
    right = place.stores.figures.month("riverside", MONTH)
    plant(place, {TOTAL: {"solved": 2, "open": -1}, Row("matter", "ghost"): {"registered": 1}})
    found = recount_month(place.stores.cases, place.stores.figures, "riverside", MONTH)
    assert found.settled
    assert found.differences == (
        Difference(Row("matter", "ghost"), "registered", 1, 0),
        Difference(TOTAL, "open", right[TOTAL]["open"] - 1, right[TOTAL]["open"]),
        Difference(TOTAL, "solved", right[TOTAL]["solved"] + 2, right[TOTAL]["solved"]),
    )
    said: list[str] = []
    assert recount(place.desk, "riverside", MONTH, repair=False, say=said.append) == 1
    assert f"  total solved: stored {right[TOTAL]['solved'] + 2}, counted {right[TOTAL]['solved']}" in said
    assert said[-1] == "3 counters differ; --repair puts them right."
    assert recount(place.desk, "riverside", MONTH, repair=True, say=said.append) == 0
    assert said[-1] == "The figures are what the events add up to."
    assert place.stores.figures.month("riverside", MONTH) == right


@pytest.mark.req("G17")
def test_what_is_missing_altogether_is_found(place: Office) -> None:
    busy_month(place, 3)
    whole = place.stores.figures.month("riverside", MONTH)
    plant(
        place,
        {Row("kind", "repair"): {name: -amount for name, amount in whole[Row("kind", "repair")].items()}},
    )
    found = recount_month(place.stores.cases, place.stores.figures, "riverside", MONTH)
    assert {difference.row for difference in found.differences} == {Row("kind", "repair")}
    assert {difference.counter: difference.counted for difference in found.differences} == whole[
        Row("kind", "repair")
    ]


@pytest.mark.req("G17")
def test_commands_in_between_are_no_differences(place: Office) -> None:
    busy_month(place)

    def meanwhile(number: int) -> None:
        if number == 7 and not reported:
            reported.append(place.register(matter="fire").case.number)

    reported: list[str] = []
    found = recount_month(place.stores.cases, place.stores.figures, "riverside", MONTH, meanwhile)
    assert (found.cases, found.differences, found.settled) == (8, (), True), "it was counted a second time"


def test_a_month_that_never_rests_is_said_to_be_so(place: Office) -> None:
    busy_month(place, 2)

    plant(place, {TOTAL: {"urged": 1}})
    calls: list[int] = []

    def once_each_time(number: int) -> None:
        if number == 1:
            calls.append(number)
            place.register()

    found = recount_month(place.stores.cases, place.stores.figures, "riverside", MONTH, once_each_time)
    assert not found.settled
    assert len(calls) == 3
    assert Difference(TOTAL, "urged", 1, 0) in found.differences


def test_a_month_without_cases_is_right(place: Office) -> None:
    assert recount(place.desk, "riverside", "202601", repair=True, say=lambda _: None) == 0
