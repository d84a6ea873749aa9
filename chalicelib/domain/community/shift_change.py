"""The change of a shift: who went, who is there now, and whether it was handed over (B14)."""

from collections.abc import Iterable
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
"""A department that has written none for so long works without them, and is not asked for any (ours)."""


class ShiftChange(Struct, frozen=True):
    """A change of shift of a department: who `went` (usernames), while somebody is there after them."""

    department: str
    at: datetime
    went: tuple[str, ...]


def last_change(community: Community, department: str, now: datetime) -> ShiftChange | None:
    """The last change of a department's shift; None if there was none lately.

    It is when the next come, at once or after a short gap. Where nobody does there is nobody to hand over to.
    """
    found = None
    manned = (spell for spell in spells(community, department, now - LOOKED_BACK, now) if spell.people)
    for before, after in pairwise(manned):
        went = tuple(username for username in before.people if username not in after.people)
        if went and after.starts - before.ends <= SHORT_GAP:
            found = ShiftChange(department, after.starts, went)
    return found


def is_unwritten(change: ShiftChange, handovers: Iterable[Handover]) -> bool:
    """Whether nobody has handed over at that change, in a department that hands over."""
    written = [handover.at for handover in handovers]
    newest = max(written, default=None)
    return newest is not None and change.at - STILL_DONE < newest < change.at - WRITTEN_BEFORE
