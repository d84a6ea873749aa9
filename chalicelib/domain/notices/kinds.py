"""The kinds of notices, and by what way each is sent (A11, D1, G8).

Which carry a link, which go by mail, which are sent only once.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.links import Purpose

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
    PROPOSED = "proposed"
    PRICE_ASKED = "price_asked"
    APPOINTED = "appointed"
    VISIT_PROPOSED = "visit_proposed"
    VISIT_WANTED = "visit_wanted"
    VISIT_DECLINED = "visit_declined"
    VISIT_REFUSED = "visit_refused"
    TO_VISIT = "to_visit"
    AGREED = "agreed"
    DISAGREED = "disagreed"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_DECIDED = "extension_decided"
    EXTENDED = "extended"
    REPLANNED = "replanned"
    WORK_REPLANNED = "work_replanned"
    RECLASSIFIED = "reclassified"
    WORK_RECLASSIFIED = "work_reclassified"
    VISIT_DROPPED = "visit_dropped"
    URGED = "urged"
    CALLED_OFF = "called_off"
    COMPLETED = "completed"
    SURVEY_REMINDER = "survey_reminder"
    REVISIT = "revisit"
    REVISIT_REMINDER = "revisit_reminder"
    PROMISED = "promised"
    REOPENED = "reopened"
    REVIEW = "review"
    FAULT = "fault"
    REPORT_OWED = "report_owed"
    REPORT_FILED = "report_filed"
    REJECTED = "rejected"
    OBJECTED = "objected"
    REFERRED = "referred"
    CLOSED = "closed"
    MERGED = "merged"


class NoticeChannel(StrEnum):
    """By what way a notice is sent."""

    SMS = "sms"
    MAIL = "mail"


ONCE_ONLY = frozenset({NoticeKind.COMPLETED, NoticeKind.SURVEY_REMINDER})
"""The kinds that are never sent again when it is unknown if they left.

Nobody should be asked twice (D1).
"""

PURPOSES = {
    NoticeKind.REGISTERED: Purpose.TRACK,
    NoticeKind.ASSIGNED: Purpose.WORK,
    NoticeKind.PROPOSED: Purpose.TRACK,
    NoticeKind.APPOINTED: Purpose.TRACK,
    NoticeKind.VISIT_PROPOSED: Purpose.TRACK,
    NoticeKind.VISIT_REFUSED: Purpose.TRACK,
    NoticeKind.EXTENDED: Purpose.TRACK,
    NoticeKind.REPLANNED: Purpose.TRACK,
    NoticeKind.RECLASSIFIED: Purpose.TRACK,
    NoticeKind.VISIT_DROPPED: Purpose.TRACK,
    NoticeKind.COMPLETED: Purpose.RATE,
    NoticeKind.SURVEY_REMINDER: Purpose.RATE,
    NoticeKind.REJECTED: Purpose.TRACK,
    NoticeKind.REFERRED: Purpose.TRACK,
    NoticeKind.REOPENED: Purpose.TRACK,
    NoticeKind.CLOSED: Purpose.TRACK,
    NoticeKind.MERGED: Purpose.TRACK,
    NoticeKind.PROMISED: Purpose.TRACK,
}
"""Each kind of notice → the link that it carries, whoever gets it."""

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
        NoticeKind.WORK_REPLANNED,
        NoticeKind.WORK_RECLASSIFIED,
        NoticeKind.URGED,
    }
)
"""The kinds that carry the work link if they go to the handler."""

MAILED = frozenset(
    {
        NoticeKind.REGISTERED,
        NoticeKind.ASSIGNED,
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
    }
)
"""The kinds that also go by mail, to those who have an address.

A resident without a phone has all by mail.
"""


@dataclass(frozen=True, slots=True)
class Notice:
    """One message due to one person by one channel.

    `version` is that of the event that caused it. `detail` is a code word for the text: the clock that is
    meant, or what was decided.
    """

    key: str
    kind: NoticeKind
    channel: NoticeChannel
    recipient: str
    version: int
    created_at: datetime
    detail: str | None = None


def purpose_of(kind: NoticeKind, recipient: str, case: Case) -> Purpose | None:
    """The purpose of the link that a notice carries; None if it has none.

    The handler's messages lead to the work page.
    """
    if kind in TO_WORK:
        return Purpose.WORK if recipient == case.assignment.handler else None
    return PURPOSES.get(kind)
