"""Everybody's first page: what waits for them with the act beside it, and nothing else (A9, B7, D5)."""

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
from msgspec.structs import replace

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.events import Channel, RevisitOutcome
from chalicelib.domain.case.form_fields import ReasonForm, RequiredNoteForm
from chalicelib.domain.community.community import Community, Member
from chalicelib.domain.community.roles import RESIDENT, TIMER, Role
from chalicelib.domain.follow_up.forms import RevisitForm
from chalicelib.domain.intake.forms import ClassifyForm, IdentifyForm
from chalicelib.domain.possible import possible
from chalicelib.domain.timers import TimersForm
from chalicelib.domain.waiting import WAITS, asks_of, waits_of
from chalicelib.domain.whom import spelled_role
from chalicelib.domain.work.forms import RejectForm
from chalicelib.domain.work.malicious import MaliciousForm
from chalicelib.domain.work.order_forms import PaymentForm
from chalicelib.domain.work.replies import ApproveReplyForm, DraftReplyForm
from chalicelib.domain.work.resident_forms import AppointmentForm, DeliveryForm
from chalicelib.web.waiting_page import ITEMS
from tests.browser import (
    HANDLER,
    Browser,
    Form,
    assigned,
    browsing,
    completed,
    extension,
    html,
    sent,
    signed,
    text,
)
from tests.builders import AGENT, MANAGER, MONDAY, SUPERVISOR, Office, community, office
from tests.histories import wandering
from tests.paid_repair import CASHIER, billed_repair
from tests.weights import whole, wire

PAGE = "/desk/riverside"
DAY = timedelta(days=1)


def items(browser: Browser, username: str, address: str = PAGE) -> dict[str, list[str]]:
    """The cases that wait for somebody → the commands whose act is beside them."""
    browser.cookie = ""
    browser.sign_in(username)
    page = html(browser.get(address))
    found = {}
    for part in page.split("<li class=")[1:]:
        number = re.search(r'data-number="([0-9-]+)"', part)
        assert number is not None
        acts = re.findall(rf"cases/{number[1]}(?:/|\?act=)([a-z_]+)", part)
        found[number[1]] = list(dict.fromkeys(acts))
    return found


def objection(desk: Office) -> Case:
    case = desk.do(assigned(desk, kind="complaint"), "reject", SUPERVISOR, RejectForm("灯是亮的"))
    return desk.do(case, "object", RESIDENT, ReasonForm("晚上不亮"))


def malicious(desk: Office) -> Case:
    form = MaliciousForm(reason="虚报", evidence="录像", until=MONDAY + 30 * DAY)
    return desk.do(signed(desk), "propose_malicious", SUPERVISOR, form)


def appealed(desk: Office) -> Case:
    case = desk.do(malicious(desk), "confirm_malicious", MANAGER, ReasonForm("属实"))
    return desk.do(case, "appeal", RESIDENT, ReasonForm("没有虚报"))


def suggestion(desk: Office) -> Case:
    return desk.register(kind="suggestion", matter="other").case


def drawn(desk: Office) -> Case:
    case = completed(desk)
    desk.clock.advance(timedelta(days=5))
    return desk.do(case, "fire_timers", TIMER, TimersForm())


def unsorted(desk: Office) -> Case:
    return desk.register(kind=None, matter=None).case


def late_to_sign(desk: Office) -> Case:
    case = assigned(desk)
    desk.clock.advance(timedelta(hours=9))
    return desk.do(case, "fire_timers", TIMER, TimersForm())


def visit(desk: Office) -> Case:
    case = signed(desk)
    return desk.do(case, "propose_appointment", RESIDENT, AppointmentForm(MONDAY + timedelta(hours=5)))


def points(desk: Office) -> Case:
    form = RevisitForm(RevisitOutcome.SATISFIED, "phone", points="门口的垃圾桶没有收")
    return desk.do(drawn(desk), "record_revisit", AGENT, form)


def followed(desk: Office) -> Case:
    return assigned(desk, actor=AGENT)


def emergency(desk: Office) -> Case:
    return desk.register(kind="help", matter="fire", urgency="emergency").case


def fault(desk: Office) -> Case:
    """A revisit found the work bad, and the message of it has not left for more than a day (C17)."""
    form = RevisitForm(RevisitOutcome.DISSATISFIED, "visit", fault="接口处仍渗水")
    case = desk.do(drawn(desk), "record_revisit", AGENT, form)
    desk.clock.advance(timedelta(hours=25))
    return desk.do(case, "fire_timers", TIMER, TimersForm())


def described(desk: Office) -> Case:
    return desk.register(kind="complaint", matter="staff_attitude", about_person="一个高个子的保安").case


def call(desk: Office) -> Case:
    return desk.register(actor=AGENT, channel=Channel.HOTLINE_OPERATOR, unfinished=True).case


def unsolved(desk: Office) -> Case:
    """A serious complaint whose time to solve has run out: its department owes a written report."""
    case = signed(desk, kind="complaint", matter="lighting_lock", severity="serious")
    desk.clock.advance(timedelta(days=20))
    return desk.do(case, "fire_timers", TIMER, TimersForm())


def climbed(desk: Office) -> Case:
    """A repair so late that the whole ladder has been told (B6)."""
    case = signed(desk)
    desk.clock.advance(timedelta(days=30))
    return desk.do(case, "fire_timers", TIMER, TimersForm())


def unheard(desk: Office) -> Case:
    case = signed(desk)
    case = desk.do(case, "progress", HANDLER, RequiredNoteForm("已订货"))
    untold = DeliveryForm(case.version, "sms", None, "no_address")
    return desk.do(case, "record_delivery", TIMER, untold)


def kept_time(desk: Office) -> Case:
    """Corrected to what would have more time: only the manager can give it."""
    case = desk.register(kind="repair", matter="flooding", urgency="urgent").case
    return desk.do(case, "classify", AGENT, ClassifyForm("看过", matter="lighting_lock", urgency="normal"))


def letter(desk: Office) -> Case:
    return desk.register(channel=Channel.LETTER, actor=AGENT).case


def drafted(desk: Office) -> Case:
    return desk.do(letter(desk), "draft_reply", AGENT, DraftReplyForm("来信收悉"))


def returned(desk: Office) -> Case:
    return desk.do(drafted(desk), "return_reply", SUPERVISOR, ReasonForm("没有写落款"))


def to_post(desk: Office) -> Case:
    case = desk.do(drafted(desk), "approve_reply", SUPERVISOR, ApproveReplyForm())
    return desk.do(case, "record_delivery", TIMER, DeliveryForm(case.version, "sms", None, "no_address"))


EACH: dict[str, tuple[Callable[[Office], Case], dict[str, list[str]]]] = {
    "extension": (extension, {"manager-1": ["grant_extension", "refuse_extension"], "supervisor-1": []}),
    "objection": (objection, {"manager-1": ["uphold", "reopen"], "supervisor-1": []}),
    "malicious": (
        malicious,
        {"manager-1": ["confirm_malicious", "dismiss_malicious"], "supervisor-1": []},
    ),
    "appeal": (appealed, {"company-head-1": ["decide_appeal"], "manager-1": []}),
    "suggestion": (suggestion, {"manager-1": ["decide_suggestion"], "supervisor-1": []}),
    "unsorted": (unsorted, {"agent-1": ["classify"], "supervisor-1": ["classify"], "manager-1": []}),
    "sign": (assigned, {"engineering-1": ["sign", "decline"], "engineering-2": [], "supervisor-1": []}),
    "unsigned": (
        late_to_sign,
        {"supervisor-1": ["assign"], "engineering-head": ["assign"], "cleaning-head": [], "agent-1": []},
    ),
    "visit": (
        visit,
        {"engineering-1": ["accept_appointment", "decline_appointment", "start"], "agent-1": []},
    ),
    "work": (
        signed,
        {"engineering-1": ["start", "complete", "propose"], "engineering-2": [], "manager-1": []},
    ),
    "letter": (letter, {"supervisor-1": ["draft_reply", "waive_reply", "assign"], "manager-1": []}),
    "reply": (drafted, {"supervisor-1": ["approve_reply", "return_reply", "assign"], "manager-1": []}),
    "reply_returned": (returned, {"agent-1": ["draft_reply"], "agent-2": []}),
    "reply_to_post": (to_post, {"agent-1": ["post_reply"], "agent-2": ["post_reply"], "manager-1": []}),
    "point": (points, {"agent-1": ["answer_point"], "supervisor-1": []}),
    "followed": (
        followed,
        {"agent-1": ["answer", "escalate"], "agent-2": [], "engineering-1": ["sign", "decline"]},
    ),
    "alarm": (
        emergency,
        {"security-1": ["confirm_alarm"], "engineering-2": [], "supervisor-1": ["confirm_alarm"]},
    ),
    "call_back": (call, {"agent-1": ["call_back"], "agent-2": ["call_back"], "manager-1": []}),
    "report": (unsolved, {"engineering-head": ["file_report"], "cleaning-head": [], "agent-2": []}),
    "hand_on": (
        lambda desk: desk.register(kind="repair", matter="lighting_lock").case,
        {"supervisor-1": ["assign"], "engineering-head": ["assign"], "cleaning-head": [], "manager-1": []},
    ),
    "escalated": (climbed, {"manager-1": ["assign", "answer"], "agent-2": [], "engineering-2": []}),
    "to_call": (unheard, {"agent-1": ["answer"], "agent-2": [], "manager-1": []}),
    "fault": (fault, {"supervisor-1": ["notify_worker"], "agent-1": [], "engineering-1": []}),
    "identify": (
        described,
        {"supervisor-1": ["identify"], "manager-1": [], "agent-1": [], "security-1": []},
    ),
    "time_kept": (kept_time, {"manager-1": ["classify"], "agent-1": []}),
}


@pytest.mark.req("A6", "A9", "B1", "B2", "B7", "C17", "D4", "G13", "G14")
@pytest.mark.parametrize("what", EACH)
def test_each_thing_waits_on_the_first_page_of_whoever_is_asked_and_of_nobody_else(
    browser: Browser, desk: Office, what: str
) -> None:
    make, people = EACH[what]
    case = make(desk)
    for username, acts in people.items():
        found = items(browser, username).get(case.number, [])
        assert [act for act in found if act in acts] == acts, (username, found)
        assert not [act for act in found if act in WAITS[what].commands and act not in acts], username


@pytest.mark.req("B6", "B7")
def test_what_climbed_to_the_company_head_is_named_there_also_without_an_act(
    browser: Browser, desk: Office
) -> None:
    case = climbed(desk)
    assert "company-head-1" in {climb.person for climb in case.climbs}
    browser.sign_in("company-head-1")
    page = text(browser.get(PAGE))
    assert case.number in page
    assert "超时已上报给您，请过问" in page


@pytest.mark.req("B7", "G13")
def test_whom_a_resident_described_is_asked_for_until_somebody_says_who_it_is(
    browser: Browser, desk: Office
) -> None:
    case = described(desk)
    browser.sign_in("supervisor-1")
    assert "涉及员工（住户的描述：一个高个子的保安）" in text(browser.get(PAGE))
    desk.do(case, "identify", SUPERVISOR, IdentifyForm("值班表上是他", "security-1"))
    assert "identify" not in items(browser, "supervisor-1").get(case.number, [])


@pytest.mark.req("D2", "D5")
def test_a_revisit_waits_for_whoever_was_drawn(browser: Browser, desk: Office) -> None:
    case = drawn(desk)
    asked = case.follow_up.revisitor
    assert asked is not None
    for username in ("agent-1", "agent-2", "supervisor-1", "manager-1"):
        found = items(browser, username).get(case.number, [])
        assert ("record_revisit" in found) == (username == asked), username


@pytest.mark.req("B2", "G8")
def test_the_act_beside_it_is_carried_out_once_and_leads_back(browser: Browser, desk: Office) -> None:
    case = assigned(desk)
    browser.sign_in("engineering-1")
    page = browser.get(PAGE)
    action, fields = next(
        (action, fields) for action, fields in Form(html(page)).forms.items() if action.endswith("/sign")
    )
    assert fields["signature"] == "工程部甲"
    again = browser.follow(browser.post(action, fields))
    assert f"{case.number}：" in text(again)
    assert "签收" in text(again).partition("筛选")[0]
    signed = desk.case(case)
    assert signed.assignment.signed_by == "engineering-1"
    browser.at = PAGE
    assert browser.post(action, fields).status_code == 303
    assert desk.case(case).version == signed.version


@pytest.mark.req("B7")
def test_a_refused_act_keeps_what_was_typed_on_the_page_of_its_case(browser: Browser, desk: Office) -> None:
    case = extension(desk)
    browser.sign_in("manager-1")
    forms = Form(html(browser.get(PAGE))).forms
    action = next(action for action in forms if action.endswith("refuse_extension"))
    desk.do(case, "grant_extension", MANAGER, ReasonForm("同意"))
    response = browser.post(action, {**forms[action], "reason": "不同意，理由很长"})
    assert response.status_code == 409
    assert "不同意，理由很长" in html(response)


@pytest.mark.req("E8")
def test_the_page_is_on_the_record_of_looks_and_counts_its_calls(browser: Browser, desk: Office) -> None:
    case = extension(desk)
    browser.sign_in("manager-1")
    assert case.number in text(browser.get(PAGE))
    browser.get("/desk/riverside/looks")
    browser.get("/desk/riverside/find?q=没有这个")
    said = text(browser.get("/desk/riverside/looks"))
    assert "列表（等我处理）" in said
    assert "查询（按文字）" in said, "two words looked for are still one way to look"
    assert re.search(r"查阅记录（日期 2026年1[12]月[0-9]+日）", said), "a day as people write it"


@pytest.mark.req("E8")
def test_filters_are_in_the_address_and_an_unchanged_page_is_a_304(browser: Browser, desk: Office) -> None:
    one, two = unsorted(desk), unsorted(desk)
    desk.do(two, "classify", AGENT, ClassifyForm("看过", kind="repair", matter="other"))
    assert set(items(browser, "agent-1")) == {one.number}
    assert items(browser, "agent-1", f"{PAGE}?state=completed") == {}
    assert set(items(browser, "agent-1", f"{PAGE}?building=3栋")) == {one.number}
    assert items(browser, "agent-1", f"{PAGE}?building=4") == {}
    etag = browser.get(PAGE).headers["ETag"]
    headers = {**browser._headers(), "If-None-Match": etag}
    assert browser.client.http.get(PAGE, headers=headers).status_code == 304


@pytest.mark.req("G13")
def test_where_the_desk_may_not_know_the_manager_is_asked_to_sort(browser: Browser, desk: Office) -> None:
    case = desk.register(kind=None, matter=None, about_staff="supervisor-1").case
    assert case.number not in items(browser, "agent-1")
    assert case.number not in items(browser, "supervisor-1")
    assert items(browser, "manager-1")[case.number] == ["classify"]


@pytest.mark.req("B1", "B7")
@pytest.mark.parametrize("seed", range(12))
def test_nobody_is_asked_for_what_they_cannot_do_and_every_line_names_whom_it_asks(seed: int) -> None:
    story = wandering(seed)
    case, context = story.case, story.context
    tokens = set(waits_of(case, context))
    for staff in context.community.staff:
        member = Member(staff.username, staff.name, staff.role, staff.departments, context.community)
        asks = asks_of(case, member, context, story.at)
        can = {row.command for row in possible(case, member.actor(), context, story.at)}
        assert {command for ask in asks for command in ask.commands} <= can
        assert not asks or tokens & {staff.username, spelled_role(staff.role)}


@pytest.mark.req("E8")
def test_the_head_of_the_company_has_the_pages_of_all_communities_on_the_first_one(
    browser: Browser,
) -> None:
    for user, has_them in (("company-head-1", True), ("supervisor-1", False)):
        browser.sign_in(user)
        page = html(browser.get(PAGE)).partition("<main")[2]
        assert ("riverside/communities" in page, "riverside/company" in page) == (has_them, has_them)


@pytest.mark.req("B9", "B10")
def test_who_takes_the_money_and_who_signs_for_it_read_the_amount_and_the_receipt(
    browser: Browser, desk: Office
) -> None:
    case = billed_repair(desk)
    browser.sign_in("agent-2")
    assert "账单待付 80 元：请收款并登记收据" in text(browser.get(PAGE))
    desk.do(case, "record_payment", CASHIER, PaymentForm(8000, "SJ-1"))
    browser.cookie = ""
    browser.sign_in("supervisor-1")
    assert "收款待统计签字：80 元 · 收据 SJ-1" in text(browser.get(PAGE))


HEAVIEST, ON_THE_WIRE = 60_000, 15_000
LONGER_WORDS = 100
"""Bytes by which a real report is longer than those of these tests."""


def staffed(a_department: int) -> Community:
    """A community with so many more handlers in each of three departments; it has no others."""
    plain = community()
    departments = {"engineering": "工程维修部", "security": "秩序维护部", "cleaning": "环境保洁部"}
    first = plain.member("engineering-1")
    assert first is not None
    more = [
        replace(first, username=f"riverside-{place}-{nth}", name=f"{name}{nth}号师傅", departments=(place,))
        for nth in range(a_department)
        for place, name in departments.items()
    ]
    others = [
        member for member in plain.staff if not member.departments or member.departments[0] in departments
    ]
    desk = [member for member in plain.staff if "desk" in member.departments]
    kept = [member for member in (*others, *desk) if member.role is not Role.HANDLER or member == first]
    staff = tuple(sorted((*kept, *more), key=lambda member: member.username))
    return replace(plain, staff=staff, departments=departments)


@pytest.mark.req("A9", "B1", "E8")
@pytest.mark.parametrize("more", [0, 1, 12])
@pytest.mark.parametrize("what", EACH)
def test_a_page_full_of_a_kind_with_their_acts_makes_no_heavy_page(what: str, more: int) -> None:
    desk = office(staffed(more))
    make, people = EACH[what]
    staff = {member.username for member in desk.desk.directory.community("riverside").staff}
    waiting = [assigned(desk) if what == "unsigned" else make(desk) for _ in range(ITEMS + 1)]
    if what == "unsigned":  # all at once: later they would be somebody else's
        desk.clock.advance(timedelta(hours=9))
        for case in waiting:
            desk.do(case, "fire_timers", TIMER, TimersForm())
    shown = dict[str, int]()
    with browsing(desk) as browser:
        for language, username in product(("zh-CN", "en"), people.keys() & staff):
            browser.cookie, browser.language = "", language
            browser.sign_in(username)
            page = sent(browser.get(PAGE))
            shown[username] = len(re.findall("<li class=[^>]* data-number=", page))
            assert sum(whole(page)) <= HEAVIEST - shown[username] * LONGER_WORDS, username
            assert wire(page) <= ON_THE_WIRE
    assert max(shown.values()) == ITEMS, "else nothing was weighed"


@pytest.mark.req("A9", "B1")
def test_each_has_its_act_beside_it_as_a_form_while_there_is_room_and_then_as_the_way_to_it() -> None:
    desk = office(staffed(1))
    numbers = [desk.register(kind="repair", matter="lighting_lock").case.number for _ in range(ITEMS)]
    with browsing(desk) as browser:
        browser.sign_in("supervisor-1")
        page = html(browser.get(PAGE))
        ways = [f'cases/{number}/assign"' in page for number in numbers]
        assert ways == sorted(ways, reverse=True), "forms first"
        assert (ways[0], ways[-1]) == (True, False)
        for number, is_form in zip(numbers, ways, strict=True):
            way = f"/desk/riverside/cases/{number}?act=assign"
            assert is_form or 'name="handler"' in html(browser.get(way)), "one tap away"
            assert is_form or f'cases/{number}?act=assign#do-assign"' in page
