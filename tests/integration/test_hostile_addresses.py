"""Each attack by name: what ended, was another's, or never was, answers with what to do and does nothing."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from chalice.test import HTTPResponse
from msgspec.structs import replace

from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.events import RevisitOutcome
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.roles import RESIDENT, TIMER
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.follow_up.forms import ArchiveForm, RevisitForm
from chalicelib.domain.follow_up.retention import ALL_KINDS, EraseForm
from chalicelib.domain.work.common_acceptance import SeenForm
from chalicelib.domain.work.forms import CompleteForm, ProposeForm
from chalicelib.services.day_link import day_link
from tests.browser import HANDLER, Browser, Form, browsing, completed, html, link, signed, text
from tests.builders import AGENT, SUPERVISOR, Office, community, office
from tests.content import drawn

HILLSIDE = community("hillside", prefix="h-")


@pytest.fixture
def made() -> Office:
    return office(community(), HILLSIDE)


@pytest.fixture
def browser(made: Office) -> Iterator[Browser]:
    with browsing(made) as found:
        yield found


def tab(browser: Browser, address: str, command: str) -> tuple[str, dict[str, str]]:
    """The form of a command as it stands on a page now: where it goes, and what is in it."""
    at = f"{address}?act={command}" if address.startswith("/desk/") else address
    forms = Form(html(browser.get(at))).forms
    (action,) = (action for action in forms if action.rsplit("/", 1)[-1] == command)
    fields = {name: value for name, value in forms[action].items() if not name.endswith("?")}
    return f"{address}/{command}", fields


def refused(sent: HTTPResponse, *said: str) -> None:
    """It was answered, with each of these words, and is no error of ours."""
    assert 400 <= sent.status_code < 500, (sent.status_code, text(sent))
    for words in said:
        assert words in text(sent), text(sent)


def handed_in(made: Office, case: Case) -> Case:
    """The case, completed; under a pack that wants it, its result is signed off."""
    return made.do(made.case(case), "complete", HANDLER, CompleteForm("已修好"))


@pytest.mark.req("D1")
def test_a_survey_is_answered_once_whatever_is_sent_again(browser: Browser, made: Office) -> None:
    case = completed(made)
    where, form = tab(browser, link(made, case, Purpose.RATE), "rate")
    assert browser.post(where, {**form, "score": "5"}).status_code == 303
    after = made.case(case).version
    assert browser.post(where, {**form, "score": "5"}).status_code == 303, (
        "the second press learns of the first"
    )
    refused(browser.post(where, {**form, "score": "1"}), "评")
    refused(browser.post(where, {**form, "score": "1", "once": "another"}), "已评价过了")
    assert made.case(case).version == after


@pytest.mark.req("G11", "B10")
def test_an_old_tab_agrees_to_no_newer_quote(browser: Browser, made: Office) -> None:
    case = signed(made, matter="home_other")
    case = made.do(case, "propose", HANDLER, ProposeForm("阀芯老化", "更换水龙头", price_item="tap"))
    track = link(made, case, Purpose.TRACK)
    where, old = tab(browser, track, "agree")
    case = made.do(case, "disagree", RESIDENT, ReasonForm("太贵"))
    refused(browser.post(where, old))
    made.do(case, "propose", HANDLER, ProposeForm("墙内管裂", "开墙换管", price_item="tap", quantity=5))
    refused(browser.post(where, old), "新情况")
    assert made.case(case).state is State.PROPOSED
    where, new = tab(browser, track, "agree")
    assert browser.post(where, new).status_code == 303
    refused(browser.post(f"{track}/disagree", {**old, "reason": "还是太贵"}))
    assert made.case(case).work.plan_agreed


@pytest.mark.req("B9")
def test_an_old_tab_neither_accepts_nor_refuses_the_work_of_a_later_round(
    browser: Browser, made: Office
) -> None:
    case = completed(made, kind="repair", matter="home_other")
    track = link(made, case, Purpose.TRACK)
    accepts, old = tab(browser, track, "accept_work")
    refuses, also_old = tab(browser, track, "refuse_work")
    case = made.do(case, "refuse_work", RESIDENT, ReasonForm("还漏"))
    refused(browser.post(accepts, {**old, "resident_name": "王芳"}))
    case = made.do(case, "assign", SUPERVISOR, AssignForm(HANDLER.id, "还是他"))
    case = handed_in(made, made.do(case, "sign", HANDLER, SignForm("甲")))
    assert made.case(case).state is State.COMPLETED
    for where, form in (
        (accepts, {**old, "resident_name": "王芳"}),
        (refuses, {**also_old, "reason": "还漏"}),
    ):
        refused(browser.post(where, form), "新情况")
    assert made.case(case).work.acceptance.waits
    where, new = tab(browser, track, "accept_work")
    signed_once = {**new, "resident_name": "王芳", "signature": drawn()}
    assert browser.post(where, signed_once).status_code == 303
    after = made.case(case).version
    assert browser.post(where, signed_once).status_code == 303, "the second press"
    refused(browser.post(where, {**signed_once, "once": "another"}), "已经验收过了")
    refused(browser.post(refuses, {**new, "reason": "反悔", "once": "third"}), "已经验收过了")
    assert made.case(case).version == after


@pytest.mark.req("B13", "G6")
def test_two_colleagues_with_old_tabs_accept_a_common_part_once(browser: Browser, made: Office) -> None:
    case = completed(made, kind="repair", matter="drain_blocked", unit=None)
    where = f"/desk/riverside/cases/{case.number}"
    browser.sign_in("agent-1")
    _, mine = tab(browser, where, "accept_common_work")
    _, back = tab(browser, where, "refuse_common_work")
    made.do(case, "accept_common_work", SUPERVISOR, SeenForm(True))
    after = made.case(case).version
    for command, form in (("accept_common_work", {**mine, "proved": "yes"}), ("refuse_common_work", back)):
        refused(browser.post(f"{where}/{command}", {**form, "reason": "不通"}), "新情况")
    assert made.case(case).version == after


@pytest.mark.req("E5", "G8")
def test_a_link_after_its_time_does_nothing_and_says_whom_to_ask(browser: Browser, made: Office) -> None:
    case = signed(made)
    where, form = tab(browser, link(made, case, Purpose.TRACK), "urge")
    work, done = tab(browser, link(made, case, Purpose.WORK), "start")
    made.clock.advance(timedelta(days=366))
    before = made.case(case).version
    for address, fields in ((where, form), (work, done)):
        refused(browser.post(address, fields), "已过期", "客服")
        refused(browser.get(address.rsplit("/", 1)[0]), "已过期", "客服")
    assert made.case(case).version == before


@pytest.mark.req("E8", "G8")
def test_whoever_works_here_no_more_has_no_link_and_no_list(browser: Browser, made: Office) -> None:
    case = signed(made)
    where, form = tab(browser, link(made, case, Purpose.WORK), "start")
    today = made.desk.calendars.of(community()).local_date(made.clock())
    day = f"/d/{day_link(made.desk, community(), HANDLER.id, today)}"
    assert browser.get(day).status_code == 200
    place = made.desk.directory.community("riverside")
    staff = tuple(replace(one, active=False) if one.username == HANDLER.id else one for one in place.staff)
    made.stores.directory.put(replace(place, staff=staff))  # type: ignore[attr-defined]
    refused(browser.post(where, form), "不在岗")
    refused(browser.get(where.rsplit("/", 1)[0]), "不在岗")
    refused(browser.get(day), "不在岗")
    refused(browser.post(f"{day}/sign", {}), "不在岗")
    assert made.case(case).state is State.SIGNED


@pytest.mark.req("B9", "G8")
def test_a_list_of_yesterday_signs_for_nothing(browser: Browser, made: Office) -> None:
    case = made.register(kind="repair", matter="lighting_lock").case
    made.do(case, "assign", SUPERVISOR, AssignForm(HANDLER.id, "轮到"))
    today = made.desk.calendars.of(community()).local_date(made.clock())
    day = f"/d/{day_link(made.desk, community(), HANDLER.id, today)}"
    forms = Form(html(browser.get(day))).forms
    made.clock.advance(timedelta(days=1))
    for form in (*forms.values(), {}):
        refused(browser.post(f"{day}/sign", dict(form)), "已经失效")
    assert made.case(case).state is State.ASSIGNED


@pytest.mark.req("E8", "G3")
def test_a_token_or_key_of_another_is_worth_nothing(browser: Browser, made: Office) -> None:
    """The token of another's session, the key of another's form, the version of another case."""
    case, other = completed(made), signed(made)
    where = f"/desk/riverside/cases/{case.number}"
    browser.sign_in("supervisor-1")
    _, theirs = tab(browser, where, "record_revisit")
    browser.cookie = ""
    browser.sign_in("agent-1")
    _, mine = tab(browser, where, "record_revisit")
    said = {"outcome": "satisfied", "manner": "phone"}
    before = made.case(case).version
    assert browser.post(f"{where}/record_revisit", {**theirs, **said}).status_code == 403
    assert browser.post(f"{where}/record_revisit", {**mine, **said, "csrf": ""}).status_code == 403
    elsewhere = f"/desk/riverside/cases/{other.number}"
    refused(browser.post(f"{elsewhere}/record_revisit", {**mine, **said}))
    assert (made.case(case).version, made.case(other).state) == (before, State.SIGNED)
    both = {**mine, **said, "once": theirs["once"]}
    assert browser.post(f"{where}/record_revisit", both).status_code == 303, "a key is the sender's own"
    assert made.desk.cases.events("riverside", case.number)[before].actor.id == "agent-1"


@pytest.mark.req("E8", "G13")
def test_the_link_of_one_case_opens_nothing_of_another(browser: Browser, made: Office) -> None:
    """Its command with another's code, files by guessed places, the number in a form: nothing, or the own."""
    mine, other = signed(made), completed(made, kind="repair", matter="home_other")
    track, work = link(made, mine, Purpose.TRACK), link(made, mine, Purpose.WORK)
    _, accepts = tab(browser, link(made, other, Purpose.TRACK), "accept_work")
    before = {case.number: made.case(case).version for case in (mine, other)}
    forged = {
        **accepts,
        "resident_name": "王芳",
        "number": other.number,
        "code": link(made, other, Purpose.TRACK),
    }
    for code in (track, work):
        refused(browser.post(f"{code}/accept_work", forged))
        for place in ("1", "99", "-1", "x", "%2e%2e", "9" * 40):
            assert browser.get(f"{code}/files/{place}").status_code in {400, 404}, place
    refused(browser.post(f"{work}/rate", {"score": "5"}))
    refused(browser.post(f"{track}/complete", {"result": "好了"}))
    assert {case.number: made.case(case).version for case in (mine, other)} == before


@pytest.mark.req("E8", "G24")
@pytest.mark.parametrize("ending", ["closed", "archived", "erased"])
def test_a_case_that_has_ended_takes_no_act_and_the_refusal_says_how_it_stands(
    browser: Browser, made: Office, ending: str
) -> None:
    case = completed(made, kind="repair", matter="home_other")
    track, work = (link(made, case, purpose) for purpose in (Purpose.TRACK, Purpose.WORK))
    where = f"/desk/riverside/cases/{case.number}"
    browser.sign_in("supervisor-1")
    forms = Form(html(browser.get(where))).forms
    case = made.do(case, "record_revisit", AGENT, RevisitForm(RevisitOutcome.SATISFIED, "phone"))
    if ending != "closed":
        case = made.do(case, "archive", SUPERVISOR, ArchiveForm("老化", "更换", "好了", "检查"))
    if ending == "erased":
        case = made.do(case, "erase", TIMER, EraseForm(ALL_KINDS, "retention"))
    before = made.case(case).version
    for action, fields in forms.items():
        command = action.rsplit("/", 1)[-1]
        typed = {name: value or fields.get(f"{name}?") or "已说明" for name, value in fields.items()}
        if f"{where}/" in f"{where.rsplit('/', 1)[0]}/{action}" and command not in {"files", "reveal"}:
            refused(browser.post(f"{where}/{command}", typed))
    for code, command in ((track, "urge"), (track, "refuse_work"), (work, "start"), (work, "accept_work")):
        refused(browser.post(f"{code}/{command}", {"reason": "还漏", "resident_name": "王芳"}))
    assert made.case(case).version == before


@pytest.mark.req("E8", "G13")
def test_nothing_of_a_foreign_case_is_had_by_guessing_its_address(browser: Browser, made: Office) -> None:
    """The case, its paper, PDF, files, forms: of another community, department, or no case at all."""
    case = completed(made, kind="repair", matter="home_other")
    browser.sign_in("agent-1")
    paper = f"/desk/riverside/cases/{case.number}/paper"
    form = Form(html(browser.get(f"{paper}?sheet=order"))).forms
    (action,) = (one for one in form if "paper" in one)
    asked = browser.post(paper, {**form[action], "sheet": "order"})
    pdf = asked.headers["Location"]
    assert browser.get(pdf).status_code in {200, 303}
    for username, place in (("security-1", "riverside"), ("agent-2", "riverside"), ("h-agent-1", "hillside")):
        browser.cookie = ""
        browser.sign_in(username)
        found = browser.get(pdf)
        if username != "agent-2":
            assert found.status_code in {403, 404}, username
        assert "Location" not in found.headers, "a PDF is whose it was made for"
        if username == "agent-2":
            continue
        own = f"/desk/{place}/cases/{case.number}"
        for address in ("", "/paper", "/paper?sheet=order", "/files/1", "/recordings/1"):
            assert browser.get(own + address).status_code in {403, 404}, (username, address)
        for command in ("complete", "accept_work", "accept_common_work", "give_up_acceptance", "reveal"):
            assert browser.post(f"{own}/{command}", {"result": "x"}).status_code in {400, 403, 404}
    assert made.case(case) == case
