"""Clocks of what the resident hears are met by what has left, or by what was said (B8, C3, G15)."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import State
from chalicelib.domain.case.fold import apply
from chalicelib.domain.case.form_fields import NoteForm, RequiredNoteForm
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.community.roles import RESIDENT, TIMER, Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError
from chalicelib.domain.figures.what_if import past_case
from chalicelib.domain.notices.kinds import TELLS, NoticeKind
from chalicelib.domain.regulation.limits import HEARD, Clock
from chalicelib.domain.timers import pending
from chalicelib.domain.work.forms import CompleteForm, ProposeForm
from chalicelib.domain.work.resident_forms import AnswerForm, AppointmentForm, DeliveryForm
from chalicelib.services.case_line import line_of
from chalicelib.services.errors import DeliveryError
from chalicelib.services.notices.caps_per_person import DAILY_FOR_CASE
from chalicelib.services.notices.digest import Digests
from tests.browser import Browser, Form, html, link, text
from tests.builders import AGENT, MONDAY, SUPERVISOR, Office, community, office
from tests.sending import at_work, delivery, phone_of, send
from tests.stories import HANDLER, Story, context, working

NOTE = RequiredNoteForm("等配件，周五到")


def texts_to(place: Office, phone: str) -> list[str]:
    return [text for number, text in place.sms.sent if number == phone]


RESIDENT_PHONE = "+8613900001234"


@pytest.mark.req("B8", "C3", "G15")
def test_a_note_meets_nothing_until_its_message_has_left() -> None:
    place = office(community(regulation="S3"))
    case = at_work(place, kind="complaint", matter="staff_attitude", care=True, email="wang@example.com")
    before = case.clocks
    case = place.do(case, "progress", HANDLER, NOTE)
    assert not {Clock.RESPOND, Clock.INFORM} & case.clocks.met.keys()
    assert case.clocks.deadlines[Clock.PROGRESS] == before.deadlines[Clock.PROGRESS]
    place.clock.advance(timedelta(days=1))
    send(place)
    left_at = place.clock()
    case = place.case(case)
    assert (case.clocks.met[Clock.RESPOND], case.clocks.met[Clock.INFORM]) == (left_at, left_at)
    assert case.clocks.deadlines[Clock.PROGRESS].started_at == left_at
    [news] = [text for text in texts_to(place, RESIDENT_PHONE) if "新进展" in text]
    assert case.number in news
    assert NOTE.note not in news
    assert [mail for mail in place.mail.sent if NOTE.note in mail[2]], "the words stand in the mail"
    assert case.telling.awaited == ()


@pytest.mark.req("B8", "G8")
def test_a_note_at_night_counts_in_the_morning_when_it_leaves() -> None:
    place = office()
    case = at_work(place, kind="complaint", matter="staff_attitude")
    place.clock.advance(timedelta(hours=14))  # 23:00
    case = place.do(case, "progress", HANDLER, NOTE)
    send(place)
    assert Clock.RESPOND not in place.case(case).clocks.met
    place.clock.advance(timedelta(hours=10))
    send(place)
    assert place.case(case).clocks.met[Clock.RESPOND] == place.clock()


@pytest.mark.req("B8", "G11")
def test_a_plan_meets_the_answer_at_once_and_the_rest_when_it_has_left() -> None:
    place = office()
    case = at_work(place, kind="repair", matter="home_other")
    case = place.do(case, "propose", HANDLER, ProposeForm("老化", "换", price_item="tap"))
    assert not HEARD & case.clocks.met.keys()
    send(place)
    assert place.case(case).clocks.met[Clock.RESPOND] == place.clock()


@pytest.mark.req("B8", "D1")
def test_a_result_that_has_left_meets_what_was_still_to_be_heard() -> None:
    place = office()
    case = at_work(place, kind="complaint", matter="staff_attitude")
    case = place.do(case, "complete", HANDLER, CompleteForm("已道歉", cause="值班人员言语不当"))
    assert Clock.SOLVE in case.clocks.met
    assert Clock.RESPOND not in case.clocks.met
    send(place)
    assert place.case(case).clocks.met[Clock.RESPOND] == place.clock()
    assert place.case(case).state is State.COMPLETED


@pytest.mark.req("B8", "D3")
def test_nobody_is_chased_after_the_work_for_what_its_message_has_still_to_tell() -> None:
    story = working("S3", kind="complaint", matter="staff_attitude").do("complete", HANDLER)
    assert HEARD & {deadline.clock for deadline in story.case.clocks.open}
    assert not HEARD & {due.clock for due in pending(story.case, story.context)}


@pytest.mark.req("B8", "A9")
def test_where_nobody_can_be_written_to_the_desk_is_asked_to_call_and_its_record_meets_the_clock() -> None:
    place = office()
    case = at_work(place, phone=None, kind="complaint", matter="staff_attitude", care=True)
    case = place.do(case, "progress", HANDLER, NOTE)
    send(place)
    case = place.case(case)
    assert [untold.of for untold in case.telling.to_call] == ["progressed"]
    assert case.telling.asked == (AGENT.id,), "who took it in"
    assert not HEARD & case.clocks.met.keys()
    assert line_of(case, place.desk.context_of(case), None).to_call
    send(place)
    [asked] = [text for text in texts_to(place, phone_of(AGENT.id)) if "告知" in text]
    assert case.number in asked
    called_at = place.clock()
    case = place.do(case, "answer", AGENT, AnswerForm("周五来修", "phone", "王芳"))
    assert {case.clocks.met[clock] for clock in (Clock.RESPOND, Clock.INFORM)} == {called_at}
    assert case.clocks.deadlines[Clock.PROGRESS].started_at <= called_at
    assert case.telling.to_call == ()
    assert not line_of(case, place.desk.context_of(case), None).to_call


@pytest.mark.req("B8", "C16")
def test_a_price_that_could_not_be_sent_is_told_by_the_call() -> None:
    story = working("S4", kind="repair", matter="home_other")
    story.do("record_price_request", AGENT).do(
        "propose", HANDLER, ProposeForm("老化", "换", price_item="tap")
    )
    told = DeliveryForm(story.case.version, "sms", None, "no_address")
    story.do("record_delivery", TIMER, told)
    assert Clock.QUOTE not in story.case.clocks.met
    story.wait(minutes=3).do("answer", AGENT)
    assert story.case.clocks.met[Clock.QUOTE] == story.at


@pytest.mark.req("B8", "A9")
def test_who_is_asked_is_there() -> None:
    place = office()
    case = at_work(place, phone=None, actor=Actor(Role.MACHINE, "ivr-1"))
    case = place.do(case, "progress", HANDLER, NOTE)
    send(place)
    assert place.case(case).telling.asked == ("agent-1",), "on duty at the desk"


@pytest.mark.req("B8", "G8")
def test_a_message_over_the_cap_is_told_within_the_hour_and_one_that_failed_asks_for_a_call() -> None:
    place = office()
    case = at_work(place)
    for _ in range(DAILY_FOR_CASE + 1):
        case = place.do(case, "progress", HANDLER, NOTE)
        send(place)
    assert place.case(case).telling.awaited, "it waits for a digest"
    assert not place.case(case).telling.to_call
    place.clock.advance(timedelta(hours=1))
    assert Digests(delivery(place)).send() == 1
    assert not place.case(case).telling.awaited
    case = place.do(place.case(case), "complete", HANDLER, CompleteForm("已换灯", cause="灯管老化"))
    send(place)
    results = [
        stored.status
        for stored in place.stores.notices.of_case("riverside", case.number)
        if stored.notice.kind is NoticeKind.COMPLETED and stored.notice.channel == "sms"
    ]
    assert results == ["sent"], "however many the notes, the result and its survey leave"
    other = at_work(place, phone="+8613900005678")
    place.sms.failures.append(DeliveryError("OptedOut", final=True))
    place.do(other, "progress", HANDLER, NOTE)
    send(place)
    assert [untold.of for untold in place.case(other).telling.to_call] == ["progressed"]


@pytest.mark.req("B8")
def test_what_was_sent_is_put_on_the_case_also_after_a_crash_and_only_once() -> None:
    place = office()
    case = at_work(place, kind="complaint", matter="staff_attitude")
    case = place.do(case, "progress", HANDLER, NOTE)
    [stored] = [
        stored
        for stored in place.stores.notices.of_case("riverside", case.number)
        if stored.notice.kind is NoticeKind.NEWS
    ]
    assert place.stores.notices.claim(stored, place.clock())
    sent_at = place.clock()
    place.stores.notices.mark_sent(replace(stored, attempts=1), "sns-1", sent_at)  # and then it broke off
    assert Clock.RESPOND not in place.case(case).clocks.met
    place.clock.advance(timedelta(hours=1))
    send(place)
    case = place.case(case)
    assert case.clocks.met[Clock.RESPOND] == sent_at, "when it left, not when that was put on record"
    for _ in range(2):
        again = place.stores.notices.get("riverside", case.number, stored.notice.key)
        assert again is not None
        delivery(place).deliver(again)
        send(place)
    assert place.case(case).version == case.version
    assert len([text for text in texts_to(place, RESIDENT_PHONE) if "新进展" in text]) == 0


@pytest.mark.req("B8")
def test_a_delivery_is_put_on_record_once_and_never_before_its_event() -> None:
    story = working("S3", kind="complaint", matter="staff_attitude").do("progress", HANDLER, NOTE)
    told = DeliveryForm(story.case.version, "sms", story.at + timedelta(seconds=5))
    story.wait(seconds=9).do("record_delivery", TIMER, told)
    version = story.case.version
    story.do("record_delivery", TIMER, told)
    story.do("record_delivery", TIMER, DeliveryForm(1, "sms", story.at))
    assert story.case.version == version
    assert story.case.clocks.met[Clock.INFORM] == told.heard_at
    assert past_case(story.events).met[Clock.INFORM] == told.heard_at


@pytest.mark.req("B8", "G2")
def test_a_note_of_before_counts_as_it_did() -> None:
    story = working("S3", kind="complaint", matter="staff_attitude")
    old = ev.Progressed("已联系厂家")
    [event] = (
        working("S3", kind="complaint", matter="staff_attitude").do("progress", HANDLER, NOTE).events[-1:]
    )
    then = apply(story.case, replace(event, version=story.case.version + 1, payload=old), "riverside", "n")
    assert then.clocks.met[Clock.INFORM] == event.at


def test_every_kind_that_tells_is_of_an_event_and_meets_only_what_is_heard() -> None:
    for of in TELLS.values():
        assert of in ev.EVENT_TYPES


# ---- an answer that somebody gave --------------------------------------------------------------------------


@pytest.mark.req("C1", "C12", "C15")
@pytest.mark.parametrize(("pack", "kind"), [("S0", "complaint"), ("S4", "help"), ("S2", "inquiry")])
def test_the_desk_answers_before_anybody_has_signed(pack: str, kind: str) -> None:
    story = Story(context(pack=pack)).register(kind=kind, matter="other").wait(minutes=4)
    story.do("answer", AGENT, AnswerForm("请先关总阀，师傅马上来", "phone", "王芳"))
    assert story.case.state is (State.COMPLETED if kind == "inquiry" else State.REGISTERED)
    respond = story.case.clocks.deadlines[Clock.RESPOND]
    assert story.case.clocks.met[Clock.RESPOND] == story.at <= respond.due_at


@pytest.mark.req("C12", "B4")
def test_an_inquiry_has_its_answer_also_before_it_is_assigned_a_complaint_has_not() -> None:
    story = Story(context(pack="S2")).register(kind="inquiry", matter="other").wait(minutes=4)
    answered_at = story.do("answer", AGENT).at
    assert Clock.ANSWER not in story.case.clocks.deadlines, "it would begin with the assignment"
    assert story.case.clocks.met[Clock.ANSWER] == answered_at
    assert Clock.ANSWER not in [deadline.clock for deadline in story.case.clocks.open]
    complaint = working("S3", kind="complaint", matter="staff_attitude").do("answer", AGENT)
    assert Clock.ANSWER not in complaint.case.clocks.met, "the department's answer is cause and plan"


@pytest.mark.req("C15")
def test_an_answer_counts_from_when_it_was_given_and_that_is_neither_to_come_nor_long_ago() -> None:
    story = Story(context(pack="S4")).register(kind="help", matter="other")
    story.at = MONDAY + timedelta(minutes=6)
    story.fire()
    assert Clock.RESPOND in story.case.clocks.overdue
    given_at = MONDAY + timedelta(minutes=3)
    story.do("answer", AGENT, AnswerForm("已告知", "phone", given_at=given_at))
    assert story.case.clocks.met[Clock.RESPOND] == given_at
    assert Clock.RESPOND not in story.case.clocks.overdue, "it was only put on record late"
    for wrong in (story.at + timedelta(minutes=1), MONDAY - timedelta(hours=1)):
        with pytest.raises(InvalidInputError):
            story.do("answer", AGENT, AnswerForm("已告知", "phone", given_at=wrong))


@pytest.mark.req("D2")
def test_after_the_work_an_answer_is_a_revisit_unless_a_call_was_asked_for() -> None:
    story = working("default").do("complete", HANDLER)
    with pytest.raises(CommandRefusedError):
        story.do("answer", AGENT)


@pytest.mark.req("A2")
def test_a_manner_is_one_of_three() -> None:
    with pytest.raises(InvalidInputError, match="phone, in_person, in_writing"):
        AnswerForm("好", "telepathy")


# ---- on the pages ------------------------------------------------------------------------------------------


@pytest.mark.req("B8", "A2")
def test_the_desk_sees_whom_to_call_and_records_the_call_on_the_page_of_the_case(
    browser: Browser, desk: Office
) -> None:
    case = desk.do(at_work(desk, phone=None), "progress", HANDLER, NOTE)
    send(desk)
    browser.sign_in("agent-1")
    assert "待告知住户" in text(browser.get("/desk/riverside"))
    path = f"/desk/riverside/cases/{case.number}"
    page = browser.get(path)
    assert "短信、邮件无法送达住户：办理进展。请安佳电话或上门告知" in text(page)
    [action] = [action for action in Form(html(page)).forms if action.endswith("/answer")]
    fields = Form(html(page)).forms[action]
    done = browser.post(action, {**fields, "said": "周五来修", "manner": "phone", "spoken_to": "王芳"})
    assert "电话已答复" in text(browser.follow(done))
    assert desk.case(case).telling.to_call == ()
    assert "待告知住户" not in text(browser.get("/desk/riverside"))


@pytest.mark.req("C15", "B8")
def test_the_handler_records_an_answer_with_the_work_link_and_the_resident_reads_it(
    browser: Browser, desk: Office
) -> None:
    case = at_work(desk)
    page = browser.get(link(desk, case, Purpose.WORK))
    [action] = [action for action in Form(html(page)).forms if action.endswith("/answer")]
    fields = Form(html(page)).forms[action]
    browser.follow(browser.post(action, {**fields, "said": "明早九点到", "manner": "in_person"}))
    read = text(browser.get(link(desk, case, Purpose.TRACK)))
    assert "已答复您（当面）" in read
    assert "明早九点到" in read


@pytest.mark.req("A1", "B8", "B11")
@pytest.mark.parametrize("reached", [True, False])
def test_a_visit_that_the_handler_agrees_to_is_heard_when_its_message_has_left(reached: bool) -> None:
    """A landline gets none: the desk is asked to call, and the answer on record meets the clock."""
    place = office(community(regulation="S3"))
    case = at_work(place, kind="repair", matter="home_other", phone=None if not reached else RESIDENT_PHONE)
    wanted = AppointmentForm(place.clock() + timedelta(hours=3))
    case = place.do(case, "propose_appointment", RESIDENT, wanted)
    case = place.do(case, "accept_appointment", HANDLER, NoteForm())
    assert Clock.RESPOND not in case.clocks.met, "so far it is only written"
    place.clock.advance(timedelta(minutes=5))
    send(place)
    case = place.case(case)
    assert (Clock.RESPOND in case.clocks.met) == reached
    if not reached:
        assert case.telling.to_call
        case = place.do(case, "answer", AGENT, AnswerForm("下午三点上门", "phone"))
    assert Clock.RESPOND in case.clocks.met


@pytest.mark.req("A1", "B11")
def test_what_the_resident_agreed_to_or_said_is_heard_at_once() -> None:
    story = working_before_start().do("propose_appointment", HANDLER)
    assert Clock.RESPOND in story.do("accept_appointment", RESIDENT).case.clocks.met
    assert Clock.RESPOND in working_before_start().do("agree_appointment", AGENT).case.clocks.met
    assert Clock.RESPOND in working_before_start().do("start", HANDLER).case.clocks.met, "at the door"


def working_before_start() -> Story:
    """A case signed for, of which the resident has heard nothing yet."""
    story = Story(context(pack="S3")).register(matter="home_other")
    return story.do("assign", SUPERVISOR, AssignForm(HANDLER.id, "熟悉")).do("sign", HANDLER)
