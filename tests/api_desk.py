"""A desk behind its HTTP API, made of fakes, with real tokens: what the tests of the API call."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
from chalice.test import Client, HTTPResponse
from cryptography.hazmat.primitives.asymmetric import rsa

from app import app
from chalicelib import wiring
from chalicelib.adapters.identity import CognitoIdentity
from chalicelib.domain.community.community import Community
from chalicelib.services.access.authorization import known_community
from tests.builders import Office, community, office
from tests.fakes.accounts import FakeAccounts
from tests.fakes.book import FakeBook
from tests.fakes.findings import FakeFindings
from tests.fakes.recordings import FakeExchange
from tests.fakes.staff import fake_keepers
from tests.reading import read
from tests.signing import lets_through

BASE_URL = "https://desk.example.com"
POOL, CLIENT_ID, REGION = "us-gov-west-1_testpool", "testclient", "us-gov-west-1"
KEY_ID = "key 1"

ROLES = {
    "agent": "agent-1",
    "supervisor": "supervisor-1",
    "manager": "manager-1",
    "company_head": "company-head-1",
    "committee": "committee-1",
    "machine": "ivr-1",
    "head of the department": "engineering-head",
    "head of another": "cleaning-head",
    "the handler": "engineering-1",
    "a colleague": "engineering-2",
}
"""Whoever asks in a table of access → their username in `riverside`, seen from `engineering_case`."""
EVERYBODY = frozenset(ROLES)
WIDE = frozenset({"agent", "supervisor", "manager", "company_head"})
READERS = EVERYBODY - {"committee", "machine"}
"""Who may read cases at all."""
INVOLVED = WIDE | {"head of the department", "the handler"}
"""Who has a part in `engineering_case`, and so sees it."""


@cache
def signing_key(name: str = "ours") -> rsa.RSAPrivateKey:
    """A key pair; another name is another pair."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def published_keys() -> bytes:
    """What the pool publishes."""
    public = jwt.algorithms.RSAAlgorithm.to_jwk(signing_key().public_key(), as_dict=True)
    return json.dumps({"keys": [{**public, "kid": KEY_ID, "use": "sig", "alg": "RS256"}]}).encode()


def pool() -> CognitoIdentity:
    """Our user pool, whose keys need no network."""
    return CognitoIdentity(POOL, CLIENT_ID, REGION, fetch=lambda _: published_keys())


def token(
    who: str, /, *roles: str, key: Any = None, algorithm: str = "RS256", kid: str = KEY_ID, **changes: Any
) -> str:
    """An access token as Cognito makes it; `changes` replace claims, None leaves one out."""
    now = int(time.time())
    claims = {
        "sub": "11111111-2222-4333-8444-555555555555",
        "iss": f"https://cognito-idp.{REGION}.amazonaws.com/{POOL}",
        "client_id": CLIENT_ID,
        "token_use": "access",
        "scope": "aws.cognito.signin.user.admin",
        "username": who,
        "cognito:groups": list(roles),
        "iat": now - 10,
        "auth_time": now - 10,
        "exp": now + 3600,
        **changes,
    }
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, signing_key() if key is None else key, algorithm, headers={"kid": kid})


@dataclass
class ApiDesk:
    """Two communities, `riverside` and `hilltop` (whose usernames begin with `hill-`), and a client."""

    office: Office = field(repr=False)
    client: Client = field(repr=False)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        user: str | None = None,
        bearer: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> HTTPResponse:
        """One request: as `user`, with their right token, or with the token `bearer`, or as nobody."""
        sent = {"Content-Type": "application/json", **(headers or {})}
        if user is not None:
            bearer = self.token_of(user)
        if bearer is not None:
            sent["Authorization"] = f"Bearer {bearer}"
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return self.client.http.request(method, path, headers=sent, body=raw)

    def get(self, path: str, **how: Any) -> HTTPResponse:
        return self.call("GET", path, **how)

    def post(self, path: str, body: Any = None, **how: Any) -> HTTPResponse:
        return self.call("POST", path, {} if body is None else body, **how)

    def token_of(self, username: str) -> str:
        """The token that signing in gives the user."""
        for place in self.office.desk.directory.names():
            member = known_community(self.office.desk, place).member(username)
            if member is not None:
                return token(username, member.role)
        raise AssertionError(f"there is no {username}")

    def report(self, user: str | None = None, key: str | None = None, **changes: Any) -> HTTPResponse:
        """Register a report in `riverside`."""
        headers = {} if key is None else {"Idempotency-Key": key}
        return self.post(
            "/v1/communities/riverside/cases", report_body(**changes), user=user, headers=headers
        )

    def command(
        self, number: str, name: str, body: Any = None, *, signed_off: bool = True, **how: Any
    ) -> HTTPResponse:
        """Give a command to a case of `riverside`.

        What is handed in is let through at once, unless the test is about just that.
        """
        given = self.post(f"/v1/communities/riverside/cases/{number}/commands/{name}", body, **how)
        return (self.signed_off(number, name) if signed_off and given.status_code == 200 else None) or given

    def signed_off(self, number: str, name: str = "complete") -> HTTPResponse | None:
        """What a command has handed in is let through, by its head or the desk; None where nothing waits."""
        case = self.office.desk.cases.get("riverside", number)
        waits = lets_through(name, case, self.office.desk.context_of(case))
        seen = {"If-Match": f'"{case.version}"'}
        return self.command(number, waits[0], user=waits[1].id, headers=seen) if waits else None

    def engineering_case(self, **changes: Any) -> str:
        """A case of the engineers, assigned to `engineering-1`; its number."""
        number = self.report(user="agent-1", **{"matter": "elevator", **changes}).json_body["number"]
        given = {"handler": "engineering-1", "reason": "on duty"}
        assert self.command(number, "assign", given, user="manager-1").status_code == 200
        return str(number)


def report_body(**changes: Any) -> dict[str, Any]:
    """The body of a report, each time of another matter in the same words; None leaves a field out."""
    plain = {
        "another": True,
        "text": "三楼走廊的灯不亮了，晚上很黑。",
        "unit": "3-1201",
        "name": "王芳",
        "phone": "13900001234",
        "kind": "complaint",
        "matter": "other",
        **changes,
    }
    return {name: value for name, value in plain.items() if value is not None}


@contextmanager
def api_desk(*more: Community) -> Iterator[ApiDesk]:
    """The desk, in use as long as the context lasts."""
    made = office(community(), community("hilltop", prefix="hill-"), *more, reads=read)
    wiring.use(
        desk=made.desk,
        notices=made.stores.notices,
        identity=pool(),
        findings=FakeFindings(made.desk.directory.beside),  # type: ignore[arg-type]
        accounts=FakeAccounts(made.memory),
        exchange=FakeExchange(),
        book=FakeBook(),
        keepers=fake_keepers(made.desk.directory, made.identity),  # type: ignore[arg-type]
        base_url=BASE_URL,
    )
    try:
        yield ApiDesk(made, Client(app))
    finally:
        wiring.use()
