"""The desk's look at a department's plan before the resident reads it: waited for, or sent back (B5, S3)."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.sign_off import Returned, WaitingPlan, asked_again


class PlanCheck(Struct, frozen=True):
    """How far the desk's look at a round's plan has come.

    `waiting` waits for it; `returned` was sent back, and nothing was handed in since. `confirmed_by` put it
    to the resident at `confirmed_at`; `made_by` had handed it in, at `made_at`.
    """

    waiting: WaitingPlan | None = None
    returned: Returned | None = None
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    made_by: str | None = None
    made_at: datetime | None = None

    @property
    def shown(self) -> "PlanCheck | None":
        """It, where there is anything to be read of it."""
        return None if self == NONE else self


NONE = PlanCheck()
"""No plan waits."""


def after(check: PlanCheck, event: ev.Event) -> PlanCheck:
    """The look at the plan after one more event of its round.

    What ends the work, or takes it out of the hands of whoever has handed in
    leaves nothing to be looked at.
    """
    match event.payload:
        case ev.PlanHandedIn() as given:
            plan = ev.Proposed(
                given.cause, given.plan, given.price_fen, True, given.listed, given.material_fen
            )
            return PlanCheck(WaitingPlan(event.actor.id, event.at, event.version, plan, given.asked))
        case ev.PlanReturned(reason=reason):
            return PlanCheck(returned=Returned(reason, event.actor.id, event.at))
        case ev.PlanChased(told=told, person=person) if check.waiting:
            return replace(check, waiting=asked_again(check.waiting, told, person))
        case ev.Proposed() if check.waiting:
            waiting = check.waiting
            return PlanCheck(None, None, event.actor.id, event.at, waiting.by, waiting.at)
        case (
            ev.Proposed()
            | ev.ResultHandedIn()
            | ev.Completed()
            | ev.Assigned()
            | ev.Declined()
            | ev.TakenBack()
            | ev.Withdrawn()
            | ev.Merged()
            | ev.Rejected()
            | ev.Referred()
        ):
            return NONE
        case _:
            return check
