"""Chasing handovers that nobody has written (B14).

Whoever went off duty is told half an hour after the change, at any hour: they have just been at work. After
two hours the head and the supervisors, by day. Every department whose shifts follow each other hands over;
one that has not begun to is told of one change a week, and asked on its pages at each.
"""

from datetime import datetime, timedelta

from msgspec import Struct

from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.roster import departments_of
from chalicelib.domain.community.shift_change import ShiftChange, hands_over, is_unwritten, last_change
from chalicelib.domain.dispatch.department_names import department_name
from chalicelib.services.duty.chase import FIRST, chase_each
from chalicelib.services.duty.handover import chased_of
from chalicelib.services.notices.apart import send_apart, tell_each, texts_to
from chalicelib.services.notices.delivery import Delivery

KIND = "handover_unwritten"
REMEMBERED, A_WEEK = timedelta(days=2), timedelta(days=7)


class UnwrittenChase(Struct, frozen=True):
    """The chase of what nobody wrote; `delivery` has the desk, the senders and the words."""

    delivery: Delivery

    def tell(self) -> int:
        """Tell of changes without a handover; how many people. DeliveryError if one was not told."""
        return tell_each(self.delivery.desk.directory, "unwritten handovers", self._tell)

    def _tell(self, community: Community) -> int:
        now = self.delivery.desk.now()
        found = [last_change(community, name, now) for name in departments_of(community.roster)]
        changes = {_key(change): change for change in found if change and now - change.at >= FIRST}
        waits = {key: change.at for key, change in changes.items()}

        def tell(key: str, stage: str) -> int:
            return self._chase(community, changes[key], stage)

        return chase_each(self.delivery.desk, community, waits, f"unwritten#{community.id}", REMEMBERED, tell)

    def _chase(self, community: Community, change: ShiftChange, stage: str) -> int:
        """Tell whoever is told at this stage, unless it was written; one query."""
        written = self.delivery.desk.directory.handovers.latest(community.id, change.department, 1)
        if not is_unwritten(change, written):
            return 0
        if not hands_over(change, written) and not self._is_of_the_week(community, change):
            return 0
        above = chased_of(community, change.department) if stage == "second" else ()
        people = (community.member(username) for username in dict.fromkeys([*change.went, *above]))
        return sum(self._send(community, change, person) for person in people if person is not None)

    def _is_of_the_week(self, community: Community, change: ShiftChange) -> bool:
        """Whether this is the change of the week that such a department is told of."""
        links, now, place = self.delivery.desk.links, self.delivery.desk.now(), _unbegun(community, change)
        told = links.recall(place) or {}
        if told.get("change") == _key(change):
            return True
        if told and datetime.fromisoformat(told["at"]) > now - A_WEEK:
            return False
        links.remember(place, {"change": _key(change), "at": now.isoformat()}, now + 2 * A_WEEK)
        return True

    def _send(self, community: Community, change: ShiftChange, person: Staff) -> bool:
        texts, at = texts_to(self.delivery, person, community), community.roster.local(change.at)
        words = texts.words["roster"]
        values = {
            "name": person.name,
            "community": community.name,
            "department": department_name(change.department, community, texts.reasons),
            "when": words["at"].format(month=at.month, day=at.day, date=at.date(), starts=f"{at:%H:%M}"),
            "url": f"{self.delivery.base_url}/desk/{community.id}/handover",
        }
        return send_apart(self.delivery, community, person, KIND, values)


def _key(change: ShiftChange) -> str:
    return f"{change.department}#{change.at:%Y%m%dT%H%M}"


def _unbegun(community: Community, change: ShiftChange) -> str:
    return f"unbegun#{community.id}#{change.department}"
