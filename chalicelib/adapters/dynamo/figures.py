"""The counters of a month: one Query, whatever the number of cases. Commands add to them (see `writes`)."""

from collections.abc import Mapping

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.tables import FigureRow
from chalicelib.domain.figures.counters import COUNTERS


class DynamoFigures:
    """FigureStore. Counters that are back at nothing are left out."""

    def month(
        self, community: str, month: str, dimension: str | None = None
    ) -> Mapping[str, Mapping[str, int]]:
        found = {}
        wanted = FigureRow.sk.startswith(f"{dimension}#") if dimension else None
        for row in FigureRow.query(keys.month(community, month), wanted):
            counters = {name: int(amount) for name in COUNTERS if (amount := getattr(row, name))}
            if counters:
                found[str(row.sk)] = counters
        return found

    def add(self, community: str, month: str, changes: Mapping[str, Mapping[str, int]]) -> None:
        for row, counters in changes.items():
            actions = [getattr(FigureRow, name).add(amount) for name, amount in counters.items()]
            FigureRow(keys.month(community, month), row).update(actions)
