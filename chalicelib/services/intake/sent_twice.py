"""The marks by which one report is noticed to be like another (A4)."""

from datetime import datetime

from chalicelib.domain.case.case import Case
from chalicelib.domain.community.community import Community
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.errors import SameReportError
from chalicelib.domain.intake.new_case import NewCase
from chalicelib.domain.intake.sent_twice import ALIKE_FOR, UNIT, is_asked, signs_of
from chalicelib.services.desk import Desk
from chalicelib.services.records import Mark


def marks_of(desk: Desk, community: Community, new: NewCase, actor: Actor, at: datetime) -> tuple[Mark, ...]:
    """The marks that a report leaves, under keys that show neither who reports nor what."""
    marks = []
    for of_what, whose, words in signs_of(new):
        owner = desk.unit_key(whose, community) if of_what == UNIT else whose
        key = desk.codes.keyed("alike", "\0".join((community.id, of_what, owner, words)))[:32]
        marks.append(Mark(key, at + ALIKE_FOR, is_asked(of_what, new, actor)))
    return tuple(marks)


def same_report(case: Case) -> SameReportError:
    """The question whether a report is this case; it says nothing personal."""
    return SameReportError(
        f"Case {case.number}, registered a few minutes ago and open, says the same. If it is this one, there "
        "is nothing more to send; if it is another, send it again with 'another': true.",
        "same_report",
        number=case.number,
        state=case.state,
        at=case.registered_at,
    )
