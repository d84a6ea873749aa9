"""Why a message need not leave: another one to its reader says it (B6, C3, G3)."""

from collections.abc import Iterable

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.notices.grouping import (
    is_of_a_rung,
    is_said_by_another_clock,
    was_told_by_a_lower_rung,
)
from chalicelib.domain.notices.kinds import RESIDENT_ID, Notice, NoticeChannel, notice_key
from chalicelib.domain.notices.sources import is_ordinary_chase
from chalicelib.services.ports import NoticeStore
from chalicelib.services.records import NOT_REACHABLE, StoredNotice

TOLD_ALREADY, BY_MAIL = "told_already", "by_mail"
NEVER_LEAVES = frozenset({"skipped", "failed"})


def why_said_already(notices: NoticeStore, notice: Notice, case: Case, context: Context) -> str | None:
    """Why a notice need not leave, as a code word; None if it must. One query where others may say it."""
    if is_said_by_another_clock(notice, case, context):
        return TOLD_ALREADY
    may_be_mailed = is_chase_by_sms(notice, case)
    if not (is_of_a_rung(notice) or may_be_mailed):
        return None
    others = notices.of_case(case.community, case.number)
    told = (other.notice for other in others if other.status not in NEVER_LEAVES)
    if is_of_a_rung(notice) and was_told_by_a_lower_rung(notice, told, case):
        return TOLD_ALREADY
    return BY_MAIL if may_be_mailed and _is_mailed(notice, others, case, context) else None


def is_chase_by_sms(notice: Notice, case: Case) -> bool:
    """Whether an SMS chases one of staff about what can wait."""
    to_staff = notice.recipient != RESIDENT_ID and notice.channel is NoticeChannel.SMS
    return to_staff and is_ordinary_chase(notice.kind, notice.detail, case)


def _is_mailed(notice: Notice, others: Iterable[StoredNotice], case: Case, context: Context) -> bool:
    """Whether a mail says it to somebody whom an SMS has chased before.

    The first chase of a round reaches a telephone, whoever it is for; so does each one while their address
    takes no mail.
    """
    member = context.community.member(notice.recipient)
    if member is None or not member.email:
        return False
    theirs = [other for other in others if other.notice.recipient == notice.recipient]
    twin = notice_key(notice.version, notice.kind, NoticeChannel.MAIL, notice.recipient)
    has_twin = any(other.notice.key == twin and other.status not in NEVER_LEAVES for other in theirs)
    mails = (other for other in theirs if other.notice.channel is NoticeChannel.MAIL)
    are_lost = any(other.status == "failed" or other.outcome in NOT_REACHABLE for other in mails)
    was_chased = any(
        other.status == "sent"
        and is_chase_by_sms(other.notice, case)
        and other.notice.created_at >= case.clocks.started_at
        for other in theirs
    )
    return has_twin and was_chased and not are_lost
