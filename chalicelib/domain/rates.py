"""The rates of one row of figures: shares of its counters, 0 to 1 (E2, G17)."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares of one row, 0 to 1; None where there is nothing to divide by.

    `on_time` is solved in time ÷ (solved + open and overdue): what is late and still open counts
    against it (G17). `average_rating` stands on `ratings` answers to `surveys`.
    """

    on_time: float | None
    overdue: float | None
    registered_in_time: float | None
    survey_answered: float | None
    satisfied: float | None
    average_rating: float | None
    handling_hours: float | None
    paused_share: float | None


def rates(counters: Mapping[str, int]) -> Rates:
    """The rates of one row of counters."""
    get = counters.get
    solved, late_open = get("solved", 0), get("open_overdue", 0)
    return Rates(
        on_time=_share(get("solved_in_time", 0), solved + late_open),
        overdue=_share(get("solved_late", 0) + late_open, get("registered", 0)),
        registered_in_time=_share(get("registered_in_time", 0), get("registered", 0)),
        survey_answered=_share(get("ratings", 0), get("surveys", 0)),
        satisfied=_share(get("ratings_satisfied", 0), get("ratings", 0)),
        average_rating=_share(get("rating_points", 0), get("ratings", 0)),
        handling_hours=_share(get("handling_seconds", 0) / 3600, solved),
        paused_share=_share(get("paused_seconds", 0), get("handling_seconds", 0)),
    )


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None
