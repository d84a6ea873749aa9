"""Cases that release 0.1.0 has stored are read as it said they were, and go on, row for row (house 9).

`cases_of_0_1_0.json` was written by a desk of that release in the embedded cloud, on 2026-11-29: rows of some
cases as they stood in its table, and what its API said of each to the manager.
"""

import json
from base64 import b64decode
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.directory_admin import put_community
from chalicelib.adapters.dynamo.documents import instant, read, shape_of
from chalicelib.adapters.dynamo.tables import CASE, CONTACT, CaseRow
from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import OPEN, Case, State
from chalicelib.domain.case.events import Event, RevisitOutcome
from chalicelib.domain.case.fold import fold
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm
from chalicelib.domain.community.roles import RESIDENT, TIMER, Actor, Role
from chalicelib.domain.deadlines.timer_key import timer_key
from chalicelib.domain.dispatch.forms import ReportForm, SignForm
from chalicelib.domain.follow_up.forms import RateForm, RevisitForm
from chalicelib.domain.timers import TimersForm
from infra.directory_file import read_directory
from infra.local.sample import FILE
from tests.builders import Office, office
from tests.integration.conftest import dynamo_stores

OLD_CASES = json.loads((Path(__file__).parent / "cases_of_0_1_0.json").read_text(encoding="utf-8"))
RUNNING_CASES = [old for old in OLD_CASES if old["said"]["state"] in OPEN]
EVERY_CASE = pytest.mark.parametrize("old", OLD_CASES, ids=[old["name"] for old in OLD_CASES])

SATISFIED = RevisitForm(RevisitOutcome.SATISFIED, "phone")
REPORT = ReportForm("经过", "原因", "措施", "下一步")
GOES_ON: dict[str, tuple[str, Role | None, Any]] = {
    "corrected": ("sign", None, SignForm("赵志刚")),
    "paused": ("resume", None, NoteForm("到货")),
    "fault": ("sign", None, SignForm("赵志刚")),
    "asked_again": ("record_revisit", Role.MANAGER, SATISFIED),
    "promised": ("record_revisit", Role.MANAGER, SATISFIED),
    "rejected": ("reopen", Role.MANAGER, ReasonForm("再核实")),
    "owing": ("file_report", None, REPORT),
    "owing_closed": ("file_report", Role.MANAGER, REPORT),
    "y_revisit_owed": ("sign", None, SignForm("丁强")),
    "y_overdue_plain": ("urge", Role.RESIDENT, NoteForm("快点")),
    "r_completed": ("rate", Role.RESIDENT, RateForm(5)),
}
"""What is asked next of each case, by whom (None: by its handler)."""
READ_ANEW = {"rejected": State.OBJECTED}
"""What a case is today that was objected to: since 0.2 that is a state of its own (B1)."""


@pytest.fixture
def place(tables: None, old: Any) -> Office:
    """A desk of today with the sample's communities, on the rows of a case of before."""
    sample = read_directory(FILE).communities
    for community in sample:
        put_community(community)
    found = office(*sample, stores=dynamo_stores)
    for row in old["rows"]:
        if "data" in row:
            row = {**row, "data": {"B": b64decode(row["data"]["B"])}}
        CaseRow.from_raw_data(row).save()
    last = stored_events(found, old)[-1]
    found.clock.set(last.at + timedelta(seconds=1))
    return found


def stored_case(place: Office, old: Any) -> Case:
    return place.stores.cases.get(old["community"], old["number"])


def stored_events(place: Office, old: Any) -> tuple[Event, ...]:
    return place.stores.cases.events(old["community"], old["number"])


def fired_keys(events: tuple[Event, ...]) -> list[Any]:
    return [timer_key(key) for event in events if (key := getattr(event.payload, "key", None)) is not None]


@EVERY_CASE
def test_it_is_read_as_the_release_said_it_was(place: Office, old: Any) -> None:
    case, said = stored_case(place, old), old["said"]
    assert case == fold(stored_events(place, old), old["community"], old["number"])
    opened = place.stores.cases.opened(old["community"], old["number"])
    assert (opened.case, opened.events) == (case, stored_events(place, old))
    state = READ_ANEW.get(old["name"], said["state"])
    assert (case.state, case.round, case.version) == (state, said["round"], said["version"])
    due = {clock.value: instant(deadline.due_at) for clock, deadline in case.deadlines.items()}
    assert due == {clock: instant(datetime.fromisoformat(at)) for clock, at in said["deadlines"].items()}
    assert [clock.value for clock in case.overdue] == said["overdue_clocks"]
    assert case.report_duty.owed == said["report_owed"]
    report = case.report
    assert (report.text, report.unit) == (said["text"], said["unit"])
    assert (report.resident_name, report.phone) == (said["resident_name"], said["phone"])


@EVERY_CASE
def test_it_goes_on_in_rows_of_today(place: Office, old: Any) -> None:
    """Its row is made anew, what is personal moves to the contact, and the old events stay as they are."""
    before, history = stored_case(place, old), stored_events(place, old)
    name, role, form = GOES_ON[old["name"]]
    after = place.do(before, name, by(before, role), form)
    assert after.version > before.version
    place_of_case = keys.case(old["community"], old["number"])
    row = CaseRow.get(place_of_case, CASE)
    assert row.shape == shape_of(Case)
    assert (stored_case(place, old), stored_events(place, old)[: len(history)]) == (after, history)
    assert fold(stored_events(place, old), old["community"], old["number"]) == after
    texts = read(CaseRow.get(place_of_case, CONTACT).data, dict[str, str])
    assert {before.report.unit, before.report.resident_name} <= set(texts.values())
    assert [line.number for line in listed(place, old)] == [old["number"]]


@pytest.mark.parametrize("old", RUNNING_CASES, ids=[old["name"] for old in RUNNING_CASES])
def test_no_timer_that_has_fired_fires_again(place: Office, old: Any) -> None:
    """An old key is text, one of today a value: they are the same timer."""
    before, history = stored_case(place, old), stored_events(place, old)
    place.clock.advance(timedelta(hours=2))
    after = place.do(before, "fire_timers", TIMER, TimersForm())
    new = stored_events(place, old)[len(history) :]
    began = max((at for at, event in enumerate(history) if isinstance(event.payload, ev.Reopened)), default=0)
    again = set(fired_keys(history[began:])) & set(fired_keys(new))
    assert not again
    assert len(after.fired) == len(set(after.fired))


def by(case: Case, role: Role | None) -> Actor:
    if role is Role.RESIDENT:
        return RESIDENT
    if role is None:
        assert case.assignment.handler is not None
        return Actor(Role.HANDLER, case.assignment.handler)
    return Actor(role, f"{case.community}-{role.value}")


def listed(place: Office, old: Any) -> Any:
    return place.stores.cases.register(old["community"], old["number"][:6], 9, None).items
