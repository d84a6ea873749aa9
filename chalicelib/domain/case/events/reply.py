"""The events of the reply to a letter: drafted, returned, approved, posted, or none (A12, S0).

That an approved reply has left by message, `ResidentTold` says; `ResidentNotTold` that it is to be posted.
"""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case.events.follow_up import CloseReason
from chalicelib.domain.case.personal import Personal
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.regulation.limits import Clock


class ReplyDrafted(Struct, frozen=True):
    """Somebody drafted the reply, or drafted it anew: nobody outside reads it before it is approved."""

    text: Personal[str]


class ReplyReturned(Struct, frozen=True):
    """The supervisor sent a draft back to its drafter, with the reason."""

    reason: str


class ReplyApproved(Struct, frozen=True):
    """The supervisor approved the reply: it leaves as it stands here.

    `drafted_by` wrote it. `unheard`: until a message with it has left, or it was posted, no clock is met.
    """

    text: Personal[str]
    drafted_by: str
    unheard: bool = True


class ReplyPosted(Struct, frozen=True):
    """The desk posted the reply on paper, or handed it over, at `heard_at` (`manner`: posted, in_person).

    `also` are clocks that it meets beyond those of every reply; `deadlines` has the clock of the next news,
    where it moved.
    """

    manner: str
    heard_at: datetime
    also: tuple[Clock, ...] = ()
    deadlines: tuple[Deadline, ...] = ()


class ReplyWaived(Struct, frozen=True):
    """A leader of the desk said why a letter gets no reply in writing."""

    reason: Personal[str]


class ClosingHeld(Struct, frozen=True):
    """What would have closed the case waits for the reply; the fields are those of `Closed`."""

    reason: CloseReason
    note: Personal[str | None] = None
    report_owed: bool = False
    worker: str | None = None


ReplyEvent = ReplyDrafted | ReplyReturned | ReplyApproved | ReplyPosted | ReplyWaived | ClosingHeld
"""Every event of the reply to a letter; a new payload belongs here."""
