"""Who probably calls, in words, on the page of a case that came by telephone (A1)."""

from typing import Any

from chalicelib import wiring
from chalicelib.domain.case.case import Case
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.households import Dweller
from chalicelib.domain.intake.new_case import HOTLINE
from chalicelib.services.views.known_caller import KnownCaller, known_caller
from chalicelib.web.case_lines import state_name
from chalicelib.web.formats import whole_day
from chalicelib.web.words import Words


def caller_shown(member: Member, case: Case, words: Words) -> dict[str, Any] | None:
    """Who the caller probably is, and their open cases.

    `cases` are (number, what it is about and how it stands); `fills_in` is what the register has of whom the
    report does not name, for the form that adds it once the caller has said so. None for a caller that nobody
    knows.
    """
    known = known_caller(wiring.desk(), member, case)
    if known is None:
        return None
    called = case.report.channel in HOTLINE
    said = words("case.caller_registered" if known.registered else "case.caller", who=words.listed(known.who))
    none_open = words("case.caller_none_open") if called else ""
    return {
        "said": said if known.who else words("case.caller_unnamed"),
        "cases": [(other.number, _stands(other, words)) for other in known.cases],
        "open": words("case.caller_open") if known.cases else none_open,
        "care": _care(known.care, words) if known.care else "",
        "fills_in": _missing(case, known),
    }


def _missing(case: Case, known: KnownCaller) -> dict[str, str]:
    if known.only is None:
        return {}
    household, person = known.only
    missing = {} if case.report.unit else {"unit": household.unit}
    return missing if case.report.resident_name else {**missing, "name": person.name}


def _care(person: Dweller, words: Words) -> str:
    on = whole_day(person.consented_on, words)
    return words("case.caller_care", name=person.name, by=person.consented_by, on=on)


def _stands(case: Case, words: Words) -> str:
    context, matter = wiring.desk().context_of(case), case.classification.matter
    names = context.regulation.names_of_matter(matter)
    state = state_name(case.state, matter, words)
    return words("case.caller_case", matter=words.of(names) if names else matter, state=state)
