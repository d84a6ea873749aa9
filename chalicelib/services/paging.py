"""Whole lists, page after page, for those who have to see every case."""

from collections.abc import Callable, Iterator, Mapping

from chalicelib.services.ports import CaseStore
from chalicelib.services.records import CaseLine, Page

PAGE = 100


def open_lines(cases: CaseStore, community: str) -> Iterator[CaseLine]:
    """Every open case of a community, in order of what is due first."""
    return _all(lambda at: cases.open_work(community, department=None, handler=None, limit=PAGE, cursor=at))


def lines_of_month(cases: CaseStore, community: str, month: str) -> Iterator[CaseLine]:
    """The whole register of a month, in order of number."""
    return _all(lambda at: cases.register(community, month, PAGE, at))


def _all(read: Callable[[Mapping[str, str] | None], Page[CaseLine]]) -> Iterator[CaseLine]:
    cursor = None
    while True:
        page = read(cursor)
        yield from page.items
        cursor = page.cursor
        if cursor is None:
            break
