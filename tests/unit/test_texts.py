"""Texts as people type them: what cannot be seen is no text, and what turns its surroundings is dropped."""

import sys
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.case.form_fields import longest_lengths
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.intake.new_case import check_stranger
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.texts import DROPPED, checked_text, cleaned, isolated, quoted
from chalicelib.domain.transition import Transition
from chalicelib.web.form_choices import is_chosen
from chalicelib.web.form_fields import fields_of
from chalicelib.web.form_input import read
from chalicelib.web.words import words
from tests.builders import community, new_case, office
from tests.stories import in_state, sample_form

POINTS = """
    200b 200c 200d 200e 200f 2060 2061 feff ad 34f 61c 115f 1160 17b4 180b 180e 2000 2028 202e 2066 2800 3000
    3164 fe0f ffa0 fff9 fffc e0001 e0041 e0100 301 9 a 20
"""
INVISIBLE = [chr(int(point, 16)) for point in POINTS.split()]
FORMS = [row for row in TABLE.values() if row.command != "fire_timers"]
TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"

unseen = st.lists(st.sampled_from(INVISIBLE)).map("".join)
letters = st.text(st.characters(categories=("L", "N")), min_size=1).filter(lambda text: cleaned(text) == text)


@given(unseen)
def test_what_nobody_can_see_is_empty(text: str) -> None:
    assert cleaned(text) == ""
    with pytest.raises(InvalidInputError, match="is empty"):
        checked_text("name", text, 100)


@given(unseen, letters, unseen)
def test_what_can_be_seen_is_kept(before: str, said: str, after: str) -> None:
    kept = cleaned(before + said + after)
    assert said in kept
    assert kept == kept.strip()
    assert cleaned(kept) == kept


@given(st.text(), st.text())
def test_nothing_in_a_text_turns_what_stands_around_it(one: str, other: str) -> None:
    for turn in TURNS:
        assert not set(TURNS) & set(cleaned(one + turn + other))


def test_every_control_of_direction_is_dropped() -> None:
    """By the Unicode tables, not by our list."""
    turning = {"LRE", "LRO", "RLE", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    known = [chr(point) for point in range(0x20000) if unicodedata.bidirectional(chr(point)) in turning]
    assert len(known) == 9
    assert all(DROPPED.fullmatch(character) for character in known)


@pytest.mark.parametrize(
    "text",
    ["👨\u200d👩\u200d👧", "می\u200cخواهم", "❤️", "🏴\U000e0067\U000e0062\U000e007f", "한글", "…", "王\ue000"],
)
def test_joiners_and_what_belongs_to_a_sign_are_kept(text: str) -> None:
    assert cleaned(text) == text


@pytest.mark.req("A3")
@pytest.mark.parametrize("character", ["\u200b", "\u3164", "\u2800", "\u202e"])
@pytest.mark.parametrize("name", ["text", "unit", "name"])
def test_a_report_needs_something_to_see(name: str, character: str) -> None:
    with pytest.raises(InvalidInputError, match=f"'{name}' is missing"):
        check_stranger(new_case(channel="web", **{name: character * 3}))
    assert new_case(witnesses=character).witnesses is None


def is_refused_or_left_out(form: Any, name: str, text: str) -> bool:
    """Whether a text that nobody can see is refused by name, or is none where none is needed."""
    try:
        return getattr(replace(form, **{name: text}), name) is None
    except InvalidInputError as error:
        return f"'{name}'" in str(error)


@pytest.mark.parametrize("row", FORMS, ids=lambda row: row.command)
def test_every_text_of_every_command_is_looked_at(row: Transition) -> None:
    form = sample_form(row.command, in_state(next(iter(row.sources))))
    for name in longest_lengths(type(form)):
        assert is_refused_or_left_out(form, name, "\u3164\u200b")
        with pytest.raises(InvalidInputError, match="lost on the way"):
            replace(form, **{name: "a\ufffd"})
        if name not in {"into", "entry", "stage"} and not is_chosen(row.command, name):
            assert getattr(replace(form, **{name: "王\u202e芳"}), name) == "王芳"


def test_a_number_does_not_read_backwards_behind_a_name() -> None:
    assert new_case(name="王\u202e芳").name == "王芳"


def test_a_character_that_was_lost_is_named_with_its_place() -> None:
    with pytest.raises(InvalidInputError, match="at character 3"):
        new_case(text="漏水\ufffd了")


def test_a_text_of_the_other_direction_is_set_apart_in_a_sentence() -> None:
    assert isolated("王芳") == "王芳"
    assert words("zh-CN")("desk.signed_in_as", name="سارة", role="x").startswith("\u2068سارة\u2069")


def test_every_character_that_reads_from_the_right_sets_its_text_apart() -> None:
    turning = [
        sign for sign in map(chr, range(sys.maxunicode)) if unicodedata.bidirectional(sign) in {"R", "AL"}
    ]
    assert len(turning) > 1000
    assert all(isolated(f"甲{sign}") != f"甲{sign}" for sign in turning)


def test_the_page_says_which_field_and_which_character() -> None:
    say, row = words("zh-CN"), TABLE["complete"]
    context = office().desk.context(community())
    fields = fields_of(row.form, row.command, context, say)
    lost = read(fields, {"result": "修\ufffd了"}, "Asia/Shanghai", say).mistakes["result"]
    assert "第 2 个字在传送时丢失了" in lost
    blank = read(fields, {"result": "\u200b\u3164"}, "Asia/Shanghai", say).mistakes["result"]
    assert blank.startswith("请填写")


@pytest.mark.req("A1")
@pytest.mark.parametrize("lost", ["\x07", "\ufffd"])
def test_what_could_not_be_taken_is_quoted_by_one_rule(lost: str) -> None:
    assert quoted("unit", f"3{lost}1201\u202e{'9' * 90}") == "unit: 3□1201" + "9" * 53
