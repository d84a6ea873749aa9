"""Where no message reaches a resident, the desk is asked to call for all that must be heard (B8, A8)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.events import RevisitOutcome
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm, RequiredNoteForm
from chalicelib.domain.community.phones import can_get_sms
from chalicelib.domain.community.roles import RESIDENT, TIMER, Actor
from chalicelib.domain.errors import CommandRefusedError
from chalicelib.domain.follow_up.forms import RevisitForm
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.notices.details import BY_WORD, UPHELD
from chalicelib.domain.notices.kinds import RESIDENT_ID, TELLS, NoticeKind, Source
from chalicelib.domain.notices.must_hear import asks_for_call, must_be_heard, what_was_told
from chalicelib.domain.timers import TimersForm
from chalicelib.domain.work.forms import ExtensionForm, PauseForm, ReferForm, RejectForm, SuggestionForm
from chalicelib.domain.work.malicious import MaliciousForm
from chalicelib.domain.work.resident_forms import AnswerForm, AppointmentForm
from chalicelib.services.case_line import line_of
from tests.browser import Browser, text
from tests.builders import AGENT, MANAGER, SUPERVISOR, Office, office
from tests.sending import at_work, send
from tests.stories import HANDLER
from tests.words import LANGUAGES, WORDS

LANDLINE, OF_400 = "+862161234567", "+864008001234"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

Act = tuple[str, Actor, Callable[[Office], object]]

ACTS: dict[str, tuple[dict[str, str], tuple[Act, ...]]] = {
    "visit_proposed": (
        {},
        (("propose_appointment", HANDLER, lambda o: AppointmentForm(o.clock() + 3 * HOUR)),),
    ),
    "visit_refused": (
        {},
        (
            ("propose_appointment", RESIDENT, lambda o: AppointmentForm(o.clock() + 3 * HOUR)),
            ("decline_appointment", HANDLER, lambda _: NoteForm("那时没人")),
        ),
    ),
    "extended": (
        {},
        (
            ("request_extension", HANDLER, lambda o: ExtensionForm(o.clock() + 5 * DAY, "配件缺货")),
            ("grant_extension", MANAGER, lambda _: ReasonForm("同意")),
        ),
    ),
    "paused": (
        {},
        (("pause", HANDLER, lambda o: PauseForm(o.clock() + DAY, "waiting_for_parts", "订货单")),),
    ),
    "rejected": (
        {"kind": "complaint", "matter": "staff_attitude"},
        (("reject", SUPERVISOR, lambda _: RejectForm("监控看过，没有此事")),),
    ),
    "referred": ({}, (("refer", SUPERVISOR, lambda _: ReferForm("供水公司", "总管由供水公司维修")),)),
    "reclassified": ({}, (("classify", SUPERVISOR, lambda _: ClassifyForm("看错了", urgency="urgent")),)),
    "marked": (
        {},
        (
            ("propose_malicious", SUPERVISOR, lambda o: MaliciousForm(o.clock() + 30 * DAY, "虚报", "六件")),
            ("confirm_malicious", MANAGER, lambda _: ReasonForm("属实")),
        ),
    ),
}


def after_acts(place: Office, told: str, phone: str) -> Case:
    """A repair in a home, or what the case says, after those acts; what can leave has left."""
    about, acts = ACTS[told]
    case = at_work(place, phone=phone, email=None, **{"kind": "repair", "matter": "home_other", **about})
    for name, actor, form in acts:
        case = place.do(case, name, actor, form(place))
    send(place)
    return place.case(case)


@pytest.mark.req("B8", "A8", "A9")
@pytest.mark.parametrize("told", ACTS)
@pytest.mark.parametrize("phone", [LANDLINE, OF_400])
def test_the_desk_is_asked_to_call_and_its_record_ends_that(told: str, phone: str) -> None:
    place = office()
    case = after_acts(place, told, phone)
    assert [untold.of for untold in case.telling.to_call] == [told]
    assert case.telling.asked == (AGENT.id,)
    assert line_of(case, place.desk.context_of(case), None).to_call
    assert case.is_listed, "whatever the state: somebody has still to call"
    send(place)
    assert [stored for stored in place.stores.notices.of_case("riverside", case.number)
            if stored.notice.kind is NoticeKind.TO_CALL and stored.status == "sent"]  # fmt: skip
    caller = SUPERVISOR if told == "marked" else AGENT  # G14: the supervisor alone answers
    case = place.do(case, "answer", caller, AnswerForm("已电话告知", "phone", "王芳"))
    assert case.telling.to_call == ()
    assert case.is_listed == (case.state not in {State.REJECTED, State.REFERRED})


@pytest.mark.req("B8")
def test_who_can_be_written_to_is_not_called_and_nobody_answers_on_what_has_ended() -> None:
    place = office()
    case = after_acts(place, "rejected", "+8613900001234")
    assert case.telling.to_call == ()
    with pytest.raises(CommandRefusedError, match="nothing about it waits to be told"):
        place.do(case, "answer", AGENT, AnswerForm("已告知", "phone"))


@pytest.mark.req("B8", "D3")
def test_a_result_that_nobody_has_heard_is_still_to_be_told_after_a_silent_closing() -> None:
    place = office()
    case = place.register(actor=AGENT, phone=LANDLINE, kind="suggestion", matter="other").case
    case = place.do(case, "decide_suggestion", MANAGER, SuggestionForm(False, "谢谢，暂不采纳"))
    send(place)
    case = place.case(case)
    assert [untold.of for untold in case.telling.to_call] == ["completed"]
    for _ in range(3):
        place.clock.advance(DAY)
        case = place.do(case, "record_revisit", SUPERVISOR, RevisitForm(RevisitOutcome.NOT_REACHED, "phone"))
    assert case.telling.to_call, "an attempt tells nobody"
    place.clock.advance(30 * DAY)
    case = place.do(case, "fire_timers", TIMER, TimersForm())
    assert case.state is State.CLOSED
    assert case.telling.to_call, "silence tells nobody"
    assert case.is_listed
    case = place.do(case, "answer", AGENT, AnswerForm("暂不采纳", "phone"))
    assert not case.is_listed


@pytest.mark.req("B8", "B1")
def test_a_decision_on_an_objection_is_called_too() -> None:
    place = office()
    case = after_acts(place, "rejected", LANDLINE)
    case = place.do(case, "object", RESIDENT, ReasonForm("确有此事"))
    case = place.do(case, "uphold", MANAGER, RequiredNoteForm("再看监控，仍无此事"))
    send(place)
    case = place.case(case)
    assert [untold.of for untold in case.telling.to_call] == ["rejected", "closed"]
    assert place.do(case, "answer", AGENT, AnswerForm("经理维持原结论", "phone")).telling.to_call == ()


NOT_CALLED = {
    NoticeKind.REGISTERED: "the page or the person who took it in gives number and times",
    NoticeKind.SURVEY_REMINDER: "a person revisits",
    NoticeKind.ACCEPT: "whoever did the work is asked to have it signed, then the supervisor",
    NoticeKind.PROMISED: "it was said at the revisit",
    NoticeKind.IN_YOUR_NAME: "it was said to the desk",
    NoticeKind.MERGED: "the result is called for",
    NoticeKind.CLOSED: "unless it decides on an objection",
    NoticeKind.CODE: "who asked for it is called with it",
}
"""What no call stands for, and why."""

OF_STAFF = {
    "letter", "reply_drafted", "reply_returned", "reply_to_post",
    "alert", "assigned", "reminder", "overdue", "escalated", "to_call", "price_asked", "visit_wanted",
    "visit_declined", "to_visit", "agreed", "disagreed", "extension_asked", "extension_decided", "time_kept",
    "work_replanned", "work_reclassified", "urged", "added", "called_off", "revisit", "revisit_reminder",
    "review", "fault", "report_owed", "report_filed", "objected", "malicious", "malicious_decided",
    "price_owed", "refused", "unaccepted", "measure", "sign_off", "result_returned", "found_untrue",
    "plan_check", "plan_returned",
}  # fmt: skip


@pytest.mark.req("B8", "A8")
@pytest.mark.parametrize("kind", [kind for kind in NoticeKind if str(kind) not in OF_STAFF])
def test_every_message_to_a_resident_is_called_for_or_has_a_reason_why_not(kind: NoticeKind) -> None:
    assert asks_for_call(kind, RESIDENT_ID, None, Source.STAFF) == (kind not in NOT_CALLED)
    assert must_be_heard(kind, UPHELD) == (
        kind not in NOT_CALLED or kind in {NoticeKind.CLOSED, NoticeKind.CODE}
    )
    assert not asks_for_call(kind, RESIDENT_ID, BY_WORD, Source.STAFF), "it is the resident's own word"
    assert TELLS.keys() <= {other for other in NoticeKind if must_be_heard(other, None)}
    if kind not in NOT_CALLED or kind is NoticeKind.CLOSED:
        for language in LANGUAGES:
            assert WORDS.pages(language)["written_for_resident"][what_was_told(kind)]


@pytest.mark.req("B8", "A11")
def test_the_page_of_the_receipt_promises_what_is_done(browser: Browser, desk: Office) -> None:
    assert not can_get_sms(LANDLINE)
    case = after_acts(desk, "rejected", LANDLINE)
    browser.sign_in("agent-1")
    assert case.number in text(browser.get("/desk/riverside")), (
        "the list has what has ended and waits for a call"
    )
    page = text(browser.get(f"/desk/riverside/cases/{case.number}"))
    assert "短信、邮件无法送达住户：核实不属实及理由" in page
