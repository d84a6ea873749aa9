"""Telephone numbers as people at home and abroad read them; what dials them stays whole (A3)."""

import pytest

from chalicelib.domain.community.phones import readable
from chalicelib.http.contacts import stored_phone

READ = [
    ("CN", "+8613900001234", "139 0000 1234"),
    ("CN", "+862161234567;ext=801", "021 6123 4567"),
    ("CN", "+8657188001234", "0571 8800 1234"),
    ("CN", "+864001234567", "400 123 4567"),
    ("CN", "+85251234567", "+852 5123 4567"),
    ("CN", "+14155550123", "+1 415 555 0123"),
    ("HK", "+85251234567", "5123 4567"),
    ("HK", "+8613900001234", "+86 139 0000 1234"),
    ("TW", "+886912345678", "0912 345 678"),
    ("TW", "+886223456789", "02 2345 6789"),
    ("DE", "+4915112345678", "+49 151 1234 5678"),
]


@pytest.mark.req("A3")
@pytest.mark.parametrize(("country", "stored", "read"), READ)
def test_a_number_is_read_as_people_there_write_it(country: str, stored: str, read: str) -> None:
    assert readable(stored, country) == read


@pytest.mark.parametrize(("country", "stored", "read"), READ)
def test_what_is_read_can_be_typed_again(country: str, stored: str, read: str) -> None:
    if stored != "+14155550123":  # of the numbers for films, which nobody has
        assert stored_phone(read, country) == stored.partition(";")[0]


def test_what_is_masked_stays_masked() -> None:
    assert readable("139****1234", "CN") == "139****1234"
