"""What a resident must hear or answer: no cap of strangers holds it, and where none can leave, we call.

One rule says both (B8, A8): what is worth an SMS to a number that has never answered is worth a call to one
that takes none.
"""

from chalicelib.domain.case.events import SET_FREE
from chalicelib.domain.notices.details import BY_WORD, UPHELD
from chalicelib.domain.notices.kinds import RESIDENT_ID, TELLS, Notice, NoticeKind, Source

CHANGED_PROMISES = frozenset(
    {
        NoticeKind.EXTENDED,
        NoticeKind.REPLANNED,
        NoticeKind.RECLASSIFIED,
        NoticeKind.TIME_MOVED,
        NoticeKind.TIME_DROPPED,
        NoticeKind.VISIT_DROPPED,
        NoticeKind.PAUSED,
    }
)
"""The messages without which a resident waits for what was promised before: they are of use only in time."""

MUST_BE_HEARD = CHANGED_PROMISES | {
    NoticeKind.NEWS,
    NoticeKind.PROPOSED,
    NoticeKind.INFEASIBLE,
    NoticeKind.BILLED,
    NoticeKind.FREED,
    NoticeKind.APPOINTED,
    NoticeKind.VISIT_PROPOSED,
    NoticeKind.VISIT_REFUSED,
    NoticeKind.COMPLETED,
    NoticeKind.POINT_ANSWERED,
    NoticeKind.REJECTED,
    NoticeKind.REFERRED,
    NoticeKind.INCIDENT,
    NoticeKind.REOPENED,
    NoticeKind.MARKED,
    NoticeKind.APPEAL_DECIDED,
    NoticeKind.REPLY,
    NoticeKind.CODE,
}
"""What a resident must hear or answer, whatever its detail."""


def must_be_heard(kind: NoticeKind, detail: str | None) -> bool:
    """Whether a message says what its resident must hear: so does a closing that decides on an objection.

    Anything else waits for a digest at a number from which nobody has ever answered, and stands on the page:
    the number of the case is given by the page or the person who took it in, a survey is followed by a call.
    """
    return kind in MUST_BE_HEARD or (kind, detail) == (NoticeKind.CLOSED, UPHELD)


def asks_for_call(kind: NoticeKind, recipient: str, detail: str | None, source: Source) -> bool:
    """Whether somebody calls the resident where no message of that kind can leave (B8).

    Nobody calls to say what the resident has done or said, and a code is read out by who is asked for it.
    """
    if recipient != RESIDENT_ID or kind is NoticeKind.CODE or not must_be_heard(kind, detail):
        return False
    own_doing = kind is NoticeKind.REOPENED and source in {Source.RESIDENT, Source.STRANGER}
    return detail != BY_WORD and not (own_doing and detail != SET_FREE)


def is_put_on_case(notice: Notice, *, has_left: bool) -> bool:
    """Whether the case hears what became of a message: clocks wait for that, or somebody has to call."""
    calls = asks_for_call(notice.kind, notice.recipient, notice.detail, notice.source)
    return notice.kind in TELLS or (calls and not has_left)


def what_was_told(kind: NoticeKind) -> str:
    """What a message tells, as a code word of the case: the event's type, else the kind of message."""
    return TELLS.get(kind, str(kind))
