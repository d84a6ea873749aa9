"""A resident praises whoever did the work, by link: once a round, for the person and the managers (B15)."""

import pytest

from chalicelib import wiring
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.follow_up.forms import RateForm
from chalicelib.domain.follow_up.retention import ALL_KINDS
from chalicelib.services.privacy.forgetting import erase
from tests.api_desk import ApiDesk, api_desk
from tests.browser import Browser, browsing, completed, html, link
from tests.builders import community, office
from tests.stories import HANDLER

HERE = "/v1/communities/riverside"
WORDS = "师傅很细心，我是王芳，电话13900001234"
MASKED = "师傅很细心,我是…,电话…"


def code_of(desk: ApiDesk, case: Case, purpose: Purpose = Purpose.TRACK) -> str:
    return link(desk.office, case, purpose).rpartition("/")[2]


def praise(desk: ApiDesk, case: Case, purpose: Purpose = Purpose.TRACK, **body: str) -> int:
    return desk.post(f"/v1/links/{code_of(desk, case, purpose)}/praise", body).status_code


@pytest.mark.req("B15", "E8")
def test_the_person_and_the_managers_read_it_and_nobody_else() -> None:
    with api_desk() as desk:
        case = completed(desk.office)
        where = f"{HERE}/cases/{case.number}"
        before = [desk.get(path, user="supervisor-1").json_body for path in (where, f"{where}/events")]
        code = code_of(desk, case)
        can = desk.get(f"/v1/links/{code}").json_body
        assert (can["praise"]["given_at"], "praise" in can["commands"]) == (None, True)
        given = desk.post(f"/v1/links/{code}/praise", {"words": WORDS})
        assert (given.status_code, given.json_body["praise"]["words"]) == (200, MASKED)
        assert "praise" not in given.json_body["commands"]
        after = [desk.get(path, user="supervisor-1").json_body for path in (where, f"{where}/events")]
        assert after == before, "it stands in no view of the case"
        for user, path in (("manager-1", "findings"), (HANDLER.id, "my-findings")):
            (found,) = desk.get(f"{HERE}/{path}", user=user).json_body["items"]
            assert (found["finding"]["words"], found["finding"]["by"]) == (MASKED, "resident"), user
        for user in ("agent-1", "supervisor-1", "engineering-2", "engineering-head"):
            assert desk.get(f"{HERE}/my-findings", user=user).json_body["items"] == []


@pytest.mark.req("B15")
def test_it_is_counted_by_person_and_month_beside_merits() -> None:
    with api_desk() as desk:
        case = completed(desk.office)
        assert praise(desk, case) == 200, "without words too"
        body = {
            "number": case.number,
            "about": HANDLER.id,
            "what": "beyond_duty",
            "words": "好",
            "merit": True,
        }
        assert desk.post(f"{HERE}/findings", body, user="manager-1").status_code == 201
        (count,) = desk.get(f"{HERE}/findings", user="manager-1").json_body["counts"]
        assert (count["about"], count["month"]) == (HANDLER.id, "202611")
        assert (count["faults"], count["merits"], count["praise"]) == (0, 1, 1)


@pytest.mark.req("B15")
def test_once_a_round_and_not_by_who_works() -> None:
    with api_desk() as desk:
        case = completed(desk.office)
        assert praise(desk, case, words="好") == 200
        assert praise(desk, case, words="好") == 200, "sent again it is one"
        assert praise(desk, case, Purpose.RATE, words="另一句") == 409
        assert praise(desk, case, Purpose.WORK, words="夸自己") == 403, "whoever did the work gives none"
        assert len(desk.get(f"{HERE}/findings", user="manager-1").json_body["items"]) == 1
        desk.office.do(case, "reopen", RESIDENT, ReasonForm("又坏了"))
        assert praise(desk, case, words="好") == 409, "nothing is done in this round"
    with api_desk() as desk:
        case = desk.office.case(completed(desk.office))
        desk.office.do(case, "rate", RESIDENT, RateForm(5))
        assert praise(desk, case, words="好") == 200, "after the end too, by the tracking link"


@pytest.mark.req("B15", "G13")
def test_a_complaint_about_a_person_takes_no_praise() -> None:
    with api_desk() as desk:
        case = completed(desk.office)
        said = {"person": HANDLER.id, "reason": "住户说的就是他"}
        assert desk.command(case.number, "identify", said, user="supervisor-1").status_code == 200
        code = code_of(desk, case)
        seen = desk.get(f"/v1/links/{code}").json_body
        assert (seen["praise"], "praise" in seen["commands"]) == (None, False)
        assert praise(desk, case) == 409


@pytest.mark.req("B15", "G24")
def test_its_words_are_erased_and_that_it_was_given_stays() -> None:
    with api_desk() as desk:
        case = completed(desk.office)
        assert praise(desk, case, words=WORDS) == 200
        rated = desk.office.do(case, "rate", RESIDENT, RateForm(5))
        ended = desk.office.do(rated, "reopen", RESIDENT, ReasonForm("又坏了"))
        ended = desk.office.do(ended, "withdraw", RESIDENT, ReasonForm("好了"))
        assert erase(
            desk.office.desk, desk.office.stores.notices, wiring.findings(), ended, ALL_KINDS, "request"
        )
        listed = desk.get(f"{HERE}/findings", user="manager-1").json_body
        assert (listed["items"][0]["finding"]["words"], listed["counts"][0]["praise"]) == ("", 1)


@pytest.mark.req("B15")
@pytest.mark.parametrize("purpose", [Purpose.TRACK, Purpose.RATE])
def test_both_pages_take_it_in_one_step(purpose: Purpose) -> None:
    with browsing(office(community())) as browser:
        case = completed(browser.office)
        page = link(browser.office, case, purpose)
        assert "表扬处理人" in html(browser.get(page))
        done = html(browser.follow(browser.post(f"{page}/praise", {"words": "上门很快"})))
        assert "您已于" in done
        assert f'action="{page}/praise"' not in done
        again = browser.post(f"{page}/praise", {"words": "别的话"})
        assert (again.status_code, "别的话" in html(again)) == (409, True), "what was typed is kept"
        assert "本轮已经表扬过了" in html(again)
        _reads_own(browser)


def _reads_own(browser: Browser) -> None:
    browser.sign_in(HANDLER.id)
    own = html(browser.get("/desk/riverside/my-record"))
    assert "上门很快" in own
    assert "住户表扬1" in own
