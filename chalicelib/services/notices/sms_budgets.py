"""What SMS may cost: so many an hour and a day, of each community and of the whole deployment (C3).

Strangers have a budget of their own beside it, so that a script at the public form never uses up what staff,
machines and residents need. Alarms to staff are paid from neither.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from msgspec import Struct

from chalicelib import log
from chalicelib.services.desk import Desk
from chalicelib.settings import Settings


class Purse(StrEnum):
    """Who pays for an SMS: the desk, what strangers cause, or codes that strangers ask for (G24)."""

    DESK = "desk"
    STRANGERS = "strangers"
    CODES = "codes"


class Budgets(Struct, frozen=True):
    """At most so many SMS an hour and a day, by community and in all.

    Strangers have `strangers_percent` of each number beside it, and codes have as much again. One network has
    `one_network_percent` of what strangers have in a community.
    """

    community_hour: int = 400
    community_day: int = 2000
    all_hour: int = 2000
    all_day: int = 10_000
    strangers_percent: int = 25
    one_network_percent: int = 30

    def is_spent(
        self, desk: Desk, community: str, purse: Purse, now: datetime, network: str | None = None
    ) -> bool:
        """Count one SMS; whether a budget was spent already. Six writes at most.

        `network` is where the stranger's report came from: what is over its part uses up nobody else's.
        """
        for name, most, ends in self._windows(community, purse, now, network):
            if desk.links.count_hit(name, ends) > most:
                log.count("SmsOverBudget", community=community, source=str(purse), budget=name)
                return True
        return False

    def is_half_gone(self, desk: Desk, community: str, now: datetime) -> bool:
        """Whether strangers have used up half of one of their budgets; four reads at most."""
        windows = self._windows(community, Purse.STRANGERS, now)
        return any(desk.links.hits(name, ends) * 2 >= most for name, most, ends in windows)

    def _windows(
        self, community: str, purse: Purse, now: datetime, network: str | None = None
    ) -> Iterator[tuple[str, int, datetime]]:
        """(counter, at most, when it begins anew) of every budget that pays for an SMS; days are UTC's."""
        hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        day = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
        percent = 100 if purse is Purse.DESK else self.strangers_percent
        of_one, of_all = percent * self.one_network_percent, percent * 100
        for scope, place, of_hour, of_day, part in (
            ("network", f"{community}#{network}", self.community_hour, self.community_day, of_one),
            ("community", community, self.community_hour, self.community_day, of_all),
            ("all", "", self.all_hour, self.all_day, of_all),
        ):
            if scope == "network" and network is None:
                continue
            for length, most, ends in (("hour", of_hour, hour), ("day", of_day, day)):
                yield f"money#{purse}#{length}#{scope}#{place}", max(1, most * part // 10_000), ends


DEFAULT_BUDGETS = Budgets()
"""What holds where a deployment says nothing else (ours): some ten times what such a community sends."""


def budgets_of(given: Settings) -> Budgets:
    """The budgets of a deployment."""
    return Budgets(
        community_hour=given.sms_per_hour_of_community,
        community_day=given.sms_per_day_of_community,
        all_hour=given.sms_per_hour,
        all_day=given.sms_per_day,
        strangers_percent=given.sms_of_strangers_percent,
    )
