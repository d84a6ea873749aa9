"""The staffed hours on the page of the settings: what holds, what comes, and what others move (A7)."""

import re
from datetime import date
from typing import Any

from chalicelib.domain.community.community import Hours, StaffedWeek
from chalicelib.domain.errors import InvalidInputError
from chalicelib.services.community_settings import hours
from chalicelib.services.community_settings.hours import Moving
from chalicelib.services.community_settings.prices import day_in
from chalicelib.services.people.staffing import Keeping
from chalicelib.web.form_input import Typed
from chalicelib.web.formats import day_name, short
from chalicelib.web.words import Words

WINDOW = re.compile(r"([0-2]?\d:[0-5]\d)\s*[-–—~～至到]\s*([0-2]?\d:[0-5]\d)")
BETWEEN = re.compile(r"[\s,，、;；]*")
"""One stretch of hours as people write it, and what may stand between two."""

MOST_MOVED = 50
"""So many deadlines that would move are shown; how many there are is said."""


def week_in(keeping: Keeping, typed: Typed) -> StaffedWeek:
    """The week that the form says; InvalidInputError for what cannot be read, or cannot hold."""
    days = [(weekday, _windows(typed.get(f"day{weekday}", ""))) for weekday in range(7)]
    parts = tuple(Hours((weekday,), windows) for weekday, windows in days if windows)
    begins, holidays = day_in(typed.get("from", "")), typed.get("holidays") == "yes"
    return hours.week_from(keeping, begins, parts, holidays=holidays, why=typed.get("reason", ""))


def _windows(text: str) -> tuple[tuple[str, str], ...]:
    if not BETWEEN.fullmatch(WINDOW.sub("", text)):
        raise InvalidInputError("Write hours as 08:30-12:00, 14:00-17:30.", "hours_written")
    return tuple((opens.zfill(5), closes.zfill(5)) for opens, closes in WINDOW.findall(text))


def hours_panel(keeping: Keeping, words: Words, typed: Typed, moving: Moving | None) -> dict[str, Any]:
    """What the page says of the staffed hours."""
    here, desk = keeping.here(), keeping.desk
    today = desk.calendars.of(here).local_date(desk.now())
    held, first = here.staffed_at(today), hours.first_day(keeping).isoformat()
    return {
        "held": _week(held, words) if held.hours else (),
        "holidays": bool(held.hours) and held.on_holidays,
        "coming": [
            {"day": week.valid_from, "said": _said(week, keeping, words), "week": _week(week, words)}
            for week in here.staffed_weeks
            if week.valid_from > today.isoformat()
        ],
        "days": [
            (
                f"day{weekday}",
                words(f"weekdays.{weekday}"),
                typed.get(f"day{weekday}", "") if typed else _of_day(held, weekday),
            )
            for weekday in range(7)
        ],
        "day": typed.get("from", first),
        "first": first,
        "reason": typed.get("reason", ""),
        "on_holidays": typed.get("holidays") == "yes" if typed else held.on_holidays,
        "typed": {name: text for name, text in typed.items() if name not in {"csrf", "step"}},
        "moving": _moving(moving, keeping, words) if moving else None,
    }


def _moving(moving: Moving, keeping: Keeping, words: Words) -> dict[str, Any]:
    zone, cases = keeping.member.community.zone, {moved.number for moved in moving.moved}
    day = day_name(date.fromisoformat(moving.week.valid_from), words)
    return {
        "title": words("calendar.would_be", day=day),
        "week": _week(moving.week, words),
        "counted": words("calendar.would_move" if cases else "calendar.nothing_moves", cases=str(len(cases))),
        "moved": [
            (
                moved.number,
                words.name("clocks", moved.clock),
                short(moved.before, zone, words),
                short(moved.after, zone, words),
            )
            for moved in moving.moved[:MOST_MOVED]
        ],
        "left": words("calendar.not_looked_at", cases=str(moving.left)) if moving.left else "",
    }


def _said(week: StaffedWeek, keeping: Keeping, words: Words) -> str:
    person = keeping.member.community.person(week.by)
    at = short(week.at, keeping.member.community.zone, words) if week.at else ""
    return words("hours.set_by", name=person.name if person else week.by, at=at, reason=week.reason)


def _week(week: StaffedWeek, words: Words) -> list[tuple[str, str]]:
    """Each weekday with its hours."""
    closed = words("calendar.closed")
    return [(words(f"weekdays.{weekday}"), _of_day(week, weekday) or closed) for weekday in range(7)]


def _of_day(week: StaffedWeek, weekday: int) -> str:
    windows = [window for part in week.hours if weekday in part.weekdays for window in part.windows]
    return ", ".join(f"{opens}-{closes}" for opens, closes in windows)
