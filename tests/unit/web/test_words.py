"""The catalogues of the pages: complete in both languages, and nothing English on a Chinese page."""

import ast
import re
import shutil
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import fields

from chalicelib import wiring
from chalicelib.adapters.word_files import FOLDER, PARTS, WordFiles
from chalicelib.domain.case.case import State
from chalicelib.domain.case.events import EVENT_TYPES, Channel, CloseReason, Newer, RevisitOutcome
from chalicelib.domain.community.roles import Role
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.notices.history_rules import RULES
from chalicelib.domain.notices.kinds import NoticeChannel, NoticeKind
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.regulation.rules import (
    CATEGORIES,
    COMPLEXITIES,
    DEPARTMENTS,
    KINDS,
    NATURES,
    SEVERITIES,
    URGENCIES,
)
from chalicelib.http.errors import STATUS_BY_ERROR
from chalicelib.web.words import choose_language, words
from tests.browser import Browser, html
from tests.builders import regulations
from tests.words import LANGUAGES, WORDS, texts

CHALICELIB = Path(__file__).parents[3] / "chalicelib"
CHINESE_ONES = [language for language in LANGUAGES if language.startswith("zh-")]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
NOT_IN_CHINESE = {
    "page.list_comma",
    "page.between_sentences",
    "page.colon",
    "desk.signed_in_as",
}
"""What is punctuation, or meant for those who cannot read Chinese."""

NAMED = {
    "states": State,
    "channels": Channel,
    "clocks": Clock,
    "close_reasons": CloseReason,
    "outcomes": RevisitOutcome,
    "kinds": KINDS,
    "urgencies": URGENCIES,
    "severities": SEVERITIES,
    "complexities": COMPLEXITIES,
    "natures": NATURES,
    "categories": CATEGORIES,
    "departments": DEPARTMENTS,
    "weekdays": range(7),
    "months": range(1, 13),
    "scores": range(1, 6),
    "notices": NoticeKind,
    "notice_channels": NoticeChannel,
    "notice_states": ("pending", "sending", "sent", "failed", "skipped"),
}


def entries(language: str) -> dict[str, str]:
    groups = words(language).groups
    return {f"{group}.{key}": text for group, texts in groups.items() for key, text in texts.items()}


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", CHINESE_ONES)
def test_all_languages_say_the_same_things_of_the_same_values(language: str) -> None:
    chinese, english = entries(language), entries("en")
    assert chinese.keys() == english.keys()
    different = {
        key
        for key in chinese
        if not key.startswith("time.") and placeholders(chinese[key]) != placeholders(english[key])
    }
    assert different == set()


@pytest.mark.parametrize("language", CHINESE_ONES)
def test_the_chinese_pages_are_in_chinese_and_the_english_ones_are_not(language: str) -> None:
    english_on_chinese = {
        key
        for key, text in entries(language).items()
        if key not in NOT_IN_CHINESE and not key.startswith("time.") and not CHINESE.search(text)
    }
    assert english_on_chinese == set()
    assert {key for key, text in entries("en").items() if CHINESE.search(text)} == set()


def test_a_page_offers_the_other_languages_by_their_own_names() -> None:
    assert words("zh-CN").others() == (("en", "English"), ("zh-TW", "繁體中文"))
    assert words("en").others() == (("zh-CN", "简体中文"), ("zh-TW", "繁體中文"))


def test_a_third_language_of_the_pages_is_the_same_one_file_more(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for language in LANGUAGES:
        shutil.copy(FOLDER / f"{language}.toml", tmp_path)
    english = (FOLDER / "en.toml").read_text(encoding="utf-8")
    other = english.replace('language = "English"', 'language = "Nederlands"').replace('"Suda"', '"Suda nl"')
    (tmp_path / "nl.toml").write_text(other, encoding="utf-8")
    three = WordFiles(tmp_path)
    monkeypatch.setattr(wiring, "words", lambda: three)
    page = html(browser.get("/?lang=nl"))
    assert '<html lang="nl">' in page
    assert "Suda nl" in page
    assert html(browser.get("/?lang=en")).count("hreflang") == len(LANGUAGES)
    assert ">Nederlands</a>" in html(browser.get("/?lang=en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_parts_of_a_file_stand_in_their_order(language: str) -> None:
    """What is read of a file for one part is all of it: no group of another part stands further down."""
    with (FOLDER / f"{language}.toml").open("rb") as file:
        whole = tomllib.load(file)
    parts = {part: whole.pop(part, {}) for part in PARTS}
    assert WORDS.own_name(language) == whole.pop("language")
    assert list(WORDS.also(language)) == whole.pop("also", [])
    assert WORDS.get(language).groups == whole
    assert {"pages": WORDS.pages(language), "notices": WORDS.notices(language)} == parts


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("group", NAMED)
def test_every_value_has_a_name(language: str, group: str) -> None:
    known = (WORDS.get(language).groups | words(language).groups)[group]
    assert {str(name) for name in NAMED[group]} <= known.keys()


@pytest.mark.req("B7")
def test_a_clock_has_one_word_on_pages_and_in_messages() -> None:
    assert words("zh-CN").groups["clocks"] == texts("zh-CN").words["clocks"]
    assert words("zh-CN").groups["figures"]["solved"] == "已" + words("zh-CN").name("clocks", Clock.SOLVE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_role_and_pause_reason_has_a_name(language: str) -> None:
    say = words(language)
    for name in TABLE:
        assert bool(CHINESE.search(say.command(name))) == (language in CHINESE_ONES), name
    for role in Role:
        assert bool(CHINESE.search(say.role(role))) == (language in CHINESE_ONES), role
    for pack in regulations().ids():
        assert set(regulations().get(pack).pause.reasons) <= say.groups["pause_reasons"].keys()


def refusals_in_the_code() -> Iterator[tuple[str, str, set[str]]]:
    """(reason, where, facts) of every error that names its reason."""
    for path in CHALICELIB.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "").endswith("Error")):
                continue
            given = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
            reason = given.pop("reason", None) or (node.args[1] if len(node.args) > 1 else None)
            if isinstance(reason, ast.Constant) and isinstance(reason.value, str):
                yield reason.value, f"{path.name}:{node.lineno}", set(given)


def test_every_reason_of_a_refusal_has_a_sentence_that_its_facts_can_fill() -> None:
    found = list(refusals_in_the_code())
    assert len(found) > 25
    sentences = words("zh-CN").groups["refusals"]
    wrong = [(reason, where) for reason, where, _ in found if reason not in sentences]
    wrong += [
        (reason, where)
        for reason, where, facts in found
        if reason in sentences and not placeholders(sentences[reason]) <= {*facts, "desk"}
    ]
    assert wrong == []


def test_every_guard_of_a_command_names_its_reason() -> None:
    """But for what the form itself lets nobody type: a choice that is none, a price below zero."""
    known = {where for _, where, _ in refusals_in_the_code()}
    unnamed = []
    for path in (CHALICELIB / "domain").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            guard = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "CommandRefusedError"
            if guard and f"{path.name}:{node.lineno}" not in known and path.name != "decide.py":
                unnamed.append(f"{path.name}:{node.lineno}")
    assert unnamed == []


def test_every_error_code_has_a_sentence() -> None:
    codes = {kind.code for kind in STATUS_BY_ERROR} | {"InternalError"}
    assert codes <= words("zh-CN").groups["errors"].keys()


@pytest.mark.parametrize(
    "template", sorted((CHALICELIB / "web" / "templates").glob("*.html")), ids=lambda p: p.name
)
def test_what_a_template_asks_for_is_in_the_catalogue(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    asked = set(re.findall(r't\(\s*"([a-z_.]+)"', text))
    assert asked <= entries("zh-CN").keys()
    # Not one word of the pages stands in a template itself.
    assert not CHINESE.search(re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_event_has_its_sentence(language: str) -> None:
    sentences = words(language).groups["happened"]
    kinds = {**EVENT_TYPES, "newer": Newer}
    for name, sentence in sentences.items():
        known = {field.name for field in fields(kinds[name])} | {"actor", "number", "round"}
        assert placeholders(sentence) <= known, name
    assert sentences.keys() == kinds.keys()


@pytest.mark.req("E5", "E8")
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_resident_reads_has_its_sentence_and_that_asks_for_nothing_else(language: str) -> None:
    """Who reads what, the domain decides: the catalogue has a sentence for that, and for that alone."""
    sentences = words(language).groups["told"]
    shown = {name: RULES[kind] for name, kind in EVENT_TYPES.items() if RULES[kind].resident is not None}
    assert sentences.keys() == shown.keys()
    for name, rule in shown.items():
        facts = {*(rule.resident or ()), "number", "round", *(("actor",) if rule.named else ())}
        assert placeholders(sentences[name]) <= facts, name


@pytest.mark.parametrize(
    ("asked", "remembered", "preferred", "chosen"),
    [
        (None, None, "zh-CN", "zh-CN"),
        (None, None, "en", "en"),
        (None, "en", "zh-CN", "en"),
        ("zh-CN", "en", "en", "zh-CN"),
        ("fr", "klingon", "en", "en"),
        ("../../etc", None, "nonsense", "zh-CN"),
    ],
)
def test_the_language_is_the_one_asked_for_then_remembered_then_preferred(
    asked: str | None, remembered: str | None, preferred: str, chosen: str
) -> None:
    assert choose_language(asked, remembered, preferred) == chosen
