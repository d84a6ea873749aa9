"""Staff sign-in with a Cognito user pool.

Tokens are verified in this process, without a call of the pool.
"""

import os
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from chalicelib.adapters.accounts import NOT_GOOD
from chalicelib.adapters.pool_keys import PoolKeys, fetched
from chalicelib.domain.community.passwords import not_within_the_rules
from chalicelib.domain.community.roles import Role
from chalicelib.domain.errors import InvalidInputError, NotSignedInError, TooManyRequestsError
from chalicelib.services.records import Account, Tokens

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
NO_SESSION = "0" * 64
"""A session of a sign-in that the pool has never begun."""
WRONG_CODE = frozenset(
    {"CodeMismatchException", "ExpiredCodeException", "EnableSoftwareTokenMFAException", *WRONG}
)
NEW_PASSWORD = "NEW_PASSWORD_REQUIRED"  # noqa: S105 - the name of a challenge
SOFTWARE_TOKEN = "SOFTWARE_TOKEN_MFA"  # noqa: S105 - the name of a challenge


class CognitoIdentity:
    """Identity (services/identity_port.py) by a user pool and its one client. Groups of the pool are roles.

    `AWS_ENDPOINT_URL`, which the SDK itself obeys, also says where the keys are fetched: an emulator
    signs as the same issuer as AWS but cannot be reached under its name.
    """

    def __init__(
        self,
        user_pool_id: str,
        client_id: str,
        region: str,
        *,
        fetch: Callable[[str], bytes] = fetched,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
        self.issuer = f"https://cognito-idp.{region}.{suffix}/{user_pool_id}"
        endpoint = os.environ.get("AWS_ENDPOINT_URL")
        base = f"{endpoint.rstrip('/')}/{user_pool_id}" if endpoint else self.issuer
        self.keys_url = f"{base}/.well-known/jwks.json"
        self._client_id = client_id
        self._now = now
        self._verified: dict[str, tuple[Account, float]] = {}
        self._verified_with = 0
        self._keys = PoolKeys(self.keys_url, fetch, monotonic)

    @cached_property
    def _client(self) -> Any:
        import botocore.session  # here, because only a sign-in needs this client
        from botocore.config import Config

        settings = Config(
            connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3}
        )
        return botocore.session.get_session().create_client("cognito-idp", config=settings)

    def sign_in(self, username: str, password: str, code: str | None = None) -> Tokens:
        """The tokens for right credentials; NotSignedInError otherwise, in the same words always.

        With a code the pool is asked twice though the password is wrong: how long it takes tells nothing.
        """
        try:
            answer = self._asked(
                "initiate_auth",
                AuthFlow="USER_PASSWORD_AUTH",
                ClientId=self._client_id,
                AuthParameters={"USERNAME": username, "PASSWORD": password},
            )
        except NotSignedInError:
            if code:
                self._with_code(username, code, NO_SESSION)
            raise
        if answer.get("ChallengeName") == SOFTWARE_TOKEN:
            if not code:
                raise NotSignedInError("This account needs the code of its authenticator too.")
            answer = self._with_code(username, code, answer["Session"])
        result = answer.get("AuthenticationResult")
        if answer.get("ChallengeName") == NEW_PASSWORD:
            raise NotSignedInError("This account needs a password of its own first.", "first_password")
        if result is None:
            raise NotSignedInError("This account is asked for what the desk has no page for.")
        return Tokens(str(result["AccessToken"]), result.get("RefreshToken"))

    def _with_code(self, username: str, code: str, session: str) -> Mapping[str, Any]:
        return self._asked(
            "respond_to_auth_challenge",
            WRONG_CODE,
            ClientId=self._client_id,
            ChallengeName=SOFTWARE_TOKEN,
            Session=session,
            ChallengeResponses={"USERNAME": username, f"{SOFTWARE_TOKEN}_CODE": code},
        )

    def choose_first_password(self, username: str, temporary: str, password: str) -> None:
        """Answer the pool's question for an own password; NotSignedInError where it does not ask for one."""
        answer = self._asked(
            "initiate_auth",
            AuthFlow="USER_PASSWORD_AUTH",
            ClientId=self._client_id,
            AuthParameters={"USERNAME": username, "PASSWORD": temporary},
        )
        if answer.get("ChallengeName") != NEW_PASSWORD:
            raise NotSignedInError("Username or password is wrong.")
        self._asked(
            "respond_to_auth_challenge",
            ClientId=self._client_id,
            ChallengeName=NEW_PASSWORD,
            Session=answer["Session"],
            ChallengeResponses={"USERNAME": username, "NEW_PASSWORD": password},
        )

    def change_password(self, token: str, old: str, password: str) -> None:
        """Change the password of the token's account; NotSignedInError if the old one is wrong."""
        self._asked("change_password", AccessToken=token, PreviousPassword=old, ProposedPassword=password)

    def renewed(self, renewal: str) -> str:
        """A new token of the session that `renewal` belongs to; NotSignedInError if that has ended."""
        answer = self._asked(
            "initiate_auth",
            AuthFlow="REFRESH_TOKEN_AUTH",
            ClientId=self._client_id,
            AuthParameters={"REFRESH_TOKEN": renewal},
        )
        return str(answer["AuthenticationResult"]["AccessToken"])

    def end_renewal(self, renewal: str) -> None:
        """Have the pool renew that session no more; one that it does not know is ended already."""
        try:
            self._asked("revoke_token", Token=renewal, ClientId=self._client_id)
        except NotSignedInError:
            return

    def end_renewals(self, token: str) -> None:
        """Have the pool renew no session of the token's account any more."""
        try:
            self._asked("global_sign_out", AccessToken=token)
        except NotSignedInError:
            return

    def new_secret(self, token: str) -> str:
        """A secret for the authenticator of the token's account (base 32); `confirm_secret` makes it good."""
        return str(self._asked("associate_software_token", AccessToken=token)["SecretCode"])

    def confirm_secret(self, token: str, code: str) -> None:
        """Have each later sign-in ask for a code; InvalidInputError unless this one is of the secret."""
        try:
            self._asked("verify_software_token", WRONG_CODE, AccessToken=token, UserCode=code)
        except NotSignedInError as error:
            raise InvalidInputError(
                "The code is not of this secret; wait for the next one.", "wrong_code"
            ) from error
        asked_for = {"Enabled": True, "PreferredMfa": True}
        self._asked("set_user_mfa_preference", AccessToken=token, SoftwareTokenMfaSettings=asked_for)

    def _asked(self, operation: str, wrong: frozenset[str] = WRONG, /, **given: Any) -> Mapping[str, Any]:
        """The pool's answer; NotSignedInError for what is among `wrong`, or TooManyRequestsError."""
        from botocore.exceptions import ClientError, ParamValidationError

        try:
            answer: Mapping[str, Any] = getattr(self._client, operation)(**given)
        except ParamValidationError as error:  # what no account of the pool can have
            raise NotSignedInError("Username or password is wrong.") from error
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in THROTTLED:
                raise TooManyRequestsError("Too many sign-ins just now; try again in a minute.") from error
            if code in NOT_GOOD:
                raise not_within_the_rules() from error
            if code in wrong:
                raise NotSignedInError("Username or password is wrong.") from error
            raise
        return answer

    def verify(self, token: str) -> Account:
        """The account of an access token of our pool and client; NotSignedInError for any other.

        A token that was found right is not worked out again in this process, until it expires or the pool's
        keys are due to be fetched again. Whether its session was ended is asked elsewhere, each time.
        """
        if self._keys.are_old() or self._keys.fetches != self._verified_with:
            self._verified.clear()
        account, expires_at = self._verified.get(token, (None, 0.0))
        if account is not None and self._now() < expires_at + LEEWAY_SECONDS:
            return account
        account, expires_at = self._worked_out(token)
        if len(self._verified) >= MOST_VERIFIED:
            self._verified.clear()
        self._verified_with = self._keys.fetches
        self._verified[token] = account, expires_at
        return account

    def _worked_out(self, token: str) -> tuple[Account, float]:
        """The account of a token, and when that expires (seconds since 1970)."""
        import jwt  # here, with all of cryptography behind it, because only signed-in requests need it

        refused = NotSignedInError("Sign in again; the token has expired or is not ours.")
        try:
            claims = jwt.decode(
                token,
                self._keys.key(jwt.get_unverified_header(token).get("kid")),
                algorithms=["RS256"],
                issuer=self.issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "iss", "auth_time"], "verify_aud": False},
            )
        except jwt.PyJWTError:
            raise refused from None
        username, signed_in_at = claims.get("username"), claims["auth_time"]
        if claims.get("token_use") != "access" or claims.get("client_id") != self._client_id:
            raise refused
        if not isinstance(username, str) or not username or not isinstance(signed_in_at, int):
            raise refused
        session = str(claims.get("origin_jti") or "")
        account = Account(username, _roles(claims.get("cognito:groups")), signed_in_at, session)
        return account, float(claims["exp"])


def _roles(groups: object) -> frozenset[Role]:
    """The roles among the token's groups; groups that are none are somebody else's."""
    known = {str(role) for role in Role} - {Role.RESIDENT, Role.SYSTEM}
    names = groups if isinstance(groups, list) else []
    return frozenset(Role(name) for name in names if isinstance(name, str) and name in known)
