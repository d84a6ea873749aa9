"""Local days of a time zone as spans of time, also where its clocks change."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.days import LAST_YEAR
from chalicelib.domain.deadlines.intervals import EPOCH, MICROSECOND, Span, moment_of

ONE_DAY = timedelta(days=1)
MICROSECONDS_PER_MINUTE = 60_000_000
Minutes = tuple[int, int]
"""From and to, in minutes after local midnight."""


def midnight_of(day: date, zone: ZoneInfo) -> datetime:
    """The moment a local day begins; of a day that the zone skipped, that of the next."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def was_skipped(day: date, zone: ZoneInfo) -> bool:
    """Whether the zone has no such day: it crossed the date line, as Samoa on 30 December 2011."""
    known = EPOCH.year <= day.year <= LAST_YEAR  # outside them there is no moment, and nothing to ask
    return known and midnight_of(day, zone).astimezone(zone).date() != day


def spans_of(day: date, windows: Sequence[Minutes], zone: ZoneInfo) -> Iterator[Span]:
    """The windows of a local day as spans of time.

    On a day of the change to or from summer time the spans end and begin at the change: an hour that is
    skipped is not worked, one that comes twice is worked twice. Where the clocks fall back across midnight,
    the last hour of the day comes again after the first minutes of the next.
    """
    if not windows:
        return
    naive = datetime.combine(day, time())
    before, after = _offset(naive, zone), _offset((naive + ONE_DAY).replace(fold=1), zone)
    midnight = (naive.replace(tzinfo=UTC) - EPOCH) // MICROSECOND
    if before == after:
        yield from _shifted(windows, midnight - before)
        return
    change = _offset_change(midnight - max(before, after), before, zone)
    for opens, closes in _shifted(windows, midnight - before):
        if opens < change:
            yield opens, min(closes, change)
    for opens, closes in _shifted(windows, midnight - after):
        if closes > change:
            yield max(opens, change), closes


def _shifted(windows: Sequence[Minutes], midnight: int) -> Iterator[Span]:
    for opens, closes in windows:
        yield midnight + opens * MICROSECONDS_PER_MINUTE, midnight + closes * MICROSECONDS_PER_MINUTE


def _offset(naive: datetime, zone: ZoneInfo) -> int:
    return (zone.utcoffset(naive) or timedelta()) // MICROSECOND


def _offset_change(low: int, offset: int, zone: ZoneInfo) -> int:
    """The moment, within two days after `low`, at which the zone leaves `offset`."""
    high = low + 2 * ONE_DAY // MICROSECOND
    while high - low > 1:
        middle = (low + high) // 2
        if (moment_of(middle).astimezone(zone).utcoffset() or timedelta()) // MICROSECOND == offset:
            low = middle
        else:
            high = middle
    return high
