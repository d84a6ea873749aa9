"""Lines about duty: who is there now, what is open, which swaps wait (B14, G19)."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from chalicelib.domain.community.community import Community, Member
from chalicelib.domain.community.gaps import AHEAD, Spell, gaps, people_on_duty
from chalicelib.domain.community.handover import Unsigned
from chalicelib.domain.community.roster import SWAP, DutyChange, departments_of
from chalicelib.services.desk import Desk
from chalicelib.services.duty.chase import SECOND
from chalicelib.services.duty.handover import chased_of, to_hand_over
from chalicelib.services.duty.roster import PLANNERS, may_plan
from chalicelib.web.form_choices import department_name
from chalicelib.web.formats import day_name, short
from chalicelib.web.words import Words

MOST_GAPS = 5
"""So many gaps stand on the first page; the others on the roster's."""


class DutyNow(Struct, frozen=True):
    """The block of the first page about duty; what its reader has to do about the roster."""

    now: tuple[tuple[str, str], ...]
    gaps: tuple[str, ...]
    more: int
    swaps: tuple[str, ...]
    handovers: tuple[tuple[str, str], ...]
    to_write: tuple[tuple[str, str], ...] = ()

    @property
    def asks(self) -> bool:
        """Whether its reader has anything to do about the roster."""
        return bool(self.gaps or self.swaps or self.handovers or self.to_write)


def duty_now(desk: Desk, member: Member, words: Words) -> DutyNow | None:
    """The block of the first page; None for a community without a roster."""
    community, at = member.community, desk.now()
    departments = departments_of(community.roster)
    if not departments and not community.unsigned:
        return None
    there = tuple(
        (department_name(name, community, words), on_duty_line(name, community, at, words))
        for name in departments
    )
    found = gaps_for(member, at)
    return DutyNow(
        there,
        tuple(gap_line(gap, community, words) for gap in found[:MOST_GAPS]),
        max(len(found) - MOST_GAPS, 0),
        tuple(swap_line(change, community, words) for change in swaps_for(member, at)),
        tuple(_handover(waiting, community, words) for waiting in waiting_for(member, at)),
        tuple(
            (change.department, words("handover.ends", department=name, at=short(change.at, zone, words)))
            for change in to_hand_over(desk, member)
            for name, zone in [(department_name(change.department, community, words), community.zone)]
        ),
    )


def gaps_for(member: Member, at: datetime) -> tuple[Spell, ...]:
    """The gaps of the next 14 days that a member can close; none for whoever writes no roster."""
    if member.role not in PLANNERS:
        return ()
    found = gaps(member.community, at, at + AHEAD)
    return tuple(gap for gap in found if may_plan(member, gap.department))


def swaps_for(member: Member, at: datetime) -> tuple[DutyChange, ...]:
    """The swaps that wait for a member's word."""
    local = member.community.roster.local(at)
    return tuple(
        change
        for change in member.community.duty_changes
        if change.kind == SWAP
        and member.username in {change.username, change.other}
        and member.username not in change.agreed
        and change.last > local
    )


def waiting_for(member: Member, at: datetime) -> tuple[Unsigned, ...]:
    """The handovers that a member is to sign for; for whoever leads them, once they are chased."""
    return tuple(
        waiting
        for waiting in member.community.unsigned
        if member.username == waiting.to
        or (waiting.at + SECOND <= at and member.username in chased_of(member.community, waiting.department))
    )


def _handover(waiting: Unsigned, community: Community, words: Words) -> tuple[str, str]:
    """The department, and that its shift waits to be signed for."""
    said = words(
        "handover.waits",
        department=department_name(waiting.department, community, words),
        by=names_of([waiting.by], community, words),
        at=short(waiting.at, community.zone, words),
    )
    return waiting.department, said


def on_duty_line(department: str, community: Community, at: datetime, words: Words) -> str:
    """The names of whoever is on duty for a department, or that nobody is."""
    return names_of(people_on_duty(community, department, at), community, words) or words("roster.nobody")


def names_of(usernames: Iterable[str], community: Community, words: Words) -> str:
    """Usernames as names, with the language's comma."""
    people = (community.person(username) for username in usernames)
    return words("page.list_comma").join(person.name for person in people if person)


def gap_line(gap: Spell, community: Community, words: Words) -> str:
    """工程部：12月3日（周四）08:00–09:00 无人值班"""
    starts, ends = (community.roster.local(moment) for moment in (gap.starts, gap.ends))
    return words(
        "roster.gap",
        department=department_name(gap.department, community, words),
        span=span_line(starts, ends, words),
    )


def span_line(starts: datetime, ends: datetime, words: Words) -> str:
    """12月3日（周四）08:00–09:00; the second day where it is another."""
    day = "" if starts.date() == ends.date() else f"{day_name(ends.date(), words)} "
    return f"{day_name(starts.date(), words)} {starts:%H:%M}–{day}{ends:%H:%M}"


def swap_line(change: DutyChange, community: Community, words: Words) -> str:
    """Who gives which turn to whom, and what comes in return."""
    said = words(
        "roster.swapped",
        name=names_of([change.username], community, words),
        other=names_of([change.other or ""], community, words),
        department=department_name(change.department or "", community, words),
        span=span_line(change.starts, change.ends, words),
    )
    if change.back_starts is None or change.back_ends is None:
        return said
    return said + words("roster.in_return", span=span_line(change.back_starts, change.back_ends, words))
