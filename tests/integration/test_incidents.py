"""Incidents on either sort of stores: who leads, who is joined, and what a report of one costs (A16)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.adapters.dynamo.metering import metered
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.errors import CommandRefusedError
from chalicelib.domain.intake.leading import OpenIncidentForm
from chalicelib.domain.work.forms import CompleteForm
from chalicelib.services.intake.merged import Incidents
from tests.builders import AGENT, SUPERVISOR, Office
from tests.stories import HANDLER
from tests.threads import at_once


def report(place: Office, number: int, **about: Any) -> Case:
    """A report of the outage of building 3 by another resident."""
    values = {
        "name": f"住户{number}",
        "phone": f"+861390000{number:04d}",
        "unit": f"3-{number:02d}01",
        "text": f"停电{number}",
        "matter": "power_outage",
        "kind": "repair",
        "another": False,
    }
    return place.register(**(values | about)).case


def lead(place: Office, case: Case) -> Case:
    """The case leads an incident, and the relay has followed."""
    case = place.do(case, "open_incident", AGENT, OpenIncidentForm("停电，抢修中"))
    Incidents(place.desk).follow(case.community, case.number)
    return case


@pytest.mark.req("A16", "A11")
def test_many_at_once_join_one_incident_and_leave_it_again(place: Office) -> None:
    leader = lead(place, report(place, 1))
    joined = at_once(8, lambda turn: report(place, turn + 2))
    numbers = tuple(sorted(case.number for case in joined))
    assert {case.state for case in joined} == {State.MERGED}
    assert place.desk.cases.joined("riverside", leader.number) == numbers
    place.do(joined[0], "leave_incident", RESIDENT, NoteForm("只有我家"))
    assert len(place.desk.cases.joined("riverside", leader.number)) == 7
    before, after = (f"202611-{int(leader.number[7:]) + step:04d}" for step in (-1, 1))
    each = place.desk.cases.joined_to_each("riverside", (after, leader.number, before))
    assert each == {before: 0, leader.number: 7, after: 0}
    assert place.case(leader).version == leader.version, "it is not written when another joins"
    place.do(leader, "assign", SUPERVISOR, AssignForm(HANDLER.id, "熟悉"))
    place.do(leader, "sign", HANDLER, SignForm("工程部甲"))
    place.do(leader, "complete", HANDLER, CompleteForm("恢复供电"))
    for _ in range(2):
        Incidents(place.desk).follow("riverside", leader.number)
    states = [place.case(case).state for case in joined]
    assert states == [State.REGISTERED, *[State.COMPLETED] * 7]


@pytest.mark.req("A16")
def test_one_case_leads_at_a_place_whoever_opens_at_once(place: Office) -> None:
    cases = [report(place, number, another=True) for number in (1, 2)]

    def open_one(turn: int) -> bool:
        try:
            return lead(place, cases[turn]).leads
        except CommandRefusedError:
            return False

    assert sorted(at_once(2, open_one)) == [False, True]
    (leader,) = (case for case in map(place.case, cases) if case.leads)
    assert place.desk.cases.leaders("riverside", 5, None).items == (leader.number,)
    place.do(leader, "dissolve_incident", SUPERVISOR, ReasonForm("各自跳闸"))
    other = lead(place, report(place, 3, another=True))
    first = place.desk.cases.leaders("riverside", 1, None)
    assert first.items == (other.number,)
    assert place.desk.cases.leaders("riverside", 1, first.cursor).items == (leader.number,)


@pytest.mark.req("A4", "A16")
def test_a_report_of_an_outage_costs_no_look_more_but_one_at_its_incident(dynamo_place: Office) -> None:
    """Who leads an incident comes with the number; the case that leads is read where one does."""
    dynamo_place.desk.directory.community("riverside")
    with metered() as made:
        leader = report(dynamo_place, 1)
    assert [call.operation for call in made] == ["UpdateItem", "TransactWriteItems"]
    lead(dynamo_place, leader)
    with metered() as made:
        joined = report(dynamo_place, 2)
    assert joined.is_joined
    assert [call.operation for call in made] == ["UpdateItem", "BatchGetItem", "TransactWriteItems"]
    with metered() as made:
        assert not report(dynamo_place, 3, unit="4-0101").is_joined
    assert [call.operation for call in made] == ["UpdateItem", "TransactWriteItems"]


@pytest.mark.req("A16")
def test_who_leads_is_known_over_the_end_of_a_month_and_until_the_incident_is_over(place: Office) -> None:
    place.clock.set(datetime(2026, 11, 30, 15, 30, tzinfo=UTC))  # half an hour before the month ends
    leader = lead(place, report(place, 1))
    place.clock.advance(timedelta(hours=1))
    late = report(place, 2)
    assert (late.number, late.is_joined) == ("202612-0001", True), "and its number is the month's first"
    assert place.desk.cases.serials("riverside", "202612").counter == 1
    place.do(leader, "dissolve_incident", SUPERVISOR, ReasonForm("各自跳闸"))
    for _ in range(2):
        Incidents(place.desk).follow("riverside", leader.number)
    assert not place.desk.cases.next_serial("riverside", "202611").leads
    assert not place.desk.cases.next_serial("riverside", "202612").leads


@pytest.mark.req("A16")
def test_a_report_that_comes_before_its_serials_know_is_joined_by_the_relay(place: Office) -> None:
    leader = place.do(report(place, 1), "open_incident", AGENT, OpenIncidentForm("停电，抢修中"))
    between = report(place, 2)
    assert not between.is_joined
    Incidents(place.desk).follow("riverside", leader.number)
    assert place.case(between).is_joined
