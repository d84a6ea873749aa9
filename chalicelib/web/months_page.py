"""A month to compare and to print: communities side by side, and the committee's page (E1, G16)."""

from collections.abc import Mapping

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.case.figure_rows import TOTAL
from chalicelib.domain.case.numbering import month_of
from chalicelib.domain.figures.counters import COUNTERS
from chalicelib.domain.figures.rates import rates
from chalicelib.domain.figures.small_groups import SMALLEST
from chalicelib.http.requests import month_asked
from chalicelib.http.visits import Visit
from chalicelib.services.figures.month import FigureRow, published_of
from chalicelib.services.figures.side_by_side import side_by_side
from chalicelib.web.desk_pages import framed
from chalicelib.web.figures_page import COUNTS, SHARES, cells_of, counting, row_name
from chalicelib.web.formats import month_name
from chalicelib.web.rendering import Reader, page

COMPARED = (*COUNTS, *SHARES, "handling_hours", "average_rating", "satisfied")
PRINTED = ("kind", "category", "department")
"""The groups of the page to print: none says who did or said what."""
OF_RATES = {*SHARES, "handling_hours", "average_rating", "satisfied"}


def communities_page(reader: Reader, visit: Visit, asked: str | None) -> Response:
    """The communities that the reader heads, side by side."""
    words, (account, _) = reader.words, visit.signed_in
    month = _month(visit, asked)
    lines = []
    for place in side_by_side(wiring.desk(), account, month):
        row = _row(place.counters)
        cells = cells_of(row, COMPARED)
        if place.rates is None:
            cells = [
                "–" if column in OF_RATES else cell for column, cell in zip(COMPARED, cells, strict=True)
            ]
        lines.append((place.name, cells))
    groups = [("", lines)]
    return _page(reader, visit, "communities", month, groups, words("months.small", least=str(SMALLEST)))


def print_page(reader: Reader, visit: Visit, asked: str | None) -> Response:
    """The month to print for the committee: what may be published, whoever prints it."""
    words, member, month = reader.words, visit.member, _month(visit, asked)
    total, *rows = published_of(wiring.desk(), member, month).rows
    counted = counting(words, published=True)
    cells = [(words("figures.total"), cells_of(total, COMPARED, counted))]
    groups = [("", cells)] if total.counters["registered"] else []
    for part in PRINTED:
        of_part = [row for row in rows if row.dimension == part]
        some = [(row_name(row, member, words), cells_of(row, COMPARED, counted)) for row in of_part]
        groups += [(words(f"figures.by_{part}"), some)] if some else []
    lead = words("months.left_out", least=str(SMALLEST))
    return _page(reader, visit, "month-to-print", month, groups, lead, words("month_to_print.how"))


def _page(
    reader: Reader,
    visit: Visit,
    which: str,
    month: str,
    groups: list[tuple[str, list[tuple[str, list[str]]]]],
    lead: str,
    how: str = "",
) -> Response:
    words, here = reader.words, f"desk/{visit.member.community.id}/{which}"
    return page(
        reader,
        "months.html",
        **framed(reader, visit, which),
        title=f"{words(which.replace('-', '_') + '.title')} · {month_name(month, words)}",
        lead=lead,
        how=how,
        month=f"{month[:4]}-{month[4:]}",
        columns=[words(f"figures.{column}") for column in COMPARED],
        groups=groups,
        empty="" if groups else words("months.too_few", least=str(SMALLEST)),
        list_path=here,
        here=f"{reader.root}{here}",
    )


def _month(visit: Visit, asked: str | None) -> str:
    return month_asked(asked) if asked else month_of(wiring.desk().now(), visit.member.community.zone)


def _row(counters: Mapping[str, int]) -> FigureRow:
    every = {name: counters.get(name, 0) for name in COUNTERS}
    return FigureRow(TOTAL.dimension, None, every, rates(every))
