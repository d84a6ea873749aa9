"""A row of the transition table: a command and all that it depends on."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, TypeVar

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.outcome import Outcome
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.errors import DomainError

Decider = Callable[[Case, Command[Any], Context], ev.Payloads | Outcome]
"""The function that turns a command into events, or refuses its form.

It returns the whole outcome where one event follows from another.
"""


Guard = Callable[[Case, Actor, Context, datetime], DomainError | None]
"""The function that says why an actor cannot give a command at that time.

It does not see the form. None: nothing is in the way.
"""


SAME = None
"""The target of a command that leaves the case in its state."""


class Transition(Struct, frozen=True):
    """One row of the transition table: a command and all that it depends on.

    What people call the command stands in chalicelib/words.
    """

    command: str
    sources: frozenset[State]
    targets: frozenset[State | None]
    roles: frozenset[Role]
    form: type
    decider: Decider
    guard: Guard

    def targets_from(self, state: State) -> frozenset[State]:
        """The states that the command may lead to from one of its sources."""
        return frozenset(state if target is SAME else target for target in self.targets)


def unguarded(_: Case, __: Actor, ___: Context, ____: datetime) -> DomainError | None:
    """The guard of a command that state and role alone allow."""
    return None


Form = TypeVar("Form")
"""The type of a row's form.

The decider of a row takes commands with that very form, and mypy holds the two together.
"""


def row(
    command: str,
    sources: Collection[State],
    targets: Collection[State | None],
    roles: Collection[Role],
    form: type[Form],
    decider: Callable[[Case, Command[Form], Context], ev.Payloads | Outcome],
    guard: Guard = unguarded,
) -> tuple[str, Transition]:
    sets = frozenset(sources), frozenset(targets), frozenset(roles)
    return command, Transition(command, *sets, form, decider, guard)
