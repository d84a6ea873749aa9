"""Who hears of a letter and its reply, and who tells a resident by hand (A12, B8)."""

from collections.abc import Iterator

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.outcome import Outcome
from chalicelib.domain.case.reply import REPLY, Stand
from chalicelib.domain.community.roles import Role
from chalicelib.domain.dispatch.ranks import person_of_rank
from chalicelib.domain.notices.kinds import RESIDENT_ID, Notice, NoticeKind

OF_THE_REPLY = frozenset(
    {NoticeKind.LETTER, NoticeKind.REPLY_DRAFTED, NoticeKind.REPLY_RETURNED, NoticeKind.REPLY_TO_POST}
)
"""The kinds that ask staff for something about a letter."""


def of_replies(case: Case, event: ev.Event, context: Context) -> Iterator[tuple[NoticeKind, str, str | None]]:
    """Who is told of a letter, and of each step of its reply (A12).

    Of a letter the supervisor, of a draft who approves it, of a returned one its drafter. Nobody is told of
    what they did themselves.
    """
    reply = case.reply_duty.reply
    match event.payload:
        case ev.Registered() if case.owes_reply:
            supervisor = person_of_rank(context.community, Role.SUPERVISOR, "desk", event.at)
            if supervisor is not None and supervisor.username != event.actor.id:
                yield NoticeKind.LETTER, supervisor.username, None
        case ev.ReplyDrafted():
            by = event.actor.id
            approver = person_of_rank(context.community, Role.SUPERVISOR, "desk", event.at, {by})
            if approver is not None and approver.username != by:
                yield NoticeKind.REPLY_DRAFTED, approver.username, None
        case ev.ReplyReturned() if reply and reply.drafted_by != event.actor.id:
            yield NoticeKind.REPLY_RETURNED, reply.drafted_by, None
        case ev.ReplyApproved():
            yield NoticeKind.REPLY, RESIDENT_ID, None
        case _:
            return


def to_call(outcome: Outcome, event: ev.Event) -> Iterator[tuple[NoticeKind, str, str | None]]:
    """Who is asked to call the resident (B8), or to post the reply to a letter (A12).

    Whoever was asked to call already, and has not called, is not asked again.
    """
    if not isinstance(event.payload, ev.ResidentNotTold):
        return
    if event.payload.of == REPLY:
        for username in event.payload.asked:
            yield NoticeKind.REPLY_TO_POST, username, None
        return
    before = outcome.before.telling if outcome.before else None
    knows = before.asked if before and before.to_call else ()
    for username in event.payload.asked:
        if username not in knows:
            yield NoticeKind.TO_CALL, username, None


def why_nothing_is_asked(notice: Notice, case: Case) -> str | None:
    """Why a message about a letter asks for nothing any more; None if it does.

    The round of the case does not matter.
    """
    duty, reply = case.reply_duty, case.reply_duty.reply
    if notice.kind is NoticeKind.LETTER:
        return None if case.owes_reply and reply is None else "done"
    if notice.kind is NoticeKind.REPLY_DRAFTED:
        waiting = duty.stands(Stand.DRAFTED)
        return None if waiting and waiting.version == notice.version else "decided"
    stand = Stand.RETURNED if notice.kind is NoticeKind.REPLY_RETURNED else Stand.TO_POST
    return None if duty.stands(stand) else "done"
