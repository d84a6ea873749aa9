"""What a case adds to the figures of its month; what a command changes (E2, G17)."""

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.figure_rows import MonthCounters, Row
from chalicelib.domain.figures.about_rows import about_key
from chalicelib.domain.figures.counters import amounts_of, rows_of
from chalicelib.domain.figures.handler_counters import of_handlers

Contribution = Counter[tuple[Row, str]]
"""(row, counter) → amount, as one case or a month adds up to: (TOTAL, `solved`) → 1."""


def contribution(case: Case | None) -> Contribution:
    """What one case adds to the figures of its month.

    Nothing before the case exists.
    """
    return Counter() if case is None else _spread(_shares(case))


class _Shares(Struct, frozen=True):
    """What a contribution is made of: amounts that stand in each of the rows, and those of handlers."""

    amounts: Mapping[str, int]
    rows: tuple[Row, ...]
    of_handlers: Contribution
    about: str


def _shares(case: Case) -> _Shares:
    amounts = {name: amount for name, amount in amounts_of(case).items() if amount}
    return _Shares(amounts, rows_of(case), of_handlers(case, amounts), about_key(case))


def _spread(shares: _Shares) -> Contribution:
    amounts = shares.amounts
    found = Counter({(row, name): amount for row in shares.rows for name, amount in amounts.items()})
    found.update(shares.of_handlers)
    about = shares.about
    return Counter({(row._replace(about=about), name): amount for (row, name), amount in found.items()})


def changes(before: Case | None, after: Case) -> MonthCounters:
    """Row → counter → signed change by one command.

    Only what changes, so few rows are written: solved → {TOTAL: {`open`: -1, `solved`: 1}, …}.
    """
    was, shares = None if before is None else _shares(before), _shares(after)
    if shares == was:
        return {}  # most commands: a note, a plan, a picture
    difference = _spread(shares)
    difference.subtract(Counter() if was is None else _spread(was))
    rows: dict[Row, dict[str, int]] = {}
    for (row, name), amount in difference.items():
        if amount:
            rows.setdefault(row, {})[name] = amount
    return rows


def recount(cases: Iterable[Case]) -> Contribution:
    """The figures of a month counted again from its cases (G17)."""
    total: Contribution = Counter()
    for case in cases:
        total.update(contribution(case))
    return Counter({key: amount for key, amount in total.items() if amount})
