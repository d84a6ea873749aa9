"""A community's own entry: what cannot be of it, and what of it the company keeps at the desk (F)."""

import re

from chalicelib.domain.community.community import Community
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError, NotAllowedError

TAKEN = frozenset({"account", "sign-out"})
"""What stands in the place of a community in addresses of the pages."""

LONGEST_ID = 24
"""So that the name of a workflow, which begins with it, stays below the 80 characters that AWS takes."""

LONGEST_NAME = 100

DIALLED = re.compile(r"\+?[0-9](?:[0-9 -]{1,18})[0-9]")
"""The number of a desk, as people read it and a telephone dials it."""

MOST_HOUSEHOLDS = 100_000

OF_THE_COMPANY = ("name", "phone", "regulation", "households", "departments", "closed", "instead", "by")
"""What the company changes at the desk; then the operator's file leaves it alone."""


def check_id(community_id: str) -> None:
    """InvalidInputError for what cannot be the id of a community."""
    if community_id in TAKEN:
        raise InvalidInputError(
            f"'{community_id}' is an address of the desk's own; choose another id.", "community_id"
        )
    plain = community_id.replace("-", "")
    if not (plain.isascii() and plain.isalnum() and len(community_id) <= LONGEST_ID):
        raise InvalidInputError(
            f"'{community_id}' cannot be the id of a community: use at most {LONGEST_ID} letters, digits "
            "and hyphens.",
            "community_id",
        )


def is_dialled(phone: str) -> bool:
    """Whether somebody can dial a number as it was written: 119, 0571-88001234."""
    return DIALLED.fullmatch(phone) is not None


def check_phone(phone: str | None) -> None:
    """InvalidInputError for a number of a desk that nobody can dial."""
    if phone is not None and not is_dialled(phone):
        raise InvalidInputError(
            f"its phone is {phone!r}, which nobody can dial; write digits with spaces or hyphens, such as "
            "0571-88001234",
            "desk_phone",
        )


def check_departments(before: Community, after: Community) -> None:
    """CommandRefusedError for a department taken away in which somebody works or has a turn."""
    works = {name for member in before.staff if member.active for name in member.departments}
    used = works | {shift.department for shift in before.shifts}
    if not after.departments:
        raise InvalidInputError("A community has at least one department.", "department_needed_here")
    for gone in before.departments.keys() - after.departments.keys():
        if gone in used:
            raise CommandRefusedError(
                f"Somebody works in {before.departments[gone]}, or has a turn there; change that first.",
                "department_in_use",
                department=before.departments[gone],
            )


def check_takes_reports(community: Community) -> None:
    """NotAllowedError for a new report to a closed community, by whatever way.

    Its cases go on. Every intake asks here: the register itself, and before it whoever has to answer at once.
    """
    if community.closed:
        raise NotAllowedError(
            f"{community.name} takes no new reports here any more: {community.instead or 'call its desk'}"
            f"{f', {community.phone}' if community.phone else ''}.",
            "community_closed_instead" if community.instead else "community_closed",
            instead=community.instead,
        )
