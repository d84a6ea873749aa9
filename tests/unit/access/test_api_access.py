"""Every route × every role × own and another community, and every token that is not good (E8, G8)."""

import base64
import json
import time
from collections.abc import Iterator

import pytest
from chalice.app import Blueprint, Chalice

from app import app
from chalicelib.http.routing import require_policies, route
from chalicelib.http.visits import LINK, PUBLIC, Policy
from tests.api_desk import (
    EVERYBODY,
    INVOLVED,
    READERS,
    ROLES,
    WIDE,
    ApiDesk,
    api_desk,
    report_body,
    signing_key,
    token,
)
from tests.builders import MONDAY

OWN, OTHER = "/v1/communities/riverside", "/v1/communities/hilltop"

WORD = {"spoken_at": MONDAY.isoformat(), "spoken_to": "王芳", "manner": "phone", "note": "请尽快"}
LEADS = frozenset({"supervisor", "manager", "company_head"})
CLOSED = {"closed": True, "reason": "停电检修"}

TABLE: list[tuple[str, str, object, frozenset[str], frozenset[str]]] = [
    # method, path below the community, body, who may, to whom it looks as if it were not there
    ("POST", "/cases", report_body(), EVERYBODY - {"committee"}, frozenset()),
    ("GET", "/cases", None, READERS, frozenset()),
    ("GET", "/cases/{number}", None, INVOLVED, READERS - INVOLVED),
    ("GET", "/cases/{number}/events", None, INVOLVED, READERS - INVOLVED),
    (
        "POST",
        "/cases/{number}/commands/record_urge",
        WORD,
        frozenset({"agent", "supervisor"}),
        READERS - INVOLVED,
    ),
    ("POST", "/cases/{number}/reveals", {"reason": "住户来电"}, INVOLVED, READERS - INVOLVED),
    ("POST", "/triage", {"text": "路灯不亮"}, EVERYBODY - {"committee"}, frozenset()),
    ("GET", "/search?q=3-1201", None, READERS, frozenset()),
    ("GET", "/corrections", None, LEADS, frozenset()),
    ("GET", "/audit", None, LEADS, frozenset()),
    ("GET", "/book?q=a", None, READERS, frozenset()),
    ("GET", "/households?unit=3-1201", None, WIDE, frozenset()),
    ("GET", "/looks", None, frozenset({"manager", "company_head"}), frozenset()),
    ("GET", "/figures", None, EVERYBODY - {"machine", "the handler", "a colleague"}, frozenset()),
    ("GET", "/calendar", None, EVERYBODY - {"machine"}, frozenset()),
    ("PUT", "/calendar/2026-12-01", CLOSED, frozenset({"manager"}), frozenset()),
    ("DELETE", "/calendar/2026-12-01?reason=over", None, frozenset({"manager"}), frozenset()),
    ("GET", "/findings", None, frozenset({"manager", "company_head"}), frozenset()),
    ("GET", "/incidents", None, WIDE, frozenset()),
    ("GET", "/my-findings", None, EVERYBODY - {"machine"}, frozenset()),
    ("GET", "/what-if?pack=S1&month=2026-11", None, LEADS, frozenset()),
]
OPEN_TO_ALL = {
    ("GET", "/v1/health"),
    ("GET", "/v1/openapi.json"),
    ("GET", "/v1/docs"),
    ("GET", "/v1/challenge"),
    ("GET", "/v1/regulations"),
    ("GET", "/v1/regulations/{pack}"),
    ("GET", "/v1/regulations/{pack}/deadlines"),
    ("POST", "/v1/sessions"),
}
ELSEWHERE = {
    ("POST", "/v1/communities/{community}/book"),  # guidance/test_book.py
    ("GET", "/v1/communities/{community}/book/{entry}"),
    ("PUT", "/v1/communities/{community}/book/{entry}"),
    ("GET", "/v1/links/{code}"),
    ("POST", "/v1/links/{code}/{command}"),
    ("POST", "/v1/channels/ivr"),  # channels/test_ivr.py
    ("GET", "/v1/communities/{community}/incidents/{number}"),  # web/test_incident_pages.py
    ("GET", "/v1/me"),
    ("DELETE", "/v1/sessions"),
    ("GET", "/v1/communities/{community}/cases/{number}/recordings/{place}"),  # channels/test_recordings.py
    *(
        (method, f"/v1/{where}")  # files/test_files.py
        for where in ("communities/{community}/cases/{number}/files", "links/{code}/files")
        for method in ("GET", "POST")
    ),
    ("GET", "/v1/communities/{community}/cases/{number}/files/{place}"),
    ("GET", "/v1/links/{code}/files/{place}"),
    ("POST", "/v1/communities/{community}/files"),
    *(
        ("POST", f"/v1/communities/{{community}}/my-data/{last}")  # privacy/test_own_data.py
        for last in ("codes", "proofs", "export", "erasure", "care-withdrawal")
    ),
    *(
        ("POST", f"/v1/communities/{{community}}/{last}")  # findings/test_findings.py
        for last in (
            "findings",
            "findings/{finding}/measure",
            "findings/{finding}/decision",
            "findings/{finding}/appeal",
            "my-findings/{finding}/appeal",
        )
    ),
}


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


def _declared(path: str) -> str:
    """The path as its route declares it."""
    return path.partition("?")[0].replace("record_urge", "{command}").replace("2026-12-01", "{date}")


def test_the_table_names_every_route() -> None:
    routes = {
        (method, path)
        for path, methods in app.routes.items()
        for method in methods
        if path.startswith("/v1/")
    }
    named = {(method, "/v1/communities/{community}" + _declared(path)) for method, path, *_ in TABLE}
    assert routes == named | OPEN_TO_ALL | ELSEWHERE


@pytest.mark.req("E8")
@pytest.mark.parametrize(("method", "path", "body", "allowed", "blind"), TABLE)
@pytest.mark.parametrize("role", ROLES)
def test_own_community(
    desk: ApiDesk,
    method: str,
    path: str,
    body: object,
    allowed: frozenset[str],
    blind: frozenset[str],
    role: str,
) -> None:
    where = OWN + path.replace("{number}", desk.engineering_case())
    if method == "DELETE":
        desk.call("PUT", where.partition("?")[0], CLOSED, user="manager-1")
    answer = desk.call(method, where, body, user=ROLES[role])
    if role in allowed:
        assert answer.status_code in {200, 201}, answer.body
    elif role in blind:
        assert (answer.status_code, answer.json_body["Code"]) == (404, "NotFound")
    else:
        assert (answer.status_code, answer.json_body["Code"]) == (403, "NotAllowed")


@pytest.mark.req("E8")
@pytest.mark.parametrize(("method", "path", "body"), [row[:3] for row in TABLE])
@pytest.mark.parametrize("role", ROLES)
def test_another_community_looks_as_if_there_were_none(
    desk: ApiDesk, method: str, path: str, body: object, role: str
) -> None:
    number = desk.post(f"{OTHER}/cases", report_body()).json_body["number"]
    there = desk.call(method, OTHER + path.replace("{number}", number), body, user=ROLES[role])
    nowhere = desk.call(
        method, "/v1/communities/atlantis" + path.replace("{number}", number), body, user=ROLES[role]
    )
    assert there.status_code == nowhere.status_code == 404
    assert there.body == nowhere.body.replace(b"atlantis", b"hilltop")


@pytest.mark.req("E8")
def test_a_hidden_case_looks_like_none(desk: ApiDesk) -> None:
    number = desk.engineering_case()
    hidden = desk.get(f"{OWN}/cases/{number}", user="cleaning-1")
    absent = desk.get(f"{OWN}/cases/202611-9999", user="cleaning-1")
    assert hidden.status_code == absent.status_code == 404
    assert hidden.body == absent.body.replace(b"202611-9999", number.encode())


@pytest.mark.parametrize(
    ("method", "path", "body"), [row[:3] for row in TABLE if row[1:3] != ("/cases", report_body())]
)
def test_nobody_is_asked_to_sign_in(desk: ApiDesk, method: str, path: str, body: object) -> None:
    answer = desk.call(method, OWN + path.replace("{number}", desk.engineering_case()), body)
    assert (answer.status_code, answer.json_body["Code"]) == (401, "NotSignedIn")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def _unsigned() -> str:
    claims = token("agent-1", "agent").split(".")[1]
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": "key 1"}).encode()).decode().rstrip("=")
    return f"{head}.{claims}."


def now() -> int:
    """Seconds, asked when a token is made: a run of all tests outlives what its start is good for."""
    return int(time.time())


BAD_TOKENS = {
    "expired": lambda: token("agent-1", "agent", exp=now() - 120),
    "not yet begun": lambda: token("agent-1", "agent", nbf=now() + 600),
    "of another client": lambda: token("agent-1", "agent", client_id="somebody else's"),
    "without a client": lambda: token("agent-1", "agent", client_id=None),
    "of another pool": lambda: token("agent-1", "agent", iss="https://cognito-idp.eu-west-1.amazonaws.com/x"),
    "an id token": lambda: token("agent-1", "agent", token_use="id"),
    "without an end": lambda: token("agent-1", "agent", exp=None),
    "without a name": lambda: token("agent-1", "agent", username=None),
    "with another key": lambda: token("agent-1", "agent", key=signing_key("theirs")),
    "with an unknown key": lambda: token("agent-1", "agent", kid="key 2"),
    "with a shared secret": lambda: token("agent-1", "agent", key="x" * 64, algorithm="HS256"),
    "unsigned": _unsigned,
    "changed": lambda: token("agent-1", "agent")[:-12] + "AAAAAAAAAAAA",
    "no token": lambda: "nonsense",
    "dots": lambda: "..",
}


@pytest.mark.parametrize("flaw", BAD_TOKENS)
@pytest.mark.parametrize(("method", "path", "body"), [row[:3] for row in TABLE])
def test_a_token_that_is_not_good_opens_nothing(
    desk: ApiDesk, method: str, path: str, body: object, flaw: str
) -> None:
    answer = desk.call(method, OWN + path.replace("{number}", "202611-0001"), body, bearer=BAD_TOKENS[flaw]())
    assert (answer.status_code, answer.json_body["Code"]) == (401, "NotSignedIn")


def test_the_pool_and_the_directory_must_agree_on_the_role(desk: ApiDesk) -> None:
    promoted_by_nobody = token("engineering-1", "manager")
    answer = desk.get(f"{OWN}/cases", bearer=promoted_by_nobody)
    assert (answer.status_code, answer.json_body["Code"]) == (403, "NotAllowed")
    without_groups = token("engineering-1", **{"cognito:groups": None})
    assert desk.get(f"{OWN}/cases", bearer=without_groups).status_code == 403


def test_whoever_is_signed_in_learns_where_they_work(desk: ApiDesk) -> None:
    me = desk.get("/v1/me", user="engineering-1").json_body
    assert me["username"] == "engineering-1"
    assert [(community["community"], community["role"]) for community in me["communities"]] == [
        ("riverside", "handler")
    ]
    assert desk.get("/v1/me").status_code == 401


@pytest.mark.parametrize("path", sorted(path for method, path in OPEN_TO_ALL if method == "GET"))
def test_open_routes_ask_nobody(desk: ApiDesk, path: str) -> None:
    asked = path.replace("{pack}", "S1") + ("?matter=seepage" if "deadlines" in path else "")
    assert desk.get(asked).status_code == 200
    assert desk.get(asked, bearer="nonsense").status_code == 200


def test_a_route_without_a_policy_fails_at_import() -> None:
    blueprint = Blueprint("no policies")
    with pytest.raises(TypeError, match="policy"):
        route(blueprint, "/x")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="no policy"):
        route(blueprint, "/x", policy=Policy())
    with pytest.raises(ValueError, match="code"):
        route(blueprint, "/x", policy=LINK)


def test_a_route_declared_past_the_policies_is_found() -> None:
    guarded, past = Chalice("guarded"), Chalice("past")
    blueprint = Blueprint("guarded")
    route(blueprint, "/x", policy=PUBLIC)(lambda _: None)  # type: ignore[arg-type, return-value]
    guarded.register_blueprint(blueprint)
    require_policies(guarded)
    past.route("/y")(dict)
    with pytest.raises(ValueError, match="GET /y"):
        require_policies(past)


def test_the_routes_of_the_api_have_policies() -> None:
    require_policies(app)
