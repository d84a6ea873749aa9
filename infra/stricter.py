"""Which of two limits is the stricter one, whenever their clocks start."""

from datetime import UTC, datetime, timedelta
from functools import cache
from math import ceil

from msgspec.structs import replace

from chalicelib.domain.deadlines.calendar import Calendar, Window
from chalicelib.domain.deadlines.periods import period_of
from chalicelib.domain.regulation.limits import CALENDAR_DAYS, CountFrom, Limit, Unit
from chalicelib.domain.regulation.rules import Appointment, Facts, Rule

ORDINARY_WEEK = Calendar("UTC", dict.fromkeys(range(5), (Window(510, 720), Window(840, 1050))))
MONDAY_AT_OPENING = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
SHORTEST_DAY = timedelta(hours=1)  # of working time, that a working day has at least
DAY_SHARE = 0.25  # of the longest working day, that another has at least


@cache
def ends(limit: Limit) -> datetime:
    """When a limit has run out that begins on an ordinary Monday at opening.

    The earlier it ends, the stricter it is.
    """
    return period_of(limit, MONDAY_AT_OPENING, ORDINARY_WEEK)[1]


def never_ends_later(limit: Limit, other: Limit) -> bool:
    """Whether a limit ends no later than the other, whenever both start.

    It errs to False. A working day is taken to have `SHORTEST_DAY` and `DAY_SHARE`, and not to close in the
    hour after midnight, which a change of the clocks can swallow.
    """
    if limit == other:
        return True
    if Unit.STAFFED_DAYS in {limit.unit, other.unit}:
        return limit.unit is other.unit and limit.amount <= other.amount
    if limit.around_the_clock:
        return limit.elapsed() <= _least(other)
    if other.around_the_clock:
        return False
    days = other.amount if other.count is CountFrom.NEXT_DAY else 0
    if limit.unit is not Unit.WORKING_DAYS:
        return limit.elapsed() <= (
            days * SHORTEST_DAY if other.unit is Unit.WORKING_DAYS else other.elapsed()
        )
    if other.unit is not Unit.WORKING_DAYS:
        return False
    if limit.count is other.count:
        return limit.amount <= other.amount
    return limit.count is CountFrom.MOMENT and limit.amount <= days * DAY_SHARE


def _least(limit: Limit) -> timedelta:
    """The shortest time that a limit can take."""
    if limit.unit is not Unit.WORKING_DAYS:
        return limit.elapsed()
    return (
        timedelta(days=max(0, ceil(limit.amount) - 1)) if limit.count is CountFrom.NEXT_DAY else timedelta()
    )


def always_stricter(rule: Rule, other: Rule, facts: Facts) -> bool:
    """Whether the rule never ends later than the other, in staffed hours too (A7).

    There limits in hours run in working time, for what is neither urgent nor an emergency.
    """
    if not never_ends_later(rule.limit, other.limit):
        return False
    return facts.urgency != "normal" or never_ends_later(_staffed(rule.limit), _staffed(other.limit))


def _staffed(limit: Limit) -> Limit:
    return limit if limit.unit in {Unit.DAYS, *CALENDAR_DAYS} else replace(limit, around_the_clock=False)


def staying(kept: list[Rule], room: Limit) -> list[Rule]:
    """The rules; all have `within` where one keeps visits from going further.

    Else an agreed visit could take the limit that is kept beside it beyond what that seed allows (C13).
    """
    stays = any(rule.appointment is Appointment.WITHIN and ends(rule.limit) < ends(room) for rule in kept)
    return [replace(rule, appointment=Appointment.WITHIN) for rule in kept] if stays else kept
