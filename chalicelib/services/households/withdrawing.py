"""Taking back the consent to note a need for help: in the register, and on every case of theirs (G15).

It may be done twice, and late: what is gone stays gone. It is on record who took it back when, and not any
more who had agreed.
"""

import logging
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.events import CareWithdrawn
from chalicelib.domain.community.community import Community, Member
from chalicelib.domain.community.households import Dweller, Household
from chalicelib.domain.community.roles import TIMER
from chalicelib.domain.errors import CommandRefusedError
from chalicelib.domain.intake.care import WithdrawCareForm
from chalicelib.services.desk import Desk
from chalicelib.services.households.known import of_phone, phone_key

log = logging.getLogger(__name__)


def at_the_desk(desk: Desk, member: Member, unit: str, name: str) -> None:
    """Take the note of somebody of a unit away, as they said to the desk."""
    _everywhere(desk, _Whose(member.community, (), name, unit, member.username))


def of_number(desk: Desk, community: Community, reached_by: str, at_desk: str | None) -> int:
    """Take the notes of a proved number or address away; from so many units and cases."""
    return _everywhere(desk, _Whose(community, (reached_by,), None, None, at_desk))


def followed(desk: Desk, case: Case) -> None:
    """Take away everywhere what was taken back on a case."""
    report, community = case.report, desk.directory.community(case.community)
    events = desk.cases.events(case.community, case.number)
    by = [event.actor.id for event in events if isinstance(event.payload, CareWithdrawn)][-1:]
    known = tuple(filter(None, (report.phone,)))
    if known or report.resident_name:
        _everywhere(
            desk, _Whose(community, known, report.resident_name or None, report.unit, next(iter(by), None))
        )


class _Whose(Struct, frozen=True):
    """Whose note is taken away: by the number, or by `name` in the unit; without a name all of the number."""

    community: Community
    reached_by: tuple[str, ...]
    name: str | None
    unit: str | None
    at_desk: str | None

    def means(self, person: Dweller, household: Household, desk: Desk) -> bool:
        """Whether somebody of the register is meant."""
        here = self.unit and desk.unit_key(self.unit, self.community)
        lives_there = bool(here) and here == desk.unit_key(household.unit, self.community)
        theirs = bool(set(self.reached_by) & set(person.phones)) or (lives_there and person.name == self.name)
        return person.care and theirs and self.name in {None, person.name}


def _everywhere(desk: Desk, whose: _Whose) -> int:
    """In the register, then on the cases of the numbers that are known now."""
    community, numbers = whose.community, set(whose.reached_by)
    found = [household for known in whose.reached_by for household in of_phone(desk, community.id, known)]
    if whose.unit and whose.name:
        there = desk.households.of_unit(community.id, desk.unit_key(whose.unit, community))
        found += [there] if there else []
    today = desk.now().astimezone(ZoneInfo(community.zone)).date()
    before, after = {}, {}
    for household in found:
        meant = [person for person in household.people if whose.means(person, household, desk)]
        if meant:
            key = desk.unit_key(household.unit, community)
            numbers |= {phone for person in meant for phone in person.phones}
            people = (
                person.without_care(today, whose.at_desk or "") if person in meant else person
                for person in household.people
            )
            before[key], after[key] = household, replace(household, people=tuple(people))
    if before:
        phones = {phone for household in before.values() for phone in household.phones()}
        keys = {phone: phone_key(desk, community.id, phone) for phone in phones}
        desk.households.put(community.id, before, after, keys)
    cases = sum(_on_cases(desk, whose, known) for known in sorted(numbers))
    log.info("care_withdrawn", extra={"community": community.id, "actor": whose.at_desk or "resident"})
    return len(before) + cases


def _on_cases(desk: Desk, whose: _Whose, reached_by: str) -> int:
    """On every case of a number or address that has the note; how many had it."""
    key, done = desk.resident_key(whose.community.id, reached_by), 0
    for number in desk.cases.of_resident(whose.community.id, key):
        case = desk.cases.get(whose.community.id, number)
        theirs = whose.name is None or (case.report.resident_name or whose.name) == whose.name
        if not (theirs and case.classification.care and desk.key_of_resident(case) == key):
            continue
        form = WithdrawCareForm(whose.at_desk)
        command = Command("withdraw_care", TIMER, desk.now(), f"withdraw_care#{case.version}", form)
        try:
            desk.carry_out(case, command)
            done += 1
        except CommandRefusedError:
            continue  # somebody else was first
    return done
