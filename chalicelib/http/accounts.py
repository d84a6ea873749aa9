"""Signing in and out for the API, and who one is then."""

import logging
from collections.abc import Mapping

from chalice.app import Request, Response
from msgspec import Struct

from chalicelib import wiring
from chalicelib.domain.community.community import LONGEST_USERNAME
from chalicelib.domain.errors import InvalidInputError, NotSignedInError
from chalicelib.domain.texts import cleaned, fault_of
from chalicelib.http.requests import answer, json_object, query, read, source_address
from chalicelib.http.visits import Visit
from chalicelib.services.access.authorization import Workplace, workplaces
from chalicelib.services.access.sign_in import sign_in, sign_out, sign_out_everywhere
from chalicelib.services.access.stranger_limits import RateLimitError
from chalicelib.services.records import Tokens

log = logging.getLogger(__name__)

LONGEST_PASSWORD, LONGEST_CODE = 256, 12
TOKEN_SECONDS = 60 * 60
"""How long a token is good (infra/resources.yaml)."""

ENDING_QUERY = {"everywhere": "true ends every session of this account; false, as if not said, this one."}
YES_OR_NO: Mapping[str, bool] = {"true": True, "false": False}


class SignInBody(Struct, frozen=True):
    """`code` is that of the authenticator, for accounts that have one."""

    username: str
    password: str
    code: str | None = None

    def __post_init__(self) -> None:
        if fault_of(cleaned(self.username), LONGEST_USERNAME):
            raise InvalidInputError(f"'username' has 1 to {LONGEST_USERNAME} characters that can be seen.")
        if not 1 <= len(self.password) <= LONGEST_PASSWORD:
            raise InvalidInputError(f"'password' has 1 to {LONGEST_PASSWORD} characters.")
        if self.code is not None and not 1 <= len(self.code) <= LONGEST_CODE:
            raise InvalidInputError("'code' has the six digits that the authenticator shows.")


class Session(Struct, frozen=True):
    """`token` goes into the header `Authorization: Bearer …` of later requests, for `expires_in` seconds."""

    token: str
    token_type: str
    expires_in: int


class Me(Struct, frozen=True):
    username: str
    communities: tuple[Workplace, ...]


class Ended(Struct, frozen=True):
    """What was ended: this session, or every one of the account."""

    everywhere: bool


def start_session(visit: Visit) -> Response:
    """Sign in with username and password."""
    body = read(json_object(visit.request), SignInBody)
    begun = signed_in(visit.request, body)
    return answer(Session(begun.token, "Bearer", TOKEN_SECONDS), 201)


def signed_in(request: Request, given: SignInBody) -> Tokens:
    """The tokens for right credentials; raises as `sign_in` does."""
    address = source_address(request)
    try:
        return sign_in(
            wiring.desk(),
            wiring.identity(),
            wiring.rate_limits(),
            address,
            given.username,
            given.password,
            given.code,
        )
    except (NotSignedInError, RateLimitError):  # those who are braked may be at it still
        _log_failure(address, given.username)
        raise


def end_session(visit: Visit) -> Response:
    """Sign out: the token is good no more from the next request on."""
    asked = query(visit.request, *ENDING_QUERY).get("everywhere", "false")
    if asked not in YES_OR_NO:
        raise InvalidInputError("'everywhere' is true or false.")
    account, token = visit.signed_in
    if YES_OR_NO[asked]:
        sign_out_everywhere(wiring.desk(), wiring.identity(), account, token)
    else:
        sign_out(wiring.desk(), wiring.identity(), account, [])
    return answer(Ended(YES_OR_NO[asked]))


def _log_failure(address: str, username: str) -> None:
    """A line by which those who try out passwords are found: digests, for people type passwords as names."""
    keyed = wiring.desk().codes.keyed
    extra = {"source": keyed("log-source", address)[:16], "account": keyed("log-account", username)[:16]}
    log.warning("sign-in failed", extra=extra)


def get_me(visit: Visit) -> Response:
    """Who is signed in, and where they work."""
    account, _ = visit.signed_in
    return answer(Me(account.username, workplaces(wiring.desk(), account)))
