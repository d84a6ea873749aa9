"""How a case stands, a line each: its state, a pause, a price, what somebody waits for."""

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import IN_DISPATCH, Case, State
from chalicelib.domain.case.clocks import ExtensionRequest
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.points import Point
from chalicelib.domain.case.work import ProposedVisit
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.money import yuan
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.regulation.rules import UNSORTED
from chalicelib.services.records import CaseLine
from chalicelib.services.views.deadline_view import DeadlineView
from chalicelib.services.views.link_view import TrackView
from chalicelib.services.views.malicious_view import MaliciousView
from chalicelib.services.views.staff_view import CaseView
from chalicelib.services.views.work_view import WorkView
from chalicelib.web.formats import short
from chalicelib.web.words import Words


def state_line(case: Case, words: Words) -> str:
    """The state of the case in the resident's words.

    A completed case waits for the rating, then for a revisit.
    """
    if case.state is State.COMPLETED and case.rating is None:
        return words("track.unrated")
    return state_name(case.state, case.classification.matter, words, to_resident=True)


def state_name(state: State, matter: str, words: Words, *, to_resident: bool = False) -> str:
    """The name of a state; what nobody has sorted is not to be assigned yet (A7)."""
    if state is State.REGISTERED and matter == UNSORTED:
        return words("track.state_unsorted")
    return words.name_as_read("states", state, to_resident=to_resident)


def pause_line(case: Case, words: Words, *, to_resident: bool = False) -> str:
    """Why the clock stands still, and until when; empty if it does not."""
    pause = case.clocks.pause
    if pause is None:
        return ""
    reason = words.name_as_read("pause_reasons", pause.reason, to_resident=to_resident)
    return words("track.paused", reason=reason, until=short(pause.until, case.zone, words))


def appointment_line(view: CaseView | TrackView | WorkView, zone: str, words: Words) -> str:
    """The agreed visit, or that a pause put it off; empty without one.

    With by when somebody comes instead, once the pause is over.
    """
    if view.visit_put_off is None:
        return short(view.appointment, zone, words) if view.appointment else ""
    moment, instead = short(view.visit_put_off, zone, words), comes_instead(view)
    if instead is None:
        return words("track.visit_put_off", moment=moment)
    return words("track.visit_instead", moment=moment, there_by=short(instead.due_at, zone, words))


def comes_instead(view: CaseView | TrackView | WorkView) -> DeadlineView | None:
    """The arrival instead of a visit that a pause put off.

    None while the pause lasts, or where it is late.
    """
    arrivals = (deadline for deadline in view.deadlines if deadline.clock is Clock.ON_SITE)
    arrival = next(arrivals, None)
    if view.visit_put_off is None or arrival is None or arrival.met_at or arrival.held_since or arrival.late:
        return None
    return arrival if arrival.due_at > view.visit_put_off else None


def visit_line(visit: ProposedVisit | None, page: str, zone: str, words: Words) -> str:
    """The visit that waits for an answer, in the words of a page; empty if none does."""
    if visit is None:
        return ""
    side = "resident" if visit.by_resident else "staff"
    return words(f"{page}.proposed_by_{side}", moment=short(visit.visit_at, zone, words))


def objection_line(case: Case, words: Words) -> str:
    """The objection that waits for the manager; empty if none does (B1)."""
    if case.state is not State.OBJECTED:
        return ""
    return words("case.objected", reason=case.ending.objection or "")


def marked_line(track: MaliciousView | None, zone: str, words: Words) -> str:
    """Until when whoever reported the case is on the malicious track; empty if they are not (G14)."""
    if track is None:
        return ""
    until = short(track.until, zone, words)
    if track.number is None:
        return words("case.marked_elsewhere", until=until)
    return words("case.marked", number=track.number, until=until)


def price_line(plan: ev.Proposed | None, words: Words) -> str:
    """The price that the plan costs the resident."""
    if plan is None or not plan.price_fen:
        return words("track.free")
    return words("page.price", yuan=yuan(plan.price_fen))


def returned_line(case: Case, words: Words) -> str:
    """Why the case came back, for the staff who put it right (D7).

    Empty in the first round.
    """
    if case.follow_up.returned_by is None:
        return ""
    cause = words.name("reopened_because", case.follow_up.returned_by)
    last = case.tally.ratings[-1] if case.follow_up.returned_by == "rating" and case.tally.ratings else None
    said = (
        words.name("scores", str(last.score))
        if last and not last.comment
        else case.follow_up.returned_because
    )
    return f"{cause} · {said}" if said else cause


def beginning_of(line: CaseLine, words: Words) -> str:
    """How a report begins, in its line; that it has no words, if it has none and nothing was erased."""
    return line.summary or ("" if line.erased else words("page.without_words"))


def points_shown(case: Case, context: Context, words: Words) -> tuple[tuple[str, str, bool], ...]:
    """The points raised at revisits (D4): each with its number, what became of it, and whether it is open."""
    return tuple(_point(point, context, words) for point in case.points)


def _point(point: Point, context: Context, words: Words) -> tuple[str, str, bool]:
    zone = context.community.zone
    if point.answered_at is None:
        said = words("case.point_open", due=short(point.due_at, zone, words))
    else:
        at, person = short(point.answered_at, zone, words), name_of(point.answered_by, context)
        said = words("case.point_answered", at=at, person=person, done=point.done, answer=point.answer)
    return f"{point.nth}. {point.text or words('page.none')}", said, not point.dealt_with


def asked_line(request: ExtensionRequest | None, context: Context, words: Words) -> str:
    """The extension that waits for the manager; empty if none does."""
    if request is None:
        return ""
    until = short(request.until, context.community.zone, words)
    person = name_of(request.requested_by, context)
    return words("case.extension_asked", person=person, until=until, reason=request.reason)


def to_call_line(case: Case, context: Context, words: Words) -> str:
    """What no message could tell the resident, and who is asked to call; empty if nothing (B8)."""
    if not case.telling.to_call:
        return ""
    told = dict.fromkeys(words.name("written_for_resident", untold.of) for untold in case.telling.to_call)
    asked = [name_of(username, context) for username in case.telling.asked]
    who = words.listed(asked) if asked else words("page.unknown_person")
    return words("case.to_call", what=words.listed(told), who=who)


def reply_lines(view: CaseView, context: Context, words: Words) -> tuple[str, str]:
    """How the reply to a letter stands, and its text; empty if nobody waits for one (A12)."""
    owed = words("case.reply_owed") if view.reply_owed else ""
    if view.reply is None:
        return owed, ""
    person, stand = name_of(view.reply.drafted_by, context), words.name("reply_stands", view.reply.stand)
    said = words("case.reply_of", person=person, stand=stand)
    return f"{said}{words('page.between_sentences')}{owed}" if owed else said, view.reply.text


def call_back_line(case: Case, words: Words) -> str:
    """That a call broke off and somebody calls back, how often in vain so far; empty if none is owed."""
    if not case.call_back.owed or case.state not in IN_DISPATCH:
        return ""
    if case.call_back.tried:
        return words("case.call_back_again", count=case.call_back.tried)
    return words("case.call_back")
