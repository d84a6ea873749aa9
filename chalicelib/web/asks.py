"""What somebody is asked for on a case, a sentence each (domain/waiting.py)."""

from collections.abc import Callable, Collection, Mapping

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.money import yuan
from chalicelib.domain.when import climbed_over
from chalicelib.web.alarm_lines import alarm_line
from chalicelib.web.case_lines import asked_line, call_back_line, objection_line, to_call_line, visit_line
from chalicelib.web.formats import short
from chalicelib.web.history_details import report_line
from chalicelib.web.words import Words


def ask_line(what: str, case: Case, context: Context, words: Words) -> str:
    """The sentence of one thing that is asked for."""
    said = _SAID.get(what)
    return (said(case, context, words) if said else "") or words(f"asks.{what}")


def _reply(case: Case, context: Context, words: Words) -> str:
    waiting = case.reply_duty.reply
    if waiting is None:
        return ""
    return words("asks.reply_drafted", person=name_of(waiting.drafted_by, context), text=waiting.text)


def _reply_returned(case: Case, _: Context, words: Words) -> str:
    reason = case.reply_duty.reply.returned_because if case.reply_duty.reply else ""
    return words("asks.reply_because", reason=reason) if reason else ""


def _sign_off(case: Case, context: Context, words: Words) -> str:
    waiting = case.work.sign_off.waiting
    if waiting is None:
        return ""
    return words("asks.sign_off_of", person=name_of(waiting.by, context), result=waiting.result)


def _result_returned(case: Case, context: Context, words: Words) -> str:
    returned = case.work.sign_off.returned
    if returned is None:
        return ""
    return words("asks.result_because", person=name_of(returned.by, context), reason=returned.reason)


def _plan(case: Case, context: Context, words: Words) -> str:
    waiting = case.work.plan_check.waiting
    if waiting is None:
        return ""
    said = {"cause": waiting.plan.cause, "plan": waiting.plan.plan}
    by = name_of(waiting.by, context)
    if waiting.plan.price_fen:
        return words("asks.plan_with_price", person=by, yuan=yuan(waiting.plan.price_fen), **said)
    return words("asks.plan_of", person=by, **said)


def _plan_returned(case: Case, context: Context, words: Words) -> str:
    returned = case.work.plan_check.returned
    if returned is None:
        return ""
    return words("asks.plan_because", person=name_of(returned.by, context), reason=returned.reason)


def _visit(case: Case, _: Context, words: Words) -> str:
    return visit_line(case.work.proposed_visit, "work", case.zone, words)


def _track(case: Case, context: Context, words: Words) -> str:
    track = case.track
    if track is None:
        return ""
    until, person = short(track.until, case.zone, words), name_of(track.proposed_by, context)
    return words("asks.malicious_by", person=person, until=until, reason=track.reason)


def _appeal(case: Case, _: Context, words: Words) -> str:
    return words("asks.appealed", reason=case.track.appeal) if case.track and case.track.appeal else ""


def _revisit(case: Case, _: Context, words: Words) -> str:
    due = case.follow_up.revisit_due_at
    return words("asks.revisit_by", due=short(due, case.zone, words)) if due else ""


def _points(case: Case, _: Context, words: Words) -> str:
    texts = [f"{point.nth}. {point.text or words('page.none')}" for point in case.open_points]
    return words("asks.points", points=words.listed(texts)) if texts else ""


def _identify(case: Case, _: Context, words: Words) -> str:
    described = case.report.about_person
    return words("asks.identify_as", person=described) if described else ""


def _unsigned(case: Case, context: Context, words: Words) -> str:
    return words("asks.unsigned_by", person=name_of(case.assignment.handler, context))


def _followed(case: Case, context: Context, words: Words) -> str:
    handler = case.assignment.handler
    return words("asks.followed_with", person=name_of(handler, context)) if handler else ""


def _escalated(case: Case, _: Context, words: Words) -> str:
    late = [climb.clock for climb in climbed_over(case) if climb.clock]
    names = words.listed(words.name("clocks", clock) for clock in dict.fromkeys(late))
    return words("asks.escalated_late", clocks=names) if names else ""


def _returned(case: Case, _: Context, words: Words) -> str:
    cause = case.follow_up.returned_by
    return words("asks.work_again", cause=words.name("reopened_because", cause)) if cause else ""


def _payment(case: Case, _: Context, words: Words) -> str:
    owed = case.order.owed
    return words("asks.payment_of", yuan=yuan(owed.total_fen)) if owed else ""


def _account(case: Case, _: Context, words: Words) -> str:
    bill = case.order.unsigned_bill
    if bill is None or bill.paid is None:
        return ""
    return words("asks.account_of", yuan=yuan(bill.paid.paid_fen), receipt=bill.paid.receipt)


_SAID: Mapping[str, Callable[[Case, Context, Words], str]] = {
    "alarm": alarm_line,
    "extension": lambda case, context, words: asked_line(case.clocks.extension_request, context, words),
    "objection": lambda case, _, words: objection_line(case, words),
    "malicious": _track,
    "appeal": _appeal,
    "call_back": lambda case, _, words: call_back_line(case, words),
    "identify": _identify,
    "to_call": to_call_line,
    "unsigned": _unsigned,
    "reply": _reply,
    "reply_returned": _reply_returned,
    "sign_off": _sign_off,
    "result_returned": _result_returned,
    "plan": _plan,
    "plan_returned": _plan_returned,
    "visit": _visit,
    "work": _returned,
    "revisit": _revisit,
    "point": _points,
    "payment": _payment,
    "account": _account,
    "report": lambda case, _, words: report_line(case, words),
    "escalated": _escalated,
    "followed": _followed,
}
"""What → its sentence, where it has one of its own; empty: that of the catalogue."""


LOOKED_AT = {"sign_off_result": "sign_off", "confirm_plan": "plan"}
"""The commands by which what was handed in goes on → what is asked: whoever can give one reads it there."""


def handed_in_line(case: Case, commands: Collection[str], context: Context, words: Words) -> str:
    """What was handed in, to whoever lets it go on to the resident; empty to everybody else (B5, B9)."""
    asked = next((what for command, what in LOOKED_AT.items() if command in commands), None)
    return ask_line(asked, case, context, words) if asked else ""
