"""The keys of machines, on moto's Secrets Manager."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.adapters.caller_keys import keys_of_callers
from infra.caller_keys import add_caller_key, revoke_keys
from infra.problems import CannotGoOnError


@pytest.fixture
def manager() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("secretsmanager", region_name="eu-west-1")
        client.create_secret(Name="suda", SecretString=json.dumps({"signing_key": "first"}))
        yield client


def keys(manager: Any, caller: str) -> tuple[str, ...]:
    return keys_of_callers(manager.get_secret_value(SecretId="suda")["SecretString"]).get(caller, ())


@pytest.mark.req("A1")
def test_two_keys_are_good_at_a_time_and_a_third_ends_the_first(manager: Any) -> None:
    first, second = (add_caller_key(manager, "suda", "ivr-1") for _ in range(2))
    assert keys(manager, "ivr-1") == (first, second)
    third = add_caller_key(manager, "suda", "ivr-1")
    assert keys(manager, "ivr-1") == (second, third)
    assert keys(manager, "ivr-2") == ()
    held = json.loads(manager.get_secret_value(SecretId="suda")["SecretString"])
    assert held["signing_key"] == "first"


@pytest.mark.req("A1")
def test_keys_are_taken_away(manager: Any) -> None:
    add_caller_key(manager, "suda", "ivr-1")
    revoke_keys(manager, "suda", "ivr-1")
    assert keys(manager, "ivr-1") == ()
    with pytest.raises(CannotGoOnError, match="has no key"):
        revoke_keys(manager, "suda", "ivr-1")
