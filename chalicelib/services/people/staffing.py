"""Staff added, changed, taken out of service and brought back (F, E8)."""

import logging
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import asdict, replace

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.form_fields import SHORT
from chalicelib.domain.community.community import Community, Member, Staff
from chalicelib.domain.community.roles import WORKERS
from chalicelib.domain.community.staffing import check_change, check_new_username, check_person
from chalicelib.domain.errors import (
    BusyError,
    CommandRefusedError,
    ConflictError,
    NotFoundError,
)
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.texts import checked_text
from chalicelib.services.case_line import away_from_line
from chalicelib.services.desk import Desk
from chalicelib.services.dispatch.together import MOST_AT_ONCE, Result, Wish, hand_over
from chalicelib.services.duty.stewards import drop_photo
from chalicelib.services.people.accounts import act_now, check_in_reach, follow, places_of
from chalicelib.services.records import CaseLine
from chalicelib.services.staff_port import Act, Done, Keepers

log = logging.getLogger(__name__)

ATTEMPTS = 3
"""How often a change is tried anew when somebody else changed the staff in between."""

CarryOut = Callable[[Case, Command[object]], Case]


class Keeping(Struct, frozen=True):
    """What keeping staff needs: the desk, where staff are written, and who does it."""

    desk: Desk
    keepers: Keepers
    member: Member

    def here(self) -> Community:
        """The community as it is now."""
        return self.desk.directory.anew(self.member.community.id)

    def act(self, done: Done, about: str | None = None, changed: tuple[str, ...] = ()) -> Act:
        """Something that is done now, for the record."""
        return act_now(self.desk, self.member.username, done, about, changed)


class Holds(Struct, frozen=True):
    """What of a person needs somebody else: open cases that the asker may see, and what stands beside."""

    cases: tuple[str, ...] = ()
    buildings: tuple[str, ...] = ()
    turns: int = 0


def seen(desk: Desk, person: Staff) -> str:
    """What a form says of the entry of a person that it shows: nobody overwrites what they never saw."""
    return desk.codes.keyed("staff-seen", repr(asdict(person)))[:16]


def add(keeping: Keeping, person: Staff) -> Staff:
    """Write somebody new down, and make their account.

    Sent again it mends what broke off.

    ConflictError for a username that is taken: here, in a community out of reach, or in the user pool alone.
    """
    check_new_username(person.username)
    person = _tidy(replace(person, active=True, by=keeping.member.username))
    for _ in range(ATTEMPTS):
        here = keeping.here()
        before = here.person(person.username)
        if before is None:
            check_in_reach(keeping.desk, keeping.member, person.username)
            is_elsewhere = bool(places_of(keeping.desk, person.username))
            if not is_elsewhere and keeping.keepers.accounts.is_known(person.username):
                raise _taken()
        elif before != person:
            raise _taken()
        check_person(person, here)
        check_change(keeping.member, here, before, person)
        if before is not None:
            break
        act = replace(keeping.act(Done.ADDED, person.username), role=person.role.value)
        if keeping.keepers.store.put_person(here, person, act):
            log.info("staff added", extra={"actor": keeping.member.username, "community": here.id})
            break
    else:
        raise _busy()
    _follow(keeping, person.username, ends_sessions=False)
    return person


def change(keeping: Keeping, wanted: Staff, seen_before: str) -> Staff:
    """Change the entry of a person.

    Saved again as it is, it brings their account in line once more.

    ConflictError if somebody else has changed it since it was `seen_before`. Whether they are active stays.
    """
    for _ in range(ATTEMPTS):
        here = keeping.here()
        before = person_here(here, wanted.username)
        after = _tidy(replace(wanted, active=before.active, by=keeping.member.username))
        changed = _changed(before, after)
        check_change(keeping.member, here, before, after)
        check_person(after, here)
        if not changed:
            break
        if seen_before != seen(keeping.desk, before):
            raise ConflictError(
                "Somebody else has changed this person meanwhile; look again.", "staff_changed"
            )
        if before.role in WORKERS and after.role not in WORKERS:
            _check_free(keeping, after.username)
        act = keeping.act(Done.CHANGED, after.username, changed)
        if "role" in changed:
            act = replace(act, role_before=before.role.value, role=after.role.value)
        if keeping.keepers.store.put_person(here, after, act):
            log.info("staff changed", extra={"actor": keeping.member.username, "community": here.id})
            break
    else:
        raise _busy()
    other_role = before.role is not after.role
    _follow(keeping, after.username, ends_sessions=other_role or not after.active)
    return after


def set_active(keeping: Keeping, username: str, *, active: bool) -> Staff:
    """Take somebody out of service, or bring them back.

    Done again it mends what broke off.

    CommandRefusedError while they have open cases (`staff_has_cases`): those are handed over first.
    """
    for _ in range(ATTEMPTS):
        here = keeping.here()
        before = person_here(here, username)
        after = replace(before, active=active, by=keeping.member.username)
        check_change(keeping.member, here, before, after)
        if before.active is active:
            break
        if active:
            check_person(after, here)
        else:
            _check_free(keeping, username)
        act = keeping.act(Done.ACTIVATED if active else Done.DEACTIVATED, username)
        if keeping.keepers.store.put_person(here, after, act):
            log.info("staff %s", act.done, extra={"actor": keeping.member.username, "community": here.id})
            break
    else:
        raise _busy()
    _follow(keeping, username, ends_sessions=not active)
    if not active:
        drop_photo(keeping.desk, keeping.member, username)
    return after


def hand_over_all(
    keeping: Keeping, username: str, wish: Wish, key: str, carry_out: CarryOut
) -> tuple[Result, ...]:
    """Hand the open cases of a person to somebody else, a page at once (B3)."""
    numbers = holds(keeping, username).cases[:MOST_AT_ONCE]
    if not numbers:
        return ()
    return hand_over(keeping.desk, keeping.member, numbers, wish, key, carry_out)


def holds(keeping: Keeping, username: str) -> Holds:
    """What of a person needs somebody else when they leave.

    Cases that whoever asks is kept away from are not among them (G13): their clocks find somebody else.
    """
    here, desk = keeping.member.community, keeping.desk
    cases, cursor = [], None
    while True:
        page = desk.cases.open_work(here.id, department=None, handler=username, limit=100, cursor=cursor)
        cases += [line.number for line in page.items if _is_theirs_to_hand_over(line, keeping)]
        cursor = page.cursor
        if cursor is None or len(cases) > MOST_AT_ONCE:
            break
    now = keeping.here()
    buildings = tuple(steward.building for steward in now.stewards if steward.username == username)
    return Holds(tuple(cases), buildings, sum(shift.username == username for shift in now.shifts))


def works_elsewhere(keeping: Keeping, username: str) -> bool:
    """Whether somebody works in another community too.

    Then their account is in use.
    """
    entries = places_of(keeping.desk, username)
    return any(entry.active for place, entry in entries.items() if place != keeping.member.community.id)


def person_here(community: Community, username: str) -> Staff:
    """The person of that username, active or not; NotFoundError if there is none."""
    person = community.person(username)
    if person is None:
        raise NotFoundError(f"Nobody called '{username[:40]}' works here or did.", "nobody_here")
    return person


def _follow(keeping: Keeping, username: str, *, ends_sessions: bool) -> None:
    keeping.desk.directory.anew(keeping.member.community.id)
    follow(keeping.desk, keeping.keepers.accounts, username, ends_sessions=ends_sessions)


def _is_theirs_to_hand_over(line: CaseLine, keeping: Keeping) -> bool:
    """Whether whoever asks can hand a case over; what is done only waits for the resident."""
    here = keeping.member.community
    return line.state in TABLE["assign"].sources and keeping.member.username not in away_from_line(line, here)


def _check_free(keeping: Keeping, username: str) -> None:
    held = holds(keeping, username).cases
    if held:
        raise CommandRefusedError(
            f"{len(held)} open cases are theirs; hand them over first.", "staff_has_cases", count=len(held)
        )


def _tidy(person: Staff) -> Staff:
    """The entry with a name that can be read; else InvalidInputError."""
    return replace(person, name=checked_text("name", person.name, SHORT))


def _changed(before: Staff, after: Staff) -> tuple[str, ...]:
    now = asdict(after)
    return tuple(name for name, was in asdict(before).items() if now[name] != was and name != "by")


def _taken() -> ConflictError:
    return ConflictError("This username is taken; choose another one.", "username_taken")


def _busy() -> BusyError:
    return BusyError("Others are changing the staff just now; try again in a moment.")
