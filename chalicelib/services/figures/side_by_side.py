"""The communities of a company side by side, by the figures of a month (E1, G16)."""

from collections.abc import Mapping

from msgspec import Struct

from chalicelib.domain.case.figure_rows import TOTAL
from chalicelib.domain.community.roles import Role
from chalicelib.domain.figures.about_rows import for_reader
from chalicelib.domain.figures.rates import Rates, rates
from chalicelib.domain.figures.small_groups import is_small
from chalicelib.services.access.authorization import member_of, workplaces
from chalicelib.services.desk import Desk
from chalicelib.services.records import Account


class CommunityMonth(Struct, frozen=True):
    """One community's month. `rates` is None where it has fewer cases than a rate can stand on."""

    community: str
    name: str
    counters: Mapping[str, int]
    rates: Rates | None


def side_by_side(desk: Desk, account: Account, month: str) -> tuple[CommunityMonth, ...]:
    """The month (`YYYYMM`) of every community that the account heads; one query each."""
    headed = [place for place in workplaces(desk, account) if place.role is Role.COMPANY_HEAD]
    return tuple(
        _month(desk, account, place.community, place.community_name, month)
        for place in sorted(headed, key=lambda place: place.community_name)
    )


def _month(desk: Desk, account: Account, community: str, name: str, month: str) -> CommunityMonth:
    person = desk.directory.community(community).member(account.username)
    member = member_of(desk, account, community, person)
    counters = for_reader(desk.figures.month(community, month, TOTAL.dimension), member).get(TOTAL, {})
    return CommunityMonth(community, name, counters, None if is_small(counters) else rates(counters))
