"""Events of releases before November 2026 have ledgers of text; they are read as today's deadlines (G2).

`old_ledgers.json` was written by such a release: the events of some cases as they were stored, and what it
said of each deadline in them.
"""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import fields, replace

from chalicelib.adapters.dynamo import documents
from chalicelib.adapters.holidays import calendar_for
from chalicelib.domain.case.events import EVENT_TYPES, Event
from chalicelib.domain.case.fold import fold
from chalicelib.domain.deadlines.calendar import Amendment, Window
from chalicelib.domain.deadlines.deadline import Deadline, replanned, replay
from chalicelib.domain.deadlines.old_ledgers import LedgerEntry, OldDeadline, as_deadline
from chalicelib.domain.regulation.limits import Clock
from tests.builders import regulations
from tests.stories import Story
from tests.words import explain

CASES = json.loads((Path(__file__).parent / "old_ledgers.json").read_text(encoding="utf-8"))
CHINA = calendar_for("Asia/Shanghai")


def events(case: Any) -> list[Event]:
    return [documents.read_event(msgspec.json.encode(row)) for row in case["events"]]


def told(version: int, deadline: Deadline, pack: str) -> Any:
    """What is said of a deadline, in the words of the file."""
    regulation = regulations().get(pack, 1)
    said = {
        "version": version,
        "clock": deadline.clock,
        "due_at": deadline.due_at,
        "first_due_at": deadline.first_due_at,
        "started_at": deadline.started_at,
        "counted_from": deadline.counted_from,
        "provisional": deadline.provisional,
        "limit": deadline.limit,
        "breaks": deadline.breaks,
        "reasons": {
            "en": explain(deadline, CHINA, "en", regulation=regulation),
            "zh-CN": explain(deadline, CHINA, "zh-CN", regulation=regulation),
            "resident": explain(deadline, CHINA, "zh-CN", sourced=False),
        },
    }
    return json.loads(msgspec.json.encode(said))


@pytest.mark.req("G2")
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_old_events_give_the_same_times_for_the_same_reasons(case: Any) -> None:
    found = [
        (event.version, deadline)
        for event in events(case)
        for deadline in getattr(event.payload, "deadlines", ())
    ]
    assert [told(version, deadline, case["pack"]) for version, deadline in found] == case["deadlines"]
    for _, deadline in found:
        assert replay(deadline) == deadline.due_at
        anew = replanned(deadline, deadline.calendar_excerpt.calendar())
        assert (anew.due_at, anew.first_due_at) == (deadline.due_at, deadline.first_due_at)


def without_fields_since(stored: bytes, row: Any) -> bytes:
    """An event as it is stored, without those fields of its payload that an old row does not have yet."""
    again = documents.read(stored, dict)
    since = {name: value for name, value in again["payload"].items() if name not in row["payload"]}
    usual = {field.name: field.default for field in fields(EVENT_TYPES[again["type"]])}
    assert all(not value or value == usual[name] for name, value in since.items()), "old events lack it"
    return documents.stored({**again, "payload": _without(again["payload"], row["payload"])})


def _without(today: dict[str, Any], then: dict[str, Any]) -> dict[str, Any]:
    """The fields of then, also inside."""
    return {
        name: _without(value, then[name])
        if isinstance(value, dict) and isinstance(then[name], dict)
        else value
        for name, value in today.items()
        if name in then
    }


@pytest.mark.req("G2")
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_case_folds_from_old_events_and_is_stored_as_today(case: Any) -> None:
    folded = fold(events(case), "riverside", "202611-0001")
    deadlines = json.loads(msgspec.json.encode(folded.deadlines))
    assert {clock: found["due_at"] for clock, found in deadlines.items()} == case["case"]
    assert set(folded.clocks.begun) == set(case["set_aside"]) - {Clock.WRITTEN_REPORT}
    assert documents.read(documents.stored(folded), type(folded)) == folded
    for row, event in zip(case["events"], events(case), strict=True):
        again = documents.stored_event(event)
        assert documents.read_event(again) == event
        assert len(without_fields_since(again, row)) <= len(documents.stored(row))


@pytest.mark.req("G1", "G2")
def test_the_first_old_ledgers_have_no_share_of_care_and_call_own_hours_a_working_day() -> None:
    start = datetime(2026, 9, 30, 1, 10, tzinfo=UTC)
    due = datetime(2026, 10, 12, 9, 30, tzinfo=UTC)
    entries = (
        LedgerEntry("rule", note="solve|ignored|S1|C2|solve-1"),
        LedgerEntry("limit", note="5.0 working_days next_day working_time 0.5"),
        LedgerEntry("start", at=start, until=datetime(2026, 9, 30, 16, tzinfo=UTC)),
        LedgerEntry("hours", note="Asia/Shanghai 01234=510-720,840-1050"),
        LedgerEntry(
            "off",
            at=datetime(2026, 9, 30, 16, tzinfo=UTC),
            until=datetime(2026, 10, 7, 16, tzinfo=UTC),
            note="国庆节",
        ),
        LedgerEntry("on", at=datetime(2026, 10, 9, 16, tzinfo=UTC), note="510-720,840-1050 国庆节"),
        LedgerEntry("on", at=datetime(2026, 10, 10, 16, tzinfo=UTC), note="540-720 大扫除"),
        LedgerEntry("due", at=due),
    )
    deadline = as_deadline(OldDeadline(due, due, "Asia/Shanghai", provisional=False, ledger=entries))
    assert (deadline.limit.amount, deadline.derivation.care) == (2.5, 1)
    excerpt = deadline.calendar_excerpt
    assert excerpt.makeup_days == {date(2026, 10, 10): "国庆节"}
    assert excerpt.amendments == {date(2026, 10, 11): Amendment((Window(540, 720),), "大扫除")}
    assert list(excerpt.holidays) == [date(2026, 10, day) for day in range(1, 8)]


def test_people_may_write_the_word_of_the_old_field() -> None:
    event = Story().register(report={"text": '{"ledger":[]}'}).events[0]
    assert documents.read_event(documents.stored_event(event)) == event
    named = replace(event, command_id='"ledger":[')
    assert documents.read_event(documents.stored_event(named)) == named


def test_a_command_id_that_ends_with_its_form_is_read_as_two() -> None:
    event = Story().register().events[0]
    old = documents.stored_event(replace(event, command_id=f"{'5e' * 12}~{'0c' * 6}"))
    assert documents.read_event(old) == replace(event, command_id="5e" * 12, form_id="0c" * 6)
