"""Why a turn or a change cannot stand in the roster: sentences that say what would be right (B14)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from chalicelib.domain.community.community import Community
from chalicelib.domain.community.roster import EXTRA, KINDS, LEAVE, SWAP, DutyChange, Shift
from chalicelib.domain.days import FIRST_YEAR, LAST_YEAR, is_of_our_age
from chalicelib.domain.errors import InvalidInputError

LONGEST_CHANGE = timedelta(days=92)
"""So long is a single leave at most; a longer absence is written down in parts (ours)."""

LONGEST_TURN = timedelta(hours=36)
"""No turn of duty is longer: a date was mistyped (ours)."""

MOST_SHIFTS, MOST_CHANGES = 400, 600
"""So many turns and changes a community has at most: they are all read with it (ours)."""

ONE_DAY_MINUTES = 24 * 60
MINUTE = timedelta(minutes=1)


def check_shift(shift: Shift, community: Community, others: Iterable[Shift]) -> None:
    """InvalidInputError for a weekly turn that cannot be.

    Nobody is there twice for one department at a time; for two departments somebody may be, as a guard at
    night who also answers the telephone.
    """
    _check_person(shift.username, shift.department, community)
    if not shift.weekdays or not set(shift.weekdays) <= set(range(7)):
        raise InvalidInputError("A turn has at least one weekday, 0 (Monday) to 6 (Sunday).", "turn_weekdays")
    for other in others:
        is_same = (other.department, other.username) == (shift.department, shift.username)
        if is_same and _minutes(other) & _minutes(shift):
            raise _overlap(other, community)


def check_shifts(shifts: Iterable[Shift], community: Community) -> None:
    """InvalidInputError for the first of many turns that cannot be, or of too many."""
    known: list[Shift] = []
    for shift in shifts:
        check_shift(shift, community, known)
        known.append(shift)
    check_room(len(known), MOST_SHIFTS)


def check_room(amount: int, most: int) -> None:
    """InvalidInputError for more entries than a roster takes."""
    if amount > most:
        raise InvalidInputError(
            f"A roster has at most {most} entries of a kind; take away what is over.",
            "roster_full",
            most=most,
        )


def check_change(change: DutyChange, community: Community, now: datetime) -> None:
    """InvalidInputError for a leave, turn or swap that cannot be; `now` is a moment in UTC."""
    if change.kind not in KINDS:
        raise InvalidInputError(f"A change of the roster is one of: {', '.join(KINDS)}.")
    _check_times(change.starts, change.ends, LONGEST_CHANGE if change.kind == LEAVE else LONGEST_TURN)
    if change.last <= community.roster.local(now):
        raise InvalidInputError(
            f"It was over at {_said(change.last)}; a roster says what is still to come, so look at the date.",
            "change_over",
            ends=_said(change.last),
        )
    if change.kind == LEAVE:
        _known(change.username, community)
    else:
        _check_person(change.username, change.department or "", community)
    if change.kind == EXTRA:
        _check_free(change.username, change.starts, change.ends, change, community)
        _check_not_away(change.username, change.starts, change.ends, community)
    if change.kind == SWAP:
        _check_swap(change, community)
    for other in community.duty_changes:
        is_same = (other.kind, other.username) == (change.kind, change.username) and other.id != change.id
        if is_same and other.starts < change.ends and change.starts < other.ends:
            raise InvalidInputError(
                f"{_name(change.username, community)} has such an entry already from {_said(other.starts)} "
                f"to {_said(other.ends)}, which overlaps this one.",
                "change_overlaps",
                name=_name(change.username, community),
                starts=_said(other.starts),
                ends=_said(other.ends),
            )


def _check_swap(change: DutyChange, community: Community) -> None:
    if change.other is None or change.other == change.username:
        raise InvalidInputError("A swap names the colleague who takes the turn.", "swap_with_whom")
    _check_person(change.other, change.department or "", community)
    _check_has_turn(change.username, change.starts, change, community)
    _check_free(change.other, change.starts, change.ends, change, community)
    _check_not_away(change.other, change.starts, change.ends, community)
    if (change.back_starts is None) != (change.back_ends is None):
        raise InvalidInputError("The turn in return has a beginning and an end.", "swap_back")
    if change.back_starts is not None and change.back_ends is not None:
        _check_times(change.back_starts, change.back_ends, LONGEST_TURN)
        _check_has_turn(change.other, change.back_starts, change, community)
        _check_free(change.username, change.back_starts, change.back_ends, change, community)
        _check_not_away(change.username, change.back_starts, change.back_ends, community)


def _check_has_turn(username: str, local: datetime, change: DutyChange, community: Community) -> None:
    """Nobody gives away what they do not have."""
    turns = [turn for turn in community.shifts if turn.department == change.department]
    extra = [other for other in community.duty_changes if other.kind == EXTRA]
    has_turn = any(turn.username == username and turn.covers(local) for turn in turns)
    if not has_turn and not any(more.username == username and more.covers(local) for more in extra):
        raise InvalidInputError(
            f"{_name(username, community)} has no turn at {_said(local)} to give away; name the beginning "
            "of a turn of theirs.",
            "swap_no_turn",
            name=_name(username, community),
            at=_said(local),
        )


def _check_free(
    username: str, starts: datetime, ends: datetime, change: DutyChange, community: Community
) -> None:
    """Nobody is there twice for one department, but in a swap of that very turn."""
    minutes = [starts + MINUTE * place for place in range((ends - starts) // MINUTE)]
    gives = change.covers if username == change.username else change.comes_back
    if change.kind == SWAP:
        minutes = [minute for minute in minutes if not gives(minute)]
    for turn in community.shifts:
        is_theirs = (turn.username, turn.department) == (username, change.department)
        if is_theirs and any(map(turn.covers, minutes)):
            raise _overlap(turn, community)


def _check_not_away(username: str, starts: datetime, ends: datetime, community: Community) -> None:
    """Whoever is on leave has no turn."""
    for leave in community.duty_changes:
        is_theirs = leave.kind == LEAVE and leave.username == username
        if is_theirs and leave.starts < ends and starts < leave.ends:
            raise InvalidInputError(
                f"{_name(username, community)} is on leave until {_said(leave.ends)}; choose somebody else, "
                "or take the leave back first.",
                "on_leave",
                name=_name(username, community),
                ends=_said(leave.ends),
            )


def _overlap(turn: Shift, community: Community) -> InvalidInputError:
    name, starts, ends = _name(turn.username, community), f"{turn.starts:%H:%M}", f"{turn.ends:%H:%M}"
    return InvalidInputError(
        f"{name} has a turn from {starts} to {ends} already that overlaps this one; take it away first, or "
        "choose other times.",
        "turn_overlaps",
        name=name,
        starts=starts,
        ends=ends,
    )


def _check_times(starts: datetime, ends: datetime, longest: timedelta) -> None:
    if not (is_of_our_age(starts) and is_of_our_age(ends)):
        raise InvalidInputError(
            f"The years of a roster are {FIRST_YEAR} to {LAST_YEAR}; look at the date.",
            "other_age",
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )
    if ends <= starts:
        raise InvalidInputError(
            f"It ends at {_said(ends)}, before it starts at {_said(starts)}; a night that goes over midnight "
            "ends on the next day.",
            "ends_before",
            starts=_said(starts),
            ends=_said(ends),
        )
    if ends - starts > longest:
        hours = longest // timedelta(hours=1)
        raise InvalidInputError(
            f"It is longer than {hours} hours; look at the dates.", "roster_too_long", hours=hours
        )


def _check_person(username: str, department: str, community: Community) -> None:
    if department not in community.departments:
        raise InvalidInputError(
            f"There is no department '{department[:20]}' here; there are {', '.join(community.departments)}.",
            "no_department",
        )
    _known(username, community)
    member = community.member(username)
    if member is None or (member.departments and department not in member.departments):
        raise InvalidInputError(
            f"{_name(username, community)} does not work in {community.departments[department]}; choose "
            "somebody of that department, or have the directory changed.",
            "not_in_department",
            name=_name(username, community),
            department=community.departments[department],
        )


def _known(username: str, community: Community) -> None:
    if community.member(username) is None:
        raise InvalidInputError(f"Nobody called '{username[:40]}' works here now.", "nobody_here")


def _name(username: str, community: Community) -> str:
    person = community.person(username)
    return person.name if person else username[:40]


def _said(local: datetime) -> str:
    return f"{local:%m-%d %H:%M}"


def _minutes(shift: Shift) -> frozenset[int]:
    """The minutes of a week that a turn has."""
    starts, ends = (edge.hour * 60 + edge.minute for edge in (shift.starts, shift.ends))
    length = (ends - starts) % ONE_DAY_MINUTES or ONE_DAY_MINUTES
    week = 7 * ONE_DAY_MINUTES
    first = [day * ONE_DAY_MINUTES + starts for day in shift.weekdays]
    return frozenset((minute + more) % week for minute in first for more in range(length))
