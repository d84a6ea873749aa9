"""Whoever adds a clock is told what has been forgotten (docs/patterns.md, "… clock")."""

from pathlib import Path

import pytest

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.met_by import MET_BY
from chalicelib.domain.deadlines.signing_limit import NEEDS_SIGNATURE
from chalicelib.domain.regulation.limits import Clock
from tests.builders import regulations
from tests.words import WORDS

ROOT = Path(__file__).resolve().parents[3]
MET_BY_THE_COMPLETION_ALONE = {Clock.PROGRESS}
"""News begin anew until the work is done, and told."""
MET_BY_ITS_DUTY = {Clock.WRITTEN_REPORT}
"""No clock of a round: domain/case/report_duty.py."""


def test_every_clock_is_met_by_what_it_asks_for() -> None:
    met = {clock for event, clocks in MET_BY.items() if event is not ev.Completed for clock in clocks}
    assert met == set(Clock) - MET_BY_THE_COMPLETION_ALONE - MET_BY_ITS_DUTY


@pytest.mark.req("B3", "G2")
def test_what_waits_for_the_signature_can_be_told_in_each_language() -> None:
    for language in WORDS.languages():
        keys = WORDS.get(language).groups["reasons"].keys()
        for begin in ("ahead_of_", "nobody_before_"):
            told = {key.removeprefix(begin) for key in keys if key.startswith(begin)}
            assert told == set(NEEDS_SIGNATURE)


@pytest.mark.req("G2")
def test_every_clock_has_a_rule_and_is_explained() -> None:
    packs = [regulations().get(pack) for pack in regulations().ids()]
    assert {rule.clock for pack in packs for rule in pack.rules} == set(Clock)
    explained = (ROOT / "docs/regulations.md").read_text(encoding="utf-8")
    explained = explained[explained.index("**Clocks**") :].split("\n\n")[0]
    assert not [clock for clock in Clock if f"`{clock}`" not in explained]
