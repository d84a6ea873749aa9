"""Who is kept away from a complaint about a person: that person and their line (G13).

The one rule. For such a case whoever is kept away does not work here: it is decided in a community without
them (`context_for`), so that no rule chooses, draws, tells or lists them, and whoever comes next acts. What
somebody may see asks `kept_away` as well (access.py).
"""

from collections.abc import Collection, Mapping

from msgspec.structs import replace

from chalicelib.domain.case.about import NOBODY, About
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.roles import STAFF_ROLES, Actor, Role
from chalicelib.domain.errors import DomainError, NotAllowedError, NotFoundError

LINE_OF: Mapping[Role, frozenset[Role]] = {
    Role.HANDLER: frozenset({Role.DEPARTMENT_HEAD}),
    Role.DEPARTMENT_HEAD: frozenset({Role.HANDLER}),
    Role.AGENT: frozenset({Role.SUPERVISOR}),
    Role.SUPERVISOR: frozenset({Role.AGENT}),
    Role.MANAGER: frozenset({Role.AGENT, Role.SUPERVISOR, Role.DEPARTMENT_HEAD, Role.HANDLER}),
}
"""Role → the roles of its line: whoever leads somebody day by day, or is led by them.

A head's line and a handler's are of the same department. The manager is in the line of nobody: he judges what
is said of a supervisor or a head. What is said of the manager, the company head judges; and as nobody stands
above the company head here, what is said of them goes to the manager.
"""

OF_ONE_DEPARTMENT = frozenset({Role.HANDLER, Role.DEPARTMENT_HEAD})

JUDGES = frozenset({Role.SUPERVISOR, Role.MANAGER, Role.COMPANY_HEAD})
"""The ranks that look into a complaint about a person.

They alone see it while nobody knows whom it means: anybody else may be the one, or stand beside them.
"""


def kept_away(about: About, urgency: str, community: Community) -> frozenset[str]:
    """The usernames of everybody who is kept away from a case about these people.

    In an emergency only the people themselves: whoever can help is told (A6). Where the line has everybody
    who could judge, its people are not kept away: somebody has to look into it.
    """
    if about == NOBODY:
        return frozenset()
    people = frozenset(about.people)
    if urgency == "emergency":
        return people
    away = people | {member.username for member in community.staff if _is_in_a_line(member, about, community)}
    judges = {member.username for member in community.with_role(*JUDGES)}
    return away if judges - away else people


def _is_in_a_line(member: Staff, about: About, community: Community) -> bool:
    if about.unknown and member.role not in JUDGES:
        return True
    found = (person for username in about.people if (person := community.person(username)))
    return any(
        member.role in LINE_OF.get(person.role, ())
        and (person.role not in OF_ONE_DEPARTMENT or bool(set(person.departments) & set(member.departments)))
        for person in found
    )


def kept_away_from(case: Case, community: Community) -> frozenset[str]:
    """The usernames of everybody who is kept away from the case."""
    return kept_away(case.about, case.classification.urgency, community)


def context_for(case: Case, context: Context) -> Context:
    """The context of a case: its community without those who are kept away from it.

    They are there by name, as whoever has left is, and act, hear and are counted on in nothing.
    """
    return without(kept_away_from(case, context.community), context)


def without(away: Collection[str], context: Context) -> Context:
    """The context whose community is without these people."""
    if not away:
        return context
    staff = tuple(
        replace(member, active=False) if member.username in away else member
        for member in context.community.staff
    )
    return replace(context, community=replace(context.community, staff=staff))


def why_kept_out(case: Case, actor: Actor, context: Context, roles: Collection[Role]) -> DomainError | None:
    """Whoever is kept away gives no command; the company head gives the manager's where no manager can (G13).

    `roles` can give the command. To whoever is kept away it is a case that does not exist.
    """
    if actor.role not in STAFF_ROLES:
        return None
    if actor.id in kept_away_from(case, context.community):
        return NotFoundError(f"There is no case '{case.number}' that you can see.")
    is_the_managers = actor.role is Role.COMPANY_HEAD and Role.MANAGER in roles
    if is_the_managers and context.community.with_role(Role.MANAGER):
        return NotAllowedError(
            f"The manager decides on case {case.number}; the company head acts where no manager can.",
            "the_managers_case",
        )
    return None
