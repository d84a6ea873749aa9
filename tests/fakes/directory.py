"""The stand-in of the directory: communities, their people and their amended days."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.domain.community.community import AmendedDay, Community, Staff, Steward
from chalicelib.domain.community.roster import DutyChange, Shift, entry_key
from chalicelib.domain.errors import NotFoundError
from chalicelib.services.errors import never_changed, roster_changed
from tests.fakes.beside import FakeBeside
from tests.fakes.handovers import FakeHandovers


class FakeDirectory:
    """Directory. `put` adds a community or replaces it."""

    def __init__(self, *communities: Community) -> None:
        self._communities = {community.id: community for community in communities}
        self.changed_at: dict[str, datetime] = {}
        self.handovers = FakeHandovers(self)
        self.beside = FakeBeside()

    def put(self, community: Community) -> None:
        self._communities[community.id] = community

    def community(self, community_id: str) -> Community:
        if community_id not in self._communities:
            raise NotFoundError(f"There is no community '{community_id}'.")
        return self._communities[community_id]

    def names(self) -> Mapping[str, str]:
        return {place: community.name for place, community in sorted(self._communities.items())}

    def staff_named(self, username: str, communities: Iterable[str]) -> Mapping[str, Staff]:
        known = {
            place: {member.username: member for member in self.community(place).staff}
            for place in communities
        }
        return {place: staff[username] for place, staff in known.items() if username in staff}

    def amend(self, community_id: str, day: AmendedDay, at: datetime) -> Community:
        return self._amended(community_id, day.date, at, day)

    def restore(self, community_id: str, date: str, at: datetime) -> Community:
        if all(day.date != date for day in self.community(community_id).amendments):
            raise never_changed(date)
        return self._amended(community_id, date, at)

    def _amended(self, community_id: str, date: str, at: datetime, *days: AmendedDay) -> Community:
        known = self.community(community_id)
        kept = (day for day in known.amendments if day.date != date)
        amendments = tuple(sorted((*kept, *days), key=lambda day: day.date))
        self.put(replace(known, amendments=amendments))
        self.changed_at[community_id] = at
        return self.community(community_id)

    def put_duty(self, community_id: str, part: Shift | DutyChange, before: DutyChange | None) -> Community:
        known = self.community(community_id)
        like = [other for other in _parts_like(known, part) if entry_key(other) == entry_key(part)]
        if like != ([before] if before else []):
            raise roster_changed()
        return self._with_duty(known, part, [part])

    def drop_duty(self, community_id: str, part: Shift | DutyChange) -> Community:
        return self._with_duty(self.community(community_id), part, [])

    def _with_duty(self, known: Community, part: Shift | DutyChange, put: list[Any]) -> Community:
        others = [other for other in _parts_like(known, part) if entry_key(other) != entry_key(part)]
        parts = tuple(sorted((*others, *put), key=entry_key))
        name = "shifts" if isinstance(part, Shift) else "duty_changes"
        self.put(replace(known, own_roster=True, **{name: parts}))
        return self.community(known.id)

    def anew(self, community_id: str) -> Community:
        return self.community(community_id)

    def put_steward(self, community_id: str, steward: Steward) -> Community:
        return self._with_stewards(community_id, steward.building, steward)

    def drop_steward(self, community_id: str, building: str) -> Community:
        return self._with_stewards(community_id, building)

    def _with_stewards(self, community_id: str, building: str, *put: Steward) -> Community:
        known = self.community(community_id)
        kept = (steward for steward in known.stewards if steward.building != building)
        stewards = tuple(sorted((*kept, *put), key=lambda steward: steward.building))
        self.put(replace(known, stewards=stewards))
        return self.community(community_id)

    def calendar_changed_at(self, community_id: str) -> datetime | None:
        return self.changed_at.get(community_id)


def _parts_like(known: Community, part: Shift | DutyChange) -> tuple[Any, ...]:
    return known.shifts if isinstance(part, Shift) else known.duty_changes
