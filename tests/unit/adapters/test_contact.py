"""What is personal is taken out of events and case and put back, whatever it is (G24)."""

import pytest
from msgspec.structs import replace

from chalicelib.adapters.dynamo import documents
from chalicelib.adapters.dynamo.contact import (
    MARK,
    NOTHING_APART,
    Contact,
    ContactBehindError,
    RecentContacts,
    apart,
    together,
)
from chalicelib.domain.case import events as ev
from chalicelib.domain.case.fold import fold
from tests.builders import office

CASE = office().register(evidence=("photo 1", "photo 2"), email="wang@example.com").case


@pytest.mark.req("G24")
def test_references_are_texts_that_nobody_can_type() -> None:
    case, _, contact = apart(CASE, [], NOTHING_APART)

    assert case.report.phone == f"{MARK}1.case.report.phone"
    assert case.report.evidence == (f"{MARK}1.case.report.evidence.0", f"{MARK}1.case.report.evidence.1")
    assert (case.report.witnesses, case.report.channel) == (None, CASE.report.channel)
    assert contact.texts["1.case.report.phone"] == "+8613900001234"
    assert together(case, contact) == CASE


def test_a_text_that_is_said_again_has_the_entry_of_the_first() -> None:
    _, _, contact = apart(CASE, [], NOTHING_APART)
    urging = events_of(ev.Urged("快点"), ev.Urged("快点"), ev.Urged(CASE.report.text))

    _, (first, second, third), after = apart(replace(CASE, version=4), urging, contact)

    assert (first.payload, second.payload) == (ev.Urged(f"{MARK}2.note"), ev.Urged(f"{MARK}2.note"))
    assert third.payload == ev.Urged(f"{MARK}1.case.report.text")
    assert after == Contact(4, {**contact.texts, "2.note": "快点"})


def test_where_nothing_new_is_said_the_contact_is_the_same() -> None:
    _, _, contact = apart(CASE, [], NOTHING_APART)

    assert apart(CASE, events_of(ev.Progressed("正在更换")), contact)[2] is contact


@pytest.mark.req("G24")
def test_what_was_erased_is_empty_and_not_none() -> None:
    case, (urged,), contact = apart(replace(CASE, version=2), events_of(ev.Urged("快点")), NOTHING_APART)
    erased = replace(contact, texts={})

    report = together(case, erased).report
    assert (report.text, report.phone, report.evidence, report.witnesses) == ("", "", (), None)
    assert together(urged.payload, erased) == ev.Urged("")


def test_what_an_earlier_release_stored_inline_is_read_as_it_is() -> None:
    assert together(CASE, NOTHING_APART) == CASE


def test_a_contact_from_before_what_refers_to_it_is_not_taken_for_erased() -> None:
    _, (urged,), contact = apart(replace(CASE, version=2), events_of(ev.Urged("快点")), NOTHING_APART)

    with pytest.raises(ContactBehindError):
        together(urged.payload, replace(contact, version=1, texts={}))


def test_a_stored_case_leaves_out_what_every_case_has() -> None:
    data = documents.stored_case(CASE)

    assert documents.read(data, type(CASE)) == CASE
    assert len(data) < 0.85 * len(documents.stored(CASE))


def test_the_contacts_that_were_used_last_are_remembered_as_of_their_version() -> None:
    recent = RecentContacts(most=2)
    for number in ("1", "2", "1", "3"):
        recent.keep(number, 1, Contact(1, {"1.note": number}))

    assert recent.of("1", 1) == Contact(1, {"1.note": "1"})
    assert recent.of("1", 2) is None
    assert recent.of("2", 1) is None, "the one not used for longest"
    assert recent.of("3", 1) is not None


def events_of(*payloads: ev.Payload) -> list[ev.Event]:
    """Events in a row, from version 2 on."""
    place = office()
    registered = place.register().case
    (first,) = place.stores.cases.events(registered.community, registered.number)
    return [replace(first, version=at, payload=payload) for at, payload in enumerate(payloads, 2)]


def test_the_stored_case_is_what_the_stored_events_add_up_to() -> None:
    place = office()
    case = place.register(text="同一句话", unit="同一句话").case
    history = place.stores.cases.events(case.community, case.number)
    stored, referring, _ = apart(case, history, NOTHING_APART)

    assert fold(referring, case.community, case.number) == stored
