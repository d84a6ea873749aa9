"""Emergencies run on the 24×7 clock under every pack, whatever a seed says of matters in general (A6)."""

from datetime import timedelta
from itertools import product

import pytest

from chalicelib.adapters.regulation_files import RegulationFiles
from chalicelib.domain.regulation.limits import Clock, Limit, Unit
from chalicelib.domain.regulation.rules import (
    COMPLEXITIES,
    KINDS,
    SEVERITIES,
    Conditions,
    Facts,
    Rule,
    prevailing,
)

FILES = RegulationFiles()
PACKS = ("S0", "S1", "S2", "S3", "S4", "default")
AT_THE_LATEST = {
    Clock.RESPOND: timedelta(minutes=5),
    Clock.ON_SITE: timedelta(minutes=10),
    Clock.SOLVE: timedelta(hours=24),
}


@pytest.mark.req("A6")
@pytest.mark.parametrize("pack", PACKS)
def test_no_pack_lets_an_emergency_wait_for_opening_time(pack: str) -> None:
    """Whatever kind it was typed in as: one that is reported as a question is one."""
    regulation = FILES.get(pack)
    sortable = [matter.id for matter in regulation.sortable]
    for kind, matter, severity, complexity in product(KINDS, sortable, SEVERITIES, COMPLEXITIES):
        limits = {
            rule.clock: rule.limit
            for rule in regulation.rules_for(Facts(kind, matter, "emergency", severity, complexity))
        }
        for clock, latest in AT_THE_LATEST.items():
            assert limits[clock].around_the_clock, (kind, matter, clock)
            assert limits[clock].elapsed() <= latest, (kind, matter, clock)


def rule(limit: Limit, source: str, *, safeguard: bool = False) -> Rule:
    return Rule(source, Clock.ON_SITE, limit, source, "A6", "So.", Conditions(), safeguard=safeguard)


TEN_MINUTES = rule(Limit(10, Unit.MINUTES), "ours", safeguard=True)


@pytest.mark.parametrize(
    ("limit", "holds"),
    [
        (Limit(2, Unit.HOURS), "ours"),
        (Limit(10, Unit.MINUTES), "S2"),
        (Limit(5, Unit.MINUTES), "S2"),
        (Limit(5, Unit.MINUTES, around_the_clock=False), "ours"),
        (Limit(0.5, Unit.WORKING_DAYS, around_the_clock=False), "ours"),
    ],
)
def test_a_safeguard_holds_where_the_seed_gives_more_or_sleeps_at_night(limit: Limit, holds: str) -> None:
    assert prevailing([TEN_MINUTES, rule(limit, "S2")]).source == holds
    assert prevailing([rule(limit, "S2"), TEN_MINUTES]).source == holds


def test_a_safeguard_alone_is_the_rule() -> None:
    assert prevailing([TEN_MINUTES]) is TEN_MINUTES
