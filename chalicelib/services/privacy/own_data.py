"""What a resident may see of the own data, and have erased (G24; PIPL art. 44, 45, 47)."""

from datetime import datetime, timedelta

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.follow_up import Rating
from chalicelib.domain.case.kept_away import kept_away_from
from chalicelib.domain.case.looks import Look, LookAt
from chalicelib.domain.case.recordings import recordings_of
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.community.community import Community, Member
from chalicelib.domain.community.roles import TIMER
from chalicelib.domain.follow_up.retention import (
    ALL_KINDS,
    REQUEST,
    AskErasureForm,
    days_kept,
    ended_at,
    why_kept,
)
from chalicelib.domain.notices.history_readers import Audience
from chalicelib.domain.notices.kinds import RESIDENT_ID
from chalicelib.services.desk import Desk
from chalicelib.services.files.showing import own_addresses
from chalicelib.services.findings.praise import of_case
from chalicelib.services.findings.records import FindingStore
from chalicelib.services.households.own import OwnHousehold, forget_number, own_households
from chalicelib.services.ports import NoticeStore
from chalicelib.services.privacy.forgetting import erase
from chalicelib.services.privacy.proof import is_mail
from chalicelib.services.views.history import TimelineEntry, timeline
from chalicelib.services.views.names import matter_name

MOST_AT_ONCE = 20
"""So many cases are erased while somebody waits; the rest is erased in the coming night."""
BACKUP_DAYS = 35
"""How long backups keep what was erased: as long as they are kept (infra/resources.yaml)."""


class SentMessage(Struct, frozen=True):
    """A message that was sent to the resident."""

    kind: str
    channel: str
    sent_at: datetime


class GivenPraise(Struct, frozen=True):
    """Praise that the resident gave of whoever did the work."""

    at: datetime
    words: str


class OwnCase(Struct, frozen=True):
    """All that is stored of a resident in one case, and until when.

    `kept_until` is empty while the case goes on: the time counts from its end. `recordings` are addresses at
    which what was said at the telephone can be heard for a minute; `files` those at which what was handed in,
    and what shows the work, can be had for five. `care`: that they need help is noted,
    as agreed to in the report.
    """

    number: str
    state: str
    registered_at: datetime
    matter: str
    report: ev.Report
    care: bool
    ratings: tuple[Rating, ...]
    malicious_until: datetime | None
    timeline: tuple[TimelineEntry, ...]
    messages: tuple[SentMessage, ...]
    praise: tuple[GivenPraise, ...]
    recordings: tuple[str, ...]
    files: tuple[str, ...]
    kept_until: dict[str, datetime]
    why_kept: str | None


class OwnData(Struct, frozen=True):
    """The own data of whoever has proved a number or address, in one community."""

    community: str
    community_name: str
    phone: str | None
    email: str | None
    at: datetime
    cases: tuple[OwnCase, ...]
    households: tuple[OwnHousehold, ...]


class KeptCase(Struct, frozen=True):
    """A case that keeps its data for now, and why: `open`, `report`, `malicious` or `tonight`."""

    number: str
    why: str


class ErasureReceipt(Struct, frozen=True):
    """What was erased on a resident's request, what is kept for now and why.

    What is kept is erased by itself as soon as nothing needs it any more. Backups keep what was erased until
    `backups_until`. `units` are those of whose household they were taken out (E9). Numbers, times and matters
    of the cases stay, and say nothing of the resident.
    """

    community: str
    at: datetime
    erased: tuple[str, ...]
    kept: tuple[KeptCase, ...]
    units: tuple[str, ...]
    backups_until: datetime


def own_data(
    desk: Desk,
    notices: NoticeStore,
    findings: FindingStore,
    community: Community,
    reached_by: str,
    words: Catalogue,
    at_desk: Member | None,
) -> OwnData:
    """All cases of a number or mail address that was proved, newest first.

    `at_desk` is who of the desk reads it at the counter: on record as a look before anything is shown (E8),
    and without the cases that they are kept away from (G13); the resident sees those on the own page.
    """
    open_to = tuple(
        case for case in cases_of(desk, community, reached_by) if not _is_kept_from(at_desk, case, community)
    )
    if at_desk is not None:
        numbers = tuple(case.number for case in open_to)
        look = Look(
            desk.now(), at_desk.username, at_desk.role, LookAt.EXPORT, count=len(numbers), numbers=numbers
        )
        desk.looks.record(community.id, community.zone, look)
    cases = (_own_case(desk, notices, findings, case, words) for case in open_to)
    phone, email = (None, reached_by) if is_mail(reached_by) else (reached_by, None)
    households = own_households(desk, community, phone) if phone else ()
    return OwnData(community.id, community.name, phone, email, desk.now(), tuple(cases), households)


def cases_of(desk: Desk, community: Community, reached_by: str) -> tuple[Case, ...]:
    """The cases of a number or mail address, newest first."""
    key = desk.resident_key(community.id, reached_by)
    found = (desk.cases.get(community.id, number) for number in desk.cases.of_resident(community.id, key))
    return tuple(case for case in found if desk.key_of_resident(case) == key)  # an index lags behind


def _is_kept_from(member: Member | None, case: Case, community: Community) -> bool:
    return member is not None and member.username in kept_away_from(case, community)


def _own_case(
    desk: Desk, notices: NoticeStore, findings: FindingStore, case: Case, words: Catalogue
) -> OwnCase:
    context, now, ended = desk.context_of(case), desk.now(), ended_at(case)
    policy = desk.regulations.get(context.community.regulation).retention
    left = [kind for kind in ALL_KINDS if kind not in case.erased]
    stored = notices.of_case(case.community, case.number)
    mine = ((row.sent_at, row.notice) for row in stored if row.notice.recipient == RESIDENT_ID)
    sent = sorted(((at, notice) for at, notice in mine if at), key=lambda pair: pair[0])
    return OwnCase(
        number=case.number,
        state=case.state,
        registered_at=case.registered_at,
        matter=matter_name(case.classification.matter, context, words.language),
        report=case.report,
        care=case.classification.care,
        ratings=case.tally.ratings,
        malicious_until=case.track.until if case.track and case.track.stands(now) else None,
        timeline=timeline(Audience.RESIDENT, case, desk.cases.events(case.community, case.number), context),
        messages=tuple(SentMessage(notice.kind, notice.channel, at) for at, notice in sent),
        praise=tuple(GivenPraise(found.at, found.words) for found in of_case(findings, case)),
        recordings=tuple(
            desk.recordings.address(name) for name in recordings_of(case) if desk.recordings.has(name)
        ),
        files=own_addresses(desk, case),
        kept_until={kind: ended + timedelta(days=days_kept(kind, policy)) for kind in left} if ended else {},
        why_kept=why_kept(case, now),
    )


def erase_own_data(
    desk: Desk,
    notices: NoticeStore,
    findings: FindingStore,
    community: Community,
    reached_by: str,
    at_desk: Member | None,
) -> ErasureReceipt:
    """Erase what may be erased of a proved number's cases; the rest when it may be.

    `at_desk` is who of the desk started it at the counter; cases that they are kept away from are not named
    to them, and erased in the night (G13). Done again it erases what has become free.
    """
    erased: list[str] = []
    kept: list[KeptCase] = []
    for case in cases_of(desk, community, reached_by):
        form = AskErasureForm(at_desk.username if at_desk else None)
        asked = Command("ask_erasure", TIMER, desk.now(), f"ask_erasure#{case.version}", form)
        now_asked = desk.carry_out(case, asked).case
        if _is_kept_from(at_desk, case, community):
            continue
        why = why_kept(now_asked, desk.now()) or ("tonight" if len(erased) >= MOST_AT_ONCE else None)
        if why is None and erase(desk, notices, findings, now_asked, ALL_KINDS, REQUEST):
            erased.append(case.number)
        else:
            kept.append(KeptCase(case.number, why or "tonight"))
    units = () if is_mail(reached_by) else forget_number(desk, community, reached_by)
    now = desk.now()
    until = now + timedelta(days=BACKUP_DAYS)
    return ErasureReceipt(community.id, now, tuple(erased), tuple(kept), units, until)
