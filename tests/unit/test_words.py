"""The catalogues of chalicelib/words: complete in every language, and a language is one file more."""

import shutil
import string
from pathlib import Path
from urllib.parse import urlencode

import pytest

from chalicelib import wiring
from chalicelib.adapters.word_files import FOLDER, WordFiles
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.regulation.policy_checks import PAUSE_REASONS
from infra.strictest import SEEDS
from tests.api_desk import api_desk
from tests.words import WORDS

LANGUAGES = WORDS.languages()
OF_THE_LANGUAGE = ("festivals", "whys")
"""What needs another name in one language does not in another."""


def keys(language: str) -> set[str]:
    """Every path of a catalogue that all others must have too."""
    groups = WORDS.get(language).groups
    return {
        f"{group}.{key}"
        for group, words in groups.items()
        for key in words
        if "=" not in key and group not in OF_THE_LANGUAGE
    }


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_things(language: str) -> None:
    assert keys(language) == keys("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_with_words_of_its_own_stands_beside_the_rest(language: str) -> None:
    for group, words in WORDS.get(language).groups.items():
        for key in words:
            general, is_of_a_number, number = key.partition("=")
            if is_of_a_number:
                assert general in words, f"{group}.{key}"
                assert number == f"{float(number):g}"
                assert placeholders(words[key]) <= placeholders(words[general])


@pytest.mark.req("G4", "G2")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_of_a_pause_and_every_source_can_be_told(language: str) -> None:
    groups = WORDS.get(language).groups
    assert groups["pauses"].keys() == set(PAUSE_REASONS)
    assert groups["sources"].keys() == {*SEEDS, "ours"}


@pytest.mark.req("G23")
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_comparison_takes_for_granted_is_told_in_the_same_order(language: str) -> None:
    assert list(WORDS.get(language).groups["assumptions"]) == list(WORDS.get("en").groups["assumptions"])


def test_what_was_never_there_is_refused_with_what_there_is() -> None:
    with pytest.raises(InvalidInputError, match="there are en, zh-CN, zh-TW"):
        WORDS.get("../../settings")


def test_braces_in_a_value_are_text() -> None:
    assert WORDS.get("en")("reasons.because", reason="{x} {0}") == " ({x} {0})"


@pytest.fixture
def third(tmp_path: Path) -> WordFiles:
    """The words there are, and a language nobody has thought of: English with another word for days."""
    for language in LANGUAGES:
        shutil.copy(FOLDER / f"{language}.toml", tmp_path)
    english = (FOLDER / "en.toml").read_text(encoding="utf-8")
    other = english.replace("working days", "workdays").replace('"Oct"', '"Oct."')
    (tmp_path / "nl.toml").write_text(other, encoding="utf-8")
    return WordFiles(tmp_path)


@pytest.mark.req("G2")
@pytest.mark.parametrize("wish", ["nl", "nl-BE", "de, nl;q=0.8, en;q=0.3"])
def test_a_third_language_is_one_file_more(
    third: WordFiles, monkeypatch: pytest.MonkeyPatch, wish: str
) -> None:
    monkeypatch.setattr(wiring, "words", lambda: third)
    asked = {
        "matter": "seepage",
        "kind": "repair",
        "complexity": "complex",
        "at": "2026-09-30T09:10:00+08:00",
    }
    with api_desk() as desk:
        answer = desk.get(
            f"/v1/regulations/S1/deadlines?{urlencode(asked)}", headers={"Accept-Language": wish}
        )
    solve = next(found for found in answer.json_body["deadlines"] if found["clock"] == "solve")
    assert solve["reasons"] == [
        "5 workdays from Wed 30 Sep 2026 09:10, not counting that day, so by the end of Wed 7 Oct.",
        "skipped: Sat 3 Oct.–Sun 4 Oct.",
        "S1 service measures, C2",
    ]
    assert answer.json_body["matter_name"] == "seepage through roof, wall or ceiling"
