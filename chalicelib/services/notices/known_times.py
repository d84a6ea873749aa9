"""What the reader of a message about a moved deadline knows so far (G1)."""

from datetime import datetime

from chalicelib.domain.case.case import Case
from chalicelib.domain.notices.changed_times import MOVED, TELLS_TIMES, known_before
from chalicelib.domain.notices.kinds import Notice
from chalicelib.services.ports import CaseStore, NoticeStore


def known_to_reader(notice: Notice, case: Case, cases: CaseStore, notices: NoticeStore) -> datetime | None:
    """The time that the reader of such a message was told last: two queries; None for any other message.

    A message counts from when it was claimed, since its text was written just before.
    """
    if notice.kind not in MOVED:
        return None
    told = [
        (one.notice.version, one.claimed_at)
        for one in notices.of_case(case.community, case.number)
        if one.notice.recipient == notice.recipient and one.notice.kind in TELLS_TIMES
        if one.status == "sent" and one.claimed_at is not None
    ]
    return known_before(notice, case, cases.events(case.community, case.number), told)
