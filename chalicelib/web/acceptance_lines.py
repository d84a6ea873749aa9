"""The work order with its acceptance on pages (B9, B13)."""

from chalicelib.domain.case.acceptance import FLOWS, NEXT_RAIN, SEEN, Acceptance
from chalicelib.domain.case.case import IN_DISPATCH, Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.work.acceptance import still_waits
from chalicelib.web.cost_lines import cost_lines
from chalicelib.web.formats import day_name, short
from chalicelib.web.order_lines import OrderLine, listed_line, order_lines
from chalicelib.web.words import Words


def work_order(case: Case, context: Context, words: Words, *, to_resident: bool) -> tuple[OrderLine, ...]:
    """The lines of a work order with its prices and its acceptance."""
    said, plan = acceptance_line(case, context, words, to_resident=to_resident), case.work.plan
    lines = order_lines(case.order, context, words, to_resident=to_resident)
    priced = ((words("paper.listed"), listed_line(plan.listed, words)),) if plan and plan.listed else ()
    accepted = ((words("acceptance.name"), said),) if said else ()
    cost = () if to_resident else cost_lines(case, context, words)
    return (*priced, *lines, *cost, *accepted)


def acceptance_line(case: Case, context: Context, words: Words, *, to_resident: bool) -> str:
    """How far the acceptance of the work has come; empty where there is none.

    Why one was given up stays inside.
    """
    acceptance = case.work.acceptance
    if acceptance.by is None or case.state in IN_DISPATCH:
        return ""
    if acceptance.signed_at is None:
        given_up = acceptance.given_up
        if still_waits(case):
            return _waits(acceptance, case.zone, words, to_resident=to_resident)
        if given_up is None or to_resident:
            return words("acceptance.not_accepted")
        at, by = short(given_up.at, case.zone, words), name_of(given_up.by, context)
        return words("acceptance.given_up", at=at, person=by, reason=given_up.reason)
    if acceptance.how == SEEN:
        at = short(acceptance.signed_at, case.zone, words)
        return words("acceptance.seen", at=at, name=name_of(acceptance.taken_by, context))
    at, how = short(acceptance.signed_at, case.zone, words), words.name("acceptance_ways", acceptance.how)
    said = words("acceptance.signed_unnamed", at=at, how=how)
    if acceptance.resident_name:
        said = words("acceptance.signed", at=at, how=how, name=acceptance.resident_name)
    return words("acceptance.with_device", line=said, device=acceptance.device) if acceptance.device else said


def _waits(acceptance: Acceptance, zone: str, words: Words, *, to_resident: bool) -> str:
    of = "_common" if acceptance.common else ""
    key = f"waits{of}_flows" if acceptance.by == FLOWS else "waits"
    line = words.name_as_read("acceptance", key, to_resident=to_resident)
    if acceptance.by == NEXT_RAIN and acceptance.day is None:
        line = words(f"acceptance.waits{of}_day")
    elif acceptance.by == NEXT_RAIN and acceptance.day is not None:
        line = words(f"acceptance.waits{of}_rain", day=day_name(acceptance.day, words))
    if not acceptance.missed:
        return line
    missed = acceptance.missed[-1]
    at = short(missed.at, zone, words)
    if missed.again_at is None:
        return words("acceptance.missed", line=line, at=at)
    return words("acceptance.again", line=line, at=at, again=short(missed.again_at, zone, words))
