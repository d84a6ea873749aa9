"""The record of looks at personal data (E8): written before anything is shown, read by the manager.

What cannot be put on record is not shown: the error of the store ends the request. The answer to a command is
not recorded as a look: the event says already who had the case in hand.
"""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct
from msgspec.structs import asdict, replace

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.links import OF_STAFF, Link
from chalicelib.domain.case.looks import Look, LookAt
from chalicelib.domain.case.who_sees import sees_contact, why_not_revealed
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import Role
from chalicelib.domain.errors import InvalidInputError
from chalicelib.services.access.authorization import visible_case
from chalicelib.services.case_line import away_from_line
from chalicelib.services.desk import Desk
from chalicelib.services.records import CaseLine, Page

LOOK_READERS = frozenset({Role.MANAGER, Role.COMPANY_HEAD})
"""Who reads the record."""

Cursor = Mapping[str, str] | None


class WantedLooks(Struct, frozen=True):
    """Which looks are wanted: of a day, of a person, or at a case; at most one of them, today if none."""

    day: str | None = None
    person: str | None = None
    case: str | None = None


def looked_at(desk: Desk, member: Member, case: Case, what: LookAt = LookAt.CASE) -> None:
    """Put on record that a member looks at a case."""
    hidden = not sees_contact(member, case)
    _record(desk, member, Look(desk.now(), member.username, member.role, what, case.number, hidden))


def listed_to(
    desk: Desk, member: Member, lines: tuple[CaseLine, ...], asked: str, what: LookAt = LookAt.LIST
) -> None:
    """Put on record that a member was shown a page of a list; one row, however long it is."""
    numbers = tuple(line.number for line in lines)
    look = Look(
        desk.now(), member.username, member.role, what, filter=asked, count=len(lines), numbers=numbers
    )
    _record(desk, member, look)


def caller_shown(desk: Desk, member: Member, case: Case, numbers: tuple[str, ...]) -> None:
    """Put on record that a member was shown the cases of a caller."""
    asked = f"caller={case.number}"
    look = Look(desk.now(), member.username, member.role, LookAt.SEARCH, filter=asked, numbers=numbers)
    _record(desk, member, replace(look, count=len(numbers)))


def opened_by_link(desk: Desk, link: Link, case: Case) -> None:
    """Put on record that a handler opens their work link; residents look at what is their own."""
    if link.purpose not in OF_STAFF:
        return
    look = Look(
        desk.now(), link.subject, link.actor().role, LookAt.WORK_LINK, case.number, case.report.shielded
    )
    desk.looks.record(case.community, case.zone, look)


def reveal(desk: Desk, member: Member, case: Case, reason: str) -> Case:
    """The case with who reported it, for a member who says why; on record first.

    NotAllowedError where nobody who works on it may know.
    """
    if refused := why_not_revealed(member, case):
        raise refused
    look = Look(desk.now(), member.username, member.role, LookAt.REVEAL, case.number, reason=reason)
    _record(desk, member, look)
    return case


def looks(desk: Desk, member: Member, wanted: WantedLooks, limit: int, cursor: Cursor) -> Page[Look]:
    """A page of the record, newest first; this look at it is on record as well.

    Without what the member is kept away from (G13): NotFoundError for such a case, as for one that is not
    there. InvalidInputError for two wishes at once, or no day.
    """
    if sum(wish is not None for wish in (wanted.day, wanted.person, wanted.case)) > 1:
        raise InvalidInputError("Ask for one at a time: 'day', 'person' or 'case'.")
    community = member.community
    if wanted.case is not None:
        visible_case(desk, member, wanted.case)
    asked = {name: value for name, value in asdict(wanted).items() if value is not None}
    by, of = next(iter(asked.items()), ("day", None))
    of = _day(desk, member, of) if by == "day" or of is None else of
    page = desk.looks.page(community.id, by, of, limit, cursor)
    count = len(page.items)
    who = desk.now(), member.username, member.role
    # at a case, its number stands where whoever is kept away from it is not shown it
    asked_for = "" if wanted.case else f"{by}={of}"
    look = Look(*who, LookAt.LOOKS, wanted.case, filter=asked_for, count=count)
    _record(desk, member, look)
    return _without_what_is_kept(desk, member, page)


def _without_what_is_kept(desk: Desk, member: Member, page: Page[Look]) -> Page[Look]:
    lines = desk.cases.lines(member.community.id, {look.number for look in page.items if look.number})

    def is_open(look: Look) -> bool:
        line = lines.get(look.number or "")
        return line is None or member.username not in away_from_line(line, member.community)

    return Page(tuple(replace(look, numbers=()) for look in page.items if is_open(look)), page.cursor)


def _day(desk: Desk, member: Member, asked: str | None) -> str:
    if asked is None:
        return desk.calendars.of(member.community).local_date(desk.now()).isoformat()
    try:
        return date.fromisoformat(asked).isoformat()
    except ValueError:
        raise InvalidInputError("'day' is a day such as 2026-11-23.") from None


def _record(desk: Desk, member: Member, look: Look) -> None:
    desk.looks.record(member.community.id, member.community.zone, look)
