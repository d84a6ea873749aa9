"""The page of what people decided otherwise than the triage: so the lexicon grows (A8)."""

from typing import Any

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Proposal
from chalicelib.domain.case.numbering import month_of
from chalicelib.domain.regulation.rules import UNSORTED
from chalicelib.http.cursors import seal, unseal
from chalicelib.http.requests import month_asked
from chalicelib.http.visits import Visit
from chalicelib.services.views.lists import Wanted, listed
from chalicelib.services.views.shown import masked_case
from chalicelib.web.desk_pages import framed
from chalicelib.web.formats import month_name
from chalicelib.web.proposals import named
from chalicelib.web.rendering import Reader, page
from chalicelib.web.words import Words

LINES = 100
"""How many lines of the register a page looks through."""


def corrections_page(reader: Reader, visit: Visit, month: str | None, cursor: str | None) -> Response:
    """The corrected cases of a month in order of number: what was said, what was proposed, what was decided.

    Whoever is kept away from a case does not see it here either (G13), and nobody who reported it (E8).
    """
    desk, words, member = wiring.desk(), reader.words, visit.member
    home = f"desk/{member.community.id}/corrections"
    asked = month_asked(month) if month else month_of(desk.now(), member.community.zone)
    listing = "\0".join(("corrections", member.community.id, member.username, asked))
    found = listed(desk, member, Wanted(month=asked), LINES, unseal(desk.codes, listing, cursor))
    cases = [
        masked_case(desk.cases.get(line.community, line.number)) for line in found.items if line.corrected
    ]
    further = seal(desk.codes, listing, found.cursor)
    return page(
        reader,
        "corrections.html",
        **framed(reader, visit, "corrections"),
        title=f"{words('triage.corrections')} · {month_name(asked, words)}",
        month=f"{asked[:4]}-{asked[4:]}",
        read=len(found.items),
        lines=[_line(case, case.proposal, desk.context_of(case), words) for case in cases if case.proposal],
        list_path=home,
        case_path=f"desk/{member.community.id}/cases",
        more=f"{home}?month={asked}&cursor={further}" if further else "",
        here=f"{reader.root}{home}",
    )


def _line(case: Case, proposal: Proposal, context: Context, words: Words) -> dict[str, Any]:
    decided = case.classification
    return {
        "number": case.number,
        "text": case.report.text or words("page.not_known"),
        "proposed": words("triage.was_unsure")
        if proposal.matter == UNSORTED
        else named(proposal.kind, proposal.matter, proposal.urgency, proposal.severity, context, words),
        "decided": named(decided.kind, decided.matter, decided.urgency, decided.severity, context, words),
        "words": words.listed(word for word in proposal.words if word),
    }
