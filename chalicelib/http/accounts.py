"""Signing in for the API, and who one is then."""

import logging
from dataclasses import dataclass

from chalice.app import Request, Response
from msgspec import Struct

from chalicelib import wiring
from chalicelib.domain.errors import InvalidInputError, NotSignedInError
from chalicelib.http.requests import answer, json_object, read, source_address
from chalicelib.http.visits import Visit
from chalicelib.services.access.authorization import Workplace, workplaces
from chalicelib.services.access.rate_limits import count_failed_sign_in

log = logging.getLogger(__name__)

LONGEST_USERNAME, LONGEST_PASSWORD = 128, 256


@dataclass(frozen=True, slots=True)
class SignInBody:
    username: str
    password: str

    def __post_init__(self) -> None:
        if not 1 <= len(self.username) <= LONGEST_USERNAME:
            raise InvalidInputError(f"'username' has 1 to {LONGEST_USERNAME} characters.")
        if not 1 <= len(self.password) <= LONGEST_PASSWORD:
            raise InvalidInputError(f"'password' has 1 to {LONGEST_PASSWORD} characters.")


class Session(Struct, frozen=True):
    """`token` goes into the header `Authorization: Bearer …` of every later request."""

    token: str
    token_type: str


class Me(Struct, frozen=True):
    username: str
    communities: tuple[Workplace, ...]


def start_session(visit: Visit) -> Response:
    """Sign in with username and password."""
    body = read(json_object(visit.request), SignInBody)
    return answer(Session(signed_in(visit.request, body.username, body.password), "Bearer"), 201)


def signed_in(request: Request, username: str, password: str) -> str:
    """The session token for right credentials.

    NotSignedInError for wrong ones, which are counted; RateLimitError for too many of them.
    """
    try:
        return wiring.identity().sign_in(username, password)
    except NotSignedInError:
        _log_failure(source_address(request), username)
        count_failed_sign_in(wiring.desk(), source_address(request), wiring.rate_limits())
        raise


def _log_failure(address: str, username: str) -> None:
    """A line by which those who try out passwords are found: digests, for people type passwords as names."""
    keyed = wiring.desk().codes.keyed
    extra = {"source": keyed("log-source", address)[:16], "account": keyed("log-account", username)[:16]}
    log.warning("sign-in failed", extra=extra)


def get_me(visit: Visit) -> Response:
    """Who is signed in, and where they work."""
    if visit.account is None:
        raise AssertionError("the policy of this route lets others in")
    return answer(Me(visit.account.username, workplaces(wiring.desk(), visit.account)))
