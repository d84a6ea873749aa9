"""The events of an emergency: who was told, who has it, and whom outside somebody called (A6)."""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case.personal import Personal


class AlarmRaised(Struct, frozen=True):
    """People were told of an emergency, by username: at once, or as the next in line (A6).

    `rank` is the rung of the alarm's line, since nobody of those before had confirmed; empty for the first
    who are told. No people: everybody in line knows already. `danger`: words of danger in an unsorted report.
    """

    people: tuple[str, ...]
    rank: str = ""
    danger: bool = False


class AlarmConfirmed(Struct, frozen=True):
    """Somebody has the emergency in hand and said so (A6); nobody further is told."""

    note: str | None = None


class OutsideCalled(Struct, frozen=True):
    """Somebody called a service outside the company, and what it answered (A6).

    `service` is the id of one of the community's outside numbers, or a name; `dialled` is the number.
    """

    service: str
    dialled: str
    called_at: datetime
    answered: Personal[str]


AlarmEvent = AlarmRaised | AlarmConfirmed | OutsideCalled
"""Every event of an emergency; a new payload belongs here."""
