"""Case numbers (A4)."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.case.numbering import NUMBER, case_number, missing_serials, month_of, serial_of


@pytest.mark.req("A4")
@given(serial=st.integers(1, 200_000), month=st.dates().map(lambda day: f"{day:%Y}".zfill(4) + f"{day:%m}"))
def test_a_number_is_made_of_month_and_serial_and_gives_them_back(serial: int, month: str) -> None:
    number = case_number(month, serial)
    assert NUMBER.fullmatch(number)
    assert number.startswith(f"{month}-")
    assert serial_of(number) == serial


@pytest.mark.req("A4")
def test_numbers_have_four_digits_until_they_need_five() -> None:
    assert case_number("202611", 1) == "202611-0001"
    assert case_number("202611", 9999) == "202611-9999"
    assert case_number("202611", 10000) == "202611-10000"


@pytest.mark.req("A4")
def test_the_month_is_that_of_the_community() -> None:
    last_hours = datetime(2026, 11, 30, 17, tzinfo=UTC)
    assert month_of(last_hours, "Asia/Shanghai") == "202612"
    assert month_of(last_hours, "UTC") == "202611"


@pytest.mark.req("A4")
@given(counter=st.integers(0, 60), data=st.data())
def test_a_gap_is_what_was_handed_out_and_not_used(counter: int, data: st.DataObject) -> None:
    used = data.draw(st.sets(st.integers(1, counter)) if counter else st.just(set()))
    missing = missing_serials(used, counter)
    assert set(missing) | used == set(range(1, counter + 1))
    assert not set(missing) & used
