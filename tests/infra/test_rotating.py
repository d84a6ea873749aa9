"""A new signing key, on moto's Secrets Manager."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.adapters.codes import keys_in
from infra.problems import CannotGoOnError
from infra.rotating import IN_FORCE_AFTER, add_key

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.fixture
def manager() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("secretsmanager", region_name="eu-west-1")
        client.create_secret(Name="suda", SecretString=json.dumps({"signing_key": "first"}))
        yield client


def test_a_key_is_added_and_the_first_stays(manager: Any) -> None:
    since = add_key(manager, "suda", NOON)
    first, second = keys_in(manager.get_secret_value(SecretId="suda")["SecretString"])
    assert (first.secret, since, second.since) == (b"first", NOON + IN_FORCE_AFTER, since)
    assert len(second.secret) == 64


def test_another_waits_until_the_one_before_holds(manager: Any) -> None:
    add_key(manager, "suda", NOON)
    with pytest.raises(CannotGoOnError, match="holds from 2026-11-29T13:00:00"):
        add_key(manager, "suda", NOON + timedelta(minutes=30))
    add_key(manager, "suda", NOON + timedelta(hours=2))
    assert len(keys_in(manager.get_secret_value(SecretId="suda")["SecretString"])) == 3
