"""Every item of the triage is a matter of every regulation (A7)."""

import pytest

from chalicelib.domain.intake.triage.lexicon import CATEGORY_OF
from chalicelib.domain.intake.triage.matters import DIVIDED, matter_for
from chalicelib.domain.intake.triage.proposal import proposal_of
from chalicelib.domain.regulation.rules import CATEGORIES, UNSORTED
from tests.builders import regulations
from tests.reading import lexicon, read

PACKS = [(pack, version) for pack in regulations().ids() for version in (None, 1)]


@pytest.mark.req("A7")
@pytest.mark.parametrize(("pack", "version"), PACKS)
def test_every_item_is_a_matter_of_its_category(pack: str, version: int | None) -> None:
    regulation = regulations().get(pack, version)
    for item, category in CATEGORY_OF.items():
        matter = matter_for(item, (), regulation)
        assert matter != UNSORTED, item
        assert regulation.matter(matter).category == category, item
    assert set(CATEGORY_OF.values()) == set(CATEGORIES)


@pytest.mark.req("A7")
@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("厨房水龙头一直漏水", "leak_fixture"),
        ("卫生间水管接头漏水了", "leak_pipe"),
        ("下雨天外墙渗水", "seepage"),
        ("孩子误食老鼠药中毒了", "poisoning"),
    ],
)
def test_an_item_that_a_regulation_divides_is_divided_by_what_is_said(text: str, matter: str) -> None:
    assert proposal_of(read(text), regulations().get("default")).matter == matter


def test_an_item_that_a_regulation_does_not_have_is_unsorted() -> None:
    assert matter_for("nothing of ours", (), regulations().get("default")) == UNSORTED


def test_what_divides_an_item_is_a_concept_of_the_lexicon() -> None:
    concepts = set(lexicon().points)
    assert {concept for parts in DIVIDED.values() for concept, _ in parts if concept} <= concepts
