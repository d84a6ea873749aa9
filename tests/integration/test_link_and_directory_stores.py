"""Links, rate counters, the directory and empty figures, on the fakes and on DynamoDB."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.adapters.dynamo import directory_admin
from chalicelib.adapters.dynamo.directory import DynamoDirectory
from chalicelib.domain.case.figure_rows import Row
from chalicelib.domain.case.links import Purpose, link_for
from chalicelib.domain.community.community import AmendedDay
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.errors import InvalidInputError, NotFoundError
from chalicelib.domain.intake.forms import ClassifyForm
from tests.builders import MONDAY, SUPERVISOR, Office, community
from tests.threads import at_once


@pytest.mark.req("A11", "G8")
def test_the_links_of_a_case_are_found_by_the_hash_of_their_code(place: Office) -> None:
    receipt = place.register()
    case = place.do(receipt.case, "assign", SUPERVISOR, AssignForm(handler="engineering-1", reason="by hand"))
    work = link_for(case, Purpose.WORK, 7)

    track = place.stores.links.find(place.codes.hash(receipt.track_code))
    assert track == link_for(receipt.case, Purpose.TRACK, 7)
    assert place.stores.links.find(place.codes.hash(place.codes.code(work))) == work
    assert place.stores.links.find(place.codes.hash("another")) is None
    assert place.stores.links.find(receipt.track_code) is None, "the code itself is not stored"


def test_an_idempotency_key_is_no_link(place: Office) -> None:
    place.register(key="the same")

    assert place.stores.links.find("IDEMPOTENCY#the same") is None


def test_hits_are_counted_for_each_bucket_and_window(place: Office) -> None:
    ends = MONDAY + timedelta(minutes=1)

    assert sorted(at_once(20, lambda _: place.stores.links.count_hit("ip", ends))) == list(range(1, 21))
    assert place.stores.links.count_hit("another", ends) == 1
    assert place.stores.links.count_hit("ip", ends + timedelta(minutes=1)) == 1


def test_a_community_with_all_that_belongs_to_it(place: Office) -> None:
    found = place.desk.directory.community("riverside")

    expected = community()
    assert replace(found, shifts=()) == replace(expected, shifts=())
    assert sorted(found.shifts, key=repr) == sorted(expected.shifts, key=repr)
    assert place.desk.directory.names() == {"hillside": "滨江花园", "riverside": "滨江花园"}
    assert list(place.desk.directory.names()) == ["hillside", "riverside"]
    found_in = place.desk.directory.staff_named("agent-1", ("hillside", "riverside"))
    assert found_in == {"riverside": expected.member("agent-1")}
    assert place.desk.directory.staff_named("nobody", ("riverside",)) == {}
    with pytest.raises(NotFoundError):
        place.desk.directory.community("nowhere")


def test_a_month_without_cases_has_no_figures(place: Office) -> None:
    assert place.stores.figures.month("riverside", "202611") == {}


def test_figures_that_are_back_at_nothing_are_left_out(place: Office) -> None:
    case = place.register().case
    moved = place.do(case, "classify", SUPERVISOR, ClassifyForm("a repair", matter="lighting_lock"))

    rows = place.stores.figures.month("riverside", "202611")
    assert Row("matter", case.classification.matter) not in rows
    assert rows[Row("matter", moved.classification.matter)]["registered"] == 1


def test_the_directory_is_read_once_a_minute(tables: None) -> None:
    seconds = [0.0]
    directory = DynamoDirectory(lambda: seconds[0])
    before = directory.community("riverside")
    directory_admin.put("riverside", replace(before.staff[0], name="新名字"))

    seconds[0] = 59.0
    assert directory.community("riverside") is before
    seconds[0] = 60.0
    assert directory.community("riverside").staff[0].name == "新名字"


def test_an_operator_changes_one_thing_at_a_time(tables: None) -> None:
    day = AmendedDay("2026-12-24", (("09:00", "12:00"),), "half a day")
    directory_admin.put("riverside", day)
    assert DynamoDirectory().community("riverside").amendments == (day,)

    directory_admin.put("riverside", replace(day, windows=()))
    assert DynamoDirectory().community("riverside").amendments == (replace(day, windows=()),)

    directory_admin.remove("riverside", day)
    assert DynamoDirectory().community("riverside").amendments == ()


def test_a_community_is_replaced_whole(tables: None) -> None:
    smaller = community(staff=community().staff[:2], shifts=(), prices=())
    directory_admin.put_community(smaller)

    assert DynamoDirectory().community("riverside") == smaller


@pytest.mark.parametrize("name", ["", "a#b", "滨江", "x" * 25])
def test_an_id_that_would_break_keys_is_refused(tables: None, name: str) -> None:
    with pytest.raises(InvalidInputError):
        directory_admin.put_community(community(name))
