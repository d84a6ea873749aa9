"""What reports cost that everybody ignores: many chase hardly more than one (C3, G3)."""

from collections import Counter
from datetime import timedelta

import pytest

from infra.local.sample import read_sample
from tests.workflow.world import world

STRANGER = "+8613700000{:03d}"
A_WEEK = 28
"""In steps of six hours, at the end of each of which the sweep runs."""
MORNINGS = 5
"""The working days of that week: whoever has work gets the list of the day on each (B9)."""
DUTY_DAYS = 2
"""Its days off, on which whoever is on duty gets it too."""


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
    assert sum(one.values()) - 1 == 14 + MORNINGS + DUTY_DAYS
    assert sum(many.values()) - 5 == 23 + MORNINGS + DUTY_DAYS, (
        "four dispatches more, and a digest after each first chase"
    )


UNBEGUN = Counter(
    {
        "cuiyuan-supervisor": 3,
        **dict.fromkeys(("cuiyuan-electrician", "cuiyuan-night-guard"), 1),
        **dict.fromkeys(("cuiyuan-engineering-head", "cuiyuan-service-head"), 1),
    }
)
"""Once a week each department of the sample hears that it hands no shift over: who went, and who leads."""


@pytest.mark.req("B6", "C3", "G3")
@pytest.mark.parametrize(
    ("matter", "messages"),
    [
        ("other", {"cuiyuan-supervisor": 2 + MORNINGS, "cuiyuan-manager": 1, "company-head": 1}),
        (
            "lighting_lock",
            {
                "cuiyuan-engineer": 8 + MORNINGS + DUTY_DAYS,
                "cuiyuan-engineering-head": 1,
                "cuiyuan-manager": 1,
                "company-head": 1,
            },
        ),
        (
            "power_outage",
            {
                "cuiyuan-engineer": 14 + MORNINGS + DUTY_DAYS,
                "cuiyuan-engineering-head": 3,
                "cuiyuan-manager": 6,
                "company-head": 5,
            },
        ),
    ],
)
def test_what_one_ignored_report_of_the_sample_costs_in_a_week(matter: str, messages: dict[str, int]) -> None:
    """An SMS is the first chase of each person about what can wait; the rest is mail where they have it.

    What presses rings each time, and whoever works with a telephone alone hears all of it there.
    """
    sample = read_sample().communities[0]
    with world(sample) as place:
        phones = {member.phone: member.username for member in sample.staff}
        place.office.register(sample.id, kind="repair", matter=matter, phone=STRANGER.format(0), unit="3-101")
        place.relay()
        for _ in range(A_WEEK):
            place.wait(timedelta(hours=6))
            place.reconcile("schedule")
        by_sms = Counter(phones.get(number, "resident") for number, _ in place.office.sms.sent)
        assert by_sms == Counter({"resident": 1, **messages}) + UNBEGUN
        mailed = {address for address, *_ in place.office.mail.sent}
        assert {"manager@cuiyuan.example", "company-head@company.example"} <= mailed
