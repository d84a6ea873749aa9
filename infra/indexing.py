"""Making the index anew by which cases are found: after an update, or after a dead letter."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.services.desk import Desk

Say = Callable[[str], None]
EVERY = 100
"""After how many cases the command says how far it is."""


def index(desk: "Desk", community: str, since: str = "", say: Say = print) -> int:
    """Have every case of a community found by what it says now.

    It may be broken off and done again: what is as it should be is only read. The newest month comes first;
    `since` is the first month (`YYYYMM`); without it, all are looked at.
    """
    from chalicelib.services.paging import lines_of_month
    from chalicelib.services.privacy.forgetting import months_back
    from chalicelib.services.search import follow

    place, cases, rows = desk.directory.community(community), 0, 0
    for month in reversed(months_back(desk.now(), place.zone)):
        for line in lines_of_month(desk.cases, community, month) if month >= since else ():
            rows += follow(desk, community, line.number)
            cases += 1
            if cases % EVERY == 0:
                say(f"  … {cases} cases, in {month}")
    say(f"{cases} cases of {community} are found by what they say; {rows} rows were written or taken away.")
    return 0
