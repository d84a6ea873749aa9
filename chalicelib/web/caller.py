"""Who probably calls, in words, on the page of a case that came by telephone (A1)."""

from typing import Any

from chalicelib import wiring
from chalicelib.domain.case.case import Case
from chalicelib.domain.community.community import Member
from chalicelib.services.views.known_caller import known_caller
from chalicelib.web.case_lines import state_name
from chalicelib.web.words import Words


def caller_shown(member: Member, case: Case, words: Words) -> dict[str, Any] | None:
    """Who the caller probably is, and their open cases.

    `cases` are (number, what it is about and how it stands). None for a caller that nobody knows.
    """
    known = known_caller(wiring.desk(), member, case)
    if known is None:
        return None
    who = [value for value in (known.name, known.unit) if value]
    said = words("case.caller", who=words.listed(who)) if who else words("case.caller_unnamed")
    return {
        "said": said,
        "cases": [(other.number, _stands(other, words)) for other in known.cases],
        "open": words("case.caller_open" if known.cases else "case.caller_none_open"),
    }


def _stands(case: Case, words: Words) -> str:
    context, matter = wiring.desk().context_of(case), case.classification.matter
    names = context.regulation.names_of_matter(matter)
    state = state_name(case.state, matter, words)
    return words("case.caller_case", matter=words.of(names) if names else matter, state=state)
