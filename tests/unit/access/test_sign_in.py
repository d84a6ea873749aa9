"""Brakes before the password is tried, the second factor, and sessions that end (A4, C14)."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from chalice.test import HTTPResponse
from msgspec.structs import replace

from chalicelib import wiring
from chalicelib.domain.community.roles import Role
from chalicelib.domain.errors import NotSignedInError
from chalicelib.http.bodies import FORM
from chalicelib.services.access.sign_in import WRONG, sign_in
from chalicelib.services.access.stranger_limits import RateLimitError, rate_limits_of
from chalicelib.services.records import Tokens
from chalicelib.web.refusals import refusal
from chalicelib.web.words import words
from tests.api_desk import BASE_URL, ApiDesk, api_desk
from tests.browser import Browser, Form, html, text
from tests.builders import Office, office
from tests.fakes.identity import FakeIdentity
from tests.threads import at_once

RIGHT, HOME, ELSEWHERE = FakeIdentity.PASSWORD, "203.0.113.7", "198.51.100.9"
LIMITS = rate_limits_of(300, 120)


@pytest.fixture
def place() -> Office:
    return office(at=datetime.now(UTC))


@pytest.fixture
def desk(place: Office) -> Iterator[ApiDesk]:
    with api_desk() as made:
        made.office = place
        wiring.use(desk=place.desk, notices=place.stores.notices, identity=place.identity, base_url=BASE_URL)
        yield made


@pytest.fixture
def browser(desk: ApiDesk) -> Browser:
    return Browser(desk.client, desk.office)


def come(
    place: Office, password: str = RIGHT, address: str = HOME, who: str = "agent-1", code: str | None = None
) -> Tokens:
    return sign_in(place.desk, place.identity, LIMITS, address, who, password, code)


def fail(place: Office, times: int, address: str = HOME, who: str = "agent-1") -> None:
    for _ in range(times):
        with pytest.raises(NotSignedInError):
            come(place, "guess", address, who)


def test_a_brake_refuses_the_right_password_too_and_says_for_how_long(desk: ApiDesk) -> None:
    wrong = {"username": "agent-1", "password": "guess"}
    for _ in range(LIMITS.failed_of_account.most):
        assert desk.post("/v1/sessions", wrong).status_code == 401
    tried = len(desk.office.identity.tried)
    braked = desk.post("/v1/sessions", {**wrong, "password": RIGHT})
    assert (braked.status_code, braked.json_body["Code"]) == (429, "TooManyRequests")
    assert 0 < int(braked.headers["Retry-After"]) <= 1800
    assert "failed sign-ins to this account; try again in" in braked.json_body["Message"]
    assert len(desk.office.identity.tried) == tried, "nobody looked at the password"


def test_whoever_goes_on_while_braked_is_in_the_log_too(
    desk: ApiDesk, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(40):
        desk.post("/v1/sessions", {"username": "agent-1", "password": "guess"})
    assert [record.message for record in caplog.records].count("sign-in failed") == 40


def test_a_page_says_so_too(browser: Browser, place: Office) -> None:
    for _ in range(LIMITS.failed_of_account.most):
        browser.post("/desk", {"username": "agent-1", "password": "guess"})
    page = browser.post("/desk", {"username": "agent-1", "password": RIGHT})
    assert page.status_code == 429
    assert "分钟后再试" in text(page)
    said = [refusal(RateLimitError("tries", seconds), "UTC", words("zh-CN")) for seconds in (60, 1419 * 60)]
    assert said == ["操作太频繁，请在1分钟后再试。", "操作太频繁，请在24小时后再试。"]
    assert int(page.headers["Retry-After"]) > 0


def test_many_guesses_at_once_are_no_more_than_one_after_another(place: Office) -> None:
    def guess(_: int) -> str:
        try:
            come(place, "guess")
        except RateLimitError:
            return "braked"
        except NotSignedInError:
            return "tried"
        return "in"

    assert at_once(40, guess).count("tried") == LIMITS.failed_of_account.most


def test_whoever_guesses_from_elsewhere_keeps_nobody_out_of_their_own_account(place: Office) -> None:
    come(place)
    fail(place, LIMITS.failed_of_account.most, ELSEWHERE)
    with pytest.raises(RateLimitError):
        come(place, address=ELSEWHERE)
    come(place)
    come(place, address="203.0.113.200")  # the same neighbourhood, as with a telephone
    fail(place, LIMITS.failed_of_account_here.most)
    with pytest.raises(RateLimitError, match="from your address"):
        come(place)
    place.clock.advance(LIMITS.failed_of_account.window)
    come(place, address=ELSEWHERE)


def test_an_address_is_braked_whatever_accounts_it_tries(place: Office) -> None:
    for number in range(LIMITS.failed_sign_ins.most):
        fail(place, 1, ELSEWHERE, f"nobody-{number}")
    with pytest.raises(RateLimitError, match="from your address"):
        come(place, address=ELSEWHERE)
    come(place)


def test_a_shift_that_signs_in_from_one_address_is_never_braked(place: Office) -> None:
    for _ in range(2 * LIMITS.failed_sign_ins.most):
        come(place)


def test_a_username_is_one_account_however_it_is_written(place: Office) -> None:
    for name in ("agent-1", "AGENT-1", "Agent-1", "aGENT-1", "agENT-1") * 2:
        fail(place, 1, who=name)
    with pytest.raises(RateLimitError):
        come(place)


# ---- sessions ----------------------------------------------------------------------------------------------


def begin(desk: ApiDesk, who: str = "agent-1", before: int = 0) -> str:
    """A token of a session that began some seconds ago."""
    return desk.office.identity.token(who, int(time.time()) - before)


def works(desk: ApiDesk, bearer: str) -> int:
    return desk.get("/v1/communities/riverside/cases", bearer=bearer).status_code


@pytest.mark.req("E8")
def test_signing_out_ends_that_session_at_the_next_request_and_no_other(desk: ApiDesk) -> None:
    lost, other = begin(desk, before=30), begin(desk, before=60)
    ended = desk.call("DELETE", "/v1/sessions", bearer=lost)
    assert (ended.status_code, ended.json_body) == (200, {"everywhere": False})
    assert [works(desk, bearer) for bearer in (lost, other)] == [401, 200]
    renewed = desk.office.identity.token("agent-1", int(lost.split(":")[2]), 1)
    assert works(desk, renewed) == 401, "a renewed token is of the same session"


@pytest.mark.req("E8")
def test_signing_out_everywhere_ends_all(desk: ApiDesk) -> None:
    sessions = [begin(desk, before=30), begin(desk, before=60)]
    colleague = begin(desk, "agent-2", before=60)
    assert desk.call("DELETE", "/v1/sessions?everywhere=true", bearer=sessions[0]).status_code == 200
    assert [works(desk, bearer) for bearer in sessions] == [401, 401]
    assert works(desk, colleague) == 200
    place = desk.office
    place.clock.advance(timedelta(seconds=5))
    assert works(desk, place.identity.token("agent-1", int(time.time()) + 5)) == 200
    assert desk.call("DELETE", "/v1/sessions?everywhere=perhaps", bearer=colleague).status_code == 400


@pytest.mark.req("E8")
@pytest.mark.parametrize("ahead", [0, 3])
def test_a_sign_in_right_after_the_end_of_all_works_at_once_and_what_was_ended_stays_so(
    desk: ApiDesk, ahead: int
) -> None:
    """Also in the same second, and where the desk's clock is ahead of the pool's."""
    place = desk.office
    place.clock.set(datetime.fromtimestamp(int(time.time()) + ahead, UTC))
    before = place.identity.sign_in("agent-1", FakeIdentity.PASSWORD).token
    other = begin(desk)
    assert desk.call("DELETE", "/v1/sessions?everywhere=true", bearer=before).status_code == 200
    again = come(place)
    assert [works(desk, bearer) for bearer in (before, other, again.token)] == [401, 401, 200]
    assert works(desk, place.identity.renewed(again.renewal or "")) == 200
    assert desk.call("DELETE", "/v1/sessions?everywhere=true", bearer=again.token).status_code == 200
    assert works(desk, again.token) == 401, "ended again, in the same second"
    third = come(place)
    assert desk.call("DELETE", "/v1/sessions", bearer=third.token).status_code == 200
    assert works(desk, third.token) == 401


@pytest.mark.req("E8")
def test_a_removal_and_another_role_take_effect_at_the_next_request(desk: ApiDesk) -> None:
    place, bearer = desk.office, begin(desk)
    assert works(desk, bearer) == 200
    here = place.desk.directory.community("riverside")
    changed = {
        "gone": [replace(member, active=member.username != "agent-1") for member in here.staff],
        "promoted": [
            replace(member, role=Role.MANAGER) if member.username == "agent-1" else member
            for member in here.staff
        ],
    }
    found = {}
    for what, staff in changed.items():
        place.stores.directory.put(replace(here, staff=tuple(staff)))  # type: ignore[attr-defined]
        found[what] = works(desk, bearer)
    assert found == {"gone": 404, "promoted": 403}


def post(desk: ApiDesk, path: str, cookie: str, fields: dict[str, str]) -> HTTPResponse:
    headers = {"Cookie": cookie, "Content-Type": FORM}
    return desk.client.http.post(path, headers=headers, body=urlencode(fields).encode())


@pytest.mark.req("E8")
def test_a_page_renews_its_token_silently_and_its_forms_stay_good(browser: Browser, place: Office) -> None:
    browser.sign_in("agent-1")
    before = Form(html(browser.get("/desk/riverside"))).forms["../desk/sign-out"]["csrf"]
    old = browser.cookie
    place.identity.expired.add("agent-1")  # the hour is over
    page = browser.get("/desk/riverside")
    assert page.status_code == 200
    assert browser.cookie != old
    assert Form(html(page)).forms["../desk/sign-out"]["csrf"] == before
    assert browser.post("/desk/sign-out", {"csrf": before}).status_code == 303
    assert "session" not in browser.cookie
    browser.cookie = old
    assert browser.get("/desk/riverside").status_code == 401, "who kept the cookies has nothing"


@pytest.mark.req("E8")
def test_a_form_that_comes_after_the_hour_is_taken(browser: Browser, place: Office) -> None:
    browser.sign_in("agent-1")
    csrf = Form(html(browser.get("/desk/riverside"))).forms["../desk/sign-out"]["csrf"]
    place.identity.expired.add("agent-1")
    assert browser.post("/desk/account/sign-out", {"csrf": csrf}).status_code == 303
    assert browser.get("/desk/riverside").status_code == 401


def test_nobody_makes_us_ask_the_pool_about_a_renewal_that_we_never_gave(
    desk: ApiDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(desk.office.identity, "renewed", asked.append)
    for forged in ("x", "x.renewal:agent-1:1:0", f"{'0' * 40}.renewal:agent-1:1:0", "é.é"):
        cookie = {"Cookie": f"__Host-renewal={forged}"}
        assert desk.client.http.get("/desk/riverside", headers=cookie).status_code == 401
    assert asked == []


@pytest.mark.parametrize("how", ["end_session", "end_sessions"])
def test_where_the_pool_gives_no_session_a_name_signing_in_within_its_second_has_to_wait(
    desk: ApiDesk, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = int(time.time())
    monkeypatch.setattr(time, "time", lambda: float(second))
    getattr(desk.office.desk.people, how)("agent-1", second)
    identity = desk.office.identity
    nameless = identity.token("agent-1", second)
    monkeypatch.setattr(identity, "sign_in", lambda *_: Tokens(nameless))
    answered = desk.post("/v1/sessions", {"username": "agent-1", "password": RIGHT})
    assert (answered.status_code, answered.headers["Retry-After"]) == (503, "5")


# ---- the second factor -------------------------------------------------------------------------------------


def set_up(browser: Browser, who: str = "manager-1") -> None:
    browser.sign_in(who)
    begun = Form(html(browser.get("/desk/account"))).forms["../desk/account/authenticator"]
    shown = browser.post("/desk/account/authenticator", begun)
    confirm = Form(html(shown)).forms["../../desk/account/authenticator/confirm"]
    assert confirm["secret"] in text(shown)
    assert f"otpauth://totp/Suda%3A{who}?secret={confirm['secret']}&amp;issuer=Suda" in html(shown)
    wrong = browser.post("/desk/account/authenticator/confirm", {**confirm, "code": "000000"})
    assert (wrong.status_code, confirm["secret"] in text(wrong)) == (400, True)
    right = {**confirm, "code": f"{FakeIdentity.CODE[:3]} {FakeIdentity.CODE[3:]}"}
    assert browser.post("/desk/account/authenticator/confirm", right).status_code == 303


def test_codes_are_set_up_on_the_page_and_asked_for_then_each_once(browser: Browser, place: Office) -> None:
    set_up(browser)
    assert "authenticator" not in Form(html(browser.get("/desk/account"))).forms
    again = {"csrf": Form(html(browser.get("/desk/account"))).forms["../desk/sign-out"]["csrf"]}
    assert browser.post("/desk/account/authenticator", again).status_code == 403
    browser.cookie = ""
    given = {"username": "manager-1", "password": RIGHT}
    without = browser.post("/desk", given)
    assert (without.status_code, "6 位动态验证码" in text(without)) == (401, True)
    wrong = [
        browser.post("/desk", {**given, "password": "guessed"}),
        browser.post("/desk", {**given, "password": "guessed", "code": FakeIdentity.CODE}),
        browser.post("/desk", {**given, "code": "000000"}),
    ]
    assert {html(page) for page in wrong} == {html(without)}, "nobody learns whether the password was right"
    place.clock.advance(timedelta(minutes=21))
    with_it = {**given, "code": FakeIdentity.CODE}
    assert browser.post("/desk", {**with_it, "code": "000000"}).status_code == 401
    assert browser.post("/desk", with_it).status_code == 303
    replayed = browser.post("/desk", with_it)
    assert (replayed.status_code, html(replayed)) == (401, html(without))


def test_a_code_is_used_up_over_the_end_of_a_window_too(place: Office) -> None:
    place.identity.secrets.add("manager-1")
    place.desk.people.set_second_factor("manager-1", True)
    place.clock.set(datetime(2026, 11, 30, 8, 9, 59, tzinfo=UTC))
    come(place, who="manager-1", code=FakeIdentity.CODE)
    place.clock.advance(timedelta(seconds=20))
    with pytest.raises(NotSignedInError, match="each good once"):
        come(place, who="manager-1", code=FakeIdentity.CODE)


def test_the_code_that_set_it_up_is_used_up(browser: Browser, place: Office) -> None:
    set_up(browser)
    with pytest.raises(NotSignedInError, match="each good once"):
        come(place, who="manager-1", code=FakeIdentity.CODE)


@pytest.mark.parametrize(
    "given", [{"code": "000000"}, {}, {"password": "guessed"}, {"password": "guessed", "code": "000000"}]
)
def test_wrong_and_missing_codes_are_told_and_braked_as_wrong_passwords_are(
    place: Office, given: dict[str, str]
) -> None:
    place.identity.secrets.add("manager-1")
    for _ in range(LIMITS.failed_of_account.most):
        with pytest.raises(NotSignedInError) as refused:
            come(place, who="manager-1", **given)
        assert (str(refused.value), refused.value.reason) == (WRONG, None)
    with pytest.raises(RateLimitError):
        come(place, who="manager-1", code=FakeIdentity.CODE)


def test_where_it_is_required_leaders_set_it_up_before_all_else(browser: Browser, place: Office) -> None:
    parts = {"desk": place.desk, "identity": place.identity, "base_url": BASE_URL}
    wiring.use(**parts, notices=place.stores.notices, second_factor="required")
    browser.sign_in("agent-1")
    assert browser.get("/desk/riverside").status_code == 200, "who leads nothing signs in as ever"
    browser.cookie = ""
    browser.sign_in("manager-1")
    page = browser.get("/desk/riverside")
    assert (page.status_code, 'href="../desk/account"' in html(page)) == (403, True)
    set_up(browser)
    assert browser.get("/desk/riverside").status_code == 200


def test_a_deployment_can_do_without(browser: Browser, place: Office) -> None:
    parts = {"desk": place.desk, "identity": place.identity, "base_url": BASE_URL}
    wiring.use(**parts, notices=place.stores.notices, second_factor="off")
    assert "code" not in Form(html(browser.get("/desk"))).forms["./desk"]
    browser.sign_in("manager-1")
    assert "authenticator" not in html(browser.get("/desk/account"))
