"""Forms drawn from the commands' forms, and what people type into them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import NODEFAULT
from msgspec.structs import fields

from chalicelib.domain.case.events import Channel
from chalicelib.domain.case.form_fields import LONG
from chalicelib.domain.community.roles import RESIDENT, Role
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.money import yuan
from chalicelib.domain.transition import Transition
from chalicelib.http.requests import read as read_model
from chalicelib.web.form_fields import PUT_IN_BY_US, Field, Shape, fields_of
from chalicelib.web.form_input import read
from chalicelib.web.formats import short, spoken, spoken_with_zone, typed
from chalicelib.web.report_form import report_fields
from chalicelib.web.words import words
from tests.builders import AGENT, office
from tests.words import LANGUAGES

ZONE = "Asia/Shanghai"
OFFICE = office()
SETTING = OFFICE.desk.context(OFFICE.desk.directory.community("riverside"))
FORMS = [row for row in TABLE.values() if row.roles != {Role.SYSTEM} and row.command != "add_files"]
"""Files have a panel of their own (files/test_files.py)."""


def drawn(command: str, language: str = "zh-CN") -> dict[str, Field]:
    return {field.name: field for field in fields_of(TABLE[command].form, command, SETTING, words(language))}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", FORMS, ids=lambda row: row.command)
def test_the_form_of_every_command_is_drawn_whole(row: Transition, language: str) -> None:
    shown = drawn(row.command, language)
    asked = [entry for entry in fields(row.form) if entry.name not in PUT_IN_BY_US]
    assert shown.keys() == {entry.name for entry in asked}
    for entry in asked:
        field = shown[entry.name]
        assert field.label
        assert field.required == (entry.default is NODEFAULT)
        assert field.shape is not Shape.CHOICE or len(field.choices) + bool(field.empty) > 1


def sample(field: Field) -> str:
    if field.name in {"price_item", "quantity", "material_fen"} and not field.required:
        return ""  # the price is the list's, or one of its own, as here
    if field.name == "of_material":
        return "no"
    if field.name == "entry":
        return "3f9a2c41@2"
    match field.shape:
        case Shape.MOMENT:
            return "2026-11-25T09:00"
        case Shape.PRICE:
            return "35.50"
        case Shape.YES_NO:
            return "yes"
        case Shape.CHOICE | Shape.SCORE:
            return field.choices[0][0]
        case Shape.NUMBER:
            return "2"
        case Shape.DAY:
            return "2026-11-25"
        case _:
            return "已更换，臺灣😀"


@pytest.mark.parametrize("row", FORMS, ids=lambda row: row.command)
def test_a_form_filled_in_is_its_command(row: Transition) -> None:
    shown = drawn(row.command).values()
    filled = read(shown, {entry.name: sample(entry) for entry in shown}, ZONE, words("zh-CN"))
    assert filled.mistakes == {}
    form = read_model(filled.values, row.form)
    for entry in shown:
        if entry.shape in {Shape.TEXT, Shape.LINE}:
            assert str(getattr(form, entry.name)) == sample(entry)


@pytest.mark.parametrize("row", FORMS, ids=lambda row: row.command)
def test_an_empty_form_names_each_field_that_is_missing(row: Transition) -> None:
    shown = drawn(row.command).values()
    assert read(shown, {}, ZONE, words("zh-CN")).mistakes == {
        entry.name: f"请填写“{entry.label}”。" for entry in shown if entry.required
    }


NO_PRICE = "“向住户收费（元）”请填金额，最多两位小数，例如 35 或 35.50，不超过 100 万。"


@pytest.mark.parametrize(
    ("command", "name", "text", "sentence"),
    [
        (
            "complete",
            "result",
            "长" * (LONG + 1),
            "“处理结果（住户会看到）”有 2001 个字，最多 2000 个字，请缩短。",
        ),
        ("complete", "result", "响铃\a", "“处理结果（住户会看到）”里有无法显示的字符，请改成普通文字。"),
        ("assign", "handler", "nobody", "“责任人”请从列出的选项里选一个。"),
        ("rate", "score", "6", "“满意吗？”请从列出的选项里选一个。"),
        *(
            ("propose", "price_fen", amount, NO_PRICE)
            for amount in (
                "-3",
                "NaN",
                "1e999999999999999999",
                "0.005",
                "12.345",
                "1e3",
                "1_000",
                "1000000.01",
            )
        ),
        ("pause", "until", "2026-02-30T09:00", "“最晚什么时候恢复”请写日期和时间，例如 2026-11-22 09:00。"),
        ("pause", "until", "0001-01-01T00:00", "“最晚什么时候恢复”请写日期和时间，例如 2026-11-22 09:00。"),
        ("record_revisit", "charge_checked", "maybe", "“收费已核对”请从列出的选项里选一个。"),
    ],
)
def test_a_mistake_is_said_in_one_sentence_about_its_field(
    command: str, name: str, text: str, sentence: str
) -> None:
    found = read(drawn(command).values(), {name: text}, ZONE, words("zh-CN"))
    assert found.mistakes[name] == sentence


@given(
    st.dictionaries(
        st.sampled_from([event.name for event in drawn("propose").values()]), st.text(max_size=60)
    )
)
def test_whatever_is_typed_is_read_or_refused_never_more(given_: dict[str, str]) -> None:
    shown = drawn("propose").values()
    found = read(shown, given_, ZONE, words("zh-CN"))
    if not found.mistakes:
        assert read_model(
            {key: value for key, value in found.values.items() if value is not None}, TABLE["propose"].form
        )


@given(st.text(max_size=30))
def test_no_text_is_a_time_by_accident(text: str) -> None:
    at = typed(text, ZONE)
    assert at is None or at.tzinfo is UTC


def test_a_time_is_typed_and_shown_in_the_zone_of_the_community_with_its_weekday() -> None:
    at = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    chinese, english = words("zh-CN"), words("en")
    assert spoken(at, ZONE, chinese) == "2026年11月23日（周一）07:30"
    assert spoken_with_zone(at, ZONE, english) == "Mon 23 Nov 2026, 07:30 Beijing time"
    assert short(at, ZONE, chinese, seconds=True) == "11月23日 周一 07:30:00"
    assert typed("2026-11-23T07:30", ZONE) == at
    assert typed("2026-11-23 07:30", ZONE) == at


def test_the_intake_offers_the_same_choices_every_time() -> None:
    first, again = (report_fields(SETTING, words("zh-CN"), AGENT) for _ in range(2))
    assert first == again
    channel = next(field for field in again if field.name == "channel")
    assert channel.shape is Shape.CHOICE
    assert [value for value, _ in channel.choices] == [
        offered for offered in Channel if offered != "hotline_ivr"
    ]


def test_choosing_nothing_says_what_it_means() -> None:
    intake = {
        report_field.name: report_field.empty
        for report_field in report_fields(SETTING, words("zh-CN"), AGENT)
    }
    assert (intake["kind"], intake["nature"]) == ("未定（先按投诉登记）", "未定（先按有效投诉）")
    assert {
        report_field.name: report_field.empty
        for report_field in report_fields(SETTING, words("zh-CN"), RESIDENT)
    }["matter"] == "不确定（由客服核实分类）"
    assert {event.empty for event in drawn("classify").values()} == {"不更改"}


def test_money_is_shown_in_yuan() -> None:
    assert [yuan(fen) for fen in (0, 3500, 3550, 5)] == ["0", "35", "35.50", "0.05"]
