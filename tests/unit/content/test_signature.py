"""A drawn signature: a small real picture, and nothing else (B9)."""

from base64 import b64decode, b64encode

import pytest

from chalicelib.domain.content.signature import BEGINS, drawn_png
from chalicelib.domain.errors import InvalidInputError
from tests.content import drawn, jpeg, png


def sent(data: bytes) -> str:
    return BEGINS + b64encode(data).decode()


@pytest.mark.req("B9")
def test_what_was_drawn_is_kept_without_anything_beside_it() -> None:
    assert drawn_png(drawn(tail=b"PK\x03\x04", hand=7)) == b64decode(drawn(hand=7).removeprefix(BEGINS))


@pytest.mark.req("B9")
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "signature_wrong"),
        ("data:text/html;base64,PHNjcmlwdD4=", "signature_wrong"),
        (f"{BEGINS}not base64!", "signature_wrong"),
        (sent(b"MZ" + bytes(200)), "signature_wrong"),
        (sent(b"\x89PNG\r\n\x1a\n<script>"), "signature_wrong"),
        (sent(jpeg()), "signature_wrong"),
        (sent(png(width=100, height=100)), "signature_wrong"),  # it says more points than it has
        (drawn(width=3000), "signature_large"),
        (BEGINS + "A" * 90_000, "signature_large"),
        (drawn(lines=0), "signature_blank"),
    ],
)
def test_anything_else_is_refused_in_words(text: str, reason: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        drawn_png(text)
    assert caught.value.reason == reason
