"""The times that the reader of a message was told before (G1)."""

from datetime import datetime

from chalicelib.domain.case.case import Case
from chalicelib.domain.notices.changed_times import MOVED, TELLS_TIMES, known_before
from chalicelib.domain.notices.kinds import Notice
from chalicelib.services.desk import Desk
from chalicelib.services.ports import NoticeStore


def known_to_reader(notice: Notice, case: Case, desk: Desk, notices: NoticeStore) -> datetime | None:
    """The deadline that the reader of a message was told last.

    None for a message that tells no times. Two queries.

    A message counts from when it was claimed, since its text was written just before.
    """
    if notice.kind not in MOVED:
        return None
    told = [
        (stored.notice.version, stored.claimed_at)
        for stored in notices.of_case(case.community, case.number)
        if stored.notice.recipient == notice.recipient and stored.notice.kind in TELLS_TIMES
        if stored.status == "sent" and stored.claimed_at is not None
    ]
    events = desk.cases.events(case.community, case.number)
    return known_before(notice, case, events, told, desk.context_of(case))
