"""Notices for tests: a case with every value, a notice of every kind, and how they read."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.acceptance import Acceptance, Missed
from chalicelib.domain.case.alarm import Alarm
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.clocks import CurrentPause, ExtensionRequest
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.follow_up import Fault
from chalicelib.domain.case.malicious import Track
from chalicelib.domain.case.order import Bill, Order
from chalicelib.domain.case.report_duty import WrittenReport
from chalicelib.domain.case.work import ProposedVisit
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.deadlines.deadline import deadline_for
from chalicelib.domain.notices.changed_times import MOVED
from chalicelib.domain.notices.details import (
    ADOPTED,
    AGREED_SIGNED,
    BY_CALL,
    BY_WORD,
    COMMON,
    DANGER,
    DECLINED,
    FINAL,
    LATE,
    MISSED,
    NEXT,
    NEXT_DANGER,
    POINT,
    RAIN,
    UNREACHED,
    UPHELD,
    VISIT,
    WORK_ON_PAPER,
)
from chalicelib.domain.notices.kinds import MAILED, RESIDENT_ID, Notice, NoticeChannel, NoticeKind, purpose_of
from chalicelib.domain.notices.placeholders import Addresses, values_of
from chalicelib.domain.notices.templates import Mail, length, write_mail, write_sms
from chalicelib.domain.regulation.limits import Clock, Limit, Unit
from tests.builders import community, office, regulations
from tests.cases import with_fields
from tests.words import texts

LOCAL = "http://127.0.0.1:8080"
OWN_DOMAIN = "https://suda.example.com"
STAGE = "https://a1b2c3d4e5.execute-api.ap-southeast-1.amazonaws.com/desk"
CODE = "AbCdEfGh23"
SEALED = f"{CODE}x7K"
"""A code as it is sent to a resident, with the seal of the number."""
LONGEST_UNIT = "3期12栋2单元2801室"
LONG_NAME = "欧阳文静"
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
"""Noon in Shanghai."""

TO_RESIDENT = frozenset(
    {
        NoticeKind.REGISTERED,
        NoticeKind.PROPOSED,
        NoticeKind.BILLED,
        NoticeKind.FREED,
        NoticeKind.INFEASIBLE,
        NoticeKind.EXTENDED,
        NoticeKind.REPLANNED,
        NoticeKind.RECLASSIFIED,
        NoticeKind.VISIT_DROPPED,
        NoticeKind.COMPLETED,
        NoticeKind.ACCEPT,
        NoticeKind.SURVEY_REMINDER,
        NoticeKind.REOPENED,
        NoticeKind.REJECTED,
        NoticeKind.CLOSED,
        NoticeKind.MERGED,
        NoticeKind.PROMISED,
        NoticeKind.POINT_ANSWERED,
        NoticeKind.APPOINTED,
        NoticeKind.NEWS,
        NoticeKind.PAUSED,
        NoticeKind.TIME_MOVED,
        NoticeKind.TIME_DROPPED,
        NoticeKind.INCIDENT,
        NoticeKind.VISIT_PROPOSED,
        NoticeKind.VISIT_REFUSED,
        NoticeKind.REFERRED,
        NoticeKind.CODE,
        NoticeKind.MARKED,
        NoticeKind.APPEAL_DECIDED,
        NoticeKind.IN_YOUR_NAME,
        NoticeKind.REPLY,
    }
)
LETTERS = MAILED | TO_RESIDENT
"""The kinds that have a mail of their own; the others are, to whoever has no number for an SMS, its words."""
WITH_CLOCK = frozenset({NoticeKind.REMINDER, NoticeKind.OVERDUE, NoticeKind.ESCALATED}) | MOVED
OTHER_DETAILS: Mapping[NoticeKind, tuple[str | None, ...]] = {
    NoticeKind.ALERT: (None, DANGER, NEXT, NEXT_DANGER),
    NoticeKind.REGISTERED: (None, BY_CALL, "joined"),
    NoticeKind.PRICE_ASKED: ("quote",),
    NoticeKind.PRICE_OWED: ("quote",),
    NoticeKind.ESCALATED: ("by_hand", "returns", "revisit"),
    NoticeKind.EXTENSION_DECIDED: ("granted", "refused"),
    NoticeKind.CALLED_OFF: ("withdrawn", "merged", "referred", "passed_on", "answered"),
    NoticeKind.REVISIT: ("again",),
    NoticeKind.REVISIT_REMINDER: ("promised", POINT),
    NoticeKind.FAULT: ("closed",),
    NoticeKind.CLOSED: (None, UPHELD, FINAL, UNREACHED),
    NoticeKind.COMPLETED: (None, ADOPTED, DECLINED),
    NoticeKind.ACCEPT: (None, MISSED, RAIN),
    NoticeKind.UNACCEPTED: (None, COMMON),
    NoticeKind.SIGN_OFF: (None, LATE),
    NoticeKind.PLAN_CHECK: (None, LATE),
    NoticeKind.REOPENED: (None, BY_WORD, "set_free", "left"),
    NoticeKind.APPOINTED: (None, BY_WORD),
    NoticeKind.PAUSED: (None, VISIT),
    NoticeKind.IN_YOUR_NAME: (
        "agreed",
        "disagreed",
        "price_asked",
        "objected",
        "withdrawn",
        "urged",
        "appealed",
        "work_accepted",
        AGREED_SIGNED,
        WORK_ON_PAPER,
    ),
    NoticeKind.REPORT_OWED: ("report", "closed"),
    NoticeKind.MALICIOUS: ("proposed", "appealed"),
    NoticeKind.MALICIOUS_DECIDED: (
        "confirmed",
        "confirmed_call",
        "dismissed",
        "lifted",
        "lifted_call",
        "kept",
        "kept_call",
    ),
    NoticeKind.APPEAL_DECIDED: ("lifted", "kept"),
    NoticeKind.INCIDENT: ("completed", "reopened", "objected", "referred", "ended", "news"),
    NoticeKind.MERGED: (None, "joined"),
}
RECIPIENTS = {
    NoticeKind.ALERT: "supervisor-1",
    NoticeKind.ESCALATED: "manager-1",
    NoticeKind.EXTENSION_ASKED: "manager-1",
    NoticeKind.OBJECTED: "manager-1",
    NoticeKind.TIME_KEPT: "manager-1",
    NoticeKind.REVIEW: "supervisor-1",
    NoticeKind.REFUSED: "supervisor-1",
    NoticeKind.FOUND_UNTRUE: "supervisor-1",
    NoticeKind.UNACCEPTED: "supervisor-1",
    NoticeKind.MEASURE: "engineering-head",
    NoticeKind.PRICE_OWED: "engineering-head",
    NoticeKind.REVISIT: "agent-1",
    NoticeKind.REVISIT_REMINDER: "agent-1",
    NoticeKind.REPORT_OWED: "engineering-head",
    NoticeKind.REPORT_FILED: "manager-1",
    NoticeKind.TO_CALL: "agent-1",
    NoticeKind.LETTER: "supervisor-1",
    NoticeKind.REPLY_DRAFTED: "supervisor-1",
    NoticeKind.REPLY_RETURNED: "agent-1",
    NoticeKind.REPLY_TO_POST: "agent-1",
    NoticeKind.MALICIOUS: "manager-1",
    NoticeKind.MALICIOUS_DECIDED: "supervisor-1",
}
"""Who gets a kind; the resident or the handler gets all others."""


def a_case(matter: str = "lighting_lock", *, unit: str = LONGEST_UNIT, due: datetime | None = None) -> Case:
    """A case with every value that a text can name, the serial of five digits and every clock."""
    place = office()
    case = place.register(unit=unit, matter=matter, email="wang@example.com").case
    context = place.desk.context_of(case)
    deadlines = {}
    for clock in Clock:
        rule = replace(context.regulation.rules[0], clock=clock, limit=Limit(48, Unit.HOURS))
        start = (due or NOON + timedelta(hours=30)) - timedelta(hours=48)
        deadlines[clock] = deadline_for(rule, start, context.calendar)
    return with_fields(
        case,
        number="202611-12345",
        deadlines=deadlines,
        handler="engineering-1",
        link_version=2,
        plan=ev.Proposed("线路老化", "更换灯具", 1_234_500),
        order=Order(bills=(Bill(1, 1_000_000, 234_550, "engineering-1", NOON),)),
        extension_request=ExtensionRequest("engineering-1", NOON + timedelta(days=20), "等配件"),
        result="已更换灯具。",
        completed_at=NOON,
        findings="现场查看，灯是亮的。",
        objection="晚上不亮。",
        merged_into="202611-12346",
        appointment=NOON + timedelta(days=2, hours=2),
        pause=CurrentPause(NOON, "waiting_for_parts", "订单", NOON + timedelta(days=3)),
        proposed_visit=ProposedVisit(NOON + timedelta(days=2, hours=2), "engineering-1", False, 2),
        referred_to="城市供水集团有限公司滨江区营业所",
        explanation="小区外的总管由供水公司维修。",
        fault=Fault("接口处仍有水渗出，天花板一圈发黄，需要重新处理", "engineering-1"),
        last=WrittenReport(NOON, "engineering-1", "周一报修", "水管老化", "已停水抢修", "周五前换管"),
        track=Track("supervisor-1", "虚报", "六件", NOON + timedelta(days=30), NOON),
        alarm=Alarm(("supervisor-1",), NOON, NOON),
        acceptance=Acceptance(
            "next_rain",
            NOON,
            date(2026, 11, 28),
            missed=(Missed(NOON, "engineering-1", NOON + timedelta(days=2, hours=2)),),
        ),
        revisitor="agent-1",
        revisit_due_at=NOON + timedelta(days=5),
    )


def code_for(notice: Notice) -> str:
    """The code of a link in the notice: a resident's has the seal of the number."""
    return SEALED if notice.recipient == RESIDENT_ID else CODE


def a_context(case: Case) -> Context:
    """The sample community, with long names for everybody who can be named."""
    plain = community()
    named = {"engineering-1", "agent-1", "manager-1"}
    staff = tuple(
        replace(member, name=LONG_NAME) if member.username in named else member for member in plain.staff
    )
    return office(replace(plain, staff=staff)).desk.context_of(case)


def a_notice(kind: NoticeKind, detail: str | None = None, **changes: object) -> Notice:
    """A notice of that kind by SMS, to whoever gets it."""
    recipient = RESIDENT_ID if kind in TO_RESIDENT else RECIPIENTS.get(kind, "engineering-1")
    return replace(Notice("key", kind, NoticeChannel.SMS, recipient, 2, NOON, detail), **changes)


def every_notice() -> Iterator[Notice]:
    """A notice of every kind, and of every detail that a kind has."""
    for kind in NoticeKind:
        details: tuple[str | None, ...] = OTHER_DETAILS.get(kind, ())
        if kind in WITH_CLOCK:
            details = (*details, *Clock)
        for detail in details or (None,):
            yield a_notice(kind, detail)


def values_for(
    notice: Notice, case: Case, base_url: str, now: datetime = NOON, language: str = "zh-CN"
) -> dict[str, str]:
    """What the texts of the notice can name; a moved time was known as two days ago."""
    link = f"{base_url}/l/{code_for(notice)}" if purpose_of(notice.kind, notice.recipient, case) else ""
    desk = f"{base_url}/desk/riverside/cases/{case.number}"
    addresses = Addresses(link, f"{base_url}/l/9999999999", desk, f"{base_url}/w/{case.number}")
    known = NOON - timedelta(days=2) if notice.kind in MOVED else None
    word = ev.Urged(None, "欧阳文静", NOON - timedelta(days=1, minutes=1), "in_writing")
    by_word = notice.kind is NoticeKind.IN_YOUR_NAME or notice.detail == BY_WORD
    told: ev.Payload = word if by_word else ev.ReplyApproved("王女士：来信收悉。", "agent-1")
    speaks = by_word or notice.kind is NoticeKind.REPLY
    cause = ev.Event(2, NOON, Actor(Role.AGENT, "agent-1"), "command", "id", told) if speaks else None
    code = "123456" if notice.kind is NoticeKind.CODE else ""
    return values_of(notice, case, a_context(case), addresses, now, texts(language), cause, known, code)


def sms(
    notice: Notice, case: Case, base_url: str = OWN_DOMAIN, now: datetime = NOON, language: str = "zh-CN"
) -> str:
    """The notice as an SMS."""
    values = values_for(notice, case, base_url, now, language)
    return write_sms(texts(language), notice.kind, notice.detail, values)


def mail(notice: Notice, case: Case, now: datetime = NOON, language: str = "zh-CN") -> Mail:
    """The notice as a mail."""
    by_mail = replace(notice, channel=NoticeChannel.MAIL)
    values = values_for(by_mail, case, OWN_DOMAIN, now, language)
    return write_mail(texts(language), notice.kind, notice.detail, values)


def every_matter() -> list[str]:
    """A matter of each name in any pack."""
    names: dict[str, str] = {}
    for pack in regulations().ids():
        for matter in regulations().get(pack).sortable:
            assert matter.id in regulations().get("default").matters
            names[matter.names["zh-CN"]] = matter.id
    return sorted(set(names.values()))


def matters_of_each_length(language: str) -> list[str]:
    """Matters whose names, whole and short, take every room that such names take in a language."""
    found: dict[tuple[int, int], str] = {}
    for matter in every_matter():
        known = regulations().get("default").matter(matter)
        name = known.names[language]
        short = known.short.get(language) or texts(language).short_of(matter) or name
        found.setdefault((length(name), length(short)), matter)
    return list(found.values())


def pressing(case: Case) -> ev.Classification:
    """The classification of the case, were it a serious emergency."""
    return replace(case.classification, urgency="emergency", severity="serious")
