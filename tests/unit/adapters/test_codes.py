"""Link codes and keyed digests."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.adapters.codes import (
    FROM_THE_BEGINNING,
    HmacCodes,
    Key,
    keys_in,
)
from chalicelib.domain.case.links import ALPHABET, Link, Purpose
from tests.fakes.identity import fake_codes

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
OLD, NEW = Key(FROM_THE_BEGINNING, b"another key"), Key(NOW + timedelta(hours=1), b"a new one")
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
    assert fake_codes().code(LINK) != HmacCodes(lambda: (OLD,)).code(LINK)


def test_the_code_of_a_link_stays() -> None:
    """A later round, or another life of the link in the pack, must not change a code that was sent."""
    codes = fake_codes()

    assert codes.code(replace(LINK, round=2, expires_at=NOW + timedelta(days=1))) == codes.code(LINK)


def test_digests_for_different_purposes_differ() -> None:
    codes = fake_codes()
    code = codes.code(LINK)

    assert len({codes.hash(code), codes.keyed("unit", code), codes.keyed("cursor", code)}) == 3
    assert code not in codes.hash(code)


@pytest.mark.req("G8")
def test_two_keys_hold_at_a_time_a_link_goes_by_that_of_its_case() -> None:
    """A notice of next week has the link that the first had; a case of after the new key has a new one."""
    before, after = HmacCodes(lambda: (OLD,)), HmacCodes(lambda: (OLD, NEW))
    later = replace(LINK, registered_at=NEW.since + timedelta(seconds=1))
    assert after.code(LINK) == before.code(LINK)
    assert after.code(later) == HmacCodes(lambda: (replace(NEW, since=OLD.since),)).code(later)
    assert after.code(later) != before.code(later)


def test_what_stands_in_tables_is_found_under_a_new_key_and_what_is_signed_is_signed_by_it() -> None:
    in_force = replace(NEW, since=NOW - timedelta(days=9999))
    before, after = HmacCodes(lambda: (OLD,)), HmacCodes(lambda: (OLD, in_force))
    for purpose in ("unit", "resident", "brake", "alike"):
        assert after.keyed(purpose, "x") == before.keyed(purpose, "x")
    assert after.hash("x") == before.hash("x")
    for purpose in ("csrf", "cursor", "renewal"):
        assert after.keyed(purpose, "x") != before.keyed(purpose, "x")


def test_the_keys_of_a_secret() -> None:
    assert keys_in('{"signing_key": "another key"}') == (OLD,)
    later = f'{{"signing_key": "another key", "later_keys": {{"{NEW.since.isoformat()}": "a new one"}}}}'
    assert keys_in(later) == (OLD, NEW)
