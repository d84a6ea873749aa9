"""A stand-in of what waits beside the cases of a community."""

from collections.abc import Collection

from chalicelib.domain.community.beside import MOST_HELD, Beside
from chalicelib.domain.follow_up.findings import Finding
from chalicelib.domain.follow_up.open_findings import open_of


class FakeBeside:
    """BesideStore; `note` and `drop` are what the store of findings writes."""

    def __init__(self) -> None:
        self.held: dict[str, set[str]] = {}
        self.findings: dict[str, dict[str, Finding]] = {}

    def of(self, community: str) -> Beside:
        known = self.findings.get(community, {}).values()
        waits = (open_of(finding) for finding in known)
        return Beside(tuple(sorted(self.held.get(community, ()))), tuple(found for found in waits if found))

    def anew(self, community: str) -> Beside:
        return self.of(community)

    def hold(self, community: str, names: Collection[str]) -> None:
        known = self.held.setdefault(community, set())
        if len(known) < MOST_HELD:
            known |= {*names}

    def let_go(self, community: str, names: Collection[str]) -> None:
        self.held.setdefault(community, set()).difference_update(names)

    def note(self, community: str, finding: Finding) -> None:
        self.findings.setdefault(community, {})[finding.id] = finding

    def drop(self, community: str, finding: Finding) -> None:
        self.findings.get(community, {}).pop(finding.id, None)
