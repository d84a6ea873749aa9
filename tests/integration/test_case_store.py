"""The register, on the fakes and on DynamoDB: cases, their history, numbers, voids."""

import json
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.adapters.dynamo import documents, keys
from chalicelib.adapters.dynamo.tables import CASE, CaseRow
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.figure_rows import TOTAL
from chalicelib.domain.case.fold import fold
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm, RequiredNoteForm
from chalicelib.domain.case.numbering import missing_serials
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.domain.decide import decide
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.errors import CommandRefusedError, ConflictError, NotFoundError
from chalicelib.domain.figures.contribution import recount
from chalicelib.domain.follow_up.forms import RateForm
from chalicelib.domain.intake.forms import MergeForm
from chalicelib.domain.work.forms import CompleteForm, ExtensionForm, PauseForm
from chalicelib.services.figures.recount import recount_month
from chalicelib.services.records import Change, Page
from chalicelib.services.serials import Void
from tests.builders import MANAGER, MONDAY, SUPERVISOR, Office
from tests.threads import at_once

OLD_CASES = json.loads(
    (Path(__file__).parents[1] / "unit" / "deadlines" / "old_ledgers.json").read_text(encoding="utf-8")
)
ENGINEER = Actor(Role.HANDLER, "engineering-1")
HEAD = Actor(Role.DEPARTMENT_HEAD, "engineering-head")
TO_ENGINEER = AssignForm(handler="engineering-1", reason="a lamp")


def change_of(place: Office, case: Case, name: str, actor: Actor, form: object) -> Change:
    """What a command would write, decided on a case as somebody has read it."""
    context = place.desk.context_of(case)
    command = Command(name, actor, place.clock(), f"{name} of {actor.id}", form)
    return place.desk.change(decide(case, command, context), context)


def voids(place: Office, community: str = "riverside") -> set[int]:
    """Serials of November without a case, of those that are explained."""
    book = place.stores.cases.serials(community, "202611")
    found = set()
    for serial in book.present:
        try:
            place.stores.cases.get(community, f"202611-{serial:04d}")
        except NotFoundError:
            found.add(serial)
    return found


@pytest.mark.req("A3", "A4")
def test_a_registered_case_is_there_with_its_history(place: Office) -> None:
    receipt = place.register(text="灯坏了 🔦 <b>𠮷</b>\n第二行", evidence=("photo 1",))

    assert receipt.case.number == "202611-0001"
    assert not receipt.repeated
    assert place.case(receipt.case) == receipt.case
    history = place.stores.cases.events("riverside", "202611-0001")
    assert fold(history, "riverside", "202611-0001") == receipt.case


def test_nothing_is_found_where_nothing_is(place: Office) -> None:
    place.register()

    with pytest.raises(NotFoundError):
        place.stores.cases.get("riverside", "202611-0002")
    with pytest.raises(NotFoundError):
        place.stores.cases.get("hillside", "202611-0001")
    assert place.stores.cases.events("riverside", "202611-0002") == ()
    assert place.stores.cases.events_page("riverside", "202611-0002", 5, None) == Page((), None)


@pytest.mark.req("B1", "B2", "D1")
def test_the_case_is_the_fold_of_its_events_all_the_way(place: Office) -> None:
    case = place.register().case
    for name, actor, form in (
        ("assign", SUPERVISOR, TO_ENGINEER),
        ("sign", ENGINEER, SignForm("工程部甲")),
        ("progress", ENGINEER, RequiredNoteForm("正在采购灯管")),
        (
            "pause",
            ENGINEER,
            PauseForm(MONDAY + timedelta(hours=4), _a_reason(place), "采购单"),
        ),
        ("resume", ENGINEER, NoteForm()),
        (
            "request_extension",
            ENGINEER,
            ExtensionForm(MONDAY + timedelta(days=2, hours=6), "无货"),
        ),
        ("grant_extension", MANAGER, ReasonForm("同意")),
        ("start", ENGINEER, NoteForm()),
        ("complete", ENGINEER, CompleteForm("已换灯管", cause="灯管老化")),
        ("rate", RESIDENT, RateForm(1, "还是不亮")),
    ):
        place.clock.advance(timedelta(minutes=10))
        case = place.do(case, name, actor, form)
        assert place.case(case) == case, name

    history = place.stores.cases.events("riverside", case.number)
    assert [entry.version for entry in history] == list(range(1, len(history) + 1))
    first = place.stores.cases.events_page("riverside", case.number, len(history) - 1, None)
    last = place.stores.cases.events_page("riverside", case.number, 1, first.cursor)
    assert ((*first.items, *last.items), last.cursor) == (history, None)
    assert fold(history, "riverside", case.number) == case
    assert case.round == 2


@pytest.mark.req("G17")
def test_a_case_stored_by_another_release_is_what_its_events_add_up_to(dynamo_place: Office) -> None:
    """A release that kept less of a round: what comes next must not change the figures by the difference."""
    place = dynamo_place
    case = place.register(matter="elevator", kind="repair").case
    for name, actor, form in (
        ("assign", SUPERVISOR, TO_ENGINEER),
        ("sign", ENGINEER, SignForm("工程部甲")),
        ("complete", ENGINEER, CompleteForm("已换灯管", cause="灯管老化")),
    ):
        case = place.do(case, name, actor, form)
    row = CaseRow.get(keys.case("riverside", case.number), CASE)
    old = msgspec.json.decode(documents.text(case))
    old |= {"completed_for": ["engineering-1"], "late_rounds": 0, "paused_before": "PT0S"}
    del old["rounds"]
    for shape in (None, "of another release"):
        row.update(
            [
                CaseRow.data.set(documents.stored(old)),
                CaseRow.shape.set(shape) if shape else CaseRow.shape.remove(),
            ]
        )
        assert place.case(case) == case
    place.do(case, "rate", RESIDENT, RateForm(1))
    found = recount_month(place.stores.cases, place.stores.figures, "riverside", "202611")
    assert found.differences == ()


@pytest.mark.req("G2")
@pytest.mark.parametrize("old", OLD_CASES, ids=[old["name"] for old in OLD_CASES])
def test_a_case_stored_with_ledgers_of_text_is_read(dynamo_place: Office, old: Any) -> None:
    place, key = dynamo_place, keys.case("riverside", "202609-0001")
    for row in old["events"]:
        CaseRow(key, keys.event(row["version"]), data=documents.stored(row)).save()
    CaseRow(key, CASE, data=documents.stored({"deadlines": {}}), shape="of that release").save()
    case = place.stores.cases.get("riverside", "202609-0001")
    due = {clock: documents.instant(deadline.due_at) for clock, deadline in case.deadlines.items()}
    assert due == {clock: documents.instant(datetime.fromisoformat(at)) for clock, at in old["case"].items()}
    assert case == fold(place.stores.cases.events("riverside", case.number), "riverside", case.number)


def _a_reason(place: Office) -> str:
    return place.desk.regulations.get("default").pause.reasons[0]


@pytest.mark.req("A4")
def test_serials_count_from_one_for_each_community_and_month(place: Office) -> None:
    store = place.stores.cases

    assert [store.next_serial("riverside", "202611").number for _ in range(3)] == [1, 2, 3]
    assert store.next_serial("hillside", "202611").number == 1
    assert store.next_serial("riverside", "202612").number == 1


@pytest.mark.req("A4")
def test_fifty_at_once_get_fifty_numbers(place: Office) -> None:
    receipts = at_once(50, lambda turn: place.register(key=f"report {turn}"))

    assert {receipt.case.number for receipt in receipts} == {
        f"202611-{serial:04d}" for serial in range(1, 51)
    }
    book = place.stores.cases.serials("riverside", "202611")
    assert (book.counter, len(book.present)) == (50, 50)


@pytest.mark.req("A4")
def test_the_same_key_twenty_times_at_once_is_one_case(place: Office) -> None:
    receipts = at_once(20, lambda _: place.register(key="the same"))

    numbers = {receipt.case.number for receipt in receipts}
    assert len(numbers) == 1
    assert sum(not receipt.repeated for receipt in receipts) == 1
    assert {receipt.track_code for receipt in receipts} == {receipts[0].track_code}
    book = place.stores.cases.serials("riverside", "202611")
    assert missing_serials(book.present, book.counter) == ()
    assert len(voids(place)) == book.counter - 1
    register = place.stores.cases.register("riverside", "202611", 50, None)
    assert [item.number for item in register.items] == list(numbers)
    assert place.stores.figures.month("riverside", "202611")[TOTAL]["registered"] == 1


def test_a_key_used_for_another_report_is_a_conflict(place: Office) -> None:
    place.register(key="the same")

    with pytest.raises(ConflictError, match="used for another report"):
        place.register(key="the same", text="水管漏水")


@pytest.mark.req("A4")
def test_a_key_belongs_to_one_community(place: Office) -> None:
    here = place.register("riverside", key="the same")
    there = place.register("hillside", key="the same")

    assert (here.repeated, there.repeated) == (False, False)


@pytest.mark.req("B2")
def test_the_second_of_two_stale_copies_changes_nothing(place: Office) -> None:
    case = place.register().case
    first = change_of(place, case, "urge", RESIDENT, NoteForm("快点"))
    second = change_of(place, case, "withdraw", RESIDENT, ReasonForm("好了"))
    place.stores.cases.save(first)
    notices = place.stores.notices.of_case("riverside", case.number)
    figures = place.stores.figures.month("riverside", "202611")

    with pytest.raises(ConflictError):
        place.stores.cases.save(second)

    assert place.case(case) == first.outcome.after
    assert len(place.stores.cases.events("riverside", case.number)) == 2
    assert place.stores.notices.of_case("riverside", case.number) == notices
    assert place.stores.figures.month("riverside", "202611") == figures


def test_a_change_of_a_case_that_is_not_there_is_a_conflict(place: Office) -> None:
    case = place.register().case
    change = change_of(place, case, "urge", RESIDENT, NoteForm())
    outcome = replace(change.outcome, after=replace(change.outcome.after, number="202611-0009"))

    with pytest.raises(ConflictError):
        place.stores.cases.save(replace(change, outcome=outcome))


@pytest.mark.req("B2")
def test_of_two_who_sign_at_once_one_wins_and_the_other_learns_who(place: Office) -> None:
    case = place.register(matter="lighting_lock").case
    case = place.do(case, "assign", SUPERVISOR, TO_ENGINEER)

    def sign(turn: int) -> str:
        actor = (ENGINEER, HEAD)[turn]
        try:
            place.do(case, "sign", actor, SignForm(f"signature {turn}"))
        except CommandRefusedError as refused:
            return refused.message
        return "signed"

    answers = at_once(2, sign)
    assert sorted(answer == "signed" for answer in answers) == [False, True]
    loser = next(answer for answer in answers if answer != "signed")
    assert "signed for by" in loser
    history = place.stores.cases.events("riverside", case.number)
    assert [entry.type for entry in history].count("signed") == 1


@pytest.mark.req("A4")
def test_a_void_and_a_case_never_share_a_number(place: Office) -> None:
    store = place.stores.cases
    case = place.register().case
    assert not store.record_void("riverside", Void(case.number, "intake did not finish", MONDAY))
    assert place.case(case) == case

    assert store.record_void("riverside", Void("202611-0002", "intake did not finish", MONDAY))
    assert not store.record_void("riverside", Void("202611-0002", "another cause", MONDAY))
    with pytest.raises(NotFoundError):
        store.get("riverside", "202611-0002")
    assert place.register().case.number == "202611-0003", "the number that was declared void is passed over"
    assert voids(place) == {2}
    register = store.register("riverside", "202611", 10, None)
    assert [item.number for item in register.items] == ["202611-0001", "202611-0003"]


@pytest.mark.req("A4")
def test_the_book_of_serials_says_when_each_was_used(place: Office) -> None:
    store = place.stores.cases
    assert store.serials("riverside", "202611").counter == 0
    place.register()
    place.clock.advance(timedelta(minutes=1))
    store.next_serial("riverside", "202611")
    place.clock.advance(timedelta(minutes=1))
    place.register()
    later = place.clock()
    store.record_void("riverside", Void("202611-0002", "intake did not finish", later))

    book = store.serials("riverside", "202611")
    assert (book.counter, book.counted_at) == (3, later)
    assert book.present == {1: MONDAY, 2: later, 3: later}

    store.settle("riverside", "202611", 2)
    book = store.serials("riverside", "202611", unsettled_only=True)
    assert (book.counter, book.settled, book.present) == (3, 2, {3: later})
    store.settle("riverside", "202611", 3)
    assert store.serials("riverside", "202611", unsettled_only=True).present == {}
    assert set(store.serials("riverside", "202611").present) == {1, 2, 3}
    assert store.next_serial("riverside", "202611").number == 4


@pytest.mark.req("G17")
def test_the_figures_equal_a_recount(place: Office) -> None:
    cases = [place.register(matter="power_outage" if turn % 2 else "other").case for turn in range(4)]
    cases.append(place.register(actor=SUPERVISOR, solved_with="当场解释").case)
    cases.append(place.register(matter=None).case)
    for case in cases[:3]:
        place.do(case, "assign", SUPERVISOR, TO_ENGINEER)
        place.do(case, "sign", ENGINEER, SignForm("甲"))
        place.do(case, "start", ENGINEER, NoteForm())
    place.clock.advance(timedelta(hours=3))
    for case in cases[:2]:
        place.do(case, "complete", ENGINEER, CompleteForm("已修", cause="跳闸"))
    place.do(cases[0], "rate", RESIDENT, RateForm(5))
    place.do(cases[1], "rate", RESIDENT, RateForm(1, "没修好"))
    place.do(cases[3], "withdraw", RESIDENT, ReasonForm("好了"))
    place.register("hillside")

    counted = place.stores.figures.month("riverside", "202611")
    again = recount(place.case(case) for case in cases)
    assert {
        (row, name): amount for row, counters in counted.items() for name, amount in counters.items()
    } == again
    assert counted[TOTAL]["registered"] == 6


@pytest.mark.req("G8", "G17")
def test_a_case_that_left_the_register_is_in_no_open_list(place: Office) -> None:
    case = place.register().case
    place.do(case, "withdraw", RESIDENT, ReasonForm("好了"))

    page = place.stores.cases.open_work("riverside", department=None, handler=None, limit=9, cursor=None)
    assert page.items == ()
    register = place.stores.cases.register("riverside", "202611", 9, None)
    assert [item.state for item in register.items] == [State.WITHDRAWN]


@pytest.mark.req("A16")
def test_a_merge_is_written_only_while_its_target_goes_on(place: Office) -> None:
    """Decided on what both were; then one was merged, or withdrawn, before the other was written."""
    for ends_by in ("merge", "withdraw"):
        one, two = place.register().case, place.register().case
        decided = change_of(place, one, "merge", SUPERVISOR, MergeForm(two.number, "同一处"))
        decided = replace(decided, only_if=(two.number, two.version))
        if ends_by == "merge":
            place.do(two, "merge", SUPERVISOR, MergeForm(one.number, "同一处"))
            with pytest.raises(CommandRefusedError, match=one.number):
                place.do(one, "merge", SUPERVISOR, MergeForm(two.number, "同一处"))
        else:
            place.do(two, "withdraw", RESIDENT, ReasonForm("好了"))
        with pytest.raises(ConflictError):
            place.stores.cases.save(decided)
        assert place.case(one) == one, "nothing of it was written"


@pytest.mark.req("A16")
def test_of_merges_into_each_other_at_the_same_moment_one_goes_on(place: Office) -> None:
    for ring in (2, 2, 2, 3):
        cases = [place.register().case for _ in range(ring)]

        def merge(turn: int, cases: list[Case] = cases) -> None:
            into = cases[(turn + 1) % len(cases)].number
            with suppress(CommandRefusedError, ConflictError):
                place.do(cases[turn], "merge", SUPERVISOR, MergeForm(into, "同一处"))

        at_once(ring, merge)
        states = [place.case(case).state for case in cases]
        assert State.REGISTERED in states
        assert State.MERGED in states


@pytest.mark.req("E8")
def test_a_case_is_opened_with_its_history_and_notices_as_they_are_read_one_by_one(place: Office) -> None:
    case = place.register().case
    place.do(case, "assign", SUPERVISOR, TO_ENGINEER)
    place.do(case, "sign", ENGINEER, SignForm("工程部甲"))
    stores, of = place.stores, ("riverside", case.number)
    opened = stores.cases.opened(*of)
    assert opened.case == stores.cases.get(*of)
    assert opened.events == stores.cases.events(*of)
    assert opened.notices == stores.notices.of_case(*of)
    assert (len(opened.events), len(opened.notices) > 1) == (3, True)
    with pytest.raises(NotFoundError):
        stores.cases.opened("riverside", "202611-0099")
