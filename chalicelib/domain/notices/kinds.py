"""The kinds of notices, and by what way each is sent (A11, D1, G8).

Which carry a link, which go by mail, which are sent only once.
"""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.case.reply import REPLY

RESIDENT_ID = "resident"
"""The recipient of a notice to the resident; any other is a username."""


class NoticeKind(StrEnum):
    """What a notice tells."""

    REGISTERED = "registered"
    ALERT = "alert"
    ASSIGNED = "assigned"
    REMINDER = "reminder"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    NEWS = "news"
    TO_CALL = "to_call"
    PROPOSED = "proposed"
    INFEASIBLE = "infeasible"
    PRICE_ASKED = "price_asked"
    APPOINTED = "appointed"
    VISIT_PROPOSED = "visit_proposed"
    VISIT_WANTED = "visit_wanted"
    VISIT_DECLINED = "visit_declined"
    VISIT_REFUSED = "visit_refused"
    TO_VISIT = "to_visit"
    AGREED = "agreed"
    DISAGREED = "disagreed"
    PRICE_OWED = "price_owed"
    REFUSED = "refused"
    BILLED = "billed"
    FREED = "freed"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_DECIDED = "extension_decided"
    TIME_KEPT = "time_kept"
    EXTENDED = "extended"
    REPLANNED = "replanned"
    WORK_REPLANNED = "work_replanned"
    RECLASSIFIED = "reclassified"
    WORK_RECLASSIFIED = "work_reclassified"
    VISIT_DROPPED = "visit_dropped"
    TIME_DROPPED = "time_dropped"
    TIME_MOVED = "time_moved"
    PAUSED = "paused"
    URGED = "urged"
    ADDED = "added"
    CALLED_OFF = "called_off"
    SIGN_OFF = "sign_off"
    RESULT_RETURNED = "result_returned"
    PLAN_CHECK = "plan_check"
    PLAN_RETURNED = "plan_returned"
    COMPLETED = "completed"
    ACCEPT = "accept"
    UNACCEPTED = "unaccepted"
    MEASURE = "measure"
    SURVEY_REMINDER = "survey_reminder"
    REVISIT = "revisit"
    REVISIT_REMINDER = "revisit_reminder"
    PROMISED = "promised"
    POINT_ANSWERED = "point_answered"
    REOPENED = "reopened"
    IN_YOUR_NAME = "in_your_name"
    REVIEW = "review"
    FAULT = "fault"
    REPORT_OWED = "report_owed"
    REPORT_FILED = "report_filed"
    FOUND_UNTRUE = "found_untrue"
    REJECTED = "rejected"
    OBJECTED = "objected"
    REFERRED = "referred"
    CLOSED = "closed"
    MERGED = "merged"
    INCIDENT = "incident"
    MALICIOUS = "malicious"
    MALICIOUS_DECIDED = "malicious_decided"
    MARKED = "marked"
    APPEAL_DECIDED = "appeal_decided"
    LETTER = "letter"
    REPLY_DRAFTED = "reply_drafted"
    REPLY_RETURNED = "reply_returned"
    REPLY_TO_POST = "reply_to_post"
    REPLY = "reply"
    CODE = "code"


class NoticeChannel(StrEnum):
    """By what way a notice is sent."""

    SMS = "sms"
    MAIL = "mail"


ONCE_ONLY = frozenset({NoticeKind.COMPLETED, NoticeKind.SURVEY_REMINDER})
"""The kinds that are never sent again when it is unknown if they left.

Nobody should be asked twice (D1).
"""

TELLS = {
    NoticeKind.NEWS: "progressed",
    NoticeKind.PROPOSED: "proposed",
    NoticeKind.INFEASIBLE: "not_feasible",
    NoticeKind.APPOINTED: "appointment_agreed",
    NoticeKind.COMPLETED: "completed",
    NoticeKind.REPLY: REPLY,
}
"""Each kind whose leaving is put on the case → the stored type of the event of which the resident hears.

Clocks are met by that, and where none can leave, somebody is asked to call (B8).
"""

PURPOSES = {
    NoticeKind.REGISTERED: Purpose.TRACK,
    NoticeKind.ASSIGNED: Purpose.WORK,
    **dict.fromkeys((NoticeKind.NEWS, NoticeKind.EXTENDED, NoticeKind.REPLANNED), Purpose.TRACK),
    NoticeKind.PROPOSED: Purpose.TRACK,
    **dict.fromkeys((NoticeKind.INFEASIBLE, NoticeKind.BILLED, NoticeKind.FREED), Purpose.TRACK),
    NoticeKind.APPOINTED: Purpose.TRACK,
    **dict.fromkeys((NoticeKind.VISIT_PROPOSED, NoticeKind.VISIT_REFUSED), Purpose.TRACK),
    NoticeKind.RECLASSIFIED: Purpose.TRACK,
    **dict.fromkeys((NoticeKind.VISIT_DROPPED, NoticeKind.TIME_DROPPED), Purpose.TRACK),
    **dict.fromkeys((NoticeKind.TIME_MOVED, NoticeKind.PAUSED), Purpose.TRACK),
    NoticeKind.COMPLETED: Purpose.RATE,
    NoticeKind.ACCEPT: Purpose.TRACK,
    NoticeKind.SURVEY_REMINDER: Purpose.RATE,
    NoticeKind.REJECTED: Purpose.TRACK,
    NoticeKind.REFERRED: Purpose.TRACK,
    NoticeKind.REOPENED: Purpose.TRACK,
    NoticeKind.IN_YOUR_NAME: Purpose.TRACK,
    NoticeKind.CLOSED: Purpose.TRACK,
    NoticeKind.MERGED: Purpose.TRACK,
    NoticeKind.INCIDENT: Purpose.TRACK,
    NoticeKind.PROMISED: Purpose.TRACK,
    NoticeKind.POINT_ANSWERED: Purpose.TRACK,
    NoticeKind.MARKED: Purpose.TRACK,
    NoticeKind.APPEAL_DECIDED: Purpose.TRACK,
    NoticeKind.REPLY: Purpose.TRACK,
}
"""Each kind of notice → the link that it carries, whoever gets it."""

OF_THE_TRACK = frozenset(
    {NoticeKind.MALICIOUS, NoticeKind.MALICIOUS_DECIDED, NoticeKind.MARKED, NoticeKind.APPEAL_DECIDED}
)
"""The kinds about the malicious track (G14)."""

FOLLOWED = frozenset({NoticeKind.REMINDER, NoticeKind.OVERDUE})
"""The kinds that reach whoever took the case in as well (A9)."""

TO_WORK = frozenset(
    {
        NoticeKind.REMINDER,
        NoticeKind.OVERDUE,
        NoticeKind.PRICE_ASKED,
        NoticeKind.TO_VISIT,
        NoticeKind.VISIT_WANTED,
        NoticeKind.VISIT_DECLINED,
        NoticeKind.AGREED,
        NoticeKind.DISAGREED,
        NoticeKind.EXTENSION_DECIDED,
        NoticeKind.RESULT_RETURNED,
        NoticeKind.PLAN_RETURNED,
        NoticeKind.WORK_REPLANNED,
        NoticeKind.WORK_RECLASSIFIED,
        NoticeKind.URGED,
        NoticeKind.ADDED,
    }
)
"""The kinds that carry the work link if they go to the handler."""

MAILED = frozenset(
    {
        NoticeKind.REGISTERED,
        NoticeKind.ASSIGNED,
        NoticeKind.NEWS,
        NoticeKind.COMPLETED,
        NoticeKind.REJECTED,
        NoticeKind.REFERRED,
        NoticeKind.CLOSED,
        NoticeKind.ESCALATED,
        NoticeKind.ALERT,
        NoticeKind.REVIEW,
        NoticeKind.FAULT,
        NoticeKind.REPORT_OWED,
        NoticeKind.REPORT_FILED,
        NoticeKind.EXTENSION_ASKED,
        NoticeKind.OBJECTED,
        NoticeKind.MARKED,
        NoticeKind.APPEAL_DECIDED,
        NoticeKind.REPLY,
    }
)
"""The kinds that also go by mail, to those who have an address.

Whoever has no phone that can get an SMS has all by mail (`can_get_sms`).
"""


class Source(StrEnum):
    """Who caused a notice (sources.py)."""

    STRANGER = "stranger"
    RESIDENT = "resident"
    STAFF = "staff"
    MACHINE = "machine"


class Notice(Struct, frozen=True):
    """One message due to one person by one channel.

    `version` is that of the event that caused it. `detail` is a code word for the text: the clock that is
    meant, or what was decided. `source` is who caused the event; notices of before 0.2.0 have none.
    """

    key: str
    kind: NoticeKind
    channel: NoticeChannel
    recipient: str
    version: int
    created_at: datetime
    detail: str | None = None
    source: Source = Source.STAFF


def notice_key(version: int, kind: NoticeKind, channel: NoticeChannel, person: str) -> str:
    """The key of a notice: made of its event and its recipient, so that it exists once."""
    return f"{version:06d}#{kind}#{channel}#{person}"


def purpose_of(kind: NoticeKind, recipient: str, case: Case) -> Purpose | None:
    """The purpose of the link that a notice carries; None if it has none.

    The handler's messages lead to the work page, an alert to where its reader confirms it.
    """
    if kind is NoticeKind.ALERT:
        return Purpose.ALERT if case.alarm and recipient in case.alarm.linked else None
    if kind in TO_WORK:
        return Purpose.WORK if recipient == case.assignment.handler else None
    return PURPOSES.get(kind)
