"""What reports cost that everybody ignores: many chase hardly more than one (C3, G3)."""

from collections import Counter
from datetime import timedelta

import pytest

from tests.workflow.world import world

STRANGER = "+8613700000{:03d}"
A_WEEK = 28
"""In steps of six hours, at the end of each of which the sweep runs."""


def messages_of(reports: int) -> Counter[str]:
    """How many SMS each number got in a week in which so many strangers' reports were ignored."""
    with world() as place:
        for serial in range(reports):
            place.register(phone=STRANGER.format(serial), unit=f"3-{serial}")
        for _ in range(A_WEEK):
            place.wait(timedelta(hours=6))
            place.reconcile("schedule")
        return Counter(number for number, _ in place.office.sms.sent)


@pytest.mark.req("C3", "G3")
def test_five_ignored_reports_do_not_chase_five_times() -> None:
    one, many = messages_of(1), messages_of(5)
    strangers = [STRANGER.format(serial) for serial in range(5)]
    assert [many[number] for number in strangers] == [1] * 5, "one receipt each"
    assert sum(one.values()) - 1 == 21
    assert sum(many.values()) - 5 == 37, "four dispatches more, and a digest after each first chase"
