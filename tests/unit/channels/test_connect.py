"""Calls through Amazon Connect: the flow is played against the function, and always gets an answer (A1)."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.channels.connect import connect
from infra.contact_flow import filled
from tests.api_desk import ApiDesk, api_desk
from tests.contact_flows import CONTACT, FlowCall, contact_event, contact_over

CALLER = "+8613900001234"
FLOW = json.loads(filled("arn", "riverside", "https://a.example/contacts/", "+8657188001100"))
OTHER = "00000000-0000-4000-8000-000000000002"


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


def cases(desk: ApiDesk) -> list[Any]:
    assert desk.office.memory is not None
    return desk.office.memory.whole_cases()


def call(*keys: str, **how: Any) -> FlowCall:
    return FlowCall(FLOW, how.pop("invoke", connect), list(keys), **how).play()


def ends(contact: str = CONTACT) -> None:
    for _ in range(2):
        assert connect(contact_over(contact))["ok"] == "yes"


@pytest.mark.req("A1", "A2")
def test_a_repair_is_a_case_with_unit_and_number_read_back(desk: ApiDesk) -> None:
    heard = call("1", "1", "3*2*1201", "1", "#")
    (case,) = cases(desk)
    assert (case.report.unit, case.report.phone, case.report.text) == ("3-2-1201", CALLER, None)
    assert (case.report.channel, case.classification.kind) == ("hotline_ivr", "repair")
    assert case.report.recordings == (f"https://a.example/contacts/{CONTACT}",)
    assert heard.recorded
    assert not case.call_back.owed
    month, _, serial = case.number.partition("-")
    assert f"{' '.join(month)}，{' '.join(serial)}" in heard.heard
    assert "3，2，1 2 0 1" in heard.heard
    assert heard.heard.endswith("再见。")
    ends()
    assert cases(desk) == [case], "its end tells nothing new"


@pytest.mark.req("A4")
def test_every_step_twice_is_one_case(desk: ApiDesk) -> None:
    def twice(event: Mapping[str, Any]) -> Mapping[str, Any]:
        assert connect(event).keys() == connect(event).keys()
        return connect(event)

    call("1", "2", "3*1201", "1", "#", invoke=twice)
    call("1", "2", "3*1201", "1", "#")
    (case,) = cases(desk)
    assert len(case.report.recordings) == 1
    assert case.report.left_out == ()
    assert case.classification.kind == "complaint"


@pytest.mark.req("A1", "G7")
@pytest.mark.parametrize(
    ("keys", "unit", "kind"),
    [
        (("hang up",), None, "inquiry"),
        (("1", "hang up"), None, "inquiry"),
        (("1", "1", "hang up"), None, "repair"),
        (("1", "3", "3*1201", "1", "hang up"), "3-1201", "help"),
    ],
)
def test_whoever_hangs_up_is_called_back_with_what_is_known(
    desk: ApiDesk, keys: tuple[str, ...], unit: str | None, kind: str
) -> None:
    call(*keys)
    ends()
    (case,) = cases(desk)
    assert case.call_back.owed
    assert (case.report.phone, case.report.unit) == (CALLER, unit)
    assert kind in {"inquiry", case.classification.kind}


@pytest.mark.req("A1")
def test_whoever_presses_nothing_speaks_all_the_same(desk: ApiDesk) -> None:
    heard = call()
    (case,) = cases(desk)
    assert "请现在说出您的房号" in heard.heard
    assert heard.heard.count("报修请按 1") == 3
    assert case.report.recordings


@pytest.mark.parametrize("keys", ["**", "1234567", "3*2*1*1*1"])
def test_keys_that_are_no_unit_are_asked_for_again_and_then_done_without(desk: ApiDesk, keys: str) -> None:
    heard = call("1", "1", keys, keys, keys, "#")
    assert heard.heard.count("没有识别出您输入的房号") == 3
    assert "房号可以在录音里说" in heard.heard
    (case,) = cases(desk)
    assert case.report.unit is None


def test_a_unit_that_was_read_back_wrong_is_keyed_in_again(desk: ApiDesk) -> None:
    call("1", "1", "9*999", "2", "3*1201", "1", "#")
    (case,) = cases(desk)
    assert (case.report.unit, case.report.left_out) == ("3-1201", ())


@pytest.mark.req("A1")
@pytest.mark.parametrize("number", [None, "anonymous"])
def test_a_caller_whose_number_is_not_shown_keys_it_in(desk: ApiDesk, number: str | None) -> None:
    heard = call("1", "1", "3*1201", "1", "#", "12", "13900005678", "1", number=number)
    assert "没有识别出可以拨打的号码" in heard.heard
    (case,) = cases(desk)
    assert (case.report.phone, case.classification.kind) == ("+8613900005678", "repair")
    assert not case.call_back.owed


@pytest.mark.req("A1", "E8")
def test_a_known_caller_is_recognised_and_hears_how_it_stands_and_makes_no_case(desk: ApiDesk) -> None:
    number = desk.engineering_case(phone=CALLER, text="电梯困人")
    heard = call("1", "4", "1")
    assert "您有 1 件事情正在办理" in heard.heard
    month, _, serial = number.partition("-")
    assert heard.heard.count(f"{' '.join(month)}，{' '.join(serial)}") == 2, "once more, if they like"
    assert not {*"王芳"} & set(heard.heard)
    ends()
    assert len(cases(desk)) == 1
    other = call("1", "4", number="+8613900009999", contact=OTHER)
    assert "正在办理，查询" not in other.heard
    assert "没有查到正在办理的事情" in other.heard


def test_who_is_on_duty_is_rung_and_whoever_is_not_answered_leaves_a_message(desk: ApiDesk) -> None:
    heard = call("1", "0", "#", answers=False)
    assert "现在没有人能接听" in heard.heard
    (case,) = cases(desk)
    assert case.report.recordings
    spoke = call("1", "0", contact=OTHER)
    assert spoke.rung
    assert spoke.rung != ["+8657188001100"]
    ends(OTHER)
    assert len(cases(desk)) == 1, "whoever spoke with the desk is not called back"


def test_an_english_caller_hears_english(desk: ApiDesk) -> None:
    heard = call("2", "1", "3*1201", "1", "#")
    assert "For a repair, press 1" in heard.heard
    assert "Your report is registered" in heard.heard


@pytest.mark.req("A1")
def test_a_flow_gets_an_answer_whatever_happens_and_the_caller_a_person(
    desk: ApiDesk, caplog: pytest.LogCaptureFixture
) -> None:
    wiring.use(desk=None)
    answer = connect(contact_event(step="kind", community="riverside"))
    assert answer == {"ok": "no", "say": "", "unit": "", "phone": "", "dial": ""}
    heard = call("1", "1")
    assert "正在为您接通客服电话" in heard.heard
    assert heard.rung == ["+8657188001100"]
    unanswered = call("1", "1", answers=False)
    assert "请稍后再打来" in unanswered.heard
    assert "contact_not_answered" in caplog.text


@pytest.mark.req("A1")
@pytest.mark.parametrize(
    "odd",
    [
        {"Details": {}},
        {"Details": None},
        contact_event(step="kind", community="nowhere"),
        contact_event(step="no such step", community="riverside"),
        contact_event(contact="../../etc", step="kind", community="riverside"),
        contact_event(community="riverside"),
    ],
)
def test_what_is_no_step_of_a_contact_is_answered_and_makes_nothing(
    desk: ApiDesk, odd: dict[str, Any]
) -> None:
    assert connect(odd)["ok"] == "no"
    assert cases(desk) == []


def test_an_end_that_could_not_be_heard_is_told_again(desk: ApiDesk) -> None:
    call("1", "hang up")
    kept = wiring.desk()
    wiring.use(desk=None)
    with pytest.raises(AttributeError):
        connect(contact_over())
    wiring.use(desk=kept)
    ends()
    (case,) = cases(desk)
    assert case.call_back.owed
    assert connect(contact_over(OTHER))["ok"] == "yes", "a contact that never asked us is nobody to call back"
