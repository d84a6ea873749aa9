"""A letter goes to the supervisor; its reply leaves once approved, and only then the case closes (A12)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.form_fields import ReasonForm, RequiredNoteForm
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.case.reply import Stand
from chalicelib.domain.community.roles import RESIDENT, TIMER, Actor, Role
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError, NotAllowedError
from chalicelib.domain.follow_up.forms import RateForm, RevisitForm
from chalicelib.domain.notices.kinds import NoticeKind
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.work.forms import CompleteForm
from chalicelib.domain.work.replies import ApproveReplyForm, DraftReplyForm, PostReplyForm
from chalicelib.domain.work.resident_forms import AnswerForm, DeliveryForm
from tests.api_desk import ApiDesk, api_desk
from tests.browser import Browser, Form, browsing, html, link, text
from tests.builders import AGENT, MANAGER, SUPERVISOR, Office, community, office
from tests.sending import phone_of, send
from tests.stories import HANDLER, Story, context

LETTER = {"channel": ev.Channel.LETTER}
TEXT = "王女士：来信收悉，楼道灯已换好。滨江花园客服"
REPLY = DraftReplyForm(TEXT)


def received(**report: object) -> Story:
    return Story().register(report={**LETTER, **report}, kind="complaint", matter="lighting_lock")


def approved(**report: object) -> Story:
    return received(**report).do("draft_reply", AGENT, REPLY).do("approve_reply", SUPERVISOR)


def told(story: Story) -> set[tuple[NoticeKind, str]]:
    return {(notice.kind, notice.recipient) for notice in due(story.outcomes[-1], story.context)}


def done(story: Story) -> Story:
    """The work of the case is completed."""
    story.do("assign", SUPERVISOR).do("sign", worker(story)).do("start", worker(story))
    return story.do("complete", worker(story), CompleteForm("已换灯", cause="灯管老化"))


def worker(story: Story) -> Actor:
    return replace(HANDLER, id=story.case.assignment.handler or HANDLER.id)


@pytest.mark.req("A12")
def test_a_letter_is_told_to_the_supervisor_and_waits_for_its_reply() -> None:
    story = received()
    assert story.case.owes_reply
    assert (NoticeKind.LETTER, "supervisor-1") in told(story)
    assert not Story().register().case.owes_reply, "whoever calls gets an answer by phone"
    assert Story().register(report={"in_writing": True}).case.owes_reply, "or says that they want a letter"


@pytest.mark.req("A12")
def test_a_draft_is_nobodys_reply_until_somebody_else_approves_it() -> None:
    story = received().do("draft_reply", SUPERVISOR, REPLY)
    assert (NoticeKind.REPLY_DRAFTED, "manager-1") in told(story)
    assert story.case.reply_duty.readable is None
    with pytest.raises(NotAllowedError, match="Whoever drafted the reply does not approve it"):
        story.do("approve_reply", SUPERVISOR)
    story.do("return_reply", MANAGER, ReasonForm("请写明何时修好"))
    assert (NoticeKind.REPLY_RETURNED, "supervisor-1") in told(story)
    with pytest.raises(CommandRefusedError, match="No draft of a reply waits"):
        story.do("approve_reply", MANAGER)
    story.do("draft_reply", AGENT, REPLY).do("approve_reply", SUPERVISOR)
    assert told(story) == {(NoticeKind.REPLY, "resident")}
    assert story.case.reply_duty.readable is not None
    with pytest.raises(CommandRefusedError, match="on its way"):
        story.do("draft_reply", AGENT, REPLY)


@pytest.mark.req("A12")
def test_where_the_community_has_nobody_else_the_drafter_approves() -> None:
    place = community()
    alone = tuple(
        person
        for person in place.staff
        if person.role not in {Role.MANAGER, Role.COMPANY_HEAD} and person.username != "supervisor-2"
    )
    story = Story(context(replace(place, staff=alone))).register(report=LETTER)
    story.do("draft_reply", SUPERVISOR, REPLY).do("approve_reply", SUPERVISOR)
    assert story.case.reply_duty.stands(Stand.APPROVED)


@pytest.mark.req("A12", "B8", "C1")
def test_clocks_are_met_by_what_has_left_and_by_nothing_that_was_written() -> None:
    story = approved()
    approved_at = story.case.version
    assert Clock.RESPOND not in story.case.met
    story.wait(minutes=3).do("record_delivery", TIMER, DeliveryForm(approved_at, "sms", story.at))
    assert story.case.met[Clock.RESPOND] == story.at
    assert not story.case.owes_reply
    again = story.do("record_delivery", TIMER, DeliveryForm(approved_at, "sms", story.at), "again")
    assert again.outcomes[-1].events == ()


@pytest.mark.req("A12", "C12")
def test_a_reply_answers_an_inquiry_once_it_has_left() -> None:
    story = Story().register(report=LETTER, kind="inquiry", matter="fee_query")
    story.do("assign", SUPERVISOR).do("draft_reply", AGENT, REPLY).do("approve_reply", SUPERVISOR)
    assert Clock.ANSWER not in story.case.met
    story.do("record_delivery", TIMER, DeliveryForm(story.case.version, "sms", story.at))
    assert (Clock.ANSWER in story.case.met) == (Clock.ANSWER in story.case.deadlines)
    assert Clock.RESPOND in story.case.met


@pytest.mark.req("A12")
def test_where_no_message_can_leave_the_desk_posts_it_and_only_then_it_is_sent() -> None:
    story = approved(phone=None)
    story.do("record_delivery", TIMER, DeliveryForm(story.case.version, "sms", None, "no_address"))
    assert story.case.reply_duty.stands(Stand.TO_POST)
    assert {kind for kind, _ in told(story)} == {NoticeKind.REPLY_TO_POST}
    assert story.case.telling.to_call == (), "a call is no letter"
    story.do("answer", AGENT, AnswerForm("信已写好", "phone"))
    assert story.case.owes_reply, "and what was said at the telephone is none"
    with pytest.raises(InvalidInputError, match="'given_at' lies before"):
        story.do("post_reply", AGENT, PostReplyForm("posted", story.at - timedelta(days=1)))
    story.wait(hours=2).do("post_reply", AGENT, PostReplyForm("posted"))
    assert (story.case.owes_reply, story.case.reply_duty.stands(Stand.SENT) is None) == (False, False)


@pytest.mark.req("A12", "G8")
def test_a_mail_that_came_back_has_brought_no_letter() -> None:
    story = approved()
    of = story.case.version
    story.do("record_delivery", TIMER, DeliveryForm(of, "mail", story.at))
    story.do("answer", AGENT, AnswerForm("已换灯", "phone"))
    story.do("record_delivery", TIMER, DeliveryForm(of, "mail", None, "bounced"))
    assert story.case.reply_duty.stands(Stand.TO_POST)
    assert story.case.owes_reply
    story.do("post_reply", AGENT)
    story.do("record_delivery", TIMER, DeliveryForm(of, "mail", None, "bounced"), "late")
    assert not story.case.owes_reply, "it was posted"


@pytest.mark.req("A12", "D1", "D7")
def test_nothing_closes_the_case_before_the_reply_has_left() -> None:
    story = done(received())
    story.do("rate", RESIDENT, RateForm(5))
    for visitor in (AGENT, SUPERVISOR, MANAGER):
        story.wait(days=1).do("record_revisit", visitor, RevisitForm(ev.RevisitOutcome.SATISFIED, "phone"))
    assert story.case.state is State.COMPLETED
    assert story.case.reply_duty.held is not None
    with pytest.raises(CommandRefusedError, match="no reply has left"):
        story.do("close", MANAGER, RequiredNoteForm("结案"))
    story.wait(days=60).fire()
    assert story.case.state is State.COMPLETED
    story.do("draft_reply", AGENT, REPLY).do("approve_reply", SUPERVISOR)
    story.do("record_delivery", TIMER, DeliveryForm(story.case.version, "sms", story.at))
    assert (story.case.state, story.case.ending.close_reason) == (State.CLOSED, ev.CloseReason.SATISFIED)


@pytest.mark.req("A12", "G7")
def test_silence_closes_it_only_when_the_reply_has_left() -> None:
    story = done(received())
    for _ in range(3):
        story.wait(days=1).do("record_revisit", AGENT, RevisitForm(ev.RevisitOutcome.NOT_REACHED, "phone"))
    for _ in range(12):
        story.wait(days=9).fire()
    assert story.case.state is State.COMPLETED
    story.do("waive_reply", SUPERVISOR, ReasonForm("匿名来信，无从寄送"))
    story.fire()
    assert story.case.state is State.CLOSED


@pytest.mark.req("A12")
def test_a_letter_that_ended_otherwise_still_waits_for_its_reply() -> None:
    story = received().do("reject", SUPERVISOR)
    assert story.case.is_listed
    story.do("object", RESIDENT)
    with pytest.raises(CommandRefusedError, match="no reply has left"):
        story.do("uphold", MANAGER)
    story.do("waive_reply", SUPERVISOR, ReasonForm("已当面答复")).do("uphold", MANAGER)
    assert story.case.state is State.CLOSED
    assert not received().do("withdraw", RESIDENT).case.owes_reply


@pytest.fixture
def browser() -> Iterator[Browser]:
    with browsing(office()) as found:
        yield found


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as found:
        yield found


def letter(place: Office, **about: object) -> Case:
    return place.register(actor=AGENT, channel=ev.Channel.LETTER, **about).case


@pytest.mark.req("A12", "B8", "G8")
def test_the_reply_leaves_by_what_the_writer_has_and_stands_in_the_mail() -> None:
    place = office()
    case = letter(place, email="wang@example.com")
    case = place.do(case, "draft_reply", AGENT, REPLY)
    send(place)
    assert [said for number, said in place.sms.sent if number == phone_of("supervisor-1")][-1].startswith(
        "【诉达】书面答复待您批准"
    )
    case = place.do(case, "approve_reply", SUPERVISOR, ApproveReplyForm())
    send(place)
    case = place.case(case)
    assert case.reply_duty.stands(Stand.SENT)
    assert [said for _, said in place.sms.sent if "给您的书面答复请看" in said]
    [mail] = [body for _, subject, body in (sent[:3] for sent in place.mail.sent) if "书面答复" in subject]
    assert TEXT in mail


@pytest.mark.req("A12", "E5", "E6")
def test_the_pages_lead_from_the_letter_to_the_reply_and_the_writer_reads_it(browser: Browser) -> None:
    case = letter(browser.office)
    here = f"/desk/riverside/cases/{case.number}"
    track = link(browser.office, case, Purpose.TRACK)

    def give(username: str, command: str, **typed: str) -> str:
        browser.cookie = ""
        browser.sign_in(username)
        drawn = Form(html(browser.get(f"{here}?act={command}"))).forms
        form = next(form for at, form in drawn.items() if at.endswith(f"/{command}"))
        sent = browser.post(f"{here}/{command}", {**form, **typed})
        return text(browser.follow(sent)) if sent.status_code == 303 else text(sent)

    unwanted = give("agent-1", "draft_reply", text="这个我不知道，不是我管的")
    assert "不是我管的" in unwanted
    page = give("agent-1", "draft_reply", text=TEXT)
    assert TEXT in page
    assert TEXT not in text(browser.get(track))
    give("supervisor-1", "return_reply", reason="请写日期")
    browser.cookie = ""
    browser.sign_in("agent-1")
    assert "书面答复被退回，请重新起草：请写日期" in text(browser.get("/desk/riverside"))
    assert TEXT in html(browser.get(here)), "the drafter goes on from what there is"
    give("agent-1", "draft_reply", text=f"{TEXT} 十一月二十三日")
    page = give("supervisor-1", "approve_reply")
    assert "已批准，正在发出" in page
    assert "十一月二十三日" in text(browser.get(track))
    send(browser.office)
    assert "已发出" in text(browser.get(here))


@pytest.mark.req("A12")
def test_by_api_a_letter_owes_its_reply_and_its_writer_reads_no_draft(desk: ApiDesk) -> None:
    case = letter(desk.office)
    found = desk.command(case.number, "draft_reply", {"text": TEXT}, user="agent-1").json_body
    assert (found["reply_owed"], found["reply"]["stand"]) == (True, "drafted")
    code = link(desk.office, desk.office.case(case), Purpose.TRACK).removeprefix("/l/")
    assert desk.get(f"/v1/links/{code}").json_body["reply"] is None
    refused = desk.command(case.number, "approve_reply", {}, user="agent-1")
    assert refused.status_code == 403
    unseen = desk.command(case.number, "approve_reply", {}, user="supervisor-1")
    assert (unseen.status_code, unseen.json_body["Code"]) == (428, "PreconditionRequired")
    read = {"If-Match": f'"{found["version"]}"'}
    other = desk.command(case.number, "draft_reply", {"text": "另一稿"}, user="agent-1").json_body
    stale = desk.command(case.number, "approve_reply", {}, user="supervisor-1", headers=read)
    assert stale.status_code == 409, "what was read is not what would leave"
    desk.command(case.number, "draft_reply", {"text": TEXT}, user="agent-1")
    now = {"If-Match": f'"{other["version"] + 1}"'}
    assert desk.command(case.number, "approve_reply", {}, user="supervisor-1", headers=now).status_code == 200
    assert desk.get(f"/v1/links/{code}").json_body["reply"] == {"text": TEXT, "sent_at": None}
    send(desk.office)
    assert desk.get(f"/v1/links/{code}").json_body["reply"]["sent_at"]
