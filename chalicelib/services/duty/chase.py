"""Chasing handovers that nobody has signed for (B14).

Whoever was to take over is told after half an hour, at any hour: they are at work. After two hours the head
and the supervisors, by day. What was told is remembered by community, in one place.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.handover import Unsigned
from chalicelib.domain.community.quiet_hours import is_quiet
from chalicelib.services.duty.handover import chased_of
from chalicelib.services.errors import DeliveryError
from chalicelib.services.notices.apart import send_apart, tell_each
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
        now, links = self.delivery.desk.now(), self.delivery.desk.links
        place = f"handovers#{community.id}"
        before = (links.recall(place) or {}) if community.unsigned else {}
        standing = {waiting.id for waiting in community.unsigned}
        after = {key: stage for key, stage in before.items() if key in standing}
        told, refused = 0, None
        for waiting in community.unsigned:
            stage, people = _due(waiting, before.get(waiting.id), now, community)
            try:
                for username in people:
                    person = community.member(username)
                    told += person is not None and self._send(community, waiting, person)
            except DeliveryError as error:
                refused = error
                continue
            if stage:
                after[waiting.id] = stage
        if after != before:
            links.remember(place, after or None, now + REMEMBERED)
        if refused is not None:
            raise refused
        return told

    def _send(self, community: Community, waiting: Unsigned, person: Staff) -> bool:
        words = self.delivery.texts().words["roster"]
        writer, at = community.person(waiting.by), community.roster.local(waiting.at)
        values = {
            "name": person.name,
            "community": community.name,
            "writer": writer.name if writer else waiting.by,
            "department": community.departments.get(waiting.department, waiting.department),
            "when": words["at"].format(month=at.month, day=at.day, date=at.date(), starts=f"{at:%H:%M}"),
            "url": f"{self.delivery.base_url}/desk/{community.id}",
        }
        return send_apart(self.delivery, person, KIND, values)


def _due(
    waiting: Unsigned, told: str | None, now: datetime, community: Community
) -> tuple[str, Iterable[str]]:
    """The stage that is due of a handover, and who is told; nothing where none is."""
    age = now - waiting.at
    if age >= SECOND and told != "second" and not is_quiet(now, ZoneInfo(community.zone)):
        return "second", dict.fromkeys([waiting.to, *chased_of(community, waiting.department)])
    if age >= FIRST and told is None:
        return "first", (waiting.to,)
    return "", ()
