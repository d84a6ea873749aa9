"""Who probably calls: what the number of a call was reported with before, and its open cases (A1, A14)."""

from msgspec import Struct

from chalicelib.domain.case.case import IN_DISPATCH, OPEN, Case
from chalicelib.domain.case.who_sees import COMMUNITY_WIDE, may_see, sees_contact
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.households import Dweller, Household
from chalicelib.domain.intake.new_case import HOTLINE, OF_STRANGERS
from chalicelib.services.access.looks import caller_shown
from chalicelib.services.desk import Desk
from chalicelib.services.households.known import of_phone, people_with

ASKED = frozenset({*HOTLINE, *OF_STRANGERS})
"""The channels whose number is looked up: of others the desk has taken down who it is."""

MOST_LOOKED_AT = 20
"""So many of the newest cases of a number are looked at (ours)."""


class KnownCaller(Struct, frozen=True):
    """What is known of a number: who it is, and its open cases, newest first.

    `who` are names and units: of the household register (`registered`), else of the latest case. `care`: the
    register says that they need help, and who agreed when that this is noted (G15). `only` is the household
    and the person of the register with this number, if there is one and no more.
    """

    who: tuple[str, ...]
    cases: tuple[Case, ...]
    registered: bool = False
    care: Dweller | None = None
    only: tuple[Household, Dweller] | None = None


def known_caller(desk: Desk, member: Member, case: Case) -> KnownCaller | None:
    """Who probably made a call that is dealt with; None for a number that nobody knows.

    It is for whoever is at the desk, of cases that they may see with who reported them; on record as a look.
    The household register comes first (E9). Of a report that came by a form it alone is asked, for whoever
    needs care: a form proves no number, so there the desk decides.
    """
    phone, channel = case.report.phone, case.report.channel
    asks = channel in ASKED and case.state in IN_DISPATCH and member.role in COMMUNITY_WIDE
    if phone is None or not asks or not sees_contact(member, case):
        return None
    registered = people_with(of_phone(desk, case.community, phone), phone)
    others = _others(desk, member, case, phone) if channel in HOTLINE else ()
    if not others and not registered:
        return None
    caller_shown(desk, member, case, tuple(other.number for other in others))
    reported = (
        next((other.report.resident_name for other in others if other.report.resident_name), None),
        next((other.report.unit for other in others if other.report.unit), None),
    )
    who = tuple(part for household, person in registered for part in (person.name, household.unit))
    needs_care = (person for _, person in registered if person.care and not case.classification.care)
    return KnownCaller(
        who or tuple(part for part in reported if part),
        tuple(other for other in others if other.state in OPEN),
        bool(who),
        next(needs_care, None),
        registered[0] if len(registered) == 1 else None,
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
