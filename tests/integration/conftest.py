"""The desk on both sorts of stores: the fakes, and PynamoDB over moto in this process."""

from collections.abc import Iterator
from threading import RLock
from typing import Any

import pytest
from botocore.client import BaseClient
from moto import mock_aws

from chalicelib.adapters.dynamo.cases import DynamoCases
from chalicelib.adapters.dynamo.directory import DynamoDirectory
from chalicelib.adapters.dynamo.directory_admin import put_community
from chalicelib.adapters.dynamo.figures import DynamoFigures
from chalicelib.adapters.dynamo.links import DynamoLinks
from chalicelib.adapters.dynamo.looks import DynamoLooks
from chalicelib.adapters.dynamo.notices import DynamoNotices
from chalicelib.adapters.dynamo.people import DynamoPeople
from chalicelib.adapters.dynamo.search import DynamoSearch
from chalicelib.adapters.dynamo.tables import CaseRow, DirectoryRow, FigureRow, LinkRow
from chalicelib.adapters.dynamo.waiting import DynamoWaiting
from tests.builders import Office, Stores, community, office
from tests.fakes.clocks import SettableClock

COMMUNITIES = (community(), community("hillside", prefix="h-"))


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Empty tables, made from the models, each call atomic as in DynamoDB.

    The emulator undoes a cancelled transaction by putting all tables back as they were before it; a call
    of another thread in between would be lost.
    """
    lock, call = RLock(), BaseClient._make_api_call

    def alone(client: BaseClient, operation: str, given: Any) -> Any:
        with lock:
            return call(client, operation, given)

    monkeypatch.setattr(BaseClient, "_make_api_call", alone)
    with mock_aws():
        for model in (CaseRow, DirectoryRow, FigureRow, LinkRow):
            model.create_table(billing_mode="PAY_PER_REQUEST")
        for community in COMMUNITIES:
            put_community(community)
        yield


def dynamo_stores(clock: SettableClock) -> Stores:
    """The stores on DynamoDB; a transaction that met another one is sent again at once."""
    return Stores(
        DynamoCases(clock, sleep=lambda _: None),
        DynamoWaiting(),
        DynamoNotices(),
        DynamoLinks(sleep=lambda _: None),
        DynamoFigures(),
        DynamoDirectory(),
        DynamoPeople(),
        DynamoLooks(),
        DynamoSearch(),
    )


@pytest.fixture
def dynamo_place(tables: None) -> Office:
    """A desk on DynamoDB."""
    return office(*COMMUNITIES, stores=dynamo_stores)


@pytest.fixture(params=["fakes", "dynamo"])
def place(request: pytest.FixtureRequest) -> Office:
    """A desk on either: what is shown with it is the contract of the ports."""
    if request.param == "fakes":
        return office(*COMMUNITIES)
    found: Office = request.getfixturevalue("dynamo_place")
    return found
