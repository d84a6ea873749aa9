"""The links to the pages by which a desk is led, by role."""

from collections.abc import Sequence

from msgspec import Struct

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
        *("staff", "settings", "company", "figures"),
        *("my-data", "posters", "findings", "my-record", "looks", "corrections"),
    }
)
"""The pages that hardly anybody needs every day: they stand behind "more"."""
NAMES = {name: f"{name}.tab" for name in ("communities", "settings")}
"""The words of those whose heading is too long for a tab."""
MOST_TABS = 10
"""So many find room in a line of a desk's screen; whoever has no more sees all of them (ours)."""


class Tabs(Struct, frozen=True):
    """The links of a desk page: those of every day, the lists of cases, and those behind "more".

    `lists` stand in a line of their own, on the pages of lists only.
    """

    everyday: tuple[Tab, ...]
    lists: tuple[Tab, ...] = ()
    further: tuple[Tab, ...] = ()


def grouped(tabs: Sequence[Tab], words: Words) -> Tabs:
    """The tabs in groups, where they are too many for a line: all lists of cases are one of them.

    A page behind "more" that is shown stands among those of every day meanwhile: one sees where one is.
    """
    if len(tabs) <= MOST_TABS:
        return Tabs(tuple(tabs))
    lists = tuple(tab for tab in tabs if _is_list(tab))
    further = tuple(tab for tab in tabs if tab[0].rpartition("/")[2] in FURTHER)
    is_shown = any(current for _, __, current in lists)
    everyday: list[Tab] = []
    for tab in tabs:
        if lists and tab == lists[0]:
            everyday.append((tab[0], words("desk.cases"), is_shown))
        elif tab not in lists and (tab not in further or tab[2]):
            everyday.append(tab)
    return Tabs(tuple(everyday), lists if is_shown else (), further)


def _is_list(tab: Tab) -> bool:
    return "?list=" in tab[0] or tab[0].endswith("/incidents")


def leader_tabs(member: Member, words: Words, home: str, current: str) -> list[Tab]:
    """The tabs of whoever leads."""
    wanted = [
        ("board", BOARD_READERS),
        ("calendar", BOARD_READERS),
        ("regulations", BOARD_READERS),
        ("what-if", BOARD_READERS),
        ("communities", {Role.COMPANY_HEAD}),
        ("staff", KEEPERS),
        ("settings", KEEPERS),
        ("company", {Role.COMPANY_HEAD}),
        ("month-to-print", {Role.COMMITTEE, Role.MANAGER, Role.COMPANY_HEAD}),
    ]
    return [
        (f"{home}/{name}", words(NAMES.get(name, f"{name.replace('-', '_')}.title")), current == name)
        for name, readers in wanted
        if member.role in readers
    ]
