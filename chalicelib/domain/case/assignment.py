"""Who has the case: its handler, who signed, and whose hands it has been through."""

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case import events as ev


class Assignment(Struct, frozen=True):
    """Who has the case now, and who had it before.

    `signed_by` and `completed_by` are the people who did so: the handler, or the head of the department in
    the handler's place. Who only signed the result off has no part in the work. `former_handlers` have had
    the case before, in any round. `worked_by` signed for it, completed it or declined it, in any round;
    `declined_by` declined it in this round. `link_version` is the version of the event that the handler's
    link belongs to: a later assignment ends the link.
    """

    handler: str | None = None
    signed_by: str | None = None
    completed_by: str | None = None
    former_handlers: tuple[str, ...] = ()
    worked_by: tuple[str, ...] = ()
    declined_by: tuple[str, ...] = ()
    link_version: int = 0

    @property
    def everybody(self) -> frozenset[str]:
        """The usernames of everybody who had a part in the work (G6).

        None of them may revisit it, in any round. Who declined the case counts. Who had it for a while and
        neither signed nor declined does not: else any assignment could keep somebody from asking.
        """
        people = (self.handler, self.signed_by, self.completed_by, *self.worked_by)
        return frozenset(username for username in people if username)

    def handed_back(self) -> "Assignment":
        """The assignment without a handler, so that the case can be assigned anew."""
        return replace(
            self,
            handler=None,
            signed_by=None,
            former_handlers=self._had_it(),
            worked_by=self._worked_on_it(),
        )

    def _had_it(self) -> tuple[str, ...]:
        """Everybody who has had the case, once it leaves the hands that it is in."""
        return _added(self.former_handlers, self.handler, self.signed_by, self.completed_by)

    def _worked_on_it(self) -> tuple[str, ...]:
        """Everybody who had a part in the work before it left their hands (G6)."""
        has_worked = self.completed_by is not None or self.signed_by == self.handler
        handler = self.handler if has_worked else None
        return _added(self.worked_by, handler, self.signed_by, self.completed_by)


def after(assignment: Assignment, event: ev.Event) -> Assignment:
    """The assignment after one more event."""
    match event.payload:
        case ev.Assigned(handler=handler):
            passed_on = assignment.handed_back()
            former = tuple(username for username in passed_on.former_handlers if username != handler)
            return replace(passed_on, handler=handler, former_handlers=former, link_version=event.version)
        case ev.Signed():
            return replace(assignment, signed_by=event.actor.id)
        case ev.Declined():
            back = assignment.handed_back()
            return replace(
                back,
                declined_by=_with(assignment.declined_by, assignment.handler),
                worked_by=(*back.worked_by, event.actor.id),
            )
        case ev.TakenBack():
            return assignment.handed_back()
        case ev.Completed(incident=None, done_by=done_by):
            return _completed(assignment, done_by or event.actor.id)
        case ev.Reopened():
            return replace(assignment.handed_back(), completed_by=None, declined_by=())
        case _:
            return assignment


def _completed(assignment: Assignment, by: str) -> Assignment:
    """The assignment without whoever has not signed, once somebody else has answered (A9)."""
    theirs = assignment.signed_by is not None or assignment.handler == by
    return replace(assignment if theirs else assignment.handed_back(), completed_by=by)


def _added(before: tuple[str, ...], *usernames: str | None) -> tuple[str, ...]:
    """These people and those before, each once, in the order in which they came."""
    return tuple(dict.fromkeys((*before, *(username for username in usernames if username))))


def _with(before: tuple[str, ...], username: str | None) -> tuple[str, ...]:
    return (*before, username) if username else before
