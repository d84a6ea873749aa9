"""The outcome of a command: its events, and the case that they add up to."""

from collections.abc import Iterable

from msgspec import Struct, field

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.due import DueAction
from chalicelib.domain.case.events import Event, Payload
from chalicelib.domain.case.fold import apply


class Outcome(Struct, frozen=True):
    """The events of one command, and the case after them.

    No events: there was nothing to do. `pending` is what the case will still do by itself, where deciding has
    worked that out already.
    """

    before: Case | None
    events: tuple[Event, ...]
    after: Case
    pending: tuple[DueAction, ...] | None = None


class Steps(Struct):
    """The events of one command while it is being decided.

    `case` is the case after the events so far; each is applied once, when it is added.
    """

    before: Case | None
    command: Command[object]
    community: str
    number: str
    events: list[Event] = field(default_factory=list)
    after: Case | None = None

    @classmethod
    def of(cls, case: Case, command: Command[object]) -> "Steps":
        """The steps of a command on an existing case."""
        return cls(case, command, case.community, case.number, after=case)

    @property
    def case(self) -> Case:
        """The case after the events so far; ValueError before its first event."""
        if self.after is None:
            raise ValueError("Nothing comes of no case and no event.")
        return self.after

    def add(self, payload: Payload) -> None:
        """Add an event with the next version, and apply it."""
        version = 1 if self.after is None else self.after.version + 1
        command = self.command
        event = Event(version, command.at, command.actor, command.name, command.id, payload, command.form_id)
        self.after = apply(self.after, event, self.community, self.number)
        self.events.append(event)

    def outcome(self, pending: tuple[DueAction, ...] | None = None) -> Outcome:
        """The outcome, once every event has been added."""
        return Outcome(self.before, tuple(self.events), self.case, pending)


def outcome_of(
    case: Case | None, command: Command[object], payloads: Iterable[Payload], community: str, number: str
) -> Outcome:
    """The outcome of payloads: numbered events, and the case after them."""
    steps = Steps(case, command, community, number, after=case)
    for payload in payloads:
        steps.add(payload)
    return steps.outcome()
