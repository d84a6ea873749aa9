"""The rules of who reads which kind of event of a case (B8, E5, E8); history_readers.py applies them."""

from collections.abc import Mapping
from typing import get_args

from msgspec import Struct

from chalicelib.domain.case import events as ev


class Rule(Struct, frozen=True):
    """Who reads one kind of event through a link.

    `resident` names the facts, fields of the payload, that the resident reads; None: nothing of it at all.
    `named`: the resident reads who did it. `handler`: the handler reads it, whole as a colleague.
    """

    resident: tuple[str, ...] | None
    named: bool = True
    handler: bool = True


AMONG_WORKERS = Rule(None)
"""The handler reads it as a colleague; it stays inside the company."""
ON_RECORD = Rule(None, handler=False)
"""Only staff who are signed in read it: what the desk and its leaders have among themselves."""

_SPOKEN = ("spoken_to", "spoken_at", "manner")
"""Who spoke for the resident, when and how."""

RULES: Mapping[type[ev.Payload], Rule] = {
    ev.Registered: Rule(()),
    ev.Classified: Rule(("sorts",), named=False),  # what it does to a promise; not why, not by whom (A8, B7)
    ev.ClassificationJudged: ON_RECORD,  # how well the desk sorts
    **dict.fromkeys((ev.Identified, ev.TakenBack, ev.RevisitDrawn), ON_RECORD),
    ev.CalledBack: Rule(("reached",), named=False),
    ev.LanguageChosen: Rule(("language",)),
    ev.FilesAdded: Rule(("files", "stage")),  # the company's own only if they show its work
    ev.Withdrawn: Rule(("reason", *_SPOKEN)),
    ev.Merged: Rule(("into",)),
    **dict.fromkeys((ev.Joined, ev.Parted, *get_args(ev.AlarmEvent)), AMONG_WORKERS),
    ev.FilledIn: Rule(("text",)),  # only what they wrote themselves (A11)
    ev.ResultShared: Rule(("into", "outcome"), named=False),
    **dict.fromkeys((ev.IncidentOpened, ev.IncidentTold), Rule(("text",), named=False)),
    ev.Assigned: Rule(("handler", "department")),
    ev.Signed: Rule(()),
    ev.Declined: AMONG_WORKERS,  # the next assignment is shown, with its handler
    ev.Urged: Rule(("note", *_SPOKEN)),
    ev.Reminded: ON_RECORD,
    ev.MarkedOverdue: Rule(("clock",)),  # of a promise only
    ev.ReportFiled: ON_RECORD,
    ev.Escalated: AMONG_WORKERS,
    ev.Arrived: Rule(("note",)),
    ev.Started: Rule(("note",)),
    ev.CauseReported: AMONG_WORKERS,  # the desk confirms a plan before a resident reads it (B5)
    ev.Proposed: Rule(("cause", "plan", "price_fen", "listed", "material_fen")),
    ev.Agreed: Rule(("note", *_SPOKEN)),
    ev.Disagreed: Rule(("reason", *_SPOKEN)),
    ev.ChargeDeclared: Rule(("chargeable",)),
    ev.NotFeasible: Rule(("reason",)),
    ev.PayerFound: Rule(("payer", "until"), named=False),  # not why: that may be of another household
    ev.LossRecorded: ON_RECORD,  # until both sides have agreed it is the company's paper
    **dict.fromkeys((ev.CostRecorded, ev.CostPriced, ev.CostStruck), AMONG_WORKERS),  # no bill of theirs
    **dict.fromkeys((ev.CostClaimed, ev.ClaimPaid, ev.ClaimWithdrawn), ON_RECORD),
    **dict.fromkeys((ev.MeasurePlanned, ev.MeasureDone), AMONG_WORKERS),
    ev.MeasureChased: ON_RECORD,
    ev.KeyTaken: Rule(("receipt",)),
    ev.KeyReturned: Rule(()),
    ev.ItemCompared: Rule(("actual", "differs")),
    ev.MaterialUsed: Rule(("what", "amount", "quality", "warning", "listed")),
    ev.Billed: Rule(("labour_fen", "material_fen", "agreed_fen", "note")),
    ev.Paid: Rule(("paid_fen", "receipt")),
    ev.PaymentRefused: Rule(("reason",)),
    ev.RefusalSigned: AMONG_WORKERS,
    ev.ChargeGivenUp: Rule(("price_fen", "owed_fen", "paid_fen"), named=False),
    ev.GivenBack: Rule(("paid_fen", "receipt")),
    ev.AccountSigned: ON_RECORD,
    ev.AppointmentProposed: Rule(("visit_at", "note")),
    ev.AppointmentDeclined: Rule(("note",)),
    ev.AppointmentAgreed: Rule(("visit_at", "note", *_SPOKEN)),
    ev.PriceAsked: Rule(("note", *_SPOKEN)),
    ev.Progressed: Rule(("note",)),
    **dict.fromkeys((ev.ResidentTold, ev.ResidentNotTold, ev.IncidentDissolved), AMONG_WORKERS),
    **dict.fromkeys((ev.ReplyDrafted, ev.ReplyReturned, ev.ReplyWaived, ev.ClosingHeld), AMONG_WORKERS),
    ev.ReplyApproved: Rule(("text",)),  # a draft until then (A12)
    ev.ReplyPosted: Rule(("manner", "heard_at")),
    ev.AnswerGiven: Rule(("said", "manner", "heard_at")),
    ev.Paused: Rule(("reason", "until")),  # a promise stands still; the evidence is the company's
    ev.Resumed: Rule(()),
    ev.ExtensionRequested: AMONG_WORKERS,  # what comes of it is told (G5)
    ev.ExtensionGranted: Rule(("until", "reason")),
    ev.ExtensionRefused: AMONG_WORKERS,
    ev.Replanned: Rule(("reason", "amended"), named=False),  # only if it moved a promise (G1)
    **dict.fromkeys((ev.ResultHandedIn, ev.ResultReturned), AMONG_WORKERS),  # no result before it is signed
    **dict.fromkeys((ev.PlanHandedIn, ev.PlanReturned), AMONG_WORKERS),  # no plan before the desk's word (B5)
    **dict.fromkeys((ev.SignOffChased, ev.PlanChased), ON_RECORD),
    ev.Completed: Rule(("result",)),
    ev.WorkAccepted: Rule(("how", "resident_name", "proved", "note")),
    ev.WorkRefused: Rule(("reason", "spoken_to")),
    ev.NobodyHome: Rule(("again_at", "note")),
    ev.AcceptanceDaySet: Rule(("day", "note")),
    ev.AcceptanceChased: ON_RECORD,  # a message, no step of the case
    ev.CommonWorkAccepted: Rule(()),  # the note is the company's
    ev.CommonWorkRefused: AMONG_WORKERS,  # the new round is shown
    ev.AcceptanceGivenUp: ON_RECORD,
    ev.Verified: AMONG_WORKERS,  # the resident hears what comes of it
    ev.Rejected: Rule(("findings",)),
    ev.Objected: Rule(("reason", *_SPOKEN)),
    ev.Referred: Rule(("to", "explanation")),
    ev.Rated: Rule(("score", "comment", "suggestion")),
    ev.SurveyReminded: ON_RECORD,  # a message, no step of the case
    ev.SuggestionDecided: Rule(("adopted",)),
    ev.RevisitRecorded: Rule(("outcome", "promised_until", "points")),  # asked, or called in vain
    ev.PointAnswered: Rule(("point", "answer")),  # what was done is the company's
    **dict.fromkeys((ev.PointChased, ev.AskedAgain), ON_RECORD),  # how well the desk follows up
    ev.Reopened: Rule(("cause", "reason", *_SPOKEN)),  # the reason only if it is the resident's own
    ev.WorkerNotified: ON_RECORD,
    ev.Closed: Rule(("reason", "note")),  # the note only if it is for the resident (B1)
    ev.Archived: AMONG_WORKERS,
    ev.MaliciousProposed: ON_RECORD,  # nobody is told before it is decided (G14)
    ev.MaliciousConfirmed: Rule(("reason", "until"), named=False, handler=False),
    ev.MaliciousDismissed: ON_RECORD,
    ev.Appealed: Rule(("reason", *_SPOKEN), handler=False),
    ev.AppealDecided: Rule(("lifted", "reason"), named=False, handler=False),
    ev.DecisionChased: ON_RECORD,
    ev.ErasureAsked: Rule((), named=False, handler=True),
    ev.Erased: Rule((), named=False),
    ev.CareWithdrawn: Rule((), named=False),
}
"""Kind of event → who reads it. Default deny: one without a row is read by staff who are signed in."""


def rule_of(payload: ev.Payload) -> Rule:
    """Who reads this event through a link."""
    return RULES.get(type(payload), ON_RECORD)
