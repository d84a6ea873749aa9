"""The hours of the night in which nobody at the desk disturbs a resident."""

from datetime import datetime, time, timedelta, tzinfo

QUIET_FROM, QUIET_UNTIL = time(22), time(8)
"""Between these, local time, no SMS reaches a resident and no call counts as an attempt (design 6)."""


def is_quiet(at: datetime, zone: tzinfo) -> bool:
    """Whether residents are left alone at an instant: 22:00 is quiet, 08:00 is not."""
    local = at.astimezone(zone).time()
    return local >= QUIET_FROM or local < QUIET_UNTIL


def quiet_ends(at: datetime, zone: tzinfo) -> datetime:
    """The end of the quiet hours around an instant, or of the next ones."""
    local = at.astimezone(zone)
    day = local.date() + timedelta(days=local.time() >= QUIET_UNTIL)
    return datetime.combine(day, QUIET_UNTIL, zone)
