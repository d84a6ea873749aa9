"""Real telephone calls, over SIP and RTP on this machine: SIPp dials, presses keys and speaks (A1, A2)."""

import urllib.error
import urllib.request
import wave
from io import BytesIO

import pytest

from tests.telephone.conftest import Played
from tests.telephone.play import BEFORE_THE_MENU, MANY, NO_KEY, TWICE, WHOLE, WRONG_UNIT


def loudness(sound: bytes) -> tuple[float, float]:
    """How long a recording is (seconds), and how loud (0 to 1, root of the mean square)."""
    with wave.open(BytesIO(sound)) as opened:
        frames = opened.readframes(opened.getnframes())
        seconds = opened.getnframes() / opened.getframerate()
    samples = memoryview(frames).cast("h")
    return seconds, (sum(sample * sample for sample in samples) / max(len(samples), 1)) ** 0.5 / 32768


def fetched(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310
        return bytes(answer.read())


def status(address: str) -> int:
    try:
        fetched(address)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code
    return 200


@pytest.mark.req("A1", "A2", "A11", "B8")
def test_a_call_becomes_a_case_with_its_recording_and_the_sms_leaves(played: Played) -> None:
    assert played.ended[WHOLE] == 0, played.told
    (case,) = played.cases[WHOLE]
    assert (case["unit"], case["channel"], case["text"]) == ("3-2-1201", "hotline_ivr", None)
    seconds, loud = loudness(fetched(played.heard(case)))
    assert 4 < seconds < 30
    assert loud > 0.02, "somebody speaks"
    told = [message.text for message in played.messages if message.to == WHOLE]
    assert any(case["number"] in text for text in told), told


@pytest.mark.req("A1", "G7")
def test_whoever_hangs_up_before_the_menu_is_to_be_called_back(played: Played) -> None:
    assert played.ended[BEFORE_THE_MENU] == 0
    (case,) = played.cases[BEFORE_THE_MENU]
    assert (case["unit"], case["text"], case["recordings"]) == (None, None, [])
    assert "call_back" in case["commands"]


@pytest.mark.req("A1")
def test_whoever_presses_no_key_is_heard(played: Played) -> None:
    (case,) = played.cases[NO_KEY]
    assert case["unit"] is None
    assert loudness(fetched(played.heard(case)))[1] > 0.02


@pytest.mark.req("A1")
def test_a_unit_that_was_keyed_in_wrong_is_keyed_in_again(played: Played) -> None:
    (case,) = played.cases[WRONG_UNIT]
    assert case["unit"] == "3-2-1201"


@pytest.mark.req("A1", "A4")
def test_twenty_calls_at_once_are_twenty_cases_with_twenty_recordings(played: Played) -> None:
    assert {played.ended[who] for who in played.ended if who in MANY} == {0}, played.told
    cases = [case for caller in MANY for case in played.cases.get(caller, [])]
    assert len(cases) == len(MANY)
    assert [len(case["recordings"]) for case in cases] == [1] * len(MANY)
    assert len({case["number"] for case in cases}) == len(MANY)
    told = {message.to for message in played.messages}
    assert told >= set(MANY)


@pytest.mark.req("A4")
def test_the_same_call_twice_is_one_case(played: Played) -> None:
    (case,) = played.cases[TWICE]
    assert case["unit"] == "3-2-1201"


@pytest.mark.req("E8")
def test_a_recording_is_heard_by_nobody_without_its_address(played: Played) -> None:
    (case,) = played.cases[WHOLE]
    address = played.heard(case)
    assert status(address.partition("?")[0]) == 403
    assert status(address[:-2] + ("00" if address[-2:] != "00" else "11")) == 403


def test_the_exchange_keeps_nothing_that_the_desk_has(played: Played) -> None:
    assert [path.suffix for path in played.exchanges[0].recordings() if path.suffix == ".wav"] == []


def test_neither_numbers_nor_units_stand_in_a_log(played: Played) -> None:
    log = (played.desk.folder / "cloud.log").read_text("utf-8")
    ours = [line for line in log.splitlines() if line.startswith("{")]
    assert [line for line in ours if "+86139" in line or "2-1201" in line or "2*1201" in line] == []
