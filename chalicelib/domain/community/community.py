"""A residential community: its staff, duty roster, prices, hours and own days (F, B14)."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from chalicelib.domain.community.handover import Unsigned
from chalicelib.domain.community.hours import AmendedDay as AmendedDay
from chalicelib.domain.community.hours import Building as Building
from chalicelib.domain.community.hours import Hours as Hours
from chalicelib.domain.community.hours import StaffedWeek as StaffedWeek
from chalicelib.domain.community.hours import staffed_on
from chalicelib.domain.community.prices import PriceItem, PriceList, prices_on
from chalicelib.domain.community.roles import NOBODYS_USERNAMES, Actor, Duty, Role
from chalicelib.domain.community.roster import (
    DutyChange,
    Roster,
    Shift,
    departments_of,
    is_in,
    is_on_leave,
    on_duty,
)
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.texts import cleaned
from chalicelib.domain.wording import UnwantedWord


class Staff(Struct, frozen=True):
    """One member of staff in one community. `phone` is E.164, with `;ext=` and an extension if it has one.

    `duties` are those besides the role: taking the residents' money, signing for the month (B9). `by`: who
    wrote it down at the desk; then the operator's file leaves it alone. `language` is that of their messages,
    the community's if it is empty (A11).
    """

    username: str
    name: str
    role: Role
    departments: tuple[str, ...]
    phone: str
    email: str | None = None
    active: bool = True
    duties: tuple[Duty, ...] = ()
    by: str | None = None
    language: str = ""

    def member_of(self, community: "Community") -> "Member":
        """The person as a member of the community whose entry this is."""
        return Member(self.username, self.name, self.role, self.departments, community, self.duties)


LONGEST_USERNAME = 128


def check_username(username: str) -> None:
    """InvalidInputError for a username that stands for somebody else, or cannot be typed or stored."""
    if username.casefold() in NOBODYS_USERNAMES:
        raise InvalidInputError(f"Nobody can be called {username}: in a history that is not a person.")
    if not username or len(username) > LONGEST_USERNAME or cleaned(username) != username:
        raise InvalidInputError(
            f"{username!a} is no username: 1 to {LONGEST_USERNAME} characters to be seen."
        )
    if "#" in username or any(character.isspace() for character in username):
        raise InvalidInputError(f"{username!a} is no username: blanks and # cannot be in one.")


class Steward(Struct, frozen=True):
    """The steward of a building or entrance, written as people write it (B2). `by`: set at the desk.

    `photo` is the name of their photo in the bucket, the same in each of their buildings.
    """

    building: str
    username: str
    by: str | None = None
    photo: str | None = None


class OutsideService(Struct, frozen=True):
    """A service outside the company that a community calls in danger, by its local number (A6).

    One with the `id` of a number of the regulation stands in its place. `matters` are those for which it is
    shown; without any it is shown in every emergency.
    """

    id: str
    name: str
    phone: str
    matters: tuple[str, ...] = ()


ALARM_MINUTES = 3
"""How long an alert of an emergency waits for somebody who has it, before the next in line is told (ours)."""


class Community(Struct, frozen=True):
    """One residential community, with all that its cases need to know of it.

    `country` and `subdivision` are ISO 3166 codes and say whose holidays it keeps; no `hours` are office
    hours, Monday to Friday. Where it has `staffed_hours`, limits in hours of matters that are neither
    emergency nor urgent run in them (A7), and on public holidays if it is `staffed_on_holidays`; once one of
    the desk's `staffed_weeks` has begun, that holds.
    `unit_pattern`, a regular expression, says by its groups what tells the units apart (`unit_key`). `phone`
    is the desk's, as people read and dial it: 0571-88001234. `phone_countries` (ISO codes) are those whose
    numbers residents and machines may give; its own alone, if it names none. `outside` are services with
    their local numbers; an emergency that nobody confirms is told to the next in line after `alarm_minutes`
    (A6). `unwanted` are words that are not said to its residents, beside those of everybody (A14).

    `prices` are the operator's; once there are `price_lists` of the desk, those hold from their first day.
    `shifts` and `duty_changes` are its roster (B14). `duty_hours`, by department, say when somebody has to be
    on duty where the roster itself does not tell (gaps.py). `own_roster`: it is written at the desk, no more
    by the operator's file. `unsigned` are the handovers of shifts that nobody has taken over yet; `buildings`
    those set at the desk. `staffing` changes with each change of its staff. `closed`: no new reports are
    taken any more, and `instead` says to whom people turn then. `by`: who of the company wrote its own entry
    at the desk; then the operator's file leaves that alone.
    """

    id: str
    name: str
    zone: str
    regulation: str
    households: int
    phone: str | None = None
    country: str = "CN"
    subdivision: str | None = None
    hours: tuple[Hours, ...] = ()
    staffed_hours: tuple[Hours, ...] = ()
    staffed_on_holidays: bool = False
    staffed_weeks: tuple[StaffedWeek, ...] = ()
    buildings: tuple[Building, ...] = ()
    staff: tuple[Staff, ...] = ()
    shifts: tuple[Shift, ...] = ()
    duty_changes: tuple[DutyChange, ...] = ()
    duty_hours: Mapping[str, tuple[Hours, ...]] = field(default_factory=dict)
    own_roster: bool = False
    unsigned: tuple[Unsigned, ...] = ()
    stewards: tuple[Steward, ...] = ()
    prices: tuple[PriceItem, ...] = ()
    price_lists: tuple[PriceList, ...] = ()
    amendments: tuple[AmendedDay, ...] = ()
    departments: Mapping[str, str] = field(default_factory=dict)
    unit_pattern: str | None = None
    phone_countries: tuple[str, ...] = ()
    outside: tuple[OutsideService, ...] = ()
    alarm_minutes: int = ALARM_MINUTES
    unwanted: tuple[UnwantedWord, ...] = ()
    staffing: str = ""
    closed: bool = False
    instead: str = ""
    by: str | None = None

    def staffed_at(self, day: date) -> StaffedWeek:
        """The hours in which the desk is staffed on a local day (A7)."""
        first = StaffedWeek("", self.staffed_hours, self.staffed_on_holidays)
        return staffed_on(day, (first, *self.staffed_weeks))

    @property
    def countries_written_to(self) -> tuple[str, ...]:
        """The countries whose phone numbers strangers may give: its own, if it names none."""
        return self.phone_countries or (self.country,)

    def prices_at(self, at: datetime) -> tuple[PriceItem, ...]:
        """The price list of an instant's local day (B10)."""
        return prices_on(at.astimezone(ZoneInfo(self.zone)).date(), self.prices, self.price_lists)

    def ended_price_lists(self, at: datetime) -> tuple[PriceList, ...]:
        """The published lists in whose place another one holds at an instant."""
        today = at.astimezone(ZoneInfo(self.zone)).date().isoformat()
        return tuple(known for known in self.price_lists if known.valid_from <= today)[:-1]

    def with_duty(self, duty: Duty) -> tuple[Staff, ...]:
        """Active staff who have that duty besides their role, in the directory's order (B9)."""
        return tuple(member for member in self.staff if member.active and duty in member.duties)

    def person(self, username: str) -> Staff | None:
        """Whoever works here or did: for a name, which stays when somebody leaves."""
        return next((member for member in self.staff if member.username == username), None)

    def member(self, username: str) -> Staff | None:
        """The active member of staff with that username, if there is one."""
        found = (member for member in self.staff if member.username == username and member.active)
        return next(found, None)

    def with_role(self, *roles: Role) -> tuple[Staff, ...]:
        """Active staff of those roles, in the directory's order."""
        return tuple(member for member in self.staff if member.active and member.role in roles)

    @property
    def roster(self) -> Roster:
        """Its turns of duty, with what differs from them."""
        return Roster(self.zone, self.shifts, self.duty_changes)

    def is_off_duty(self, username: str, at: datetime) -> bool:
        """Whether the roster has somebody off at an instant: on leave, or in it and not now.

        Whoever is in no roster is off duty on leave alone.
        """
        roster = self.roster
        if is_on_leave(roster, username, at):
            return True
        return is_in(roster, username) and not any(
            username in on_duty(roster, department, at) for department in self._rostered
        )

    def is_on_leave(self, username: str, at: datetime) -> bool:
        """Whether somebody is on leave at an instant (B14)."""
        return is_on_leave(self.roster, username, at)

    def on_duty(self, department: str, at: datetime) -> frozenset[str]:
        """Usernames that the roster puts on duty for a department at an instant (UTC) (B14)."""
        return frozenset(on_duty(self.roster, department, at))

    @property
    def _rostered(self) -> tuple[str, ...]:
        return departments_of(self.roster)


class Member(Struct, frozen=True):
    """Somebody signed in, in one community where they work."""

    username: str
    name: str
    role: Role
    departments: tuple[str, ...]
    community: Community
    duties: tuple[Duty, ...] = ()

    def actor(self) -> Actor:
        """The member as the one who gives a command."""
        return Actor(self.role, self.username)
