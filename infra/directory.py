"""Writes communities into a desk's directory, and makes the accounts of their staff.

The tables' models take the names of the tables from the environment of the process: import this once they
are there.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from chalicelib.adapters.dynamo import directory_admin
from chalicelib.adapters.dynamo.directory import DynamoDirectory, read_community
from chalicelib.domain.community.community import Community
from chalicelib.domain.errors import NotFoundError
from infra.accounts import Accounts, new_password


def write_communities(communities: Iterable[Community]) -> None:
    """Puts each community in the place of what was there; see `with_what_stays`."""
    for community in communities:
        directory_admin.put_community(with_what_stays(community))


def with_what_stays(community: Community) -> Community:
    """The community with what is not the file's to take away.

    Whoever is no longer in the file stays as somebody inactive, because cases name them. Days that a manager
    has amended at the desk stay as the manager said.
    """
    try:
        before = read_community(community.id, consistent=True)
    except NotFoundError:
        return community
    named = {member.username for member in community.staff}
    gone = tuple(replace(member, active=False) for member in before.staff if member.username not in named)
    amended = tuple(day for day in before.amendments if day.by is not None)
    dates = {day.date for day in amended}
    return replace(
        community,
        staff=(*community.staff, *gone),
        amendments=(*amended, *(day for day in community.amendments if day.date not in dates)),
    )


def write_accounts(
    communities: Iterable[Community],
    accounts: Accounts,
    password: str | None = None,
    reset: Collection[str] = (),
) -> Mapping[str, str]:
    """Give everybody active in these communities an account, with the roles of the directory.

    Args:
        password: The first password of all of them; None for one of its own for each.
        reset: Usernames that get a first password anew.

    Returns:
        The passwords that were set, by username. An account that has one already keeps it.
    """
    roles = _roles()
    wanted = {member.username for community in communities for member in community.staff if member.active}
    issued: dict[str, str] = {}
    for username in sorted(wanted):
        if accounts.make(username) or username in reset:
            issued[username] = password or new_password()
            accounts.set_password(username, issued[username])
        accounts.set_roles(username, roles[username])
    return issued


def _roles() -> Mapping[str, set[str]]:
    """The roles by username in all communities, not only those of a file."""
    roles: defaultdict[str, set[str]] = defaultdict(set)
    for community_id in DynamoDirectory().names():
        for member in read_community(community_id, consistent=True).staff:
            if member.active:
                roles[member.username].add(member.role.value)
    return roles
