"""What is stored is read back the same, whatever it is."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import NODEFAULT, structs
from msgspec.structs import replace

from chalicelib.adapters.dynamo import documents, keys
from chalicelib.adapters.dynamo.contact import NOTHING_APART, Contact, apart, together
from chalicelib.domain.case.events import EVENT_TYPES, Event, Payload
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.regulation.limits import Limit, Unit
from tests.builders import office

INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is given beside
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=600)
CASE = office().register().case
DEADLINE: Deadline = next(iter(CASE.clocks.deadlines.values()))

st.register_type_strategy(str, TEXTS)
st.register_type_strategy(datetime, INSTANTS)
st.register_type_strategy(float, st.floats(0, 1))
st.register_type_strategy(Limit, st.builds(Limit, st.floats(0.5, 99), st.just(Unit.HOURS)))
st.register_type_strategy(Deadline, st.just(DEADLINE))
st.register_type_strategy(Mapping, st.dictionaries(TEXTS, st.integers(0, 10**6), max_size=4))
for kind in EVENT_TYPES.values():
    parts = structs.fields(kind)
    if any(part.default_factory is not NODEFAULT for part in parts):
        # Hypothesis would give the factory itself as a value.
        drawn = {part.name: st.from_type(part.type) for part in parts}
        st.register_type_strategy(kind, st.builds(kind, **drawn))


@st.composite
def events(draw: st.DrawFn, payload_class: type[Payload]) -> Event:
    """Any event with that payload."""
    actor = Actor(draw(st.sampled_from(Role)), draw(TEXTS))
    payload = draw(st.from_type(payload_class))
    return Event(draw(st.integers(1, 10**6)), draw(INSTANTS), actor, "command", draw(TEXTS), payload)


@pytest.mark.parametrize("name", EVENT_TYPES)
@given(data=st.data())
def test_an_event_is_read_back_the_same(name: str, data: st.DataObject) -> None:
    event = data.draw(events(EVENT_TYPES[name]))

    assert documents.read_event(documents.stored_event(event)) == event


@pytest.mark.req("G24")
@pytest.mark.parametrize("name", EVENT_TYPES)
@given(data=st.data())
def test_an_event_without_what_is_personal_is_put_together_the_same(name: str, data: st.DataObject) -> None:
    event = data.draw(events(EVENT_TYPES[name]))

    _, (referring,), contact = apart(CASE, [event], NOTHING_APART)
    stored = documents.read_event(documents.stored_event(referring))
    texts = documents.read(documents.stored_texts(contact.texts), dict[str, str])
    assert replace(stored, payload=together(stored.payload, Contact(contact.version, texts))) == event


@given(TEXTS)
def test_long_documents_are_deflated_and_short_ones_readable(text: str) -> None:
    stored, plain = documents.stored(text), documents.text(text).encode()

    assert documents.read(stored, str) == text
    assert (stored == plain) == (len(plain) <= documents.PLAIN_UNTIL)


def test_a_long_document_takes_little_room() -> None:
    case = office().register().case

    assert len(documents.stored(case)) < 2000 < len(msgspec.json.encode(case)) / 2
    assert documents.read(documents.stored(case), type(case)) == case


@given(INSTANTS, INSTANTS)
def test_stored_instants_sort_as_time_does(one: datetime, other: datetime) -> None:
    first, second = documents.instant(one), documents.instant(other)

    assert (first < second) == (one < other)
    assert len(first) == len(second)
    assert documents.read_instant(first) == one


def test_an_instant_is_stored_in_utc() -> None:
    shanghai = timezone(timedelta(hours=8))

    assert documents.instant(datetime(2026, 11, 23, 9, tzinfo=shanghai)) == "2026-11-23T01:00:00.000000Z"


@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_number_keys_sort_as_serials_do(one: int, other: int) -> None:
    first, second = (keys.number_key(f"202611-{serial:04d}") for serial in (one, other))

    assert (first < second) == (one < other)


def test_keys_are_taken_apart_as_they_were_made() -> None:
    assert keys.community_and_number(keys.case("a-b", "202611-0001")) == ("a-b", "202611-0001")
    assert keys.kind_and_round(keys.waiting("dispatch", 12)) == ("dispatch", 12)
