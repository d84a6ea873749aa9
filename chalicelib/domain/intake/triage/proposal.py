"""What the triage proposes for a case under a regulation, and whether people decided otherwise (A8)."""

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.events import Proposal
from chalicelib.domain.intake.triage.answers import Answer, Triage
from chalicelib.domain.intake.triage.matters import matter_for
from chalicelib.domain.regulation.regulation import Regulation
from chalicelib.domain.regulation.rules import UNSORTED

COMPARED = ("kind", "matter", "urgency", "severity")
"""What is proposed and decided."""


def proposal_of(read: Triage, regulation: Regulation) -> Proposal:
    """The proposal for a report that was read; what is not sure stays unsorted."""
    second = matter_for(read.second.value, read.named, regulation) if read.second else UNSORTED
    return Proposal(
        kind=read.kind.value,
        matter=matter_for(read.item.value, read.named, regulation) if read.is_sure else UNSORTED,
        urgency=read.urgency.value,
        severity=read.severity.value,
        kind_confidence=_of(read.kind),
        matter_confidence=_of(read.item),
        urgency_confidence=_of(read.urgency),
        words=read.item.words,
        danger=read.danger if read.urgency.value == "emergency" else (),
        second=second if second != UNSORTED else None,
    )


def _of(answer: Answer) -> float:
    return round(answer.confidence, 2)


def corrected(case: Case) -> tuple[str, ...]:
    """What people decided otherwise than was proposed, by its name; empty while nobody has decided."""
    proposal, decided = case.proposal, case.classification
    if proposal is None or not decided.is_sorted:
        return ()
    return tuple(name for name in COMPARED if getattr(proposal, name) != getattr(decided, name))
