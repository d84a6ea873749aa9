"""Who may change whom of the staff, and what nobody can be (F, E8).

The pages and the operator's file ask here.
"""

import re
from collections.abc import Iterable, Mapping

from chalicelib.domain.community.community import Community, Member, Staff, check_username
from chalicelib.domain.community.language import check_language
from chalicelib.domain.community.phones import can_be_written_to
from chalicelib.domain.community.roles import DESK, MANAGERS, STAFF_ROLES, WORKERS, Role, spelled
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError, NotAllowedError

KEEPERS = MANAGERS
"""Who keeps the staff of a community."""

RANKS: Mapping[Role, int] = {
    Role.COMMITTEE: 0,
    Role.HANDLER: 1,
    Role.AGENT: 1,
    Role.DEPARTMENT_HEAD: 2,
    Role.SUPERVISOR: 3,
    Role.MANAGER: 4,
    Role.COMPANY_HEAD: 5,
}
"""How high a role stands: nobody gives one above their own, or changes whoever has it."""

OF_A_DEPARTMENT = frozenset({Role.HANDLER, Role.DEPARTMENT_HEAD})
"""Roles that are nothing without a department."""

MOST_STAFF = 500
"""So many people a community has at most: they are all read with it (ours)."""

NEW_USERNAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,30}[a-z0-9]")
"""What a username looks like that is given at the desk: the user pool knows no capital letters."""


def roles_given_by(role: Role) -> tuple[Role, ...]:
    """The roles that somebody of this role may give, from the lowest; none for whoever keeps no staff."""
    if role not in KEEPERS:
        return ()
    return tuple(given for given in RANKS if RANKS[given] <= RANKS[role])


def may_change(actor: Member, person: Staff) -> bool:
    """Whether this member may change that person at all: nobody above them, and no machine."""
    return person.role in roles_given_by(actor.role)


def check_new_username(username: str) -> None:
    """InvalidInputError for a username that is not given at the desk."""
    check_username(username)
    if not NEW_USERNAME.fullmatch(username):
        raise InvalidInputError(
            "A username has 3 to 32 small letters, digits, dots and hyphens, such as wang.fang.",
            "username_form",
        )


def check_person(person: Staff, community: Community) -> None:
    """InvalidInputError for an entry that the desk could not work with, whoever made it."""
    check_username(person.username)
    if person.role not in STAFF_ROLES | {Role.MACHINE}:
        raise InvalidInputError(
            f"{person.username} is {person.role}, which is no role of staff.", "staff_role"
        )
    for department in person.departments:
        if department not in community.departments:
            raise InvalidInputError(
                f"{person.username} works in {department}, which is no department of it.", "no_department"
            )
    if person.role in OF_A_DEPARTMENT and not person.departments:
        raise InvalidInputError(
            f"{person.username} is {spelled(person.role)} of no department; name one.", "department_needed"
        )
    if person.duties and person.role not in DESK:
        raise InvalidInputError(
            f"{person.username} is {person.role} and has duties; money is for the desk's staff.",
            "duties_of_desk",
        )
    if person.language:
        check_language(person.language)
    is_written_to = person.active and person.role in WORKERS
    if is_written_to and not can_be_written_to(person.phone, person.email):
        raise InvalidInputError(
            f"{person.username}'s phone gets no SMS (a landline, say), so an email is needed.",
            "staff_unreachable",
        )


def check_change(actor: Member, community: Community, before: Staff | None, after: Staff) -> None:
    """Refuse a change of the staff that this member may not make, or nobody may.

    `before` is the person as they stand, None for somebody new. NotAllowedError for what is above the member
    or about themselves; CommandRefusedError where nobody would manage the community any more, or where it is
    full.
    """
    allowed = roles_given_by(actor.role)
    if before is not None and not may_change(actor, before):
        raise NotAllowedError(f"You cannot change a {spelled(before.role)}.", "staff_above")
    if after.role not in allowed:
        raise NotAllowedError(f"You cannot make anybody {spelled(after.role)}.", "role_above")
    is_self = before is not None and before.username == actor.username
    if is_self and (after.role is not actor.role or not after.active):
        raise NotAllowedError(
            "Nobody changes their own role or takes themselves out of service.", "staff_self"
        )
    staff = [after if member.username == after.username else member for member in community.staff]
    check_managers_left(community.staff, staff)
    if before is None and len(community.staff) >= MOST_STAFF:
        raise CommandRefusedError(f"A community has at most {MOST_STAFF} people.", "staff_full")


def check_managers_left(before: Iterable[Staff], after: Iterable[Staff]) -> None:
    """CommandRefusedError where there was an active manager, and there would be none."""
    if _has_manager(before) and not _has_manager(after):
        raise CommandRefusedError(
            "A community keeps at least one active manager; give somebody else the role first.",
            "last_manager",
        )


def _has_manager(staff: Iterable[Staff]) -> bool:
    return any(member.active and member.role is Role.MANAGER for member in staff)
