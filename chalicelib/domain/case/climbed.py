"""To whom a case has climbed, and who of them has not yet acted on it (B6)."""

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.community.roles import Role
from chalicelib.domain.deadlines.timer_key import timer_key


class Climb(Struct, frozen=True):
    """One escalation that nobody has answered: the `person` who was told, and `over` what.

    `over` is a clock, as `solve`, or what else a timer can belong to: `revisit`, `returns`, `by_hand`.
    """

    person: str
    over: str


def after(climbs: tuple[Climb, ...], event: ev.Event) -> tuple[Climb, ...]:
    """The unanswered ones after one more event: whatever somebody does on the case answers their own.

    `solve` has reached the manager, who then assigns somebody else → nothing is left of it.
    """
    acted = event.actor.id if event.actor.role is not Role.SYSTEM else None
    left = tuple(climb for climb in climbs if climb.person != acted)
    match event.payload:
        case ev.Escalated(person=str(person), clock=clock, key=key):
            climb = Climb(person, clock or timer_key(key).of)
            return (*(each for each in left if each != climb), climb)
        case ev.Reopened():
            return ()
        case _:
            return left
