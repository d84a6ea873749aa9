"""What comes of one command: its events, and the case that they add up to."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.events import Event, Payload
from chalicelib.domain.case.fold import apply


@dataclass(frozen=True, slots=True)
class Outcome:
    """The events of one command and the case after them. No events: there was nothing to do."""

    before: Case | None
    events: tuple[Event, ...]
    after: Case


def outcome_of(
    case: Case | None, command: Command, payloads: Iterable[Payload], community: str, number: str
) -> Outcome:
    """Payloads made into events with versions in a row, and the case that they add up to."""
    events: list[Event] = []
    after = case
    for payload in payloads:
        version = 1 if after is None else after.version + 1
        event = Event(version, command.at, command.actor, command.name, command.id, payload)
        after = apply(after, event, community, number)
        events.append(event)
    if after is None:
        raise ValueError("Nothing comes of no case and no event.")
    return Outcome(case, tuple(events), after)
