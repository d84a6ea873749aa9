"""Who is told weekly of what is open and long overdue, and of which cases (B6).

A ladder has an end: whoever stands on its last rung is told once of a case. What stays open after that is
said again each week, to the top of the company, in one message for each person.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.quiet_hours import is_quiet
from chalicelib.domain.dispatch.ranks import LADDER

LONG = timedelta(days=7)
"""How long something is overdue before it is told again each week (ours)."""

MORNING = timedelta(hours=9)
"""From when on Monday it is told, in the zone of the community (ours)."""

SHOWN = 3
"""How many numbers a message names, those of the oldest; the rest is in the list."""


class Overdue(Struct, frozen=True):
    """What is long overdue in one community: how many cases, and the numbers of those due first."""

    community: Community
    amount: int
    oldest: tuple[str, ...]


def week_of(now: datetime, community: Community) -> str | None:
    """The week whose message is due, by its first day; None at night, when nobody is written to.

    It changes on Monday at 09:00: Monday 08:00 → the Monday before.
    """
    zone = ZoneInfo(community.zone)
    if is_quiet(now, zone):
        return None
    local = (now - MORNING).astimezone(zone).date()
    return (local - timedelta(days=local.weekday())).isoformat()


def top_of(community: Community) -> tuple[Staff, ...]:
    """Everybody of the highest rank that somebody holds: the company's heads, else the managers."""
    ranks = (community.with_role(rank) for rank in reversed(LADDER))
    return next((people for people in ranks if people), ())


def values_of(
    person: Staff, found: Iterable[Overdue], base_url: str, words: Mapping[str, str]
) -> dict[str, str]:
    """What the message can name: the amount, the oldest numbers, the list; a line for each community."""
    parts = tuple(found)
    first = min(parts, key=lambda part: part.oldest[:1])
    lines = (
        words["line"].format(
            community=part.community.name,
            amount=part.amount,
            oldest=words["and"].join(part.oldest),
        )
        for part in parts
    )
    return {
        "name": person.name,
        "community": words["and"].join(part.community.name for part in parts),
        "amount": str(sum(part.amount for part in parts)),
        "number": first.oldest[0],
        "url": f"{base_url}/desk/{first.community.id}",
        "lines": "\n".join(lines),
    }
