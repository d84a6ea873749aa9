"""What the triage proposes, on the pages of the desk: in words, and filled into a form (A8)."""

from collections.abc import Iterator

from chalicelib.domain.case.case import IN_DISPATCH, Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Proposal
from chalicelib.domain.regulation.rules import UNSORTED
from chalicelib.web.classified import ranked
from chalicelib.web.form_input import Typed
from chalicelib.web.words import Words

FILLED_IN = ("kind", "matter", "urgency", "severity")
"""The fields that a proposal fills in; whoever sends the form decides."""


def named(kind: str, matter: str, urgency: str, severity: str, context: Context, words: Words) -> str:
    """A classification in a line."""
    known = context.regulation.names_of_matter(matter)
    return " · ".join(
        (
            words.name("kinds", kind),
            words.of(known) if known else matter,
            *ranked(urgency, severity, words),
        )
    )


def proposal_line(
    proposal: Proposal | None, context: Context, words: Words, *, sorted_as: str = UNSORTED
) -> str:
    """What is proposed, how sure it is, and why; empty where nothing was read.

    Of a case that was `sorted_as` something since, nobody is asked to sort it, nor told the same again.
    """
    if proposal is None:
        return ""
    says_more = proposal.matter != UNSORTED and bool(proposal.danger or proposal.second)
    if sorted_as != UNSORTED and proposal.matter in {UNSORTED, sorted_as} and not says_more:
        return ""
    return words("page.between_sentences").join(_sentences(proposal, context, words))


def _sentences(proposal: Proposal, context: Context, words: Words) -> Iterator[str]:
    if proposal.matter == UNSORTED:
        yield words("triage.unsure")
    else:
        what = named(proposal.kind, proposal.matter, proposal.urgency, proposal.severity, context, words)
        yield words("triage.proposed", what=what, share=round(proposal.matter_confidence * 100))
        if told := [word for word in proposal.words if word]:
            yield words("triage.because", words=words.listed(told))
    if proposal.danger:
        yield words("triage.danger", signs=words.listed(proposal.danger))
    if proposal.second is not None and (known := context.regulation.names_of_matter(proposal.second)):
        yield words("triage.second", matter=words.of(known))


def offered_line(proposal: Proposal | None, context: Context, words: Words) -> str:
    """What is proposed to a resident, and because of which of their words; empty where nothing was read."""
    if proposal is None:
        return ""
    return words("page.between_sentences").join(_offered(proposal, context, words))


def _offered(proposal: Proposal, context: Context, words: Words) -> Iterator[str]:
    if proposal.danger:
        yield words("triage.call_first")
    known = context.regulation.names_of_matter(proposal.matter)
    if proposal.matter == UNSORTED or not known:
        yield words("triage.left_open")
        return
    told = [word for word in proposal.words if word]
    yield words("triage.offered", kind=words.name("kinds", proposal.kind), matter=words.of(known))
    if told:
        yield words("triage.because", words=words.listed(told))
    yield words("triage.change_it")


def filled_in(proposal: Proposal | None) -> Typed:
    """The fields of a form as proposed; none where the triage was not sure of the matter."""
    if proposal is None or proposal.matter == UNSORTED:
        return {}
    return {name: str(getattr(proposal, name)) for name in FILLED_IN}


def to_sort(case: Case) -> Typed:
    """The form that sorts an unsorted case, as proposed; empty for any other case."""
    waits = case.state in IN_DISPATCH and not case.classification.is_sorted
    return filled_in(case.proposal) if waits else {}
