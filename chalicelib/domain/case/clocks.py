"""What stops a clock, and what starts one again: one table for history and what-if (B3, G17, G23)."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.regulation.limits import BEGINS, Begins, Clock

STOPS: Mapping[type[ev.Payload], tuple[Clock, ...]] = {
    ev.Signed: (Clock.SIGN,),
    ev.Started: (Clock.RESPOND, Clock.ON_SITE),
    ev.Proposed: (Clock.RESPOND, Clock.ANSWER, Clock.QUOTE, Clock.INFORM),
    ev.AppointmentAgreed: (Clock.RESPOND,),
    ev.Progressed: (Clock.RESPOND, Clock.INFORM),
    ev.WorkerNotified: (Clock.CORRECT,),
    ev.ReportFiled: (Clock.REPORT,),
    ev.Completed: tuple(clock for clock in Clock if clock is not Clock.REPORT),
}
"""The clocks that an event stops, if they run. News (`Progressed`) does not stop the clock of the next: it
starts that one anew."""

STARTS: Mapping[type[ev.Payload], Begins] = {
    ev.Registered: Begins.REGISTERED,
    ev.Assigned: Begins.ASSIGNED,
    ev.PriceAsked: Begins.QUOTE_ASKED,
}
"""The events within a round that start clocks."""

AGAIN = frozenset({Clock.SIGN, Clock.QUOTE})
"""Clocks that run anew whenever what starts them happens again; the others have one start a round."""


def stopped(case: Case, event: ev.Event) -> Mapping[Clock, datetime]:
    """What the case has met after this event: a clock that was met before keeps its time."""
    running = (one for one in STOPS[type(event.payload)] if one in case.deadlines and one not in case.met)
    return {**case.met, **dict.fromkeys(running, event.at)}


def started_again(case: Case, event: ev.Event) -> Mapping[Clock, datetime]:
    """What the case has met after an event that starts clocks: those that run anew are open."""
    begins = STARTS[type(event.payload)]
    anew = {clock for clock in AGAIN if BEGINS[clock] is begins}
    return {clock: at for clock, at in case.met.items() if clock not in anew}
