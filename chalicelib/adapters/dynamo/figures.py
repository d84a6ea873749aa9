"""The counters of a month: one Query, whatever the number of cases. Commands add to them (see `writes`)."""

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.tables import FigureRow
from chalicelib.domain.case.figure_rows import MonthCounters
from chalicelib.domain.figures.counters import COUNTERS


class DynamoFigures:
    """FigureStore. Counters that are back at nothing are left out."""

    def month(self, community: str, month: str, dimension: str | None = None) -> MonthCounters:
        found = {}
        wanted = FigureRow.sk.startswith(keys.figure_rows(dimension)) if dimension else None
        for row in FigureRow.query(keys.month(community, month), wanted):
            counters = {name: int(amount) for name in COUNTERS if (amount := getattr(row, name))}
            if counters:
                found[keys.row_of_figures(row.sk)] = counters
        return found

    def add(self, community: str, month: str, changes: MonthCounters) -> None:
        for row, counters in changes.items():
            actions = [getattr(FigureRow, name).add(amount) for name, amount in counters.items()]
            FigureRow(keys.month(community, month), keys.figure_row(row)).update(actions)
