"""The events of telling the resident: a message has left or could not, or a person has said it (B8, A2).

What a command writes for the resident (`unheard`) is told by none of it: one of these says that it was.
"""

from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain.case.personal import PERSONAL, WHO
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.regulation.limits import Clock


@dataclass(frozen=True, slots=True)
class ResidentTold:
    """A message that has left for the resident, about an earlier event.

    That event has the version `told` and the stored type name `of`. `heard_at` is when the message left by
    `channel`. `deadlines` has the clock of the next news, where it moved.
    """

    told: int
    of: str
    channel: str
    heard_at: datetime
    deadlines: tuple[Deadline, ...] = ()


@dataclass(frozen=True, slots=True)
class ResidentNotTold:
    """No message about an earlier event reached the resident: none left, or its mail came back.

    `asked` are to call instead. `told` and `of` as in `ResidentTold`. `why` is a code word: no address,
    a cap, the provider's refusal, `bounced`, `complained`.
    """

    told: int
    of: str
    why: str
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """Somebody gave the resident an answer, and has put on record what was said (C1, C12, C15).

    `manner` is `phone`, `in_person` or `in_writing`; `heard_at` is when it was given. `also` are clocks that
    it meets beyond those of every answer. `deadlines` has the clock of the next news, where it moved.
    """

    said: str = field(metadata=PERSONAL)
    manner: str
    heard_at: datetime
    spoken_to: str | None = field(default=None, metadata=WHO)
    also: tuple[Clock, ...] = ()
    deadlines: tuple[Deadline, ...] = ()


TellingEvent = ResidentTold | ResidentNotTold | AnswerGiven
"""Every event of telling the resident; a new payload belongs here."""
