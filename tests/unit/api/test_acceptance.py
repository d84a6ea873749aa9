"""A repair that its resident accepts, through the API; and what is no signature (B9)."""

from collections.abc import Iterator

import pytest

from chalicelib.domain.case.links import Purpose, link_for
from tests.api_desk import ApiDesk, api_desk
from tests.browser import completed
from tests.content import drawn

CASES = "/v1/communities/riverside/cases"
PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 14; ALN-AL00) Chrome/126.0 Mobile Safari/537.36"}


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


@pytest.fixture
def number(desk: ApiDesk) -> str:
    """A repair that its handler has completed."""
    number = str(desk.report(matter="home_other", kind="repair").json_body["number"])
    desk.command(number, "assign", {"handler": "engineering-1", "reason": "轮到"}, user="supervisor-1")
    desk.command(number, "sign", {"signature": "工程部甲"}, user="engineering-1")
    desk.command(number, "complete", {"result": "已换", "cause": "老化"}, user="engineering-1")
    return number


def code_of(desk: ApiDesk, number: str, purpose: Purpose) -> str:
    return desk.office.codes.code(link_for(desk.office.desk.cases.get("riverside", number), purpose, 7))


@pytest.mark.req("B9", "E8")
def test_the_resident_signs_on_the_worker_s_phone(desk: ApiDesk, number: str) -> None:
    work = code_of(desk, number, Purpose.WORK)
    shown = desk.get(f"/v1/links/{work}").json_body
    assert shown["acceptance"]["waits"]
    assert "accept_work" in shown["commands"]
    form = {"resident_name": "王芳", "signature": drawn(), "device": "made up"}
    keyed = {**PHONE, "Idempotency-Key": "signed-once"}
    for _ in range(2):  # the answer to the first got lost in the cellar
        given = desk.post(f"/v1/links/{work}/accept_work", form, headers=keyed)
        assert given.status_code == 200, given.json_body
    seen = given.json_body["acceptance"]
    assert (seen["how"], seen["resident_name"], seen["device"]) == ("phone", "王芳", "Android · Chrome")
    case = desk.office.desk.cases.get("riverside", number)
    (signature,) = case.files
    assert signature.stage == "signature"
    assert "base64" not in repr(desk.office.desk.cases.events("riverside", number)), "it lies in the bucket"
    whole = desk.get(f"{CASES}/{number}", user="supervisor-1").json_body
    assert whole["acceptance"]["signed_at"] is not None


@pytest.mark.req("B9", "B10")
def test_a_drawing_of_another_case_signs_nothing_here(desk: ApiDesk, number: str) -> None:
    other = completed(desk.office, unit="5-0301").number
    form = {"resident_name": "王芳", "signature": drawn()}
    first = desk.post(f"/v1/links/{code_of(desk, number, Purpose.WORK)}/accept_work", form)
    assert first.status_code == 200, first.json_body
    here = f"/v1/links/{code_of(desk, other, Purpose.WORK)}/accept_work"
    again = desk.post(here, form)
    assert (again.status_code, "drawn anew" in again.json_body["Message"]) == (400, True)
    assert not desk.office.desk.cases.get("riverside", other).files, "nothing half-done"
    assert desk.post(here, {**form, "signature": drawn()}).status_code == 200


@pytest.mark.req("B9")
def test_the_resident_signs_or_refuses_by_the_own_link(desk: ApiDesk, number: str) -> None:
    track = code_of(desk, number, Purpose.TRACK)
    assert {"accept_work", "refuse_work"} <= set(desk.get(f"/v1/links/{track}").json_body["commands"])
    assert desk.post(f"/v1/links/{track}/nobody_home", {"note": "?"}).status_code == 403
    given = desk.post(f"/v1/links/{track}/accept_work", {"resident_name": "王芳"}).json_body
    assert given["acceptance"]["how"] == "link"
    again = desk.post(f"/v1/links/{track}/refuse_work", {"reason": "还漏"})
    assert (again.status_code, again.json_body["Code"]) == (409, "CommandRefused")


@pytest.mark.req("B9")
@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({}, 400, "resident_name"),
        ({"resident_name": "王芳"}, 400, "signed"),
        ({"resident_name": "王芳", "signature": "data:image/png;base64,TVqQAAMAAAA="}, 400, "PNG"),
        ({"resident_name": "王芳", "signature": drawn(lines=0)}, 400, "Nothing was drawn"),
        ({"resident_name": "王芳", "signature": drawn(width=2400)}, 400, "at most 60 KB"),
    ],
)
def test_what_is_no_signature_is_refused_and_nothing_is_half_done(
    desk: ApiDesk, number: str, form: dict[str, str], status: int, said: str
) -> None:
    before = desk.office.desk.cases.get("riverside", number)
    answer = desk.command(number, "accept_work", form, user="engineering-1")
    assert answer.status_code == status
    assert said in answer.json_body["Message"]
    assert desk.office.desk.cases.get("riverside", number) == before


@pytest.mark.req("B9")
def test_a_signed_paper_of_another_case_is_refused(desk: ApiDesk, number: str) -> None:
    other = f"riverside/{'0' * 32}/{'a' * 16}"
    answer = desk.command(number, "add_files", {"files": [other], "stage": "signed"}, user="engineering-1")
    assert answer.status_code == 400
    assert "uploaded for something else" in answer.json_body["Message"]
