"""Who probably calls: what the number of a call was reported with before, and its open cases (A1, A14)."""

from msgspec import Struct

from chalicelib.domain.case.case import IN_DISPATCH, OPEN, Case
from chalicelib.domain.case.who_sees import COMMUNITY_WIDE, may_see, sees_contact
from chalicelib.domain.community.community import Member
from chalicelib.domain.intake.new_case import HOTLINE
from chalicelib.services.access.looks import caller_shown
from chalicelib.services.desk import Desk

MOST_LOOKED_AT = 20
"""So many of the newest cases of a number are looked at (ours)."""


class KnownCaller(Struct, frozen=True):
    """What is known of the number of a call: the latest name and unit, and its open cases, newest first."""

    name: str | None
    unit: str | None
    cases: tuple[Case, ...]


def known_caller(desk: Desk, member: Member, case: Case) -> KnownCaller | None:
    """Who probably made a call that is dealt with; None for a number that never reported before.

    It is for whoever is at the desk, of cases that they may see with who reported them; on record as a look.
    """
    phone = case.report.phone
    asks = case.report.channel in HOTLINE and case.state in IN_DISPATCH and member.role in COMMUNITY_WIDE
    if phone is None or not asks or not sees_contact(member, case):
        return None
    others = _others(desk, member, case, phone)
    if not others:
        return None
    caller_shown(desk, member, case, tuple(other.number for other in others))
    return KnownCaller(
        next((other.report.resident_name for other in others if other.report.resident_name), None),
        next((other.report.unit for other in others if other.report.unit), None),
        tuple(other for other in others if other.state in OPEN),
    )


def _others(desk: Desk, member: Member, case: Case, phone: str) -> tuple[Case, ...]:
    """The other cases of the number that the member may see; of an index that lags, those that are its."""
    key = desk.resident_key(case.community, phone)
    numbers = [number for number in desk.cases.of_resident(case.community, key) if number != case.number]
    found = desk.cases.several(case.community, numbers[:MOST_LOOKED_AT]) if numbers else {}
    others = (found[number][0] for number in numbers if number in found)
    return tuple(
        other
        for other in others
        if other.report.phone == phone and may_see(member, other) and sees_contact(member, other)
    )
