"""The events of telling the resident: a message has left or could not, or a person has said it (B8, A2).

What a command writes for the resident (`unheard`) is told by none of it: one of these says that it was.
"""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case.personal import Personal, Who
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.regulation.limits import Clock


class ResidentTold(Struct, frozen=True):
    """A message that has left for the resident, about an earlier event.

    That event has the version `told` and the stored type name `of`. `heard_at` is when the message left by
    `channel`. `deadlines` has the clock of the next news, where it moved; `also` are clocks that it meets
    beyond those of that event.
    """

    told: int
    of: str
    channel: str
    heard_at: datetime
    deadlines: tuple[Deadline, ...] = ()
    also: tuple[Clock, ...] = ()


class ResidentNotTold(Struct, frozen=True):
    """No message about an earlier event reached the resident: none left, or its mail came back.

    `asked` are to call instead. `told` and `of` as in `ResidentTold`. `why` is a code word: no address,
    a cap, the provider's refusal, `bounced`, `complained`.
    """

    told: int
    of: str
    why: str
    asked: tuple[str, ...] = ()


class AnswerGiven(Struct, frozen=True):
    """Somebody gave the resident an answer, and has put on record what was said (C1, C12, C15).

    `manner` is `phone`, `in_person` or `in_writing`; `heard_at` is when it was given. `also` are clocks that
    it meets beyond those of every answer. `deadlines` has the clock of the next news, where it moved.
    `entry` is the entry of the answer book that it was given with, in its version: `3f9a2c41@2`.
    """

    said: Personal[str]
    manner: str
    heard_at: datetime
    spoken_to: Who[str | None] = None
    also: tuple[Clock, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    entry: str | None = None


TellingEvent = ResidentTold | ResidentNotTold | AnswerGiven
"""Every event of telling the resident; a new payload belongs here."""
