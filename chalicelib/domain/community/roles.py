"""The people of section F: roles, and the actors who give commands."""

from enum import StrEnum

from msgspec import Struct


class Role(StrEnum):
    """What somebody is to a community: people, machines, timers. A person has one role in each (F)."""

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


def spelled(role: Role) -> str:
    """A role as the sentence of an error has it: department_head → "department head"."""
    return role.replace("_", " ")


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

MANAGERS = frozenset({Role.MANAGER, Role.COMPANY_HEAD})
"""Whoever decides as the manager does: the company head only where no manager can (G13, kept_away.py)."""

FRONT_DESK = frozenset({Role.AGENT, Role.SUPERVISOR})
"""Whoever answers the telephone and sees residents at the counter."""

DESK = FRONT_DESK | MANAGERS
"""The desk: whoever may speak to any resident about any case."""

WORKERS = frozenset({Role.HANDLER, Role.DEPARTMENT_HEAD, *DESK})
"""Roles to whom a case can be assigned."""

VISITORS = (Role.AGENT, Role.SUPERVISOR, Role.DEPARTMENT_HEAD, Role.MANAGER)
"""Roles that may revisit a resident (D5)."""


class Duty(StrEnum):
    """What somebody of staff does besides their role (B9): who takes money, and who signs for the month."""

    CASHIER = "cashier"
    STATISTICIAN = "statistician"


class Actor(Struct, frozen=True):
    """Who gives a command. `id` is a username, `resident`, a machine's key id, or `timer`: never a name."""

    role: Role
    id: str


TIMER = Actor(Role.SYSTEM, "timer")
"""The actor of every automatic step, so that such steps can be told from a person's (G7)."""

RESIDENT = Actor(Role.RESIDENT, "resident")

NOBODYS_USERNAMES = frozenset({TIMER.id, RESIDENT.id, Role.SYSTEM.value})
"""What no member of staff may be called: in a history it is the desk itself, or whoever reported."""
