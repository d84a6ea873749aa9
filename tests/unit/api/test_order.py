"""A repair that costs money, through the API: quote, agreed by link, bill within it, cashier, account."""

from collections.abc import Iterator

import pytest

from chalicelib.domain.case.links import Purpose, link_for
from tests.api_desk import ApiDesk, api_desk

CASES = "/v1/communities/riverside/cases"


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


@pytest.fixture
def number(desk: ApiDesk) -> str:
    """A repair of the engineers that its handler has signed for."""
    answer = desk.report(matter="home_other", kind="repair")
    number = str(answer.json_body["number"])
    desk.command(number, "assign", {"handler": "engineering-1", "reason": "轮到"}, user="supervisor-1")
    desk.command(number, "sign", {"signature": "工程部甲"}, user="engineering-1")
    return number


def code_of(desk: ApiDesk, number: str, purpose: Purpose) -> str:
    """The code that a message to the handler or resident would carry now."""
    return desk.office.codes.code(link_for(desk.office.desk.cases.get("riverside", number), purpose, 7))


def refused(desk: ApiDesk, number: str, command: str, form: dict[str, object], user: str) -> tuple[int, str]:
    answer = desk.command(number, command, form, user=user)
    return answer.status_code, answer.json_body["Message"]


@pytest.mark.req("B9", "B10", "G11")
def test_from_the_quote_to_the_account(desk: ApiDesk, number: str) -> None:
    work = code_of(desk, number, Purpose.WORK)
    quote = {"cause": "龙头老化", "plan": "换龙头", "price_item": "tap"}
    assert desk.post(f"/v1/links/{work}/propose", quote).json_body["state"] == "proposed"
    track = code_of(desk, number, Purpose.TRACK)
    shown = desk.get(f"/v1/links/{track}").json_body
    assert (shown["plan"]["price_fen"], shown["plan"]["listed"]["name"]) == (8000, "更换水龙头")
    assert desk.get(f"/v1/links/{track}/agree").status_code in {403, 405}, "a scanner agrees to nothing"
    assert desk.post(f"/v1/links/{track}/agree", {}).json_body["state"] == "working"
    done = {"result": "已换龙头", "cause": "龙头老化"}
    unseen = desk.post(f"/v1/links/{work}/complete", done)
    assert (unseen.status_code, "compare_item" in unseen.json_body["Message"]) == (409, True)
    item = {"actual": "厨房冷水龙头", "differs": False}
    assert desk.post(f"/v1/links/{work}/compare_item", item).status_code == 200
    assert desk.post(f"/v1/links/{work}/complete", done).status_code == 200
    assert desk.signed_off(number) is not None
    above = desk.post(f"/v1/links/{work}/bill", {"labour_fen": 8000, "material_fen": 1})
    assert above.status_code == 400
    assert "8000 at most" in above.json_body["Message"]
    bill = {"labour_fen": 6000, "material_fen": 2000}
    assert desk.post(f"/v1/links/{work}/bill", bill).status_code == 200
    payment = {"paid_fen": 8000, "receipt": "P-3"}
    assert refused(desk, number, "record_payment", payment, "agent-1") == (403, "Only a cashier can do this.")
    assert desk.command(number, "record_payment", payment, user="agent-2").status_code == 200
    assert desk.command(number, "sign_account", {}, user="supervisor-1").status_code == 200
    (paid,) = desk.get(f"/v1/links/{track}").json_body["order"]["bills"]
    assert (paid["total_fen"], paid["receipt"]) == (8000, "P-3")
    whole = desk.get(f"{CASES}/{number}", user="agent-1").json_body["order"]["bills"][0]
    assert (whole["signed_by"], whole["paid"]["by"]) == ("supervisor-1", "agent-2")


@pytest.mark.req("B10", "G11")
@pytest.mark.parametrize(
    ("command", "form", "user", "status"),
    [
        ("bill", {"labour_fen": 6000, "material_fen": 0}, "engineering-1", 409),
        ("bill", {"labour_fen": -1, "material_fen": 0}, "engineering-1", 400),
        ("bill", {"labour_fen": 35.555, "material_fen": 0}, "engineering-1", 400),
        ("bill", {"labour_fen": 10**9, "material_fen": 0}, "engineering-1", 400),
        ("record_payment", {"paid_fen": 8000, "receipt": "P-3"}, "agent-2", 409),
        ("propose", {"cause": "c", "plan": "p", "price_fen": 45000}, "engineering-1", 400),
        ("propose", {"cause": "c", "plan": "p", "price_item": "roof"}, "engineering-1", 400),
        ("use_material", {"what": "龙头", "amount": "1", "residents": True}, "engineering-1", 400),
        ("sign_refusal", {}, "supervisor-1", 409),
        ("return_key", {"resident_name": "王芳"}, "agent-1", 409),
    ],
)
def test_what_cannot_be_is_a_sentence_and_changes_nothing(
    desk: ApiDesk, number: str, command: str, form: dict[str, object], user: str, status: int
) -> None:
    before = desk.office.desk.cases.get("riverside", number)
    answered, message = refused(desk, number, command, form, user)
    assert answered == status, message
    assert len(message) > 20
    assert desk.office.desk.cases.get("riverside", number) == before


@pytest.mark.req("B10")
def test_a_quote_that_is_sent_twice_is_one(desk: ApiDesk, number: str) -> None:
    quote = {"cause": "龙头老化", "plan": "换龙头", "price_item": "tap"}
    for _ in range(2):
        key = {"Idempotency-Key": "quote-1"}
        answer = desk.command(number, "propose", quote, user="engineering-1", headers=key)
        assert answer.status_code == 200
    kinds = [event.type for event in desk.office.desk.cases.events("riverside", number)]
    assert kinds.count("proposed") == 1
