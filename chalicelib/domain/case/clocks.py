"""The clocks of a round, and what starts, holds, meets and moves them."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.met_by import happened_at, met_by
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.deadlines.ledger import Pause
from chalicelib.domain.deadlines.timer_key import StoredKey, TimerKey, timer_key
from chalicelib.domain.regulation.limits import Begins, Clock

STARTED_BY: Mapping[type[ev.Payload], Begins] = {
    ev.Registered: Begins.REGISTERED,
    ev.Assigned: Begins.ASSIGNED,
    ev.PriceAsked: Begins.QUOTE_ASKED,
    ev.Objected: Begins.OBJECTED,
}
"""Each kind of event that starts clocks within a round, and which beginning it is."""

RESTARTED_BY: Mapping[type[ev.Payload], tuple[Clock, ...]] = {
    ev.Assigned: (Clock.SIGN, Clock.QUOTE),
    ev.PriceAsked: (Clock.QUOTE,),
}
"""The clocks that run anew whenever what starts them happens again.

The others start once a round.
"""

Deadlines = Mapping[Clock, Deadline]


class CurrentPause(Struct, frozen=True):
    """A pause that has not ended yet (G4).

    `evidence` says what proves the reason. `until` is when it ends by itself.
    """

    since: datetime
    reason: str
    evidence: str
    until: datetime

    def ended(self, at: datetime) -> Pause:
        """The pause, ended at `at` or at its own end, whichever came first."""
        return Pause(self.since, min(at, self.until), self.reason)


class ExtensionRequest(Struct, frozen=True):
    """An extension that was asked for and that the manager has still to decide (G5)."""

    requested_by: str
    until: datetime
    reason: str


class Clocks(Struct, frozen=True):
    """The clocks of one round.

    `started_at` is when the round began. `met` says when a clock was met, `overdue` which were marked late,
    `fired` which timers have fired. `begun` keeps when a clock first began, where a correction has ended the
    clock or started it later: another correction can bring the clock back with its true start. `kept` are the
    promises that stand against the present classification until the manager agrees to more time (B7).
    """

    started_at: datetime
    deadlines: Deadlines
    met: Mapping[Clock, datetime] = field(default_factory=dict)
    begun: Mapping[Clock, datetime] = field(default_factory=dict)
    overdue: tuple[Clock, ...] = ()
    fired: tuple[TimerKey, ...] = ()
    pause: CurrentPause | None = None
    pauses: tuple[Pause, ...] = ()
    extension_request: ExtensionRequest | None = None
    extensions: int = 0
    kept: tuple[Clock, ...] = ()

    @property
    def open(self) -> tuple[Deadline, ...]:
        """The deadlines that nothing has met yet."""
        return tuple(deadline for clock, deadline in self.deadlines.items() if clock not in self.met)

    @property
    def solve_due_at(self) -> datetime | None:
        """When the case must be solved; None before it is sorted (A7)."""
        return self.deadlines[Clock.SOLVE].due_at if Clock.SOLVE in self.deadlines else None

    @property
    def arrival_due_at(self) -> datetime | None:
        """When somebody must be at the resident's door; None if nothing is due.

        None also where it is due no earlier than the solution: then that alone is told.
        """
        due = None if Clock.ON_SITE in self.met else self.deadlines.get(Clock.ON_SITE)
        solve_due_at = self.solve_due_at
        return due.due_at if due and solve_due_at and due.due_at < solve_due_at else None


def of_the_round(deadlines: Iterable[Deadline]) -> Deadlines:
    """The deadlines by clock, without the written report's.

    The report is a duty of the case, not of a round (B6).
    """
    return {deadline.clock: deadline for deadline in deadlines if deadline.clock is not Clock.WRITTEN_REPORT}


def after(clocks: Clocks, event: ev.Event) -> Clocks:
    """The clocks of the round after one more event."""
    changed = _moved(_not_done(clocks) if isinstance(event.payload, _UNDOES) else clocks, event)
    at = happened_at(event)
    # an answer may come before the assignment that starts the clock of the answer
    early = event.payload.also if isinstance(event.payload, ev.AnswerGiven) else ()
    running = [clock for clock in met_by(event.payload) if clock in clocks.deadlines or clock in early]
    met = {clock: at for clock in running if clock not in clocks.met}
    if not met:
        return changed
    ran = [clocks.deadlines[clock] for clock in met if clock in clocks.deadlines]
    kept = {deadline.clock for deadline in ran if at != event.at and at <= deadline.due_at}
    overdue = tuple(clock for clock in changed.overdue if clock not in kept)  # it was only put on record late
    return replace(changed, met={**changed.met, **met}, overdue=overdue)


def _moved(clocks: Clocks, event: ev.Event) -> Clocks:
    """The clocks with the deadlines, pauses and timers that an event brings."""
    if getattr(event.payload, "clock", None) is Clock.WRITTEN_REPORT:
        return clocks  # a duty of the case, not of a round
    match event.payload:
        case ev.Classified(deadlines=deadlines, kept=kept):
            return replace(_reclassified(clocks, of_the_round(deadlines), event.at), kept=kept)
        case ev.CareWithdrawn(deadlines=(_, *_) as deadlines):
            return _reclassified(clocks, of_the_round(deadlines), event.at)
        case ev.Assigned(deadlines=deadlines) | ev.PriceAsked(deadlines=deadlines):
            started = {deadline.clock for deadline in deadlines}
            again = [clock for clock in RESTARTED_BY[type(event.payload)] if clock in started]
            return _restarted(clocks, again, deadlines)
        case ev.ChargeDeclared(chargeable=False) | ev.ChargeGivenUp():  # nobody owes a price any more
            rest = dict(clocks.deadlines)
            rest.pop(Clock.QUOTE, None)
            return clocks if Clock.QUOTE in clocks.met else replace(clocks, deadlines=rest)
        case ev.ChargeDeclared(deadlines=deadlines):
            return _restarted(clocks, [deadline.clock for deadline in deadlines], deadlines)
        case ev.AppointmentAgreed(deadlines=deadlines):
            return _rearmed(_with(clocks, deadlines), [deadline.clock for deadline in deadlines])
        case ev.Objected(deadlines=deadlines):
            return _with(clocks, deadlines)
        case (
            ev.Progressed(deadlines=deadlines)
            | ev.ResidentTold(deadlines=deadlines)
            | ev.AnswerGiven(deadlines=deadlines)
        ):
            anew = [deadline.clock for deadline in deadlines]
            return _begun_anew(_rearmed(_with(clocks, deadlines), anew), anew)
        case ev.Paused(reason=reason, evidence=evidence, until=until):
            return replace(clocks, pause=CurrentPause(event.at, reason, evidence, until))
        case ev.Resumed(deadlines=deadlines):
            over = (clocks.pause.ended(event.at),) if clocks.pause else ()
            return replace(_with(clocks, deadlines), pause=None, pauses=(*clocks.pauses, *over))
        case ev.ExtensionRequested(until=until, reason=reason):
            return replace(clocks, extension_request=ExtensionRequest(event.actor.id, until, reason))
        case ev.ExtensionGranted(deadlines=deadlines):
            extended = _rearmed(_with(clocks, deadlines), (Clock.SOLVE,))
            return replace(extended, extension_request=None, extensions=clocks.extensions + 1)
        case ev.ExtensionRefused() | ev.ResultHandedIn() | ev.Completed():
            return replace(clocks, extension_request=None)
        case ev.Replanned(deadlines=deadlines):  # a reminder that was given is not given again
            return _with(clocks, deadlines)
        case ev.Rejected() | ev.Referred() | ev.Withdrawn() | ev.Merged():
            return replace(clocks, pause=None)
        case ev.Reopened(deadlines=deadlines):
            return Clocks(event.at, of_the_round(deadlines))
        case ev.MarkedOverdue(key=key, clock=clock):
            return _fired(replace(clocks, overdue=(*clocks.overdue, clock)), key)
        case ev.Reminded(key=key) | ev.Escalated(key=key):
            return _fired(clocks, key)
        case ev.RevisitDrawn(key=key) if timer_key(key) in clocks.fired:
            # drawn again in place of a revisitor who left: the new one has to be reminded too
            return _unfired(clocks, lambda fired: (fired.of, fired.action) == ("revisit", "remind"))
        case ev.SurveyReminded(key=key) | ev.RevisitDrawn(key=key):
            return _fired(clocks, key)
        case _:
            return clocks


_UNDOES = ev.ResultReturned | ev.Assigned | ev.Declined | ev.TakenBack
"""What leaves a result unsigned that was handed in: the work goes on, by the same promise (B9)."""


def _not_done(clocks: Clocks) -> Clocks:
    """The clocks with that of the work running again, to its old end."""
    return replace(clocks, met={clock: at for clock, at in clocks.met.items() if clock is not Clock.SOLVE})


def _with(clocks: Clocks, deadlines: Iterable[Deadline]) -> Clocks:
    """The clocks with these deadlines in place of those that they had."""
    return replace(clocks, deadlines={**clocks.deadlines, **of_the_round(deadlines)})


def _fired(clocks: Clocks, key: StoredKey) -> Clocks:
    return replace(clocks, fired=(*clocks.fired, timer_key(key)))


def _unfired(clocks: Clocks, again: Callable[[TimerKey], bool]) -> Clocks:
    """The clocks of which such timers may fire again."""
    return replace(clocks, fired=tuple(key for key in clocks.fired if not again(key)))


def _rearmed(clocks: Clocks, again: Collection[Clock]) -> Clocks:
    """The clocks of which these have a new deadline: their timers may fire again, they are not late."""
    overdue = tuple(clock for clock in clocks.overdue if clock not in again)
    return replace(_unfired(clocks, lambda key: key.of in again), overdue=overdue)


def _begun_anew(clocks: Clocks, again: Collection[Clock]) -> Clocks:
    """The clocks of which these have begun anew: no correction gives them back an earlier start."""
    begun = {clock: at for clock, at in clocks.begun.items() if clock not in again}
    return replace(clocks, begun=begun)


def _restarted(clocks: Clocks, again: Collection[Clock], deadlines: Iterable[Deadline]) -> Clocks:
    """The clocks of which these run anew from now: open, not late, whatever became of them before."""
    started = _begun_anew(_rearmed(_with(clocks, deadlines), again), again)
    return replace(started, met={clock: at for clock, at in clocks.met.items() if clock not in again})


def _reclassified(clocks: Clocks, deadlines: Deadlines, at: datetime) -> Clocks:
    """All clocks as the new classification has them; those that moved are armed again."""
    moved = [
        clock
        for clock, deadline in deadlines.items()
        if clock not in clocks.deadlines or clocks.deadlines[clock].due_at != deadline.due_at
    ]
    ran_out = {clock for clock in moved if clock in clocks.overdue and deadlines[clock].due_at <= at}
    again = [clock for clock in moved if clock not in ran_out]  # who was told of it is not told again
    return replace(_rearmed(clocks, again), deadlines=deadlines, begun=_begun(clocks, deadlines))


def _begun(clocks: Clocks, deadlines: Deadlines) -> Mapping[Clock, datetime]:
    """When those clocks first began that a correction ends, or gives a later start.

    But for a price that nobody asks any more.
    """
    began = {clock: before.started_at for clock, before in clocks.deadlines.items()} | dict(clocks.begun)
    return {
        clock: at
        for clock, at in began.items()
        if clock is not Clock.QUOTE and (clock not in deadlines or deadlines[clock].started_at != at)
    }
