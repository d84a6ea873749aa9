"""Who holds a rank, who of it is on duty, who stands in (B6, G3)."""

from collections.abc import Collection, Sequence
from datetime import datetime

from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.roles import Role
from chalicelib.domain.regulation.policies import ON_DUTY

LADDER = (Role.AGENT, Role.SUPERVISOR, Role.MANAGER, Role.COMPANY_HEAD)
"""The ranks of the escalation ladder, from the bottom (B6).

A rank that nobody holds passes to the next.
"""

ABOVE_HANDLERS = (Role.DEPARTMENT_HEAD, *LADDER[1:])
"""The ranks that act where no handler is there to act, nearest first."""


def person_of_rank(
    community: Community, role: Role, department: str, at: datetime, passing_over: Collection[str] = ()
) -> Staff | None:
    """The named person who decides what only that rank decides.

    For a department head: the head of that department. Those on duty come first. If nobody holds the rank, or
    only people to pass over, the next higher one answers; as long as there is anybody from there on, it is
    somebody.
    """
    found = _from_rank_on(community, role, department)
    fresh = [member for member in found if member.username not in passing_over]
    return _nearest(community, fresh or found[:1], department, at)


def awake_of_rank(
    community: Community, role: Role, department: str, at: datetime, passing_over: Collection[str] = ()
) -> Staff | None:
    """The named person whom an alert or a rung of the ladder reaches (G3).

    As `person_of_rank`, but a rank that is off duty as a whole passes it on to the next that is not:
    supervisor off duty, manager on duty → the manager. If all are off duty, it stays with the rank.
    """
    found = _from_rank_on(community, role, department)
    there = [
        member
        for member in found
        if member.username not in passing_over and not community.is_off_duty(member.username, at)
    ]
    if there:
        return _nearest(community, there, department, at)
    return person_of_rank(community, role, department, at, passing_over)


def _from_rank_on(community: Community, role: Role, department: str) -> list[Staff]:
    """Everybody of the rank, then of those above it."""
    first = LADDER.index(role) if role in LADDER else 0
    ranks = ABOVE_HANDLERS if role is Role.DEPARTMENT_HEAD else LADDER[first:]
    return [member for rank in ranks for member in holders(community, rank, department)]


def _nearest(community: Community, people: Sequence[Staff], department: str, at: datetime) -> Staff | None:
    """Of the lowest rank among them whoever is on duty, else the first."""
    rank = [member for member in people if member.role is people[0].role]
    duty = community.on_duty(department, at) | community.on_duty("desk", at)
    return next((member for member in rank if member.username in duty), next(iter(rank), None))


def holders(community: Community, rank: Role, department: str) -> list[Staff]:
    """Everybody who holds a rank; of heads only the department's own."""
    everywhere = rank is not Role.DEPARTMENT_HEAD
    return [member for member in community.with_role(rank) if everywhere or department in member.departments]


def responsible(
    community: Community, owner: str | None, department: str, at: datetime, order: Sequence[str]
) -> Staff | None:
    """Whoever has to act on a case now: its owner or a stand-in (G3).

    Somebody stands in for an owner who is off duty, and where there is no owner. `order` is the regulation's:
    the first who is not off duty; if all are, the owner, else the nearest of the line, and the desk where
    there is no leader at all. A colleague on duty stands in only where there is no owner: he cannot sign for
    another, nor pass the work on.
    """
    member = community.member(owner) if owner else None
    if member is not None and not community.is_off_duty(member.username, at):
        return member
    for rank in order:
        if rank == ON_DUTY:
            there = [] if member else on_duty_for(community, department, at)
        else:
            there = [
                stand_in
                for stand_in in holders(community, Role(rank), department)
                if not community.is_off_duty(stand_in.username, at)
            ]
        if there:
            return there[0]
    leader = person_of_rank(community, Role.DEPARTMENT_HEAD, department, at)
    return member or leader or person_of_rank(community, Role.AGENT, department, at)


def on_duty_for(community: Community, department: str, at: datetime) -> list[Staff]:
    """Everybody whom the roster has on duty for a department.

    In the directory's order.
    """
    duty = community.on_duty(department, at)
    return [member for member in community.staff if member.active and member.username in duty]
