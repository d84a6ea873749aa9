"""However many a command has to tell, its transaction stays within bounds, and all are told once (A6)."""

from datetime import time, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.adapters.dynamo import bundles, writes
from chalicelib.adapters.dynamo.directory_admin import put_community
from chalicelib.adapters.dynamo.tables import CaseRow
from chalicelib.domain.case.case import Case
from chalicelib.domain.community.community import Staff
from chalicelib.domain.community.roles import Role
from chalicelib.domain.community.roster import Shift
from chalicelib.domain.notices.kinds import NoticeKind
from chalicelib.services.intake.merged import Incidents
from chalicelib.services.workflows.outbox import Outbox
from tests.builders import Office, community
from tests.sending import delivery
from tests.threads import at_once


def crowd(people: int) -> None:
    """So many on duty around the clock for every department, each with phone and mail."""
    plain = community()
    names = [f"guard-{number}" for number in range(people)]
    every_day = tuple(range(7))
    departments = tuple(plain.departments)
    staff = tuple(
        Staff(name, f"值班{name}", Role.HANDLER, departments, f"+8613700{at:06d}", f"{name}@example.com")
        for at, name in enumerate(names)
    )
    turns = tuple(
        Shift(department, name, every_day, time(0), time(0)) for department in departments for name in names
    )
    put_community(replace(plain, staff=(*plain.staff, *staff), shifts=turns))


def fire(place: Office) -> Case:
    return place.register(matter="fire", kind="help").case


def bundled(case: Case) -> list[CaseRow]:
    rows = CaseRow.query(f"riverside#{case.number}", CaseRow.sk.startswith("BUNDLE#"))
    return [row for row in rows if row.undelivered]


def relayed(place: Office, case: Case) -> None:
    """What the stream brings to the relay after the transaction."""
    outbox = Outbox(None, delivery(place), Incidents(place.desk))  # type: ignore[arg-type]
    for row in bundled(case):
        outbox.bundle_due("riverside", case.number, row.sk.removeprefix("BUNDLE#"))


def alerted(place: Office, case: Case) -> list[tuple[str, str]]:
    found = place.stores.notices.of_case("riverside", case.number)
    return sorted(
        (stored.notice.recipient, stored.notice.channel)
        for stored in found
        if stored.notice.kind is NoticeKind.ALERT and stored.notice.recipient.startswith("guard-")
    )


def everybody(people: int) -> list[tuple[str, str]]:
    return sorted((f"guard-{number}", channel) for number in range(people) for channel in ("sms", "mail"))


@pytest.mark.req("A6")
@pytest.mark.parametrize("people", [20, 44, 300])
def test_a_fire_is_registered_and_everybody_on_duty_is_to_be_alerted_once(
    dynamo_place: Office, people: int
) -> None:
    place = dynamo_place
    crowd(people)
    case = fire(place)
    assert place.case(case).version == case.version
    if people == 20:
        assert bundled(case) == [], "few have their rows at once, as ever"
    relayed(place, case)
    relayed(place, case)
    assert bundled(case) == []
    assert alerted(place, case) == everybody(people)


@pytest.mark.req("A6")
def test_a_bundle_that_the_stream_has_lost_is_unpacked_by_the_sweep(dynamo_place: Office) -> None:
    place = dynamo_place
    crowd(44)
    case = fire(place)
    assert len(bundled(case)) == 1
    place.clock.advance(timedelta(minutes=3))
    delivery(place).sweep(place.clock() - timedelta(minutes=2))
    assert alerted(place, case) == everybody(44)
    assert bundled(case) == []
    numbers = [phone for phone, _ in place.sms.sent if phone.startswith("+8613700")]
    assert len(numbers) == len(set(numbers)) == 44
    assert len([address for address, *_ in place.mail.sent if address.startswith("guard-")]) == 44


def test_a_bundle_is_unpacked_once_by_however_many(dynamo_place: Office) -> None:
    """A notice that has left meanwhile is not put back; a breakdown half way is carried on."""
    place = dynamo_place
    crowd(44)
    case = fire(place)
    key = bundled(case)[0].sk.removeprefix("BUNDLE#")
    at_once(2, lambda _: bundles.unpack("riverside", case.number, key))
    first = place.stores.notices.of_case("riverside", case.number)[0]
    assert delivery(place).deliver(first)
    bundles.unpack("riverside", case.number, key)
    bundles.unpack("riverside", case.number, "of no such bundle")
    stored = place.stores.notices.get("riverside", case.number, first.notice.key)
    assert stored is not None
    assert stored.status == "sent"


def test_the_bound_of_a_transaction_is_named_by_its_writer(dynamo_place: Office) -> None:
    case = fire(dynamo_place)
    rows = [(CaseRow(f"riverside#{case.number}", f"X#{number}"), None) for number in range(101)]
    with pytest.raises(AssertionError, match="101 items in a transaction; 100 are taken"):
        writes._send(rows, [], lambda _: None)
