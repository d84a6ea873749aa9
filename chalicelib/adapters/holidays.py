"""Calendars of a country, from the `holidays` library.

The library is imported when the first calendar is built, which keeps the cold start short.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from chalicelib.domain.deadlines.calendar import Amendment, Calendar, Window
from chalicelib.domain.errors import CalendarError

if TYPE_CHECKING:
    from holidays import HolidayBase

YEARS = range(2018, 2036)  # outside them: weekends only, and provisional
OFFICE_HOURS = (Window(8 * 60 + 30, 12 * 60), Window(14 * 60, 17 * 60 + 30))
OFFICE_WEEK: Mapping[int, tuple[Window, ...]] = dict.fromkeys(range(5), OFFICE_HOURS)
LONGEST_HOLIDAY = timedelta(days=10)
SATURDAY = 5

WHOLE_BREAKS = frozenset({"CN"})
"""Countries whose notice gives a break from its first to its last day, with the weekends in and beside it.
The library names only the statutory and the moved days, which shows where a community works at weekends."""

JOINS_A_WEEKEND = frozenset({date(2018, 6, 18), date(2018, 9, 24), date(2024, 6, 10)})
"""Days off of which the Chinese notice says that they join the weekend, which is no part of the break."""


def calendar_for(
    zone: str,
    country: str = "CN",
    windows: Mapping[int, tuple[Window, ...]] = OFFICE_WEEK,
    amendments: Mapping[date, Amendment] | None = None,
    subdivision: str | None = None,
) -> Calendar:
    """The calendar of a community for deadlines (G1).

    It has the country's holidays and make-up days, and the community's own hours and changed days.

    `country` and `subdivision` are ISO 3166 codes. `CalendarError` if the library does not know them.
    """
    holidays, makeup_days, published_until = _public_days(country, subdivision)
    return Calendar(
        zone,
        windows,
        holidays,
        makeup_days,
        published_until,
        amendments or {},
        published_from=date(YEARS[0], 1, 1),
    )


@lru_cache(maxsize=8)
def _public_days(
    country: str, subdivision: str | None
) -> tuple[Mapping[date, str], Mapping[date, str], date]:
    """Holidays and make-up days by their names, and the last day that is known."""
    import holidays as library

    try:
        language = library.country_holidays(country, subdiv=subdivision).default_language
        known = library.country_holidays(country, subdiv=subdivision, years=YEARS, language=language)
    except NotImplementedError as error:
        raise CalendarError(f"No holidays are known for that place: {error}.") from None
    moved, published_until = _moved_days(known), _published_until(known)
    days_off = {day: _festival(day, known, moved) for day in sorted(known)}
    makeup_days = {day: "" for day in known.weekend_workdays if day.year in YEARS}
    makeup_days |= {working: days_off[off] for off, working in moved.items()}
    if country in WHOLE_BREAKS:
        days_off |= _weekends_of(days_off, makeup_days, published_until)
    return days_off, makeup_days, published_until


def _weekends_of(
    days_off: Mapping[date, str], makeup_days: Mapping[date, str], published_until: date
) -> dict[date, str]:
    """The weekend days that a break takes in: next to a day off, without a working day between."""
    found: dict[date, str] = {}
    for day in sorted(days_off.keys() - JOINS_A_WEEKEND):
        for step in (timedelta(days=-1), timedelta(days=1)):
            beside = day + step
            while (
                beside.weekday() >= SATURDAY
                and beside not in makeup_days
                and beside not in days_off
                and beside <= published_until
            ):
                found.setdefault(beside, days_off[day])
                beside += step
    return found


def _moved_days(known: "HolidayBase") -> dict[date, date]:
    """Days off that are worked on another day, each with that day (调休)."""
    if not known.has_substituted_holidays:
        return {}
    prefix, _, suffix = known.tr(known.substituted_label).partition("%s")
    written_as = known.tr(known.substituted_date_format)
    return {
        day: datetime.strptime(name.removeprefix(prefix).removesuffix(suffix), written_as).date()  # noqa: DTZ007
        for day, name in known.items()
        if name.startswith(prefix) and name.endswith(suffix)
    }


def _festival(day: date, known: "HolidayBase", moved: Mapping[date, date]) -> str:
    """The name of the festival that a day off belongs to; a moved day belongs to the nearest named one."""
    if day in moved:
        named = [other for other in known if other not in moved and abs(other - day) <= LONGEST_HOLIDAY]
        if not named:
            return str(known[day])
        day = min(named, key=lambda other: abs(other - day))
    name = str(known[day])
    for label in ("observed_label", "estimated_label", "observed_estimated_label"):
        before, _, after = known.tr(getattr(known, label, "%s")).partition("%s")
        name = name.removeprefix(before).removesuffix(after)
    return name


def _published_until(known: "HolidayBase") -> date:
    """The end of the last year whose moved working days are published.

    Elsewhere, and where no day has been moved for years, the law fixes the dates, up to the first one that
    the library itself calls an estimate.
    """
    if known.has_substituted_holidays and known.weekend_workdays:
        return date(max(day.year for day in known.weekend_workdays), 12, 31)
    label = known.tr(getattr(known, "estimated_label", "")).replace("%s", "").strip()
    estimated = [day for day, name in known.items() if label and label in name]
    return min(estimated) - timedelta(days=1) if estimated else date(YEARS[-1], 12, 31)
