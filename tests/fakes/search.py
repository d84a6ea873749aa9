"""A stand-in of the index by which cases are found."""

from chalicelib.domain.case.numbering import place_of
from tests.fakes.memory import Memory


class FakeSearch:
    """SearchStore."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def find(self, community: str, key: str, limit: int, at_most: str | None) -> tuple[tuple[str, ...], bool]:
        with self._memory.operation("search.find"):
            known = self._memory.found_by.items()
            numbers = [number for (place, number), (_, keys) in known if place == community and key in keys]
            older = (number for number in numbers if not at_most or place_of(number) <= place_of(at_most))
            found = sorted(older, key=place_of, reverse=True)
            return tuple(found[:limit]), len(found) <= limit

    def put(self, community: str, number: str, version: int, wanted: frozenset[str]) -> int:
        with self._memory.operation("search.put"):
            before, known = self._memory.found_by.get((community, number), (0, frozenset()))
            if before > version or known == wanted:
                return 0
            self._memory.found_by[community, number] = (version, wanted)
            return len(known ^ wanted)
