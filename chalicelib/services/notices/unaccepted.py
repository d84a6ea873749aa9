"""The weekly message to the supervisors about closed repairs that nobody has accepted (B9).

A closed case is open work for nobody, so it is no notice of the case: one person gets one message about all
of them. Each is named in four of them at most; what nobody does about it then stays in figures and lists.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlencode

from msgspec import Struct

from chalicelib.domain.case.case import State
from chalicelib.domain.case.numbering import months_until
from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.roles import Role
from chalicelib.domain.dispatch.ranks import LADDER
from chalicelib.domain.notices.weekly import SHOWN, week_of
from chalicelib.services.case_line import away_from_line
from chalicelib.services.errors import DeliveryError
from chalicelib.services.notices.apart import send_apart, tell_each, texts_to
from chalicelib.services.notices.delivery import Delivery
from chalicelib.services.paging import lines_of_month
from chalicelib.services.records import CaseLine
from chalicelib.services.views.filters import UNACCEPTED

KIND = "unaccepted_weekly"

ASKED_FOR = timedelta(weeks=4)
"""So long after its closing a case is named: in four messages at most (ours)."""

MONTHS = 4
"""In the registers of so many months it is looked for; the rest stands in lists and figures (ours)."""

REMEMBERED = timedelta(days=14)


class UnacceptedWeekly(Struct, frozen=True):
    """The weekly message about what nobody has accepted.

    `delivery` has the desk, the senders and the words.
    """

    delivery: Delivery

    def tell(self) -> int:
        """Send what is due now; how many people were told. DeliveryError if somebody could not be."""
        return tell_each(self.delivery.desk.directory, KIND, self._tell)

    def _tell(self, community: Community) -> int:
        desk, place, now = self.delivery.desk, f"{KIND}#{community.id}", self.delivery.desk.now()
        week = week_of(now, community)
        done = dict(desk.links.recall(place) or {}) if week else {}
        due = [person for person in supervisors(community) if week and done.get(person.username) != week]
        if week is None or not due:
            return 0
        lines, told, failed = tuple(self._unaccepted(community, now)), 0, None
        for person in due:
            mine = [line for line in lines if person.username not in away_from_line(line, community)]
            try:
                told += bool(mine) and self._send(community, person, mine)
            except DeliveryError as error:
                failed = error
                if not error.final:
                    continue
            done[person.username] = week
        desk.links.remember(place, done, now + REMEMBERED)
        if failed is not None:
            raise failed
        return told

    def _unaccepted(self, community: Community, now: datetime) -> Iterator[CaseLine]:
        """What closed within the last weeks, not accepted; what waits for rain is asked for by itself."""
        for month in months_until(now, community.zone, MONTHS):
            for line in lines_of_month(self.delivery.desk.cases, community.id, month):
                is_closed = line.state is State.CLOSED and line.unaccepted and line.next_timer_at is None
                if is_closed and line.ended_at is not None and now - line.ended_at < ASKED_FOR:
                    yield line

    def _send(self, community: Community, person: Staff, lines: list[CaseLine]) -> bool:
        numbers = [line.number for line in lines]
        month = f"{numbers[0][:4]}-{numbers[0][4:6]}"
        wanted = urlencode({"list": "register", "month": month, "state": "closed", "acceptance": UNACCEPTED})
        words = texts_to(self.delivery, person, community).words["weekly"]
        values = {
            "name": person.name,
            "community": community.name,
            "amount": str(len(numbers)),
            "number": numbers[0],
            "numbers": words["and"].join(numbers[:SHOWN]),
            "url": f"{self.delivery.base_url}/desk/{community.id}",
            "list_url": f"{self.delivery.base_url}/desk/{community.id}?{wanted}",
        }
        return send_apart(self.delivery, community, person, KIND, values)


def supervisors(community: Community) -> tuple[Staff, ...]:
    """The supervisors; where there are none, everybody of the next rank that somebody holds."""
    ranks = (community.with_role(rank) for rank in LADDER[LADDER.index(Role.SUPERVISOR) :])
    return next((people for people in ranks if people), ())
