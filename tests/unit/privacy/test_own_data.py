"""A resident sees the own data and has it erased, after proving the phone number (G24)."""

import re
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from msgspec.structs import replace

from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.notices.kinds import NoticeKind
from chalicelib.domain.notices.must_hear import MUST_BE_HEARD
from chalicelib.services.notices.digest import Digests
from chalicelib.services.notices.sms_budgets import Budgets
from tests.api_desk import ApiDesk, api_desk
from tests.browser import browsing, html
from tests.builders import Office, community, office
from tests.own_data import code_asked_for
from tests.sending import delivery, send

PHONE = "+8613900001234"
HERE = "/v1/communities/riverside/my-data"


ASKED: dict[str, str | None] = {"request": None}
"""The request of the last code that was asked for, as a page keeps it."""


def ask(desk: ApiDesk, phone: str = PHONE, user: str | None = None) -> Any:
    answered = desk.post(f"{HERE}/codes", {"phone": phone}, user=user)
    if answered.status_code == 202:
        ASKED["request"] = answered.json_body["request"]
    return answered


def said(answered: Any) -> tuple[int, Any]:
    """What is answered, but for the name of the request, which is drawn."""
    return answered.status_code, {**answered.json_body, "request": None}


def sent_code(desk: ApiDesk) -> str:
    """The code of the last SMS that has one."""
    desk.office.sms.sent.clear()
    send(desk.office)
    (code,) = [found[1] for _, text in desk.office.sms.sent if (found := re.search(r"验证码(\d{6})", text))]
    return code


def prove(desk: ApiDesk, code: str, phone: str = PHONE, user: str | None = None) -> Any:
    return desk.post(f"{HERE}/proofs", {"phone": phone, "code": code, **ASKED}, user=user)


def proof(desk: ApiDesk, user: str | None = None) -> dict[str, str]:
    assert ask(desk, user=user).status_code == 202
    found = prove(desk, sent_code(desk), user=user)
    assert found.status_code == 200
    return {"phone": PHONE, "proof": found.json_body["proof"]}


@pytest.mark.req("G24")
def test_nobody_learns_whether_a_number_has_a_case() -> None:
    with api_desk() as desk:
        desk.office.register()
        unknown, known = ask(desk, "13700000000"), ask(desk)
        assert said(known) == said(unknown)
        wrong, nothing = prove(desk, "000000"), prove(desk, "000000", "13700000000")
        assert (wrong.status_code, wrong.json_body) == (nothing.status_code, nothing.json_body)
        assert desk.office.memory is not None
        codes = [key for key in desk.office.memory.notices if NoticeKind.CODE in key[2]]
        assert len(codes) == 1, "only a number that is known gets a message"


@pytest.mark.req("G24")
def test_a_code_is_good_once_for_ten_minutes_and_five_tries() -> None:
    with api_desk() as desk:
        desk.office.register()
        ask(desk)
        code = sent_code(desk)
        assert prove(desk, code, "13700000000").status_code == 403
        assert prove(desk, code).status_code == 200
        assert prove(desk, code).status_code == 403, "once"
        ask(desk)
        late = sent_code(desk)
        desk.office.clock.advance(timedelta(minutes=10))
        assert prove(desk, late).status_code == 403
        ask(desk)
        code = sent_code(desk)
        for _ in range(5):
            assert prove(desk, "999999" if code != "999999" else "111111").status_code == 403
        assert prove(desk, code).status_code == 403
        for _ in range(2):
            ask(desk)
        assert ask(desk).status_code == 429, "five a day from one network"


@pytest.mark.req("G24")
def test_a_proof_is_of_one_number_for_half_an_hour() -> None:
    with api_desk() as desk:
        desk.office.register()
        proved = proof(desk)
        assert desk.post(f"{HERE}/export", proved).status_code == 200
        for other in (
            {**proved, "phone": "13700000000"},
            {**proved, "proof": "1.ab"},
            {**proved, "proof": "x"},
        ):
            assert desk.post(f"{HERE}/export", other).status_code == 403
            assert desk.post(f"{HERE}/erasure", other).status_code == 403
        desk.office.clock.advance(timedelta(minutes=31))
        assert desk.post(f"{HERE}/export", proved).status_code == 403


@pytest.mark.req("G24")
def test_all_own_cases_are_exported_and_nobody_elses() -> None:
    with api_desk() as desk:
        first = desk.office.register(text="灯坏了").case
        second = desk.office.register(text="门坏了").case
        desk.office.register(text="别人的事", phone="+8613700000000")
        desk.office.register("hilltop", text="别处的事")
        data = desk.post(f"{HERE}/export", proof(desk)).json_body
        assert [case["number"] for case in data["cases"]] == [second.number, first.number]
        assert data["cases"][0]["report"]["text"] == "门坏了"
        assert "别人的事" not in str(data)
        assert "别处的事" not in str(data)


@pytest.mark.req("G24")
@pytest.mark.parametrize("user", [None, "agent-1"])
def test_what_has_ended_is_erased_and_what_goes_on_when_it_has(user: str | None) -> None:
    with api_desk() as desk:
        place = desk.office
        ended = place.do(place.register().case, "withdraw", RESIDENT, ReasonForm("好了"))
        going_on = place.register().case
        proved = proof(desk, user)
        receipt = desk.post(f"{HERE}/erasure", proved, user=user).json_body
        assert receipt["erased"] == [ended.number]
        assert receipt["kept"] == [{"number": going_on.number, "why": "open"}]
        assert receipt["backups_until"] > receipt["at"]
        found = place.case(ended)
        assert (found.report.phone, found.report.text, found.report.unit) == ("", "", "")
        assert place.case(going_on).report.phone == PHONE
        asked = place.case(going_on).erasure_asked_at
        assert asked is not None
        again = desk.post(f"{HERE}/erasure", proved, user=user).json_body
        assert again["erased"] == []
        place.do(going_on, "withdraw", RESIDENT, ReasonForm("好了"))
        assert desk.post(f"{HERE}/erasure", proved, user=user).json_body["erased"] == [going_on.number]
        for number in (ended.number, going_on.number):
            seen = desk.get(f"/v1/communities/riverside/cases/{number}", user="manager-1")
            assert seen.status_code == 200
            assert "王芳" not in str(seen.json_body)
            page = desk.get(f"/v1/communities/riverside/cases/{number}/events", user="manager-1")
            assert page.json_body["items"][-1]["type"] == "erased"


@pytest.mark.req("G24")
@pytest.mark.parametrize(
    ("where", "user"), [("/c/riverside/my-data", ""), ("/desk/riverside/my-data", "agent-1")]
)
def test_the_pages_lead_from_the_number_to_the_receipt(where: str, user: str) -> None:
    with browsing(office(community())) as browser:
        place = browser.office
        place.do(place.register().case, "withdraw", RESIDENT, ReasonForm("好了"))
        if user:
            browser.sign_in(user)
        assert "我的个人信息" in browser.get("/c/riverside").body.decode() or user
        drawn, kept, code = code_asked_for(browser, where)
        csrf = {name: value for name, value in drawn.items() if name == "csrf"}
        assert kept["phone"] == "139 0000 1234"
        assert ("request" in kept) == (not user), "what the desk asks for is good anywhere"
        shown = browser.post(where, {**kept, "code": code})
        body = shown.body.decode()
        assert "王芳" in body
        token = re.search(r'name="proof" value="([^"]+)"', body)
        assert token is not None
        given = {**csrf, "phone": "139 0000 1234", "proof": token[1]}
        assert "lang=en" in body, "another language is a submit of what proves the number, not a way back"
        in_english = browser.post(f"{where}?lang=en", {**given, "do": "show"}).body.decode()
        assert ("王芳" in in_english, "Download" in in_english) == (True, True)
        browser.get(f"{where}?lang=zh-CN")
        assert b"report" in browser.post(where, {**given, "do": "download"}).body
        receipt = browser.post(where, {**given, "do": "erase"}).body.decode()
        assert "已删除" in receipt
        assert "备份" in receipt
        refused = browser.post(where, {**csrf, "do": "prove", "phone": "13900001234", "code": "1"})
        assert refused.status_code == 403
        assert "验证码不对" in refused.body.decode()


@pytest.mark.req("G14", "G24")
def test_a_code_leaves_to_a_number_that_never_answered() -> None:
    with api_desk() as desk:
        assert desk.report().status_code == 201
        send(desk.office)
        assert ask(desk).status_code == 202
        assert prove(desk, sent_code(desk)).status_code == 200
    assert {NoticeKind.CODE, NoticeKind.MARKED, NoticeKind.APPEAL_DECIDED} <= MUST_BE_HEARD


MAIL = "wang.fang@example.com"


def mailed_code(desk: ApiDesk) -> str:
    desk.office.mail.sent.clear()
    send(desk.office)
    (code,) = [
        found[1] for sent in desk.office.mail.sent if (found := re.search(r"验证码：(\d{6})", str(sent)))
    ]
    return code


@pytest.mark.req("G14", "G24")
def test_whoever_gave_a_mail_address_alone_proves_it_by_a_code_by_mail() -> None:
    with api_desk() as desk:
        case = desk.report(phone=None, email=MAIL).json_body["number"]
        send(desk.office)
        known = desk.post(f"{HERE}/codes", {"email": MAIL.upper()})
        unknown = desk.post(f"{HERE}/codes", {"email": "nobody@example.com"})
        assert said(known) == said(unknown)
        code = {"code": mailed_code(desk), "request": known.json_body["request"]}
        assert desk.post(f"{HERE}/proofs", {"email": "nobody@example.com", **code}).status_code == 403
        found = desk.post(f"{HERE}/proofs", {"email": MAIL, **code})
        proved = {"email": MAIL, "proof": found.json_body["proof"]}
        data = desk.post(f"{HERE}/export", proved).json_body
        assert [own["number"] for own in data["cases"]] == [case]
        assert (data["phone"], data["email"]) == (None, MAIL)
        assert desk.post(f"{HERE}/erasure", proved).json_body["kept"] == [{"number": case, "why": "open"}]
        assert desk.post(f"{HERE}/proofs", {"email": MAIL, **code}).status_code == 403, "once"
        for _ in range(4):
            assert desk.post(f"{HERE}/codes", {"email": MAIL}).status_code == 202
        assert desk.post(f"{HERE}/codes", {"email": MAIL}).status_code == 429, "five a day"
        for wrong in ({}, {"email": MAIL, "phone": PHONE}, {"email": "nobody"}, {"email": ""}):
            assert desk.post(f"{HERE}/codes", wrong).status_code == 400, wrong


@pytest.mark.req("G24")
def test_a_mail_address_beside_a_number_proves_nothing() -> None:
    with api_desk() as desk:
        desk.report(email=MAIL)
        assert desk.post(f"{HERE}/codes", {"email": MAIL}).status_code == 202
        assert desk.office.memory is not None
        assert not [key for key in desk.office.memory.notices if NoticeKind.CODE in key[2]]


LANDLINE = "+862161234567"


@pytest.mark.req("E8", "G24")
def test_the_desk_reads_a_code_out_to_a_landline_and_that_is_on_record() -> None:
    with api_desk() as desk:
        number = desk.report(user="agent-1", phone=LANDLINE).json_body["number"]
        stranger = ask(desk, LANDLINE).json_body
        assert stranger["read_out"] is None, "to the desk alone"
        told = ask(desk, LANDLINE, user="agent-1").json_body["read_out"]
        assert re.fullmatch(r"\d{6}", told)
        assert ask(desk, "+862161230000", user="agent-1").json_body["read_out"], "known or not"
        assert ask(desk, user="agent-1").json_body["read_out"] is None, "a mobile number gets an SMS"
        looks = desk.get("/v1/communities/riverside/looks", user="manager-1").json_body["items"]
        assert [(look["who"], look["number"]) for look in looks if look["what"] == "export"] == [
            ("agent-1", None),
            ("agent-1", number),
        ]
        ASKED["request"] = None
        found = prove(desk, told, LANDLINE)
        assert found.status_code == 200, "the resident types it in on their own page"


@pytest.mark.req("E8", "G13", "G24")
def test_what_the_desk_reads_at_the_counter_is_on_record_and_without_what_is_said_of_them() -> None:
    with api_desk() as desk:
        plain = desk.report(user="agent-1", text="灯坏了").json_body["number"]
        said = {
            "text": "接线员骂人",
            "about_staff": "agent-1",
            "matter": "staff_attitude",
            "kind": "complaint",
        }
        about = desk.report(user="manager-1", channel="walk_in", **said).json_body["number"]
        proved = proof(desk)

        def looks() -> list[Any]:
            found = desk.get("/v1/communities/riverside/looks", user="company-head-1").json_body["items"]
            return [(look["who"], look["count"]) for look in found if look["what"] == "export"]

        accused, judge, resident = (
            desk.post(f"{HERE}/export", proved, user=user) for user in ("agent-1", "manager-1", None)
        )
        assert [case["number"] for case in accused.json_body["cases"]] == [plain]
        assert about not in str(accused.json_body)
        assert {case["number"] for case in judge.json_body["cases"]} == {plain, about}
        assert {case["number"] for case in resident.json_body["cases"]} == {plain, about}
        assert looks() == [("manager-1", 2), ("agent-1", 1)], "a resident's own look is their own"
        receipt = desk.post(f"{HERE}/erasure", proved, user="agent-1").json_body
        assert about not in str(receipt)
        asked = desk.office.stores.cases.get("riverside", about)
        assert asked.erasure_asked_at is not None, "the resident's wish holds all the same"


@pytest.mark.req("G24")
def test_the_pages_take_a_mail_address_and_a_code_that_was_read_out() -> None:
    with browsing(office(community())) as browser:
        browser.office.register(phone=LANDLINE)
        public, counter = "/c/riverside/my-data", "/desk/riverside/my-data"
        asked = html(browser.get(public))
        assert "固定电话收不到短信：请致电" in asked
        browser.sign_in("agent-1")
        page = html(browser.get(counter))
        csrf = {"csrf": page.split('name="csrf" value="')[1].split('"')[0]}
        told = re.search(
            r"告知验证码(\d{6})", html(browser.post(counter, {**csrf, "do": "send", "phone": LANDLINE}))
        )
        assert told is not None
        browser.cookie = ""
        assert f"{public}?have=code" in asked
        assert 'name="phone" required' in html(browser.get(f"{public}?have=code"))
        shown = browser.post(public, {"do": "prove", "phone": LANDLINE, "code": told[1]})
        assert (shown.status_code, "王芳" in html(shown)) == (200, True)
        assert "或邮箱" in html(browser.post(public, {"do": "send", "phone": MAIL}))
        assert browser.post(public, {"do": "send", "phone": "nobody@"}).status_code == 400


BOTS = [f"203.0.113.{serial}" for serial in range(1, 31)]
"""Networks of strangers, none of them the resident's."""


def from_elsewhere(desk: ApiDesk, last: str, body: dict[str, Any], address: str) -> Any:
    """What a stranger in another network asks for."""
    with patch("chalicelib.http.own_data.source_address", return_value=address):
        return desk.post(f"{HERE}/{last}", body)


@pytest.mark.req("C3", "G24")
def test_no_stranger_keeps_a_resident_from_the_own_data() -> None:
    """Codes that others ask for, and wrong ones that they type, neither use up nor end the resident's."""
    with api_desk() as desk:
        desk.report()
        statuses = [from_elsewhere(desk, "codes", {"phone": PHONE}, BOTS[0]).status_code for _ in range(6)]
        assert statuses == [202] * 5 + [429]
        assert ask(desk).status_code == 202, "five of one stranger leave the number its own"
        code = sent_code_of(desk, ASKED["request"])
        assert from_elsewhere(desk, "codes", {"phone": PHONE}, BOTS[1]).status_code == 202
        for bot in BOTS[:8]:
            for request in (None, "0" * 16):
                guess = {"phone": PHONE, "code": "000000", "request": request}
                assert from_elsewhere(desk, "proofs", guess, bot).status_code == 403
        assert prove(desk, code).status_code == 200
        for bot in BOTS[2:]:
            from_elsewhere(desk, "codes", {"phone": PHONE}, bot)
        assert ask(desk).status_code == 429, "very many networks"
        assert ask(desk, user="agent-1").status_code == 202, "the counter is open all the same"
        desk.office.clock.advance(timedelta(hours=1))
        assert ask(desk).status_code == 202, "it is late by an hour at most"


def sent_code_of(desk: ApiDesk, request: str | None) -> str:
    """The code of a request's own message."""
    assert request
    case = desk.office.desk.cases.register("riverside", "202611", 1, None).items[0]
    return desk.office.desk.proof_code("riverside", case.number, request)


@pytest.mark.req("C3", "G24")
def test_codes_are_not_paid_from_what_strangers_use_up_and_leave_by_themselves() -> None:
    with api_desk() as desk:
        place = desk.office
        desk.report(phone="13700000001")
        ask(desk, "13700000001")
        stranger = ASKED["request"]
        spent = Budgets(community_hour=4, strangers_percent=25)
        sending = replace(delivery(place), budgets=spent)
        for serial in range(4):
            place.register(phone=f"+8613700001{serial:03d}", sent_from=f"bot {serial}")
        place.clock.advance(timedelta(seconds=1))
        sending.sweep(place.clock())
        assert codes_to(place, "+8613700000001") == 1, "strangers' receipts pay for none"
        ask(desk, "13700000001")
        late, place.sms.sent[:] = ASKED["request"], []
        assert late != stranger
        place.clock.advance(timedelta(seconds=1))
        sending.sweep(place.clock())
        assert codes_to(place, "+8613700000001") == 0, "codes have a budget too"
        desk.report()
        ask(desk)
        place.clock.advance(timedelta(seconds=1))
        sending.sweep(place.clock())
        assert codes_to(place, PHONE) == 1, "a known number's is paid by the desk"
        place.clock.advance(timedelta(hours=1))
        Digests(sending).send()
        assert codes_to(place, "+8613700000001") == 1, "not told of in a digest"
        code = place.sms.sent[-1][1]
        found = re.search(r"验证码(\d{6})", code)
        assert found is not None
        given = {"phone": "13700000001", "code": found[1], "request": late}
        assert desk.post(f"{HERE}/proofs", given).status_code == 200, "its time begins when it leaves"


def codes_to(place: Office, phone: str) -> int:
    return len([text for number, text in place.sms.sent if number == phone and "验证码" in text])
