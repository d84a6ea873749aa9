"""What stands in the deployment's secret: read anew in minutes, and known on while it cannot be read."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.adapters.caller_keys import CallerKeys
from chalicelib.adapters.codes import FROM_THE_BEGINNING, HmacCodes, Key
from chalicelib.adapters.exchange import Exchange
from chalicelib.adapters.secret import REREAD_SECONDS
from chalicelib.services.providers import ExchangeAccount

Seconds = Callable[[], float]
Reader = tuple[Callable[[Callable[[], Any], Seconds], Callable[[], Any]], Any, Any]


def codes(read: Callable[[], Any], seconds: Seconds) -> Callable[[], Any]:
    found = HmacCodes(read, seconds)
    return lambda: found.keyed("unit", "3-1201")


def caller_keys(read: Callable[[], Any], seconds: Seconds) -> Callable[[], Any]:
    found = CallerKeys(read, seconds)
    return lambda: found.of("ivr-1")


def account(read: Callable[[], Any], seconds: Seconds) -> Callable[[], Any]:
    return Exchange(read, "https://exchange.example", seconds).account


ACCOUNT = ExchangeAccount("AC1", ("a",), {})
READERS: dict[str, Reader] = {
    "signing keys": (codes, (Key(FROM_THE_BEGINNING, b"a"),), (Key(FROM_THE_BEGINNING, b"b"),)),
    "keys of machines": (caller_keys, {"ivr-1": ("a",)}, {"ivr-1": ("b", "a")}),
    "the exchange's account": (account, ACCOUNT, ExchangeAccount("AC1", ("b", "a"), {})),
    "no account at an exchange": (account, None, ACCOUNT),
}


@pytest.mark.req("C4")
@pytest.mark.parametrize("name", READERS)
def test_it_is_read_when_needed_and_anew_in_minutes_and_what_is_known_outlasts_an_outage(name: str) -> None:
    make, first, second = READERS[name]
    now, answers, asked = [0.0], [first, OSError("out of order"), second], list[int]()

    def read() -> Any:
        asked.append(1)
        given = answers.pop(0)
        if isinstance(given, OSError):
            raise given
        return given

    known = make(read, lambda: now[0])
    assert asked == []
    before = known()
    assert known() == before
    assert len(asked) == 1
    now[0] += REREAD_SECONDS + 1
    assert known() == before, "the secret cannot be read"
    assert known() == before, "and is not asked for with each request meanwhile"
    assert len(asked) == 2
    now[0] += REREAD_SECONDS + 1
    assert known() != before


@pytest.mark.parametrize("name", READERS)
def test_where_nothing_is_known_yet_the_error_is_the_answer(name: str) -> None:
    def read() -> Any:
        raise OSError("out of order")

    with pytest.raises(OSError, match="out of order"):
        READERS[name][0](read, lambda: 0.0)()
