"""A stand-in of the record of looks."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from chalicelib.domain.case.looks import Look
from chalicelib.services.records import Page
from tests.fakes.memory import Memory


class FakeLooks:
    """LookStore."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def record(self, community: str, zone: str, look: Look) -> None:
        with self._memory.operation("looks.record"):
            day = look.at.astimezone(ZoneInfo(zone)).date().isoformat()
            self._memory.looks.append((community, day, look))

    def page(
        self, community: str, by: str, of: str, limit: int, cursor: Mapping[str, str] | None
    ) -> Page[Look]:
        with self._memory.operation("looks.page"):
            found = [
                look
                for place, day, look in reversed(self._memory.looks)
                if place == community and {"day": day, "person": look.who, "case": look.number}[by] == of
            ]
            start = int(cursor["from"]) if cursor else 0
            end = start + limit
            return Page(tuple(found[start:end]), {"from": str(end)} if len(found) > end else None)
