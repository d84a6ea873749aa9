"""The desk's look at a department's plan before the resident reads it: waited for, or sent back (B5, S3)."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.sign_off import ReturnedPlan, WaitingPlan, asked_again


class PlanCheck(Struct, frozen=True):
    """How far the desk's look at a round's plan has come.

    `waiting` waits for it; `returned` was sent back, and nothing was handed in since. `confirmed_by` put it
    to the resident at `confirmed_at`; `done_by` had handed it in, at `done_at`.
    """

    waiting: WaitingPlan | None = None
    returned: ReturnedPlan | None = None
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    done_by: str | None = None
    done_at: datetime | None = None

    @property
    def shown(self) -> "PlanCheck | None":
        """It, where there is anything to be read of it."""
        return None if self == NONE else self


NONE = PlanCheck()
"""No plan waits."""


def after(check: PlanCheck, event: ev.Event) -> PlanCheck:
    """The look at the plan after one more event of its round.

    What ends the work, or takes it out of the hands of whoever has handed it in, leaves nothing to be looked
    at; who has confirmed the plan that stands is known on. Nobody has, of a plan that needs no look, that its
    resident did not agree to, or that cannot be carried out.
    """
    match event.payload:
        case ev.PlanHandedIn() as given:
            plan = ev.Proposed(
                given.cause, given.plan, given.price_fen, True, given.listed, given.material_fen
            )
            return PlanCheck(WaitingPlan(event.actor.id, event.at, event.version, plan, given.asked))
        case ev.PlanReturned(reason=reason) if waiting := check.waiting:
            return PlanCheck(returned=ReturnedPlan(reason, event.actor.id, event.at, waiting.plan))
        case ev.PlanChased(told=told, person=person) if check.waiting:
            return replace(check, waiting=asked_again(check.waiting, told, person))
        case ev.Proposed(done_by=str() as by, done_at=at):
            return PlanCheck(None, None, event.actor.id, event.at, by, at)
        case ev.Proposed() | ev.Disagreed() | ev.NotFeasible():
            return NONE
        case (
            ev.ResultHandedIn()
            | ev.Completed()
            | ev.Assigned()
            | ev.Declined()
            | ev.TakenBack()
            | ev.Withdrawn()
            | ev.Merged()
            | ev.Rejected()
            | ev.Referred()
        ):
            return replace(check, waiting=None, returned=None)
        case _:
            return check
