"""Caps on the messages that one person gets at once; what is beyond is put off, never dropped (A6, C3, G3).

Each source of messages (domain/notices/sources.py) has room of its own with each person, and one stranger has
only part of the strangers'. What is put off stands in a digest within minutes (digest.py).
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from chalicelib.domain.case.case import Case
from chalicelib.domain.notices.kinds import RESIDENT_ID, Notice, NoticeChannel, NoticeKind, Source
from chalicelib.domain.notices.must_hear import must_be_heard
from chalicelib.domain.notices.sources import is_chase, is_emergency, is_of_a_stranger, reporter_of
from chalicelib.services.desk import Desk
from chalicelib.services.notices.sms_budgets import Budgets, Purse
from chalicelib.services.proof import KEPT, is_confirmed, is_proved

CAP_REACHED, OVER_BUDGET, TOLD_TOGETHER = "cap_reached", "over_budget", "told_together"
"""Why a message is put off: its person gets too many, the money is spent, or it can wait for others."""
ONE_RECEIPT = "one_receipt"
"""Why a receipt is not sent: the number has had one and has never answered; the page has shown this one."""

DAILY_FOR_CASE, DAILY_FOR_RESIDENT = 20, 50
"""Messages a day to one number or mail address about one case, and to one resident about all, by source."""
DAILY_FROM_ONE = 10
"""Of those to one resident, how many a day one stranger may cause."""
HOURLY, HOURLY_FROM_ONE = 20, 10
"""Messages an hour to one of staff from each source, and of those from one stranger."""
ALARMS_HOURLY, ALARMS_FROM_ONE = 60, 10
"""The same of emergencies, and words of danger."""

CHASED_EVERY = timedelta(hours=4)
"""How often clocks chase one of staff about strangers' reports that nobody has taken on: all at once."""


class Verdict(Struct, frozen=True):
    """Why a message does not leave now, as a code word; it is `held` for a digest, else it never leaves."""

    reason: str
    held: bool = True


def source_now(desk: Desk, notice: Notice, case: Case, address: str, now: datetime) -> Source:
    """The source that a notice to that address counts for now; a read or two where it is a stranger's.

    A message to a resident's phone is confirmed by that phone alone: the mail address may be another's.
    """
    asked = reporter_of(notice, case, confirmed=False) is Source.STRANGER
    by = address if notice.recipient == RESIDENT_ID else None
    return reporter_of(notice, case, confirmed=asked and is_confirmed(desk, case, now, by))


def why_not_at_once(
    desk: Desk, budgets: Budgets, notice: Notice, case: Case, address: str, now: datetime
) -> Verdict | None:
    """Count the message against its caps and budgets; None if it may leave at once.

    The counters' names show neither number nor address. What one cap holds back is not counted by the next,
    so that a stranger who is over the own cap uses up nobody else's.
    """
    if notice.kind is NoticeKind.CODE:
        return Verdict(OVER_BUDGET) if is_code_unpaid(desk, budgets, notice, case, address, now) else None
    source = source_now(desk, notice, case, address, now)
    is_strange = source is Source.STRANGER and notice.recipient == RESIDENT_ID
    if is_strange and (verdict := _to_who_never_answered(desk, notice, case, address, now)):
        return verdict
    if is_chase(notice, case, source) and not may_chase(desk, notice.channel, address, now):
        return Verdict(TOLD_TOGETHER)
    for name, most, ends in _caps(notice, case, address, source, now):
        if desk.links.count_hit(_bucket(desk, notice.channel, name), ends) > most:
            return Verdict(CAP_REACHED)
    costs = notice.channel is NoticeChannel.SMS and not is_emergency(notice, case)
    if costs and is_unpaid(desk, budgets, case, source, now):
        return Verdict(OVER_BUDGET)
    return None


def is_unpaid(desk: Desk, budgets: Budgets, case: Case, source: Source, now: datetime) -> bool:
    """Count an SMS about a case against the budgets of its source; whether one was spent already."""
    if source is not Source.STRANGER:
        return budgets.is_spent(desk, case.community, Purse.DESK, now)
    return budgets.is_spent(desk, case.community, Purse.STRANGERS, now, case.report.sent_from)


def is_code_unpaid(
    desk: Desk, budgets: Budgets, notice: Notice, case: Case, address: str, now: datetime
) -> bool:
    """Count the message with a code; whether nothing pays for it (G24).

    How often somebody asks is counted when they ask, so no cap counts it. Strangers' codes have a purse of
    their own; where it is spent, the desk's pays for a number from which somebody has answered before.
    """
    if notice.channel is not NoticeChannel.SMS:
        return False
    if notice.source is Source.STRANGER:
        if not budgets.is_spent(desk, case.community, Purse.CODES, now):
            return False
        if not is_proved(desk, address, now):
            return True
    return budgets.is_spent(desk, case.community, Purse.DESK, now)


def may_chase(desk: Desk, channel: NoticeChannel, address: str, now: datetime) -> bool:
    """Whether this is the first chase of the hours in which one is enough."""
    return is_first(desk, channel, f"{address} chased", now, CHASED_EVERY)


def is_first(desk: Desk, channel: NoticeChannel, name: str, now: datetime, window: timedelta) -> bool:
    """Count one; whether it is the first of its name within a window."""
    return desk.links.count_hit(_bucket(desk, channel, name), _ends(now, window)) == 1


def is_free(desk: Desk, channel: NoticeChannel, name: str, now: datetime, window: timedelta) -> bool:
    """Whether there was none of that name within a window yet; nothing is counted."""
    return desk.links.hits(_bucket(desk, channel, name), _ends(now, window)) == 0


def _ends(now: datetime, window: timedelta) -> datetime:
    """The end of a window; windows begin at multiples of their length."""
    return now - (now - datetime.min.replace(tzinfo=now.tzinfo)) % window + window


def _to_who_never_answered(
    desk: Desk, notice: Notice, case: Case, address: str, now: datetime
) -> Verdict | None:
    """To a number from which nobody has ever answered: one receipt, then what must be heard."""
    if must_be_heard(notice.kind, notice.detail) or is_proved(desk, address, now):
        return None
    if notice.kind is not NoticeKind.REGISTERED or notice.version > 1:  # sorted since: more of the same
        return Verdict(TOLD_TOGETHER)
    bucket, mine = _one_receipt(desk, case, address)
    return None if desk.links.take(bucket, mine, now + KEPT) else Verdict(ONE_RECEIPT, held=False)


def without_receipt(desk: Desk, case: Case, now: datetime) -> frozenset[str]:
    """The channels by which a new case has no receipt to expect: its number had one, and never answered.

    Two reads for a number, and two for a mail address; nothing is counted.
    """
    if not is_of_a_stranger(case):
        return frozenset()
    ways = ((NoticeChannel.SMS, case.report.phone), (NoticeChannel.MAIL, case.report.email))
    return frozenset(way for way, address in ways if address and _had_receipt(desk, case, address, now))


def _had_receipt(desk: Desk, case: Case, address: str, now: datetime) -> bool:
    bucket, mine = _one_receipt(desk, case, address)
    return desk.links.owner_of(bucket, now) not in {None, mine} and not is_proved(desk, address, now)


def _one_receipt(desk: Desk, case: Case, address: str) -> tuple[str, str]:
    """The key of a number's one receipt, and this case as its owner."""
    bucket = f"receipt#{desk.codes.keyed('proof', address.casefold())[:32]}"
    return bucket, f"{case.community} {case.number}"


def _bucket(desk: Desk, channel: NoticeChannel, name: str) -> str:
    return f"{channel}#{desk.codes.keyed(channel, name)[:32]}"


def _caps(
    notice: Notice, case: Case, address: str, source: Source, now: datetime
) -> Iterator[tuple[str, int, datetime]]:
    """Every cap that a message falls under: what is counted, at most, when it begins anew.

    News have room of their own: however many notes somebody writes, the result and the survey still leave.
    """
    local = now.astimezone(ZoneInfo(case.zone))
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)
    next_hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    whose = f"{address} {source}"
    if notice.kind is NoticeKind.NEWS:
        whose = f"{whose} news"
    of_case = (f"{whose} {case.community} {case.number}", DAILY_FOR_CASE, midnight)
    if notice.recipient == RESIDENT_ID:
        most, of_one, ends = DAILY_FOR_RESIDENT, DAILY_FROM_ONE, midnight
        yield of_case
    elif is_emergency(notice, case):
        most, of_one, ends, whose = ALARMS_HOURLY, ALARMS_FROM_ONE, next_hour, f"{whose} alarms"
    else:
        most, of_one, ends = HOURLY, HOURLY_FROM_ONE, next_hour
        yield of_case
    if source is Source.STRANGER:
        for stranger in _who_it_was(case, notice):
            yield f"{whose} {stranger}", of_one, ends
    yield whose, most, ends


def _who_it_was(case: Case, notice: Notice) -> Iterator[str]:
    """By what a stranger is told from others: the network of the report, and the number or address in it."""
    report = case.report
    if report.sent_from:
        yield f"from {report.sent_from}"
    if notice.recipient != RESIDENT_ID and (reach := report.phone or report.email):
        yield f"with {reach.casefold()}"
