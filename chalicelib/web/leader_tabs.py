"""The links to the pages by which a desk is led, by role."""

from collections.abc import Sequence

from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import Role
from chalicelib.domain.community.staffing import KEEPERS
from chalicelib.services.views.board import BOARD_READERS
from chalicelib.web.words import Words

Tab = tuple[str, str, bool]
"""The address, the name, and whether it is the page that is shown."""

FURTHER = frozenset(
    {
        *("calendar", "regulations", "what-if", "communities", "month-to-print", "stewards", "households"),
        *("staff", "company"),
        *("my-data", "posters", "findings", "my-record", "looks", "corrections", "accounts"),
    }
)
"""The pages that hardly anybody needs every day: they stand behind "more"."""
MOST_TABS = 10
"""So many find room in a line of a desk's screen; whoever has no more sees all of them (ours)."""


def in_two(tabs: Sequence[Tab]) -> tuple[Sequence[Tab], Sequence[Tab]]:
    """The tabs of every day, and those behind "more"."""
    if len(tabs) <= MOST_TABS:
        return tabs, ()
    further = [tab for tab in tabs if tab[0].rpartition("/")[2] in FURTHER]
    return [tab for tab in tabs if tab not in further], further


def leader_tabs(member: Member, words: Words, home: str, current: str) -> list[Tab]:
    """The tabs of whoever leads."""
    wanted = [
        ("board", BOARD_READERS),
        ("calendar", BOARD_READERS),
        ("regulations", BOARD_READERS),
        ("what-if", BOARD_READERS),
        ("communities", {Role.COMPANY_HEAD}),
        ("staff", KEEPERS),
        ("company", {Role.COMPANY_HEAD}),
        ("month-to-print", {Role.COMMITTEE, Role.MANAGER, Role.COMPANY_HEAD}),
    ]
    return [
        (f"{home}/{name}", words(f"{name.replace('-', '_')}.title"), current == name)
        for name, readers in wanted
        if member.role in readers
    ]
