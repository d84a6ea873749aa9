"""Signing in, and the cookie that no other site can use."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from chalice.app import Blueprint, Chalice, Response
from chalice.test import Client, HTTPResponse

from chalicelib import wiring
from chalicelib.domain.community.roles import Role
from chalicelib.http.bodies import FORM
from chalicelib.http.requests import answer
from chalicelib.http.routing import route
from chalicelib.http.sessions import cookie_name, session_cookie
from chalicelib.http.visits import PUBLIC, Visit, anyone_or, staff
from tests.api_desk import BASE_URL, ApiDesk, api_desk, token
from tests.fakes.identity import FakeIdentity

LOCAL = "http://127.0.0.1:8080"
pages = Blueprint("pages")
site = Chalice("site")


@route(pages, "/{community}/mine", policy=staff(Role.AGENT), methods=("GET", "POST"), content_types=("*/*",))
def mine(visit: Visit, community: str) -> Response:
    return answer({"user": visit.member.username, "csrf": visit.csrf})


@route(
    pages, "/{community}/all", policy=anyone_or(Role.AGENT), methods=("GET", "POST"), content_types=("*/*",)
)
def everybody(visit: Visit, community: str) -> Response:
    return answer({"role": visit.actor.role})


@route(pages, "/form", policy=PUBLIC, methods=("POST",), content_types=(FORM,))
def form(visit: Visit) -> Response:
    return answer({})


site.register_blueprint(pages)


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


def ask(
    method: str, path: str, cookie: str = "", fields: dict[str, str] | None = None, **headers: str
) -> HTTPResponse:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if cookie:
        sent["Cookie"] = cookie
    if fields is not None:
        sent["Content-Type"] = FORM
    return Client(site).http.request(method, path, headers=sent, body=urlencode(fields or {}).encode())


def cookie_of(user: str = "agent-1", role: str = "agent", base_url: str = BASE_URL, **changes: object) -> str:
    return f"{cookie_name(base_url)}={token(user, role, **changes)}"


def test_the_cookie_is_for_this_site_alone() -> None:
    secure = session_cookie("t", BASE_URL, seconds=3600)
    assert secure == "__Host-session=t; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure"
    plain = session_cookie("t", LOCAL, seconds=0)
    assert plain == "session=t; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"


def test_a_page_knows_its_reader_by_the_cookie(desk: ApiDesk) -> None:
    page = ask("GET", "/riverside/mine", cookie_of())
    assert page.json_body["user"] == "agent-1"
    assert page.json_body["csrf"]
    assert ask("GET", "/riverside/mine").status_code == 401
    assert ask("GET", "/riverside/mine", cookie_of(exp=1)).status_code == 401
    assert ask("GET", "/hilltop/mine", cookie_of()).status_code == 404
    assert ask("GET", "/riverside/mine", cookie_of(base_url=LOCAL)).status_code == 401, "not the secure one"


@pytest.mark.req("E8")
@pytest.mark.parametrize("other", ["zzz", token("agent-2", "agent", exp=1)])
def test_a_dead_cookie_of_the_same_name_signs_nobody_out(desk: ApiDesk, other: str) -> None:
    dead, own = f"{cookie_name(BASE_URL)}={other}", cookie_of()
    for both in (f"{dead}; {own}", f"{own}; {dead}"):
        page = ask("GET", "/riverside/mine", both)
        assert (page.status_code, page.json_body["user"]) == (200, "agent-1")
        csrf = {"csrf": page.json_body["csrf"]}
        assert ask("POST", "/riverside/mine", both, csrf).status_code == 200
        assert ask("POST", "/riverside/mine", both, {"csrf": "no"}).status_code == 403
    assert ask("GET", "/riverside/mine", f"{dead}; {dead}").status_code == 401
    assert ask("GET", "/riverside/all", f"{dead}; {dead}").json_body["role"] == "resident"


def test_the_local_desk_speaks_plain_http(desk: ApiDesk) -> None:
    wiring.use(desk=desk.office.desk, identity=wiring.identity(), base_url=LOCAL)
    mine = ask("GET", "/riverside/mine", cookie_of(base_url=LOCAL))
    assert mine.status_code == 200
    assert "Strict-Transport-Security" not in mine.headers


def test_posting_with_the_cookie_needs_the_token_of_that_session(desk: ApiDesk) -> None:
    own = cookie_of()
    csrf = ask("GET", "/riverside/mine", own).json_body["csrf"]
    theirs = ask("GET", "/riverside/mine", cookie_of("agent-2")).json_body["csrf"]
    assert theirs != csrf
    assert ask("POST", "/riverside/mine", own, {"csrf": csrf, "note": "好"}).status_code == 200
    assert ask("POST", "/riverside/mine", own, X_CSRF_Token=csrf).status_code == 200
    for fields in ({}, {"csrf": ""}, {"csrf": theirs}, {"csrf": csrf[:-1]}, {"csrf": "é"}):
        refused = ask("POST", "/riverside/mine", own, fields)
        assert (refused.status_code, refused.json_body["Code"]) == (403, "NotAllowed")


def test_a_bearer_needs_no_such_token_and_goes_before_the_cookie(desk: ApiDesk) -> None:
    bearer = f"Bearer {token('agent-2', 'agent')}"
    said = ask("POST", "/riverside/mine", cookie_of(), Authorization=bearer)
    assert said.json_body == {"user": "agent-2", "csrf": None}


def test_a_page_open_to_all_stays_open_when_the_session_has_ended(desk: ApiDesk) -> None:
    assert ask("POST", "/riverside/all", cookie_of(exp=1), {}).json_body["role"] == "resident"
    assert ask("GET", "/riverside/all", cookie_of()).json_body["role"] == "agent"
    assert ask("POST", "/riverside/all", cookie_of(), {}).status_code == 403, "a live session is protected"
    bearer = f"Bearer {token('agent-1', 'agent', exp=1)}"
    assert ask("GET", "/riverside/all", Authorization=bearer).status_code == 401


def test_forms_of_other_sites_are_refused(desk: ApiDesk) -> None:
    assert ask("POST", "/form", "", {"a": "b"}, Sec_Fetch_Site="cross-site").status_code == 403
    for site_said in ("same-origin", "same-site", "none"):
        assert ask("POST", "/form", "", {"a": "b"}, Sec_Fetch_Site=site_said).status_code == 200
    assert ask("POST", "/form", "", {"a": "b"}).status_code == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (BASE_URL, 200),
        ("https://gateway.example.net", 200),
        ("https://evil.example", 403),
        ("https://desk.example.com.evil.example", 403),
        ("null", 403),
        ("", 403),
    ],
)
def test_a_form_says_the_desks_own_origin_or_none(desk: ApiDesk, origin: str, status: int) -> None:
    """The form of signing in too, which has no session yet that it could be bound to."""
    host = {"Host": "gateway.example.net"}
    assert ask("POST", "/form", "", {"a": "b"}, Origin=origin, **host).status_code == status
    wiring.use(desk=desk.office.desk, identity=desk.office.identity, base_url=BASE_URL)
    good = urlencode({"username": "agent-1", "password": FakeIdentity.PASSWORD}).encode()
    headers = {"Content-Type": FORM, "Origin": origin, **host}
    signed = desk.client.http.post("/desk", headers=headers, body=good)
    assert signed.status_code == (303 if status == 200 else status)
    assert ("Set-Cookie" in signed.headers) == (status == 200)


@pytest.mark.parametrize(
    "cookie", ["=", ";;;", "session", "__Host-session=", "a=b; c", '__Host-session="', "é=1"]
)
def test_odd_cookies(desk: ApiDesk, cookie: str) -> None:
    assert ask("GET", "/riverside/mine", cookie).status_code == 401


def test_sign_in_over_http(desk: ApiDesk) -> None:
    wiring.use(desk=desk.office.desk, identity=desk.office.identity, base_url=BASE_URL)
    good = {"username": "agent-1", "password": FakeIdentity.PASSWORD}
    answered = desk.post("/v1/sessions", good)
    assert (answered.status_code, answered.json_body["token_type"]) == (201, "Bearer")
    me = desk.get("/v1/me", bearer=answered.json_body["token"])
    assert me.json_body["username"] == "agent-1"
    for wrong in ({**good, "password": "x"}, {**good, "username": "nobody"}):
        refused = desk.post("/v1/sessions", wrong)
        assert (refused.status_code, refused.json_body["Code"]) == (401, "NotSignedIn")
    for bad in (
        {},
        {"username": "x"},
        {**good, "password": 1},
        {**good, "username": ""},
        {**good, "otp": "1"},
    ):
        assert desk.post("/v1/sessions", bad).status_code == 400


def test_a_failed_sign_in_is_a_line_that_tells_nobody_s_name(
    desk: ApiDesk, caplog: pytest.LogCaptureFixture
) -> None:
    """The same source and the same account look the same; people type their password as their name."""
    wiring.use(desk=desk.office.desk, identity=desk.office.identity, base_url=BASE_URL)
    for wrong in ("agent-1", "agent-1", "my-Passw0rd"):
        desk.post("/v1/sessions", {"username": wrong, "password": "also-secret"})
    lines = [record.__dict__ for record in caplog.records if record.message == "sign-in failed"]
    assert len({line["source"] for line in lines}) == 1
    first, second, third = (line["account"] for line in lines)
    assert first == second != third
    said = str(lines)
    assert not any(secret in said for secret in ("agent-1", "my-Passw0rd", "also-secret"))
