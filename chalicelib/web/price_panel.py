"""The price lists on the page of the settings: what holds, what is to come, and a file handed in (B10)."""

from typing import Any

from chalice.app import Response

from chalicelib.domain.community.households import Remark, how_many_wrong
from chalicelib.domain.community.prices import NOTICE, PriceChange, PriceItem, PriceList
from chalicelib.domain.errors import DomainError, InvalidInputError
from chalicelib.domain.money import yuan
from chalicelib.http.bodies import form_files
from chalicelib.http.price_lines import read_prices
from chalicelib.http.visits import Visit
from chalicelib.services.community_settings import prices
from chalicelib.services.community_settings.prices import Coming
from chalicelib.services.people.staffing import Keeping
from chalicelib.web.csv_file import csv_file
from chalicelib.web.form_input import Typed
from chalicelib.web.formats import short
from chalicelib.web.words import Words

COLUMNS = ("name", "unit", "price", "id")
MOST_REMARKS = 100


class WrongFileError(InvalidInputError):
    """A file of prices with lines that are wrong; `remarks` says which."""

    def __init__(self, remarks: tuple[Remark, ...]) -> None:
        super().__init__("The file is not right yet; mend the lines that are named.", "file_wrong")
        self.remarks = remarks


def hand_prices_in(keeping: Keeping, visit: Visit, typed: Typed) -> None:
    """A file with its first day, to be looked at; nothing holds of it yet. WrongFileError says every line."""
    given = [data for called, data in form_files(visit.request, "file") if called or data]
    if not given:
        raise InvalidInputError("Choose a file.", "no_price_file")
    here = keeping.here()
    known = (*here.prices, *(item for known in here.price_lists for item in known.items))
    sheet = read_prices(given[0], known)
    if how_many_wrong(sheet.remarks):
        raise WrongFileError(sheet.remarks)
    prices.hand_in(keeping, sheet.items, prices.day_in(typed.get("from", "")), typed.get("announced", ""))


def price_panel(keeping: Keeping, words: Words, typed: Typed, error: DomainError | None) -> dict[str, Any]:
    """What the page says of the price lists."""
    here, desk = keeping.here(), keeping.desk
    today = desk.calendars.of(here).local_date(desk.now()).isoformat()
    draft = prices.draft_of(keeping)
    is_out = draft is not None and any(known.id == draft.list.id for known in here.price_lists)
    holds = [known for known in here.price_lists if known.valid_from <= today]
    items = here.prices_at(desk.now())
    wrong = error.remarks if isinstance(error, WrongFileError) else ()
    return {
        "items": [_line(item, words) for item in items],
        "stands": _stands(holds[-1], keeping, words) if holds else _of_file(items, words),
        "coming": [
            {"id": known.id, "stands": _stands(known, keeping, words), **_changed(known, keeping, words)}
            for known in here.price_lists
            if known.valid_from > today
        ],
        "before": [
            (known.id, words("prices.list", version=known.version, day=known.valid_from))
            for known in keeping.keepers.prices.published(here.id, prices.MOST_SHOWN)
            if known.valid_from <= today
        ],
        "draft": _draft(draft, keeping, words) if draft and not is_out else None,
        "wrong": [(remark.told, _said(remark, words)) for remark in wrong[:MOST_REMARKS]],
        "more": max(len(wrong) - MOST_REMARKS, 0),
        "first_day": (first := prices.first_day(desk, here).isoformat()),
        "from": typed.get("from", first),
        "announced": typed.get("announced", ""),
        "days": NOTICE.days,
    }


def prices_file(keeping: Keeping, words: Words, list_id: str) -> Response:
    """A list as a file that can be changed and handed in again."""
    rows = [[words(f"prices.{name}") for name in COLUMNS]]
    rows += [
        [item.name, item.unit_name, yuan(item.fee_fen), item.id]
        for item in prices.list_from(keeping, list_id)
    ]
    return csv_file(rows, f"{keeping.member.community.id}-prices.csv")


def _draft(draft: Coming, keeping: Keeping, words: Words) -> dict[str, Any]:
    at = short(draft.list.at, keeping.member.community.zone, words)
    return {
        "id": draft.list.id,
        "at": at,
        "stands": _stands(draft.list, keeping, words, "handed_in"),
        "replaces": words("prices.replaces", version=draft.replaces.version) if draft.replaces else "",
        **_changed(draft.list, keeping, words),
    }


def _changed(known: PriceList, keeping: Keeping, words: Words) -> dict[str, Any]:
    found = prices.coming(keeping.here(), known).changes
    return {"changes": [_change(change, words) for change in found], "count": len(known.items)}


def _change(change: PriceChange, words: Words) -> tuple[str, str, str]:
    """The name of an item, its price before, and after."""
    item = change.after or change.before
    assert item is not None  # noqa: S101  one of them is there
    name = item.name
    if change.before and change.after and change.before.name != name:
        name = f"{change.before.name} → {name}"
    before, after = (_price(one, words) if one else "" for one in (change.before, change.after))
    return name, before or words("prices.new"), after or words("prices.gone")


def _line(item: PriceItem, words: Words) -> tuple[str, str]:
    return item.name, _price(item, words)


def _price(item: PriceItem, words: Words) -> str:
    return f"{words('page.price', yuan=yuan(item.fee_fen))}/{item.unit_name}"


def _stands(known: PriceList, keeping: Keeping, words: Words, how: str = "by") -> str:
    here = keeping.member.community
    person = here.person(known.by)
    return words("page.between_sentences").join(
        (
            words("prices.list", version=known.version, day=known.valid_from),
            words(
                f"prices.{how}",
                name=person.name if person else known.by,
                at=short(known.at, here.zone, words),
                announced=known.announced,
            ),
        )
    )


def _of_file(items: tuple[PriceItem, ...], words: Words) -> str:
    """What is said of a list of the operator's file: its version and day, where its lines have one."""
    if not items:
        return words("prices.none")
    said = {(item.version, item.valid_from) for item in items if item.version or item.valid_from}
    versions = words.listed(
        words("prices.version_from", version=version or "–", day=day or "–") for version, day in sorted(said)
    )
    return words("prices.of_file") + (versions and words("page.between_sentences") + versions)


def _said(remark: Remark, words: Words) -> str:
    """The sentence on a line, with its number; that on the whole file stands alone."""
    group = "prices_wrong" if remark.reason in words.groups["prices_wrong"] else "households_wrong"
    said = words(f"{group}.{remark.reason}", **remark.facts)
    return words("households.line", line=remark.line, said=said) if remark.line else said
