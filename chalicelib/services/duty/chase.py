"""Chasing handovers that nobody has signed for (B14).

Whoever was to take over is told after half an hour, at any hour: they are at work. After two hours the head
and the supervisors, by day. What was told is remembered by community, in one place.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.handover import Unsigned
from chalicelib.domain.community.quiet_hours import is_quiet
from chalicelib.domain.dispatch.department_names import department_name
from chalicelib.services.desk import Desk
from chalicelib.services.duty.handover import chased_of
from chalicelib.services.errors import DeliveryError
from chalicelib.services.notices.apart import send_apart, tell_each, texts_to
from chalicelib.services.notices.delivery import Delivery

KIND = "handover_unsigned"
FIRST, SECOND = timedelta(minutes=30), timedelta(hours=2)
"""After so long whoever was to sign is told, and then whoever leads them (ours)."""

REMEMBERED = timedelta(days=30)


class HandoverChase(Struct, frozen=True):
    """The chase of handovers; `delivery` has the desk, the senders and the words."""

    delivery: Delivery

    def tell(self) -> int:
        """Tell of handovers that wait for a signature; how many people. DeliveryError if one was not told."""
        return tell_each(self.delivery.desk.directory, "handovers", self._tell)

    def _tell(self, community: Community) -> int:
        unsigned = {waiting.id: waiting for waiting in community.unsigned}
        waits = {waiting.id: waiting.at for waiting in community.unsigned}

        def tell(key: str, stage: str) -> int:
            waiting = unsigned[key]
            above = chased_of(community, waiting.department) if stage == "second" else ()
            people = (community.member(username) for username in dict.fromkeys([waiting.to, *above]))
            return sum(self._send(community, waiting, person) for person in people if person is not None)

        place = f"handovers#{community.id}"
        return chase_each(self.delivery.desk, community, waits, place, REMEMBERED, tell)

    def _send(self, community: Community, waiting: Unsigned, person: Staff) -> bool:
        texts = texts_to(self.delivery, person, community)
        words = texts.words["roster"]
        writer, at = community.person(waiting.by), community.roster.local(waiting.at)
        values = {
            "name": person.name,
            "community": community.name,
            "writer": writer.name if writer else waiting.by,
            "department": department_name(waiting.department, community, texts.reasons),
            "when": words["at"].format(month=at.month, day=at.day, date=at.date(), starts=f"{at:%H:%M}"),
            "url": f"{self.delivery.base_url}/desk/{community.id}",
        }
        return send_apart(self.delivery, community, person, KIND, values)


def chase_each(
    desk: Desk,
    community: Community,
    waits: Mapping[str, datetime],
    place: str,
    remembered: timedelta,
    tell: Callable[[str, str], int],
) -> int:
    """Chase what waits since a moment, by its key, at the stages that are due; how many people were told.

    `tell` tells of one at a stage. Which stages were told is remembered at a place. A DeliveryError holds no
    other up, and is raised at the end: that stage is due again.
    """
    now, links = desk.now(), desk.links
    before = (links.recall(place) or {}) if waits else {}
    after = {key: stage for key, stage in before.items() if key in waits}
    told, refused = 0, None
    for key, since in waits.items():
        stage = _stage(since, before.get(key), now, community)
        if stage is None:
            continue
        try:
            told += tell(key, stage)
        except DeliveryError as error:
            refused = error
            continue
        after[key] = stage
    if after != before:
        links.remember(place, after or None, now + remembered)
    if refused is not None:
        raise refused
    return told


def _stage(since: datetime, told: str | None, now: datetime, community: Community) -> str | None:
    """The stage that is due of what waits since a moment; None where none is."""
    if now - since >= SECOND and told != "second" and not is_quiet(now, ZoneInfo(community.zone)):
        return "second"
    return "first" if now - since >= FIRST and told is None else None
