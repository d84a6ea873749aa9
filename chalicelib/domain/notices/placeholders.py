"""The values that the text of a notice can name (A11, B3, B7).

Nothing personal of the resident is among them but what was said and, for staff, the unit.
"""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.numbering import serial_of
from chalicelib.domain.case.visit_deadlines import visit_put_off
from chalicelib.domain.dispatch.department_names import department_name
from chalicelib.domain.dispatch.responsibility import rank_of_its_kind
from chalicelib.domain.follow_up.reopening import SEEN_WRONG
from chalicelib.domain.follow_up.schedule import revisit_due_at
from chalicelib.domain.intake.danger import danger_of
from chalicelib.domain.intake.masking import HIDDEN_UNIT
from chalicelib.domain.money import yuan
from chalicelib.domain.notices.details import OF_DANGER
from chalicelib.domain.notices.event_values import asked_for, by_word
from chalicelib.domain.notices.kinds import RESIDENT_ID, Notice, NoticeChannel, NoticeKind
from chalicelib.domain.notices.mail_values import for_mails
from chalicelib.domain.notices.phrases import Speech
from chalicelib.domain.notices.templates import Texts, one_line
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.regulation.rules import UNSORTED
from chalicelib.domain.work.acceptance_chase import IN_THE_MORNING

LONGEST_UNIT = 13
"""Room for a unit such as 3期12栋2单元2801室, in characters."""
LONGEST_FAULT = 16
"""The same for a fault, the cause of a round, or whom somebody is referred to."""

SAID_BY_STAFF = frozenset({"revisit", "staff", "objection", SEEN_WRONG})
"""The causes of a round whose reason a colleague wrote, not the resident."""

UNNAMED_MATTERS = frozenset({"other", UNSORTED})
"""The matters whose names only make sense in a list of matters."""


class Addresses(Struct, frozen=True):
    """The addresses that a notice can lead to.

    `link` is its own, if it has one; `track` the tracking page, `desk` the desk's, `case` a short way there.
    """

    link: str
    track: str
    desk: str
    case: str


def values_of(
    notice: Notice,
    case: Case,
    context: Context,
    addresses: Addresses,
    now: datetime,
    texts: Texts,
    cause: ev.Event | None = None,
    known: datetime | None = None,
    code: str = "",
) -> dict[str, str]:
    """Every value that a text for that channel may name, by its name.

    An empty one is unknown, or not for this reader. `cause` is the notice's event, where it speaks of that;
    `known` what its reader knew of a moved deadline, `code` what proves a phone number.
    """
    speech = Speech(case, context, now, texts, brief=notice.channel is NoticeChannel.SMS)
    return {
        **_about_the_case(case, speech),
        "department": _whose(notice, case, context, texts),
        "danger": (danger_of(case, context) or "") if notice.detail in OF_DANGER else "",
        **_about_people(notice, case, speech),
        **_about_times(notice, case, speech),
        **(for_mails(notice, case, speech) if notice.channel is NoticeChannel.MAIL else {}),
        **asked_for(case, cause, speech),
        **by_word(cause, speech),
        **_reported(case, speech),
        "before": speech.moment(known) if known else "",
        "desk": _desk(context, texts),
        "url": addresses.link,
        "code": code,
        "track_url": addresses.track,
        "desk_url": "" if notice.recipient == RESIDENT_ID else addresses.desk,
        "case_url": "" if notice.recipient == RESIDENT_ID else addresses.case,
        "decision": texts.words["decisions"].get(notice.detail or "", ""),
        "act": texts.words["acts"].get(notice.detail or "", ""),
        "ending": texts.words["endings"].get(notice.detail or "", ""),
    }


def _about_the_case(case: Case, speech: Speech) -> dict[str, str]:
    context, texts = speech.context, speech.texts
    about = case.classification
    known = context.regulation.matter(about.matter)
    matter = known.names.get(texts.language) or known.names["en"]
    if about.matter in UNNAMED_MATTERS:
        matter = texts.words["phrases"][f"{about.matter}_matter"]
    # what is both serious and an emergency is told as an emergency: somebody has to go there now
    grade = about.severity if about.severity == "serious" and about.urgency != "emergency" else about.urgency
    price, owed = None if case.work.plan is None else case.work.plan.price_fen, case.order.owed
    return {
        "number": case.number,
        "into": case.ending.merged_into or "",
        "referred_to": speech.short(case.ending.referred_to or "", LONGEST_FAULT),
        "serial": f"{serial_of(case.number):04d}",
        "round": str(case.round),
        "matter": matter,
        "short_matter": known.short.get(texts.language) or texts.short_of(known.id) or matter,
        "grade": texts.words["grades"][grade],
        "price": "" if price is None else yuan(price),
        "bill": "" if owed is None else yuan(owed.total_fen),
        "community": context.community.name,
    }


def _whose(notice: Notice, case: Case, context: Context, texts: Texts) -> str:
    """Whose the case is; a resident reads the rank that decides on it, where its kind has one (A13)."""
    about = case.classification
    rank = rank_of_its_kind(about.kind, context) if notice.recipient == RESIDENT_ID else None
    if rank is not None:
        return texts.reasons(f"roles.{rank}")
    return department_name(about.department, context.community, texts.reasons)


def _desk(context: Context, texts: Texts) -> str:
    """The desk whom residents are asked to call, with its number if it has one."""
    phone, phrases = context.community.phone, texts.words["phrases"]
    return phrases["desk_with_phone"].format(phone=phone) if phone else phrases["desk"]


def _about_people(notice: Notice, case: Case, speech: Speech) -> dict[str, str]:
    to_resident = notice.recipient == RESIDENT_ID
    phrases = speech.texts.words["phrases"]
    handler = speech.name(case.assignment.handler)
    who = phrases["handler"].format(name=handler) if handler else phrases["nobody"]
    return {
        # staff are called by their own name; the resident's is for the resident alone
        "name": (case.report.resident_name or phrases["resident"])
        if to_resident
        else speech.name(notice.recipient),
        "unit": "" if to_resident else _unit(case, speech),
        "handler": handler,
        "who": who,
        "colleague": who if handler and notice.recipient != case.assignment.handler else "",
        "nobody": "" if handler else phrases["nobody"],
        "to_hand_on": "" if handler else phrases["to_assign" if case.classification.is_sorted else "to_sort"],
        "revisitor": speech.name(case.follow_up.revisitor),
        **_what_was_wrong(case, speech),
    }


def _unit(case: Case, speech: Speech) -> str:
    unit, phrases = case.report.unit, speech.texts.words["phrases"]
    if unit == HIDDEN_UNIT:
        return phrases["hidden_unit"]
    return speech.short(one_line(unit or ""), LONGEST_UNIT) or phrases["no_unit"]


def _what_was_wrong(case: Case, speech: Speech) -> dict[str, str]:
    """Why the case came back, and what a revisit found wrong (C17, D7).

    What the resident wrote with a rating stands in the mails as that, and in no SMS.
    """
    words = speech.texts.words
    found = case.follow_up.fault
    fault = speech.short(found.text, LONGEST_FAULT) if found and found.text else ""
    if found and not fault:
        fault = words["phrases"]["unsaid_fault"]
    returned_by = case.follow_up.returned_by
    cause = words["returns"][returned_by] if returned_by else ""
    # what residents wrote themselves stays out of SMS; a rating's comment stands in the mail as `last_rating`
    is_quoted = returned_by in SAID_BY_STAFF or (not speech.brief and returned_by != "rating")
    said = case.follow_up.returned_because if is_quoted else None
    if speech.brief:
        return {"fault": fault, "returned": speech.short(said, LONGEST_FAULT) if said else cause}
    return {
        "fault": fault,
        "returned": words["phrases"]["because"].format(cause=cause, said=said) if said else cause,
    }


def _reported(case: Case, speech: Speech) -> dict[str, str]:
    """The written report on a serious case, as it was filed last (B6)."""
    report = case.report_duty.last
    return {
        "reporter": speech.name(report.filed_by) if report else "",
        "course": report.course if report else "",
        "reported_cause": report.cause if report else "",
        "measures": report.measures if report else "",
        "next_steps": report.next_steps if report else "",
    }


def _about_times(notice: Notice, case: Case, speech: Speech) -> dict[str, str]:
    clock, ends = speech.clock_of(notice), speech.ends
    arrival = ends[Clock.ON_SITE] if case.clocks.arrival_due_at else None
    solve = ends.get(Clock.SOLVE)
    first_solve = case.deadlines[Clock.SOLVE].first_due_at if solve else None
    due, visit, put_off = ends[clock], case.work.appointment, visit_put_off(case)
    sort, respond = (
        None if case.classification.is_sorted else case.deadlines.get(clock)
        for clock in (Clock.SORT, Clock.RESPOND)
    )
    request, pause = case.clocks.extension_request, case.clocks.pause
    dropped = (gone for gone in Clock if gone == notice.detail and notice.kind is NoticeKind.TIME_DROPPED)
    named = next(dropped, clock)
    solve_after_visit = solve if visit != solve else None
    day = case.work.acceptance.day
    return {
        "clock": speech.texts.words["clocks"][named],
        "arrival": speech.moment(arrival) if arrival else "",
        "solve": speech.moment(solve) if solve else "",
        "first_solve": speech.moment(first_solve) if first_solve else "",
        "sort": speech.moment(sort.due_at) if sort else "",
        "respond": speech.moment(respond.due_at) if respond else "",
        "due": speech.moment(due),
        "deadline": speech.deadline(clock, due),
        # written before the deadline, a message says when it ends instead
        "lateness": speech.lateness(clock, due) or speech.deadline(clock, due),
        "until": speech.moment(request.until) if request else "",
        "marked_until": speech.moment(case.track.until) if case.track else "",
        "proposed": speech.moment(case.work.proposed_visit.visit_at) if case.work.proposed_visit else "",
        "paused_until": speech.moment(pause.until) if pause else "",
        "appointment": speech.moment(visit) if visit else "",
        "visit_put_off": speech.moment(put_off) if put_off else "",
        "then_solve": speech.moment(solve_after_visit) if solve_after_visit else "",
        "again_at": _again_at(case, speech),
        "accept_day": speech.moment(speech.context.calendar.midnight(day) + IN_THE_MORNING) if day else "",
        "revisit_due": speech.moment(case.follow_up.revisit_due_at) if case.follow_up.revisit_due_at else "",
        "revisit_owed": speech.moment(revisit_due_at(case, speech.context)) if case.work.completed_at else "",
    }


def _again_at(case: Case, speech: Speech) -> str:
    """When somebody comes again for a signature; empty where nobody does."""
    missed = case.work.acceptance.missed
    again_at = missed[-1].again_at if missed else None
    return speech.moment(again_at) if again_at and again_at > speech.now else ""
