"""Writing the duty roster: weekly turns, leave, single turns, and swaps that both have to agree to (B14)."""

import logging
from datetime import datetime, timedelta
from hashlib import sha256

from msgspec.structs import replace

from chalicelib.domain.community.community import Community, Member
from chalicelib.domain.community.roles import Role
from chalicelib.domain.community.roster import SWAP, DutyChange, Shift, entry_key
from chalicelib.domain.community.roster_checks import (
    MOST_CHANGES,
    MOST_SHIFTS,
    check_change,
    check_room,
    check_shift,
)
from chalicelib.domain.errors import NotAllowedError, NotFoundError
from chalicelib.services.desk import Desk

log = logging.getLogger(__name__)

PLANNERS = frozenset({Role.SUPERVISOR, Role.DEPARTMENT_HEAD, Role.MANAGER})
"""Who writes the roster: a head that of the own departments."""

KEPT = timedelta(days=62)
"""So long a change stays in the roster after its last day; then the next one that is written takes it out."""


def may_plan(member: Member, department: str | None) -> bool:
    """Whether a member writes the roster of a department; of none: of anybody's leave."""
    if member.role is Role.DEPARTMENT_HEAD:
        return department is None or department in member.departments
    return member.role in PLANNERS


def add_turn(desk: Desk, member: Member, shift: Shift) -> Community:
    """Put a weekly turn into the roster.

    Raises InvalidInputError for one that cannot be, NotAllowedError, or ConflictError for one that is there.
    """
    here = _now(desk, member)
    _check_may(member, shift.department)
    if shift in here.shifts:
        return here  # a form that was sent twice
    check_room(len(here.shifts) + 1, MOST_SHIFTS)
    check_shift(shift, here, here.shifts)
    return _noted(member, "turn added", desk.directory.put_duty(here.id, shift, None))


def drop_turn(desk: Desk, member: Member, key: str) -> Community:
    """Take a weekly turn out of the roster; `key` is its name there (`entry_key`)."""
    here = _now(desk, member)
    found = next((turn for turn in here.shifts if entry_key(turn) == key), None)
    if found is None:
        return here  # it is gone, whoever took it out
    _check_may(member, found.department)
    return _noted(member, "turn dropped", desk.directory.drop_duty(here.id, found))


def add_change(desk: Desk, member: Member, asked: DutyChange) -> Community:
    """Put a leave, a turn more or a swap into the roster; the one who writes a swap of theirs has agreed.

    Whoever does not plan can only propose a swap of an own turn. The same one sent twice stands once.
    """
    here = _now(desk, member)
    is_own_swap = asked.kind == SWAP and member.username in {asked.username, asked.other}
    if not is_own_swap:
        _check_may(member, asked.department)
        _check_leads(member, asked, here)
    agreed = (member.username,) if is_own_swap else ()
    change = replace(asked, id=id_of(asked), agreed=agreed, by=member.username, at=desk.now())
    if any(known.id == change.id for known in here.duty_changes):
        return here
    check_room(len(here.duty_changes) + 1, MOST_CHANGES)
    check_change(change, here, desk.now())
    _take_out_old(desk, here)
    return _noted(member, f"{change.kind} added", desk.directory.put_duty(here.id, change, None))


def agree(desk: Desk, member: Member, change_id: str) -> Community:
    """Agree to a swap of one's own; it stands as soon as both have."""
    here = _now(desk, member)
    change = _found(here, change_id)
    if member.username not in {change.username, change.other} or change.kind != SWAP:
        raise NotAllowedError("Only the two whose turns are swapped agree to it.", "not_your_swap")
    if member.username in change.agreed:
        return here
    check_change(change, here, desk.now())
    agreed = replace(change, agreed=(*change.agreed, member.username))
    return _noted(member, "swap agreed", desk.directory.put_duty(here.id, agreed, change))


def take_back(desk: Desk, member: Member, change_id: str) -> Community:
    """Take a change out of the roster: whoever plans, and of a swap that is not agreed the two as well."""
    here = _now(desk, member)
    change = next((known for known in here.duty_changes if known.id == change_id), None)
    if change is None:
        return here
    is_own = change.kind == SWAP and member.username in {change.username, change.other}
    if not (is_own and not change.stands):
        _check_may(member, change.department)
        _check_leads(member, change, here)
    return _noted(member, f"{change.kind} dropped", desk.directory.drop_duty(here.id, change))


def _now(desk: Desk, member: Member) -> Community:
    """The community as it stands in the directory, at most a minute old."""
    return desk.directory.community(member.community.id)


def _check_may(member: Member, department: str | None) -> None:
    if not may_plan(member, department):
        raise NotAllowedError(
            "The roster is written by the supervisor, the manager, and a head for the own department; "
            "anybody proposes a swap of an own turn.",
            "not_planner",
        )


def _check_leads(member: Member, change: DutyChange, community: Community) -> None:
    """A head writes down the leave of the own people alone."""
    person = community.person(change.username)
    theirs = set(person.departments) if person else set()
    if member.role is Role.DEPARTMENT_HEAD and not theirs & set(member.departments):
        _check_may(member, "")


def _found(community: Community, change_id: str) -> DutyChange:
    for change in community.duty_changes:
        if change.id == change_id:
            return change
    raise NotFoundError("The roster has no such entry any more.", "no_such_change")


def _take_out_old(desk: Desk, community: Community) -> None:
    """Take out one change that is long over: more are never written than are taken out."""
    local = community.roster.local(desk.now())
    for change in community.duty_changes[:2]:
        if change.last < local - KEPT:
            desk.directory.drop_duty(community.id, change)


def id_of(change: DutyChange) -> str:
    """The name of a change, by what it says: the same one written twice is one."""
    said = (
        change.kind,
        change.username,
        change.other or "",
        change.department or "",
        *(_written(moment) for moment in (change.starts, change.ends, change.back_starts, change.back_ends)),
    )
    return sha256("\0".join(said).encode()).hexdigest()[:12]


def _written(moment: datetime | None) -> str:
    return f"{moment:%Y%m%d%H%M}" if moment else ""


def _noted(member: Member, what: str, community: Community) -> Community:
    log.info("roster", extra={"actor": member.username, "community": community.id, "what": what})
    return community
