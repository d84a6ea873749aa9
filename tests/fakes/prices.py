"""The stand-in of the price lists that are published at the desk."""

from msgspec.structs import replace

from chalicelib.domain.community.community import Community
from chalicelib.domain.community.prices import PriceList
from chalicelib.services.staff_port import Act
from tests.fakes.directory import FakeDirectory


class FakePrices:
    """PriceStore over the stand-in of the directory; what was done goes to `note`."""

    def __init__(self, directory: FakeDirectory, done: dict[str, list[Act]]) -> None:
        self._directory, self._done = directory, done
        self._drafts: dict[str, PriceList] = {}
        self._published: dict[str, dict[str, PriceList]] = {}

    def draft(self, community_id: str) -> PriceList | None:
        return self._drafts.get(community_id)

    def put_draft(self, community_id: str, draft: PriceList) -> None:
        self._drafts[community_id] = draft

    def publish(self, community: Community, new: PriceList, act: Act) -> bool:
        ended = community.ended_price_lists(act.at)
        kept = [known for known in community.price_lists if known not in ended]
        others = [known for known in kept if known.valid_from != new.valid_from]
        if not self._put(community, (*others, new), act):
            return False
        self._drafts.pop(community.id, None)
        self._published.setdefault(community.id, {})[new.valid_from] = new
        return True

    def withdraw(self, community: Community, gone: PriceList, act: Act) -> bool:
        if not self._put(community, tuple(set(community.price_lists) - {gone}), act):
            return False
        self._published[community.id].pop(gone.valid_from, None)
        return True

    def published(self, community_id: str, limit: int) -> tuple[PriceList, ...]:
        known = self._published.get(community_id, {})
        return tuple(known[day] for day in sorted(known, reverse=True))[:limit]

    def _put(self, community: Community, lists: tuple[PriceList, ...], act: Act) -> bool:
        now = self._directory.community(community.id)
        if now.staffing != community.staffing:
            return False
        ordered = tuple(sorted(lists, key=lambda known: known.valid_from))
        self._directory.put(replace(now, price_lists=ordered, staffing=act.id))
        self._done.setdefault(community.id, []).append(act)
        return True
