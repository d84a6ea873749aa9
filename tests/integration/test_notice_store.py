"""Notices and task tokens beside a case, on the fakes and on DynamoDB."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.case.form_fields import RequiredNoteForm
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.notices.kinds import NoticeChannel, NoticeKind
from chalicelib.services.records import StoredNotice, Waiting
from tests.builders import MONDAY, SUPERVISOR, Office
from tests.stories import HANDLER
from tests.threads import at_once

LATER = MONDAY + timedelta(minutes=1)


def registered(place: Office, **changes: str) -> StoredNotice:
    """The SMS that tells a resident of a new case, as it is stored now."""
    case = place.register(**changes).case
    found = place.stores.notices.of_case("riverside", case.number)
    return next(notice for notice in found if notice.notice.channel is NoticeChannel.SMS)


def now_stored(place: Office, stored: StoredNotice) -> StoredNotice:
    found = place.stores.notices.get(stored.community, stored.number, stored.notice.key)
    assert found is not None
    return found


def claimed(place: Office, stored: StoredNotice) -> StoredNotice:
    assert place.stores.notices.claim(stored, LATER)
    return replace(stored, status="sending", attempts=stored.attempts + 1)


@pytest.mark.req("A11")
def test_a_command_puts_its_notices_on_the_case(place: Office) -> None:
    case = place.register(email="wang@example.com").case
    place.do(case, "assign", SUPERVISOR, AssignForm(handler="engineering-1", reason="by hand"))

    found = place.stores.notices.of_case("riverside", case.number)
    assert [(notice.notice.kind, notice.notice.channel, notice.notice.recipient) for notice in found] == [
        (NoticeKind.REGISTERED, NoticeChannel.MAIL, "resident"),
        (NoticeKind.REGISTERED, NoticeChannel.SMS, "resident"),
        (NoticeKind.ASSIGNED, NoticeChannel.SMS, "engineering-1"),
    ]
    assert {(notice.community, notice.number, notice.status, notice.attempts) for notice in found} == {
        ("riverside", case.number, "pending", 0)
    }
    assert all(now_stored(place, notice) == notice for notice in found)
    assert place.stores.notices.get("riverside", case.number, "no such key") is None
    assert place.stores.notices.of_case("riverside", "202611-0009") == ()


@pytest.mark.req("D1")
def test_of_twenty_who_claim_a_notice_one_has_it(place: Office) -> None:
    stored = registered(place)

    assert sum(at_once(20, lambda _: place.stores.notices.claim(stored, LATER))) == 1
    found = now_stored(place, stored)
    assert (found.status, found.attempts, found.claimed_at) == ("sending", 1, LATER)


def test_a_sent_notice_is_never_claimed_again(place: Office) -> None:
    stored = claimed(place, registered(place))
    place.stores.notices.mark_sent(stored, "provider 7", LATER)

    found = now_stored(place, stored)
    assert (found.status, found.provider_id, found.sent_at, found.error) == (
        "sent",
        "provider 7",
        LATER,
        None,
    )
    assert found.claimed_at == LATER, "what its reader knows is as of then"
    assert not place.stores.notices.claim(found, LATER)
    assert place.stores.notices.undelivered(LATER, 10).items == ()


def test_a_released_notice_can_be_claimed_again(place: Office) -> None:
    stored = claimed(place, registered(place))
    place.stores.notices.release(stored, "Throttled", final=False)

    found = now_stored(place, stored)
    assert (found.status, found.attempts, found.error) == ("pending", 1, "Throttled")
    again = claimed(place, found)
    place.stores.notices.mark_sent(again, "provider 8", LATER)
    assert (now_stored(place, again).attempts, now_stored(place, again).error) == (2, None)


def test_a_notice_that_failed_for_good_stays_visible_and_waits_no_more(place: Office) -> None:
    stored = claimed(place, registered(place))
    place.stores.notices.release(stored, "OptedOut", final=True)

    found = now_stored(place, stored)
    assert (found.status, found.error) == ("failed", "OptedOut")
    assert not place.stores.notices.claim(found, LATER)
    assert place.stores.notices.undelivered(LATER, 10).items == ()


def test_a_pointless_notice_is_skipped_unless_somebody_has_it(place: Office) -> None:
    stored = registered(place)
    place.stores.notices.skip(stored, "case_closed")
    assert (now_stored(place, stored).status, now_stored(place, stored).error) == ("skipped", "case_closed")
    assert place.stores.notices.undelivered(LATER, 10).items == ()

    other = registered(place)
    claimed(place, other)
    place.stores.notices.skip(other, "case_closed")
    assert now_stored(place, other).status == "sending"


def test_whoever_comes_late_changes_nothing(place: Office) -> None:
    first = claimed(place, registered(place))
    place.stores.notices.release(first, "taken back", final=False)
    second = claimed(place, now_stored(place, first))

    place.stores.notices.mark_sent(first, "late", LATER)
    place.stores.notices.release(first, "late", final=True)
    assert not place.stores.notices.claim(first, LATER)

    found = now_stored(place, second)
    assert (found.status, found.attempts, found.provider_id) == ("sending", 2, None)


def test_undelivered_are_pending_or_sending_and_oldest_first(place: Office) -> None:
    oldest = registered(place)
    place.clock.advance(timedelta(minutes=5))
    middle = registered(place)
    place.clock.advance(timedelta(minutes=5))
    newest = registered(place)
    claimed(place, oldest)

    def numbers(before: timedelta, limit: int = 10) -> list[tuple[str, str]]:
        found = place.stores.notices.undelivered(MONDAY + before, limit).items
        return [(notice.number, notice.status) for notice in found]

    both = [(oldest.number, "sending"), (middle.number, "pending")]
    assert numbers(timedelta(hours=1)) == [*both, (newest.number, "pending")]
    assert numbers(timedelta(minutes=10)) == both, "those created before, not at, the instant"
    assert numbers(timedelta(hours=1), limit=1) == both[:1]


def test_a_workflow_is_begun_once(place: Office) -> None:
    store = place.stores.waiting

    assert sum(at_once(20, lambda _: store.begin("riverside", "202611-0001", "dispatch", 1, 0))) == 1
    assert store.get("riverside", "202611-0001", "dispatch", 1) == Waiting("dispatch", 1, 0)
    assert store.get("riverside", "202611-0001", "dispatch", 2) is None
    assert store.get("riverside", "202611-0001", "revisit", 1) is None


def test_a_token_is_kept_and_forgotten(place: Office) -> None:
    store = place.stores.waiting
    waiting = Waiting("dispatch", 1, 0, "token 1", "signature", LATER, 3)

    assert store.put_token("riverside", "202611-0001", waiting), "whether or not begin was recorded"
    assert store.get("riverside", "202611-0001", "dispatch", 1) == waiting
    assert not store.begin("riverside", "202611-0001", "dispatch", 1, 0), "it is on record by its token"

    store.clear_token("riverside", "202611-0001", replace(waiting, token="another"))
    assert store.get("riverside", "202611-0001", "dispatch", 1) == waiting
    store.clear_token("riverside", "202611-0001", waiting)
    left = replace(waiting, token=None, awaiting=None, wake_at=None)
    assert store.get("riverside", "202611-0001", "dispatch", 1) == left
    store.clear_token("riverside", "202611-0001", waiting)
    store.clear_token("riverside", "202611-0002", waiting)
    assert store.get("riverside", "202611-0002", "dispatch", 1) is None, "forgetting leaves nothing behind"


def test_a_restart_takes_over_from_the_lost_workflow(place: Office) -> None:
    store = place.stores.waiting
    lost = Waiting("dispatch", 1, 0, "token 1", "signature", LATER)
    store.put_token("riverside", "202611-0001", lost)

    assert store.begin("riverside", "202611-0001", "dispatch", 1, 1)
    assert store.get("riverside", "202611-0001", "dispatch", 1) == Waiting("dispatch", 1, 1)
    assert not store.put_token("riverside", "202611-0001", lost), "a later restart has taken over"
    assert not store.begin("riverside", "202611-0001", "dispatch", 1, 0)
    assert not store.begin("riverside", "202611-0001", "dispatch", 1, 1)
    new = Waiting("dispatch", 1, 1, "token 2", "completion", None)
    assert store.put_token("riverside", "202611-0001", new)
    assert store.get("riverside", "202611-0001", "dispatch", 1) == new


def test_every_workflow_of_a_case(place: Office) -> None:
    store = place.stores.waiting
    for kind, round_number in (("revisit", 1), ("dispatch", 2), ("dispatch", 1)):
        store.begin("riverside", "202611-0001", kind, round_number, 0)
    store.begin("riverside", "202611-0002", "dispatch", 1, 0)
    store.begin("hillside", "202611-0001", "dispatch", 1, 0)

    assert store.of_case("riverside", "202611-0001") == (
        Waiting("dispatch", 1, 0),
        Waiting("dispatch", 2, 0),
        Waiting("revisit", 1, 0),
    )


@pytest.mark.req("B8")
def test_a_notice_that_tells_stays_on_the_list_until_its_case_knows(place: Office) -> None:
    case = place.register().case
    case = place.do(case, "assign", SUPERVISOR, AssignForm(handler="engineering-1", reason="by hand"))
    case = place.do(case, "sign", HANDLER, SignForm("甲"))
    for _ in range(2):
        case = place.do(case, "progress", HANDLER, RequiredNoteForm("等配件"))
    found = place.stores.notices.of_case("riverside", case.number)
    sent, skipped = (stored for stored in found if stored.notice.kind is NoticeKind.NEWS)
    assert not sent.unrecorded
    place.stores.notices.mark_sent(claimed(place, sent), "provider 7", LATER)
    place.stores.notices.skip(skipped, "no_address")
    ended = [now_stored(place, stored) for stored in (sent, skipped)]
    assert [(stored.status, stored.unrecorded) for stored in ended] == [("sent", True), ("skipped", True)]
    unrecorded = [stored for stored in place.stores.notices.undelivered(LATER, 10).items if stored.unrecorded]
    assert sorted(unrecorded, key=lambda stored: stored.notice.key) == ended  # both of the same instant
    for stored in ended:
        place.stores.notices.recorded(stored)
        assert now_stored(place, stored) == replace(stored, unrecorded=False)
    assert not [stored for stored in place.stores.notices.undelivered(LATER, 10).items if stored.unrecorded]


@pytest.mark.req("C3", "G3")
def test_a_held_notice_waits_for_a_digest_and_for_nothing_else(place: Office) -> None:
    notices = place.stores.notices
    first, second = registered(place), registered(place)
    notices.hold(first, "cap_reached")
    held = now_stored(place, first)
    assert (held.status, held.held, held.error) == ("pending", True, "cap_reached")
    assert [notice.number for notice in notices.held(10).items] == [first.number]
    assert [notice.number for notice in notices.undelivered(LATER, 10).items] == [second.number]
    taken = claimed(place, held)
    assert now_stored(place, first).held, "a crash leaves it where the next sweep looks"
    notices.release(taken, "Throttled", final=False)
    assert [notice.attempts for notice in notices.held(10).items] == [1]
    notices.mark_sent(claimed(place, now_stored(place, first)), "digest 1", LATER)
    assert notices.held(10).items == ()
    found = now_stored(place, first)
    assert (found.status, found.provider_id, found.held) == ("sent", "digest 1", False)


@pytest.mark.req("G3")
def test_the_undelivered_come_page_after_page_each_once(place: Office) -> None:
    """Several of one instant, some of which leave while the pages are read."""
    expected = []
    for _ in range(3):
        place.clock.advance(timedelta(minutes=1))
        expected += [registered(place) for _ in range(3)]
    found, cursor = [], None
    while True:
        page = place.stores.notices.undelivered(MONDAY + timedelta(hours=1), 2, cursor)
        for stored in page.items:
            found.append((stored.number, stored.notice.key))
            place.stores.notices.skip(stored, "case_closed")
        if (cursor := page.cursor) is None:
            break
    assert sorted(found) == sorted((stored.number, stored.notice.key) for stored in expected)


@pytest.mark.req("C3", "G3")
def test_the_held_come_page_after_page_each_once(place: Office) -> None:
    expected = [registered(place) for _ in range(5)]
    for stored in expected:
        place.stores.notices.hold(stored, "over_budget")
    found, cursor = [], None
    while True:
        page = place.stores.notices.held(2, cursor)
        assert len(page.items) <= 2
        found += [stored.number for stored in page.items]
        if (cursor := page.cursor) is None:
            break
    assert sorted(found) == sorted(stored.number for stored in expected)


@pytest.mark.req("G8")
def test_what_became_of_a_mail_is_the_gravest_that_was_told(place: Office) -> None:
    stored = registered(place)
    notices = place.stores.notices

    assert notices.came_to(stored, "delivered")
    assert not notices.came_to(stored, "delivered"), "told twice"
    assert not notices.came_to(stored, "put_back"), "an answer by a machine"
    assert notices.came_to(stored, "bounced")
    assert not notices.came_to(stored, "delivered"), "late"
    assert now_stored(place, stored) == replace(stored, outcome="bounced")
    assert not notices.came_to(replace(stored, number="202611-0009"), "bounced"), "no such notice"
    assert notices.get("riverside", "202611-0009", stored.notice.key) is None


@pytest.mark.req("G8")
def test_a_mail_that_came_back_before_it_was_marked_is_marked_all_the_same(place: Office) -> None:
    stored = claimed(place, registered(place))
    assert place.stores.notices.came_to(stored, "put_back")
    place.stores.notices.mark_sent(stored, "mail-1", LATER)
    now = now_stored(place, stored)
    assert (now.status, now.outcome, now.has_reached) == ("sent", "put_back", False)
