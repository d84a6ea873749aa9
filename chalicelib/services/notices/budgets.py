"""What SMS may cost: so many an hour and a day, of each community and of the whole deployment (C3).

Strangers have a budget of their own beside it, so that a script at the public form never uses up what staff,
machines and residents need. Alarms to staff are paid from neither.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from chalicelib import log
from chalicelib.domain.notices.kinds import Source
from chalicelib.services.desk import Desk


@dataclass(frozen=True, slots=True)
class Budgets:
    """At most so many SMS an hour and a day, by community and in all.

    Strangers have `strangers_percent` of each number beside it.
    """

    community_hour: int = 400
    community_day: int = 2000
    all_hour: int = 2000
    all_day: int = 10_000
    strangers_percent: int = 25

    def is_spent(self, desk: Desk, community: str, source: Source, now: datetime) -> bool:
        """Count one SMS; whether a budget was spent already. Four writes at most."""
        is_a_strangers = source is Source.STRANGER
        for name, most, ends in self._windows(community, strangers=is_a_strangers, now=now):
            if desk.links.count_hit(name, ends) > most:
                log.count("SmsOverBudget", community=community, source=str(source), budget=name)
                return True
        return False

    def is_half_gone(self, desk: Desk, community: str, now: datetime) -> bool:
        """Whether strangers have used up half of one of their budgets; four reads at most."""
        windows = self._windows(community, strangers=True, now=now)
        return any(desk.links.hits(name, ends) * 2 >= most for name, most, ends in windows)

    def _windows(
        self, community: str, *, strangers: bool, now: datetime
    ) -> Iterator[tuple[str, int, datetime]]:
        """(counter, at most, when it begins anew) of every budget that pays for an SMS; days are UTC's."""
        hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        day = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
        whose = "strangers" if strangers else "desk"
        for scope, place, of_hour, of_day in (
            ("community", community, self.community_hour, self.community_day),
            ("all", "", self.all_hour, self.all_day),
        ):
            for length, most, ends in (("hour", of_hour, hour), ("day", of_day, day)):
                share = max(1, most * self.strangers_percent // 100) if strangers else most
                yield f"money#{whose}#{length}#{scope}#{place}", share, ends


DEFAULT_BUDGETS = Budgets()
"""What holds where a deployment says nothing else (ours): some ten times what such a community sends."""
