"""The price list of a day, and who has a duty with money (B9, B10)."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from chalicelib.domain.community.prices import PriceItem
from chalicelib.domain.community.roles import Duty
from tests.builders import community

NEW_YEAR = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
"""Midnight in Shanghai."""


@pytest.mark.req("B10")
def test_a_price_holds_from_its_local_day_until_the_next_begins() -> None:
    old, new = (
        PriceItem("tap", "更换水龙头", 3000, "次"),
        PriceItem("tap", "更换水龙头", 3500, "次", "2027-01-01"),
    )
    place = community(prices=(new, old))
    assert place.prices_at(NEW_YEAR.replace(hour=15, minute=59)) == (old,)
    assert place.prices_at(NEW_YEAR) == (new,)


@pytest.mark.req("B9")
def test_whoever_left_takes_no_money() -> None:
    agent, gone = community().staff[:2]
    staff = (
        replace(agent, duties=(Duty.CASHIER,)),
        replace(gone, duties=(Duty.CASHIER,), active=False),
    )
    assert [member.username for member in community(staff=staff).with_duty(Duty.CASHIER)] == [agent.username]
