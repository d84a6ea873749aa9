"""Who gets the work, and who is told when it stalls (B2, B3, B6, G3, G6): always a named person."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.case import Case
from chalicelib.domain.clocks import Setting
from chalicelib.domain.numbering import serial_of
from chalicelib.domain.people import Community, Role, Staff

LADDER = (Role.AGENT, Role.SUPERVISOR, Role.MANAGER, Role.COMPANY_HEAD)
"""Ranks of the escalation ladder, from the bottom (B6); a rank that nobody holds passes to the next."""

LINE = (Role.DEPARTMENT_HEAD, *LADDER[1:])
"""Who has to act where there is no handler to act, from the nearest on."""

HANDLER, ON_DUTY = "handler", "duty"
"""A regulation's words for people that are not ranks: the case's owner, and whoever the roster names."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The person chosen, and the rule that chose, as a sentence for the record."""

    username: str
    reason: str


def handler_for(
    case: Case, setting: Setting, at: datetime, load: Mapping[str, int] | None = None
) -> Choice | None:
    """The handler whom the rules choose for a case (B2): not who declined, nor who had an earlier round (D7).

    From the return that the regulation names, the manager takes it.
    """
    department = case.classification.department
    if case.round > setting.regulation.reopen.manager_from:
        manager = person_of_rank(setting.community, Role.MANAGER, department, at, case.declined_by)
        if manager is not None and manager.username not in case.declined_by:
            return Choice(manager.username, f"returned {case.round - 1} times; the {manager.role} takes it")
    avoid = {*case.declined_by, *(case.former_handlers if case.round > 1 else ())}
    return choose_handler(setting.community, department, at, load or {}, avoid)


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
    Where only those to avoid are on duty, the head is there to take it or to pass it on; a colleague who
    is off duty would find it hours later. None only if the community has no such staff at all.
    """
    avoided = frozenset(avoid)
    duty = community.on_duty(department, at)
    people = [one for one in community.with_role(Role.HANDLER) if department in one.departments]
    heads = [one for one in community.with_role(Role.DEPARTMENT_HEAD) if department in one.departments]
    fresh = [one for one in people if one.username not in avoided]
    groups = [([one for one in fresh if one.username in duty], "on duty")]
    why = "nobody of the department is on duty"
    if any(one.username in avoided & duty for one in people):
        why = "whoever is on duty declined it or had it before"
        free = (fresh, [one for one in heads if one.username not in avoided])
        groups += [
            ([one for one in some if not community.is_off_duty(one.username, at)], why) for some in free
        ]
    groups.append((fresh, why))
    for group, reason in groups:
        if group:
            best = min(group, key=lambda one: load.get(one.username, 0))
            return Choice(best.username, f"{reason}; fewest open cases ({load.get(best.username, 0)})")
    leaders = [*heads, *community.with_role(Role.SUPERVISOR), *community.with_role(Role.MANAGER)]
    for one in leaders:
        if one.username not in avoided:
            return Choice(one.username, f"no handler of the department is left; the {one.role} takes it")
    last = next(iter((*people, *leaders)), None)
    return Choice(last.username, "nobody else is left in the department") if last else None


def person_of_rank(
    community: Community, role: Role, department: str, at: datetime, passing_over: Collection[str] = ()
) -> Staff | None:
    """The named person who holds a rank, to decide what only that rank decides.

    For a department head: the head of that department. Those on duty come first. If nobody holds the rank,
    or only people to pass over, the next higher one answers; as long as there is anybody from there on, it
    is somebody.
    """
    found = _from_rank_on(community, role, department)
    fresh = [one for one in found if one.username not in passing_over]
    return _nearest(community, fresh or found[:1], department, at)


def awake_of_rank(
    community: Community, role: Role, department: str, at: datetime, passing_over: Collection[str] = ()
) -> Staff | None:
    """The named person whom a rung of the ladder or an alert reaches (G3): as `person_of_rank`, but a rank
    that is off duty as a whole passes it on to the next that is not. If all are, it stays where it was."""
    found = _from_rank_on(community, role, department)
    there = [
        one
        for one in found
        if one.username not in passing_over and not community.is_off_duty(one.username, at)
    ]
    if there:
        return _nearest(community, there, department, at)
    return person_of_rank(community, role, department, at, passing_over)


def _from_rank_on(community: Community, role: Role, department: str) -> list[Staff]:
    """Everybody of the rank, then of those above it."""
    ranks = LINE if role is Role.DEPARTMENT_HEAD else LADDER[LADDER.index(role) if role in LADDER else 0 :]
    return [one for rank in ranks for one in _holding(community, rank, department)]


def _nearest(community: Community, people: Sequence[Staff], department: str, at: datetime) -> Staff | None:
    """Of the lowest rank among them whoever is on duty, else the first."""
    rank = [one for one in people if one.role is people[0].role]
    duty = community.on_duty(department, at) | community.on_duty("desk", at)
    return next((one for one in rank if one.username in duty), next(iter(rank), None))


def _holding(community: Community, rank: Role, department: str) -> list[Staff]:
    everywhere = rank is not Role.DEPARTMENT_HEAD
    return [one for one in community.with_role(rank) if everywhere or department in one.departments]


def responsible(
    community: Community, owner: str | None, department: str, at: datetime, order: Sequence[str]
) -> Staff | None:
    """Whoever has to act on a case now: its owner, or who stands in for one off duty or for none (G3).

    `order` is the regulation's: the first who is not off duty; if all are, the owner, else the nearest of
    the line. A colleague on duty stands in only where there is no owner: he cannot sign for another, nor
    pass the work on.
    """
    member = community.member(owner) if owner else None
    if member is not None and not community.is_off_duty(member.username, at):
        return member
    for rank in order:
        if rank == ON_DUTY:
            there = [] if member else on_duty_for(community, department, at)
        else:
            there = [
                one
                for one in _holding(community, Role(rank), department)
                if not community.is_off_duty(one.username, at)
            ]
        if there:
            return there[0]
    return member or person_of_rank(community, Role.DEPARTMENT_HEAD, department, at)


def on_duty_for(community: Community, department: str, at: datetime) -> list[Staff]:
    """Everybody whom the roster has on duty for a department, in the directory's order."""
    duty = community.on_duty(department, at)
    return [one for one in community.staff if one.active and one.username in duty]


def choose_revisitor(
    community: Community, at: datetime, never: frozenset[str], case_number: str
) -> str | None:
    """Who had no part in the work (G6): the desk in turn by serial, else the manager, else a head."""
    for roles in ((Role.AGENT, Role.SUPERVISOR), (Role.MANAGER,), (Role.DEPARTMENT_HEAD,)):
        people = [one for one in community.with_role(*roles) if one.username not in never]
        duty = community.on_duty("desk", at)
        people = [one for one in people if one.username in duty] or people
        if people:
            return people[serial_of(case_number) % len(people)].username
    return None
