"""Caps on the messages that one person gets (design 6; G3).

For each day, about each case, and from strangers.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.case.case import Case
from chalicelib.domain.notices.kinds import DANGER, RESIDENT_ID, Notice, NoticeKind
from chalicelib.services.desk import Desk

DAILY_FOR_CASE, DAILY_FOR_RESIDENT = 20, 50
"""Messages a day to one number or mail address about one case, and to one resident about all."""

HOURLY_FROM_STRANGERS = 60
"""Messages an hour to one of staff about emergencies, or words of danger, that nobody at the desk took down.
Others' emergencies have no cap towards staff: whoever types `fire` into the public form must not be able to
empty the purse."""


def is_over_a_cap(desk: Desk, notice: Notice, case: Case, address: str, now: datetime) -> bool:
    """Count the message against its caps; the counters' names show neither number nor address."""
    over = False
    for name, cap, window_ends_at in _caps(notice, case, address, now):
        bucket = f"{notice.channel}#{desk.codes.keyed(notice.channel, name)[:32]}"
        over |= desk.links.count_hit(bucket, window_ends_at) > cap
    return over


def _caps(notice: Notice, case: Case, address: str, now: datetime) -> tuple[tuple[str, int, datetime], ...]:
    """Every cap that a message falls under: key, most, and when it begins anew.

    Residents have theirs in emergencies too: who they are is what a stranger typed. News have room of their
    own: however many notes somebody writes, the result and the survey still leave.
    """
    local = now.astimezone(ZoneInfo(case.zone))
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)
    whose = f"{address} news" if notice.kind is NoticeKind.NEWS else address
    of_case = (f"{whose} {case.community} {case.number}", DAILY_FOR_CASE, midnight)
    if notice.recipient == RESIDENT_ID:
        return of_case, (whose, DAILY_FOR_RESIDENT, midnight)
    if case.classification.urgency != "emergency" and notice.detail != DANGER:
        return (of_case,)
    if case.report.taken_by != RESIDENT_ID:
        return () if case.classification.urgency == "emergency" else (of_case,)
    next_hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return ((f"{address} strangers", HOURLY_FROM_STRANGERS, next_hour),)
