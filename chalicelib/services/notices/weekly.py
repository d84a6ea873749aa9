"""The weekly message to the company's top about what is open and long overdue (B6).

It is no notice of a case: one person gets one message about all of them. The schedule looks for it at each
run, so that one that could not leave is tried again; that it left is remembered by its week.
"""

import logging
from collections import defaultdict
from datetime import datetime, timedelta
from itertools import takewhile

from msgspec import Struct

from chalicelib.domain.case.case import State
from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.notices.weekly import LONG, SHOWN, Overdue, top_of, values_of, week_of
from chalicelib.services.case_line import DECISION, POINT, away_from_line
from chalicelib.services.errors import DeliveryError
from chalicelib.services.notices.apart import readable_communities, send_apart, texts_to
from chalicelib.services.notices.delivery import Delivery
from chalicelib.services.paging import open_lines
from chalicelib.services.records import CaseLine

REMEMBERED = timedelta(days=14)

KIND = "overdue_weekly"

log = logging.getLogger(__name__)


class Weekly(Struct, frozen=True):
    """The weekly message; `delivery` has the desk, the senders and the words."""

    delivery: Delivery

    def tell(self) -> int:
        """Send what is due now; how many people were told.

        Where nothing is overdue, nobody is. DeliveryError if somebody could not be told.
        """
        told, failed, now = 0, None, self.delivery.desk.now()
        for person, week, communities in self._due(now):
            parts = (self._overdue(place, person, now) for place in communities)
            found = [part for part in parts if part.amount]
            try:
                told += bool(found) and self._send(person, found)
            except DeliveryError as error:
                failed = error
                log.warning("weekly not sent", extra={"person": person.username, "code": error.code})
                if not error.final:
                    continue
            place = {"week": week}
            self.delivery.desk.links.remember(_name(person), place, now + REMEMBERED)
        if failed is not None:
            raise failed
        return told

    def _due(self, now: datetime) -> list[tuple[Staff, str, list[Community]]]:
        """Everybody who was not told this week, with the communities whose top they are."""
        communities: dict[str, list[Community]] = defaultdict(list)
        people: dict[str, Staff] = {}
        for community in readable_communities(self.delivery.desk.directory, "weekly"):
            for person in top_of(community):
                people.setdefault(person.username, person)
                communities[person.username].append(community)
        due = []
        for username, person in people.items():
            week = week_of(now, communities[username][0])
            if week is not None and self.delivery.desk.links.recall(_name(person)) != {"week": week}:
                due.append((person, week, communities[username]))
        return due

    def _overdue(self, community: Community, person: Staff, now: datetime) -> Overdue:
        """What is long overdue in a community, but not what the person is kept from (G13)."""
        lines = open_lines(self.delivery.desk.cases, community.id)
        late = takewhile(lambda line: line.due_at <= now - LONG, lines)
        numbers = [
            line.number
            for line in late
            if _stands_open(line) and person.username not in away_from_line(line, community)
        ]
        return Overdue(community, len(numbers), tuple(numbers[:SHOWN]))

    def _send(self, person: Staff, found: list[Overdue]) -> bool:
        """Send by every way there is to a person; one that takes it is enough."""
        words = texts_to(self.delivery, person, found[0].community).words["weekly"]
        values = values_of(person, found, self.delivery.base_url, words)
        return send_apart(self.delivery, found[0].community, person, KIND, values)


def _name(person: Staff) -> str:
    return f"{KIND}#{person.username}"


def _stands_open(line: CaseLine) -> bool:
    """Whether it is late: a clock that a pause holds is not, unless it had run out before.

    Nor is a closed case for which a colleague is still to ask again, or to write a report: the work is done.
    """
    if line.state is State.CLOSED and line.due_for not in {POINT, DECISION} and not line.to_call:
        return False
    return not line.held or line.due_for in line.overdue_clocks
