"""Our check of a signature against Twilio's own package, which is the oracle and no part of the desk (C3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from chalicelib.channels.twilio_signature import SETTINGS, SIGNATURE, is_signed
from chalicelib.services.providers import ExchangeAccount

ACCOUNT = ExchangeAccount("AC1", ("the new token", "the one before"), {"key-1": "shared"})
NAMES = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", min_size=1, max_size=12)
FORMS = st.dictionaries(NAMES, st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=12)
URLS = st.sampled_from(
    [
        "https://desk.example.com/voice/riverside",
        "https://desk.example.com:8443/voice/riverside/ended",
        "http://127.0.0.1:9105/voice/riverside/menu/e30",
        "https://Desk.Example.com/voice/r",
    ]
)


@given(URLS, FORMS, st.sampled_from(ACCOUNT.tokens))
def test_what_twilio_signs_with_a_token_is_signed(url: str, form: dict[str, str], token: str) -> None:
    made = RequestValidator(token).compute_signature(url, form)
    assert is_signed(ACCOUNT, url, form, {SIGNATURE: made})


@given(URLS, FORMS)
def test_what_twilio_signs_with_a_shared_key_is_signed(url: str, form: dict[str, str]) -> None:
    made = RequestValidator("shared").compute_signature(url, form, "HMAC_SHA256")
    headers = {SIGNATURE: made, SETTINGS: "key=key-1,algorithm=HMAC_SHA256"}
    assert is_signed(ACCOUNT, url, form, headers)
    assert not is_signed(ACCOUNT, url, form, {**headers, SETTINGS: "key=key-2,algorithm=HMAC_SHA256"})
    assert not is_signed(ACCOUNT, url, form, {SIGNATURE: made}), "SHA-1 is another signature"


@given(URLS, FORMS, st.text(max_size=40))
def test_both_say_the_same_of_any_signature(url: str, form: dict[str, str], made: str) -> None:
    theirs = any(RequestValidator(token).validate(url, form, made) for token in ACCOUNT.tokens)
    assert is_signed(ACCOUNT, url, form, {SIGNATURE: made}) == theirs


@pytest.mark.parametrize(
    ("signed", "asked"),
    [
        ("https://desk.example.com/voice/r", "https://desk.example.com:443/voice/r"),
        ("https://desk.example.com:443/voice/r", "https://desk.example.com/voice/r"),
        ("http://desk.example.com:80/voice/r", "http://desk.example.com/voice/r"),
        ("http://127.0.0.1/voice/r", "http://127.0.0.1:9105/voice/r"),
    ],
)
def test_the_port_may_be_signed_or_not(signed: str, asked: str) -> None:
    form = {"CallSid": "CA1"}
    made = RequestValidator("the new token").compute_signature(signed, form)
    assert RequestValidator("the new token").validate(asked, form, made)
    assert is_signed(ACCOUNT, asked, form, {SIGNATURE: made})


@pytest.mark.parametrize("change", [{"From": "+8613911112222"}, {"Extra": ""}, {"CallSid": ""}])
def test_a_form_that_was_changed_is_not_signed(change: dict[str, str]) -> None:
    url, form = "https://desk.example.com/voice/r", {"CallSid": "CA1", "From": "+8613900001234"}
    made = RequestValidator("the new token").compute_signature(url, form)
    assert is_signed(ACCOUNT, url, form, {SIGNATURE: made})
    assert not is_signed(ACCOUNT, url, {**form, **change}, {SIGNATURE: made})


def test_an_account_of_shared_keys_alone_takes_no_token() -> None:
    url = "https://desk.example.com/voice/r"
    made = RequestValidator("").compute_signature(url, {})
    assert not is_signed(ExchangeAccount("AC1", (), {"key-1": "shared"}), url, {}, {SIGNATURE: made})
    assert not is_signed(ExchangeAccount("AC1", ("",), {}), url, {}, {SIGNATURE: made})
