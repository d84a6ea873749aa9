"""Arithmetic on spans of running time: advance by an amount, measure, leave breaks out.

Time is whole microseconds since 1970 in here, so that sums are exact.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from chalicelib.domain.days import LAST_YEAR
from chalicelib.domain.errors import CalendarError, InvalidInputError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
A_CENTURY = timedelta(days=36525)
FOLLOWING_YEARS = 20  # for what follows from a time of the last year; no deadline is ten years off
Span = tuple[int, int]  # [from, to) in microseconds since 1970
Interval = tuple[datetime, datetime]


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970; InvalidInputError for a moment without zone or of another age."""
    _of_our_age(moment, LAST_YEAR + FOLLOWING_YEARS)
    return (moment - EPOCH) // MICROSECOND


def utc(moment: datetime) -> datetime:
    """A moment that somebody gave, in UTC; InvalidInputError also for one after `LAST_YEAR`."""
    _of_our_age(moment, LAST_YEAR)
    return moment.astimezone(UTC)


def _of_our_age(moment: datetime, last_year: int) -> None:
    if moment.tzinfo is None:
        raise InvalidInputError(f"The time {moment.isoformat()} has no zone; give one such as +08:00 or Z.")
    if not EPOCH.year <= moment.year <= last_year:
        raise InvalidInputError(
            f"The time {moment.isoformat()} is not of our age; right is {EPOCH.year} to {LAST_YEAR}."
        )


def moment_of(microseconds_since_epoch: int) -> datetime:
    """The moment so many microseconds after 1970 began, in UTC."""
    return EPOCH + timedelta(microseconds=microseconds_since_epoch)


def around_the_clock(begin: int) -> Iterator[Span]:
    """The spans of a clock that never stops."""
    yield begin, begin + A_CENTURY // MICROSECOND


def advance(spans: Iterable[Span], begin: int, amount: int, breaks: Sequence[Interval]) -> int:
    """The first moment by which `amount` of the spans has run, the breaks left out.

    Spans [0, 10) and [20, 30), begin 5, amount 8, no breaks → 23. CalendarError if the spans do not last.
    """
    if amount <= 0:
        return begin
    for opens, closes in _without(spans, breaks):
        opens = max(opens, begin)
        if closes > opens:
            if closes - opens >= amount:
                return opens + amount
            amount -= closes - opens
    raise CalendarError("The clock stops before the limit has run out.")


def measure(spans: Iterable[Span], begin: int, end: int, breaks: Sequence[Interval]) -> int:
    """How much of the spans lies between `begin` and `end`, the breaks left out.

    Spans [0, 10) and [20, 30), from 5 to 23, a break from 6 to 8 → 3 + 3 = 6.
    """
    total = 0
    for opens, closes in _without(spans, breaks):
        if opens >= end:
            break
        total += max(0, min(closes, end) - max(opens, begin))
    return total


def _without(spans: Iterable[Span], breaks: Sequence[Interval]) -> Iterator[Span]:
    """The spans in order with the breaks cut out; breaks may overlap each other."""
    if not breaks:
        yield from spans
        return
    cuts = sorted((microseconds(start), microseconds(end)) for start, end in breaks)
    for opens, closes in spans:
        for start, end in cuts:
            if end <= opens or start >= closes:
                continue
            if start > opens:
                yield opens, start
            opens = max(opens, end)
            if opens >= closes:
                break
        if opens < closes:
            yield opens, closes
