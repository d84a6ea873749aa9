"""The page of the figures: what leaders read of each row, and of quotas that ask for nothing yet (E1, D5)."""

from datetime import timedelta

import pytest

from chalicelib.domain.case.events import RevisitOutcome
from chalicelib.domain.case.form_fields import NoteForm
from chalicelib.domain.community.roles import TIMER
from chalicelib.domain.dispatch.forms import SignForm
from chalicelib.domain.follow_up.forms import RevisitForm
from chalicelib.domain.timers import TimersForm
from chalicelib.domain.work.forms import CompleteForm, PauseForm
from tests.browser import HANDLER, Browser, assigned, completed, text
from tests.builders import AGENT, Office


@pytest.mark.req("A2", "E1", "E4", "G4")
def test_the_figures_show_time_overdue_and_pauses_for_each_handler(browser: Browser, desk: Office) -> None:
    case = desk.do(assigned(desk), "sign", HANDLER, SignForm("工程部甲"))
    desk.do(
        case,
        "pause",
        HANDLER,
        PauseForm(desk.clock() + timedelta(hours=9), "waiting_for_parts", "订单"),
    )
    desk.clock.advance(timedelta(hours=9))
    desk.do(desk.do(case, "resume", HANDLER, NoteForm()), "complete", HANDLER, CompleteForm("换了"))
    case = desk.do(assigned(desk), "sign", HANDLER, SignForm("工程部甲"))
    desk.clock.set(case.clocks.solve_due_at + timedelta(minutes=1))
    desk.do(case, "fire_timers", TIMER, TimersForm())
    browser.sign_in("manager-1")
    page = text(browser.get("/desk/riverside/figures"))
    head = "经手轮次 在办 已办结 不属实/转介/撤回/合并 在办中超时 准时率 超时率 回应超时率 一次修复率"
    assert f"{head} 及时登记率 平均处理时长（小时） 暂停占比" in page
    assert "工程部甲 2 1 1 0 1 50% 50% 0% 100% 100% 9.0 100% 0 – – 0" in page
    assert "合计 2 1 1 0 1 50% 50% 0% 100% 100% 9.0 0 – – 0" in page


@pytest.mark.req("D5")
def test_a_quota_of_too_few_revisits_is_neither_reached_nor_missing(browser: Browser, desk: Office) -> None:
    browser.sign_in("manager-1")
    case = completed(desk)
    page = text(browser.get("/desk/riverside/figures"))
    assert "部门负责人 报修：已办结1件，已回访或已派出0件 60% 0% 0 0 不足1 –" in page
    desk.do(case, "record_revisit", AGENT, RevisitForm(RevisitOutcome.SATISFIED, "phone"))
    page = text(browser.get("/desk/riverside/figures"))
    assert "部门负责人 报修：已办结1件，已回访或已派出0件 60% 0% 0 0 不足1 –" in page
