"""What the schedule tells of the roster: gaps of the next 14 days, before they start (B14, G19).

A gap is told once when it is found, and once more when it still stands the day before. How far that has come
is remembered by community, in one place; a message that nobody took is tried again with the next run.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.gaps import AHEAD, Spell, gaps
from chalicelib.domain.community.quiet_hours import is_quiet, quiet_ends
from chalicelib.domain.community.roles import Role
from chalicelib.domain.dispatch.department_names import department_name
from chalicelib.domain.dispatch.ranks import holders
from chalicelib.services.errors import DeliveryError
from chalicelib.services.notices.apart import send_apart, tell_each, texts_to
from chalicelib.services.notices.delivery import Delivery

log = logging.getLogger(__name__)

FOUND, SOON = "duty_gap", "duty_gap_soon"
"""The two messages: a gap was found, and a gap still stands the day before."""

DAY_BEFORE = timedelta(hours=24)
REMEMBERED = timedelta(days=30)
SHOWN = 10
"""So many gaps a mail lists; the rest is on the page."""


class DutyWatch(Struct, frozen=True):
    """The watch over the rosters; `delivery` has the desk, the senders and the words."""

    delivery: Delivery

    def tell(self) -> int:
        """Tell of the gaps that are due to be told; to how many people. DeliveryError if nobody took it."""
        return tell_each(self.delivery.desk.directory, "duty", self._tell)

    def _tell(self, community: Community) -> int:
        now, links = self.delivery.desk.now(), self.delivery.desk.links
        place = f"duty_gaps#{community.id}"
        before = links.recall(place) or {}
        standing = dict(_named(gaps(community, now, now + AHEAD), before, now))
        after = {key: before[key] for key in standing if key in before}
        due = {
            key: message
            for key, gap in standing.items()
            if (message := _message(gap, before.get(key), now)) and _may_leave(gap, now, community)
        }
        told = 0
        for message in (FOUND, SOON):
            keys = [key for key in standing if due.get(key) == message]
            if keys:
                told += self._send(community, message, [standing[key] for key in keys])
                after |= dict.fromkeys(keys, message)
        if after != before:
            links.remember(place, after or None, now + REMEMBERED)
        return told

    def _send(self, community: Community, message: str, found: list[Spell]) -> int:
        """One message to each person about all gaps that concern them; DeliveryError if nobody took it."""
        of_person: dict[str, list[Spell]] = defaultdict(list)
        people: dict[str, Staff] = {}
        for gap in found:
            for person in told_of(community, gap, self.delivery.desk.now(), message == SOON):
                people[person.username] = person
                of_person[person.username].append(gap)
        told, refused = 0, None
        for username, theirs in of_person.items():
            try:
                told += send_apart(
                    self.delivery,
                    community,
                    people[username],
                    message,
                    self._values(community, people[username], theirs),
                )
            except DeliveryError as error:
                refused = error
        if refused is not None and not told:
            raise refused
        if not told:
            log.error("nobody can be told of a duty gap", extra={"community": community.id})
        return told

    def _values(self, community: Community, person: Staff, found: list[Spell]) -> dict[str, str]:
        texts = texts_to(self.delivery, person, community)
        words = texts.words["roster"]
        first = found[0]
        return {
            "name": person.name,
            "community": community.name,
            "department": department_name(first.department, community, texts.reasons),
            "when": _when(first, community, words),
            "begins": _begins(first, community, words),
            "amount": str(len(found)) if len(found) > 1 else "",
            "url": f"{self.delivery.base_url}/desk/{community.id}",
            "lines": "\n".join(
                words["line"].format(
                    department=department_name(gap.department, community, texts.reasons),
                    when=_when(gap, community, words),
                )
                for gap in found[:SHOWN]
            ),
        }


def told_of(community: Community, gap: Spell, now: datetime, soon: bool) -> tuple[Staff, ...]:
    """Who is told of a gap: the supervisors and the department's head; the day before the managers too.

    Whoever is on leave is passed over, as long as there is anybody else.
    """
    people = [
        *community.with_role(Role.SUPERVISOR),
        *holders(community, Role.DEPARTMENT_HEAD, gap.department),
    ]
    there = [person for person in people if not community.is_on_leave(person.username, now)]
    managers = [*community.with_role(Role.MANAGER)] or [*community.with_role(Role.COMPANY_HEAD)]
    return tuple(dict.fromkeys([*there, *(managers if soon or not there else ())])) or tuple(people)


def _named(found: Iterable[Spell], before: Mapping[str, str], now: datetime) -> Iterator[tuple[str, Spell]]:
    """Each gap with its name: department and beginning. One that has begun keeps the name that it had."""
    for gap in found:
        own = f"{gap.department}#"
        name = f"{own}{gap.starts:%Y%m%dT%H%M}"
        if gap.starts <= now:
            begun = [key for key in before if key.startswith(own) and key <= name]
            name = max(begun, default=name)
        yield name, gap


def _message(gap: Spell, told: str | None, now: datetime) -> str | None:
    """Which message is due about a gap, after what was told of it."""
    if gap.starts - now <= DAY_BEFORE:
        return SOON if told != SOON else None
    return FOUND if told is None else None


def _may_leave(gap: Spell, now: datetime, community: Community) -> bool:
    """Whether now is a time to tell of it: by day, and at night only what begins by the morning."""
    zone = ZoneInfo(community.zone)
    return not is_quiet(now, zone) or gap.starts <= quiet_ends(now, zone)


def _begins(gap: Spell, community: Community, words: Mapping[str, str]) -> str:
    starts = community.roster.local(gap.starts)
    return words["begins"].format(
        month=starts.month, day=starts.day, date=starts.date(), starts=f"{starts:%H:%M}"
    )


def _when(gap: Spell, community: Community, words: Mapping[str, str]) -> str:
    starts, ends = (community.roster.local(moment) for moment in (gap.starts, gap.ends))
    same_day = starts.date() == ends.date()
    day = words["day"].format(month=ends.month, day=ends.day, date=ends.date())
    return words["from_to"].format(
        month=starts.month,
        day=starts.day,
        date=starts.date(),
        starts=f"{starts:%H:%M}",
        ends=f"{ends:%H:%M}" if same_day else f"{day}{ends:%H:%M}",
    )
