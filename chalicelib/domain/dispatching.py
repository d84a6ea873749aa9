"""Who gets the work, and who is told when it stalls (B2, B3, B6, G3, G6): always a named person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.people import Community, Role, Staff

LADDER = (Role.AGENT, Role.SUPERVISOR, Role.MANAGER, Role.COMPANY_HEAD)
"""Ranks of the escalation ladder, from the bottom (B6); a rank that nobody holds passes to the next."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The person chosen, and the rule that chose, as a sentence for the record."""

    username: str
    reason: str


def choose_handler(
    community: Community,
    department: str,
    at: datetime,
    load: Mapping[str, int],
    avoid: Iterable[str] = (),
) -> Choice | None:
    """The handler for a new piece of work in a department.

    On duty before off duty, then the fewest open cases (`load`: username → open cases), then the
    directory's order. Those to avoid (they declined, or a round of theirs came back) are passed over
    as long as somebody else is left in the department; then its head, the supervisor, the manager.
    None only if the community has no such staff at all.
    """
    avoided = frozenset(avoid)
    duty = community.on_duty(department, at)
    people = [one for one in community.with_role(Role.HANDLER) if department in one.departments]
    fresh = [one for one in people if one.username not in avoided]
    for group, why in (
        ([one for one in fresh if one.username in duty], "on duty"),
        (fresh, "nobody of the department is on duty"),
    ):
        if group:
            best = min(group, key=lambda one: load.get(one.username, 0))
            return Choice(best.username, f"{why}; fewest open cases ({load.get(best.username, 0)})")
    heads = [one for one in community.with_role(Role.DEPARTMENT_HEAD) if department in one.departments]
    for one in (*heads, *community.with_role(Role.SUPERVISOR), *community.with_role(Role.MANAGER)):
        if one.username not in avoided:
            return Choice(one.username, f"no handler of the department is left; {one.role} takes it")
    return Choice(people[0].username, "nobody else is left in the department") if people else None


def person_of_rank(community: Community, role: Role, department: str, at: datetime) -> Staff | None:
    """The named person whom a rung of the ladder reaches (G3).

    For a department head: the head of that department. Those on duty come first. If nobody holds the
    rank, the next higher one answers; None only if the ladder is empty from there on.
    """
    if role is Role.DEPARTMENT_HEAD:
        heads = [one for one in community.with_role(role) if department in one.departments]
        if heads:
            return _on_duty_first(community, heads, department, at)
        role = Role.SUPERVISOR
    start = LADDER.index(role) if role in LADDER else 0
    for rank in LADDER[start:]:
        people = list(community.with_role(rank))
        if people:
            return _on_duty_first(community, people, department, at)
    return None


def _on_duty_first(community: Community, people: list[Staff], department: str, at: datetime) -> Staff:
    duty = community.on_duty(department, at) | community.on_duty("desk", at)
    return next((one for one in people if one.username in duty), people[0])


def choose_revisitor(
    community: Community, at: datetime, never: frozenset[str], case_number: str
) -> str | None:
    """A person who did not do the work (G6): agents and supervisors in turn by the case's serial, then managers."""
    for roles in ((Role.AGENT, Role.SUPERVISOR), (Role.MANAGER,)):
        people = [one for one in community.with_role(*roles) if one.username not in never]
        duty = community.on_duty("desk", at)
        people = [one for one in people if one.username in duty] or people
        if people:
            return people[int(case_number[-4:]) % len(people)].username
    return None
