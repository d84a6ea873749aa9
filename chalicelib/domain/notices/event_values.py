"""The values that the text of a notice takes from the event that it tells (A8, B8, G5)."""

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.acceptance import ON_PAPER
from chalicelib.domain.case.case import Case
from chalicelib.domain.community.roles import Role
from chalicelib.domain.notices.details import BY_WORD
from chalicelib.domain.notices.kinds import Notice, NoticeChannel, NoticeKind
from chalicelib.domain.notices.phrases import Speech


def speaks_of_its_event(notice: Notice) -> bool:
    """Whether a notice tells what stands on its event, not on the case.

    Who asked for something and why, who spoke for the resident, or the very words of the news.
    """
    is_by_hand = notice.kind is NoticeKind.ESCALATED and notice.detail == "by_hand"
    is_mailed_news = notice.kind is NoticeKind.NEWS and notice.channel is NoticeChannel.MAIL
    is_by_word = notice.kind is NoticeKind.IN_YOUR_NAME or notice.detail == BY_WORD
    is_mailed_reply = notice.kind is NoticeKind.REPLY and notice.channel is NoticeChannel.MAIL
    return is_by_hand or is_mailed_news or is_mailed_reply or is_by_word or notice.kind is NoticeKind.URGED


def asked_for(case: Case, cause: ev.Event | None, speech: Speech) -> dict[str, str]:
    """What the event says, of who asked for something and why, or of news; else the extension that waits."""
    request = case.clocks.extension_request
    asker, because = (request.requested_by, request.reason) if request else (None, None)
    urger = speech.texts.words["phrases"]["resident"]
    match cause:
        case ev.Event(actor=actor, payload=ev.Escalated(reason=because)):
            asker = actor.id
        case ev.Event(actor=actor, payload=ev.Urged()) if actor.role is not Role.RESIDENT:
            urger = speech.name(actor.id)
    note = cause.payload.note if cause and isinstance(cause.payload, ev.Progressed) else ""
    reply = cause.payload.text if cause and isinstance(cause.payload, ev.ReplyApproved) else ""
    asked = {"asker": speech.name(asker), "urger": urger, "asked_because": because or ""}
    return {**asked, "note": note, "reply": reply}


def by_word(cause: ev.Event | None, speech: Speech) -> dict[str, str]:
    """When and how somebody spoke in the resident's name; who that was, the page says (A8)."""
    spoken_at = getattr(cause.payload, "spoken_at", None) if cause else None
    if cause and isinstance(cause.payload, ev.RevisitRecorded | ev.AskedAgain | ev.WorkAccepted):
        spoken_at = cause.at
    manner = getattr(cause.payload, "manner", None) if cause else None
    if cause and isinstance(cause.payload, ev.WorkAccepted):
        manner = "in_writing" if cause.payload.how == ON_PAPER else "in_person"
    return {
        "spoken_at": speech.moment(spoken_at) if spoken_at else "",
        "spoken_how": speech.texts.words["manners"].get(manner or "", ""),
    }
