"""A whole roster at once: what a file would change of it, and the file of it as it stands (B14).

The file is the roster of the departments that its writer plans: turns, single turns and leave that it lacks
are taken out. Swaps need the word of both and stay as they are, and so does what is over.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.community.community import Community, Member
from chalicelib.domain.community.households import Remark
from chalicelib.domain.community.roster import LEAVE, SWAP, DutyChange, Shift, entry_key
from chalicelib.domain.community.roster_checks import (
    MOST_CHANGES,
    MOST_SHIFTS,
    check_change,
    check_room,
    check_shift,
)
from chalicelib.domain.errors import InvalidInputError
from chalicelib.services.desk import Desk
from chalicelib.services.duty.roster import id_of, may_plan

Entry = Shift | DutyChange


class Planned(Struct, frozen=True):
    """What a file would make of the roster: what comes and goes, and what is to be said of its lines.

    `seen` names the roster that it was compared with.
    """

    comes: tuple[Entry, ...] = ()
    goes: tuple[Entry, ...] = ()
    stays: int = 0
    remarks: tuple[Remark, ...] = ()
    seen: str = ""

    @property
    def wrong(self) -> int:
        """How many remarks keep it from being taken over."""
        return sum(not remark.told for remark in self.remarks)


def standing(
    desk: Desk, community: Community, member: Member | None
) -> tuple[tuple[Shift, ...], tuple[DutyChange, ...]]:
    """The turns that a member plans, and what differs from now on.

    Swaps are not among them. Without a member all of them, for the operator.
    """
    local = community.roster.local(desk.now())
    shifts = (turn for turn in community.shifts if _may(turn, community, member))
    changes = (
        change
        for change in community.duty_changes
        if change.kind != SWAP and change.last > local and _may(change, community, member)
    )
    return tuple(shifts), tuple(changes)


def planned(
    desk: Desk,
    community: Community,
    member: Member | None,
    shifts: Iterable[tuple[int, Shift]],
    changes: Iterable[tuple[int, DutyChange]],
    remarks: Iterable[Remark],
) -> Planned:
    """What a file would change; nothing is changed yet.

    Its entries come with their lines.
    """
    turns, differing = standing(desk, community, member)
    said = list(remarks)
    others = [turn for turn in community.shifts if turn not in turns]
    taken = list(_turns(shifts, community, member, others, said))
    apart = [change for change in community.duty_changes if change not in differing]
    base = replace(community, shifts=(*others, *taken), duty_changes=tuple(apart))
    wanted = sorted(changes, key=lambda entry: (entry[1].kind != LEAVE, entry[0]))
    written = list(_changes(desk, wanted, base, member, said))
    comes = [turn for turn in taken if turn not in turns]
    known = {id_of(change) for change in differing}
    now = {change.id for change in written}
    goes = [turn for turn in turns if turn not in taken]
    gone = [change for change in differing if id_of(change) not in now]
    new = [change for change in written if change.id not in known]
    return Planned(
        (*comes, *new),
        (*goes, *gone),
        len(taken) + len(written) - len(comes) - len(new),
        tuple(sorted(said, key=lambda remark: (remark.told, remark.line))),
        seen_of(community),
    )


def take_over(desk: Desk, community: Community, by: str, plan: Planned) -> None:
    """Have the roster be as the file says. Done again, it changes nothing.

    What is new comes first, what is replaced goes right before its like comes, and the rest goes last: broken
    off on the way, nobody is missing who was there.
    """
    replaced = {entry_key(entry): entry for entry in plan.goes}
    for entry in sorted(plan.comes, key=lambda entry: entry_key(entry) in replaced):
        if old := replaced.pop(entry_key(entry), None):
            desk.directory.drop_duty(community.id, old)
        new = entry if isinstance(entry, Shift) else replace(entry, by=by, at=desk.now())
        desk.directory.put_duty(community.id, new, None)
    for entry in replaced.values():
        desk.directory.drop_duty(community.id, entry)


def seen_of(community: Community) -> str:
    """A name of the roster as it stands, by which a later one is told."""
    entries: list[Entry] = [*community.shifts, *community.duty_changes]
    return sha256("\0".join(sorted(map(entry_key, entries))).encode()).hexdigest()[:16]


def _turns(
    lines: Iterable[tuple[int, Shift]],
    community: Community,
    member: Member | None,
    others: list[Shift],
    said: list[Remark],
) -> Iterator[Shift]:
    """The turns that can stand.

    Of one that cannot it is said why, with the line of the other that it overlaps.
    """
    known: list[tuple[int, Shift]] = []
    for at, shift in lines:
        if not _may(shift, community, member):
            said.append(Remark(at, "not_yours_to_plan"))
            continue
        first = next((line for line, other in known if _refused(shift, community, [other])), 0)
        if first:
            said.append(Remark(at, "overlaps_line", {"first": first}))
        elif error := _refused(shift, community, others):
            said.append(Remark(at, error.reason or "cannot_be", _facts(error)))
        else:
            known.append((at, shift))
            yield shift
    _check_room(len(known) + len(others), MOST_SHIFTS, said)


def _refused(shift: Shift, community: Community, others: Iterable[Shift]) -> InvalidInputError | None:
    try:
        check_shift(shift, community, others)
    except InvalidInputError as error:
        return error
    return None


def _changes(
    desk: Desk,
    lines: Iterable[tuple[int, DutyChange]],
    base: Community,
    member: Member | None,
    said: list[Remark],
) -> Iterator[DutyChange]:
    known: list[tuple[int, DutyChange]] = []
    for at, asked in lines:
        change = replace(asked, id=id_of(asked))
        if not _may(change, base, member):
            said.append(Remark(at, "not_yours_to_plan"))
            continue
        first = next((line for line, other in known if _overlaps(change, other)), 0)
        if first:
            said.append(Remark(at, "overlaps_line", {"first": first}))
            continue
        there = replace(base, duty_changes=(*base.duty_changes, *(other for _, other in known)))
        try:
            check_change(change, there, desk.now())
        except InvalidInputError as error:
            reason = error.reason or "cannot_be"
            said.append(Remark(at, reason, _facts(error), told=reason == "change_over"))
            continue
        known.append((at, change))
        yield change
    _check_room(len(known) + len(base.duty_changes), MOST_CHANGES, said)


def _overlaps(change: DutyChange, other: DutyChange) -> bool:
    same = (change.kind, change.username) == (other.kind, other.username)
    return same and change.starts < other.ends and other.starts < change.ends


def _check_room(amount: int, most: int, said: list[Remark]) -> None:
    try:
        check_room(amount, most)
    except InvalidInputError as error:
        said.append(Remark(0, error.reason or "roster_full", _facts(error)))


def _facts(error: InvalidInputError) -> dict[str, str | int]:
    return {name: fact if isinstance(fact, int) else str(fact) for name, fact in error.facts.items()}


def _may(entry: Entry, community: Community, member: Member | None) -> bool:
    """Whether a member plans it: of leave, that of people of the own departments."""
    if member is None or not may_plan(member, entry.department):
        return member is None
    if isinstance(entry, Shift) or entry.department is not None:
        return True
    person = community.person(entry.username)
    return may_plan(member, "") or bool(set(person.departments if person else ()) & set(member.departments))
