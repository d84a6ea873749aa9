"""What is personal, on the fakes and on DynamoDB: in the contact of its case and nowhere else (G24)."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import fields, replace
from pynamodb.models import Model

from chalicelib.adapters.dynamo import documents, keys, room
from chalicelib.adapters.dynamo.cases import DynamoCases
from chalicelib.adapters.dynamo.contact import Contact
from chalicelib.adapters.dynamo.metering import metered
from chalicelib.adapters.dynamo.reads import TIMES_READ
from chalicelib.adapters.dynamo.tables import CASE, CONNECTION, CONTACT, CaseData, CaseRow
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.events import EVENT_TYPES, Event, Report
from chalicelib.domain.case.fold import fold
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm
from chalicelib.domain.case.personal import is_personal
from chalicelib.domain.case.spoken import ReasonedWordForm
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.decide import decide
from chalicelib.domain.dispatch.forms import SignForm
from chalicelib.domain.errors import BusyError, CommandRefusedError, ConflictError
from chalicelib.services.figures.recount import recount_month
from tests.builders import MONDAY, SUPERVISOR, Office, office
from tests.marked_stories import DONE, ENGINEER, REPORTED, STORIES, SUMMARY, TO_ENGINEER, marks, rows, told


@pytest.mark.req("G24")
@pytest.mark.parametrize("name", STORIES)
def test_what_is_personal_is_in_the_contact_and_nowhere_else(place: Office, name: str) -> None:
    case = told(place, name)

    stored = rows(place)
    assert {mark for mark in marks(name) if mark in "".join(stored["CONTACT"])} == marks(name)
    elsewhere = [row for family in stored.keys() - {"CONTACT", "line"} for row in stored[family]]
    assert not [row for row in elsewhere if "§" in row]
    lines = "".join(stored["line"])
    assert lines.count("§") == lines.count(SUMMARY) > 0, "lists show the beginning of what was said"
    history = place.stores.cases.events(case.community, case.number)
    assert fold(history, case.community, case.number) == place.case(case) == case
    assert marks(name) <= {mark for mark in marks(name) if mark in repr(history)}


@pytest.mark.req("G24")
def test_the_stories_say_something_in_every_text_that_is_personal() -> None:
    said: set[tuple[str, str]] = set()
    for name in STORIES:
        place = office()
        case = told(place, name)
        for event in place.stores.cases.events(case.community, case.number):
            part = getattr(event.payload, "report", event.payload)
            said |= {
                (event.type, field.name) for field in fields(part) if "§" in repr(getattr(part, field.name))
            }

    personal = {
        (name, field.name)
        for name, kind in EVENT_TYPES.items()
        for field in fields(Report if name == "registered" else kind)
        if is_personal(Report if name == "registered" else kind, field.name)
    }
    assert said == personal


def erase(place: Office, case: Case) -> None:
    """Empty the contact of a case, as whoever erases will: the row stays, under a version of its own."""
    if place.memory is not None:
        place.memory.contacts[case.community, case.number] = Contact(case.version)
        return
    row = CaseRow(keys.case(case.community, case.number), CONTACT)
    row.update([CaseRow.data.set(documents.stored({})), CaseRow.version.set(case.version)])


@pytest.mark.req("G24")
@pytest.mark.parametrize("name", STORIES)
def test_a_case_whose_contact_was_emptied_goes_on(place: Office, name: str) -> None:
    case = told(place, name)
    whole = place.stores.cases.events(case.community, case.number)
    erase(place, case)

    history, stored = place.stores.cases.events(case.community, case.number), place.case(case)
    assert "§" not in repr((history, stored))
    assert (stored.report.text, stored.report.phone, stored.report.evidence) == ("", "", ())
    folded = fold(history, case.community, case.number)
    assert (folded.state, folded.round, folded.clocks) == (case.state, case.round, case.clocks)
    assert (stored.state, stored.round, stored.version) == (case.state, case.round, case.version)
    assert [event.type for event in history] == [event.type for event in whole]
    assert recount_month(place.stores.cases, place.stores.figures, "riverside", "202611").differences == ()


@pytest.mark.req("G24")
def test_what_is_said_after_an_erasure_is_kept_and_lists_forget_what_was_said_before(place: Office) -> None:
    case = place.register(**REPORTED).case
    erase(place, case)

    case = place.do(case, "urge", RESIDENT, NoteForm("再说一次"))

    assert place.case(case).report.text == ""
    assert place.stores.cases.events("riverside", case.number)[-1].payload.note == "再说一次"  # type: ignore[union-attr]
    (line,) = place.stores.cases.register("riverside", "202611", 9, None).items
    assert line.summary == ""
    assert "§" not in repr(rows(place))


@pytest.mark.req("G24")
def test_a_contact_that_is_gone_altogether_reads_as_erased(dynamo_place: Office) -> None:
    place, case = dynamo_place, dynamo_place.register(**REPORTED).case
    CaseRow(keys.case("riverside", case.number), CONTACT).delete()

    assert place.case(case).report.resident_name == ""
    assert "§" not in repr(place.stores.cases.events("riverside", case.number))
    case = place.do(case, "urge", RESIDENT, NoteForm("再说一次"))
    assert place.stores.cases.events("riverside", case.number)[-1].payload.note == "再说一次"  # type: ignore[union-attr]


# --- what an earlier release has stored ---------------------------------------------------------------------


def stored_inline(case: Case, history: tuple[Event, ...]) -> None:
    """Put the rows of a case as an earlier release had them: with their texts, and without a contact."""
    at = keys.case(case.community, case.number)
    CaseRow(at, CASE).update([CaseRow.data.set(documents.stored(case))])
    for event in history:
        CaseRow(at, keys.event(event.version)).update([CaseRow.data.set(documents.stored_event(event))])
    CaseRow(at, CONTACT).delete()


def event_row(case: Case, version: int) -> bytes:
    row = CaseRow.get(keys.case(case.community, case.number), keys.event(version))
    return bytes(row.data)


@pytest.mark.req("G24")
def test_rows_of_before_are_read_as_before_and_the_case_s_move_with_a_change(
    dynamo_place: Office,
) -> None:
    place, case = dynamo_place, told(dynamo_place, "revisited")
    history = place.stores.cases.events("riverside", case.number)
    stored_inline(case, history)
    before = event_row(case, 1)

    with metered() as made:
        assert place.case(case) == case
    assert [call.operation for call in made] == ["BatchGetItem"]
    assert place.stores.cases.events("riverside", case.number) == history

    changed = place.do(case, "urge", RESIDENT, NoteForm("§ later"))
    assert place.case(changed) == changed
    assert "§" not in "".join(rows(place)["CASE"])
    assert event_row(case, 1) == before, "an event is for ever"
    assert place.stores.cases.events("riverside", case.number)[:-1] == history


# --- calls and sizes ----------------------------------------------------------------------------------------


@pytest.fixture
def place_of_one(dynamo_place: Office) -> tuple[Office, Case]:
    return dynamo_place, dynamo_place.register(**REPORTED).case


def written(place: Office, act: Callable[[], Any]) -> list[str]:
    """The sort keys of the cases' rows that an act puts, without numbers."""
    found: list[str] = []

    def sent(params: Any, **_: Any) -> None:
        puts = (item["Put"]["Item"] for item in params["TransactItems"] if "Put" in item)
        found.extend(put["sk"]["S"].partition("#")[0] for put in puts if "sk" in put)

    events = CONNECTION.client.meta.events
    events.register("provide-client-params.dynamodb.TransactWriteItems", sent)
    try:
        act()
    finally:
        events.unregister("provide-client-params.dynamodb.TransactWriteItems", sent)
    return found


def test_the_contact_is_written_only_with_something_new(place_of_one: tuple[Office, Case]) -> None:
    place, case = place_of_one

    assert CONTACT not in written(place, lambda: place.do(case, "assign", SUPERVISOR, TO_ENGINEER))
    assert CONTACT in written(place, lambda: place.do(case, "urge", RESIDENT, NoteForm("快点")))
    place.clock.advance(timedelta(hours=3))
    assert CONTACT not in written(place, lambda: place.do(case, "urge", RESIDENT, NoteForm("快点")))
    assert CONTACT not in written(place, lambda: place.do(case, "sign", ENGINEER, SignForm("甲")))


def test_case_and_contact_take_no_more_room_than_the_case_took(place_of_one: tuple[Office, Case]) -> None:
    place, case = place_of_one
    for command, actor, form in (None, None, None), *DONE:
        if command is not None:
            case = place.do(case, command, actor, form)
        at = keys.case("riverside", case.number)
        row, contact = CaseRow.get(at, CASE), CaseRow.get(at, CONTACT)
        around = len(at + CONTACT) + sum(len(name) for name in ("pk", "sk", "data", "version")) + 3
        assert len(row.data) + len(contact.data) + around <= len(documents.stored(case)), command


def test_a_store_that_has_not_read_the_case_reads_it_first(
    place_of_one: tuple[Office, Case],
) -> None:
    place, case = place_of_one
    other = replace(place, desk=replace(place.desk, cases=DynamoCases(place.clock)))
    command = Command("urge", RESIDENT, MONDAY, "urge 1", NoteForm("快点"))
    context = place.desk.context_of(case)
    change = place.desk.change(decide(case, command, context), context)

    with metered() as made:
        other.desk.cases.save(change)
    assert [call.operation for call in made] == ["BatchGetItem", "TransactWriteItems"]
    assert place.case(case) == change.outcome.after
    with pytest.raises(ConflictError, match="somebody else"):
        DynamoCases(place.clock).save(change)


# --- rows that are not of one instant -----------------------------------------------------------------------


@pytest.fixture
def late_contact(monkeypatch: pytest.MonkeyPatch) -> Callable[[Contact, int], list[int]]:
    """Shows the contact of before to the next readers, as where a command is written between two rows."""

    def plan(old: Contact, times: int) -> list[int]:
        shown: list[int] = []
        read = Model.from_raw_data.__func__  # type: ignore[attr-defined]

        def older(model: Any, data: Any) -> Any:
            row = read(model, data)
            if getattr(row, "sk", None) == CONTACT and len(shown) < times:
                shown.append(old.version)
                row.data, row.version = documents.stored(old.texts), old.version
            return row

        for model in (CaseRow, CaseData):
            monkeypatch.setattr(model, "from_raw_data", classmethod(older))
        return shown

    return plan


@pytest.mark.req("G24")
def test_a_contact_that_is_older_than_the_case_is_read_again(
    dynamo_place: Office, late_contact: Callable[[Contact, int], list[int]]
) -> None:
    place, case = dynamo_place, told(dynamo_place, "revisited")
    shown = late_contact(Contact(1, {}), 2)
    with metered() as made:
        assert place.case(case) == case
    assert [call.operation for call in made] == ["BatchGetItem"] * 3
    assert shown == [1, 1]

    late_contact(Contact(1, {}), 1)
    assert fold(place.stores.cases.events("riverside", case.number), "riverside", case.number) == case

    late_contact(Contact(1, {}), TIMES_READ)
    with pytest.raises(BusyError):
        place.case(case)


@pytest.mark.req("G24")
def test_no_change_puts_back_an_older_contact(
    dynamo_place: Office, late_contact: Callable[[Contact, int], list[int]]
) -> None:
    """Nothing in the case refers to what was urged: only DynamoDB sees that the contact is of before."""
    place, case = dynamo_place, dynamo_place.register(**REPORTED).case
    before = contact_of(case)
    case = place.do(case, "urge", RESIDENT, NoteForm("§ urged"))
    late_contact(before, 1)

    case = place.do(case, "withdraw", RESIDENT, ReasonForm("§ withdrawn"))

    history = place.stores.cases.events("riverside", case.number)
    assert [getattr(event.payload, "note", None) for event in history] == [None, "§ urged", None]


def contact_of(case: Case) -> Contact:
    row = CaseRow.get(keys.case(case.community, case.number), CONTACT)
    return Contact(int(row.version), documents.read(row.data, dict[str, str]))


@pytest.mark.req("G24")
def test_a_resident_who_writes_without_end_is_told_so_and_staff_still_end_the_case(
    dynamo_place: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One row holds 400 KB: what does not fit is refused with a sentence, never taken by half."""
    monkeypatch.setattr(room, "OF_RESIDENTS", replace(room.OF_RESIDENTS, contact=30_000))
    place, case = dynamo_place, dynamo_place.register(**REPORTED).case
    dice = random.Random(1)  # noqa: S311 - a text, no secret

    def urged() -> bool:
        place.clock.advance(timedelta(hours=2))
        note = "".join(chr(dice.randrange(0x4E00, 0x9FA5)) for _ in range(2000))
        try:
            place.do(case, "urge", RESIDENT, NoteForm(note))
        except CommandRefusedError as refused:
            return refused.reason != "no_room"
        return True

    taken = sum(iter(urged, False))
    assert taken > 2
    assert place.case(case).tally.urged == taken, "what was refused left nothing behind"
    by_word = ReasonedWordForm(place.clock(), "王芳", "phone", "另行登记")
    ended = place.do(case, "record_withdrawal", SUPERVISOR, by_word)
    assert ended.state is State.WITHDRAWN
