"""Numbers that cost: premium and satellite ones from nobody, those of other countries not from strangers."""

import pytest

from chalicelib.domain.errors import InvalidInputError
from chalicelib.http.contacts import stored_phone
from tests.api_desk import api_desk
from tests.builders import community

SOMALI, SATELLITE, PREMIUM = "+252612345678", "+881612345678", "+19005551234"


@pytest.mark.req("C3")
@pytest.mark.parametrize("written", [SATELLITE, "+870773111632", PREMIUM, "+449012345678", "+979123456789"])
def test_nobody_can_leave_a_number_whose_caller_pays_more(written: str) -> None:
    with pytest.raises(InvalidInputError, match="premium-rate or satellite"):
        stored_phone(written, "CN")


@pytest.mark.req("C3")
def test_of_200_reports_with_somali_numbers_none_is_taken_and_no_sms_leaves() -> None:
    with api_desk() as desk:
        for serial in range(200):
            answer = desk.report(phone=f"+2526123{serial:05d}")
            assert answer.status_code == 400
            assert "numbers of: CN" in answer.json_body["Message"]
        assert desk.office.memory is not None
        assert not desk.office.memory.cases
        assert desk.report(phone="13900001234").status_code == 201
        assert desk.report("agent-1", phone=SOMALI).status_code == 201, "the desk has spoken to them"
        taken = desk.report("ivr-1", phone=SOMALI, channel="hotline_ivr")
        assert taken.json_body["left_out"] == [f"phone: {SOMALI}"]


@pytest.mark.req("C3")
def test_a_community_says_whose_numbers_it_takes() -> None:
    with api_desk(community("harbour", prefix="har-", phone_countries=("CN", "HK"))) as desk:
        sent = {"another": True, "text": "灯坏了", "unit": "1", "name": "李", "phone": "+85251234567"}
        assert desk.post("/v1/communities/harbour/cases", sent).status_code == 201
        assert desk.post("/v1/communities/riverside/cases", sent).status_code == 400
