"""How a case stands is read aloud in the same words, whatever exchange a caller comes through (A1, E8)."""

from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.services.intake.call_answers import asked_cases, spoken_number, spoken_phone
from tests.api_desk import api_desk
from tests.exchange import TestCall
from tests.signed_calls import FakeKeys, send

PHONE = "+8613800138000"


@pytest.mark.req("A1", "E8")
@pytest.mark.parametrize("late", [False, True])
def test_every_exchange_reads_the_same_sentence(late: bool) -> None:
    with api_desk() as desk:
        wiring.use(**{**wiring._instead, "caller_keys": FakeKeys()})
        desk.engineering_case(phone=PHONE, text="电梯困人")
        if late:
            desk.office.clock.advance(timedelta(days=60))
        signed = send(desk, {"call": "C-9", "phone": PHONE, "asks": True}).json_body
        (case,) = signed["cases"]
        assert ("超时" if late else "最迟") in case["say"]
        twiml = TestCall(desk, caller=PHONE).go().press("1").press("4")
        assert case["say"] in twiml.said
        assert signed["say"] == case["say"]


@pytest.mark.req("A1", "A7")
@pytest.mark.parametrize(
    ("language", "said"), [("zh-CN", "正在核实是什么事"), ("en", "finding out what it is")]
)
def test_what_is_not_sorted_is_said_to_be_looked_into(language: str, said: str) -> None:
    with api_desk() as desk:
        desk.report(phone=PHONE, matter="unsorted")
        (case,) = asked_cases(desk.office.desk, "riverside", PHONE, None, wiring.words().get(language))
        assert said in case.say
        assert case.spoken in case.say


def test_numbers_are_read_digit_by_digit() -> None:
    assert spoken_number("202611-0001", wiring.words().get("en")) == "2 0 2 6 1 1, 0 0 0 1"
    assert spoken_phone("+8613800138000;ext=8") == "1 3 8 0 0 1 3 8 0 0 0"
