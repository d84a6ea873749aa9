"""Whom a finding asks for what: a decision on the appeal, a measure, or to be read (B15)."""

from datetime import datetime
from enum import StrEnum

from msgspec.structs import replace

from chalicelib.domain.community.beside import OpenFinding
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import Role
from chalicelib.domain.follow_up.findings import Finding


class FindingAsk(StrEnum):
    """What somebody is asked for on a finding."""

    DECIDE = "decide"
    MEASURE = "measure"
    READ = "read"


def open_of(finding: Finding) -> OpenFinding | None:
    """What a finding still asks of anybody; None for merit, which asks for nothing, and once all is done."""
    appealed = finding.appealed_at is not None and finding.decided_at is None
    unmeasured = finding.measure is None and not finding.lifted and not appealed
    unread = finding.read_at is None
    if finding.merit or not (appealed or unmeasured or unread):
        return None
    return OpenFinding(finding.id, finding.number, finding.about, finding.by, appealed, unmeasured, unread)


def asked_of(waits: OpenFinding, member: Member) -> FindingAsk | None:
    """What a member is asked for on a finding; None if it waits for others.

    Nobody decides on their own matter, as the one whom it is about or who wrote it.
    """
    if waits.about == member.username:
        return FindingAsk.READ if waits.unread else None
    if waits.appealed and member.role is Role.COMPANY_HEAD and member.username != waits.by:
        return FindingAsk.DECIDE
    return FindingAsk.MEASURE if waits.unmeasured and member.role is Role.MANAGER else None


def read_by_its_person(finding: Finding, at: datetime) -> Finding:
    """The finding, read by whom it is about as it stands."""
    return replace(finding, version=finding.version + 1, read_at=at)
