"""Writes communities into a desk's directory, and makes the accounts of their staff.

The tables' models take the names of the tables from the environment of the process: import this once they
are there.
"""

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec.structs import replace

from chalicelib.adapters.dynamo import directory_admin
from chalicelib.adapters.dynamo.directory import DynamoDirectory, read_community
from chalicelib.adapters.dynamo.people import DynamoPeople
from chalicelib.domain.community.community import Community, Staff, Steward
from chalicelib.domain.community.entry import OF_THE_COMPANY
from chalicelib.domain.community.staffing import check_managers_left
from chalicelib.domain.errors import NotFoundError
from infra.accounts import Accounts, new_password


def write_communities(communities: Iterable[Community], *, staff_of_file: bool = False) -> tuple[str, ...]:
    """Puts each community in the place of what was there; see `with_what_stays`.

    Returns a sentence for each community of whose part of the file something was left alone.
    """
    given = tuple(communities)
    written = [with_what_stays(found, staff_of_file=staff_of_file) for found in given]
    for community in written:
        directory_admin.put_community(community)
    said = []
    for before, after in zip(given, written, strict=True):
        if names := tuple(_left_alone(before, after)):
            said.append(f"{after.id}: as set at the desk, and not as in the file: {', '.join(names)}.")
    return tuple(said)


def _left_alone(given: Community, written: Community) -> Iterator[str]:
    """What of the file was not taken, because the desk has set it itself."""
    own_fields = (name for name in (*OF_THE_COMPANY, "prices", "shifts") if name != "by")
    yield from (name for name in own_fields if getattr(given, name) != getattr(written, name))
    for name in ("staff", "stewards", "amendments"):
        if not set(getattr(given, name)) <= set(getattr(written, name)):
            yield name


def with_what_stays(community: Community, *, staff_of_file: bool = False) -> Community:
    """The community with what is not the file's to take away.

    Whoever is no longer in the file stays as somebody inactive, because cases name them. Days that a manager
    has amended at the desk stay as the manager said. So do a roster and price lists that are written at the
    desk, people whom the desk has added or changed (but with `staff_of_file`), and what the company has
    changed of the community; leave, single turns and swaps stay in any case. CommandRefusedError where nobody
    would manage it any more.
    """
    try:
        before = read_community(community.id, consistent=True)
    except NotFoundError:
        return community
    staff = tuple(_staff(before, community, staff_of_file=staff_of_file))
    check_managers_left(before.staff, staff)
    amended = tuple(day for day in before.amendments if day.by is not None)
    dates = {day.date for day in amended}
    return replace(
        community,
        staff=staff,
        amendments=(*amended, *(day for day in community.amendments if day.date not in dates)),
        shifts=before.shifts if before.own_roster else community.shifts,
        prices=before.prices if before.price_lists else community.prices,
        price_lists=before.price_lists,
        staffed_weeks=before.staffed_weeks or community.staffed_weeks,
        buildings=before.buildings or community.buildings,
        duty_changes=before.duty_changes,
        own_roster=before.own_roster,
        unsigned=before.unsigned,
        stewards=tuple(_stewards(before, community)),
        **({name: getattr(before, name) for name in OF_THE_COMPANY} if before.by else {}),
    )


def _staff(before: Community, community: Community, *, staff_of_file: bool) -> Iterator[Staff]:
    """Those of the file, but for whom the desk has written down itself; whoever is in neither, inactive."""
    own = {member.username: member for member in before.staff if member.by and not staff_of_file}
    named = {member.username for member in community.staff}
    yield from own.values()
    chosen = {member.username: member.language for member in before.staff}
    for member in community.staff:
        if member.username not in own:
            yield replace(member, language=member.language or chosen.get(member.username, ""))
    for member in before.staff:
        if member.username not in named and member.username not in own:
            yield replace(member, active=False, by=None)


def _stewards(before: Community, community: Community) -> Iterator[Steward]:
    """Those of the file, but for buildings whose steward was set at the desk."""
    own = [steward for steward in before.stewards if steward.by is not None]
    buildings = {steward.building for steward in own}
    yield from own
    yield from (steward for steward in community.stewards if steward.building not in buildings)


def write_accounts(
    communities: Iterable[Community],
    accounts: Accounts,
    password: str | None = None,
    reset: Collection[str] = (),
) -> Mapping[str, str]:
    """Give everybody active in these communities an account, with the roles of the directory.

    Whoever works nowhere any more can sign in no more. Their sessions end, and those of whoever has another
    role or gets a password anew.

    Args:
        password: The first password of all of them; None for one of its own for each.
        reset: Usernames that get a first password anew.

    Returns:
        The passwords that were set, by username. An account that has one already keeps it.
    """
    roles = _roles()
    wanted = {member.username for community in communities for member in community.staff if member.active}
    issued: dict[str, str] = {}
    for username in sorted(wanted & roles.keys()):
        is_new = accounts.make(username)
        if is_new or username in reset:
            issued[username] = password or new_password()
            accounts.set_password(username, issued[username])
        changed = accounts.set_roles(username, roles[username])
        if not is_new and (changed or username in reset):
            end_sessions(username, accounts)
    staff = {member.username for community in communities for member in _everybody_of(community.id)}
    for username in sorted(staff - roles.keys()):
        if accounts.disable(username):
            end_sessions(username, accounts)
    return issued


def end_sessions(username: str, accounts: Accounts) -> None:
    """End every session of a person, from their next request on."""
    accounts.end_renewals(username)
    DynamoPeople().end_sessions(username, int(time.time()))


def forget_authenticator(username: str, accounts: Accounts) -> None:
    """Ask a person for a code no more, until they set up an authenticator again; their sessions end."""
    accounts.forget_authenticator(username)
    DynamoPeople().set_second_factor(username, False)
    end_sessions(username, accounts)


def _everybody_of(community_id: str) -> tuple[Staff, ...]:
    return read_community(community_id, consistent=True).staff


def _roles() -> Mapping[str, set[str]]:
    """The roles by username in all communities, not only those of a file."""
    roles: defaultdict[str, set[str]] = defaultdict(set)
    for community_id in DynamoDirectory().names():
        for member in read_community(community_id, consistent=True).staff:
            if member.active:
                roles[member.username].add(member.role.value)
    return roles
