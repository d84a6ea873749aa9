"""A correction is no extension, and whoever was promised a time is told of the new one (A8, B7, B11)."""

from datetime import timedelta

import pytest

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.links import Purpose
from chalicelib.domain.case.spoken import ReasonedWordForm
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.errors import CommandRefusedError
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.notices.history_readers import Audience
from chalicelib.domain.notices.kinds import RESIDENT_ID, NoticeKind
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.work.forms import CompleteForm
from chalicelib.domain.work.resident_forms import AgreedVisitForm
from chalicelib.services.views.history import timeline
from tests.browser import Form, browsing, html, link, text
from tests.builders import AGENT, MANAGER, SUPERVISOR, Office, community, office
from tests.sending import phone_of, send

WORKER = Actor(Role.HANDLER, "engineering-1")
KINDS = {NoticeKind.RECLASSIFIED, NoticeKind.WORK_RECLASSIFIED, NoticeKind.VISIT_DROPPED}
HOUR = timedelta(hours=1)
COMPLEX = ClassifyForm("其实复杂", complexity="complex")
EMERGENCY = ClassifyForm("漏到电箱了", urgency="emergency")


@pytest.fixture
def place() -> Office:
    return office(community(regulation="S1"))


def leak(place: Office, *, signed: bool = True) -> Case:
    """To be solved by Wednesday 09:00; the resident has been told so, and `engineering-1` has it."""
    case = place.register(kind="complaint", matter="seepage").case
    case = place.do(case, "assign", SUPERVISOR, AssignForm(WORKER.id, "熟悉"))
    if signed:
        case = place.do(case, "sign", WORKER, SignForm("甲"))
    send(place)
    return case


def appointed(place: Office) -> Case:
    case = place.register(kind="repair", matter="home_other").case
    case = place.do(case, "assign", SUPERVISOR, AssignForm(WORKER.id, "熟悉"))
    case = place.do(case, "sign", WORKER, SignForm("甲"))
    visit_at = place.clock() + 4 * HOUR
    case = place.do(
        case, "agree_appointment", AGENT, AgreedVisitForm(visit_at, place.clock(), "王芳", "phone")
    )
    send(place)
    return case


def written(place: Office, case: Case) -> list[tuple[NoticeKind, str, str | None]]:
    found = (notice.notice for notice in place.stores.notices.of_case(case.community, case.number))
    return [(notice.kind, notice.recipient, notice.detail) for notice in found if notice.kind in KINDS]


def said_to(place: Office, phone: str | None) -> str:
    """The last SMS that a number has got, without its link."""
    return [said for number, said in place.sms.sent if number == phone][-1].rpartition(" ")[0]


@pytest.mark.req("A8", "B7")
@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("actor", [AGENT, SUPERVISOR])
def test_only_the_manager_gives_more_time_by_a_correction(place: Office, actor: Actor, signed: bool) -> None:
    """Before anybody has signed, too: what was promised stands until the manager agrees."""
    case = leak(place, signed=signed)
    promised = case.clocks.solve_due_at
    corrected = place.do(case, "classify", actor, COMPLEX)
    assert corrected.classification.complexity == "complex", "what was sorted wrongly is sorted right"
    assert corrected.clocks.solve_due_at == promised
    assert corrected.clocks.deadlines[Clock.SOLVE] == case.clocks.deadlines[Clock.SOLVE], "its ledger as well"
    assert corrected.clocks.kept == (Clock.SOLVE,)
    send(place)
    [asked] = [said for number, said in place.sms.sent if number == phone_of("manager-1")]
    assert "原承诺时限暂不变，请您决定" in asked
    with pytest.raises(CommandRefusedError):
        place.do(corrected, "classify", SUPERVISOR, COMPLEX)
    with browsing(place) as browser:
        browser.sign_in("manager-1")
        page = f"/desk/riverside/cases/{case.number}"
        seen = browser.get(page)
        assert "仍按原承诺" in text(seen)
        [action] = [action for action in Form(html(seen)).forms if action.endswith("/classify")]
        typed = {name: value for name, value in Form(html(seen)).forms[action].items() if "?" not in name}
        browser.follow(browser.post(action, {**typed, "reason": "确实复杂，同意"}))
    agreed = place.case(case)
    assert agreed.clocks.solve_due_at > promised
    assert (agreed.clocks.kept, agreed.clocks.deadlines[Clock.SOLVE].first_due_at) == ((), promised)
    send(place)
    assert said_to(place, "+8613900001234") != "", "and the resident is told of the new time"
    assert (NoticeKind.RECLASSIFIED, RESIDENT_ID, "solve") in written(place, case)


@pytest.mark.req("A8", "B7")
def test_the_manager_s_own_correction_gives_time_at_once_and_what_brings_forward_is_anybody_s(
    place: Office,
) -> None:
    case = leak(place)
    assert place.do(case, "classify", MANAGER, COMPLEX).clocks.solve_due_at > case.clocks.solve_due_at
    case = leak(place)
    assert place.do(case, "classify", AGENT, EMERGENCY).clocks.solve_due_at < case.clocks.solve_due_at


@pytest.mark.req("A8", "B7", "A6")
def test_an_arrival_that_is_promised_is_dropped_by_the_manager_alone(place: Office) -> None:
    case = leak(place)
    case = place.do(case, "classify", AGENT, EMERGENCY)
    due_at = case.clocks.deadlines[Clock.ON_SITE].due_at
    back = ClassifyForm("看错了", urgency="normal")
    case = place.do(case, "classify", SUPERVISOR, back)
    assert case.clocks.deadlines[Clock.ON_SITE].due_at == due_at
    assert set(case.clocks.kept) >= {Clock.ON_SITE, Clock.SOLVE}
    assert Clock.ON_SITE not in place.do(case, "classify", MANAGER, ClassifyForm("同意")).clocks.deadlines


@pytest.mark.req("A8", "B7")
def test_what_has_run_out_or_is_met_binds_no_correction(place: Office) -> None:
    case = leak(place)
    place.clock.set(case.clocks.solve_due_at + HOUR)
    assert place.do(case, "classify", AGENT, COMPLEX).clocks.solve_due_at == case.clocks.solve_due_at


@pytest.mark.req("A8", "B7", "A11", "B8")
def test_resident_and_handler_are_told_both_times(place: Office) -> None:
    case = leak(place)
    after = place.do(case, "classify", MANAGER, COMPLEX)
    payload = place.desk.cases.events(case.community, case.number)[-1].payload
    assert isinstance(payload, ev.Classified)
    [moved] = [change for change in payload.moved if change.clock is Clock.SOLVE]
    assert (moved.before, moved.after) == (case.clocks.solve_due_at, after.clocks.solve_due_at)
    send(place)
    new = "30日18:00"
    assert said_to(place, case.report.phone) == f"【诉达】{case.number}办结由25日09:00改为{new}"
    assert said_to(place, phone_of(WORKER.id)) == f"【诉达】更正：3-1201渗水办结时限由25日09:00改为{new}"
    assert written(place, case) == [
        (NoticeKind.RECLASSIFIED, RESIDENT_ID, Clock.SOLVE),
        (NoticeKind.WORK_RECLASSIFIED, WORKER.id, Clock.SOLVE),
    ]


@pytest.mark.req("A8", "G3")
def test_who_made_it_and_what_moved_nothing_are_not_told(place: Office) -> None:
    case = place.register(kind="complaint", matter="seepage").case
    case = place.do(case, "assign", SUPERVISOR, AssignForm(MANAGER.id, "自己办"))
    place.do(case, "classify", SUPERVISOR, ClassifyForm("沟通性", nature="venting"))
    assert written(place, case) == []
    place.do(case, "classify", MANAGER, COMPLEX)
    assert [message[1] for message in written(place, case)] == [RESIDENT_ID]


@pytest.mark.req("A8", "G3")
def test_a_correction_taken_back_before_its_message_left_is_told_to_nobody(place: Office) -> None:
    case = leak(place)
    place.do(case, "classify", MANAGER, COMPLEX)
    place.do(case, "classify", SUPERVISOR, ClassifyForm("不复杂", complexity="general"))
    heard = len(place.sms.sent)
    send(place)
    assert len(place.sms.sent) == heard
    found = place.stores.notices.of_case(case.community, case.number)
    assert {notice.error for notice in found if notice.notice.kind in KINDS} == {"known_already"}


@pytest.mark.req("A8", "G3")
def test_whoever_loses_it_unsigned_to_another_department_is_not_told(place: Office) -> None:
    case = leak(place, signed=False)
    moved = place.do(case, "classify", AGENT, ClassifyForm("是电梯", matter="elevator", urgency="urgent"))
    assert all(
        message[1] == RESIDENT_ID for message in written(place, moved) if moved.assignment.handler is None
    )
    cleaned = place.do(
        leak(place, signed=False), "classify", AGENT, ClassifyForm("是保洁", matter="cleaning")
    )
    assert cleaned.assignment.handler is None
    assert WORKER.id not in [message[1] for message in written(place, cleaned)]


@pytest.mark.req("A6", "A8", "B11")
def test_a_visit_that_an_emergency_does_not_wait_for_is_called_off(place: Office) -> None:
    case = appointed(place)
    after = place.do(case, "classify", AGENT, EMERGENCY)
    assert after.work.appointment is None
    send(place)
    assert (NoticeKind.VISIT_DROPPED, RESIDENT_ID, Clock.ON_SITE) in written(place, case)
    assert (NoticeKind.WORK_RECLASSIFIED, WORKER.id, Clock.ON_SITE) in written(place, case)
    assert NoticeKind.RECLASSIFIED not in [message[0] for message in written(place, case)]
    said = f"【诉达】经核实更正分类，{case.number}不等约定时间，09:10前到场"
    assert said_to(place, case.report.phone) == said


@pytest.mark.req("A8", "B11")
def test_any_other_correction_keeps_the_visit(place: Office) -> None:
    case = appointed(place)
    after = place.do(case, "classify", MANAGER, COMPLEX)
    assert after.work.appointment == case.work.appointment
    assert NoticeKind.VISIT_DROPPED not in [message[0] for message in written(place, case)]


@pytest.mark.req("A8", "B8", "E5")
def test_the_pages_show_both_times_and_the_reason_to_colleagues_alone(place: Office) -> None:
    case = leak(place)
    place.do(case, "classify", SUPERVISOR, ClassifyForm("内部说明", nature="venting"))
    place.do(case, "classify", MANAGER, COMPLEX)
    times = "办结 由 11月25日 周三 09:00 改为 11月30日 周一 18:00"
    with browsing(place) as browser:
        track = text(browser.get(link(place, case, Purpose.TRACK)))
        assert f"经核实更正分类，时限有变 {times}" in track
        assert "其实复杂" not in track
        assert "内部说明" not in track
        browser.sign_in("agent-1")
        page = text(browser.get(f"/desk/riverside/cases/{case.number}"))
        assert times in page
        assert "其实复杂" in page
        assert "分类更正告知" in page
        assert times in text(browser.get(link(place, case, Purpose.WORK)))
    events = place.desk.cases.events(case.community, case.number)
    [entry] = [
        entry
        for entry in timeline(Audience.RESIDENT, case, events, place.desk.context_of(case))
        if entry.type == "classified"
    ]
    assert (entry.clock, entry.instead_of, entry.text) == (Clock.SOLVE, case.clocks.solve_due_at, None)


@pytest.mark.req("B11", "B8")
def test_a_visit_that_was_made_is_not_called_off_when_the_case_is_taken_up_again(place: Office) -> None:
    case = place.do(appointed(place), "complete", WORKER, CompleteForm("换了"))
    case = place.do(case, "record_return", AGENT, ReasonedWordForm(place.clock(), "王芳", "phone", "又坏了"))
    assert (case.round, case.work.appointment) == (2, None)
    assert written(place, case) == []
