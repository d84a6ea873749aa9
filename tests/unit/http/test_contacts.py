"""Phone numbers as people write them: an extension is kept, a slip is refused (A3, G8)."""

import phonenumbers
import pytest

from chalicelib.domain.community.phones import MOBILES, can_be_written_to, can_get_sms
from chalicelib.domain.errors import InvalidInputError
from chalicelib.http.contacts import stored_phone

LANDLINE = "+862161234567"


@pytest.mark.req("A3")
@pytest.mark.parametrize(
    "written",
    [
        "021-61234567#801",
        "021-61234567＃801",
        "021-61234567转801",
        "021-61234567 转 801",
        "021-61234567轉801".replace("轉", "转分机"),
        "021-61234567-801",
        "０２１－６１２３４５６７－８０１",
        "021—61234567—801",
        "021-61234567 ext 801",
        "021-61234567 Ext. 801",
        "021-61234567,801",
        "021-61234567x801",
        "021-61234567*801",
        "021-61234567/801",
        "021-61234567分机号：801",
        "(021)6123 4567 内线 801",
        "tel:+86-21-61234567;ext=801",
        f"{LANDLINE};ext=801",
    ],
)
def test_an_extension_is_kept_however_it_is_written(written: str) -> None:
    assert stored_phone(written, "CN") == f"{LANDLINE};ext=801"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("0755-2345-6789", "+8675523456789"),
        ("400-800-1234", "+864008001234"),
        ("400-800-1234-5", "+864008001234;ext=5"),
        ("17012345678转1234", "+8617012345678;ext=1234"),
        ("+1 212-555-1234 extension 12", "+12125551234;ext=12"),
    ],
)
def test_digits_that_belong_to_the_number_are_no_extension(written: str, stored: str) -> None:
    assert stored_phone(written, "CN") == stored


@pytest.mark.req("A3")
@pytest.mark.parametrize(
    "written",
    ["13800138000-1", "138 0013 8000 1", "021-61234567/61234568", "021-61234567转", "转801",
     "10086", "", " ", "021-61234567#801#802"],
)  # fmt: skip
def test_what_cannot_be_called_is_refused(written: str) -> None:
    with pytest.raises(InvalidInputError, match="'phone' cannot be called"):
        stored_phone(written, "CN")


@pytest.mark.req("G8")
@pytest.mark.parametrize("code", MOBILES)
def test_who_can_get_an_sms_is_what_the_number_plans_say(code: str) -> None:
    """The table in the domain against the library that knows every plan, by its own examples."""
    kinds = phonenumbers.PhoneNumberType
    region = phonenumbers.region_code_for_country_code(int(code))
    for kind in (kinds.MOBILE, kinds.FIXED_LINE, kinds.TOLL_FREE, kinds.SHARED_COST, kinds.UAN):
        example = phonenumbers.example_number_for_type(region, kind)
        if example is None:
            continue
        found = phonenumbers.number_type(example)
        stored = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        assert can_get_sms(stored) is (found in {kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE}), (stored, kind)


@pytest.mark.req("G8")
def test_neither_an_extension_nor_nothing_gets_an_sms() -> None:
    assert not can_get_sms(f"{LANDLINE};ext=801")
    assert not can_get_sms("+8617012345678;ext=1234")
    assert not can_get_sms(None)
    assert can_get_sms("+260955123456"), "of a country that the table does not have, any may"
    assert can_be_written_to(LANDLINE, "a@b.cn")
    assert not can_be_written_to(LANDLINE, None)
