"""A stand-in of the store of findings on staff."""

from chalicelib.domain.follow_up.findings import Finding
from tests.fakes.beside import FakeBeside


class FakeFindings:
    """FindingStore."""

    def __init__(self, beside: FakeBeside | None = None) -> None:
        self.kept: dict[tuple[str, str], Finding] = {}
        self._beside = beside or FakeBeside()

    def put(self, community: str, finding: Finding) -> bool:
        before = self.kept.get((community, finding.id))
        if (before.version if before else 0) != finding.version - 1:
            return False
        self.kept[community, finding.id] = finding
        self._beside.note(community, finding)
        return True

    def get(self, community: str, about: str, finding_id: str) -> Finding | None:
        found = self.kept.get((community, finding_id))
        return found if found is not None and found.about == about else None

    def of(self, community: str, about: str | None = None) -> tuple[Finding, ...]:
        found = (finding for (place, _), finding in self.kept.items() if place == community)
        return tuple(finding for finding in found if about in {None, finding.about})

    def remove(self, community: str, finding: Finding) -> None:
        self.kept.pop((community, finding.id), None)
        self._beside.drop(community, finding)
