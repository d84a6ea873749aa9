"""Findings and merit as their readers get them: managers all, a person the own ones (B15)."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Protocol
from uuid import uuid4
from zoneinfo import ZoneInfo

from msgspec import Struct

from chalicelib.domain.case.numbering import month_of
from chalicelib.domain.community.community import Member
from chalicelib.domain.errors import ConflictError, NotFoundError
from chalicelib.domain.follow_up import findings as rules
from chalicelib.domain.follow_up.findings import Finding
from chalicelib.domain.follow_up.open_findings import read_by_its_person
from chalicelib.domain.follow_up.praise import is_praise
from chalicelib.services.access.authorization import readable_case
from chalicelib.services.desk import Desk


class FindingStore(Protocol):
    """The findings of each community; they lie beside no case."""

    def put(self, community: str, finding: Finding) -> bool:
        """Store a finding in place of the version before; False if that is not what is stored."""

    def get(self, community: str, about: str, finding_id: str) -> Finding | None:
        """The finding about a person with that id, as it stands now; None if there is none."""

    def of(self, community: str, about: str | None = None) -> tuple[Finding, ...]:
        """All findings of a community, or of one person, oldest first for each person."""

    def remove(self, community: str, finding: Finding) -> None:
        """Take a finding away for good."""


class PersonCount(Struct, frozen=True):
    """How much is recorded about a person in a month (`YYYYMM`): findings, merits, residents' praise."""

    about: str
    name: str
    month: str
    faults: int
    merits: int
    praise: int


class FindingView(Struct, frozen=True):
    """A finding, or merit, as the managers and the person read it; `name` is whom it is about."""

    name: str
    finding: Finding


def record(
    desk: Desk, store: FindingStore, member: Member, form: rules.FindingForm, key: str | None
) -> FindingView:
    """Record a finding or merit on a case that the manager can see; once for each key.

    ConflictError for a key that was used for another finding.
    """
    readable_case(desk, member, form.number)
    by_key = _short_hash(f"{member.username}\0{key or uuid4().hex}")
    finding_id = by_key + _short_hash(form.about)  # no two people share an id, whatever comes at once
    made = rules.found(form, finding_id, member.actor(), desk.now(), member.community)
    before = _made_before(store, member, by_key) if key else None
    if before is None and not store.put(member.community.id, made):  # sent twice at once
        before = _finding(store, member, finding_id, form.about)
    if before is not None and _content(before) != _content(made):
        raise ConflictError(
            "This Idempotency-Key was used for another finding; use a new key for a new one.",
            "command_key_used",
        )
    desk.directory.beside.anew(member.community.id)
    return _view(before or made, member)


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _made_before(store: FindingStore, member: Member, by_key: str) -> Finding | None:
    """What this key has recorded, whomever it is about."""
    known = store.of(member.community.id)
    return next((finding for finding in known if finding.id.startswith(by_key)), None)


def _content(finding: Finding) -> tuple[object, ...]:
    """What the form of a finding said."""
    return finding.number, finding.about, finding.merit, finding.what, finding.words


def listed(
    store: FindingStore, member: Member, person: str | None, month: str | None
) -> tuple[FindingView, ...]:
    """The findings of a person, of a month (`YYYYMM`), or all; the newest first."""
    zone = member.community.zone
    found = store.of(member.community.id, person)
    wanted = (finding for finding in found if month is None or month_of(finding.at, zone) == month)
    newest_first = sorted(wanted, key=lambda finding: finding.at, reverse=True)
    return tuple(_view(finding, member) for finding in newest_first)


def counted(views: Iterable[FindingView], member: Member) -> tuple[PersonCount, ...]:
    """The number of findings, merits and residents' praise, by person and month; the newest month first."""
    zone = member.community.zone
    counts: dict[tuple[str, str, str], list[int]] = {}
    for view in views:
        finding = view.finding
        count = counts.setdefault((month_of(finding.at, zone), view.name, finding.about), [0, 0, 0])
        count[2 if is_praise(finding) else 1 if finding.merit else 0] += 1
    in_order = sorted(sorted(counts), key=lambda key: key[0], reverse=True)
    return tuple(
        PersonCount(about, name, month, *counts[month, name, about]) for month, name, about in in_order
    )


def own(desk: Desk, store: FindingStore, member: Member) -> tuple[FindingView, ...]:
    """What is recorded about the member, the newest first; from then on they have read it."""
    found = listed(store, member, member.username, None)
    unread = [view.finding for view in found if not view.finding.merit and view.finding.read_at is None]
    if not unread:
        return found
    for finding in unread:  # what changes meanwhile is unread for the next time
        store.put(member.community.id, read_by_its_person(finding, desk.now()))
    desk.directory.beside.anew(member.community.id)
    return listed(store, member, member.username, None)


def measure(
    desk: Desk, store: FindingStore, member: Member, finding_id: str, form: rules.MeasureForm
) -> FindingView:
    """Put the measure, or reward, on record."""
    today = desk.now().astimezone(ZoneInfo(member.community.zone)).date()
    return _changed(
        desk, store, member, finding_id, lambda old: rules.measured(old, form, member.actor(), today)
    )


def appeal(
    desk: Desk, store: FindingStore, member: Member, finding_id: str, form: rules.StaffAppealForm
) -> FindingView:
    """Put the appeal of the person on record; NotFoundError for a finding about somebody else."""
    at = desk.now()
    return _changed(
        desk,
        store,
        member,
        finding_id,
        lambda old: rules.appealed(old, form, member.actor(), at),
        member.username,
    )


def appeal_in_name(
    desk: Desk, store: FindingStore, member: Member, finding_id: str, form: rules.SpokenAppealForm
) -> FindingView:
    """Put on record the appeal of somebody who has left, as a leader heard it."""
    at, place = desk.now(), member.community
    return _changed(
        desk,
        store,
        member,
        finding_id,
        lambda old: rules.appealed_in_name(old, form, member.actor(), at, place),
    )


def decide(
    desk: Desk, store: FindingStore, member: Member, finding_id: str, form: rules.StaffDecisionForm
) -> FindingView:
    """Put the company head's decision on an appeal on record."""
    at = desk.now()
    return _changed(desk, store, member, finding_id, lambda old: rules.decided(old, form, member.actor(), at))


def _changed(
    desk: Desk,
    store: FindingStore,
    member: Member,
    finding_id: str,
    change: Callable[[Finding], Finding],
    about: str | None = None,
) -> FindingView:
    after = change(_finding(store, member, finding_id, about))
    while not store.put(member.community.id, after):  # somebody was first: decide on what is there now
        after = change(_finding(store, member, finding_id, about))
    desk.directory.beside.anew(member.community.id)
    return _view(after, member)


def _finding(store: FindingStore, member: Member, finding_id: str, about: str | None = None) -> Finding:
    known = store.of(member.community.id, about)
    found = next((finding for finding in known if finding.id == finding_id), None)
    if found is None:
        raise NotFoundError("There is no such finding that you can see.")
    return found


def _view(finding: Finding, member: Member) -> FindingView:
    person = member.community.person(finding.about)
    return FindingView(person.name if person else finding.about, finding)


def forget_findings(desk: Desk, store: FindingStore, community: str) -> int:
    """Take away the findings whose time is over (G24); how many."""
    place = desk.directory.community(community)
    days = desk.regulations.get(place.regulation).retention.findings_days
    old = [finding for finding in store.of(community) if finding.at + timedelta(days=days) <= desk.now()]
    for finding in old:
        store.remove(community, finding)
    return len(old)
