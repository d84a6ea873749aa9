"""A stand-in of the index by which cases are found."""

from collections.abc import Mapping

from chalicelib.domain.case.numbering import serial_of
from chalicelib.services.records import Page
from tests.fakes.memory import Memory


class FakeSearch:
    """SearchStore."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def find(self, community: str, key: str, limit: int, cursor: Mapping[str, str] | None) -> Page[str]:
        with self._memory.operation("search.find"):
            known = self._memory.found_by.items()
            numbers = [number for (place, number), (_, keys) in known if place == community and key in keys]
            found = sorted(numbers, key=lambda number: (number[:6], serial_of(number)), reverse=True)
            start = found.index(cursor["number"]) + 1 if cursor else 0
            items = tuple(found[start : start + limit])
            return Page(items, {"number": items[-1]} if len(found) > start + limit else None)

    def put(self, community: str, number: str, version: int, wanted: frozenset[str]) -> int:
        with self._memory.operation("search.put"):
            before, known = self._memory.found_by.get((community, number), (0, frozenset()))
            if before > version or known == wanted:
                return 0
            self._memory.found_by[community, number] = (version, wanted)
            return len(known ^ wanted)
