"""The price lists of a community: what a chargeable repair costs on a day (B10)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from msgspec import Struct

from chalicelib.domain.errors import CommandRefusedError, InvalidInputError

NOTICE = timedelta(days=30)
"""So long before a changed price list holds it is published (B10); ours, for no seed and no requirement names
a time. The first changes nothing, and may hold tomorrow."""
FARTHEST = timedelta(days=2 * 366)
"""How far ahead a list may begin (ours): further off is a slip in the year."""
MOST_ITEMS = 500
"""So many items a list has at most: they are all read with the community (ours)."""


class PriceItem(Struct, frozen=True):
    """One line of the published price list (B10).

    It holds from the local day `valid_from` on (ISO date; empty: always) until a line of the same id that
    begins later. `version` is the published list's that it stands in.
    """

    id: str
    name: str
    fee_fen: int
    unit_name: str
    valid_from: str = ""
    version: str = ""


class PriceList(Struct, frozen=True):
    """A whole price list that was published at the desk: all that can be charged from its first day on (B10).

    `valid_from` is that local day (ISO date). What is not among its `items` is on no list any more.
    `announced` says how the residents were told. `id` is that of the file it came in.
    """

    id: str
    valid_from: str
    version: str
    items: tuple[PriceItem, ...]
    announced: str
    by: str
    at: datetime


class PriceChange(Struct, frozen=True):
    """An item that is other than before; without `before` it is new, without `after` it is gone."""

    before: PriceItem | None
    after: PriceItem | None


def prices_on(
    day: date, items: Iterable[PriceItem], lists: Iterable[PriceList] = ()
) -> tuple[PriceItem, ...]:
    """What holds on a local day: the last list that has begun, else of each item the last line that has."""
    written = day.isoformat()
    begun = [known for known in lists if known.valid_from <= written]
    if begun:
        return max(begun, key=_begins).items
    lines = sorted((item for item in items if item.valid_from <= written), key=_begins)
    return tuple({item.id: item for item in lines}.values())


def changes_of(before: Iterable[PriceItem], after: Iterable[PriceItem]) -> tuple[PriceChange, ...]:
    """What becomes other than before, in the order of the new list; then what is gone."""
    was, now = {item.id: item for item in before}, {item.id: item for item in after}
    found = [PriceChange(was.get(name), item) for name, item in now.items()]
    gone = [PriceChange(item, None) for name, item in was.items() if name not in now]
    return tuple(change for change in (*found, *gone) if _said(change.before) != _said(change.after))


def earliest(today: date, *, is_first: bool) -> date:
    """The first day on which a list may begin that is published today; the first list needs no notice."""
    return today + (timedelta(days=1) if is_first else NOTICE)


def check_first_day(day: date, today: date, *, is_first: bool) -> None:
    """CommandRefusedError for a list that would begin without notice; InvalidInputError for a far-off one."""
    first = earliest(today, is_first=is_first)
    if day < first:
        raise CommandRefusedError(
            f"A price list is published {NOTICE.days} days before it holds (the first one a day); "
            f"it can begin on {first}.",
            "price_notice",
            days=NOTICE.days,
            day=first.isoformat(),
        )
    if day > today + FARTHEST:
        raise InvalidInputError(f"{day} is too far off; check the year.", "price_day_far")


def _said(item: PriceItem | None) -> tuple[str, int, str] | None:
    return None if item is None else (item.name, item.fee_fen, item.unit_name)


def _begins(known: PriceItem | PriceList) -> str:
    return known.valid_from
