"""The account at a telephone exchange, in the secret: keys that are changed without a call being lost."""

import json
from typing import Any

import pytest

from chalicelib.adapters.codes import keys_in
from chalicelib.adapters.exchange import account_in
from infra.exchange_account import add_account
from infra.problems import CannotGoOnError

SID, OTHER = "AC" + "1" * 32, "AC" + "2" * 32


class Manager:
    """Secrets Manager with one secret."""

    def __init__(self) -> None:
        self.text = json.dumps({"signing_key": "k" * 64})

    def get_secret_value(self, **_: str) -> dict[str, Any]:
        return {"SecretString": self.text}

    def put_secret_value(self, **given: str) -> None:
        self.text = given["SecretString"]


def test_the_newest_two_tokens_are_good_and_the_signing_key_stays() -> None:
    manager = Manager()
    assert account_in(manager.text) is None
    for token in ("first", "second", "third\n", "third"):
        add_account(manager, "secret", SID, token)
    account = account_in(manager.text)
    assert account is not None
    assert (account.sid, account.tokens) == (SID, ("third", "second"))
    assert keys_in(manager.text)[0].secret == b"k" * 64


def test_shared_keys_are_known_by_their_ids() -> None:
    manager = Manager()
    for name in ("one", "two", "three", "three"):
        add_account(manager, "secret", SID, f"key {name}", name)
    account = account_in(manager.text)
    assert account is not None
    assert account.shared_keys == {"two": "key two", "three": "key three"}
    assert account.tokens == ()


def test_another_account_takes_the_place_of_the_one_before() -> None:
    manager = Manager()
    add_account(manager, "secret", SID, "first")
    add_account(manager, "secret", OTHER, "theirs")
    account = account_in(manager.text)
    assert account is not None
    assert (account.sid, account.tokens) == (OTHER, ("theirs",))


@pytest.mark.parametrize(("sid", "key"), [("AC1", "key"), ("", "key"), (SID, ""), (SID, " \n")])
def test_what_is_no_account_or_no_key_is_refused(sid: str, key: str) -> None:
    manager = Manager()
    before = manager.text
    with pytest.raises(CannotGoOnError):
        add_account(manager, "secret", sid, key)
    assert manager.text == before
