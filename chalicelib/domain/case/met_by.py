"""Which event meets which clocks: by what was done, and by what the resident has heard (B8)."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.regulation.limits import HEARD, Clock

NOT_DONE_WITH_THE_WORK = frozenset({Clock.WRITTEN_REPORT, Clock.QUOTE, Clock.CORRECT, Clock.OBJECTION})
"""The clocks that no completion meets: what they ask for is something else than the work.

A report is written, a price told, a fault put to its worker, an objection decided.
"""

MET_BY: Mapping[type[ev.Payload], tuple[Clock, ...]] = {
    ev.Classified: (Clock.SORT,),  # the first of an unsorted report sorts it (intake/classification.py)
    ev.Signed: (Clock.SIGN,),
    ev.Arrived: (Clock.RESPOND, Clock.ON_SITE, Clock.VERIFY),
    ev.Started: (Clock.RESPOND, Clock.ON_SITE, Clock.VERIFY),
    ev.CauseReported: (Clock.ANSWER, Clock.VERIFY),
    ev.Verified: (Clock.VERIFY,),
    ev.Rejected: (Clock.VERIFY,),
    ev.Referred: (Clock.VERIFY,),
    ev.Proposed: (Clock.RESPOND, Clock.ANSWER, Clock.QUOTE, Clock.INFORM, Clock.VERIFY),
    ev.NotFeasible: (Clock.RESPOND, Clock.ANSWER, Clock.QUOTE, Clock.INFORM),
    ev.AppointmentAgreed: (Clock.RESPOND,),
    ev.Progressed: (Clock.RESPOND, Clock.INFORM),
    ev.AnswerGiven: (Clock.RESPOND, Clock.INFORM),
    ev.ReplyApproved: (Clock.RESPOND, Clock.INFORM),
    ev.ReplyPosted: (Clock.RESPOND, Clock.INFORM),
    ev.CalledBack: (Clock.RESPOND,),  # if somebody was reached
    ev.WorkerNotified: (Clock.CORRECT,),
    ev.PlanHandedIn: (Clock.ANSWER, Clock.VERIFY),
    ev.ResultHandedIn: (Clock.ON_SITE, Clock.VERIFY, Clock.SOLVE),
    ev.Completed: tuple(clock for clock in Clock if clock not in NOT_DONE_WITH_THE_WORK),
    ev.Closed: (Clock.OBJECTION,),
}
"""Each kind of event → the clocks that it meets, if they run; `met_by` says when.

The result of an inquiry is its answer; of a complaint nothing is completed before its department has answered
with the cause (`work/progress.py`), so no completion stands for that answer (B4).

Whoever arrives or begins stands at the place, and speaks with whom they find: that is a response, for which
no message has to leave. Agreeing to a resident's time for a visit is only written until it has left.

A result that waits for the head's signature is done work: the clocks of the work stand, those that promise
the resident something run on until it is signed. Returned, it was not done (`clocks.py`).

A plan that waits for the desk is the department's answer to the desk, as a reported cause is (B4): what
promises the resident something runs on until the plan is put to them.

News to the resident do not meet the clock of the next news: they start that clock anew.
"""

NEWS = ev.Progressed | ev.ResidentTold | ev.AnswerGiven | ev.ReplyPosted
"""What the resident heard, or was held to have heard (`Progressed` of before): then news begin anew."""


def met_by(payload: ev.Payload) -> tuple[Clock, ...]:
    """The clocks that an event meets, if they run.

    Of an event that the resident has still to hear of (`unheard`) not those that promise just that: these
    are met by `ResidentTold`, once the message has left (B8). Plan written → `answer`; its SMS has left →
    `respond`, `quote`, `inform`.
    """
    match payload:
        case ev.ResidentTold(of=of, also=also):
            told = ev.EVENT_TYPES.get(of)
            return (*(clock for clock in MET_BY.get(told, ()) if clock in HEARD), *also) if told else also
        case ev.AnswerGiven(also=also) | ev.ReplyPosted(also=also):
            return (*MET_BY[type(payload)], *also)
        case ev.CalledBack(reached=False):
            return ()
    clocks = MET_BY.get(type(payload), ())
    if getattr(payload, "unheard", False):
        return tuple(clock for clock in clocks if clock not in HEARD)
    return clocks


def happened_at(event: ev.Event) -> datetime:
    """When what an event tells was so: for what the resident heard then, else when it was put on record."""
    if isinstance(event.payload, ev.ResidentTold | ev.AnswerGiven | ev.ReplyPosted):
        return event.payload.heard_at
    return event.at
