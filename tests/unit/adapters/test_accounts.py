"""The accounts of the staff in the user pool, and passwords that people choose; as the pool is asked (E8)."""

from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.stub import Stubber

from chalicelib.adapters.accounts import PoolAccounts
from chalicelib.adapters.identity import CognitoIdentity
from chalicelib.domain.errors import InvalidInputError, NotSignedInError, TooManyRequestsError
from tests.api_desk import CLIENT_ID, POOL, REGION, published_keys

OWN, OTHER = "Zhongwen2026good", "Another2026good"
WHO = {"UserPoolId": POOL, "Username": "wang.fang"}
CREDENTIALS = {"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": CLIENT_ID}


@pytest.fixture
def cognito() -> Iterator[tuple[PoolAccounts, Stubber]]:
    client = botocore.session.get_session().create_client(
        "cognito-idp", region_name=REGION, aws_access_key_id="a", aws_secret_access_key="b"
    )
    with Stubber(client) as stubber:
        yield PoolAccounts(client, POOL), stubber
        stubber.assert_no_pending_responses()


def user(*, enabled: bool, status: str = "CONFIRMED") -> dict[str, Any]:
    return {"Username": "wang.fang", "Enabled": enabled, "UserStatus": status}


def test_an_account_that_is_not_there_is_made_in_silence(cognito: tuple[PoolAccounts, Stubber]) -> None:
    accounts, pool = cognito
    pool.add_client_error("admin_get_user", "UserNotFoundException")
    pool.add_response("admin_create_user", {}, {**WHO, "MessageAction": "SUPPRESS"})
    assert accounts.make("wang.fang")


def test_one_that_is_made_at_the_same_time_is_as_good(cognito: tuple[PoolAccounts, Stubber]) -> None:
    accounts, pool = cognito
    pool.add_client_error("admin_get_user", "UserNotFoundException")
    pool.add_client_error("admin_create_user", "UsernameExistsException")
    assert accounts.make("wang.fang")


def test_one_that_was_taken_out_comes_back_with_its_password(cognito: tuple[PoolAccounts, Stubber]) -> None:
    accounts, pool = cognito
    pool.add_response("admin_get_user", user(enabled=False), WHO)
    pool.add_response("admin_enable_user", {}, WHO)
    assert not accounts.make("wang.fang")
    pool.add_response("admin_get_user", user(enabled=True), WHO)
    pool.add_response("admin_disable_user", {}, WHO)
    assert accounts.disable("wang.fang")
    pool.add_response("admin_get_user", user(enabled=False), WHO)
    assert not accounts.disable("wang.fang"), "done again it is done"
    pool.add_client_error("admin_get_user", "UserNotFoundException")
    assert not accounts.is_known("wang.fang")


def test_what_the_pool_s_own_rules_do_not_let_in_is_said_as_our_rules(
    cognito: tuple[PoolAccounts, Stubber],
) -> None:
    accounts, pool = cognito
    pool.add_response("admin_set_user_password", {}, {**WHO, "Password": OWN, "Permanent": True})
    accounts.set_password("wang.fang", OWN)
    pool.add_client_error("admin_set_user_password", "InvalidPasswordException")
    with pytest.raises(InvalidInputError, match="12 to 256 characters"):
        accounts.set_password("wang.fang", "short")


@pytest.fixture
def identity() -> CognitoIdentity:
    return CognitoIdentity(POOL, CLIENT_ID, REGION, fetch=lambda _: published_keys())


CHANGE = {"AccessToken": "t", "PreviousPassword": OWN, "ProposedPassword": OTHER}


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ("NotAuthorizedException", NotSignedInError),
        ("InvalidPasswordException", InvalidInputError),
        ("LimitExceededException", TooManyRequestsError),
    ],
)
def test_the_own_password_is_changed_with_the_session_s_token(
    identity: CognitoIdentity, said: str, error: type[Exception]
) -> None:
    with Stubber(identity._client) as pool:
        pool.add_response("change_password", {}, CHANGE)
        identity.change_password("t", OWN, OTHER)
        pool.add_client_error("change_password", said)
        with pytest.raises(error):
            identity.change_password("t", OWN, OTHER)


def test_a_temporary_password_is_good_for_another_and_nothing_else(identity: CognitoIdentity) -> None:
    asked = {"ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": "s" * 20}
    given = {**CREDENTIALS, "AuthParameters": {"USERNAME": "li", "PASSWORD": "Temporary2026"}}
    answer = {
        "ClientId": CLIENT_ID,
        "ChallengeName": "NEW_PASSWORD_REQUIRED",
        "Session": "s" * 20,
        "ChallengeResponses": {"USERNAME": "li", "NEW_PASSWORD": OWN},
    }
    with Stubber(identity._client) as pool:
        pool.add_response("initiate_auth", asked, given)
        with pytest.raises(NotSignedInError) as refused:
            identity.sign_in("li", "Temporary2026")
        assert refused.value.reason == "first_password"
        pool.add_response("initiate_auth", asked, given)
        pool.add_response("respond_to_auth_challenge", {}, answer)
        identity.choose_first_password("li", "Temporary2026", OWN)
        pool.add_response("initiate_auth", {"AuthenticationResult": {"AccessToken": "t"}}, given)
        with pytest.raises(NotSignedInError):
            identity.choose_first_password("li", "Temporary2026", OWN)
