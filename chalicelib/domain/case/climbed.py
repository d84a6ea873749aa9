"""Escalations of a case that nobody has answered yet (B6)."""

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.community.roles import Role
from chalicelib.domain.deadlines.timer_key import timer_key
from chalicelib.domain.regulation.limits import Clock


class Climb(Struct, frozen=True):
    """One escalation that nobody has answered: the `person` who was told, and over what.

    `of` is the clock's name, as `solve`, or what else climbs: `revisit`, `returns`, `by_hand`.
    """

    person: str
    of: str
    clock: Clock | None = None


def after(climbs: tuple[Climb, ...], event: ev.Event) -> tuple[Climb, ...]:
    """The unanswered ones after one more event: whatever somebody does on the case answers their own.

    `solve` has reached the manager, who then assigns somebody else → nothing is left of it.
    """
    acted = event.actor.id if event.actor.role is not Role.SYSTEM else None
    left = tuple(climb for climb in climbs if climb.person != acted)
    match event.payload:
        case ev.Escalated(person=str(person), clock=clock, key=key):
            climb = Climb(person, clock or timer_key(key).of, clock)
            return (*(each for each in left if each != climb), climb)
        case ev.Reopened():
            return ()
        case _:
            return left
