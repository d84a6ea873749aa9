"""The store of what waits beside the cases, on DynamoDB: twice, late, at once, and a flood (A1, B15)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from msgspec.structs import replace

from chalicelib.adapters.dynamo.beside import KEPT_SECONDS, DynamoBeside
from chalicelib.adapters.dynamo.findings import DynamoFindings
from chalicelib.adapters.dynamo.metering import metered
from chalicelib.domain.community.beside import MOST_HELD, OpenFinding
from chalicelib.domain.follow_up.findings import Finding
from chalicelib.domain.follow_up.open_findings import read_by_its_person
from tests.builders import MONDAY

FOUND = Finding("one", "202611-0001", "engineering-1", False, "ignored", "三天没回", "manager-1", MONDAY)
OPEN = OpenFinding("one", "202611-0001", "engineering-1", "manager-1")


@pytest.mark.req("A1")
def test_a_held_mail_is_noted_once_and_let_go_once_however_often_and_in_what_order(tables: None) -> None:
    store = DynamoBeside()
    store.let_go("riverside", ["a"])
    for names in (["a"], ["b"], ["a"], ["a", "c"]):
        store.hold("riverside", names)
    assert store.of("riverside").held == ("a", "b", "c")
    for _ in range(2):
        store.let_go("riverside", ["b", "never there"])
    assert store.of("riverside").held == ("a", "c")
    store.let_go("riverside", ["a", "c"])
    assert store.of("riverside").held == ()
    store.hold("riverside", ["d"])
    assert (store.of("riverside").held, store.of("hillside").held) == (("d",), ())


@pytest.mark.req("A1", "C3")
def test_a_flood_of_mails_stays_one_small_row(tables: None) -> None:
    store = DynamoBeside()
    with ThreadPoolExecutor(8) as at_once:
        list(at_once.map(lambda nth: store.hold("riverside", [f"{nth:03d}"]), range(MOST_HELD + 20)))
    assert len(store.anew("riverside").held) == MOST_HELD


@pytest.mark.req("B7", "E8")
def test_it_is_read_once_a_minute_and_at_once_where_it_was_changed(tables: None) -> None:
    seconds = [0.0]
    store, elsewhere = DynamoBeside(lambda: seconds[0]), DynamoBeside()
    with metered() as made:
        for _ in range(3):
            store.of("riverside")
    assert [call.operation for call in made] == ["Query"]
    elsewhere.hold("riverside", ["a"])
    assert store.of("riverside").held == ()
    seconds[0] = KEPT_SECONDS
    assert store.of("riverside").held == ("a",)
    store.let_go("riverside", ["a"])
    assert store.of("riverside").held == ()


@pytest.mark.req("B15")
def test_what_a_finding_asks_for_is_written_with_the_finding_or_not_at_all(tables: None) -> None:
    store, beside = DynamoFindings(), DynamoBeside()
    assert store.put("riverside", replace(FOUND, id="two", merit=True))
    assert store.put("riverside", FOUND)
    assert beside.anew("riverside").findings == (replace(OPEN, unmeasured=True, unread=True),)
    appealed = replace(FOUND, version=2, appeal="回过", appealed_at=MONDAY)
    assert store.put("riverside", appealed)
    assert not store.put("riverside", read_by_its_person(FOUND, MONDAY)), "somebody was first"
    assert beside.anew("riverside").findings == (replace(OPEN, appealed=True, unread=True),)
    store.put("riverside", replace(appealed, version=3, lifted=True, decided_at=MONDAY, read_at=MONDAY))
    assert beside.anew("riverside").findings == ()
    store.put("riverside", replace(FOUND, id="three"))
    assert len(beside.anew("riverside").findings) == 1
    store.remove("riverside", replace(FOUND, id="three"))
    assert beside.anew("riverside").findings == ()
