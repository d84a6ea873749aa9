"""Who pays: warranty on repairs (B13) and on the building (G12), day by day at the boundaries."""

from datetime import date

import pytest

from chalicelib.adapters.regulation_files import RegulationFiles
from chalicelib.domain.work.warranty import (
    Payer,
    accepted_by,
    construction_warranty_ends,
    last_day_after,
    repair_warranty_ends,
    who_pays,
)

POLICY = RegulationFiles().get("default").warranty


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        ("2026-01-15", 3, "2026-04-15"),
        ("2025-11-30", 3, "2026-02-28"),
        ("2023-11-30", 3, "2024-02-29"),
        ("2024-02-29", 24, "2026-02-28"),
        ("2024-02-29", 60, "2029-02-28"),
        ("2026-10-31", 1, "2026-11-30"),
        ("2026-12-01", 12, "2027-12-01"),
    ],
)
def test_periods_of_months_end_on_the_same_day_or_the_months_end(start: str, months: int, last: str) -> None:
    assert last_day_after(day(start), months) == day(last)


@pytest.mark.req("B13")
def test_a_repair_is_under_warranty_for_three_months_from_acceptance() -> None:
    assert repair_warranty_ends(POLICY, day("2026-03-02")) == day("2026-06-02")
    assert accepted_by(POLICY, "drain_blocked") == "flows"
    assert accepted_by(POLICY, "leak") == "next_rain"
    assert accepted_by(POLICY, "door_window") == "signature"


@pytest.mark.req("B13", "G12")
@pytest.mark.parametrize(
    ("reported", "payer"),
    [("2026-06-02", Payer.PROPERTY_COMPANY), ("2026-06-03", Payer.OWNER)],
)
def test_a_fault_that_comes_back_costs_nothing_until_the_last_day(reported: str, payer: Payer) -> None:
    liability = who_pays(
        POLICY,
        matter="leak",
        reported_on=day(reported),
        handed_over_on=day("2010-01-01"),
        common_part=False,
        repair_accepted_on=day("2026-03-02"),
    )
    assert liability.payer is payer


@pytest.mark.req("B13", "G12")
@pytest.mark.parametrize(
    ("repaired", "accepted", "payer"),
    [
        ("2026-04-01", None, Payer.PROPERTY_COMPANY),  # no rain since
        ("2026-04-01", "2026-05-02", Payer.PROPERTY_COMPANY),  # it rained in between
        ("2026-05-02", None, Payer.OWNER),  # repaired after this report
        ("2026-01-02", "2026-01-10", Payer.OWNER),  # accepted long ago
    ],
)
def test_a_repair_that_was_not_accepted_yet_is_not_done(
    repaired: str, accepted: str | None, payer: Payer
) -> None:
    liability = who_pays(
        POLICY,
        matter="leak",
        reported_on=day("2026-05-01"),
        handed_over_on=day("2010-01-01"),
        common_part=False,
        repaired_on=day(repaired),
        repair_accepted_on=day(accepted) if accepted else None,
    )
    assert liability.payer is payer


@pytest.mark.req("G12")
def test_what_is_reported_before_the_handover_is_the_developer_s() -> None:
    liability = who_pays(
        POLICY,
        matter="leak",
        reported_on=day("2020-05-01"),
        handed_over_on=day("2020-05-20"),
        common_part=False,
    )
    assert liability.payer is Payer.DEVELOPER


@pytest.mark.req("G12")
@pytest.mark.parametrize(
    ("matter", "common_part", "reported", "payer", "component"),
    [
        ("leak", False, "2025-05-20", Payer.DEVELOPER, "waterproofing"),
        ("leak", False, "2025-05-21", Payer.OWNER, "waterproofing"),
        ("leak", True, "2025-05-21", Payer.MAINTENANCE_FUND, "waterproofing"),
        ("drain_blocked", False, "2022-05-20", Payer.DEVELOPER, "pipes"),
        ("drain_blocked", False, "2022-05-21", Payer.OWNER, "pipes"),
        ("power_outage", True, "2022-05-20", Payer.DEVELOPER, "wiring"),
        ("power_outage", True, "2022-05-21", Payer.MAINTENANCE_FUND, "wiring"),
        ("door_window", False, "2022-05-21", Payer.OWNER, "fitting_out"),
        ("greening", True, "2020-06-01", Payer.MAINTENANCE_FUND, None),
    ],
)
def test_the_developer_pays_until_the_last_day_of_the_components_warranty(
    matter: str, common_part: bool, reported: str, payer: Payer, component: str | None
) -> None:
    liability = who_pays(
        POLICY,
        matter=matter,
        reported_on=day(reported),
        handed_over_on=day("2020-05-20"),
        common_part=common_part,
    )
    assert (liability.payer, liability.component) == (payer, component)
    assert liability.why.endswith(".")


@pytest.mark.req("G12")
@pytest.mark.parametrize(
    ("component", "handed_over", "last"),
    [
        ("heating", "2020-05-20", "2022-03-15"),
        ("heating", "2020-11-15", "2022-03-15"),  # on the season's first day: the season is whole
        ("heating", "2020-11-16", "2023-03-15"),  # a day later it is not
        ("heating", "2021-01-10", "2023-03-15"),
        ("cooling", "2020-05-20", "2021-09-30"),
        ("cooling", "2020-07-01", "2022-09-30"),
    ],
)
def test_seasons_count_when_they_are_whole(component: str, handed_over: str, last: str) -> None:
    part = next(warranty for warranty in POLICY.construction if warranty.component == component)
    assert construction_warranty_ends(part, day(handed_over)) == day(last)


def test_the_component_found_at_the_place_stands_above_the_matter() -> None:
    liability = who_pays(
        POLICY,
        matter="leak",
        component="pipes",
        reported_on=day("2023-01-01"),
        handed_over_on=day("2020-05-20"),
        common_part=False,
    )
    assert (liability.payer, liability.component) == (Payer.OWNER, "pipes")


def test_without_a_handover_date_nothing_is_claimed_from_the_developer() -> None:
    liability = who_pays(
        POLICY, matter="leak", reported_on=day("2023-01-01"), handed_over_on=None, common_part=False
    )
    assert liability.payer is Payer.OWNER
    assert "not known" in liability.why
