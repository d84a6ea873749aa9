"""Link codes and keyed digests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.adapters.codes import ALPHABET, HmacCodes
from chalicelib.domain.case.links import Link, Purpose
from tests.fakes.identity import fake_codes

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
LINK = Link(Purpose.WORK, "riverside", "202611-0001", 1, "engineering-1", 2, NOW, NOW)


@pytest.mark.req("G8")
def test_a_code_is_short_and_opaque() -> None:
    code = fake_codes().code(LINK)

    assert len(code) == 10
    assert set(code) <= set(ALPHABET)
    assert not set("0OIl") & set(ALPHABET)


@pytest.mark.req("G8")
def test_each_link_has_its_own_code() -> None:
    others = (
        LINK,
        replace(LINK, purpose=Purpose.RATE),
        replace(LINK, community="hillside"),
        replace(LINK, number="202611-0002"),
        replace(LINK, subject="engineering-2"),
        replace(LINK, since_version=3),
        replace(LINK, registered_at=NOW + timedelta(seconds=1)),
    )

    assert len({fake_codes().code(other) for other in others}) == len(others)
    assert fake_codes().code(LINK) != HmacCodes(lambda: b"another key").code(LINK)


def test_the_code_of_a_link_stays() -> None:
    """A later round, or another life of the link in the pack, must not change a code that was sent."""
    codes = fake_codes()

    assert codes.code(replace(LINK, round=2, expires_at=NOW + timedelta(days=1))) == codes.code(LINK)


def test_digests_for_different_purposes_differ() -> None:
    codes = fake_codes()
    code = codes.code(LINK)

    assert len({codes.hash(code), codes.keyed("unit", code), codes.keyed("cursor", code)}) == 3
    assert code not in codes.hash(code)


def test_the_key_is_asked_for_once_and_not_before_it_is_needed() -> None:
    asked = []

    def key() -> bytes:
        asked.append(1)
        return b"key"

    codes = HmacCodes(key)
    assert asked == []
    codes.code(LINK)
    codes.hash("x")
    assert asked == [1]
