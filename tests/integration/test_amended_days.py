"""Days that a community amends, in the directory: the same on the fakes and on DynamoDB (G1)."""

from datetime import timedelta

import pytest

from chalicelib.adapters.dynamo import directory_admin
from chalicelib.adapters.dynamo.directory import DynamoDirectory
from chalicelib.adapters.dynamo.metering import metered
from chalicelib.domain.community.community import AmendedDay, Hours
from chalicelib.domain.errors import InvalidInputError, NotFoundError
from tests.builders import MONDAY, Office, community

CLOSED = AmendedDay("2026-12-24", (), "停电检修", "manager-1", MONDAY)
HALF = AmendedDay("2026-12-24", (("09:00", "12:00"),), "半天", "manager-1", MONDAY)
EARLIER = AmendedDay("2026-12-01", (), "搬迁", "manager-1", MONDAY)


@pytest.mark.req("G1")
def test_a_day_is_put_replaced_and_taken_back(place: Office) -> None:
    directory = place.stores.directory
    assert directory.amend("riverside", CLOSED, MONDAY).amendments == (CLOSED,)
    assert directory.calendar_changed_at("riverside") == MONDAY
    assert directory.amend("riverside", HALF, MONDAY).amendments == (HALF,)
    later = MONDAY + timedelta(hours=1)
    assert directory.amend("riverside", EARLIER, later).amendments == (EARLIER, HALF)
    assert directory.community("riverside").amendments == (EARLIER, HALF), "whoever wrote it knows it at once"
    assert directory.calendar_changed_at("riverside") == later
    assert directory.restore("riverside", HALF.date, later).amendments == (EARLIER,)
    changed = directory.calendar_changed_at("riverside")
    with pytest.raises(NotFoundError, match="2026"):
        directory.restore("riverside", HALF.date, later + timedelta(hours=1))
    assert directory.community("riverside").amendments == (EARLIER,)
    assert directory.calendar_changed_at("riverside") == changed, "nothing was written"
    assert directory.community("hillside").amendments == ()


def test_what_an_amendment_costs(tables: None) -> None:
    directory = DynamoDirectory()
    with metered() as answered:
        directory.amend("riverside", CLOSED, MONDAY)
        directory.restore("riverside", CLOSED.date, MONDAY)
        directory.calendar_changed_at("riverside")
    assert [call.operation for call in answered] == ["TransactWriteItems", "Query"] * 2 + ["GetItem"]


@pytest.mark.req("G1")
def test_an_operator_s_change_is_noted_for_the_sweep(tables: None) -> None:
    directory = DynamoDirectory()
    written = directory.calendar_changed_at("riverside")
    assert written is not None, "a community was written whole"
    directory_admin.put("riverside", community().staff[0])
    assert directory.calendar_changed_at("riverside") == written, "people do not move deadlines"
    directory_admin.put("riverside", CLOSED)
    amended = directory.calendar_changed_at("riverside")
    assert amended is not None
    assert amended > written
    directory_admin.remove("riverside", CLOSED)
    restored = directory.calendar_changed_at("riverside")
    assert restored is not None
    assert restored > amended


@pytest.mark.req("G1")
def test_hours_and_subdivision_are_kept(tables: None) -> None:
    own = community(
        hours=(Hours((0, 1, 2), (("09:00", "12:00"), ("13:00", "24:00"))),), country="DE", subdivision="BY"
    )
    directory_admin.put_community(own)
    found = DynamoDirectory().community("riverside")
    assert (found.hours, found.country, found.subdivision) == (own.hours, "DE", "BY")


def test_hours_that_cannot_be_are_not_written(tables: None) -> None:
    with pytest.raises(InvalidInputError, match="closes before it opens"):
        directory_admin.put_community(community(hours=(Hours((0,), (("12:00", "09:00"),)),)))
    assert DynamoDirectory().community("riverside").hours == ()
