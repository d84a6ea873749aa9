"""Which notices wait until the morning (G8); the hours of the night are in `community/quiet_hours.py`."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.case.case import Case
from chalicelib.domain.community.quiet_hours import is_quiet, quiet_ends
from chalicelib.domain.notices.kinds import RESIDENT_ID, Notice, NoticeChannel, NoticeKind

CAN_WAIT = frozenset({"suggestion", "praise"})
"""The kinds of cases for which nobody of the staff is woken (A13, ours)."""

AWAKE_FOR = timedelta(hours=2)
"""How long after the last contact a resident is still up, and waits (ours)."""


def is_night_for(notice: Notice, case: Case, now: datetime, known: datetime | None = None) -> bool:
    """Whether the notice waits until the morning (G8).

    Only SMS to residents wait, and those to staff about ideas and praise; not the number of a new case,
    nothing about an emergency, and nothing to a resident who has just reported, urged or rated: reported
    22:30 → told at once until 00:30. Nor does a change of what the reader expects this night: somebody was to
    come by 06:02, as they were told last (`known`), and nobody does → told at once.
    """
    if notice.channel is not NoticeChannel.SMS or notice.kind is NoticeKind.CODE:
        return False
    if notice.recipient != RESIDENT_ID:
        idea = case.classification.kind in CAN_WAIT and case.classification.urgency == "normal"
        return idea and is_quiet(now, ZoneInfo(case.zone))
    if notice.kind is NoticeKind.REGISTERED or case.classification.urgency == "emergency":
        return False
    if now - _last_heard_of(case) < AWAKE_FOR:
        return False
    zone = ZoneInfo(case.zone)
    waits_up = known is not None and now - AWAKE_FOR < known < quiet_ends(now, zone)
    return is_quiet(now, zone) and not waits_up


def _last_heard_of(case: Case) -> datetime:
    """When the resident was last in touch."""
    rated = [rating.at for rating in case.tally.ratings]
    contacted_at = case.report.contacted_at or case.registered_at
    return max(contacted_at, case.tally.urged_at or contacted_at, *rated)
