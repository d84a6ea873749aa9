"""The desk's look at a plan before its resident's: confirmed, sent back, chased (B5, S3)."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.due import DueAction
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.errors import CommandRefusedError, DomainError, NotAllowedError
from chalicelib.domain.work.chase import chase_timers, who_is_told
from chalicelib.domain.work.confirmers import may_confirm, waiting_plan
from chalicelib.domain.work.free import why_free

CHASE = "chase_plan"
"""The action of the timer of a plan that nobody has looked at."""

CHASED = (Role.AGENT, Role.SUPERVISOR, Role.MANAGER)
"""Who is told in turn: the desk again, then each rank above (ours); when, chase.py says."""


class ConfirmPlanForm(Struct, frozen=True):
    """The form of `confirm_plan`; it has no fields: what was handed in is put to the resident as it is."""


def why_not_decided(case: Case, actor: Actor, context: Context, _: datetime) -> DomainError | None:
    """The desk decides on a waiting plan, never whoever has a part in it (B5)."""
    if waiting_plan(case) is None:
        return CommandRefusedError(
            f"No plan of case {case.number} waits for the desk; 'propose' hands one in.", "no_plan_waits"
        )
    if may_confirm(case, actor, context):
        return None
    return NotAllowedError(
        f"Somebody of the desk who has no part in case {case.number} confirms its plan.", "not_the_desk"
    )


def why_not_confirmed(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """Nor is a price put to them for what somebody else pays (B5, G12)."""
    if refused := why_not_decided(case, actor, context, at):
        return refused
    waiting = waiting_plan(case)
    return why_free(case) if waiting is not None and waiting.plan.price_fen else None


def confirm(case: Case, _: Command[ConfirmPlanForm], __: Context) -> Payloads:
    """The plan is put to the resident, as it was handed in (B5).

    Its event names who has confirmed it, and who had handed it in.
    """
    waiting = waiting_plan(case)
    if waiting is None:
        raise ValueError(f"No plan of case {case.number} waits for the desk.")
    return (replace(waiting.plan, done_by=waiting.by, done_at=waiting.at),)


def send_back(_: Case, command: Command[ReasonForm], __: Context) -> Payloads:
    """The event of a plan that goes back to the department, with the reason (B5)."""
    return (ev.PlanReturned(command.form.reason),)


def plan_timers(case: Case, context: Context) -> Iterator[DueAction]:
    """The timers of a plan that waits for the desk: the desk again, then the ranks above."""
    return chase_timers(case, waiting_plan(case), CHASED, "plan", CHASE, context)


def chased(case: Case, due: DueAction, at: datetime, context: Context) -> ev.PlanChased:
    """The event of asking the desk once more, or telling the next rank."""
    waiting, told = case.work.plan_check.waiting, Role(due.told or Role.SUPERVISOR)
    passed = {case.assignment.handler, waiting.by if waiting else None}
    return ev.PlanChased(told, who_is_told(case, told, at, context, passed))
