"""The store of findings on staff, on DynamoDB (B15, G24)."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.adapters.dynamo.findings import DynamoFindings
from chalicelib.domain.follow_up.findings import Finding
from chalicelib.domain.follow_up.praise import PraiseForm
from chalicelib.services.findings.praise import erase_praise, give_praise, praise_view
from chalicelib.services.findings.records import forget_findings
from tests.browser import completed
from tests.builders import MONDAY, Office


@pytest.mark.req("B15", "G24")
def test_findings_are_stored_by_version_read_by_person_and_forgotten(dynamo_place: Office) -> None:
    store = DynamoFindings()
    first = Finding("one", "202611-0001", "engineering-1", False, "ignored", "三天没回", "manager-1", MONDAY)
    other = replace(first, id="two", about="engineering-10", at=MONDAY + timedelta(days=900))
    assert store.put("riverside", first)
    assert store.put("riverside", other)
    assert not store.put("riverside", first), "it is there already"
    later = replace(first, version=2, measure="oral_warning")
    assert store.put("riverside", later)
    assert not store.put("riverside", later), "somebody was first"
    assert store.of("riverside", "engineering-1") == (later,)
    assert set(store.of("riverside")) == {later, other}
    assert store.of("hillside") == ()
    assert store.get("riverside", "engineering-1", "one") == later
    assert store.get("riverside", "engineering-1", "two") is None, "it is about somebody else"
    dynamo_place.clock.advance(timedelta(days=1095))
    assert forget_findings(dynamo_place.desk, store, "riverside") == 1
    assert store.of("riverside") == (other,)
    assert store.get("riverside", "engineering-1", "one") is None


@pytest.mark.req("B15", "G24")
def test_praise_is_put_found_and_emptied_on_dynamodb(dynamo_place: Office) -> None:
    store, desk = DynamoFindings(), dynamo_place.desk
    case = completed(dynamo_place)
    give_praise(desk, store, case, PraiseForm("上门很快"))
    give_praise(desk, store, case, PraiseForm("上门很快"))
    view = praise_view(store, case, desk.context_of(case))
    assert view is not None
    assert view.words == "上门很快"
    erase_praise(store, case)
    erase_praise(store, case)
    (found,) = store.of("riverside")
    assert (found.words, found.by, found.version) == ("", "resident", 2)
