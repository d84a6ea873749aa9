"""A list as a file: what its reader sees of it, for a spreadsheet, on record as an export (E8)."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

from chalice.app import Response
from msgspec import Struct

from chalicelib import wiring
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.looks import LookAt
from chalicelib.domain.case.numbering import month_of
from chalicelib.domain.community.community import Member
from chalicelib.domain.money import yuan
from chalicelib.domain.work.borne import sums_of
from chalicelib.http.visits import Visit
from chalicelib.services.records import CaseLine
from chalicelib.services.views.lists import Wanted, put_on_record, rows_listed
from chalicelib.services.views.ordered import ORDERS, ordered
from chalicelib.services.views.rows import Row
from chalicelib.services.views.waiting import waiting_for
from chalicelib.web.asks import ask_line
from chalicelib.web.case_panels import due_name
from chalicelib.web.cost_lines import how_priced
from chalicelib.web.csv_file import csv_file
from chalicelib.web.form_route import WAITING
from chalicelib.web.formats import sortable
from chalicelib.web.list_page import asked_list, filters_asked
from chalicelib.web.list_rows import rows_shown
from chalicelib.web.payer_lines import payer_line
from chalicelib.web.rendering import Reader
from chalicelib.web.waiting_page import order_asked
from chalicelib.web.words import Words

MOST_ROWS = 2000
"""So many rows a file has at most; where there are more, its last line says so."""


NAMES = (
    "number", "registered", "state", "matter", "what", "unit", "name", "phone", "handler",
    "due_for", "due", "flags",
)  # fmt: skip


OF_PAYER = ("payer", "why", "materials", "cost", "labour", "material", "total")
"""What a list of who pays has besides: what the developer owes is sent to the developer (G12)."""


class Exported(Struct, frozen=True):
    """What a file has: its name and rows, whether these are all, and what is `asked` for in each."""

    name: str
    wanted: Wanted
    rows: tuple[Row, ...]
    whole: bool
    asked: tuple[str, ...] = ()


def list_export(reader: Reader, visit: Visit, given: Mapping[str, str | None]) -> Response:
    """The list of an address, all its pages, as CSV."""
    desk, words, member = wiring.desk(), reader.words, visit.member
    named = given.get("list") or ""
    found = _waiting(member, given, words) if named == WAITING else _listed(member, given)
    put_on_record(desk, member, found.wanted, tuple(row.line for row in found.rows), LookAt.EXPORT)
    paid = not found.asked and bool(found.wanted.filters.payer)
    further = ["asked"] if found.asked else OF_PAYER if paid else ()
    table: list[Sequence[str]] = [[words(f"export.{name}") for name in (*NAMES, *further)]]
    asked: Iterable[Sequence[str]] = repeat(())
    if found.asked:
        asked = ([said] for said in found.asked)
    elif paid:
        context = desk.context(member.community)
        asked = (_paid(row, context, words) for row in found.rows)
    shown = rows_shown(found.rows, member, words)
    for row, as_shown, said in zip(found.rows, shown, asked, strict=False):
        table.append((*_cells(row.line, as_shown, member.community.zone, words), *said))
    if paid:
        table.append(_sum(found.rows, words))
    if not found.whole:
        table.append([words("export.more", most=str(len(found.rows)))])
    return csv_file(table, f"{member.community.id}-{found.name}.csv")


def _listed(member: Member, given: Mapping[str, str | None]) -> Exported:
    """A list of cases, in the order of its address."""
    desk = wiring.desk()
    asked = asked_list(member, given, month_of(desk.now(), member.community.zone))
    name = asked.wanted.month or asked.which
    if asked.order in ORDERS:
        of = ordered(desk, member, asked.wanted, asked.order, 0, MOST_ROWS)
        return Exported(name, asked.wanted, of.rows, of.whole)
    found = rows_listed(desk, member, asked.wanted, MOST_ROWS, None)
    return Exported(name, asked.wanted, found.items, found.cursor is None)


def _waiting(member: Member, given: Mapping[str, str | None], words: Words) -> Exported:
    """What waits for its reader, with what is asked."""
    desk, filters = wiring.desk(), filters_asked(given)
    found = waiting_for(desk, member, MOST_ROWS, 0, filters, order=order_asked(given))
    asked = [
        words("page.between_sentences").join(
            ask_line(ask.what, item.case, desk.context_of(item.case), words) for ask in item.asks
        )
        for item in found.rows
    ]
    wanted = Wanted(scope=WAITING, filters=filters)
    whole = found.onward is None and found.looked_at_all
    return Exported(WAITING, wanted, tuple(item.row for item in found.rows), whole, tuple(asked))


def _cells(line: CaseLine, row: Mapping[str, Any], zone: str, words: Words) -> list[str]:
    """What the list shows of a case; its times as a spreadsheet sorts them, in the community's zone."""
    flags = [*row["flags"], *([row["countdown"].said] if row["countdown"] and row["late"] else [])]
    who = [row["unit"], row["name"], row["phone"]]
    due = ["", ""] if line.due_for is None else [due_name(line.due_for, words), sortable(line.due_at, zone)]
    return [
        row["number"], sortable(line.registered_at, zone), row["state"], row["matter"], row["summary"],
        *who, row["handler"], *due, " ".join(flags),
    ]  # fmt: skip


def _paid(row: Row, context: Context, words: Words) -> list[str]:
    """Who pays for a repair, by which warranty and rule; what was used."""
    payer = words.name("payers", row.payer.payer) if row.payer else ""
    said = [payer, payer_line(row.payer, context, words), words.listed(row.materials)]
    if row.borne is None:
        return [*said, "", "", "", ""]
    amounts = (row.borne.labour_fen, row.borne.material_fen, row.borne.total_fen)
    is_owed = row.borne.done and row.borne.lines > 0
    return [*said, how_priced(row.borne, words), *(yuan(fen) if is_owed else "" for fen in amounts)]


def _sum(rows: Iterable[Row], words: Words) -> list[str]:
    """What the cases of the list cost who pays, as far as it is priced; below their columns."""
    sums = sums_of(row.borne for row in rows if row.borne is not None and row.borne.done)
    said = words("export.sum", count=sums.count, unpriced=sums.unpriced)
    amounts = (sums.labour_fen, sums.material_fen, sums.total_fen)
    return [said, *[""] * (len(NAMES) + len(OF_PAYER) - len(amounts) - 1), *map(yuan, amounts)]
