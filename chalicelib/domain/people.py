"""Who acts: roles, actors, the staff and the duty roster of a community (requirements F, B14)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo


class Role(StrEnum):
    """The people of section F, the machines, and the timers. One person has one role in a community."""

    RESIDENT = "resident"
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    DEPARTMENT_HEAD = "department_head"
    HANDLER = "handler"
    MANAGER = "manager"
    COMPANY_HEAD = "company_head"
    COMMITTEE = "committee"
    MACHINE = "machine"
    SYSTEM = "system"


ROLE_NAMES: Mapping[Role, Mapping[str, str]] = {
    Role.RESIDENT: {"zh-CN": "住户", "en": "resident"},
    Role.AGENT: {"zh-CN": "客服", "en": "agent"},
    Role.SUPERVISOR: {"zh-CN": "客服主管", "en": "supervisor"},
    Role.DEPARTMENT_HEAD: {"zh-CN": "部门负责人", "en": "department head"},
    Role.HANDLER: {"zh-CN": "责任人", "en": "handler"},
    Role.MANAGER: {"zh-CN": "管理处经理", "en": "manager"},
    Role.COMPANY_HEAD: {"zh-CN": "公司负责人", "en": "company head"},
    Role.COMMITTEE: {"zh-CN": "业委会", "en": "owners' committee"},
    Role.MACHINE: {"zh-CN": "外部系统", "en": "machine"},
    Role.SYSTEM: {"zh-CN": "系统", "en": "system"},
}

STAFF_ROLES = frozenset(
    {
        Role.AGENT,
        Role.SUPERVISOR,
        Role.DEPARTMENT_HEAD,
        Role.HANDLER,
        Role.MANAGER,
        Role.COMPANY_HEAD,
        Role.COMMITTEE,
    }
)
"""Roles that sign in with an account."""

WORKERS = frozenset({Role.HANDLER, Role.DEPARTMENT_HEAD, Role.AGENT, Role.SUPERVISOR, Role.MANAGER})
"""Roles to whom a case can be assigned."""

VISITORS = (Role.AGENT, Role.SUPERVISOR, Role.DEPARTMENT_HEAD, Role.MANAGER)
"""Roles that may revisit a resident (D5)."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who gives a command. `id` is a username, `resident`, a machine's key id, or `timer`: never a name."""

    role: Role
    id: str


TIMER = Actor(Role.SYSTEM, "timer")
"""The actor of every automatic step, so that such steps can be told from a person's (G7)."""

RESIDENT = Actor(Role.RESIDENT, "resident")


@dataclass(frozen=True, slots=True)
class Staff:
    """One member of staff in one community. `phone` is E.164."""

    username: str
    name: str
    role: Role
    departments: tuple[str, ...]
    phone: str
    email: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Shift:
    """A weekly turn of duty, local; 0 is Monday. Over midnight, to the next day, when `ends` <= `starts`."""

    department: str
    username: str
    weekdays: tuple[int, ...]
    starts: time
    ends: time

    def covers(self, local: datetime) -> bool:
        """Whether the local wall-clock moment falls into this turn."""
        now, day = local.time(), local.weekday()
        if self.starts < self.ends:
            return day in self.weekdays and self.starts <= now < self.ends
        return (day in self.weekdays and now >= self.starts) or (
            (day - 1) % 7 in self.weekdays and now < self.ends
        )


@dataclass(frozen=True, slots=True)
class PriceItem:
    """One line of the published price list (B10)."""

    id: str
    name: str
    fee_fen: int
    unit_name: str


@dataclass(frozen=True, slots=True)
class Hours:
    """When work is done on some weekdays (0 is Monday); `windows` are ("HH:MM", "HH:MM") pairs, local."""

    weekdays: tuple[int, ...]
    windows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AmendedDay:
    """A day on which this community differs from the statutory calendar (G1); `date` is ISO, local.

    `windows` are ("HH:MM", "HH:MM") pairs; none means closed. `by` is who said so, and `at` when.
    """

    date: str
    windows: tuple[tuple[str, str], ...]
    reason: str
    by: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Community:
    """One residential community, with all that its cases need: the `directory` of it.

    `country` and `subdivision` are ISO 3166 codes and say whose holidays it keeps; no `hours` are office
    hours, Monday to Friday.
    """

    id: str
    name: str
    zone: str
    regulation: str
    households: int
    country: str = "CN"
    subdivision: str | None = None
    hours: tuple[Hours, ...] = ()
    staff: tuple[Staff, ...] = ()
    shifts: tuple[Shift, ...] = ()
    prices: tuple[PriceItem, ...] = ()
    amendments: tuple[AmendedDay, ...] = ()
    departments: Mapping[str, str] = field(default_factory=dict)

    def member(self, username: str) -> Staff | None:
        """The active member of staff with that username, if there is one."""
        return next((one for one in self.staff if one.username == username and one.active), None)

    def with_role(self, *roles: Role) -> tuple[Staff, ...]:
        """Active staff of those roles, in the directory's order."""
        return tuple(one for one in self.staff if one.active and one.role in roles)

    def is_off_duty(self, username: str, at: datetime) -> bool:
        """Whether the roster has this person off at an instant; who is in no roster is never off."""
        local = at.astimezone(ZoneInfo(self.zone))
        turns = [turn for turn in self.shifts if turn.username == username]
        return bool(turns) and not any(turn.covers(local) for turn in turns)

    def on_duty(self, department: str, at: datetime) -> frozenset[str]:
        """Usernames that the roster puts on duty for a department at an instant (UTC) (B14)."""
        local = at.astimezone(ZoneInfo(self.zone))
        return frozenset(
            turn.username for turn in self.shifts if turn.department == department and turn.covers(local)
        )
