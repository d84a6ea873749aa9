"""An inquiry that somebody has answered has ended: nobody is chased to sign for it (A9, A12, B3, C12)."""

from datetime import timedelta

import pytest

from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.roles import TIMER
from chalicelib.domain.dispatch.forms import SignForm
from chalicelib.domain.notices.kinds import NoticeKind
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.timers import TimersForm, pending
from chalicelib.domain.work.replies import ApproveReplyForm, DraftReplyForm, PostReplyForm
from chalicelib.domain.work.resident_forms import AnswerForm, DeliveryForm
from tests.browser import HANDLER, Browser, Form, assigned, html, link, text
from tests.builders import AGENT, SUPERVISOR, Office
from tests.stories import Story

INQUIRY = {"kind": "inquiry", "matter": "fee_query"}
SAID = "物业费每平方米两元八角，按季度交。"


def at_desk(desk: Office) -> Case:
    """An inquiry that the agent took in and that went to a handler, who has not signed."""
    return assigned(desk, **INQUIRY, text="问一下物业费")


def told(desk: Office, case: Case, kind: NoticeKind) -> list[str]:
    stored = desk.stores.notices.of_case("riverside", case.number)
    return [each.notice.recipient for each in stored if each.notice.kind is kind]


def chased(desk: Office, case: Case) -> list[Clock | None]:
    """The clocks for which anybody would still be asked, in a month."""
    desk.clock.advance(timedelta(days=30))
    return [due.clock for due in pending(case, desk.desk.context_of(case)) if due.clock is not None]


@pytest.mark.req("A9", "A10", "B3", "C12")
def test_an_answer_at_the_desk_completes_an_inquiry_and_calls_its_handler_off(
    browser: Browser, desk: Office
) -> None:
    case = at_desk(desk)
    browser.sign_in("agent-1")
    page = f"/desk/riverside/cases/{case.number}"
    forms = Form(html(browser.get(f"{page}?act=answer"))).forms
    typed = next(fields for at, fields in forms.items() if at.endswith("/answer"))
    typed = {name: value for name, value in typed.items() if not name.endswith("?")}
    done = browser.follow(browser.post(f"{page}/answer", {**typed, "said": SAID, "manner": "phone"}))
    assert SAID in text(done)
    case = desk.desk.cases.get("riverside", case.number)
    assert (case.state, case.work.result) == (State.COMPLETED, SAID)
    assert (case.assignment.handler, case.assignment.completed_by) == (None, "agent-1")
    assert told(desk, case, NoticeKind.CALLED_OFF) == ["engineering-1"]
    assert told(desk, case, NoticeKind.COMPLETED), "the resident is asked whether that was a good answer"
    assert "安佳" in text(browser.get(link(desk, case, Purpose.TRACK)))
    assert chased(desk, case) == []
    again = desk.do(case, "fire_timers", TIMER, TimersForm())
    assert Clock.SIGN not in again.clocks.overdue
    browser.cookie = ""
    browser.sign_in("supervisor-1")
    assert "?act=assign" not in html(browser.get("/desk/riverside"))


@pytest.mark.req("A9")
def test_whoever_has_signed_for_an_inquiry_completes_it(desk: Office) -> None:
    case = desk.do(at_desk(desk), "sign", HANDLER, SignForm("工程部甲"))
    case = desk.do(case, "answer", AGENT, AnswerForm(SAID, "phone"))
    assert (case.state, case.assignment.handler) == (State.SIGNED, "engineering-1")
    assert told(desk, case, NoticeKind.CALLED_OFF) == []


@pytest.mark.req("A9", "B3")
@pytest.mark.parametrize("kind", ["complaint", "repair"])
def test_of_anything_else_an_answer_is_not_the_end(desk: Office, kind: str) -> None:
    case = desk.do(assigned(desk, kind=kind), "answer", AGENT, AnswerForm("师傅下午来", "phone"))
    assert (case.state, case.assignment.handler) == (State.ASSIGNED, "engineering-1")


@pytest.mark.req("A12", "B3")
@pytest.mark.parametrize("leaves", [True, False])
def test_a_written_answer_completes_an_inquiry_once_it_has_left(leaves: bool) -> None:
    """As the work of its drafter, whoever approved or posted it; what is said beside it does not."""
    story = Story().register(report={"channel": "letter"}, **INQUIRY).do("assign", SUPERVISOR)
    story.do("draft_reply", AGENT, DraftReplyForm(SAID)).do("answer", AGENT, AnswerForm("信在路上", "phone"))
    story.do("approve_reply", SUPERVISOR, ApproveReplyForm())
    assert story.case.state is State.ASSIGNED, "it has not left yet"
    version = story.case.reply_duty.reply.version if story.case.reply_duty.reply else 0
    left = DeliveryForm(version, "sms", story.at if leaves else None, None if leaves else "no_address")
    story.do("record_delivery", TIMER, left)
    if not leaves:
        assert story.case.state is State.ASSIGNED
        story.wait(minutes=5).do("post_reply", SUPERVISOR, PostReplyForm("posted"))
    assert (story.case.state, story.case.work.result) == (State.COMPLETED, SAID)
    assert (story.case.assignment.handler, story.case.assignment.completed_by) == (None, AGENT.id)
    assert AGENT.id in story.case.assignment.everybody, "and asks nobody whether the answer was good"
    assert not story.case.owes_reply
    again = story.do("record_delivery", TIMER, left, "again")
    assert again.outcomes[-1].events == ()
