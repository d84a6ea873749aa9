"""The store of findings on staff, on DynamoDB (B15, G24)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.adapters.dynamo.findings import DynamoFindings
from chalicelib.domain.follow_up.findings import Finding
from chalicelib.services.findings.records import forget_findings
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
    dynamo_place.clock.advance(timedelta(days=1095))
    assert forget_findings(dynamo_place.desk, store, "riverside") == 1
    assert store.of("riverside") == (other,)
