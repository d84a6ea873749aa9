"""What is looked at first, a result or a plan, as staff read it (B5, B9, S0, S3)."""

from collections.abc import Mapping

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.money import yuan
from chalicelib.domain.work.confirmers import waiting_plan
from chalicelib.domain.work.signers import names_of_signers, waiting_result
from chalicelib.web.form_input import Typed
from chalicelib.web.formats import short
from chalicelib.web.words import Words


def sign_off_line(case: Case, context: Context, words: Words) -> str:
    """Who signed the result off and when, or who is waited for; empty where nobody has to."""
    sign_off, zone = case.work.sign_off, case.zone
    if waiting := waiting_result(case):
        by, at = name_of(waiting.by, context), short(waiting.at, zone, words)
        people = names_of_signers(case, context) or words("page.unknown_person")
        return words("acceptance.sign_off_waits", by=by, at=at, people=people)
    if returned := sign_off.returned:
        person, at = name_of(returned.by, context), short(returned.at, zone, words)
        return words("acceptance.sign_off_returned", person=person, at=at, reason=returned.reason)
    if sign_off.signed_by is None or sign_off.signed_at is None:
        return ""
    said = {"person": name_of(sign_off.signed_by, context), "at": short(sign_off.signed_at, zone, words)}
    if sign_off.done_by is None or sign_off.done_at is None:
        return words("acceptance.sign_off_given", **said)
    by, done = name_of(sign_off.done_by, context), short(sign_off.done_at, zone, words)
    return words("acceptance.sign_off_after", **said, by=by, done=done)


def sent_back(case: Case) -> Mapping[str, Typed]:
    """What stands in the form of what was returned: what was handed in, to be mended."""
    result, plan = case.work.sign_off.returned, case.work.plan_check.returned
    filled: dict[str, Typed] = {}
    if result:
        filled["complete"] = {"result": result.result or "", "prevention": result.prevention or ""}
    if plan:
        put, listed = plan.plan, plan.plan.listed
        priced = {"price_item": listed.id, "quantity": str(listed.quantity)} if listed else {}
        fen = {"material_fen": put.material_fen, "price_fen": None if listed else put.price_fen}
        amounts = {name: yuan(amount) for name, amount in fen.items() if amount}
        filled["propose"] = {"cause": put.cause, "plan": put.plan, **priced, **amounts}
    return filled


def plan_check_line(case: Case, context: Context, words: Words) -> str:
    """Who confirmed the plan and when, or that the desk looks at it; empty where nobody has to."""
    check, zone = case.work.plan_check, case.zone
    if waiting := waiting_plan(case):
        by, at = name_of(waiting.by, context), short(waiting.at, zone, words)
        return words("acceptance.plan_waits", by=by, at=at, plan=waiting.plan.plan)
    if returned := check.returned:
        person, at = name_of(returned.by, context), short(returned.at, zone, words)
        return words("acceptance.sign_off_returned", person=person, at=at, reason=returned.reason)
    if check.confirmed_by is None or check.confirmed_at is None or check.done_at is None:
        return ""
    said = {"person": name_of(check.confirmed_by, context), "at": short(check.confirmed_at, zone, words)}
    by, done = name_of(check.done_by, context), short(check.done_at, zone, words)
    return words("acceptance.plan_confirmed", **said, by=by, done=done)
