"""The first sign-in against AWS's own description of Cognito: what is sent and what comes back (E8).

botocore checks each parameter that is sent against the service's model, and its stubber each answer. What the
model leaves free, the keys of `ChallengeResponses`, stands in its documentation, which is read here.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest
import yaml
from botocore.model import OperationModel
from botocore.stub import Stubber

from chalicelib.adapters.accounts import PoolAccounts
from chalicelib.adapters.identity import NEW_PASSWORD, NOT_GOOD, THROTTLED, WRONG, CognitoIdentity
from chalicelib.domain.errors import DomainError, InvalidInputError, NotSignedInError, TooManyRequestsError
from tests.api_desk import CLIENT_ID, POOL, REGION, published_keys

OWN, TEMPORARY = "Zhongwen2026good", "Temporary2026"
SESSION = "AYABe" + "x" * 900
ASKED = {
    "AuthFlow": "USER_PASSWORD_AUTH",
    "ClientId": CLIENT_ID,
    "AuthParameters": {"USERNAME": "wang.fang", "PASSWORD": TEMPORARY},
}
QUESTION = {  # as the developer guide shows it, for an account that an administrator has made
    "ChallengeName": "NEW_PASSWORD_REQUIRED",
    "Session": SESSION,
    "ChallengeParameters": {
        "USER_ID_FOR_SRP": "wang.fang",
        "requiredAttributes": "[]",
        "userAttributes": '{"custom:community":"riverside"}',
    },
}
ANSWER = {
    "ClientId": CLIENT_ID,
    "ChallengeName": "NEW_PASSWORD_REQUIRED",
    "Session": SESSION,
    "ChallengeResponses": {"USERNAME": "wang.fang", "NEW_PASSWORD": OWN},
}
SIGNED_IN = {
    "AuthenticationResult": {
        "AccessToken": "access",
        "ExpiresIn": 3600,
        "TokenType": "Bearer",
        "RefreshToken": "refresh",
        "IdToken": "id",
    },
    "ChallengeParameters": {},
}
ASKS_FOR_A_CODE = {"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": SESSION, "ChallengeParameters": {}}


def operation(name: str) -> OperationModel:
    return botocore.session.get_session().get_service_model("cognito-idp").operation_model(name)


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[CognitoIdentity, Stubber]]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    identity = CognitoIdentity(POOL, CLIENT_ID, REGION, fetch=lambda _: published_keys())
    with Stubber(identity._client) as stubber:
        yield identity, stubber
        stubber.assert_no_pending_responses()


@pytest.mark.req("E8")
@pytest.mark.parametrize("answered", [SIGNED_IN, ASKS_FOR_A_CODE], ids=["signed in", "a code is next"])
def test_the_question_is_answered_as_the_service_describes_it(
    pool: tuple[CognitoIdentity, Stubber], answered: dict[str, Any]
) -> None:
    identity, stubber = pool
    stubber.add_response("initiate_auth", QUESTION, ASKED)
    stubber.add_response("respond_to_auth_challenge", answered, ANSWER)
    identity.choose_first_password("wang.fang", TEMPORARY, OWN)


def test_the_keys_of_an_answer_are_those_of_the_documentation() -> None:
    shape = operation("RespondToAuthChallenge").input_shape
    assert NEW_PASSWORD in shape.members["ChallengeName"].enum
    told = re.sub(r"<[^>]*>", " ", shape.members["ChallengeResponses"].documentation)
    example = re.search(r'"ChallengeName": "NEW_PASSWORD_REQUIRED", "ChallengeResponses": \{([^}]*)\}', told)
    assert example is not None
    assert set(re.findall(r'"(\w+)":', example[1])) == set(ANSWER["ChallengeResponses"])
    needed = operation("RespondToAuthChallenge").input_shape.required_members
    assert set(needed) <= set(ANSWER)


@pytest.mark.req("E8")
@pytest.mark.parametrize(
    ("said", "error", "reason"),
    [
        ("InvalidPasswordException", InvalidInputError, "password_rules"),
        ("PasswordHistoryPolicyViolationException", InvalidInputError, "password_rules"),
        ("NotAuthorizedException", NotSignedInError, None),
        ("PasswordResetRequiredException", NotSignedInError, None),
        ("TooManyRequestsException", TooManyRequestsError, None),
    ],
)
def test_each_refusal_of_the_new_password_has_a_sentence(
    pool: tuple[CognitoIdentity, Stubber], said: str, error: type[DomainError], reason: str | None
) -> None:
    identity, stubber = pool
    stubber.add_response("initiate_auth", QUESTION, ASKED)
    stubber.add_client_error("respond_to_auth_challenge", said, expected_params=ANSWER)
    with pytest.raises(error) as refused:
        identity.choose_first_password("wang.fang", TEMPORARY, OWN)
    assert reason is None or refused.value.reason == reason


def test_every_error_that_is_known_here_is_one_of_the_service() -> None:
    there = {
        shape.name
        for name in ("InitiateAuth", "RespondToAuthChallenge", "ChangePassword", "AdminSetUserPassword")
        for shape in operation(name).error_shapes
    }
    anywhere = {"ThrottlingException"}  # of every service, in no model
    assert (WRONG | THROTTLED | NOT_GOOD) - anywhere <= there


def test_a_password_of_before_is_refused_in_the_words_of_the_rules() -> None:
    client = botocore.session.get_session().create_client(
        "cognito-idp", region_name=REGION, aws_access_key_id="a", aws_secret_access_key="b"
    )
    for said in sorted(NOT_GOOD):
        with Stubber(client) as stubber:
            stubber.add_client_error("admin_set_user_password", said)
            with pytest.raises(InvalidInputError):
                PoolAccounts(client, POOL).set_password("wang.fang", OWN)


def test_the_pool_asks_for_no_more_than_the_answer_has() -> None:
    """No secret of the client, no required attribute and no alias: each would want a key more (E8)."""
    text = Path("infra/resources.yaml").read_text(encoding="utf-8")
    resources = yaml.safe_load(text)["Resources"]
    client, made = (resources[name]["Properties"] for name in ("UserPoolClient", "UserPool"))
    assert not client.get("GenerateSecret", False)
    assert "ALLOW_USER_PASSWORD_AUTH" in client["ExplicitAuthFlows"]
    assert not {"AliasAttributes", "UsernameAttributes"} & made.keys()
    assert not any(attribute.get("Required") for attribute in made["Schema"])
