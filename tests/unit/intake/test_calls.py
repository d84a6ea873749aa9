"""A telephone call is one case, with what the caller said and nothing made up (A1, G7)."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.events import CloseReason
from chalicelib.domain.case.figure_rows import TOTAL
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError
from chalicelib.domain.figures.contribution import recount
from chalicelib.domain.intake.call_forms import CallBackForm, FillInForm
from chalicelib.domain.notices.details import BY_CALL, DANGER, UNREACHED
from chalicelib.domain.notices.kinds import RESIDENT_ID, NoticeKind
from chalicelib.domain.timers import pending
from chalicelib.services.intake.calls import Call, answered, case_of, open_cases_of, take_call
from tests.builders import AGENT, SUPERVISOR, Office, office
from tests.sending import send

MACHINE = Actor(Role.MACHINE, "ivr-1")
PHONE = "+8613800138000"


def taken(place: Office, **known: Any) -> Case | None:
    context = place.desk.context(place.desk.directory.community("riverside"))
    receipt = take_call(place.desk, context, MACHINE, Call(**{"id": "CA1", **known}))
    return place.case(receipt.case) if receipt else None


def case_after(place: Office, **known: Any) -> Case:
    case = taken(place, **known)
    assert case is not None
    return case


def notices(place: Office, case: Case) -> list[tuple[str, str, str | None]]:
    found = place.stores.notices.of_case(case.community, case.number)
    return sorted((stored.notice.kind, stored.notice.recipient, stored.notice.detail) for stored in found)


@pytest.mark.req("A1", "G7")
def test_a_call_that_breaks_off_is_one_to_call_back_with_what_is_known() -> None:
    place = office()
    case = case_after(place, phone=PHONE, kind="repair")
    assert (case.report.text, case.report.unit, case.report.resident_name) == (None, None, None)
    assert (case.classification.kind, case.classification.matter) == ("repair", "unsorted")
    assert case.call_back.owed
    assert "sort" in case.clocks.deadlines
    page = place.desk.cases.open_work("riverside", department="desk", handler=None, limit=9, cursor=None)
    assert [(line.number, line.call_back, line.summary) for line in page.items] == [(case.number, True, "")]
    assert (NoticeKind.REGISTERED, RESIDENT_ID, BY_CALL) in notices(place, case)


@pytest.mark.req("A1", "G7")
def test_whoever_is_called_back_says_what_it_is_about() -> None:
    place = office()
    case = case_after(place, phone=PHONE)
    tried = place.do(case, "call_back", AGENT, CallBackForm(reached=False, note="无人接听"))
    assert (tried.call_back.owed, tried.call_back.tried) == (True, 1)
    assert "respond" not in tried.clocks.met
    with pytest.raises(InvalidInputError, match="Write down"):
        place.do(case, "call_back", AGENT, CallBackForm(reached=True))
    with pytest.raises(InvalidInputError, match="not reached"):
        place.do(case, "call_back", AGENT, CallBackForm(reached=False, text="水管爆了"))
    reached = place.do(
        case, "call_back", AGENT, CallBackForm(reached=True, text="楼道灯不亮", unit="3-1201", name="孙女士")
    )
    assert not reached.call_back.owed
    assert (reached.report.text, reached.report.unit) == ("楼道灯不亮", "3-1201")
    assert "respond" in reached.clocks.met
    assert place.desk.cases.by_unit(
        "riverside", place.desk.unit_key("3栋1201", place.desk.directory.community("riverside")), 9, None
    ).items
    with pytest.raises(CommandRefusedError, match="No call back"):
        place.do(case, "call_back", AGENT, CallBackForm(reached=False))


STEPS: tuple[dict[str, Any], ...] = (
    {"phone": PHONE, "kind": "repair"},
    {"unit": "3-1201"},
    {"text": "厨房漏水"},
    {"recording": "s3://calls/CA1.wav", "finished": True},
)


@pytest.mark.req("A1", "A4")
@pytest.mark.parametrize("order", tuple(permutations(range(4))))
def test_the_steps_of_a_call_make_one_case_in_whatever_order_and_however_often(
    order: tuple[int, ...],
) -> None:
    place = office()
    for step in (*order, *reversed(order)):
        case = case_after(place, **STEPS[step])
    assert case.number.endswith("0001")
    report = case.report
    assert (report.phone, report.unit, report.text) == (PHONE, "3-1201", "厨房漏水")
    assert (report.recordings, case.call_back.owed) == (("s3://calls/CA1.wav",), False)
    assert case.classification.kind == "repair" or report.left_out == ("kind: repair",), (
        "what was chosen at the menu is nowhere lost"
    )
    sent = [kind for kind, who, _ in notices(place, case) if kind == NoticeKind.REGISTERED]
    assert len(sent) == 1
    again = case_after(place, **STEPS[order[0]])
    assert again.version == case.version


@pytest.mark.req("A1")
def test_what_contradicts_what_is_known_stands_beside_it() -> None:
    place = office()
    case_after(place, phone=PHONE, unit="3-1201", text="灯坏了")
    case = case_after(place, phone="+8613900001111", unit="3-1202", text="电梯也坏了")
    assert (case.report.phone, case.report.unit) == (PHONE, "3-1201")
    assert case.report.left_out == ("unit: 3-1202", "phone: +8613900001111")
    assert case.report.text == "灯坏了\n电梯也坏了"


@pytest.mark.req("A1")
def test_long_words_and_odd_values_lose_nothing() -> None:
    place = office()
    case = case_after(
        place, text="一" * 2000 + "二" * 2000 + "\x00三", unit="9" * 300, kind="alarm", phone=PHONE
    )
    assert case.report.text is not None
    assert case.report.text.replace("\n", "") == "一" * 2000 + "二" * 2000 + "□三"
    assert [line.partition(":")[0] for line in case.report.left_out] == ["unit", "kind"]


@pytest.mark.req("A1")
def test_a_call_that_says_nothing_and_leads_to_nobody_is_no_case() -> None:
    place = office()
    assert taken(place) is None
    assert taken(place, finished=True, kind="repair") is None


@pytest.mark.req("A1")
def test_a_caller_who_got_an_answer_is_not_called_back() -> None:
    place = office()
    answered(place.desk, "riverside", MACHINE, "CA1")
    assert taken(place, phone=PHONE) is None
    assert taken(place, id="CA2", phone=PHONE) is not None


@pytest.mark.req("A6", "A8", "G13")
def test_words_that_arrive_later_are_read_as_those_at_once() -> None:
    place = office()
    case = case_after(place, phone=PHONE)
    assert not [notice for notice in notices(place, case) if notice[2] == DANGER]
    case = case_after(place, text="三楼着火了，浓烟")
    alarmed = [notice for notice in notices(place, case) if notice[2] == DANGER]
    later = case_after(place, text="快来人，着火")
    assert [notice for notice in notices(place, later) if notice[2] == DANGER] == alarmed != []
    other = case_after(place, id="CA2", phone=PHONE)
    accused = case_after(place, id="CA2", text="我要投诉安佳，态度很差")
    assert (other.about.people, accused.about.people) == ((), ("agent-1",))


@pytest.mark.req("A1", "E8")
def test_a_caller_hears_of_the_own_open_cases_only() -> None:
    place = office()
    first = place.register(phone=PHONE).case
    other = place.register(phone="+8613900009999").case
    assert [case.number for case in open_cases_of(place.desk, "riverside", PHONE)] == [first.number]
    assert case_of(place.desk, "riverside", first.number, PHONE) is not None
    for number, phone in ((other.number, PHONE), (first.number, None), ("202611-9999", PHONE)):
        assert case_of(place.desk, "riverside", number, phone) is None


@pytest.mark.req("G7")
def test_the_desk_fills_in_what_was_not_known() -> None:
    place = office()
    case = place.register(actor=AGENT, channel="hotline_operator", name=None, unit=None, phone=None).case
    assert (case.report.resident_name, case.report.unit, case.call_back.owed) == (None, None, False)
    assert not [notice for notice in notices(place, case) if notice[0] == NoticeKind.REGISTERED]
    filled = place.do(case, "fill_in", AGENT, FillInForm(name="孙女士", unit="5-302", phone=PHONE))
    assert (filled.report.resident_name, filled.report.unit, filled.report.phone) == (
        "孙女士",
        "5-302",
        PHONE,
    )
    assert [notice for notice in notices(place, case) if notice[0] == NoticeKind.REGISTERED]
    assert place.desk.cases.of_resident("riverside", place.desk.resident_key("riverside", PHONE))
    with pytest.raises(InvalidInputError, match="Nothing new"):
        place.do(case, "fill_in", SUPERVISOR, FillInForm(unit="5-302"))
    with pytest.raises(InvalidInputError, match="has a phone number"):
        place.do(case, "fill_in", AGENT, FillInForm(phone="+8613900009999"))


@pytest.mark.req("A1", "C3")
@pytest.mark.parametrize(
    "given",
    [
        {"text": None},
        {"text": None, "channel": "walk_in"},
        {"unfinished": True, "channel": "walk_in"},
        {
            "text": None,
            "matter": None,
            "channel": "hotline_operator",
            "phone": None,
            "unit": None,
            "name": None,
        },
    ],
)
def test_only_a_call_that_leads_to_somebody_says_nothing(given: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError):
        office().register(actor=AGENT, **given)


def not_reached(place: Office, case: Case, times: int) -> Case:
    for _ in range(times):
        place.clock.advance(timedelta(hours=9))
        case = place.do(case, "call_back", AGENT, CallBackForm(reached=False))
    return case


@pytest.mark.req("A1", "G7", "G17")
def test_a_caller_whom_nobody_reaches_is_given_up_after_a_day_and_told_so() -> None:
    place = office()
    case = not_reached(place, case_after(place, phone=PHONE), 2)
    with pytest.raises(CommandRefusedError, match="2 are on record"):
        place.do(case, "give_up_call_back", AGENT, NoteForm("打不通"))
    case = not_reached(place, case, 1)
    ended = place.do(case, "give_up_call_back", AGENT, NoteForm("打不通"))
    assert (ended.state, ended.ending.close_reason) == (State.CLOSED, CloseReason.UNREACHED)
    assert not ended.call_back.owed
    assert pending(ended, place.desk.context_of(ended)) == ()
    assert (NoticeKind.CLOSED, RESIDENT_ID, UNREACHED) in notices(place, ended)
    counted = recount([ended])
    assert (counted[TOTAL, "unreached"], counted[TOTAL, "solved"], counted[TOTAL, "open"]) == (1, 0, 0)
    send(place)
    assert any("回拨" in text for to, text in place.sms.sent if to == PHONE)


@pytest.mark.req("A1")
@pytest.mark.parametrize("known", [{"text": "水管爆了"}, {"recording": "riverside/CA1/RE1.wav"}])
def test_whoever_said_something_is_not_given_up(known: dict[str, str]) -> None:
    place = office()
    case = not_reached(place, case_after(place, phone=PHONE, **known), 3)
    with pytest.raises(CommandRefusedError, match="Something is known"):
        place.do(case, "give_up_call_back", AGENT, NoteForm())


@pytest.mark.req("A1")
def test_a_caller_who_was_given_up_comes_back_by_the_link() -> None:
    place = office()
    case = not_reached(place, case_after(place, phone=PHONE), 3)
    case = place.do(case, "give_up_call_back", SUPERVISOR, NoteForm())
    again = place.do(case, "reopen", RESIDENT, ReasonForm("三楼走廊的灯不亮"))
    assert again.state is State.REGISTERED
    counted = recount([again])
    assert (counted[TOTAL, "unreached"], counted[TOTAL, "open"]) == (0, 1)
