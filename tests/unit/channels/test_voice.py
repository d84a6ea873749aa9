"""Calls through a telephone exchange: the steps of one, what is kept of it, and what is refused (A1, G7)."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.channels.voice_turn import Turn
from tests.api_desk import BASE_URL, ApiDesk, api_desk
from tests.exchange import CALLER, TestCall, sid, signature
from tests.fakes.recordings import SOUND
from tests.sending import send


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


def exchange() -> Any:
    return wiring.exchange()


def cases(desk: ApiDesk) -> list[Any]:
    assert desk.office.memory is not None
    return desk.office.memory.whole_cases()


@pytest.mark.req("A1", "A2", "A11")
def test_a_repair_by_telephone_is_a_case_with_unit_number_and_recording(desk: ApiDesk) -> None:
    exchange().sounds["RE" + "5" * 32] = SOUND
    call = TestCall(desk).go()
    assert "客服热线" in call.said
    assert "普通话请按 1" in call.said
    assert "For English, press 2" in call.said
    call.press("1").press("1")
    assert "请输入您的房号" in call.said
    call.press("3*2*1201")
    assert "3，2，1 2 0 1" in call.said
    call.press("1")
    assert "请在嘀的一声之后" in call.said
    call.speak()
    (case,) = cases(desk)
    assert (case.report.unit, case.report.phone, case.report.text) == ("3-2-1201", "+8613900001234", None)
    assert (case.report.channel, case.classification.kind) == ("hotline_ivr", "repair")
    assert not case.call_back.owed
    month, _, serial = case.number.partition("-")
    assert f"{' '.join(month)}，{' '.join(serial)}" in call.said
    assert "1 3 9 0 0 0 0 1 2 3 4" in call.said
    (name,) = case.report.recordings
    assert desk.office.desk.recordings.kept == {name: SOUND}  # type: ignore[attr-defined]
    assert exchange().sounds == {}, "what is kept here is left nowhere else"
    assert set(call.statuses) == {200}


@pytest.mark.req("A4")
def test_every_step_twice_is_one_case_and_one_recording(desk: ApiDesk) -> None:
    exchange().sounds["RE" + "5" * 32] = SOUND
    for _ in range(2):
        call = TestCall(desk).go().press("1").press("2").press("3*1201").press("1").speak()
        call.hang_up()
        call.hang_up()
    (case,) = cases(desk)
    assert len(case.report.recordings) == 1
    assert case.report.left_out == ()
    assert not case.call_back.owed


@pytest.mark.req("A4")
def test_a_call_uses_up_one_number(desk: ApiDesk) -> None:
    TestCall(desk).go().press("1").press("1").press("3*1201").press("1").speak()
    TestCall(desk, sid=sid(2), caller="+8613900005678").go().hang_up()
    assert [case.number[-4:] for case in cases(desk)] == ["0001", "0002"]
    assert desk.office.memory is not None
    assert desk.office.memory.voids == {}


@pytest.mark.req("A1", "G7")
def test_whoever_hangs_up_before_the_menu_is_called_back(desk: ApiDesk) -> None:
    call = TestCall(desk).go()
    assert cases(desk) == []
    call.hang_up()
    (case,) = cases(desk)
    assert case.call_back.owed
    assert (case.report.phone, case.report.text, case.report.unit) == ("+8613900001234", None, None)


@pytest.mark.req("A1", "G7")
def test_whoever_hangs_up_in_between_is_called_back_with_what_is_known(desk: ApiDesk) -> None:
    call = TestCall(desk).go().press("1").press("1").press("3*1201").press("1")
    call.hang_up()
    (case,) = cases(desk)
    assert case.call_back.owed
    assert (case.report.unit, case.classification.kind) == ("3-1201", "repair")


@pytest.mark.req("A1")
def test_whoever_presses_no_key_speaks_all_the_same(desk: ApiDesk) -> None:
    call = TestCall(desk).go()
    for _ in range(6):
        call.nothing()
        if call.document.find("Record") is not None:
            break
    call.speak()
    (case,) = cases(desk)
    assert len(case.report.recordings) == 1
    assert not case.call_back.owed


@pytest.mark.req("A1")
def test_whoever_says_nothing_is_asked_once_more_and_called_back(desk: ApiDesk) -> None:
    call = TestCall(desk).go().press("1").press("1").press("").nothing()
    assert "没有听到您说话" in call.said
    call.nothing()
    assert "给您回电话" in call.said
    (case,) = cases(desk)
    assert case.call_back.owed


@pytest.mark.parametrize("keys", ["*", "**", "1*", "1234567", "3*2*1*1*1", "3*A"])
def test_keys_that_are_no_unit_are_asked_for_again_and_then_done_without(desk: ApiDesk, keys: str) -> None:
    call = TestCall(desk).go().press("1").press("1")
    call.press(keys)
    assert "没有识别出您输入的房号" in call.said
    call.press(keys).press(keys)
    assert "房号可以在录音里说" in call.said
    assert call.document.find("Record") is not None


def test_a_unit_that_was_read_back_wrong_is_keyed_in_again(desk: ApiDesk) -> None:
    call = TestCall(desk).go().press("1").press("1").press("9*999").press("2")
    assert "请输入您的房号" in call.said
    call.press("3*1201").press("1")
    (case,) = cases(desk)
    assert case.report.unit == "3-1201"
    assert case.report.left_out == ()


@pytest.mark.req("A1")
def test_a_caller_whose_number_is_not_shown_keys_it_in(desk: ApiDesk) -> None:
    call = TestCall(desk, caller="anonymous").go().press("1").press("1").press("").speak()
    assert "没有显示号码" in call.said
    call.press("12345")
    assert "没有识别出可以拨打的号码" in call.said
    call.press("13900005678")
    assert "1 3 9 0 0 0 0 5 6 7 8" in call.said
    call.press("1")
    (case,) = cases(desk)
    assert case.report.phone == "+8613900005678"
    assert not case.call_back.owed


def test_of_a_caller_who_shows_no_number_and_says_nothing_nothing_is_made(desk: ApiDesk) -> None:
    call = TestCall(desk, caller="+266696687").go()
    assert call.hang_up() == 200
    assert cases(desk) == []


@pytest.mark.req("A1", "E8")
def test_how_it_stands_is_told_to_the_number_that_reported_it_alone(desk: ApiDesk) -> None:
    number = desk.engineering_case(phone="+8613900001234", text="电梯困人")
    heard = TestCall(desk).go().press("1").press("4")
    month, _, serial = number.partition("-")
    assert f"{' '.join(month)}，{' '.join(serial)}" in heard.said
    assert "已派单" in heard.said
    assert "王芳" not in heard.said
    assert "3-1201" not in heard.said
    heard.hang_up()
    other = TestCall(desk, sid=sid(2), caller="+8613900009999").go().press("1").press("4")
    assert "没有查到正在办理的事情" in other.said
    assert len(cases(desk)) == 1, "whoever heard how it stands is not called back"


def test_the_desk_is_rung_and_whoever_is_not_answered_leaves_a_message(desk: ApiDesk) -> None:
    call = TestCall(desk).go().press("1").press("0")
    number = call.document.find("Dial/Number")
    if number is None:  # nobody is on duty
        assert "现在没有人能接听" in call.said
        return
    call.go(DialCallStatus="no-answer")
    assert "现在没有人能接听" in call.said
    call.speak()
    (case,) = cases(desk)
    assert case.report.recordings


def test_whoever_spoke_with_the_desk_is_no_call_to_call_back(desk: ApiDesk) -> None:
    call = TestCall(desk).go().press("1").press("0")
    if call.document.find("Dial") is not None:
        call.go(DialCallStatus="completed")
        call.hang_up()
        assert cases(desk) == []


def test_an_english_caller_hears_english(desk: ApiDesk) -> None:
    call = TestCall(desk).go().press("2")
    assert "For a repair, press 1" in call.said
    assert {said.attrib["language"] for said in call.document.iter("Say")} == {"en-US"}


@pytest.mark.req("A1", "G8")
@pytest.mark.parametrize(("key", "read"), [("1", "登记"), ("2", "registered")])
def test_messages_are_written_in_the_language_of_the_call(desk: ApiDesk, key: str, read: str) -> None:
    TestCall(desk).go().press(key).press("1").press("3*1201").press("1").speak()
    send(desk.office)
    (told,) = [said for number, said in desk.office.sms.sent if number == CALLER]
    assert read in told


@pytest.mark.req("C3")
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Twilio-Signature": ""},
        {"X-Twilio-Signature": "AAAA"},
        {"X-Twilio-Signature": "é"},
        {"X-Twilio-Signature": signature(BASE_URL + "/voice/riverside", {}, "another token")},
        {"X-Twilio-Webhooks-Signature-Settings": "key=,algorithm=HMAC_SHA256", "X-Twilio-Signature": "AAAA"},
        {"X-Twilio-Webhooks-Signature-Settings": "algorithm=NONE", "X-Twilio-Signature": ""},
    ],
)
def test_what_is_not_signed_is_let_into_nothing(desk: ApiDesk, headers: dict[str, str]) -> None:
    answer = TestCall(desk).post("/voice/riverside", headers=headers)
    assert answer.status_code == 403
    assert b"Say" not in answer.body
    assert cases(desk) == []


def test_a_signature_of_another_address_or_form_is_none(desk: ApiDesk) -> None:
    call = TestCall(desk)
    of_the_end = signature(BASE_URL + "/voice/riverside/ended", call.form(CallStatus="completed"))
    assert call.post("/voice/riverside", headers={"X-Twilio-Signature": of_the_end}).status_code == 403
    for_me = signature(BASE_URL + "/voice/riverside/ended", call.form(CallStatus="completed"))
    headers = {"X-Twilio-Signature": for_me}
    answer = call.post(
        "/voice/riverside/ended", headers=headers, CallStatus="completed", From="+8613911112222"
    )
    assert answer.status_code == 403
    assert cases(desk) == []


def test_a_desk_without_an_account_takes_no_call(desk: ApiDesk) -> None:
    exchange().held = None
    assert TestCall(desk).post("/voice/riverside").status_code == 403


def test_a_shared_key_signs_as_well(desk: ApiDesk) -> None:
    call = TestCall(desk)
    headers = call.shared("/voice/riverside", call.form())
    assert call.post("/voice/riverside", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "path", ["/voice/nowhere", "/voice/riverside/menu/garbled", "/voice/riverside/odd/e30"]
)
def test_what_leads_nowhere_is_refused_as_an_exchange_reads_it(desk: ApiDesk, path: str) -> None:
    answer = TestCall(desk).post(path)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/xml")


@pytest.mark.parametrize("extra", [{"CallSid": "x"}, {"AccountSid": "AC" + "9" * 32}, {"CallSid": ""}])
def test_what_is_no_call_of_ours_is_not_taken(desk: ApiDesk, extra: dict[str, str]) -> None:
    answer = TestCall(desk).post("/voice/riverside/ended", CallStatus="completed", **extra)
    assert answer.status_code in {200, 400}
    assert cases(desk) == []


def test_a_body_that_is_too_large_is_refused(desk: ApiDesk) -> None:
    answer = TestCall(desk).post("/voice/riverside", Digits="1" * 100_000)
    assert answer.status_code == 413
    assert answer.headers["Content-Type"].startswith("text/xml")


def test_a_recording_of_another_host_or_name_is_not_fetched(desk: ApiDesk) -> None:
    call = TestCall(desk).go().press("1").press("1").press("")
    call.go(RecordingSid="../../etc", RecordingUrl="http://169.254.169.254/latest/meta-data")
    assert all(case.report.recordings == () for case in cases(desk))


@pytest.mark.req("A1")
def test_a_recording_is_fetched_when_somebody_hears_it_if_it_was_not_before(desk: ApiDesk) -> None:
    exchange().is_down = True
    call = TestCall(desk).go().press("1").press("1").press("3*1201").press("1").speak()
    assert set(call.statuses) == {200}
    (case,) = cases(desk)
    path = f"/v1/communities/riverside/cases/{case.number}/recordings/1"
    assert desk.get(path, user="agent-1").status_code == 503
    exchange().is_down = False
    exchange().sounds["RE" + "5" * 32] = SOUND
    answer = desk.get(path, user="agent-1")
    assert answer.status_code == 200
    assert answer.json_body["address"].startswith("https://recordings.example.com/riverside/CA")
    assert desk.get(path.replace("/1", "/2"), user="agent-1").status_code in {400, 404}


@pytest.mark.req("G1", "A1")
def test_while_the_register_does_not_answer_the_caller_waits_and_nothing_said_is_lost(desk: ApiDesk) -> None:
    from tests.fakes.memory import CrashError

    assert desk.office.memory is not None
    wiring_is_outage = wiring.is_outage
    try:
        wiring.is_outage = lambda error: isinstance(error, CrashError)  # type: ignore[assignment]
        call = TestCall(desk).go().press("1").press("1").press("3*1201").press("1")
        for operation in ("cases.create", "cases.save", "cases.get"):
            desk.office.memory.faults[operation] = ["before"]
        call.speak()
        assert "请稍候" in call.said
        desk.office.memory.faults.clear()
        call.nothing()
    finally:
        wiring.is_outage = wiring_is_outage  # type: ignore[assignment]
    (case,) = cases(desk)
    assert len(case.report.recordings) == 1
    assert "已经登记" in call.said


@pytest.mark.req("A1", "C4")
@pytest.mark.parametrize("language", ["zz", "../../settings", ""])
@pytest.mark.parametrize("is_signed", [True, False])
def test_a_turn_in_no_language_of_ours_is_no_step(desk: ApiDesk, language: str, is_signed: bool) -> None:
    path = f"/voice/riverside/menu/{Turn(language).written()}"
    headers = None if is_signed else {"Content-Type": "text/plain"}
    assert TestCall(desk).post(path, headers=headers).status_code in {403, 404, 415}


@pytest.mark.req("A1")
@pytest.mark.parametrize("keys", ["²", "３", "9" * 5000, "-1", "*", "\U0001d7d9"])
def test_what_is_no_key_of_a_telephone_chooses_nothing(desk: ApiDesk, keys: str) -> None:
    call = TestCall(desk).go()
    assert call.press(keys).statuses[-1] == 200
    assert "维修" in call.said or "报修" in call.said, "the menu, in the desk's own language"
