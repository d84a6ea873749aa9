"""Nobody is silenced and nothing is dropped: caps put off, digests tell (A6, C3, G3)."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.form_fields import RequiredNoteForm
from chalicelib.domain.community.roles import RESIDENT, TIMER, Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.notices.kinds import Notice, NoticeChannel, NoticeKind, Source
from chalicelib.domain.work.forms import CompleteForm, RejectForm
from chalicelib.services.access.authorization import open_link
from chalicelib.services.errors import DeliveryError
from chalicelib.services.intake.register import register
from chalicelib.services.notices import digest
from chalicelib.services.notices.caps_per_person import (
    ALARMS_FROM_ONE,
    ALARMS_HOURLY,
    DAILY_FOR_CASE,
    DAILY_FROM_ONE,
    HOURLY,
)
from chalicelib.services.notices.delivery import CLAIM_GRACE, Delivery
from chalicelib.services.notices.digest import Digests
from chalicelib.services.notices.sms_budgets import DEFAULT_BUDGETS, Budgets
from chalicelib.services.records import StoredNotice
from tests.builders import AGENT, SUPERVISOR, Office, new_case, office
from tests.sending import BASE, delivery, phone_of, send

MACHINE = Actor(Role.MACHINE, "ivr-1")
HANDLER = Actor(Role.HANDLER, "engineering-1")
VICTIM = "+8613900007777"
"""A number that anybody may type, and nobody has answered from."""
FIRE = {"matter": "fire", "kind": "help"}
EVERY_FIVE_MINUTES, HOUR = timedelta(minutes=5), timedelta(hours=1)


def reported(place: Office, origin: str | None = "one", actor: Actor = RESIDENT, **changes: Any) -> Case:
    """A report from a network; each of strangers has another number, unless it is said."""
    serial = place.next_number()
    number = f"+86137{serial:08d}"
    context = place.desk.context(place.desk.directory.community("riverside"))
    new = new_case(**{"phone": number, **changes})
    sent_from = origin if actor == RESIDENT else None
    return register(place.desk, context, actor, new, f"key {serial}", b"", sent_from=sent_from).case


def digests(place: Office, budgets: Budgets | None = None) -> int:
    return Digests(sender(place, budgets)).send()


def sender(place: Office, budgets: Budgets | None = None) -> Delivery:
    return replace(delivery(place), budgets=budgets or DEFAULT_BUDGETS)


def to(place: Office, phone: str) -> list[str]:
    return [text for number, text in place.sms.sent if number == phone]


def of_case(place: Office, case: Case, kind: NoticeKind, channel: str = "sms") -> list[StoredNotice]:
    found = place.stores.notices.of_case(case.community, case.number)
    return [notice for notice in found if (notice.notice.kind, notice.notice.channel) == (kind, channel)]


def errors(place: Office, cases: list[Case]) -> Counter[str | None]:
    """Why their receipts have not left; None for those that have."""
    found = (notice for case in cases for notice in of_case(place, case, NoticeKind.REGISTERED))
    return Counter(None if notice.status == "sent" else notice.error for notice in found)


def the_manager(place: Office) -> str:
    """Somebody whom every fire alerts."""
    case = reported(place, "first", **FIRE)
    found = of_case(place, case, NoticeKind.ALERT)
    place.sms.sent.clear()
    return found[0].notice.recipient


@pytest.mark.req("A6", "C3")
def test_64_fakes_from_one_address_keep_no_real_fire_from_ringing(caplog: pytest.LogCaptureFixture) -> None:
    place = office()
    who = phone_of(the_manager(place))
    send(place)
    place.sms.sent.clear()
    fakes = [reported(place, "attacker", **FIRE) for _ in range(64)]
    send(place)
    assert len(to(place, who)) == ALARMS_FROM_ONE
    for origin, actor in (("somebody else", RESIDENT), (None, AGENT), (None, MACHINE)):
        place.sms.sent.clear()
        real = reported(place, origin, actor, unit="9-901", **FIRE)
        send(place)
        assert real.report.unit == "9-901"
        assert any("9-901" in text for text in to(place, who)), actor
    place.sms.sent.clear()
    assert digests(place) > 0
    (digest,) = to(place, who)
    assert digest == f"【诉达】还有54件，其中紧急54件，请立即打开工作台 {BASE}/desk/riverside"
    assert {notice.status for fake in fakes for notice in of_case(place, fake, NoticeKind.ALERT)} == {"sent"}
    counted = [record for record in caplog.records if hasattr(record, "EmergenciesHeld")]
    assert counted
    place.sms.sent.clear()
    assert digests(place) == 0, "told once"


@pytest.mark.req("A6", "C3", "G3")
def test_what_may_not_leave_keeps_no_emergency_out_of_the_next_digest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """More than a page of strangers' receipts, whose money is spent, wait before it."""
    monkeypatch.setattr(digest, "HELD_AT_ONCE", 3)
    place = office()
    who = phone_of(the_manager(place))
    send(place)
    spent = Budgets(community_hour=4, strangers_percent=25)
    strangers = [reported(place, f"stranger {serial}") for serial in range(9)]
    sender(place, spent).sweep(place.clock() + timedelta(seconds=1))
    assert errors(place, strangers)["over_budget"] > 2 * digest.HELD_AT_ONCE
    place.clock.advance(EVERY_FIVE_MINUTES)
    fires = [reported(place, "attacker", **FIRE) for _ in range(ALARMS_FROM_ONE + 4)]
    sender(place, spent).sweep(place.clock() + timedelta(seconds=1))
    place.sms.sent.clear()
    assert digests(place, spent) > 0
    assert [text for text in to(place, who) if "其中紧急" in text]
    assert {row.status for fire in fires for row in of_case(place, fire, NoticeKind.ALERT)} == {"sent"}
    assert "其中紧急" in place.sms.sent[0][1], "emergencies before all"


@pytest.mark.req("C3", "G13")
def test_a_case_that_somebody_is_kept_away_from_takes_no_emergency_from_their_digest() -> None:
    place = office()
    fire = reported(place, "first", **FIRE)
    manager = of_case(place, fire, NoticeKind.ALERT)[0].notice.recipient
    send(place)
    fires = [reported(place, "attacker", **FIRE) for _ in range(ALARMS_FROM_ONE + 4)]
    send(place)
    said = {"about_staff": manager, "matter": "staff_attitude", "kind": "complaint"}
    about = reported(place, None, AGENT, **said)
    late = Notice("late", NoticeKind.POINT_ANSWERED, NoticeChannel.SMS, manager, 1, place.clock())
    place.stores.notices.put(about.community, about.number, late)
    stored = place.stores.notices.get(about.community, about.number, "late")
    assert stored is not None
    place.stores.notices.hold(stored, "cap_reached")
    assert digests(place) > 0
    alerts = [row for case in fires for row in of_case(place, case, NoticeKind.ALERT)]
    assert {row.status for row in alerts} == {"sent"}
    skipped = place.stores.notices.get(about.community, about.number, "late")
    assert skipped is not None
    assert (skipped.status, skipped.error) == ("skipped", "no_address")


@pytest.mark.req("A6")
def test_from_very_many_addresses_a_digest_comes_every_few_minutes() -> None:
    place = office()
    who = phone_of(the_manager(place))
    send(place)
    place.sms.sent.clear()
    told = 0
    for minute in range(3):
        for serial in range(ALARMS_HOURLY):
            reported(place, f"bot {minute} {serial}", **FIRE)
        send(place)
        told += digests(place)
        place.clock.advance(EVERY_FIVE_MINUTES)
    own = to(place, who)
    assert len([text for text in own if "还有" in text]) == 2, "the first time only one waited"
    assert len(own) == ALARMS_HOURLY - 1 + 3
    reported(place, None, MACHINE, unit="9-901", **FIRE)
    send(place)
    assert len(to(place, who)) == len(own) + 1


@pytest.mark.req("C3", "G8")
def test_52_reports_with_a_residents_number_leave_the_resident_all_of_their_own() -> None:
    place = office()
    place.answered(VICTIM)
    for _ in range(52):
        reported(place, "attacker", phone=VICTIM)
    send(place)
    assert len(to(place, VICTIM)) == DAILY_FROM_ONE
    own = reported(place, "the resident", phone=VICTIM, matter="lighting_lock", kind="repair")
    send(place)
    case = place.do(own, "assign", TIMER, AssignForm("engineering-1", "on duty"))
    place.do(case, "sign", HANDLER, SignForm("甲"))
    place.do(case, "progress", HANDLER, RequiredNoteForm("已在路上"))
    send(place)
    place.do(case, "complete", HANDLER, CompleteForm("已换灯"))
    send(place)
    assert [own.number in text for text in to(place, VICTIM)[DAILY_FROM_ONE:]] == [True] * 3


@pytest.mark.req("C3")
def test_a_number_that_never_answered_gets_one_receipt() -> None:
    place = office()
    first = [reported(place, f"bot {serial}", phone=VICTIM) for serial in range(20)]
    send(place)
    (receipt,) = to(place, VICTIM)
    assert first[0].number in receipt
    assert {notice.error for case in first[1:] for notice in of_case(place, case, NoticeKind.REGISTERED)} == {
        "one_receipt"
    }
    digests(place)
    assert len(to(place, VICTIM)) == 1


@pytest.mark.req("C3", "A8")
def test_a_promise_that_is_gone_waits_an_hour_for_a_digest_and_no_day() -> None:
    place = office()
    case = reported(place, "one", phone=VICTIM, matter="leak_pipe", kind="repair", urgency="urgent")
    for serial in range(DAILY_FROM_ONE):
        other = reported(place, "one", phone=VICTIM, unit=f"1-{serial}")
        place.do(other, "reject", SUPERVISOR, RejectForm("去看过，灯是好的"))
        send(place)
    place.clock.advance(HOUR)
    digests(place)
    told = len(to(place, VICTIM))
    place.do(case, "classify", SUPERVISOR, ClassifyForm("只是询问", kind="inquiry", urgency="normal"))
    send(place)
    assert len(to(place, VICTIM)) == told, "a cap holds it"
    place.clock.advance(HOUR)
    digests(place)
    assert case.number in to(place, VICTIM)[-1]


@pytest.mark.req("C3", "G8")
def test_whoever_opens_the_link_of_a_message_hears_everything_from_then_on() -> None:
    place = office()
    case = reported(place, phone=VICTIM, email="else@example.com")
    send(place)
    (receipt,) = to(place, VICTIM)
    (mail,) = [text for address, _, text in place.mail.sent if address == "else@example.com"]
    by_mail = mail.partition("/l/")[2].split()[0]
    open_link(place.desk, by_mail, place.clock())
    reported(place, phone=VICTIM)
    send(place)
    assert len(to(place, VICTIM)) == 1, "the mail says nothing of the phone"
    open_link(place.desk, receipt.rpartition("/")[2], place.clock())
    other = reported(place, phone=VICTIM)
    send(place)
    assert other.number in to(place, VICTIM)[1]
    assert case.report.sent_from == "one"


@pytest.mark.req("G3")
@pytest.mark.parametrize("actor", [RESIDENT, AGENT], ids=["strangers", "the desk"])
def test_200_dispatches_are_few_messages_to_the_handler(actor: Actor) -> None:
    place = office()
    for serial in range(200):
        case = reported(place, f"bot {serial}", actor, matter="lighting_lock", kind="repair")
        place.do(case, "assign", TIMER, AssignForm("engineering-1", "on duty"))
    send(place)
    who = phone_of("engineering-1")
    assert len(to(place, who)) == HOURLY
    assert digests(place)
    assert to(place, who)[HOURLY:] == [f"【诉达】还有180件工单的消息，请打开工作台 {BASE}/desk/riverside"]


@pytest.mark.req("G3")
def test_one_that_waits_alone_leaves_itself_and_what_has_lost_its_sense_does_not() -> None:
    place = office()
    for serial in range(HOURLY + 2):
        case = reported(place, None, AGENT, matter="lighting_lock", kind="repair", unit=f"1-{serial}")
        place.do(case, "assign", TIMER, AssignForm("engineering-1", "on duty"))
        send(place)
    place.do(case, "assign", SUPERVISOR, AssignForm("engineering-2", "近"))
    who = phone_of("engineering-1")
    assert len(to(place, who)) == HOURLY
    digests(place)
    (own,) = to(place, who)[HOURLY:]
    assert f"1-{HOURLY}" in own


@pytest.mark.req("C3")
def test_what_the_budget_does_not_pay_leaves_later_and_strangers_spend_their_own() -> None:
    place, budgets = office(), Budgets(community_hour=8, strangers_percent=25)
    strangers = [reported(place, f"bot {serial}") for serial in range(4)]
    ours = [reported(place, None, AGENT) for _ in range(9)]
    place.clock.advance(timedelta(seconds=1))
    sender(place, budgets).sweep(place.clock())
    status = Counter(
        notice.error for case in strangers for notice in of_case(place, case, NoticeKind.REGISTERED)
    )
    assert status == {None: 2, "over_budget": 2}
    assert errors(place, ours) == {None: 8, "over_budget": 1}
    who = phone_of(the_manager(place))
    sender(place, budgets).sweep(place.clock() + timedelta(seconds=1))
    assert to(place, who), "an emergency is paid from no budget"
    assert digests(place, budgets) == 0
    place.clock.advance(timedelta(hours=1))
    digests(place, budgets)
    left = [
        notice.status
        for case in (*strangers, *ours)
        for notice in of_case(place, case, NoticeKind.REGISTERED)
    ]
    assert left == ["sent"] * 13


@pytest.mark.req("G3")
def test_a_digest_that_breaks_off_or_is_refused_is_sent_in_the_end() -> None:
    place = office()
    case = reported(place, None, AGENT)
    for _ in range(DAILY_FOR_CASE + 3):
        case = place.do(case, "assign", SUPERVISOR, AssignForm("engineering-1", "on duty"))
        case = place.do(case, "assign", SUPERVISOR, AssignForm("engineering-2", "on duty"))
    send(place)
    held = place.stores.notices.held(100).items
    assert len(held) <= 1, "of the others somebody else has the work"
    for serial in range(HOURLY + 5):
        again = reported(place, None, AGENT, unit=f"2-{serial}")
        place.do(again, "assign", SUPERVISOR, AssignForm("engineering-1", "on duty"))
    send(place)
    place.sms.failures = [DeliveryError("Throttled", final=False)] * 9
    digests(place)
    waiting = place.stores.notices.held(100).items
    assert waiting
    assert all(notice.status == "pending" for notice in waiting)
    assert place.stores.notices.claim(waiting[0], place.clock())  # and then it broke off
    place.sms.failures = []
    for _ in range(3):
        place.clock.advance(CLAIM_GRACE + timedelta(seconds=1))
        digests(place)
    assert place.stores.notices.held(100).items == ()


@pytest.mark.req("C3")
def test_one_network_uses_up_a_part_of_what_strangers_have() -> None:
    place, budgets = office(), Budgets(community_hour=40, strangers_percent=25, one_network_percent=30)
    attacker = [reported(place, "attacker") for _ in range(20)]
    others = [reported(place, f"neighbour {serial}") for serial in range(4)]
    place.clock.advance(timedelta(seconds=1))
    sender(place, budgets).sweep(place.clock())
    assert errors(place, attacker) == {None: 3, "over_budget": 17}
    assert errors(place, others) == {None: 4}
    place.clock.advance(EVERY_FIVE_MINUTES)
    assert digests(place, budgets) == 0, "nor does a digest pay more"


@pytest.mark.req("A6", "C3", "G3")
@pytest.mark.parametrize(("matter", "waits"), [("lighting_lock", True), ("elevator", False)])
def test_no_urgent_chase_waits_for_what_chases_a_strangers_other_reports(matter: str, waits: bool) -> None:
    place = office()
    for serial in range(2):
        case = reported(
            place, f"bot {serial}", matter="lighting_lock" if not serial else matter, kind="repair"
        )
        place.do(case, "assign", TIMER, AssignForm("engineering-1", "on duty"))
    send(place)
    place.sms.sent.clear()
    for number in ("202611-0001", "202611-0002"):
        chase = Notice(
            f"chase {number}",
            NoticeKind.REMINDER,
            NoticeChannel.SMS,
            "engineering-1",
            2,
            place.clock(),
            "sign",
            Source.STRANGER,
        )
        place.stores.notices.put("riverside", number, chase)
    send(place)
    assert len(to(place, phone_of("engineering-1"))) == (1 if waits else 2)


@pytest.mark.req("E8")
def test_neither_counters_nor_proofs_show_a_number_or_an_address() -> None:
    place = office()
    place.answered(VICTIM)
    reported(place, phone=VICTIM, email="wang@example.com")
    send(place)
    assert place.memory is not None
    kept = [*(bucket for bucket, _ in place.memory.hits), *place.memory.taken]
    assert kept
    assert not [bucket for bucket in kept if VICTIM[3:] in bucket or "wang" in bucket]
