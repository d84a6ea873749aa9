"""A stand-in of the store of handovers; the directory's fake shows which of them wait."""

from typing import Any

from msgspec.structs import replace

from chalicelib.domain.community.handover import Handover, Unsigned


class FakeHandovers:
    """HandoverStore."""

    def __init__(self, directory: Any) -> None:
        self.directory = directory
        self.kept: dict[tuple[str, str, str], Handover] = {}

    def write(self, community: str, handover: Handover) -> bool:
        key = (community, handover.department, handover.id)
        if key in self.kept:
            return False
        self.kept[key] = handover
        known = self.directory.community(community)
        waiting = Unsigned(handover.id, handover.department, handover.by, handover.to, handover.at)
        self.directory.put(replace(known, unsigned=(*known.unsigned, waiting)))
        return True

    def sign(self, community: str, handover: Handover) -> bool:
        key = (community, handover.department, handover.id)
        if self.kept[key].signed_by is not None:
            return False
        self.kept[key] = handover
        known = self.directory.community(community)
        left = tuple(waiting for waiting in known.unsigned if waiting.id != handover.id)
        self.directory.put(replace(known, unsigned=left))
        return True

    def latest(self, community: str, department: str, limit: int) -> tuple[Handover, ...]:
        found = [kept for (place, of, _), kept in self.kept.items() if (place, of) == (community, department)]
        return tuple(sorted(found, key=lambda handover: handover.id, reverse=True)[:limit])

    def one(self, community: str, department: str, handover_id: str) -> Handover | None:
        return self.kept.get((community, department, handover_id))
