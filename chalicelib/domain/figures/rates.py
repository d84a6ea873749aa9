"""The rates of one row of figures: shares of its counters, 0 to 1 (E2, G17)."""

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

ENOUGH_JUDGED = 20
"""From how many judged classifications of a month on their accuracy is known (A8)."""


class Rates(Struct, frozen=True):
    """The rates of one row of figures; None where nothing is to divide by.

    Shares from 0 to 1, but for `average_rating` in points and `handling_hours`. `on_time` is solved in time ÷
    (solved + open and overdue): what is late and still open counts against it (G17): 8 in time, 1 solved
    late, 1 open and overdue → 0.8. `registered_in_time` stands on the cases whose time of contact is known
    (A2). `first_late` is the share whose first answer or arrival was late.
    `average_rating` stands on `ratings` answers to `surveys`. `disagreement` is the share of the answers to a
    second person that were not what the first had written (G6). What still waits for a signature counts
    against `signed`. `fixed_first_time`: of what was solved, what was not taken up again and is no return
    within the warranty of a repair (B13). Of the cases closed after the work, `satisfied_at_last` is the
    share that ended with a satisfied resident, among those that did not end in silence; three of five is not
    satisfied. `revisited` is the share of the revisits due that persons made, `points_dealt_with` that of the
    points raised at them.
    `classified_right` is the share of the audited classifications that were right in all, once
    `ENOUGH_JUDGED` of the month's are (A8).
    """

    on_time: float | None
    overdue: float | None
    first_late: float | None
    registered_in_time: float | None
    signed: float | None
    fixed_first_time: float | None
    survey_answered: float | None
    satisfied: float | None
    satisfied_at_last: float | None
    revisited: float | None
    points_dealt_with: float | None
    average_rating: float | None
    handling_hours: float | None
    paused_share: float | None
    disagreement: float | None
    classified_right: float | None


def rates(counters: Mapping[str, int]) -> Rates:
    """The rates of one row of counters."""
    return Rates(**{name: _share(*pair) for name, pair in parts_of(counters).items()})


def parts_of(counters: Mapping[str, int]) -> Mapping[str, tuple[float, int]]:
    """Each rate of one row of counters as (part, whole): `on_time` → (8, 10)."""
    row = Counter(counters)
    came_back = row["reopened"] + row["warranty_returns"]
    ended = row["closed_satisfied"] + row["closed_neutral"] + row["closed_unsatisfied"]
    return {
        "on_time": (row["solved_in_time"], row["solved"] + row["open_overdue"]),
        "overdue": (row["solved_late"] + row["open_overdue"], row["registered"]),
        "first_late": (row["first_late"], row["registered"]),
        "registered_in_time": (row["registered_in_time"], row["registered"] - row["contact_unknown"]),
        "signed": (row["signed"], row["signed"] + row["unsigned"]),
        "fixed_first_time": (max(row["solved"] - came_back, 0), row["solved"]),
        "survey_answered": (row["ratings"], row["surveys"]),
        "satisfied": (row["ratings_satisfied"], row["ratings"]),
        "satisfied_at_last": (row["closed_satisfied"], ended),
        "revisited": (row["revisits_made"], row["revisits_wanted"]),
        "points_dealt_with": (row["points_dealt_with"], row["points_raised"]),
        "average_rating": (row["rating_points"], row["ratings"]),
        "handling_hours": (row["handling_seconds"] / 3600, row["solved"]),
        "paused_share": (row["paused_seconds"], row["handling_seconds"]),
        "disagreement": (row["asked_again_differs"], row["asked_again"]),
        "classified_right": (row["audited_right"], row["audited"] if row["audited"] >= ENOUGH_JUDGED else 0),
    }


def _share(part: float, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
