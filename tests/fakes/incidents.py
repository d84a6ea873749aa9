"""The part of the stand-in of the store of cases that knows which case leads which."""

from collections.abc import Collection, Mapping

from chalicelib.services.incident_port import Lead
from chalicelib.services.records import Page
from tests.fakes.memory import Memory


class FakeIncidents:
    """CaseStore: the cases that lead an incident, and those that are joined to it."""

    _memory: Memory

    def joined(self, community: str, number: str) -> tuple[str, ...]:
        with self._memory.operation("cases.joined"):
            return tuple(sorted(self._memory.joined[community, number]))

    def joined_to_each(self, community: str, numbers: Collection[str]) -> Mapping[str, int]:
        with self._memory.operation("cases.joined_to_each"):
            return {number: len(self._memory.joined[community, number]) for number in numbers}

    def leaders(self, community: str, limit: int, cursor: Mapping[str, str] | None) -> Page[str]:
        with self._memory.operation("cases.leaders"):
            known = sorted((key[1] for key in self._memory.leaders if key[0] == community), reverse=True)
            found = [number for number in known if number < (cursor["before"] if cursor else "9")]
            more = {"before": found[limit - 1]} if len(found) > limit else None
            return Page(tuple(found[:limit]), more)

    def show_lead(self, community: str, month: str, lead: Lead, *, shown: bool) -> None:
        with self._memory.operation("cases.show_lead"):
            told = self._memory.leads[community, month]
            (told.add if shown else told.discard)(lead)
