"""Stand-ins of what writes staff, and of the accounts that follow."""

from collections.abc import Mapping, Set

from msgspec.structs import replace

from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.roles import Role
from chalicelib.services.records import Page
from chalicelib.services.staff_port import Act, Keepers
from tests.fakes.directory import FakeDirectory
from tests.fakes.identity import FakeIdentity
from tests.fakes.prices import FakePrices


def fake_keepers(directory: FakeDirectory, identity: FakeIdentity) -> Keepers:
    """What those work with who keep the staff of that directory."""
    store = FakeStaff(directory)
    return Keepers(store, FakeAccounts(identity), 24, store.prices)


class FakeStaff:
    """StaffStore over the stand-in of the directory."""

    def __init__(self, directory: FakeDirectory) -> None:
        self._directory = directory
        self.done: dict[str, list[Act]] = {}
        self.prices = FakePrices(directory, self.done)

    def put_person(self, community: Community, person: Staff, act: Act) -> bool:
        now = self._directory.community(community.id)
        if now.staffing != community.staffing:
            return False
        others = tuple(member for member in now.staff if member.username != person.username)
        staff = tuple(sorted((*others, person), key=lambda member: member.username))
        self._directory.put(replace(now, staff=staff, staffing=act.id))
        self.note(community.id, act)
        return True

    def put_community(self, community: Community, act: Act) -> bool:
        if self._directory.community(community.id).staffing != community.staffing:
            return False
        self._directory.put(replace(community, staffing=act.id))
        self.note(community.id, act)
        return True

    def add_community(self, community: Community, act: Act) -> bool:
        if community.id in self._directory.names():
            return False
        self._directory.put(replace(community, staffing=act.id))
        self.note(community.id, act)
        return True

    def note(self, community_id: str, act: Act) -> None:
        self.done.setdefault(community_id, []).append(act)

    def acts(self, community_id: str, limit: int, cursor: Mapping[str, str] | None) -> Page[Act]:
        newest = sorted(self.done.get(community_id, ()), key=lambda act: act.id, reverse=True)
        start = int(cursor["at"]) if cursor else 0
        left = {"at": str(start + limit)} if len(newest) > start + limit else None
        return Page(tuple(newest[start : start + limit]), left)


class FakeAccounts:
    """Accounts over the stand-in of the user pool; it is `down` for so many calls."""

    def __init__(self, identity: FakeIdentity) -> None:
        self._identity = identity
        self.down = 0

    def is_known(self, username: str) -> bool:
        self._up()
        return username in self._identity.roles

    def make(self, username: str) -> bool:
        self._up()
        is_new = username not in self._identity.roles
        self._identity.roles.setdefault(username, frozenset())
        if is_new:
            self._identity.passwords[username] = "a first password that nobody knows"
        self._identity.disabled.discard(username)
        return is_new

    def set_password(self, username: str, password: str) -> None:
        self._up()
        self._identity.passwords[username] = password
        self._identity.temporary.discard(username)

    def disable(self, username: str) -> bool:
        self._up()
        was = username in self._identity.disabled
        self._identity.disabled.add(username)
        return not was

    def end_renewals(self, username: str) -> None:
        self._up()

    def set_roles(self, username: str, roles: Set[str]) -> bool:
        self._up()
        wanted = frozenset(Role(role) for role in roles)
        changed = self._identity.roles[username] != wanted
        self._identity.roles[username] = wanted
        return changed

    def _up(self) -> None:
        if self.down:
            self.down -= 1
            raise ConnectionError("the pool does not answer")
