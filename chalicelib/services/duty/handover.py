"""Handing a shift over: written by whoever goes, signed for by whoever comes (B14, S4)."""

from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case.who_sees import COMMUNITY_WIDE
from chalicelib.domain.community.community import Community, Member
from chalicelib.domain.community.gaps import DESK, next_on_duty, people_on_duty
from chalicelib.domain.community.handover import LONGEST_NOTES, Handover
from chalicelib.domain.community.roles import Role
from chalicelib.domain.community.roster import departments_of as rostered
from chalicelib.domain.community.shift_change import ShiftChange, is_unwritten, next_change
from chalicelib.domain.dispatch.ranks import holders
from chalicelib.domain.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from chalicelib.domain.texts import checked_text
from chalicelib.services.desk import Desk
from chalicelib.services.records import CaseLine
from chalicelib.services.views.lists import is_open_to

MOST_CASES = 100
"""So many open matters a handover names, those due first."""

LATEST = 20
"""So many handovers of a department are shown."""

NEWEST = 3
"""So many are read to know whether a shift was handed over: a form is filed by when it was drawn."""

A_DAY = timedelta(days=1)


class ShiftView(Struct, frozen=True):
    """The open matters of a shift, and the latest handovers with their cases."""

    open: tuple[CaseLine, ...]
    more: bool
    handovers: tuple[tuple[Handover, tuple[CaseLine, ...]], ...]


def departments_of(member: Member) -> tuple[str, ...]:
    """The departments whose handovers a member reads and writes; for supervisor and manager all."""
    if member.role in {Role.SUPERVISOR, Role.MANAGER, Role.COMPANY_HEAD}:
        return tuple(member.community.departments)
    own = [name for name in member.departments if name in member.community.departments]
    return tuple(dict.fromkeys([*own, *([DESK] if member.role is Role.AGENT else [])]))


def shift_of(desk: Desk, member: Member, department: str) -> ShiftView:
    """The open matters of a department and its latest handovers; three calls at most.

    NotAllowedError for a department that is not theirs. A case that a member may not know of is not among
    them (G13).
    """
    _check(member, department)
    community = member.community.id
    page = desk.cases.open_work(community, department=department, handler=None, limit=MOST_CASES, cursor=None)
    found = desk.directory.handovers.latest(community, department, LATEST)
    wanted = list(dict.fromkeys(number for handover in found for number in handover.numbers))[:MOST_CASES]
    lines = desk.cases.lines(community, wanted)
    return ShiftView(
        tuple(line for line in page.items if _may_read(member, line)),
        page.cursor is not None,
        tuple(
            (
                handover,
                tuple(
                    lines[number]
                    for number in handover.numbers
                    if number in lines and _may_read(member, lines[number])
                ),
            )
            for handover in found
        ),
    )


def colleagues(member: Member, department: str, at: datetime) -> tuple[tuple[str, str], ...]:
    """Who can take a shift over (username, name): whoever is on duty or comes next first."""
    community = member.community
    likely = [*next_on_duty(community, department, at), *people_on_duty(community, department, at)]
    people = [person for person in community.staff if person.active and department in person.departments]
    people.sort(
        key=lambda person: likely.index(person.username) if person.username in likely else len(likely)
    )
    return tuple((person.username, person.name) for person in people if person.username != member.username)


def hand_over(desk: Desk, member: Member, department: str, to: str, notes: str, begun: datetime) -> Handover:
    """Write and sign a handover; `begun` is when its form was drawn: sent twice it is one.

    InvalidInputError without notes or without a colleague of the department, ConflictError where the same
    form has handed over something else before.
    """
    _check(member, department)
    now, community = desk.now(), member.community
    said = checked_text("notes", notes, LONGEST_NOTES)
    taker = community.member(to)
    if taker is None or department not in taker.departments or to == member.username:
        raise InvalidInputError(
            "Choose the colleague of the department who takes the shift over.", "handover_to_whom"
        )
    drawn = begun if now - A_DAY < begun <= now else now
    page = desk.cases.open_work(
        community.id, department=department, handler=None, limit=MOST_CASES, cursor=None
    )
    handover = Handover(
        f"{drawn:%Y%m%dT%H%M%S%f}#{member.username}",
        department,
        member.username,
        to,
        now,
        said,
        tuple(line.number for line in page.items),
    )
    if not desk.directory.handovers.write(community.id, handover):
        there = desk.directory.handovers.one(community.id, department, handover.id)
        if there is None or (there.notes, there.to) != (said, to):
            raise ConflictError(
                "This form has handed over a shift before; open the page anew to write another.",
                "handed_over",
            )
        return there
    desk.directory.anew(community.id)
    return handover


def sign(desk: Desk, member: Member, department: str, handover_id: str) -> Handover:
    """Sign for a shift that was handed over: whoever it was written for, or another of the department.

    Never whoever wrote it. Signed twice by one it stays as it is; ConflictError if another has signed.
    """
    _check(member, department)
    found = desk.directory.handovers.one(member.community.id, department, handover_id)
    if found is None:
        raise NotFoundError("There is no such handover.", "no_handover")
    if found.by == member.username:
        raise NotAllowedError("Whoever hands a shift over cannot sign for taking it.", "handover_own")
    signed = replace(found, signed_by=member.username, signed_at=desk.now())
    if found.signed_by is None and desk.directory.handovers.sign(member.community.id, signed):
        desk.directory.anew(member.community.id)
        return signed
    now = desk.directory.handovers.one(member.community.id, department, handover_id) or found
    if now.signed_by != member.username:
        raise ConflictError("A colleague has signed for this shift already.", "handover_signed")
    return now


def to_hand_over(desk: Desk, member: Member) -> tuple[ShiftChange, ...]:
    """The coming changes of shift at which a member goes, not handed over yet.

    One query for each; none for whoever does not go within two hours.
    """
    community, now = member.community, desk.now()
    coming = (next_change(community, name, now) for name in rostered(community.roster))
    handovers = desk.directory.handovers
    return tuple(
        change
        for change in coming
        if change is not None
        and member.username in change.went
        and is_unwritten(change, handovers.latest(community.id, change.department, NEWEST))
    )


def chased_of(community: Community, department: str) -> tuple[str, ...]:
    """Who hears that nobody has signed: the department's head and the supervisors (usernames)."""
    heads = [person.username for person in holders(community, Role.DEPARTMENT_HEAD, department)]
    leaders = [person.username for person in community.with_role(Role.SUPERVISOR)]
    return tuple(dict.fromkeys([*heads, *leaders]))


def _may_read(member: Member, line: CaseLine) -> bool:
    """Whether a shift's list names a case to a member: a complaint about a person only to the desk (G13)."""
    is_about = bool(line.about) or line.about_unknown
    is_theirs = member.role in COMMUNITY_WIDE or not is_about or line.handler == member.username
    return is_theirs and is_open_to(member, line)


def opens_to(member: Member, line: CaseLine) -> bool:
    """Whether the page of a case in a shift's list opens to a member (E8).

    As far as its line tells. A handler reads the colleagues' matters in the list alone; every other
    reader of it may see the cases.
    """
    own = {line.handler, line.answerable, line.followed_by}
    return member.role is not Role.HANDLER or member.username in own


def _check(member: Member, department: str) -> None:
    if department not in departments_of(member):
        raise NotAllowedError("That is not your department's shift.", "handover_not_yours")
