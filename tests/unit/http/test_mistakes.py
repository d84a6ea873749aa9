"""What is said of a value that cannot be one names what would be right."""

import pytest

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.intake.new_case import NewCase
from chalicelib.domain.work.forms import ProposeForm
from chalicelib.http.requests import read


@pytest.mark.req("B10")
@pytest.mark.parametrize("amount", [12.345, "80", True, [8000]])
def test_an_amount_that_is_none_is_told_in_what_it_is_written(amount: object) -> None:
    with pytest.raises(InvalidInputError, match=r"'price_fen': That is no amount. Write it in fen"):
        read({"cause": "老化", "plan": "更换", "price_fen": amount}, ProposeForm)


@pytest.mark.req("A1")
def test_what_is_none_of_the_choices_is_told_them() -> None:
    with pytest.raises(InvalidInputError, match=r"'channel': .*it is one of walk_in, hotline_operator, "):
        read({"text": "灯不亮", "channel": "telephone"}, NewCase)
