"""Every page × every role × own and another community; a form also needs the token of its session (E8)."""

from collections.abc import Iterator
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from chalice.test import HTTPResponse

from app import app
from chalicelib.http.bodies import FORM
from chalicelib.http.sessions import cookie_name, csrf_token
from tests.api_desk import BASE_URL, EVERYBODY, INVOLVED, READERS, ROLES, WIDE, ApiDesk, api_desk, pool
from tests.builders import MONDAY

REPORT = {
    "text": "灯坏了",
    "unit": "3-1201",
    "name": "王芳",
    "phone": "13900001234",
    "once": "k",
    "channel": "walk_in",
}
WORD = {
    "spoken_at": MONDAY.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%dT%H:%M"),
    "spoken_to": "王芳",
    "manner": "phone",
    "note": "请尽快",
}
OF_ONESELF = {
    ("GET", "/w/{number}"),
    ("POST", "/desk/sign-out"),
    ("GET", "/desk/account"),
    ("POST", "/desk/account/sign-out"),
    ("POST", "/desk/account/authenticator"),
    ("POST", "/desk/account/authenticator/confirm"),
    ("GET", "/desk/account/password"),
    ("POST", "/desk/account/password"),
    ("GET", "/desk/account/language"),
    ("POST", "/desk/account/language"),
}
FILERS = EVERYBODY - {"committee", "machine"}
FIGURES = EVERYBODY - {"machine", "the handler", "a colleague"}
LEADS = frozenset({"manager", "company_head"})
HEADS = frozenset({"head of the department", "head of another"})
ASSIGNERS = frozenset({"supervisor", "manager", "company_head"}) | HEADS
CASE = "/cases/{number}"

TABLE: list[tuple[str, str, dict[str, str] | None, frozenset[str], frozenset[str]]] = [
    # method, path below the community, fields, who may, to whom it looks as if it were not there
    ("GET", "", None, EVERYBODY - {"machine"}, frozenset()),
    ("GET", "/new", None, FILERS, frozenset()),
    ("POST", "/new", REPORT, FILERS, frozenset()),
    ("GET", "/figures", None, FIGURES, frozenset()),
    ("GET", CASE, None, INVOLVED, READERS - INVOLVED),
    ("GET", CASE + "/record_urge", None, READERS, frozenset()),
    ("GET", "/findings", None, LEADS, frozenset()),
    ("GET", "/my-record", None, EVERYBODY - {"machine"}, frozenset()),
    ("GET", "/posters", None, FILERS, frozenset()),
    ("GET", "/my-data", None, frozenset({"agent", "supervisor", "manager"}), frozenset()),
    ("POST", CASE + "/reveal", {"reason": "住户来电"}, INVOLVED, READERS - INVOLVED),
    ("GET", "/corrections", None, frozenset({"supervisor", "manager", "company_head"}), frozenset()),
    ("GET", "/corrections/export", None, frozenset({"supervisor", "manager", "company_head"}), frozenset()),
    ("GET", "/audit", None, frozenset({"supervisor", "manager", "company_head"}), frozenset()),
    ("GET", "/book", None, READERS, frozenset()),
    ("GET", "/roster", None, READERS, frozenset()),
    ("GET", "/stewards", None, READERS, frozenset()),
    ("GET", "/staff", None, LEADS, frozenset()),
    ("GET", "/settings", None, LEADS, frozenset()),
    ("GET", "/company", None, frozenset({"company_head"}), frozenset()),
    ("GET", "/handover", None, READERS, frozenset()),
    ("GET", "/looks", None, LEADS, frozenset()),
    ("GET", "/held", None, frozenset({"agent", "supervisor"}), frozenset()),
    ("GET", "/find", None, READERS, frozenset()),
    ("GET", "/export", None, READERS, frozenset()),
    ("GET", "/board", None, frozenset({"supervisor", "manager", "company_head"}), frozenset()),
    ("GET", "/calendar", None, EVERYBODY - {"machine"}, frozenset()),
    ("POST", "/calendar", {"step": "edit", "day": ""}, frozenset({"manager"}), frozenset()),
    ("GET", "/regulations", None, EVERYBODY - {"machine"}, frozenset()),
    ("GET", "/what-if", None, frozenset({"supervisor", "manager", "company_head"}), frozenset()),
    ("GET", "/communities", None, frozenset({"company_head"}), frozenset()),
    ("GET", "/month-to-print", None, FIGURES, frozenset()),
    ("GET", "/accounts", None, LEADS | {"supervisor"}, frozenset()),  # the supervisor is the statistician
    ("GET", "/accounts/export", None, LEADS | {"supervisor"}, frozenset()),
    ("GET", "/borne", None, LEADS | {"supervisor"}, frozenset()),
    ("GET", "/borne/export", None, LEADS | {"supervisor"}, frozenset()),
    ("GET", "/day", None, READERS, frozenset()),
    ("GET", "/day/sign", None, READERS, frozenset()),
    ("POST", "/day/sign", {"picks": "202609-0099"}, READERS, frozenset()),
    ("GET", "/reassign", None, ASSIGNERS, frozenset()),
    (
        "POST",
        "/reassign",
        {"picks": "", "handler": "engineering-2", "reason": "轮换"},
        ASSIGNERS,
        frozenset(),
    ),
    ("GET", "/incidents", None, WIDE, frozenset()),
    ("GET", "/households", None, frozenset({"manager"}), frozenset()),
    ("GET", "/households/load", None, frozenset({"manager"}), frozenset()),
    ("GET", CASE + "/paper", None, INVOLVED, READERS - INVOLVED),
    ("POST", CASE + "/paper", {"sheet": "order"}, INVOLVED, READERS - INVOLVED),
    ("POST", CASE + "/record_urge", WORD, INVOLVED, READERS - INVOLVED),
]
TRIED_ELSEWHERE = {
    ("POST", "/desk/{community}/book"),  # guidance/test_book.py
    ("GET", "/desk/{community}/book/{entry}"),
    ("POST", "/desk/{community}/book/{entry}"),
    *(
        ("POST", f"/desk/{{community}}/{last}")  # findings/test_findings.py
        for last in (
            "findings",
            "findings/{finding}/measure",
            "findings/{finding}/decision",
            "findings/{finding}/appeal",
            "my-record/{finding}/appeal",
        )
    ),
    ("POST", "/desk/{community}/accounts"),  # web/test_accounts.py
    ("POST", "/desk/{community}/households"),  # households/test_register.py
    ("POST", "/desk/{community}/households/load"),
    ("POST", "/desk/{community}/my-data"),  # privacy/test_own_data.py
    ("POST", "/desk/{community}/new/proposal"),  # web/test_proposals.py: it answers a script
    ("POST", "/desk/{community}/new/known"),  # web/test_household.py: so does this
    *(
        (method, f"/desk/{{community}}/incidents/{{number}}{last}")  # web/test_incident_pages.py
        for method, last in (("GET", ""), ("GET", "/{act}"), ("POST", "/{act}"))
    ),
    ("GET", "/c/{community}/cases"),  # privacy/test_own_cases.py
    ("POST", "/c/{community}/cases"),
    ("GET", "/c/{community}/my-data"),
    ("POST", "/c/{community}/my-data"),
    ("GET", "/desk/{community}/cases/{number}/paper/{sheet}/{paper_id}"),  # web/test_pdf.py
    ("GET", "/desk/{community}/cases/{number}/recordings/{place}"),  # channels/test_recordings.py
    ("GET", "/desk/{community}/cases/{number}/files/{place}"),  # files/test_files.py
    ("POST", "/desk/{community}/cases/{number}/files"),
    ("GET", "/desk/{community}/held/{letter}"),  # channels/test_mail_in.py
    ("POST", "/desk/{community}/held/{letter}"),
    ("POST", "/desk/{community}/stewards"),  # duty/test_stewards.py
    ("GET", "/desk/{community}/staff/{act}"),  # people/test_staff_pages.py
    ("POST", "/desk/{community}/staff/{act}"),
    ("GET", "/desk/{community}/settings/{act}"),  # settings/test_settings_access.py
    ("POST", "/desk/{community}/settings/{act}"),
    ("GET", "/desk/{community}/company/{act}"),  # people/test_company.py
    ("POST", "/desk/{community}/company/{act}"),
    ("GET", "/desk/{community}/roster/{act}"),  # web/test_roster_page.py
    ("POST", "/desk/{community}/roster/{act}"),
    ("GET", "/desk/{community}/handover/{act}"),  # duty/test_handover.py
    ("POST", "/desk/{community}/handover/{act}"),
    ("POST", "/voice/{community}"),  # channels/test_voice.py
    ("POST", "/voice/{community}/ended"),
    ("POST", "/voice/{community}/{step}/{turn}"),
}
OPEN_TO_ALL = {
    ("GET", "/"),
    ("GET", "/static/style.css"),
    ("GET", "/static/challenge.js"),
    ("GET", "/static/desk.js"),
    ("GET", "/static/list.js"),
    ("GET", "/static/touch.js"),
    ("GET", "/static/work.js"),
    ("GET", "/static/typed.js"),
    ("GET", "/static/files.js"),
    ("GET", "/static/keeping.js"),
    ("GET", "/static/recorder.js"),
    ("GET", "/static/sending.js"),
    ("GET", "/static/known.js"),
    ("GET", "/static/propose.js"),
    ("GET", "/static/signature.js"),
    ("GET", "/static/book.js"),
    ("GET", "/c/{community}"),
    ("POST", "/c/{community}"),
    ("POST", "/c/{community}/proposal"),
    ("GET", "/desk"),
    ("POST", "/desk"),
    ("GET", "/desk/account/first-password"),
    ("POST", "/desk/account/first-password"),
    ("GET", "/p/{key}"),
    ("POST", "/p/{key}"),
}
OF_LINKS = {
    ("GET", "/l/{code}"),
    ("GET", "/l/{code}/receipt"),
    ("GET", "/l/{code}/{command}"),
    ("POST", "/l/{code}/{command}"),
    ("GET", "/l/{code}/files/{place}"),
    ("POST", "/l/{code}/files"),
    ("GET", "/l/{code}/day"),  # day/test_day.py
    ("GET", "/d/{code}"),  # day/test_day.py
    ("GET", "/d/{code}/sign"),
    ("POST", "/d/{code}/sign"),
}


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


def ask(
    desk: ApiDesk,
    user: str | None,
    method: str,
    path: str,
    fields: dict[str, str] | None,
    csrf: str | None = None,
) -> HTTPResponse:
    """The page as the browser of `user` asks for it; a form carries the right token or `csrf`."""
    headers, sent = {}, dict(fields or {})
    if user is not None:
        held = desk.token_of(user)
        headers["Cookie"] = f"{cookie_name(BASE_URL)}={held}"
        sent["csrf"] = csrf_token(desk.office.codes, pool().verify(held)) if csrf is None else csrf
    if fields is None:
        return desk.client.http.request(method, path, headers=headers)
    headers["Content-Type"] = FORM
    return desk.client.http.request(method, path, headers=headers, body=urlencode(sent).encode())


def test_the_table_names_every_page() -> None:
    pages = {
        (method, path)
        for path, methods in app.routes.items()
        for method in methods
        if not path.startswith("/v1/")
    }
    named = {
        (method, "/desk/{community}" + path.replace("record_urge", "{command}")) for method, path, *_ in TABLE
    }
    assert pages == named | OPEN_TO_ALL | OF_LINKS | OF_ONESELF | TRIED_ELSEWHERE


@pytest.mark.req("E8")
@pytest.mark.parametrize(("method", "path", "fields", "allowed", "blind"), TABLE)
@pytest.mark.parametrize("role", ROLES)
def test_own_community(
    desk: ApiDesk,
    method: str,
    path: str,
    fields: dict[str, str] | None,
    allowed: frozenset[str],
    blind: frozenset[str],
    role: str,
) -> None:
    where = "/desk/riverside" + path.replace("{number}", desk.engineering_case())
    answer = ask(desk, ROLES[role], method, where, fields)
    if role in blind:
        assert answer.status_code == 404
    elif role in allowed:
        # the table of commands stands above the pages: a head or handler does not urge
        given = path.endswith("/record_urge") and method == "POST"
        refused_by_table = given and role not in {"agent", "supervisor"}
        expected = {403, 404, 409} if refused_by_table else {200, 303}
        assert answer.status_code in expected, answer.body
    else:
        assert answer.status_code == 403


@pytest.mark.req("E8")
@pytest.mark.parametrize(("method", "path", "fields"), [row[:3] for row in TABLE])
@pytest.mark.parametrize("role", ROLES)
def test_another_community_looks_as_if_there_were_none(
    desk: ApiDesk, method: str, path: str, fields: dict[str, str] | None, role: str
) -> None:
    for community in ("hilltop", "atlantis"):
        where = f"/desk/{community}" + path.replace("{number}", "202611-0001")
        assert ask(desk, ROLES[role], method, where, fields).status_code == 404


@pytest.mark.parametrize(("method", "path", "fields"), [row[:3] for row in TABLE])
def test_nobody_gets_the_sign_in_form(
    desk: ApiDesk, method: str, path: str, fields: dict[str, str] | None
) -> None:
    where = "/desk/riverside" + path.replace("{number}", "202611-0001")
    answer = ask(desk, None, method, where, fields)
    assert answer.status_code == 401
    assert b'type="password"' in answer.body


@pytest.mark.parametrize(("method", "path", "fields"), [row[:3] for row in TABLE if row[0] == "POST"])
def test_a_form_of_no_session_or_another_is_refused(
    desk: ApiDesk, method: str, path: str, fields: dict[str, str]
) -> None:
    number = desk.engineering_case()
    before = desk.office.desk.cases.get("riverside", number).version
    others = csrf_token(desk.office.codes, pool().verify(desk.token_of("supervisor-1")))
    for csrf in ("", others, "x"):
        where = "/desk/riverside" + path.replace("{number}", number)
        assert ask(desk, "agent-1", method, where, fields, csrf).status_code == 403
    assert desk.office.desk.cases.get("riverside", number).version == before
    assert ask(desk, "agent-1", "POST", "/desk/sign-out", {}, "x").status_code == 403
