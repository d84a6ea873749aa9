"""The message of the morning: each handler with work today gets the link of their day, once (B9, B11).

Between the end of the quiet hours and noon; on days off only who has a visit, or is on duty. What was told is
remembered by community, in one place; who could not be told is tried again until noon. It waits where the
budget of SMS is spent.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from chalicelib.domain.case.who_sees import CASE_READERS
from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.phones import can_get_sms
from chalicelib.domain.community.quiet_hours import QUIET_UNTIL
from chalicelib.domain.community.roster import departments_of
from chalicelib.services.day_link import day_link
from chalicelib.services.errors import DeliveryError
from chalicelib.services.notices.apart import send_apart, tell_each
from chalicelib.services.notices.delivery import Delivery
from chalicelib.services.notices.sms_budgets import Purse
from chalicelib.services.records import CaseLine
from chalicelib.services.views.day import MOST, Day, day_from
from chalicelib.services.views.lists import is_open_to

KIND = "day_list"
DONE = "@"
"""Stands in what is remembered instead of names once all were told; nobody is called so."""

NOON = time(12)
MOST_LINES = 1000
"""So much open work of a community is looked through, what is due first: one page of 1 MB."""

REMEMBERED = timedelta(days=2)

log = logging.getLogger(__name__)


class Mornings(Struct, frozen=True):
    """What tells of the day in its morning; `delivery` has the desk, the senders and the words."""

    delivery: Delivery

    def tell(self, has_time: Callable[[], bool] = lambda: True) -> int:
        """Tell everybody who has work today and was not told; how many people.

        DeliveryError if one could not be. Who was not reached while it `has_time` is told by the next run.
        """
        return tell_each(self.delivery.desk.directory, "mornings", lambda place: self._tell(place, has_time))

    def _tell(self, community: Community, has_time: Callable[[], bool]) -> int:
        desk = self.delivery.desk
        now, zone = desk.now(), ZoneInfo(community.zone)
        today = now.astimezone(zone).date()
        if not QUIET_UNTIL <= now.astimezone(zone).time() < NOON:
            return 0
        place, mark = f"mornings#{community.id}", today.isoformat()
        before = desk.links.recall(place) or {}
        if before.get(DONE) == mark:
            return 0
        told = {username: mark for username, day in before.items() if day == mark}
        sent, refused = 0, None
        for person, work in self._with_work(community, now):
            if not has_time():
                return sent
            if person.username in told:
                continue
            try:
                sent += self._send(community, person, work, today)
            except DeliveryError as error:
                if not error.final:
                    refused = error
                    continue
                log.warning("morning not told", extra={"person": person.username, "code": error.code})
            told[person.username] = mark
            desk.links.remember(place, told, now + REMEMBERED)  # should this run break off here
        if refused is not None:
            raise refused
        desk.links.remember(place, {DONE: mark}, now + REMEMBERED)
        return sent

    def _with_work(self, community: Community, now: datetime) -> list[tuple[Staff, Day]]:
        """Everybody with work today: a visit, something due or to sign for; nobody on leave.

        On a day off what is due waits for whoever is not on duty; a visit that was agreed to does not.
        """
        desk, zone = self.delivery.desk, ZoneInfo(community.zone)
        works = desk.calendars.of(community).is_working_day(now.astimezone(zone).date())
        rostered = () if works else departments_of(community.roster)
        on_duty = [community.on_duty(name, now) for name in rostered]
        page = desk.cases.open_work(
            community.id, department=None, handler=None, limit=MOST_LINES, cursor=None
        )
        lines: dict[str, list[CaseLine]] = defaultdict(list)
        for line in page.items:
            lines[line.handler or ""].append(line)
        found = []
        for person in community.staff:
            away = not person.active or community.is_on_leave(person.username, now)
            if away or person.role not in CASE_READERS or person.username not in lines:
                continue
            member = person.member_of(community)
            theirs = [line for line in lines[person.username] if is_open_to(member, line)]
            work = day_from(desk, member, theirs[:MOST])
            there = works or any(person.username in duty for duty in on_duty)
            if work.visits or (there and (work.due or work.to_sign)):
                found.append((person, work))
        return found

    def _send(self, community: Community, person: Staff, work: Day, today: date) -> bool:
        desk, budgets = self.delivery.desk, self.delivery.budgets
        paid = bool(person.phone) and can_get_sms(person.phone)
        if paid and budgets.is_spent(desk, community.id, Purse.DESK, desk.now()):
            raise DeliveryError("sms_budget", final=False)
        code = day_link(desk, community, person.username, today)
        values = {
            "name": person.name,
            "community": community.name,
            "visits": str(len(work.visits)),
            "due": str(len(work.due)),
            "signs": str(len(work.to_sign)),
            "all": str(len(work.rows)),
            "url": f"{self.delivery.base_url}/d/{code}",
        }
        return send_apart(self.delivery, community, person, KIND, values)
