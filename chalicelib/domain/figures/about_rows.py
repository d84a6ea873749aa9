"""Complaints about a person in the figures: rows apart, added for those who may know of them (G13).

Whoever is kept away from such a case reads figures that count exactly the cases they can see. A small group
betrays nothing: there is no difference between what is counted and what is listed.
"""

from collections import Counter

from chalicelib.domain.case.about import NOBODY, About
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.figure_rows import MonthCounters, Row
from chalicelib.domain.case.kept_away import kept_away
from chalicelib.domain.community.community import Member

UNKNOWN, EMERGENCY = "?", "!"


def about_key(case: Case) -> str:
    """Whom a case is about, for its rows, and whether it is an emergency; empty for nobody.

    `wang`, `li,wang`, `wang!` in an emergency, `?` for somebody who was described only.
    """
    if case.about == NOBODY:
        return ""
    people = UNKNOWN if case.about.unknown else ",".join(sorted(case.about.people))
    return people + (EMERGENCY if case.classification.urgency == "emergency" else "")


def for_reader(counters: MonthCounters, member: Member) -> MonthCounters:
    """The counters for this reader: complaints about a person stand in the ordinary rows, or nowhere."""
    return of_all({row: of for row, of in counters.items() if not row.about or _may_know(row.about, member)})


def of_all(counters: MonthCounters) -> MonthCounters:
    """The counters of all cases in the ordinary rows: what lots are drawn by, for nobody's eyes."""
    added: dict[Row, Counter[str]] = {}
    for row, amounts in counters.items():
        added.setdefault(row._replace(about=""), Counter()).update(amounts)
    return added


def _may_know(about: str, member: Member) -> bool:
    people = about.removesuffix(EMERGENCY)
    whom = About(unknown=True) if people == UNKNOWN else About(tuple(people.split(",")))
    urgency = "emergency" if about.endswith(EMERGENCY) else "normal"
    return member.username not in kept_away(whom, urgency, member.community)
