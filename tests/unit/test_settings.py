"""Settings: what is missing or wrong is named before anything else happens."""

import pytest

from chalicelib.settings import SettingsError, from_environment
from tests.conftest import ENVIRONMENT


def test_every_missing_variable_is_named() -> None:
    with pytest.raises(SettingsError, match=r"CASES_TABLE, .*AWS_REGION"):
        from_environment({"PUBLIC_BASE_URL": "x"})


def test_the_public_address_has_no_slash_at_its_end() -> None:
    found = from_environment({**ENVIRONMENT, "PUBLIC_BASE_URL": "https://desk.example.com/x/"})
    assert found.public_base_url == "https://desk.example.com/x"


def test_caps_may_be_given() -> None:
    assert from_environment(ENVIRONMENT).intakes_per_phone >= 1
    assert from_environment({**ENVIRONMENT, "INTAKES_PER_ADDRESS": "7"}).intakes_per_address == 7
    for wrong in ("0", "-1", "many", "1.5", "７"):
        with pytest.raises(SettingsError, match="INTAKES_PER_PHONE"):
            from_environment({**ENVIRONMENT, "INTAKES_PER_PHONE": wrong})
    assert from_environment({**ENVIRONMENT, "SMS_PER_HOUR": "9"}).sms_per_hour == 9
    assert from_environment({**ENVIRONMENT, "SMS_MAX_PRICE_USD": "0.05"}).sms_max_price_usd == "0.05"
    with pytest.raises(SettingsError, match="SMS_MAX_PRICE_USD"):
        from_environment({**ENVIRONMENT, "SMS_MAX_PRICE_USD": "much"})
