"""Staff sign-in with a Cognito user pool.

Tokens are verified in this process, without a call of the pool.
"""

import json
import logging
import os
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from chalicelib.domain.community.roles import Role
from chalicelib.domain.errors import NotSignedInError, TooManyRequestsError
from chalicelib.services.records import Account

log = logging.getLogger(__name__)

FETCH_SECONDS = 3
KEYS_LIVE_SECONDS = 6 * 3600
KEYS_REST_SECONDS = 60
"""Keys are fetched again after the one, or for a key id that is new, but not before the other has passed."""
LEEWAY_SECONDS = 30
MOST_VERIFIED = 500
"""How many tokens a process remembers as right; then it begins anew."""
THROTTLED = frozenset({"TooManyRequestsException", "LimitExceededException", "ThrottlingException"})
WRONG = frozenset(
    {
        "NotAuthorizedException",
        "UserNotFoundException",
        "UserNotConfirmedException",
        "InvalidParameterException",
        "PasswordResetRequiredException",
    }
)


def _fetched(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=FETCH_SECONDS) as answer:  # noqa: S310 - our own pool's address
        body: bytes = answer.read()
        return body


class CognitoIdentity:
    """Identity (services/ports.py) by a user pool and its one client. Groups of the pool are roles.

    `AWS_ENDPOINT_URL`, which the SDK itself obeys, also says where the keys are fetched: an emulator
    signs as the same issuer as AWS but cannot be reached under its name.
    """

    def __init__(
        self,
        user_pool_id: str,
        client_id: str,
        region: str,
        *,
        fetch: Callable[[str], bytes] = _fetched,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
        self.issuer = f"https://cognito-idp.{region}.{suffix}/{user_pool_id}"
        endpoint = os.environ.get("AWS_ENDPOINT_URL")
        base = f"{endpoint.rstrip('/')}/{user_pool_id}" if endpoint else self.issuer
        self.keys_url = f"{base}/.well-known/jwks.json"
        self._client_id = client_id
        self._fetch, self._monotonic, self._now = fetch, monotonic, now
        self._verified: dict[str, tuple[Account, float]] = {}
        self._keys: dict[str, Any] = {}
        self._fetched_at: float | None = None
        self._lock = threading.Lock()

    @cached_property
    def _client(self) -> Any:
        import botocore.session  # here, because only a sign-in needs this client
        from botocore.config import Config

        settings = Config(
            connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3}
        )
        return botocore.session.get_session().create_client("cognito-idp", config=settings)

    def sign_in(self, username: str, password: str) -> str:
        """An access token for right credentials; NotSignedInError otherwise, in the same words always."""
        from botocore.exceptions import ClientError

        try:
            answer = self._client.initiate_auth(
                AuthFlow="USER_PASSWORD_AUTH",
                ClientId=self._client_id,
                AuthParameters={"USERNAME": username, "PASSWORD": password},
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in THROTTLED:
                raise TooManyRequestsError("Too many sign-ins just now; try again in a minute.") from error
            if code in WRONG:
                raise NotSignedInError("Username or password is wrong.") from error
            raise
        result = answer.get("AuthenticationResult")
        if result is None:
            raise NotSignedInError(
                "This account needs a password of its own first; ask who made the account."
            )
        return str(result["AccessToken"])

    def verify(self, token: str) -> Account:
        """The account of an access token of our pool and client; NotSignedInError for any other.

        A token that was found right is not worked out again in this process, until it expires or the pool's
        keys are due to be fetched again.
        """
        account, expires_at = self._verified.get(token, (None, 0.0))
        if account is not None and self._now() < expires_at + LEEWAY_SECONDS and not self._keys_are_old():
            return account
        account, expires_at = self._worked_out(token)
        if len(self._verified) >= MOST_VERIFIED:
            self._verified.clear()
        self._verified[token] = account, expires_at
        return account

    def _worked_out(self, token: str) -> tuple[Account, float]:
        """The account of a token, and when that expires (seconds since 1970)."""
        import jwt  # here, with all of cryptography behind it, because only signed-in requests need it

        refused = NotSignedInError("Sign in again; the token has expired or is not ours.")
        try:
            claims = jwt.decode(
                token,
                self._key(jwt.get_unverified_header(token).get("kid")),
                algorithms=["RS256"],
                issuer=self.issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "iss"], "verify_aud": False},
            )
        except jwt.PyJWTError:
            raise refused from None
        username = claims.get("username")
        if claims.get("token_use") != "access" or claims.get("client_id") != self._client_id:
            raise refused
        if not isinstance(username, str) or not username:
            raise refused
        return Account(username, _roles(claims.get("cognito:groups"))), float(claims["exp"])

    def _key(self, key_id: object) -> Any:
        """The pool's public key of that id; raises a PyJWTError if the pool has none."""
        import jwt

        with self._lock:
            unknown = isinstance(key_id, str) and key_id not in self._keys
            if self._keys_are_old() or (unknown and self._keys_are_old(KEYS_REST_SECONDS)):
                self._refresh()
            key = self._keys.get(key_id) if isinstance(key_id, str) else None
        if key is None:
            raise jwt.InvalidKeyError("no such key")
        return key

    def _keys_are_old(self, seconds: float = KEYS_LIVE_SECONDS) -> bool:
        """Whether the keys were fetched longer ago than that, or never."""
        return self._fetched_at is None or self._monotonic() - self._fetched_at > seconds

    def _refresh(self) -> None:
        """Fetch the keys. While the pool cannot be reached, those that are known go on being good."""
        try:
            self._keys = self._published()
        except (OSError, ValueError):
            if not self._keys:
                raise
            log.warning("keys of the user pool could not be fetched; the known ones are used on")
        self._fetched_at = self._monotonic()
        self._verified.clear()

    def _published(self) -> dict[str, Any]:
        import jwt

        found: Mapping[str, Any] = json.loads(self._fetch(self.keys_url))
        return {
            key["kid"]: jwt.PyJWK.from_dict(key, algorithm="RS256")
            for key in found["keys"]
            if key.get("kty") == "RSA" and key.get("use", "sig") == "sig"
        }


def _roles(groups: object) -> frozenset[Role]:
    """The roles among the token's groups; groups that are none are somebody else's."""
    known = {str(role) for role in Role} - {Role.RESIDENT, Role.SYSTEM}
    names = groups if isinstance(groups, list) else []
    return frozenset(Role(name) for name in names if isinstance(name, str) and name in known)
