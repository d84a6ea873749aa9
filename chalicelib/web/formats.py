"""Times, numbers and sums as people read and type them; times in the community's zone, with the weekday."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.community.phones import EXTENSION, readable
from chalicelib.http.requests import EARLIEST, LATEST
from chalicelib.web.words import Words

TYPED = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d")
"""What is understood: a browser's own picker sends the first; people without one type the second."""


def spoken(at: datetime, zone: str, words: Words, *, seconds: bool = False) -> str:
    """2026年11月22日（周日）14:30"""
    return words("time.moment", **_parts(at, zone, words, seconds=seconds))


def short(at: datetime, zone: str, words: Words, *, seconds: bool = False) -> str:
    """11月22日 周日 14:30, for lists"""
    return words("time.short", **_parts(at, zone, words, seconds=seconds))


def sortable(at: datetime, zone: str) -> str:
    """2026-11-22 14:30, for files that a spreadsheet opens"""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def day_name(day: date, words: Words) -> str:
    """11月28日（周六）"""
    month, weekday = words("months." + str(day.month)), words("weekdays." + str(day.weekday()))
    return words("time.day", month=month, day=str(day.day), weekday=weekday)


def whole_day(day: date | None, words: Words) -> str:
    """2027年3月1日; a dash for a day that nobody knows"""
    if day is None:
        return "–"
    return words("time.whole_day", year=str(day.year), month=words(f"months.{day.month}"), day=str(day.day))


def spoken_with_zone(at: datetime, zone: str, words: Words, *, seconds: bool = False) -> str:
    """The moment and the name of its zone."""
    moment = spoken(at, zone, words, seconds=seconds)
    return words("time.zoned", moment=moment, zone=zone_name(zone, words))


def zone_name(zone: str, words: Words) -> str:
    """北京时间 for Asia/Shanghai."""
    return words.name("zones", zone)


def month_name(month: str, words: Words) -> str:
    """2026年11月 for 202611."""
    return words("time.month", year=month[:4], month=words("months." + str(int(month[4:]))))


def typed(text: str, zone: str) -> datetime | None:
    """The instant (UTC) of a local time that a person typed.

    None if no case can have it.
    """
    for pattern in TYPED:
        try:
            local = datetime.strptime(text.strip(), pattern).replace(tzinfo=ZoneInfo(zone))
            at = local.astimezone(UTC)
        except (ValueError, OverflowError):  # the first and last year have no UTC
            continue
        return at if EARLIEST <= at <= LATEST else None
    return None


def _parts(at: datetime, zone: str, words: Words, *, seconds: bool) -> dict[str, str]:
    local = at.astimezone(ZoneInfo(zone))
    return {
        "year": str(local.year),
        "month": words("months." + str(local.month)),
        "day": str(local.day),
        "weekday": words("weekdays." + str(local.weekday())),
        "clock": local.strftime("%H:%M:%S" if seconds else "%H:%M"),
    }


def phone_shown(stored: str, country: str, words: Words) -> str:
    """A stored number for a reader of a country: 139 0000 1234, or 021 6123 4567 转 801 with an extension."""
    number, (_, _, extension) = readable(stored, country), stored.partition(EXTENSION)
    return f"{number} {words('page.extension', extension=extension)}" if extension else number


def phone_dialled(stored: str) -> str:
    """The address of a number that a telephone dials, the extension after a wait."""
    return f"tel:{stored.replace(EXTENSION, ',')}"
