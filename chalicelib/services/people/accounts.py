"""The account of a person, brought in line with the directory (E8).

The directory is written first and says what is right. Then sessions end, then the user pool follows. Each
step can be done again, so whoever saves the same once more mends what broke off in between. Until then
nobody has more than before: a sign-in counts only where directory and pool agree on the role.
"""

import secrets
from uuid import uuid4

from chalicelib.domain.community.community import Member, Staff
from chalicelib.domain.community.staffing import KEEPERS, RANKS
from chalicelib.domain.errors import NotAllowedError
from chalicelib.services.desk import Desk
from chalicelib.services.staff_port import Accounts, Act, Done


def places_of(desk: Desk, username: str) -> dict[str, Staff]:
    """The entries of a username in all communities, active or not, by their ids; as they are now."""
    return dict(desk.directory.staff_named(username, desk.directory.names()))


def follow(desk: Desk, accounts: Accounts, username: str, *, ends_sessions: bool) -> None:
    """Have the account be as the directory says: its roles, and whether it can sign in at all."""
    if ends_sessions:
        desk.people.end_sessions(username, int(desk.now().timestamp()))
    roles = {entry.role.value for entry in places_of(desk, username).values() if entry.active}
    if not roles:
        if not accounts.is_known(username):
            return
        accounts.disable(username)
    else:
        accounts.make(username)
        accounts.set_roles(username, roles)
    if ends_sessions:
        accounts.end_renewals(username)


def check_in_reach(desk: Desk, actor: Member, username: str) -> None:
    """NotAllowedError unless whoever acts keeps the staff wherever that username stands.

    One account opens all communities of a person. So whoever decides on its password decides for all of them,
    and must be above nobody's head in any.
    """
    entries = places_of(desk, username)
    own = places_of(desk, actor.username)
    for place, entry in entries.items():
        here = own.get(place)
        is_keeper = here is not None and here.active and here.role in KEEPERS
        if not is_keeper or here is None or RANKS.get(entry.role, len(RANKS)) > RANKS[here.role]:
            raise NotAllowedError(
                "This username belongs to somebody of another community too, whose staff you do not keep.",
                "username_elsewhere",
            )


def unguessable() -> str:
    """A password that nobody knows: it stands until the person has chosen their own."""
    return f"aA1{secrets.token_urlsafe(32)}"


def act_now(desk: Desk, by: str, done: Done, about: str | None = None, changed: tuple[str, ...] = ()) -> Act:
    """Something that is done now, for the record; its id sorts by time."""
    now = desk.now()
    return Act(f"{now.timestamp():017.6f}#{uuid4().hex[:8]}", now, by, done, about, changed)
