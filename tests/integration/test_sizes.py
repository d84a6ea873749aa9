"""How much a case may hold: what is too much is a sentence, and nothing is half written."""

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.adapters.dynamo import keys, room
from chalicelib.adapters.dynamo.documents import stored_event
from chalicelib.adapters.dynamo.keys import case as place_of
from chalicelib.adapters.dynamo.tables import CaseRow
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.events import Event, Progressed, RevisitOutcome
from chalicelib.domain.case.form_fields import LONG, NoteForm, RequiredNoteForm, longest_lengths
from chalicelib.domain.case.own_signature import LONGEST_DRAWN
from chalicelib.domain.community.roles import RESIDENT, TIMER, Actor
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.errors import CommandRefusedError
from chalicelib.domain.follow_up.forms import MOST_POINTS, AnswerPointForm, RevisitForm
from chalicelib.domain.intake.call_forms import FillInForm
from chalicelib.domain.intake.new_case import LONGEST_EVIDENCE, MOST_EVIDENCE, NewCase
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.timers import TimersForm
from chalicelib.domain.work.forms import CompleteForm
from tests.builders import AGENT, MANAGER, MONDAY, SUPERVISOR, Office
from tests.marked_stories import ENGINEER, TO_ENGINEER
from tests.stories import HANDLER

MOST = 400 * 1024
"""Bytes of an item, its names among them: DynamoDB takes no more."""
BYTES_OF_A_CHARACTER = 4

dice = random.Random(7)  # noqa: S311 - texts, no secrets


def long_text(characters: int = LONG) -> str:
    """A text that nothing makes shorter."""
    return "".join(chr(dice.randrange(0x4E00, 0x9FA5)) for _ in range(characters))


def largest_row(case: Case) -> int:
    return max(room.size(row) for row in CaseRow.query(place_of(case.community, case.number)))


def completed(place: Office) -> Case:
    case = place.register(kind="repair", matter="elevator").case
    for command, actor, form in (
        ("assign", SUPERVISOR, TO_ENGINEER),
        ("sign", ENGINEER, SignForm("甲")),
        ("complete", ENGINEER, CompleteForm("已修", cause="老化")),
    ):
        case = place.do(case, command, actor, form)
    return case


def promised(place: Office, said: Iterator[str]) -> RevisitForm:
    """A revisit with every text, after which the resident waits for another call."""
    return RevisitForm(
        RevisitOutcome.PROMISED,
        "phone",
        note=next(said),
        work_inspected=next(said),
        conduct=next(said),
        suggestions=next(said),
        promised_until=place.clock() + timedelta(days=1),
    )


def no_room_for(act: Callable[[], object]) -> bool:
    """Whether a command is refused for room; any other refusal is an error."""
    try:
        act()
    except CommandRefusedError as refused:
        if refused.reason != "no_room":
            raise
        return True
    return False


def revisited_until_full(place: Office, case: Case, said: Iterator[str]) -> int:
    """How many long revisits are taken before one is refused with a sentence."""
    for taken in range(400):
        place.clock.advance(timedelta(hours=1))
        before = place.case(case)
        if no_room_for(lambda: place.do(case, "record_revisit", MANAGER, promised(place, said))):
            assert place.case(case) == before, "nothing of what was refused is written"
            return taken
    raise AssertionError("there is no end")


@pytest.mark.req("G8")
@pytest.mark.parametrize("shrinks", [False, True])
def test_long_revisits_without_end_are_refused_with_a_sentence_and_the_case_still_ends(
    dynamo_place: Office, shrinks: bool
) -> None:
    """Whether or not their texts take little room in the table: readers get them whole."""
    place, case = dynamo_place, completed(dynamo_place)
    said = iter(lambda: "灯" * LONG if shrinks else long_text(), "")

    assert revisited_until_full(place, case, said) > 10
    assert largest_row(case) < MOST
    assert len(msgspec.json.encode(place.case(case))) < 1_000_000
    place.do(case, "fire_timers", TIMER, TimersForm())
    satisfied = replace(
        promised(place, said), outcome=RevisitOutcome.SATISFIED, promised_until=None, suggestions=None
    )
    assert place.do(case, "record_revisit", MANAGER, satisfied).state is State.CLOSED
    assert largest_row(case) < MOST


@pytest.mark.req("A1", "G8")
def test_what_is_added_to_a_report_without_end_is_refused_with_a_sentence(dynamo_place: Office) -> None:
    """The row of the contact is full long before the case is: it has each report as it was, too."""
    place, case = dynamo_place, dynamo_place.register().case
    for _ in range(100):
        before = place.case(case)
        if no_room_for(lambda: place.do(case, "fill_in", AGENT, FillInForm(text=long_text()))):
            assert place.case(case) == before, "nothing of what was refused is written"
            break
    else:
        raise AssertionError("there is no end")
    assert largest_row(case) < MOST
    case = place.do(case, "assign", SUPERVISOR, AssignForm(HANDLER.id, "值班"))
    case = place.do(case, "sign", HANDLER, SignForm("工程部甲"))
    assert place.do(case, "complete", HANDLER, CompleteForm("已修好", cause="老化")).state is State.COMPLETED


@pytest.mark.req("D4")
def test_points_fill_the_case_s_own_row_and_those_that_are_open_can_be_answered(dynamo_place: Office) -> None:
    place, case = dynamo_place, completed(dynamo_place)
    answered = 0
    while True:
        place.clock.advance(timedelta(hours=1))
        points = "\n".join(f"第{nth}点" for nth in range(MOST_POINTS))
        again = place.clock() + timedelta(days=1)
        raised = RevisitForm(RevisitOutcome.PROMISED, "phone", points=points, promised_until=again)
        if no_room_for(partial(place.do, case, "record_revisit", MANAGER, raised)):
            break
        case = place.case(case)
        for point in case.open_points:
            case = place.do(
                case, "answer_point", SUPERVISOR, AnswerPointForm(point.nth, long_text(), long_text())
            )
            answered += 1
    assert answered >= 2 * MOST_POINTS
    assert place.case(case).open_points == ()
    assert largest_row(case) < MOST


@pytest.mark.req("B8")
def test_notes_without_end_leave_room_for_the_end_and_for_the_timers(
    dynamo_place: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "OF_STAFF", replace(room.OF_STAFF, events=20))
    monkeypatch.setattr(room, "OF_RESIDENTS", replace(room.OF_RESIDENTS, events=10))
    place, case = dynamo_place, dynamo_place.register(kind="repair", matter="elevator").case
    case = place.do(case, "assign", SUPERVISOR, TO_ENGINEER)
    case = place.do(case, "sign", ENGINEER, SignForm("甲"))

    def full(command: str, actor: Actor, form: object) -> bool:
        place.clock.advance(timedelta(hours=3))
        return no_room_for(lambda: place.do(case, command, actor, form))

    while not full("urge", RESIDENT, NoteForm("快点")):
        pass
    assert place.case(case).version == 10
    while not full("progress", ENGINEER, RequiredNoteForm("等配件")):
        pass
    assert place.case(case).version >= 19
    place.do(case, "fire_timers", TIMER, TimersForm())
    assert place.case(case).version > 20, "the desk itself is never refused"
    assert place.do(case, "complete", ENGINEER, CompleteForm("已修", cause="老化")).state is State.COMPLETED


@pytest.mark.req("B8")
def test_a_history_of_more_than_a_megabyte_is_read_whole(dynamo_place: Office) -> None:
    """DynamoDB answers a megabyte at a time."""
    case = dynamo_place.register().case
    place = place_of(case.community, case.number)
    for version in range(2, 402):
        told = Event(version, MONDAY, ENGINEER, "progress", f"{version}", Progressed(long_text()))
        CaseRow(place, keys.event(version), data=stored_event(told), event_type=told.type).save()

    assert sum(room.size(row) for row in CaseRow.query(place)) > 1_500_000
    events = dynamo_place.stores.cases.events(case.community, case.number)
    assert [event.version for event in events] == list(range(1, 402))
    page = dynamo_place.stores.cases.events_page(case.community, case.number, 5, {"version": "390"})
    assert [event.version for event in page.items] == list(range(391, 396))


@pytest.mark.req("G8")
def test_what_one_form_says_at_its_longest_fits_into_a_row() -> None:
    """An event, a new contact and a new case stay below the limit by what forms take."""
    for row in TABLE.values():
        texts = [most for most in longest_lengths(row.form).values() if most != LONGEST_DRAWN]
        said = sum(texts) * BYTES_OF_A_CHARACTER  # of what was drawn the name of its file stands in the row
        assert said < MOST / 2, row.command
    report = sum(longest_lengths(NewCase).values()) + MOST_EVIDENCE * LONGEST_EVIDENCE
    assert report * BYTES_OF_A_CHARACTER < MOST / 2


@pytest.mark.req("G8")
def test_the_longest_report_is_taken(dynamo_place: Office) -> None:
    longest = {
        name: "".join(chr(0x20000 + dice.randrange(0xA000)) for _ in range(most))
        for name, most in longest_lengths(NewCase).items()
        if name in {"text", "against", "course_of_events", "witnesses", "unit", "name"}
    }
    evidence = tuple(long_text(LONGEST_EVIDENCE) for _ in range(MOST_EVIDENCE))
    case = dynamo_place.register(evidence=evidence, **longest).case

    assert largest_row(case) < MOST / 2
    assert dynamo_place.case(case).report.text == longest["text"]


def test_the_marks_stand_one_above_the_other() -> None:
    """Residents write no text into the case's own row, so nobody who fills it may stop them."""
    assert room.OF_RESIDENTS.contact < room.OF_STAFF.contact < room.TO_END.contact < MOST - 10_000
    assert room.OF_STAFF.case < room.TO_END.case == room.OF_RESIDENTS.case < MOST - 30_000
    assert room.OF_STAFF.whole < room.OF_RESIDENTS.whole < room.TO_END.whole
    assert room.OF_RESIDENTS.events < room.OF_STAFF.events < room.TO_END.events
    least = min(min(marks.contact, marks.case) for marks in (room.OF_RESIDENTS, room.OF_STAFF, room.TO_END))
    assert least / 2 > room.NEVER_FULL, "whatever short fields stand beside them"
