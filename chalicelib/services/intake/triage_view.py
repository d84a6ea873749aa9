"""The view of a triage, for somebody who takes a message down (A8)."""

from msgspec import Struct

from chalicelib.domain.case.context import Context
from chalicelib.domain.intake.triage.answers import Answer, Triage
from chalicelib.domain.intake.triage.proposal import proposal_of


class TriageView(Struct, frozen=True):
    """A triage under the community's regulation: a proposal, on which a person decides.

    `item` is the triage's own, `matter` the regulation's; `unsorted` where it is not sure. `second` is
    another matter in the same words. `danger` are the signs of an emergency.
    """

    kind: Answer
    category: Answer
    item: Answer
    matter: str
    urgency: Answer
    severity: Answer
    second: str | None
    danger: tuple[str, ...]


def triage_view(read: Triage, context: Context) -> TriageView:
    """The triage for somebody who types a message in."""
    proposal = proposal_of(read, context.regulation)
    return TriageView(
        kind=read.kind,
        category=read.category,
        item=read.item,
        matter=proposal.matter,
        urgency=read.urgency,
        severity=read.severity,
        second=proposal.second,
        danger=proposal.danger,
    )
