"""The pages say to each reader what is true for them now: the resident, the handler, the desk."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.figure_rows import TOTAL
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.case.spoken import WordForm
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.figures.contribution import recount
from chalicelib.domain.figures.counters import NOT_TO_SOLVE
from chalicelib.domain.follow_up.forms import RateForm
from chalicelib.domain.intake.forms import MergeForm
from chalicelib.domain.work.forms import CompleteForm, ExtensionForm, PauseForm, ProposeForm, RejectForm
from chalicelib.web.words import words as pages
from tests.browser import HANDLER, HEAD, REPORT, Browser, Form, assigned, completed, html, link, text
from tests.builders import AGENT, MANAGER, RESIDENT, SUPERVISOR, Office
from tests.histories import wandering
from tests.words import LANGUAGES


def asked_for_time(desk: Office) -> Case:
    case = desk.do(assigned(desk), "sign", HANDLER, SignForm("工程部甲"))
    until = case.clocks.solve_due_at + timedelta(days=2)
    return desk.do(case, "request_extension", HANDLER, ExtensionForm(until, "等灯管到货"))


def page_of(case: Case) -> str:
    return f"/desk/riverside/cases/{case.number}"


@pytest.mark.req("G5")
def test_an_extension_that_is_asked_for_is_seen_by_everybody_whom_it_concerns(
    browser: Browser, desk: Office
) -> None:
    case = asked_for_time(desk)
    work = text(browser.get(link(desk, case, Purpose.WORK)))
    assert "工程部甲申请延期到 11月25日 周三 14:45，等经理审批：等灯管到货" in work
    assert "申请延期到 11月25日 周三 14:45 原因 等灯管到货" in work, "in the history too"
    browser.sign_in("manager-1")
    assert "待审批延期" in text(browser.get("/desk/riverside"))
    page = html(browser.get(page_of(case)))
    assert page.index("等经理审批") < page.index("/grant_extension") < page.index("/refuse_extension")
    assert page.index("/refuse_extension") < page.index("?act=assign"), "first of all that can be done"
    assert "申请延期" not in html(browser.get(link(desk, case, Purpose.TRACK)))
    desk.do(case, "refuse_extension", MANAGER, ReasonForm("灯管库里就有"))
    refused = text(browser.get(link(desk, case, Purpose.WORK)))
    assert "不批准延期 原因 灯管库里就有" in refused
    assert "等经理审批" not in refused
    assert "待审批延期" not in text(browser.get("/desk/riverside"))


@pytest.mark.req("G5")
def test_a_request_that_nobody_decided_lapses_with_the_work(browser: Browser, desk: Office) -> None:
    case = desk.do(asked_for_time(desk), "complete", HANDLER, CompleteForm("已换好"))
    browser.sign_in("manager-1")
    said = text(browser.get(page_of(case)))
    assert "已换好 延期申请未及审批，随之失效。" in said
    assert "等经理审批" not in said
    assert "随之失效" not in text(browser.get(link(desk, case, Purpose.TRACK)))
    decided = desk.do(asked_for_time(desk), "grant_extension", MANAGER, ReasonForm("同意"))
    decided = desk.do(decided, "complete", HANDLER, CompleteForm("已换好"))
    assert "随之失效" not in text(browser.get(page_of(decided)))


@pytest.mark.parametrize("ending", ["withdraw", "merge", "reject"])
def test_a_case_that_has_ended_shows_no_clock_that_runs(browser: Browser, desk: Office, ending: str) -> None:
    goes_on, case = assigned(desk), assigned(desk, kind="complaint" if ending == "reject" else "repair")
    track = link(desk, case, Purpose.TRACK)
    assert "办结 ：最晚" in text(browser.get(track))
    form = {
        "withdraw": (RESIDENT, ReasonForm("自己修好了")),
        "merge": (SUPERVISOR, MergeForm(goes_on.number, "同一盏灯")),
        "reject": (SUPERVISOR, RejectForm("灯是亮的")),
    }[ending]
    desk.do(case, ending, *form)
    said = text(browser.get(track))
    assert ("最晚" in said) == ("一起办理" in said) == (ending == "merge"), (
        "of the case that goes on alone (A16)"
    )
    browser.sign_in("supervisor-1")
    page = browser.get(page_of(case))
    # a finding meets the clock of looking into it (B1): that it was in time is still shown
    met = [" 已于"] if ending == "reject" else []
    assert re.findall(r"最晚 \S+ 北京时间( 已于)?", text(page)) == met
    lines = text(browser.get("/desk/riverside?list=register"))
    assert lines.count("签收 11月23日 周一 11:00") == 1, "only the one that goes on has a time"
    if ending == "merge":
        assert f'cases/{goes_on.number}">已并入工单 {goes_on.number}</a>' in html(page)


def test_what_was_solved_keeps_its_times(browser: Browser, desk: Office) -> None:
    case = desk.do(completed(desk), "rate", RESIDENT, RateForm(5))
    said = text(browser.get(link(desk, case, Purpose.TRACK)))
    assert "办结 ：最晚 2026年11月23日（周一）14:45 北京时间 已于 11月23日 周一 09:00 完成" in said


@pytest.mark.req("A9")
def test_a_report_that_the_resident_made_was_taken_in_by_nobody(browser: Browser, desk: Office) -> None:
    own, taken = desk.register().case, desk.register(actor=AGENT).case
    browser.sign_in("agent-2")
    said = text(browser.get(page_of(own)))
    assert "接待人 自助登记 首问责任人 客服中心" in said
    assert "接待人 安佳 首问责任人 安佳" in text(browser.get(page_of(taken)))


@pytest.mark.req("D1")
@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ({}, "办得怎么样？请您评价。"),
        ({"phone": None, "email": "wang@example.com"}, "办得怎么样？请您评价。"),
        ({"phone": None}, "评价链接没有发出；按规定由客服回访您，听取您的评价。"),
    ],
)
def test_while_the_rating_is_awaited_whoever_was_asked_is_asked_here_too(
    browser: Browser, desk: Office, contact: dict[str, str | None], said: str
) -> None:
    case = desk.register(matter="lighting_lock", kind="repair", **contact).case
    track = link(desk, case, Purpose.TRACK)
    assert "评价" not in text(browser.get(track))
    case = desk.do(case, "assign", SUPERVISOR, AssignForm("engineering-1", "值班"))
    case = desk.do(case, "sign", HANDLER, SignForm("工程部甲"))
    case = desk.do(case, "complete", HANDLER, CompleteForm("灯已换好。"))
    assert said in text(browser.get(track))
    page, survey = html(browser.get(track)), link(desk, case, Purpose.RATE)
    assert (survey in page) == (contact != {"phone": None}), "only who was asked"
    desk.do(case, "rate", RESIDENT, RateForm(5))
    assert said not in text(browser.get(track))


@pytest.mark.req("D1", "G8")
def test_whoever_lost_the_survey_s_message_rates_from_the_tracking_page_once(
    browser: Browser, desk: Office
) -> None:
    case = completed(desk)
    track = link(desk, case, Purpose.TRACK)
    survey = browser.get(re.findall(r'class="button(?: other)?" href="([^"]+)"', html(browser.get(track)))[0])
    (action,) = (address for address in Form(html(survey)).forms if address.endswith("/rate"))
    assert browser.post(action, {**Form(html(survey)).forms[action], "score": "5"}).status_code == 303
    assert desk.case(case).rating is not None
    assert "/rate" not in html(browser.get(track))
    assert browser.get(link(desk, case, Purpose.RATE)).status_code == 410, "once"


@pytest.mark.req("B8")
def test_the_handler_reads_the_history_as_a_colleague(browser: Browser, desk: Office) -> None:
    contact = desk.clock() - timedelta(hours=1)
    case = assigned(desk, actor=AGENT, contacted_at=contact)
    case = desk.do(case, "sign", HANDLER, SignForm("工程部甲"))
    case = desk.do(case, "record_urge", AGENT, WordForm(desk.clock(), "王芳", "phone", "晚上看不见路"))
    desk.do(case, "propose", HEAD, ProposeForm("灯管老化", "更换灯管", 3550))
    said = text(browser.get(link(desk, case, Purpose.WORK)))
    assert "请您确认" not in said
    for words in ("工程部负责人 提出方案", "安佳 催办 晚上看不见路", "什么时候 11月23日 周一 08:00"):
        assert words in said
    track = text(browser.get(link(desk, case, Purpose.TRACK)))
    assert "处理方案已提出，请您确认" in track


@pytest.mark.req("G4")
def test_a_pause_of_seconds_does_not_show_one_time_twice(browser: Browser, desk: Office) -> None:
    case = desk.do(assigned(desk), "sign", HANDLER, SignForm("工程部甲"))
    reason = desk.desk.context_of(case).regulation.pause.reasons[0]
    for length, shown in ((timedelta(seconds=20), False), (timedelta(hours=2), True)):
        until = desk.clock() + timedelta(days=1)
        desk.do(case, "pause", HANDLER, PauseForm(until, reason, "等住户在家"))
        desk.clock.advance(length)
        desk.do(case, "resume", HANDLER, NoteForm())
        assert ("最初的时限是" in text(browser.get(link(desk, case, Purpose.TRACK)))) == shown


def test_an_address_that_says_done_is_not_believed(browser: Browser, desk: Office) -> None:
    case = assigned(desk)
    work, track = link(desk, case, Purpose.WORK), link(desk, case, Purpose.TRACK)
    assert "已记录" not in text(browser.get(f"{work}?done=sign"))
    assert "已记录" not in text(browser.get(f"{track}?done=withdraw"))
    done = browser.follow(browser.post(f"{work}/sign", {"signature": "工程部甲", "once": "s"}))
    assert "“签收”已记录。" in text(done)
    assert "已记录" not in text(browser.get(f"{work}?done=complete"))
    assert "已记录" not in text(browser.get(f"{track}?done=sign")), "it was not the resident's deed"
    desk.clock.advance(timedelta(minutes=3))
    assert "已记录" not in text(browser.get(f"{work}?done=sign")), "an old page opened again"
    browser.sign_in("supervisor-1")
    assert "已记录" not in text(browser.get(f"{page_of(case)}?done=assign"))


@pytest.mark.req("G8")
def test_a_link_that_has_ended_says_done_only_if_it_was(browser: Browser, desk: Office) -> None:
    case = assigned(desk)
    work = link(desk, case, Purpose.WORK)
    case = desk.do(case, "assign", SUPERVISOR, AssignForm("engineering-2", "换人"))
    assert browser.get(f"{work}?done=decline").status_code == 410
    own = link(desk, case, Purpose.WORK)
    thanks = browser.follow(browser.post(f"{own}/decline", {"reason": "忙不过来", "once": "d"}))
    assert (thanks.status_code, "“退单”已记录" in text(thanks)) == (200, True)
    assert browser.get(f"{own}?done=sign").status_code == 410
    desk.clock.advance(timedelta(minutes=3))
    assert browser.get(f"{own}?done=decline").status_code == 410


def test_the_page_of_a_report_taken_down_says_so_once(browser: Browser, desk: Office) -> None:
    browser.sign_in("agent-1")
    fields = {**REPORT, "channel": "letter"}
    token = html(browser.get("/desk/riverside/new")).split('name="csrf" value="')[1].split('"')[0]
    sent = browser.post("/desk/riverside/new", {**fields, "csrf": token})
    assert 'role="status">已登记' in html(browser.follow(sent))


@pytest.mark.req("G2")
def test_staff_read_which_rule_a_deadline_stands_on_and_residents_only_what_it_promises(
    browser: Browser, desk: Office
) -> None:
    case = assigned(desk)
    track = text(browser.get(link(desk, case, Purpose.TRACK)))
    assert "起半天" in track
    assert "依据：" not in track
    assert "依据：S2《礼宾助理》，C6" in text(browser.get(link(desk, case, Purpose.WORK)))
    browser.sign_in("agent-1")
    assert "依据：S2《礼宾助理》，C6" in text(browser.get(page_of(case)))


@pytest.mark.req("G17")
@given(seed=st.integers(0, 100_000))
@settings(max_examples=25)
def test_the_columns_of_the_figures_add_up_whatever_becomes_of_a_case(seed: int) -> None:
    for outcome in wandering(seed).outcomes:
        total = Counter(
            {
                name: count
                for (row, name), count in recount([outcome.after]).items()
                if row._replace(about="") == TOTAL
            }
        )
        others = sum(total[name] for name in NOT_TO_SOLVE)
        assert (total["registered"], total["open"] + total["solved"] + others) == (1, 1)


@pytest.mark.req("E1")
def test_the_figures_show_what_need_not_be_solved_beside_what_was(browser: Browser, desk: Office) -> None:
    assigned(desk)
    completed(desk)
    desk.do(assigned(desk), "withdraw", RESIDENT, ReasonForm("自己修好了"))
    browser.sign_in("manager-1")
    page = text(browser.get("/desk/riverside/figures"))
    assert "登记 在办 已办结 不属实/转介/撤回/合并 在办中超时" in page
    assert "合计 3 1 1 1 0" in page


OF_RESIDENTS = re.compile("住户|住戶|resident")
TOLD = ("states", "close_reasons", "reopened_because", "pause_reasons")


@pytest.mark.req("E5")
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_that_a_resident_reads_of_the_own_case_speaks_of_the_resident(language: str) -> None:
    groups = pages(language).groups
    spoken = groups["names_to_resident"]
    for key, said in spoken.items():
        group, _, name = key.partition(".")
        assert name in groups[group]
        assert not OF_RESIDENTS.search(said), key
    of_them = {f"{group}.{name}" for group in TOLD for name in groups[group]}
    named = {
        key for key in of_them if OF_RESIDENTS.search(groups[key.partition(".")[0]][key.partition(".")[2]])
    }
    assert named <= spoken.keys()


def told(browser: Browser, desk: Office, case: Case) -> str:
    """What the tracking page says, before the deadlines with their reasons."""
    return text(browser.get(link(desk, case, Purpose.TRACK))).partition("时限和依据")[0]


@pytest.mark.req("E5")
def test_a_resident_is_not_told_of_the_resident_where_colleagues_are(browser: Browser, desk: Office) -> None:
    case = desk.do(assigned(desk), "sign", HANDLER, SignForm("工程部甲"))
    until = desk.clock() + timedelta(hours=3)
    case = desk.do(case, "pause", HANDLER, PauseForm(until, "waiting_for_resident", "打过电话"))
    assert "等住户" in text(browser.get(link(desk, case, Purpose.WORK)))
    track = told(browser, desk, case)
    assert "等您" in track
    assert not OF_RESIDENTS.search(track)
    for ended in (desk.do(completed(desk), "rate", RESIDENT, RateForm(5)), completed(desk)):
        assert not OF_RESIDENTS.search(told(browser, desk, ended))
