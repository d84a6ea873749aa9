"""Every message that asks staff for an act leads to it: by its link, or by the sign-in (B3, E8)."""

import re

import pytest
from chalice.test import HTTPResponse

from chalicelib.domain.notices.kinds import RESIDENT_ID, NoticeKind
from tests.browser import Browser, Form, assigned, browsing, extension, html, text
from tests.builders import Office, community, office
from tests.fakes.identity import FakeIdentity
from tests.notice_samples import LETTERS, OWN_DOMAIN, a_case, every_notice, mail, sms
from tests.sending import send

TELLS_ONLY = {NoticeKind.CALLED_OFF}
"""What asks staff for nothing: the work has gone to somebody else."""


@pytest.mark.req("B2", "B3", "B7", "D5")
def test_every_message_to_staff_that_asks_for_an_act_has_the_way_there() -> None:
    case = a_case()
    looked_at = 0
    for notice in every_notice():
        if notice.recipient == RESIDENT_ID or notice.kind in TELLS_ONLY:
            continue
        looked_at += 1
        assert re.search(rf"{OWN_DOMAIN}/(l/\w+|w/{case.number})$", sms(notice, case)), notice
        if notice.kind in LETTERS:
            assert f"{OWN_DOMAIN}/" in mail(notice, case).body, notice
    assert looked_at > 40


def signed_in(browser: Browser, asked: str, username: str) -> HTTPResponse:
    page = browser.get(asked)
    assert page.status_code == 401
    (action,) = (action for action in Form(html(page)).forms if action.endswith("desk"))
    fields = {**Form(html(page)).forms[action], "username": username, "password": FakeIdentity.PASSWORD}
    return browser.follow(browser.post(action, fields))


@pytest.mark.req("B2", "E8")
def test_the_way_in_a_message_leads_through_the_sign_in_to_the_case(browser: Browser, desk: Office) -> None:
    case = assigned(desk)
    page = signed_in(browser, f"/w/{case.number}", "supervisor-1")
    page = browser.follow(page)
    assert f"工单 {case.number}" in text(page)
    assert browser.at.endswith(f"/desk/riverside/cases/{case.number}")


@pytest.mark.req("E8")
def test_a_list_that_was_asked_for_is_shown_after_the_sign_in_as_it_was_asked_for(browser: Browser) -> None:
    page = signed_in(browser, "/desk/riverside?list=community&due=2h&order=age", "supervisor-1")
    assert browser.at.endswith("/desk/riverside?list=community&due=2h&order=age")
    assert page.status_code == 200


@pytest.mark.req("E8")
@pytest.mark.parametrize("username", ["engineering-2", "committee-1", "h-agent-1"])
def test_whoever_may_not_see_the_case_learns_nothing_of_it(
    browser: Browser, desk: Office, username: str
) -> None:
    case = assigned(desk)
    browser.sign_in(username)
    there, not_there = browser.get(f"/w/{case.number}"), browser.get("/w/202611-0999")
    assert (there.status_code, not_there.status_code) == (404, 404)
    assert text(there).replace(case.number, "") == text(not_there).replace("202611-0999", "")


@pytest.mark.req("E8")
@pytest.mark.parametrize(
    "next_page",
    [
        "//evil.example", "https://evil.example", "desk/../../evil", "/desk/riverside", "w/202611-0001/x",
        "desk/riverside?a=//b",
        "desk\\evil", "w/202611-0001?x", "javascript:alert(1)", "w/202611-0001\n", "desk/riverside#x", "w/",
    ],
)  # fmt: skip
def test_a_sign_in_leads_to_own_pages_only(browser: Browser, next_page: str) -> None:
    typed = {"username": "agent-1", "password": FakeIdentity.PASSWORD, "next": next_page}
    assert browser.post("/desk", typed).headers["Location"] == "./desk"


@pytest.mark.req("E8")
def test_who_works_in_two_communities_chooses_between_those_that_have_the_case() -> None:
    both = office(community(), community("hillside", name="翠湖山庄"))
    first, second = assigned(both), both.register("hillside").case
    assert first.number == second.number
    with browsing(both) as browser:
        browser.sign_in("manager-1")
        page = browser.get(f"/w/{first.number}")
        for place in ("riverside", "hillside"):
            assert f'href="../desk/{place}/cases/{first.number}"' in html(page)
        alone = assigned(both)
        assert browser.get(f"/w/{alone.number}").status_code == 303


@pytest.mark.req("B7")
def test_an_approval_is_reached_from_its_sms(browser: Browser, desk: Office) -> None:
    case = extension(desk)
    send(desk)
    (said,) = (sms for _, sms in desk.sms.sent if "申请延期" in sms)
    path = "/w/" + said.rpartition("/w/")[2]
    page = browser.follow(signed_in(browser, path, "manager-1"))
    assert "批准延期" in text(page)
    assert case.number in text(page)
