"""A letter in a phone number is no digit: the message would go to a stranger (A3)."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInputError
from chalicelib.http.contacts import stored_phone
from tests.api_desk import ApiDesk, api_desk
from tests.browser import REPORT, Browser, text

RIGHT = "13900001234"


@pytest.fixture
def api() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


@pytest.mark.req("A3")
@given(
    place=st.integers(0, len(RIGHT) - 1),
    letter=st.sampled_from("OoQDlIiSsBZzGgqEAbТОоΟΑｏＯ"),
    more=st.booleans(),
)
def test_no_letter_is_taken_for_a_digit(place: int, letter: str, more: bool) -> None:
    typed = RIGHT[:place] + letter + RIGHT[place + (not more) :]
    with pytest.raises(InvalidInputError, match=f"'{letter}' at character {place + 1};"):
        stored_phone(typed, "CN")


@pytest.mark.parametrize(
    "typed", ["139 0000 1234", "+86 139-0000-1234", "１３９００００１２３４", "008613900001234"]
)
def test_digits_are_digits_however_they_are_written(typed: str) -> None:
    assert stored_phone(typed, "CN") == "+8613900001234"


@pytest.mark.parametrize("typed", ["020-12345678 ext. 801", "020-12345678 EXT 801", "020-12345678x801"])
def test_the_word_before_an_extension_is_no_letter_of_the_number(typed: str) -> None:
    assert stored_phone(typed, "CN").startswith("+862012345678")


@pytest.mark.req("A3")
def test_whoever_typed_it_is_told_where(api: ApiDesk) -> None:
    answer = api.report(phone="1390000OOOO")
    assert (answer.status_code, answer.json_body["Code"]) == (400, "InvalidInput")
    assert "'phone' has the letter 'O' at character 8" in answer.json_body["Message"]


@pytest.mark.req("A3")
def test_the_page_says_where(browser: Browser) -> None:
    page = browser.post("/c/riverside", {**REPORT, "phone": "1390000OOOO"})
    assert (page.status_code, "号码第 8 个字符是字母“O”，请改成数字。" in text(page)) == (400, True)
    assert "1390000OOOO" in page.body.decode()
