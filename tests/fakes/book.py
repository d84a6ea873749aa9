"""A stand-in of the store of answer books."""

from chalicelib.domain.book import Entry


class FakeBook:
    """BookStore."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], list[Entry]] = {}

    def entries(self, community: str) -> tuple[Entry, ...]:
        return tuple(versions[-1] for (place, _), versions in sorted(self.kept.items()) if place == community)

    def versions(self, community: str, entry_id: str) -> tuple[Entry, ...]:
        return tuple(self.kept.get((community, entry_id), ()))

    def put(self, community: str, entry: Entry) -> bool:
        versions = self.kept.setdefault((community, entry.id), [])
        if len(versions) != entry.version - 1:
            return False
        versions.append(entry)
        return True
