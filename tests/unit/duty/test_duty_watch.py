"""Gaps are told before they start: once when found, once more the day before (B14, G19)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.community.community import Community
from chalicelib.domain.community.roster import LEAVE, DutyChange
from chalicelib.domain.notices.templates import fits_one_part, write_sms
from chalicelib.services.duty.watch import FOUND, SOON, DutyWatch
from chalicelib.services.errors import DeliveryError
from chalicelib.services.notices.delivery import Delivery
from tests.builders import Office, community, office
from tests.rosters import S2_SHIFTS
from tests.words import WRITTEN_IN, texts

SUPERVISOR, MANAGER = "supervisor@example.com", "manager@example.com"


def watch(place: Office) -> DutyWatch:
    return DutyWatch(
        Delivery(place.desk, place.stores.notices, place.sms, place.mail, "https://desk.example.com", texts)
    )


def mails(place: Office, to: str) -> list[str]:
    return [subject for address, subject, _ in place.mail.sent if address == to]


def on_leave(day: int, **more: object) -> Community:
    """The only engineer on duty is away for a day of November or December."""
    month = 11 if day > 20 else 12
    starts = datetime(2026, month, day, tzinfo=UTC).replace(tzinfo=None)
    away = DutyChange("c1", LEAVE, "engineering-1", starts, starts + timedelta(days=1))
    return community(duty_changes=(away,), **more)


@pytest.mark.req("B14", "G19")
def test_a_gap_is_told_when_found_and_again_the_day_before_and_no_more() -> None:
    place = office(on_leave(1))  # now it is Monday 23 November, 09:00
    assert watch(place).tell() == 2  # the supervisor, the department's head
    assert mails(place, SUPERVISOR) == ["滨江花园排班有空班：工程部12月1日08:00至20:00"]
    assert not mails(place, MANAGER)
    for _ in range(6):
        place.clock.advance(timedelta(days=1))
        assert watch(place).tell() == 0, "once"
    place.clock.advance(timedelta(days=1))  # Monday 30 November, 09:00
    assert watch(place).tell() == 3
    assert mails(place, MANAGER) == ["滨江花园仍无人值班：工程部12月1日08:00至20:00"]
    for _ in range(40):
        place.clock.advance(timedelta(hours=1))
        assert watch(place).tell() == 0
    assert place.desk.links.recall("duty_gaps#riverside") is None, "nothing is left to remember"


@pytest.mark.req("B14")
def test_a_gap_that_was_filled_is_told_no_more_and_another_is_told_anew() -> None:
    place = office(on_leave(1))
    assert watch(place).tell() == 2
    place.stores.directory.put(community())  # type: ignore[attr-defined]
    place.clock.advance(timedelta(days=7, hours=1))
    assert watch(place).tell() == 0
    place.stores.directory.put(on_leave(30))  # type: ignore[attr-defined]
    assert watch(place).tell() == 3, "it has begun already: at once, and to the manager too"
    assert watch(place).tell() == 0


@pytest.mark.req("B14")
def test_many_gaps_are_one_message_and_nobody_is_woken_for_what_can_wait() -> None:
    place = office(community(shifts=S2_SHIFTS))
    place.clock.advance(timedelta(hours=14))  # 23:00; the next gap is at 08:00, when the night ends
    assert watch(place).tell() > 0, "by the morning it has begun"
    assert len(mails(place, SUPERVISOR)) == 1, "that one alone"
    place.clock.advance(timedelta(hours=9, minutes=1))  # 08:01
    assert watch(place).tell() > 0
    assert len(mails(place, SUPERVISOR)) == 3, "that of today, that of tomorrow, and all others"
    assert any("等13处" in text for _, text in place.sms.sent)
    night = office(community(shifts=S2_SHIFTS[:2]))
    night.clock.advance(timedelta(hours=14, minutes=30))
    assert watch(night).tell() == 0, "the desk has nobody by night, and no turns that say it should"


@pytest.mark.req("B14")
def test_what_nobody_took_is_tried_again_and_whoever_is_on_leave_is_passed_over() -> None:
    place = office(on_leave(1))
    down = [DeliveryError("down", final=False)] * 2
    place.sms.failures, place.mail.failures = [*down], [*down]
    with pytest.raises(DeliveryError):
        watch(place).tell()
    assert watch(place).tell() == 2
    away = on_leave(1)
    gone = replace(
        away.duty_changes[0],
        id="c2",
        username="supervisor-1",
        starts=away.duty_changes[0].starts - timedelta(days=20),
    )
    other = office(replace(away, duty_changes=(*away.duty_changes, gone)))
    watch(other).tell()
    assert not mails(other, SUPERVISOR)


@pytest.mark.parametrize("language", WRITTEN_IN)
@pytest.mark.parametrize("kind", [FOUND, SOON])
def test_the_sms_is_one_part_with_long_names(kind: str, language: str) -> None:
    begins = texts(language).words["roster"]["begins"]
    values = {
        "name": "欧阳文静",
        "community": "翠苑五区东区二期高层住宅小区",
        "department": "客户服务中心",
        "when": "12月31日08:30至1月1日17:30",
        "begins": begins.format(month=12, day=31, date=date(2026, 12, 31), starts="08:30"),
        "amount": "28",
        "url": "https://suda.example-wuye.com/desk/cuiyuan",
        "lines": "",
    }
    assert fits_one_part(write_sms(texts(language), kind, None, values))
