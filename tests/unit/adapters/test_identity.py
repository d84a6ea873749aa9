"""Cognito sign-in and the keys of the pool; what tokens are refused stands in test_api_access."""

import json
import time
from typing import Any
from unittest import mock
from unittest.mock import ANY

import jwt
import pytest
from botocore.stub import Stubber

from chalicelib.adapters.identity import LEEWAY_SECONDS, CognitoIdentity
from chalicelib.adapters.pool_keys import KEYS_LIVE_SECONDS, KEYS_REST_SECONDS
from chalicelib.domain.community.roles import Role
from chalicelib.domain.errors import NotSignedInError, TooManyRequestsError
from tests.api_desk import CLIENT_ID, POOL, REGION, published_keys, signing_key, token

ASKED = {
    "AuthFlow": "USER_PASSWORD_AUTH",
    "ClientId": CLIENT_ID,
    "AuthParameters": {"USERNAME": "agent-1", "PASSWORD": "secret"},
}


class Publisher:
    """Where the keys are fetched; counts, and can be out of order."""

    def __init__(self) -> None:
        self.urls: list[str] = []
        self.now = 0.0
        self.later = 0
        self.down = False

    def __call__(self, url: str) -> bytes:
        self.urls.append(url)
        if self.down:
            raise OSError("unreachable")
        return published_keys()

    def identity(self, region: str = REGION) -> CognitoIdentity:
        return CognitoIdentity(POOL, CLIENT_ID, region, fetch=self, monotonic=lambda: self.now, now=self.wall)

    def wall(self) -> float:
        return time.time() + self.later


def signed_in(response: dict[str, Any] | None = None, error: str | None = None) -> str:
    identity = Publisher().identity()
    with Stubber(identity._client) as stubber:
        if error is not None:
            stubber.add_client_error("initiate_auth", error, expected_params=ASKED)
        else:
            stubber.add_response("initiate_auth", response, ASKED)
        return identity.sign_in("agent-1", "secret").token


WITH_CODE = {
    "ClientId": CLIENT_ID,
    "ChallengeName": "SOFTWARE_TOKEN_MFA",
    "ChallengeResponses": {"USERNAME": "agent-1", "SOFTWARE_TOKEN_MFA_CODE": "123456"},
}


@pytest.mark.parametrize("is_password_right", [True, False])
def test_a_wrong_code_and_a_wrong_password_take_the_same_calls(is_password_right: bool) -> None:
    identity = Publisher().identity()
    with Stubber(identity._client) as stubber:
        if is_password_right:
            asked = {"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": "a session of the pool"}
            stubber.add_response("initiate_auth", asked, ASKED)
        else:
            stubber.add_client_error("initiate_auth", "NotAuthorizedException", expected_params=ASKED)
        session = "a session of the pool" if is_password_right else ANY
        stubber.add_client_error(
            "respond_to_auth_challenge",
            "CodeMismatchException" if is_password_right else "NotAuthorizedException",
            expected_params={**WITH_CODE, "Session": session},
        )
        with pytest.raises(NotSignedInError):
            identity.sign_in("agent-1", "secret", "123456")
        stubber.assert_no_pending_responses()


def test_right_credentials_give_the_access_token() -> None:
    result = {"AccessToken": "access", "IdToken": "id", "ExpiresIn": 3600, "TokenType": "Bearer"}
    assert signed_in({"AuthenticationResult": result}) == "access"


@pytest.mark.parametrize(
    "code",
    [
        "NotAuthorizedException",
        "UserNotFoundException",
        "UserNotConfirmedException",
        "InvalidParameterException",
    ],
)
def test_wrong_credentials_are_told_in_the_same_words(code: str) -> None:
    with pytest.raises(NotSignedInError, match="Username or password is wrong"):
        signed_in(error=code)


@pytest.mark.parametrize("code", ["TooManyRequestsException", "LimitExceededException"])
def test_the_pools_own_brake(code: str) -> None:
    with pytest.raises(TooManyRequestsError):
        signed_in(error=code)


def test_an_account_whose_first_password_was_never_changed() -> None:
    with pytest.raises(NotSignedInError, match="password of its own"):
        signed_in({"ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": "x" * 20, "ChallengeParameters": {}})


def test_groups_are_roles_and_nobody_becomes_the_system() -> None:
    account = Publisher().identity().verify(token("x", "agent", "system", "resident", "choir", "handler"))
    assert account.roles == {Role.AGENT, Role.HANDLER}


def test_keys_are_fetched_once_from_the_issuer() -> None:
    publisher = Publisher()
    identity = publisher.identity()
    for _ in range(3):
        assert identity.verify(token("agent-1", "agent")).username == "agent-1"
    assert publisher.urls == [f"https://cognito-idp.{REGION}.amazonaws.com/{POOL}/.well-known/jwks.json"]
    assert (
        publisher.identity("cn-north-1").issuer == f"https://cognito-idp.cn-north-1.amazonaws.com.cn/{POOL}"
    )


def test_an_emulators_keys_come_from_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566/")
    identity = Publisher().identity()
    assert identity.keys_url == f"http://127.0.0.1:4566/{POOL}/.well-known/jwks.json"
    assert identity.issuer == f"https://cognito-idp.{REGION}.amazonaws.com/{POOL}"


def test_a_token_is_worked_out_once_until_it_expires_or_the_keys_are_old() -> None:
    publisher = Publisher()
    identity = publisher.identity()
    right = token("agent-1", "agent")
    with mock.patch.object(jwt, "decode", wraps=jwt.decode) as worked_out:
        for _ in range(3):
            identity.verify(right)
        assert worked_out.call_count == 1
        publisher.now += KEYS_LIVE_SECONDS + 1
        identity.verify(right)
        assert (worked_out.call_count, len(publisher.urls)) == (2, 2), "what the pool took back is found out"
        publisher.later = 3600 + LEEWAY_SECONDS
        identity.verify(right)
        assert worked_out.call_count == 3, "the library says whether it has expired"


def test_an_unknown_key_id_does_not_fetch_for_every_request() -> None:
    publisher = Publisher()
    identity = publisher.identity()
    for _ in range(5):
        with pytest.raises(NotSignedInError):
            identity.verify(token("agent-1", "agent", kid="new"))
    assert len(publisher.urls) == 1
    publisher.now += KEYS_REST_SECONDS + 1
    with pytest.raises(NotSignedInError):
        identity.verify(token("agent-1", "agent", kid="new"))
    assert len(publisher.urls) == 2


def test_known_keys_stay_good_while_the_pool_cannot_be_reached() -> None:
    publisher = Publisher()
    identity = publisher.identity()
    identity.verify(token("agent-1", "agent"))
    publisher.down = True
    publisher.now += KEYS_LIVE_SECONDS + 1
    assert identity.verify(token("agent-1", "agent")).username == "agent-1"
    with pytest.raises(OSError, match="unreachable"):
        CognitoIdentity(POOL, CLIENT_ID, REGION, fetch=publisher).verify(token("agent-1", "agent"))


def test_only_signing_keys_of_rsa_count() -> None:
    keys = json.loads(published_keys())["keys"]
    others = [{**keys[0], "use": "enc"}, {"kty": "oct", "kid": "key 1", "k": "c2VjcmV0"}]
    identity = CognitoIdentity(POOL, CLIENT_ID, REGION, fetch=lambda _: json.dumps({"keys": others}).encode())
    with pytest.raises(NotSignedInError):
        identity.verify(token("agent-1", "agent", key=signing_key()))
