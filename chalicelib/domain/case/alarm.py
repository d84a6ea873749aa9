"""The alarm of an emergency: who was told, and who has it in hand (A6)."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.personal import Personal

MOST_LINKS = 40
"""So many of those told can confirm by a link of their own."""


class Alarm(Struct, frozen=True):
    """The alarm of a round: `told` are usernames, the first who were told first.

    `told_at` is when somebody was told last, and `rank` how far up the line that was: empty before the next
    in line were told. `confirmed_by` has it in hand since `confirmed_at`. `over`: it is no emergency now.
    """

    told: tuple[str, ...]
    raised_at: datetime
    told_at: datetime
    danger: bool = False
    rank: str = ""
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    over: bool = False

    @property
    def linked(self) -> tuple[str, ...]:
        """Those whose alert has a link to confirm it; whoever else is told confirms on the case's page.

        Each link is a row of the one transaction that registers a fire.
        """
        return self.told[:MOST_LINKS]

    @property
    def waits(self) -> bool:
        """Whether nobody has confirmed it yet, and somebody still has to."""
        return self.confirmed_by is None and not self.over


class OutsideCall(Struct, frozen=True):
    """One call to a service outside the company: which number, by whom, when, and the answer (A6)."""

    service: str
    dialled: str
    called_at: datetime
    called_by: str
    answered: Personal[str]


def after(alarm: Alarm | None, event: ev.Event) -> Alarm | None:
    """The alarm after one more event; a new round begins without one.

    Whoever signs, arrives or begins has it in hand as well: nobody is asked to say so twice.
    """
    match event.payload:
        case ev.Reopened():
            return None
        case ev.AlarmRaised(people=people, rank=rank, danger=danger):
            return _raised(alarm, people, rank, event.at, danger=danger)
    if alarm is None:
        return None
    match event.payload:
        case ev.AlarmConfirmed() | ev.Signed() | ev.Arrived() | ev.Started() if alarm.waits:
            return replace(alarm, confirmed_by=event.actor.id, confirmed_at=event.at)
        case ev.Classified(classification=classification):
            return replace(alarm, over=classification.urgency != "emergency")
        case _:
            return alarm


def _raised(alarm: Alarm | None, people: tuple[str, ...], rank: str, at: datetime, *, danger: bool) -> Alarm:
    if alarm is None:
        return Alarm(people, at, at, danger, rank)
    told = tuple(dict.fromkeys((*alarm.told, *people)))
    if not rank:  # told anew of what it has become; whoever has it in hand still has
        return replace(alarm, told=told, told_at=at, danger=danger, rank="", over=False)
    return replace(alarm, told=told, told_at=at if people else alarm.told_at, rank=rank)


def calls_after(calls: tuple[OutsideCall, ...], event: ev.Event) -> tuple[OutsideCall, ...]:
    """The calls to services outside after one more event; they outlast the rounds."""
    match event.payload:
        case ev.OutsideCalled(service=service, dialled=dialled, called_at=called_at, answered=answered):
            return (*calls, OutsideCall(service, dialled, called_at, event.actor.id, answered))
        case _:
            return calls
