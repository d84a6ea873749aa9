"""The deployed desk in this process, on moto.

Its wiring is the real one; moto stands in for DynamoDB and for the secret.
"""

import io
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import boto3
import moto.dynamodb.models
from chalice.app import Chalice
from chalice.test import Client
from moto import mock_aws
from moto.dynamodb.models.table import Table

from tests.conftest import ENVIRONMENT

os.environ.update(ENVIRONMENT)  # the tables' models read their names when they are imported
os.environ.update({"INTAKES_PER_ADDRESS": "100000", "INTAKES_PER_PHONE": "100000"})

from app import app
from chalicelib import wiring
from chalicelib.adapters.dynamo.directory_admin import put_community
from chalicelib.adapters.dynamo.tables import CaseRow, DirectoryRow, FigureRow, LinkRow
from tests.api_desk import pool, token
from tests.builders import community

NO_BACKUP = SimpleNamespace(deepcopy=lambda tables: tables)
"""moto copies whole tables before each transaction, to undo it: a cost that grows with the register and is
the emulator's own. Nothing here is undone, and without it the floor is as low as it can be."""


def in_any_order(table: Any) -> list[Any]:
    """Every row of a table of moto: for each query it takes them all, sorted twice.

    Once is enough, as those that were found are sorted themselves; the rest, again, is the emulator's own.
    """
    return [item for rows in table.items.values() for item in rows.values()]


@dataclass(frozen=True)
class Caller:
    """Asks an application for something over HTTP, without a network; any refusal is an error."""

    client: Client
    headers: dict[str, str]

    def post(self, path: str, body: Any, **headers: str) -> Any:
        """The JSON of the answer."""
        raw = json.dumps(body).encode()
        answer = self.client.http.post(path, headers={**self.headers, **headers}, body=raw)
        if answer.status_code >= 400:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.body.decode()}")
        return json.loads(answer.body)

    def get(self, path: str) -> Any:
        """The same with GET."""
        answer = self.client.http.get(path, headers=self.headers)
        if answer.status_code >= 400:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.body.decode()}")
        return json.loads(answer.body)


@contextmanager
def moto_desk() -> Iterator[None]:
    """One community, `riverside`, on empty tables; staff have the tokens of tests/api_desk.py."""
    with (
        mock_aws(),
        patch.object(moto.dynamodb.models, "copy", NO_BACKUP),
        patch.object(Table, "all_items", in_any_order),
    ):
        for model in (CaseRow, DirectoryRow, FigureRow, LinkRow):
            model.create_table(billing_mode="PAY_PER_REQUEST")
        secret = json.dumps({"signing_key": "k" * 64})
        boto3.client("secretsmanager").create_secret(Name=os.environ["SECRET_ID"], SecretString=secret)
        put_community(community())
        wiring.use(identity=pool())
        _write_logs_to_nowhere()
        try:
            yield
        finally:
            wiring.use()


def caller(username: str | None = None, role: str = "", application: Chalice = app) -> Caller:
    """Somebody who talks to the application, signed in if a name is given."""
    headers = {"Content-Type": "application/json"}
    if username is not None:
        headers["Authorization"] = f"Bearer {token(username, role)}"
    return Caller(Client(application), headers)


def _write_logs_to_nowhere() -> None:
    """They are made all the same, as on AWS, but would bury the bench's own words."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(_Nowhere())


class _Nowhere(io.TextIOBase):
    def write(self, text: str) -> int:
        return len(text)
