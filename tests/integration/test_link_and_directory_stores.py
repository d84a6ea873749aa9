"""Links, rate counters, the directory and empty figures, on the fakes and on DynamoDB."""

from datetime import date, datetime, time, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.adapters.dynamo import directory_admin
from chalicelib.adapters.dynamo.directory import DynamoDirectory, read_community
from chalicelib.adapters.dynamo.handovers import DynamoHandovers
from chalicelib.adapters.dynamo.people import MOST_ENDS, MOST_NETWORKS, DynamoPeople
from chalicelib.domain.case.figure_rows import Row
from chalicelib.domain.case.links import Purpose, link_for
from chalicelib.domain.community.community import AmendedDay, Steward
from chalicelib.domain.community.handover import Handover
from chalicelib.domain.community.roster import LEAVE, DutyChange, Shift
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.errors import ConflictError, InvalidInputError, NotFoundError
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.services.link_port import RateCounter
from chalicelib.services.records import Person
from infra.directory import write_communities
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


@pytest.mark.req("C3")
def test_what_only_one_can_have_is_theirs_however_often_they_take_it(place: Office) -> None:
    links, until = place.stores.links, MONDAY + timedelta(days=1)
    assert sum(at_once(10, lambda serial: links.take("receipt", f"case {serial}", until))) == 1
    assert links.take("another", "case 1", until)
    assert links.take("another", "case 1", until)
    assert not links.take("another", "case 2", until)
    assert links.owner_of("another", MONDAY) == "case 1"
    assert links.owner_of("another", until) is None
    assert links.owner_of("nothing", MONDAY) is None
    links.count_hit("ip", until)
    assert (links.hits("ip", until), links.hits("other", until)) == (1, 0)


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


@pytest.mark.req("E1")
@pytest.mark.parametrize("dimension", ["total", "kind", "matter", "channel"])
def test_the_rows_of_one_dimension_are_those_among_all(place: Office, dimension: str) -> None:
    place.register()
    every = place.stores.figures.month("riverside", "202611")
    of_it = {row: counters for row, counters in every.items() if row.dimension == dimension}
    assert place.stores.figures.month("riverside", "202611", dimension) == of_it != {}


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


@pytest.mark.req("B14")
def test_the_roster_is_written_at_the_desk_and_the_later_of_two_is_refused(tables: None) -> None:
    directory = DynamoDirectory()
    turn = Shift("engineering", "engineering-2", (5, 6), time(20), time(8))
    assert turn in directory.put_duty("riverside", turn, None).shifts
    with pytest.raises(ConflictError):
        directory.put_duty("riverside", turn, None)
    noon = datetime.combine(date(2026, 11, 24), time(12))
    away = DutyChange("c1", LEAVE, "engineering-1", noon, noon + timedelta(days=1))
    assert directory.put_duty("riverside", away, None).duty_changes == (away,)
    agreed = replace(away, agreed=("engineering-1",))
    directory.put_duty("riverside", agreed, away)
    with pytest.raises(ConflictError):
        directory.put_duty("riverside", replace(away, agreed=("engineering-2",)), away)
    found = DynamoDirectory().community("riverside")
    assert (found.duty_changes, found.own_roster) == ((agreed,), True)
    directory.drop_duty("riverside", agreed)
    found = directory.drop_duty("riverside", turn)
    assert found.duty_changes == ()
    assert turn not in found.shifts
    write_communities([community(shifts=())])
    assert read_community("riverside", consistent=True).shifts == found.shifts, "the desk's own stays"


@pytest.mark.req("B2")
def test_the_steward_of_the_desk_stays_when_the_file_is_loaded(tables: None) -> None:
    directory, desks = DynamoDirectory(), Steward("3", "agent-1", "manager-1")
    assert directory.put_steward("riverside", desks).stewards == (desks,)
    of_file = (Steward("3", "agent-2"), Steward("4", "agent-2"))
    write_communities([community(stewards=of_file)])
    assert directory.anew("riverside").stewards == (desks, of_file[1])
    assert directory.drop_steward("riverside", "3").stewards == of_file[1:]


@pytest.mark.req("B14")
def test_a_handover_waits_beside_its_community_until_one_has_signed(tables: None) -> None:
    directory, store = DynamoDirectory(), DynamoHandovers()
    made = Handover(
        "20261123T010000#a", "desk", "agent-1", "agent-2", MONDAY, "钥匙在抽屉" * 200, ("202611-0001",)
    )
    later = replace(made, id="20261123T020000#a", notes="无")
    assert store.write("riverside", made)
    assert store.write("riverside", later)
    assert not store.write("riverside", replace(made, notes="别的"))
    assert store.latest("riverside", "desk", 1) == (later,)
    assert store.latest("riverside", "security", 9) == ()
    assert [waiting.id for waiting in directory.anew("riverside").unsigned] == [made.id, later.id]
    directory_admin.put_community(community())
    assert len(directory.anew("riverside").unsigned) == 2, "the operator's file takes none away"
    signed = replace(made, signed_by="agent-2", signed_at=MONDAY)
    assert store.sign("riverside", signed)
    assert not store.sign("riverside", replace(signed, signed_by="supervisor-1"))
    assert store.one("riverside", "desk", made.id) == signed
    assert store.one("riverside", "desk", "nothing") is None
    assert [waiting.id for waiting in directory.anew("riverside").unsigned] == [later.id]


def test_a_community_is_replaced_whole(tables: None) -> None:
    smaller = community(staff=community().staff[:2], shifts=(), prices=())
    directory_admin.put_community(smaller)

    assert DynamoDirectory().community("riverside") == smaller


@pytest.mark.parametrize("name", ["", "a#b", "滨江", "x" * 25])
def test_an_id_that_would_break_keys_is_refused(tables: None, name: str) -> None:
    with pytest.raises(InvalidInputError):
        directory_admin.put_community(community(name))


def within(most: int, *buckets: str, ends: datetime) -> list[RateCounter]:
    return [RateCounter(bucket, most, ends) for bucket in buckets]


def test_all_counters_count_or_none_does(place: Office) -> None:
    links, ends = place.stores.links, MONDAY + timedelta(minutes=10)
    assert links.count_within(within(2, "address", "phone", ends=ends)) is None
    assert links.count_within(within(2, "another", "phone", ends=ends)) is None
    assert links.count_within(within(2, "address", "phone", ends=ends)) == 1, "the phone's is full"
    assert links.count_within(within(2, "address", ends=ends)) is None, "and the address was not counted"
    assert links.count_within(within(2, "address", ends=ends)) == 0
    links.give_back(within(2, "address", "phone", ends=ends))
    assert links.count_within(within(2, "address", "phone", ends=ends)) is None
    later = ends + timedelta(minutes=10)
    assert links.count_within(within(2, "address", "phone", ends=later)) is None


def test_many_at_once_are_counted_up_to_the_limit(place: Office) -> None:
    counters = within(5, "address", "phone", ends=MONDAY + timedelta(minutes=10))
    found = at_once(20, lambda _: place.stores.links.count_within(counters))
    assert found.count(None) == 5


def test_a_person_and_their_place_as_they_are_now(place: Office) -> None:
    people = place.stores.people
    person, staff = people.standing("agent-1", "riverside")
    assert (person, staff and staff.role) == (Person(), "agent")
    assert people.standing("agent-1", "atlantis") == (Person(), None)
    assert people.standing("nobody") == (Person(), None)
    people.end_session("agent-1", 1000)
    people.end_session("agent-1", 1001)
    people.end_sessions("AGENT-1", 900)
    people.end_sessions("agent-1", 800)
    people.set_second_factor("agent-1", True)
    people.add_network("agent-1", "n")
    assert people.standing("agent-1")[0] == Person(900, frozenset({1000, 1001}), True, frozenset({"n"}))


@pytest.mark.req("E8")
def test_a_session_that_began_after_all_were_ended_goes_on_until_they_are_ended_again(place: Office) -> None:
    people = place.stores.people
    assert people.begin_session("agent-1", "first", 0)
    people.end_sessions("agent-1", 900)
    assert people.standing("agent-1")[0].begun == frozenset()
    assert not people.begin_session("agent-1", "late", 0), "ended since it was looked at"
    assert people.begin_session("agent-1", "again", 900)
    assert people.begin_session("agent-1", "other", 900)
    people.end_session("agent-1", 900, "other")
    assert people.standing("agent-1")[0] == Person(900, frozenset({900}), begun=frozenset({"again"}))
    people.end_sessions("agent-1", 900)
    assert people.standing("agent-1")[0].begun == frozenset()


def test_ends_and_networks_of_years_stay_few(dynamo_place: Office) -> None:
    people = DynamoPeople()
    for second in range(MOST_ENDS + 1):
        people.end_session("agent-1", 1000 + second)
        people.add_network("agent-1", f"n{second}")
    person, _ = people.standing("agent-1")
    assert len(person.ended) <= MOST_ENDS
    assert all(1000 + second in person.ended or 1000 + second <= person.not_before for second in range(101))
    assert len(person.networks) <= MOST_NETWORKS
    assert f"n{MOST_ENDS}" in person.networks


def test_how_far_something_has_come_is_remembered_by_its_name(place: Office) -> None:
    links, later = place.stores.links, place.clock() + timedelta(days=1)
    assert links.recall("a sweep") is None
    for far in ({"pk": "riverside#202611-0001"}, {}, None):
        links.remember("a sweep", far, later)
        assert links.recall("a sweep") == far
    assert links.recall("another") is None
