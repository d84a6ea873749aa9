"""Personal data is erased when its time is over, and nothing else: figures and history stay (G24)."""

from datetime import timedelta

import pytest

from chalicelib.adapters.dynamo import documents, keys
from chalicelib.adapters.dynamo.tables import CaseRow
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.fold import fold
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.community.roles import RESIDENT, TIMER
from chalicelib.domain.figures.contribution import contribution
from chalicelib.domain.follow_up.retention import AskErasureForm
from chalicelib.domain.work.malicious import MaliciousForm
from chalicelib.services.figures.recount import recount_month
from chalicelib.services.privacy.forgetting import Forgotten, forget
from tests.builders import MANAGER, SUPERVISOR, Office
from tests.fakes.findings import FakeFindings
from tests.marked_stories import REPORTED, marks, rows, told


def forgotten(place: Office, seconds_left: float = 100.0) -> Forgotten:
    return forget(place.desk, place.stores.notices, FakeFindings(), "riverside", lambda: seconds_left)


def closed(place: Office) -> Case:
    return told(place, "rated")  # which ends with a withdrawal


def left(place: Office) -> set[str]:
    everything = "".join(row for family in rows(place).values() for row in family)
    return {mark for mark in marks("rated") if mark in everything}


@pytest.mark.req("G24")
def test_each_kind_goes_when_its_time_is_over_and_every_figure_stays(place: Office) -> None:
    case = closed(place)
    assert forgotten(place).erased == 0
    before = place.stores.figures.month("riverside", "202611")

    place.clock.advance(timedelta(days=730))
    assert forgotten(place).erased == 1
    found = place.case(case)
    assert (found.report.resident_name, found.report.phone, found.report.unit) == ("", "", "")
    assert found.report.text == "§ text"
    assert left(place) & {"§ name", "§ phone", "§ email", "§ unit"} == set()
    assert forgotten(place).erased == 0, "once is enough"

    place.clock.advance(timedelta(days=365))
    assert forgotten(place).erased == 1
    assert left(place) == set()
    history = place.stores.cases.events("riverside", case.number)
    assert [event.type for event in history][-1] == "erased"
    assert contribution(fold(history, "riverside", case.number)) == contribution(place.case(case))
    assert place.stores.figures.month("riverside", "202611") == before
    recounted = recount_month(place.stores.cases, place.stores.figures, "riverside", "202611")
    assert recounted.differences == ()


@pytest.mark.req("G24")
def test_a_run_that_breaks_off_is_carried_on_and_loses_nothing(place: Office) -> None:
    closed(place)
    place.do(place.register(phone="§ phone").case, "withdraw", RESIDENT, ReasonForm("§ withdrawn"))
    place.clock.advance(timedelta(days=1100))
    time_left = iter((100.0, 1.0, *[100.0] * 9))
    first = forget(place.desk, place.stores.notices, FakeFindings(), "riverside", lambda: next(time_left))
    assert (first.erased, first.broke_off) == (1, 1)
    assert forgotten(place).erased == 1
    assert left(place) == set()


@pytest.mark.req("G14", "G24")
def test_what_is_still_needed_is_kept(place: Office) -> None:
    going_on = place.register(kind="repair", matter="elevator", **REPORTED).case
    marked = closed(place)
    until = place.clock() + timedelta(days=60)
    place.do(marked, "propose_malicious", SUPERVISOR, MaliciousForm(until, "虚报", "六件"))
    place.do(marked, "confirm_malicious", MANAGER, ReasonForm("属实"))
    for case in (going_on, marked):
        place.desk.carry_out(place.case(case), asking(place))
    assert forgotten(place).erased == 0
    place.clock.advance(timedelta(days=61))
    assert forgotten(place).erased == 1, "whoever asked is erased as soon as nothing needs it"
    assert place.case(marked).report.phone == ""
    assert place.case(going_on).report.phone == "§ phone"
    done = place.do(going_on, "withdraw", RESIDENT, ReasonForm("好了"))
    assert done.state is State.WITHDRAWN
    assert forgotten(place).erased == 1
    assert place.case(going_on).report.phone == ""


def asking(place: Office) -> Command[object]:
    return Command("ask_erasure", TIMER, place.clock(), "asked", AskErasureForm())


@pytest.mark.req("G24")
def test_the_cases_of_a_phone_number_are_found_until_it_is_erased(place: Office) -> None:
    case = closed(place)
    key = place.desk.resident_key("riverside", "§ phone")
    assert place.stores.cases.of_resident("riverside", key) == (case.number,)
    assert place.stores.cases.of_resident("riverside", place.desk.resident_key("hillside", "§ phone")) == ()
    place.clock.advance(timedelta(days=1100))
    forgotten(place)
    assert place.stores.cases.of_resident("riverside", key) == ()


@pytest.mark.req("G24")
def test_events_of_an_older_release_lose_what_they_hold_themselves(dynamo_place: Office) -> None:
    place = dynamo_place
    case = closed(place)
    for event in place.stores.cases.events("riverside", case.number):
        row = CaseRow.get(keys.case("riverside", case.number), keys.event(event.version))
        row.data = documents.stored_event(event)
        row.save()
    assert "§ phone" in "".join(rows(place)["EVENT"])
    place.clock.advance(timedelta(days=1100))
    assert forgotten(place).erased == 1
    assert left(place) == set()
