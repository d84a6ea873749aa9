"""What the resident of a case has still to hear: what is on its way, and what could not leave (B8)."""

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case import events as ev


class Untold(Struct, frozen=True):
    """Something that was written for the resident: the version of its event, and what it was.

    `of` is the event's stored type name, else the kind of the message that told of it: `time_dropped`.
    """

    version: int
    of: str


OF_NO_ROUND = frozenset({"point_answered", "marked", "appeal_decided"})
"""What no result, and no new round, says as well: it is told by whoever calls for it."""

BY_POST = ev.event_type(ev.ReplyApproved)
"""What is posted where no message can leave, and told by no call: the reply to a letter (reply.py)."""

MOST_LEFT = 10
"""How many of the messages that have left are remembered, for their mail may come back (ours)."""


class Telling(Struct, frozen=True):
    """What the resident of this round has still to hear.

    `awaited`: a message about it is on its way. `to_call`: none could leave, so somebody has to call; an
    answer that is put on record ends that. `asked` are the usernames of those who were asked last. `left`:
    a message about it has left, the newest last; a mail among them can still come back.
    """

    awaited: tuple[Untold, ...] = ()
    to_call: tuple[Untold, ...] = ()
    asked: tuple[str, ...] = ()
    left: tuple[Untold, ...] = ()

    def of(self, version: int) -> Untold | None:
        """What was written with that version, if the resident has not heard of it."""
        return _with(version, (*self.awaited, *self.to_call))

    def left_of(self, version: int) -> Untold | None:
        """What that version wrote, if its message has left and nothing was said since."""
        return _with(version, self.left)


def after(telling: Telling, event: ev.Event) -> Telling:
    """What the resident has still to hear after one more event."""
    written = Untold(event.version, event.type)
    match event.payload:
        case (
            ev.Progressed(unheard=True)
            | ev.Proposed(unheard=True)
            | ev.NotFeasible(unheard=True)
            | ev.AppointmentAgreed(unheard=True)
        ):
            return replace(telling, awaited=(*telling.awaited, written))
        case ev.Completed(unheard=unheard):  # the result says more than all that was on its way
            awaited = (written,) if unheard else ()
            return Telling(awaited, *_still_to_call(telling))
        case ev.ResidentTold(told=version, of=of):
            rest = _without(telling, version)
            return replace(rest, left=(*rest.left, Untold(version, of))[-MOST_LEFT:])
        case ev.ResidentNotTold(told=version, of=of, asked=asked):
            rest = _without(telling, version)
            if of == BY_POST:
                return rest
            return replace(rest, to_call=(*rest.to_call, Untold(version, of)), asked=asked)
        case ev.AnswerGiven():
            return replace(telling, to_call=(), asked=(), left=())
        case ev.Rated():  # whoever rates has read the page
            return _talked_to(telling)
        case ev.RevisitRecorded(outcome=outcome) if outcome is not ev.RevisitOutcome.NOT_REACHED:
            return _talked_to(telling)
        case ev.Reopened() | ev.Rejected() | ev.Referred() | ev.Withdrawn() | ev.Merged():
            return Telling((), *_still_to_call(telling))  # its own message says what is true now
        case ev.Closed():  # silence tells nobody: whoever was asked to call still has to
            return replace(telling, awaited=(), left=())
        case ev.Archived() | ev.Erased():
            return Telling()
        case _:
            return telling


def _with(version: int, among: tuple[Untold, ...]) -> Untold | None:
    return next((written for written in among if written.version == version), None)


def _still_to_call(telling: Telling) -> tuple[tuple[Untold, ...], tuple[str, ...]]:
    """What a person has still to say, and who, once the round was talked about.

    Also where it has ended or begun anew.
    """
    rest = tuple(written for written in telling.to_call if written.of in OF_NO_ROUND)
    return rest, telling.asked if rest else ()


def _talked_to(telling: Telling) -> Telling:
    to_call, asked = _still_to_call(telling)
    return replace(telling, to_call=to_call, asked=asked)


def _without(telling: Telling, version: int) -> Telling:
    awaited, to_call, left = (
        tuple(written for written in among if written.version != version)
        for among in (telling.awaited, telling.to_call, telling.left)
    )
    return Telling(awaited, to_call, telling.asked if to_call else (), left)
