"""Readers of traditional Chinese meet no character of the other script (A11, G2)."""

import json
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.adapters.regulation_files import FOLDER as PACKS
from chalicelib.adapters.unwanted_file import unwanted_from_file
from chalicelib.domain.regulation.rules import OURS
from chalicelib.domain.wording import UnwantedWord
from tests.browser import Browser, browsing, text
from tests.builders import community, office, regulations
from tests.words import LANGUAGES, WORDS, simplified_in

DESK = "/desk/riverside"
NAMES = {WORDS.own_name(language) for language in LANGUAGES} | {"丁国栋"}
"""What languages and the manager call themselves, on every page."""


def ours(found: Any) -> Iterator[str]:
    """The Chinese reason of every rule below a table that no seed gives."""
    if isinstance(found, dict):
        if found.get("source") == OURS:
            yield found["why_zh"]
        for item in found.values():
            yield from ours(item)
    elif isinstance(found, list):
        for item in found:
            yield from ours(item)


def rendered(browser: Browser, address: str) -> str:
    page = text(browser.get(f"{DESK}/{address}"))
    for name in NAMES:
        page = page.replace(name, "")
    return page


def said_in(found: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text below a table, by its path."""
    if isinstance(found, str):
        yield path, found
    elif isinstance(found, list):
        for place, item in enumerate(found):
            yield from said_in(item, f"{path}[{place}]")
    elif isinstance(found, dict):
        for key, item in found.items():
            yield from said_in(item, f"{path}.{key}")


@pytest.fixture
def browser() -> Iterator[Browser]:
    with browsing(office(community(name="濱江花園", prices=()))) as made:
        made.language = "zh-TW"
        made.sign_in("manager-1")
        yield made


@pytest.mark.req("A11", "G2", "A14")
def test_pages_that_say_what_the_data_says_are_in_traditional_characters(browser: Browser) -> None:
    """Regulations, calculator, what is not said to residents, and the reasons of a case."""
    pages = {f"regulations?pack={pack}" for pack in regulations().ids()}
    pages |= {
        f"regulations?pack={pack}&matter={matter}&at=2026-11-23T09:00"
        for pack in regulations().ids()
        for matter in ("elevator", "noise", "staff_attitude", "unsorted")
    }
    browser.office.register(text="水龍頭漏水", name="王芳", matter="leak_fixture", kind="repair")
    pages |= {"book", "cases/202611-0001"}
    found = {address: simplified_in(rendered(browser, address)) for address in pages}
    assert {address: signs for address, signs in found.items() if signs} == {}


@pytest.mark.req("A14")
@pytest.mark.parametrize("word", unwanted_from_file(), ids=lambda word: word.word)
def test_what_is_right_instead_is_said_in_every_language(word: UnwantedWord) -> None:
    """So a refusal in traditional Chinese never falls back on the other script."""
    assert word.right.keys() == set(LANGUAGES)


@pytest.mark.req("A11", "G2")
def test_what_the_data_says_in_traditional_chinese_is_in_traditional_characters() -> None:
    """The names in the packs, and what is right instead of an unwanted word."""
    packs = [tomllib.loads(file.read_text(encoding="utf-8")) for file in PACKS.glob("*.toml")]
    texts = [(path, said) for pack in packs for path, said in said_in(pack) if path.endswith(".zh-TW")]
    texts += [(word.word, word.right["zh-TW"]) for word in unwanted_from_file()]
    assert [(path, said, wrong) for path, said in texts if (wrong := simplified_in(said))] == []


@pytest.mark.req("G2")
def test_a_reason_of_ours_is_said_in_traditional_chinese_under_every_version_that_cases_run_under() -> None:
    """Open cases go on under the version of a regulation that they began with."""
    reasons = {
        why for file in (PACKS / "released").glob("*.json") for why in ours(json.loads(file.read_bytes()))
    }
    assert len(reasons) > 20
    assert reasons - WORDS.get("zh-TW").groups["whys"].keys() == set()
