"""The record of looks in DynamoDB: one write a look, three ways to read it, and its end (E8)."""

from datetime import timedelta

import pytest

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.metering import metered
from chalicelib.adapters.dynamo.tables import CaseRow
from chalicelib.domain.case.looks import Look, LookAt
from chalicelib.domain.community.roles import Role
from tests.builders import Office

ZONE = "Asia/Shanghai"


@pytest.mark.req("E8")
def test_a_look_is_one_write_and_is_found_by_day_person_and_case(dynamo_place: Office) -> None:
    store, at = dynamo_place.stores.looks, dynamo_place.clock()
    case = dynamo_place.register().case
    first = Look(at, "agent-1", Role.AGENT, LookAt.CASE, case.number)
    then = Look(at + timedelta(seconds=1), "agent-1", Role.AGENT, LookAt.LIST, filter="scope=mine", count=3)
    late = Look(at + timedelta(hours=16), "manager-1", Role.MANAGER, LookAt.REVEAL, case.number, reason="急")
    with metered() as calls:
        for look in (first, then, late):
            store.record("riverside", ZONE, look)
    assert [call.operation for call in calls] == ["PutItem"] * 3
    with metered() as calls:
        assert store.page("riverside", "day", "2026-11-23", 50, None).items == (then, first)
        assert store.page("riverside", "day", "2026-11-24", 50, None).items == (late,)
        assert store.page("riverside", "person", "agent-1", 50, None).items == (then, first)
        assert store.page("riverside", "case", case.number, 50, None).items == (late, first)
    assert [call.operation for call in calls] == ["Query"] * 4
    page = store.page("riverside", "person", "agent-1", 1, None)
    assert (page.items, page.cursor is not None) == ((then,), True)
    assert store.page("riverside", "person", "agent-1", 1, page.cursor).items == (first,)
    row = next(CaseRow.query(keys.looks("riverside", "2026-11-24")))
    assert row.expires_at_epoch == int((late.at + timedelta(days=190)).timestamp())


@pytest.mark.req("E8", "G13")
def test_the_lines_of_some_cases_are_one_call_and_looks_stand_in_no_list(dynamo_place: Office) -> None:
    desk, case = dynamo_place.desk, dynamo_place.register().case
    dynamo_place.stores.looks.record(
        "riverside", ZONE, Look(dynamo_place.clock(), "agent-1", Role.AGENT, LookAt.CASE, case.number)
    )
    with metered() as calls:
        assert set(desk.cases.lines("riverside", [case.number, "202611-0999"])) == {case.number}
        assert desk.cases.lines("riverside", []) == {}
    assert [call.operation for call in calls] == ["BatchGetItem"]
    page = desk.cases.open_work("riverside", department=None, handler=None, limit=9, cursor=None)
    assert [line.number for line in page.items] == [case.number]
    key = desk.unit_key("3-1201", desk.directory.community("riverside"))
    assert [line.number for line in desk.cases.by_unit("riverside", key, 9, None).items] == [case.number]
