"""Staff as they are written at the desk, with what was done: on DynamoDB (F)."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.adapters.dynamo.directory import DynamoDirectory, read_community
from chalicelib.adapters.dynamo.staffing import DynamoStaff
from chalicelib.domain.community.community import Community
from chalicelib.services.staff_port import Act, Done
from infra.directory import write_communities
from tests.builders import MONDAY, community


def act(serial: int, done: Done = Done.CHANGED, about: str | None = "agent-1") -> Act:
    at = MONDAY + timedelta(seconds=serial)
    return Act(f"{at.timestamp():017.6f}#{serial:08d}", at, "manager-1", done, about)


@pytest.fixture
def written(tables: None) -> Community:
    write_communities([community()])
    return read_community("riverside")


def test_whoever_has_not_read_the_last_change_writes_nothing(written: Community) -> None:
    store, agent = DynamoStaff(), written.person("agent-1")
    assert agent is not None
    first = replace(agent, name="安大佳", by="manager-1")
    assert store.put_person(written, first, act(1))
    assert not store.put_person(written, replace(agent, active=False), act(2))
    found = read_community("riverside")
    assert (found.person("agent-1"), found.staffing) == (first, act(1).id)
    assert store.put_person(found, replace(first, active=False), act(3))
    assert [done.id for done in store.acts("riverside", 10, None).items] == [act(3).id, act(1).id]


def test_a_file_that_is_written_meanwhile_counts_as_a_change(written: Community) -> None:
    store, agent = DynamoStaff(), written.person("agent-1")
    assert agent is not None
    assert store.put_person(written, replace(agent, by="manager-1"), act(1))
    before = read_community("riverside")
    write_communities([community()])
    assert not store.put_person(before, agent, act(2))


def test_the_own_entry_of_a_community_and_a_new_one(written: Community) -> None:
    store = DynamoStaff()
    closed = replace(written, closed=True, name="滨江", by="company-head-1")
    assert store.put_community(closed, act(1, Done.CLOSED, None))
    found = read_community("riverside")
    assert (found.closed, found.name, found.staff) == (True, "滨江", written.staff)
    assert DynamoDirectory().names()["riverside"] == "滨江"
    new = replace(community("lakeside"), shifts=(), prices=())
    assert store.add_community(new, act(2, Done.COMMUNITY_ADDED, None))
    assert not store.add_community(replace(new, name="另一个"), act(3, Done.COMMUNITY_ADDED, None))
    assert read_community("lakeside").name == new.name
    assert len(read_community("lakeside").staff) == len(new.staff)


def test_what_was_done_is_read_page_by_page(written: Community) -> None:
    store = DynamoStaff()
    for serial in range(5):
        store.note("riverside", act(serial))
    page = store.acts("riverside", 3, None)
    rest = store.acts("riverside", 3, page.cursor)
    assert [done.id[-1] for done in (*page.items, *rest.items)] == ["4", "3", "2", "1", "0"]
    assert rest.cursor is None
