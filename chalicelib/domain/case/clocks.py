"""The clocks of a round: their deadlines, what has met them, what has fired, and what holds them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.deadlines.ledger import Pause
from chalicelib.domain.regulation.limits import Begins, Clock

MET_BY: Mapping[type[ev.Payload], tuple[Clock, ...]] = {
    ev.Signed: (Clock.SIGN,),
    ev.Started: (Clock.RESPOND, Clock.ON_SITE),
    ev.Proposed: (Clock.RESPOND, Clock.ANSWER, Clock.QUOTE, Clock.INFORM),
    ev.AppointmentAgreed: (Clock.RESPOND,),
    ev.Progressed: (Clock.RESPOND, Clock.INFORM),
    ev.WorkerNotified: (Clock.CORRECT,),
    ev.ReportFiled: (Clock.WRITTEN_REPORT,),
    ev.Completed: tuple(clock for clock in Clock if clock is not Clock.WRITTEN_REPORT),
}
"""The clocks that an event meets, if they run. News (`Progressed`) does not meet the clock of the next: it
starts that one anew."""

STARTED_BY: Mapping[type[ev.Payload], Begins] = {
    ev.Registered: Begins.REGISTERED,
    ev.Assigned: Begins.ASSIGNED,
    ev.PriceAsked: Begins.QUOTE_ASKED,
}
"""The events within a round that start clocks."""

RESTARTED_BY: Mapping[type[ev.Payload], tuple[Clock, ...]] = {
    ev.Assigned: (Clock.SIGN,),
    ev.PriceAsked: (Clock.QUOTE,),
}
"""Clocks that run anew whenever what starts them happens again; the others have one start a round."""

Deadlines = Mapping[Clock, Deadline]


@dataclass(frozen=True, slots=True)
class CurrentPause:
    """A pause that has not ended: since when, why, proof, and when it ends by itself (G4)."""

    since: datetime
    reason: str
    evidence: str
    until: datetime

    def ended(self, at: datetime) -> Pause:
        """The pause as it is over at `at`: at its own end, if that came first."""
        return Pause(self.since, min(at, self.until), self.reason)


@dataclass(frozen=True, slots=True)
class ExtensionRequest:
    """Asked of the manager before the deadline, not decided yet (G5)."""

    requested_by: str
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Clocks:
    """The clocks of one round.

    `met` says when a clock was met, `overdue` which were marked late, `fired` which timers have fired.
    `set_aside` has the clocks that a correction ended or counted from a later start, as they were before it.
    """

    started_at: datetime
    deadlines: Deadlines
    met: Mapping[Clock, datetime] = field(default_factory=dict)
    set_aside: Deadlines = field(default_factory=dict)
    overdue: tuple[Clock, ...] = ()
    fired: tuple[str, ...] = ()
    pause: CurrentPause | None = None
    pauses: tuple[Pause, ...] = ()
    extension_request: ExtensionRequest | None = None
    extensions: int = 0

    @property
    def open(self) -> tuple[Deadline, ...]:
        """The deadlines that nothing has met yet."""
        return tuple(deadline for clock, deadline in self.deadlines.items() if clock not in self.met)

    @property
    def solve_due_at(self) -> datetime:
        """When the case must be solved."""
        return self.deadlines[Clock.SOLVE].due_at

    @property
    def arrival_due_at(self) -> datetime | None:
        """When somebody must be there, if that is promised, still open, and due before the work is."""
        due = None if Clock.ON_SITE in self.met else self.deadlines.get(Clock.ON_SITE)
        return due.due_at if due is not None and due.due_at < self.solve_due_at else None


def after(clocks: Clocks, event: ev.Event, *, report_owed: bool) -> Clocks:
    """What an event makes of the clocks; `report_owed`: a written report was owed before it (B6)."""
    changed = _moved(clocks, event, report_owed=report_owed)
    kind = type(event.payload)
    running = [clock for clock in MET_BY.get(kind, ()) if clock in clocks.deadlines]
    met = {clock: event.at for clock in running if clock not in clocks.met}
    return replace(changed, met={**changed.met, **met}) if met else changed


def _moved(clocks: Clocks, event: ev.Event, *, report_owed: bool) -> Clocks:
    """The clocks with the deadlines, pauses and timers that an event brings."""
    match event.payload:
        case ev.Classified(deadlines=deadlines):
            return _reclassified(clocks, {deadline.clock: deadline for deadline in deadlines})
        case ev.Assigned(deadlines=deadlines) | ev.PriceAsked(deadlines=deadlines):
            return _restarted(clocks, RESTARTED_BY[type(event.payload)], deadlines)
        case ev.AppointmentAgreed(deadlines=deadlines):
            return _rearmed(_with(clocks, deadlines), [deadline.clock for deadline in deadlines])
        case ev.Progressed(deadlines=deadlines):
            anew = [deadline.clock for deadline in deadlines]
            return _not_aside(_rearmed(_with(clocks, deadlines), anew), anew)
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
        case ev.ExtensionRefused() | ev.Completed():
            return replace(clocks, extension_request=None)
        case ev.Replanned(deadlines=deadlines):  # a reminder that was given is not given again
            return _with(clocks, deadlines)
        case ev.Rejected() | ev.Withdrawn() | ev.Merged():
            return replace(clocks, pause=None)
        case ev.Reopened(deadlines=deadlines):
            begun = Clocks(event.at, {deadline.clock: deadline for deadline in deadlines})
            return _with_the_report(clocks, begun, report_owed=report_owed)
        case ev.MarkedOverdue(key=key, clock=clock, deadlines=deadlines):
            late = _fired(replace(clocks, overdue=(*clocks.overdue, clock)), key)
            return _forgotten(_with(late, deadlines), [deadline.clock for deadline in deadlines])
        case ev.Reminded(key=key) | ev.Escalated(key=key):
            return _fired(clocks, key)
        case ev.RevisitDrawn(key=key) if key in clocks.fired:  # in place of who left, and to be reminded too
            return _unfired(clocks, ("revisit:remind:",))
        case ev.SurveyReminded(key=key) | ev.RevisitDrawn(key=key):
            return _fired(clocks, key)
        case _:
            return clocks


def _with(clocks: Clocks, deadlines: Iterable[Deadline]) -> Clocks:
    """The clocks with these deadlines in place of those that they had."""
    anew = {deadline.clock: deadline for deadline in deadlines}
    return replace(clocks, deadlines={**clocks.deadlines, **anew})


def _fired(clocks: Clocks, key: str) -> Clocks:
    return replace(clocks, fired=(*clocks.fired, key))


def _forgotten(clocks: Clocks, again: Collection[Clock]) -> Clocks:
    """The clocks with nothing fired for these: all their timers may fire again."""
    return _unfired(clocks, tuple(f"{clock}:" for clock in again))


def _unfired(clocks: Clocks, keys: tuple[str, ...]) -> Clocks:
    """The clocks with nothing fired under a key that begins so."""
    return replace(clocks, fired=tuple(key for key in clocks.fired if not key.startswith(keys)))


def _rearmed(clocks: Clocks, again: Collection[Clock]) -> Clocks:
    """The clocks of which these have a new deadline: their timers may fire again, they are not late."""
    overdue = tuple(clock for clock in clocks.overdue if clock not in again)
    return replace(_forgotten(clocks, again), overdue=overdue)


def _not_aside(clocks: Clocks, again: Collection[Clock]) -> Clocks:
    """The clocks with none of these kept from before a correction: they have begun anew."""
    aside = {clock: deadline for clock, deadline in clocks.set_aside.items() if clock not in again}
    return replace(clocks, set_aside=aside)


def _restarted(clocks: Clocks, again: Collection[Clock], deadlines: Iterable[Deadline]) -> Clocks:
    """The clocks of which these run anew from now: open, not late, whatever became of them before."""
    started = _not_aside(_rearmed(_with(clocks, deadlines), again), again)
    return replace(started, met={clock: at for clock, at in clocks.met.items() if clock not in again})


def _reclassified(clocks: Clocks, deadlines: Deadlines) -> Clocks:
    """All clocks as the new classification has them; those that moved are armed again."""
    before = {**clocks.set_aside, **clocks.deadlines}
    moved = [
        clock
        for clock, deadline in deadlines.items()
        if clock not in before or before[clock].due_at != deadline.due_at
    ]
    set_aside = _set_aside(clocks, deadlines)
    return replace(_rearmed(clocks, moved), deadlines=deadlines, set_aside=set_aside)


def _set_aside(clocks: Clocks, deadlines: Deadlines) -> Deadlines:
    """The clocks as they were when a correction ended them, or before one gave them a later start.

    But for a price that nobody asks any more.
    """
    ended = {clock: before for clock, before in clocks.deadlines.items() if clock not in deadlines}
    moved = {
        clock: before
        for clock, before in clocks.deadlines.items()
        if clock in deadlines and deadlines[clock].started_at != before.started_at
    }
    kept = {**moved, **clocks.set_aside, **ended}
    return {
        clock: before
        for clock, before in kept.items()
        if clock is not Clock.QUOTE and deadlines.get(clock) != before
    }


def _with_the_report(before: Clocks, begun: Clocks, *, report_owed: bool) -> Clocks:
    """A new round's clocks, and that of the report: still owed from before, or set aside (B6)."""
    running, aside = before.deadlines.get(Clock.WRITTEN_REPORT), before.set_aside.get(Clock.WRITTEN_REPORT)
    goes_on = running is not None and report_owed and Clock.WRITTEN_REPORT not in before.met
    if not goes_on and aside is None:
        return begun
    return replace(
        _with(begun, [running]) if running and goes_on else begun,
        set_aside={Clock.WRITTEN_REPORT: aside} if aside else {},
        overdue=tuple(clock for clock in before.overdue if clock is Clock.WRITTEN_REPORT),
        fired=tuple(key for key in before.fired if key.startswith(f"{Clock.WRITTEN_REPORT}:")),
    )
