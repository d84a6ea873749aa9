"""The change of a shift: who went, who is there now, and whether it was handed over (B14)."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from msgspec import Struct

from chalicelib.domain.community.community import Community
from chalicelib.domain.community.gaps import spells
from chalicelib.domain.community.handover import Handover

LOOKED_BACK = timedelta(hours=12)
"""So long after it a change is asked about (ours): then the next one has come."""

SHORT_GAP = timedelta(hours=1)
"""After a longer one there was no change of shift: a day has ended, and another begun (ours)."""

WRITTEN_BEFORE = timedelta(hours=2)
"""So long before the change a handover may be written (ours)."""

STILL_DONE = timedelta(days=30)
"""A department that has written none for so long has not begun to, or has given it up (ours)."""

BESIDE = timedelta(hours=1)
"""So long two shifts may be there together, and still the one follows the other (ours)."""


class ShiftChange(Struct, frozen=True):
    """A change of shift of a department: who `went` (usernames), while somebody is there after them."""

    department: str
    at: datetime
    went: tuple[str, ...]


def last_change(community: Community, department: str, now: datetime) -> ShiftChange | None:
    """The last change of a department's shift; None if there was none lately."""
    found = [change for change in _changes(community, department, now - LOOKED_BACK, now) if change.at <= now]
    return found[-1] if found else None


def next_change(community: Community, department: str, now: datetime) -> ShiftChange | None:
    """The next change of a department's shift, once it can be handed over."""
    coming = _changes(community, department, now, now + WRITTEN_BEFORE + SHORT_GAP)
    return next((change for change in coming if now < change.at), None)


def _changes(
    community: Community, department: str, starts: datetime, ends: datetime
) -> Iterator[ShiftChange]:
    """The changes of shift in a stretch of time: some go, and others come.

    Not where a day ends, and nobody is there to hand over to; nor where one of several goes home before the
    others, who have been there all day: those hand nothing over.
    """
    manned = [
        spell for spell in spells(community, department, starts - BESIDE - SHORT_GAP, ends) if spell.people
    ]
    for before, after in pairwise(manned):
        at = after.starts
        there = {
            name for spell in manned if spell.starts < at - BESIDE <= spell.ends for name in spell.people
        }
        went = tuple(username for username in before.people if username not in after.people)
        came = set(after.people) - there
        if went and came and at - before.ends <= SHORT_GAP and at >= starts:
            yield ShiftChange(department, at, went)


def is_unwritten(change: ShiftChange, handovers: Iterable[Handover]) -> bool:
    """Whether nobody has handed over at that change."""
    newest = max((handover.at for handover in handovers), default=None)
    return newest is None or newest < change.at - WRITTEN_BEFORE


def hands_over(change: ShiftChange, handovers: Iterable[Handover]) -> bool:
    """Whether the department has handed over lately, so that each change is asked about."""
    return any(change.at - STILL_DONE < handover.at for handover in handovers)
