"""After the work the pages say what is still to come: a rating, a revisit, an answer that was promised."""

from datetime import timedelta

import pytest

from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.events import RevisitOutcome
from chalicelib.domain.case.form_fields import ReasonForm, RequiredNoteForm
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.roles import TIMER
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.follow_up.forms import RateForm, RevisitForm
from chalicelib.domain.timers import TimersForm
from chalicelib.domain.work.forms import CompleteForm, RejectForm
from tests.browser import HANDLER, Browser, completed, html, link, text
from tests.builders import AGENT, MANAGER, RESIDENT, SUPERVISOR, Office


def page_of(case: Case) -> str:
    return f"/desk/riverside/cases/{case.number}"


def solved(desk: Office) -> Case:
    """A serious complaint, which the manager's sample takes."""
    case = desk.register(kind="complaint", matter="noise_public", severity="serious").case
    case = desk.do(case, "assign", SUPERVISOR, AssignForm(HANDLER.id, "值班"))
    case = desk.do(case, "sign", HANDLER, SignForm("工程部甲"))
    return desk.do(case, "complete", HANDLER, CompleteForm("已处理。", cause="疏忽"))


@pytest.mark.req("D6", "E2", "G17")
def test_the_case_says_that_the_sample_holds_it_who_revisits_and_by_when(
    browser: Browser, desk: Office
) -> None:
    case = desk.do(solved(desk), "rate", RESIDENT, RateForm(5))
    browser.sign_in("manager-1")
    said, due = text(browser.get(page_of(case))), "最晚 11月30日 周一 18:00"
    assert f"回访 经理抽样抽中，由管理处经理回访，{due}" in said
    assert "经理抽样抽中：结案前须由管理处经理回访" in said.partition("全部经过")[2]
    figures = text(browser.get("/desk/riverside/figures"))
    assert "管理处经理 · 严重 投诉、咨询：已办结1件，已抽中1件" in figures
    satisfied = RevisitForm(RevisitOutcome.SATISFIED, "phone")
    case = desk.do(case, "record_revisit", MANAGER, satisfied)
    assert "，由管理处经理回访" not in text(browser.get(page_of(case)))


@pytest.mark.req("D2", "E2")
def test_the_case_says_who_was_asked_to_revisit_and_by_when(browser: Browser, desk: Office) -> None:
    case = completed(desk)
    browser.sign_in("manager-1")
    assert "回访 尚未安排回访人，最晚 " in text(browser.get(page_of(case)))
    desk.clock.advance(timedelta(days=5))
    case = desk.do(case, "fire_timers", TIMER, TimersForm())
    assert case.follow_up.revisitor is not None
    name = desk.desk.context_of(case).community.member(case.follow_up.revisitor).name
    assert f"回访 {name}，最晚 " in text(browser.get(page_of(case)))


@pytest.mark.req("D2", "D6", "E5")
def test_a_case_that_was_rated_waits_for_its_revisit_not_for_another_rating(
    browser: Browser, desk: Office
) -> None:
    case = solved(desk)
    track = link(desk, case, Purpose.TRACK)
    assert "已办结，待评价" in text(browser.get(track))
    case = desk.do(case, "rate", RESIDENT, RateForm(5))
    assert case.state is State.COMPLETED
    assert "已办结，待回访" in text(browser.get(track))
    browser.sign_in("manager-1")
    for page in (page_of(case), "/desk/riverside"):
        said = text(browser.get(page))
        assert "已办结，待回访" in said
        assert "待评价" not in said


@pytest.mark.req("A10", "D1")
def test_who_solved_it_on_the_spot_is_named_and_nobody_is_looked_for(browser: Browser, desk: Office) -> None:
    case = desk.register(actor=AGENT, solved_with="当场换了灯泡").case
    said = text(browser.get(link(desk, case, Purpose.TRACK)))
    assert "责任人 安佳（当场处理）" in said
    assert "正在安排" not in said


@pytest.mark.req("B1", "E5")
@pytest.mark.parametrize("ending", ["withdraw", "reject"])
def test_nobody_is_looked_for_any_more_once_a_case_has_ended(
    browser: Browser, desk: Office, ending: str
) -> None:
    case = desk.register(kind="complaint").case
    track = link(desk, case, Purpose.TRACK)
    assert "正在安排" in text(browser.get(track))
    if ending == "withdraw":
        desk.do(case, "withdraw", RESIDENT, ReasonForm("好了"))
    else:
        desk.do(case, "reject", SUPERVISOR, RejectForm("灯是亮的"))
    assert "正在安排" not in text(browser.get(track))


@pytest.mark.req("D8", "E5")
def test_the_resident_reads_by_when_the_promised_answer_comes(browser: Browser, desk: Office) -> None:
    case = completed(desk)
    until = desk.clock() + timedelta(hours=5)
    promised = RevisitForm(RevisitOutcome.PROMISED, "phone", promised_until=until)
    desk.do(case, "record_revisit", AGENT, promised)
    track = link(desk, case, Purpose.TRACK)
    assert "我们最晚11月23日 周一 14:00答复您。" in text(browser.get(track))
    desk.do(case, "record_revisit", AGENT, RevisitForm(RevisitOutcome.NOT_REACHED, "phone"))
    assert "答复您。" in text(browser.get(track)), "it is owed until it is given"
    desk.do(case, "record_revisit", AGENT, RevisitForm(RevisitOutcome.SATISFIED, "phone"))
    assert "答复您。" not in text(browser.get(track))


@pytest.mark.req("D2", "E2", "G17")
def test_what_was_closed_without_its_revisit_stands_under_the_figures(browser: Browser, desk: Office) -> None:
    case = completed(desk)
    browser.sign_in("manager-1")
    assert "还欠回访" not in text(browser.get("/desk/riverside/figures"))
    desk.do(case, "record_revisit", AGENT, RevisitForm(RevisitOutcome.NOT_REACHED, "phone"))
    assert "?act=close#do-close" in html(browser.get(page_of(case)))
    desk.do(case, "close", MANAGER, RequiredNoteForm("住户已搬走"))
    assert "另有1件还欠回访" in text(browser.get("/desk/riverside/figures"))
    assert "还欠的回访未做，由管理处经理决定结案" in text(browser.get(page_of(case)))
