"""Registering a case: once, at once, with a number, and with both times (A1–A5, A7, A9–A11)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.case.figure_rows import TOTAL
from chalicelib.domain.case.fold import fold
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.case.numbering import case_number
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.domain.errors import ConflictError, InvalidInputError, NotFoundError
from chalicelib.domain.figures.contribution import recount
from chalicelib.domain.intake.registration import CLOCK_TOLERANCE, OLDEST_CONTACT
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.regulation.rules import KINDS
from chalicelib.services.intake.register import NUMBERS_TRIED, Receipt, register
from chalicelib.services.serials import Void
from tests.builders import AGENT, MONDAY, Office, community, new_case, office
from tests.fakes.memory import CrashError, Memory
from tests.threads import at_once

MACHINE = Actor(Role.MACHINE, "ivr-1")
MONTH = "202611"
SHANGHAI = ZoneInfo("Asia/Shanghai")


def memory(place: Office) -> Memory:
    assert place.memory is not None
    return place.memory


def serials(place: Office) -> set[int]:
    """The serials that a case or an explanation stands for."""
    return set(place.stores.cases.serials("riverside", MONTH).present)


@pytest.mark.req("A3")
def test_everything_that_was_reported_stands_in_the_register() -> None:
    place = office()
    told = {
        "against": "保安",
        "course_of_events": "早上进门时争吵。",
        "witnesses": "李先生",
        "evidence": ("photo-1", "photo-2"),
        "email": "wang@example.com",
        "matter": "staff_attitude",
    }
    case = place.register(actor=AGENT, channel=ev.Channel.HOTLINE_OPERATOR, **told).case
    report = case.report
    assert (report.text, report.unit, report.resident_name) == (
        "三楼走廊的灯不亮了，晚上很黑。",
        "3-1201",
        "王芳",
    )
    assert (report.phone, report.email) == ("+8613900001234", "wang@example.com")
    assert (report.against, report.course_of_events) == ("保安", "早上进门时争吵。")
    assert (report.witnesses, report.evidence) == ("李先生", ("photo-1", "photo-2"))
    assert (report.channel, report.taken_by) == (ev.Channel.HOTLINE_OPERATOR, "agent-1")
    stored = place.stores.cases.events("riverside", case.number)
    assert fold(stored, "riverside", case.number) == case == place.case(case)


@pytest.mark.req("A1")
def test_every_channel_writes_into_the_one_register() -> None:
    place = office()
    cases = [place.register(channel=channel).case for channel in ev.Channel]
    listed = place.stores.cases.register("riverside", MONTH, 100, None).items
    assert [case.number for case in listed] == [case.number for case in cases]


@pytest.mark.req("A5")
@pytest.mark.parametrize("kind", KINDS)
def test_one_form_serves_every_kind(kind: str) -> None:
    case = office().register(kind=kind).case
    assert case.classification.kind == kind
    assert case.clocks.solve_due_at > MONDAY


@pytest.mark.req("A5", "A7")
def test_what_the_caller_does_not_know_the_regulation_fills_in() -> None:
    place = office()
    plain = place.register().case.classification
    assert (plain.kind, plain.matter, plain.department, plain.severity) == (
        "complaint",
        "other",
        "desk",
        "general",
    )
    burst = place.register(matter="flooding").case.classification
    assert (burst.department, burst.urgency, burst.category) == ("engineering", "emergency", "facility")
    assert place.register(matter="flooding", urgency="normal").case.classification.urgency == "normal"


@pytest.mark.parametrize(
    "wrong", [{"kind": "riddle"}, {"matter": "ghosts"}, {"urgency": "soon"}, {"severity": "very"}]
)
def test_a_value_that_does_not_exist_is_refused_by_name_and_uses_up_no_number(wrong: dict[str, str]) -> None:
    place = office()
    (name,) = wrong
    with pytest.raises(InvalidInputError, match=name):
        place.register(**wrong)
    assert not memory(place).serials


def test_an_unknown_community_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        office().register("atlantis")


@pytest.mark.req("A2")
@pytest.mark.parametrize(("minutes", "in_time"), [(0, 1), (15, 1), (16, 0), (600, 0)])
def test_both_times_are_kept_and_make_the_figure(minutes: int, in_time: int) -> None:
    place = office()
    contacted_at = place.clock() - timedelta(minutes=minutes)
    case = place.register(actor=AGENT, contacted_at=contacted_at).case
    assert (case.report.contacted_at, case.registered_at) == (contacted_at, place.clock())
    total = place.stores.figures.month("riverside", MONTH)[TOTAL]
    assert total["registered"] == 1
    assert total.get("registered_in_time", 0) == in_time


@pytest.mark.req("A2")
def test_a_contact_time_that_cannot_be_is_refused() -> None:
    place = office()
    now = place.clock()
    with pytest.raises(InvalidInputError, match="no zone"):
        place.register(contacted_at=datetime(2026, 11, 23, 8, 0))  # noqa: DTZ001 - that is the point
    with pytest.raises(InvalidInputError, match="future"):
        place.register(contacted_at=now + CLOCK_TOLERANCE + timedelta(seconds=1))
    with pytest.raises(InvalidInputError, match="90 days"):
        place.register(contacted_at=now - OLDEST_CONTACT - timedelta(seconds=1))
    assert not memory(place).cases
    ahead = place.register(actor=AGENT, contacted_at=now + CLOCK_TOLERANCE).case
    assert ahead.report.contacted_at == ahead.registered_at == now


@pytest.mark.req("A2")
def test_the_case_belongs_to_a_department_from_the_start() -> None:
    place = office()
    case = place.register(matter="garbage").case
    lines = place.stores.cases.open_work(
        "riverside", department="cleaning", handler=None, limit=10, cursor=None
    ).items
    assert [line.number for line in lines] == [case.number]


@pytest.mark.req("A4")
def test_numbers_count_up_by_month_and_community() -> None:
    place = office(community(), community("hillside", prefix="h-"))
    numbers = [place.register().case.number for _ in range(3)]
    assert numbers == ["202611-0001", "202611-0002", "202611-0003"]
    assert place.register("hillside").case.number == "202611-0001"


@pytest.mark.req("A4")
def test_the_month_is_the_one_on_the_community_s_own_calendar() -> None:
    place = office(at=datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC))
    assert place.register().case.number == "202611-0001"
    place.clock.advance(timedelta(seconds=1))  # midnight in Shanghai
    assert place.register().case.number == "202612-0001"


@pytest.mark.req("A4")
def test_the_ten_thousandth_case_of_a_month_gets_a_fifth_digit() -> None:
    place = office()
    memory(place).serials["riverside", MONTH] = (9_999, place.clock())
    assert place.register().case.number == "202611-10000"


@pytest.mark.req("A4")
def test_fifty_at_once_get_fifty_numbers() -> None:
    place = office()
    receipts = at_once(50, lambda turn: place.register(key=f"report {turn}"))
    assert {receipt.case.number for receipt in receipts} == {
        case_number(MONTH, serial) for serial in range(1, 51)
    }


@pytest.mark.req("A4")
def test_twenty_repeats_of_one_key_are_one_case_and_every_other_number_is_explained() -> None:
    place = office()
    receipts = at_once(20, lambda _: place.register(key="the same"))
    assert len({receipt.case.number for receipt in receipts}) == 1
    assert len({receipt.track_code for receipt in receipts}) == 1
    assert sum(not receipt.repeated for receipt in receipts) == 1
    assert len(memory(place).cases) == 1
    last, _ = memory(place).serials["riverside", MONTH]
    assert serials(place) == set(range(1, last + 1))
    (case,) = memory(place).whole_cases()
    assert {void.cause for void in memory(place).voids.values()} <= {f"repeat of {case.number}"}
    assert place.stores.figures.month("riverside", MONTH)[TOTAL]["registered"] == 1


@pytest.mark.req("A4")
def test_a_key_stands_for_one_report_only() -> None:
    place = office()
    first = place.register(actor=AGENT, key="the same")
    with pytest.raises(ConflictError, match=first.case.number):
        place.register(actor=AGENT, key="the same", text="另外一件事。")
    assert len(memory(place).cases) == 1
    assert serials(place) == {1, 2}


@pytest.mark.req("E8")
def test_a_stranger_is_not_told_which_report_has_the_key() -> None:
    place = office()
    first = place.register(key="the same")
    with pytest.raises(ConflictError) as refused:
        place.register(key="the same", text="另外一件事。")
    assert first.case.number not in refused.value.message
    assert not refused.value.facts


def test_a_key_is_a_caller_s_own() -> None:
    """Two agents who both call their first report "1", and the same key in another community."""
    place = office(community(), community("hillside", prefix="h-"))
    places = [
        place.register(key="1"),
        place.register(key="1", actor=MACHINE),
        place.register(key="1", actor=AGENT),
        place.register(key="1", actor=Actor(Role.AGENT, "agent-2")),
        place.register("hillside", key="1"),
    ]
    assert not [place for place in places if place.repeated]


@pytest.mark.req("A4")
@pytest.mark.parametrize("fault", ["before", "after"])
def test_a_crash_in_the_middle_loses_and_doubles_nothing(fault: str) -> None:
    place = office()
    memory(place).faults["cases.create"] = [fault]
    with pytest.raises(CrashError):
        place.register(key="the same")
    again = place.register(key="the same")
    assert again.repeated is (fault == "after")
    assert len(memory(place).cases) == 1
    assert place.stores.figures.month("riverside", MONTH)[TOTAL]["registered"] == 1
    assert serials(place) == ({2} if fault == "before" else {1, 2})  # reconcile explains the first


@pytest.mark.req("A4")
def test_a_number_declared_void_meanwhile_is_never_used() -> None:
    place = office()
    place.stores.cases.record_void("riverside", Void("202611-0001", "intake did not finish", MONDAY))
    assert place.register().case.number == "202611-0002"


def test_when_no_number_can_be_had_the_caller_is_told_to_send_again() -> None:
    place = office()
    for serial in range(1, NUMBERS_TRIED + 1):
        void = Void(case_number(MONTH, serial), "intake did not finish", MONDAY)
        place.stores.cases.record_void("riverside", void)
    with pytest.raises(ConflictError, match="again with the same key"):
        place.register(key="unlucky")
    assert not place.register(key="unlucky").repeated


@pytest.mark.req("A4")
def test_an_intake_writes_twice() -> None:
    place = office()
    memory(place).calls.clear()
    place.register()
    assert memory(place).calls == {"cases.next_serial": 1, "cases.create": 1}


@pytest.mark.req("A9")
def test_whoever_took_the_case_answers_for_it() -> None:
    assert office().register(actor=AGENT).case.first_asked == "agent-1"


@pytest.mark.req("A10")
def test_solved_on_the_spot_is_registered_and_solved_in_one_step_and_still_counted_and_followed_up() -> None:
    place = office()
    receipt = place.register(actor=AGENT, solved_with="当场更换灯泡。")
    case = receipt.case
    assert (case.state, case.work.on_the_spot, case.work.result) == (State.COMPLETED, True, "当场更换灯泡。")
    assert [event.type for event in place.stores.cases.events("riverside", case.number)] == [
        "registered",
        "completed",
    ]
    total = place.stores.figures.month("riverside", MONTH)[TOTAL]
    assert (total["registered"], total["solved"], total["on_the_spot"], total["surveys"]) == (1, 1, 1, 1)
    assert total == {name: amount for (row, name), amount in recount([case]).items() if row == TOTAL}
    purposes = {link.purpose for link in memory(place).links.values()}
    assert purposes == {Purpose.TRACK, Purpose.RATE}


@pytest.mark.req("A10", "G7")
@pytest.mark.parametrize("actor", [RESIDENT, MACHINE])
def test_only_staff_solve_on_the_spot(actor: Actor) -> None:
    with pytest.raises(InvalidInputError, match="staff"):
        office().register(actor=actor, solved_with="自己修好了。")


@pytest.mark.req("A11")
def test_the_receipt_has_number_deadline_and_a_link_that_is_good_at_once() -> None:
    place = office()
    receipt = place.register()
    link = place.stores.links.find(place.codes.hash(receipt.track_code))
    assert link is not None
    assert (link.purpose, link.number, link.subject) == (Purpose.TRACK, receipt.case.number, "resident")
    assert link.actor() == RESIDENT
    assert link.expires_at > place.clock() + timedelta(days=300)
    due = receipt.case.clocks.deadlines[Clock.SOLVE].due_at
    assert due.astimezone(SHANGHAI).isoformat() == "2026-11-25T09:00:00+08:00"


@pytest.mark.req("A11")
def test_a_repeat_gives_the_same_receipt_however_far_the_case_has_come() -> None:
    place = office()
    first = place.register(key="the same", actor=AGENT, solved_with="当场更换灯泡。")
    place.clock.advance(timedelta(days=1))
    again = place.register(key="the same", actor=AGENT, solved_with="当场更换灯泡。")
    assert again == Receipt(first.case, first.track_code, repeated=True)


@pytest.mark.req("G2")
def test_the_case_keeps_the_regulation_that_it_began_under() -> None:
    place = office(community(regulation="S2"))
    case = place.register().case
    assert (case.regulation, case.regulation_version) == ("S2", "2")
    place.stores.directory.put(community(regulation="S4"))  # type: ignore[attr-defined]
    assert place.desk.context_of(case).regulation.id == "S2"
    assert place.register().case.regulation == "S4"


def test_the_body_decides_whether_it_is_the_same_report() -> None:
    place = office()
    new, context = new_case(), place.desk.context(community())
    first = register(place.desk, context, RESIDENT, new, "key", b'{"text": "a"}')
    assert register(place.desk, context, RESIDENT, new, "key", b'{"text": "a"}').case == first.case
    with pytest.raises(ConflictError):
        register(place.desk, context, RESIDENT, new, "key", b'{"text": "b"}')
