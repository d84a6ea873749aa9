"""Finding who pays for a repair: one read of the unit, one query of its cases, one read of what fits."""

from datetime import datetime, timedelta

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import IN_DISPATCH, Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.money import FUND, OWNER
from chalicelib.domain.community.roles import TIMER
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError
from chalicelib.domain.work.earlier import REPAIRED, Earlier, earlier_repair, own_repair
from chalicelib.domain.work.payer import FoundForm, warranty_of
from chalicelib.domain.work.warranty import can_be_under
from chalicelib.services.desk import Desk

MOST_LOOKED_AT = 50
"""So many of the newest cases of a unit are looked at (ours)."""
LONGEST_REPAIR = timedelta(days=366)
"""A repair takes no longer from its report to its acceptance (ours): what is older is over."""


def found_payer(
    desk: Desk,
    context: Context,
    unit: str,
    matter: str,
    at: datetime,
    number: str = "",
    component: str | None = None,
) -> ev.PayerFound | None:
    """Who pays for a repair; `number` is its own, `component` was found on the spot.

    Without a `unit` it is at a common part: there is no household, and no earlier repair of it to tell.
    """
    policy, on = context.regulation.warranty, context.calendar.local_date(at)
    if not unit:
        return warranty_of(policy, matter, on, None, None, component, common=True)
    key, community = desk.unit_key(unit, context.community), context.community.id
    household = desk.households.of_unit(community, key)
    earlier = _earlier(desk, context, key, matter, at, number)
    handed_over_on = household.handed_over_on if household else None
    return warranty_of(policy, matter, on, handed_over_on, earlier, component)


def _found_of(desk: Desk, context: Context, case: Case) -> ev.PayerFound | None:
    """Who pays for open work: its own work that has come back says so first, as of the day of that (B13)."""
    policy, matter, component = context.regulation.warranty, case.classification.matter, case.order.component
    if own := own_repair(case, context):
        on = context.calendar.local_date(case.clocks.started_at)
        back = warranty_of(policy, matter, on, None, own, component)
        if back is not None and back.of == case.number:
            return back
    unit = case.report.unit or ""
    found = found_payer(desk, context, unit, matter, case.registered_at, case.number, component)
    was_common = case.payer is not None and case.payer.payer == FUND
    if found is None and was_common and unit:  # its unit was not known until now
        return ev.PayerFound(matter, OWNER, "no_handover")
    return found


def _earlier(
    desk: Desk, context: Context, key: str, matter: str, at: datetime, number: str
) -> Earlier | None:
    """The newest earlier repair of the matter in the unit whose warranty may last."""
    community = context.community.id
    lines = desk.cases.by_unit(community, key, MOST_LOOKED_AT, None).items
    since = at - LONGEST_REPAIR - timedelta(days=31 * context.regulation.warranty.repair.months)
    fitting = [
        line.number
        for line in lines
        if line.number != number
        and line.matter == matter
        and can_be_under(context.regulation.warranty, line.kind, matter)
        and line.state in REPAIRED
        and since <= line.registered_at <= at
    ]
    if not fitting:
        return None
    found = desk.cases.several(community, fitting[:1])
    return next((earlier_repair(case, context) for case, _ in found.values()), None)


def put_payer_down(desk: Desk, case: Case) -> None:
    """Put down who pays for open work, once; called again, it changes nothing.

    ConflictError if the case is changed again and again meanwhile: the relay comes back.
    """
    about = case.classification
    is_stated = case.payer is not None and case.payer.because == "stated"
    context = desk.context_of(case)
    covered = can_be_under(context.regulation.warranty, about.kind, about.matter)
    if not covered or case.state not in IN_DISPATCH or is_stated:
        return
    found = _found_of(desk, context, case)
    if found is None or found == case.payer:
        return
    command_id = f"find_payer#{case.version}"
    try:
        desk.carry_out(case, Command("find_payer", TIMER, desk.now(), command_id, FoundForm(found)))
    except (CommandRefusedError, InvalidInputError):
        return  # it has ended, a person has said who pays, or it was corrected: that comes here too
