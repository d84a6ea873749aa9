"""The workflows keep the regulation's times: emergencies, answers, visits, promises (A6, B4, B11, C5, D8)."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.community.roster import Shift
from chalicelib.domain.dispatch.forms import ReportForm
from chalicelib.domain.follow_up.forms import RevisitForm
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.work.forms import ProposeForm
from chalicelib.domain.work.resident_forms import AgreedVisitForm
from tests.builders import MANAGER, SUPERVISOR, community
from tests.workflow.world import World, handler_of, world

SUNDAY_NIGHT = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
"""Monday 02:00 in Shanghai."""


def alerted(at_night: World, case: Case) -> set[str]:
    """Who was sent an alert."""
    found = at_night.office.stores.notices.of_case(case.community, case.number)
    return {
        notice.notice.recipient
        for notice in found
        if notice.notice.kind == "alert" and notice.status == "sent"
    }


@pytest.mark.req("A6", "C5", "C8", "B3")
@pytest.mark.parametrize("matter", ["flooding", "public_hazard"])
def test_an_emergency_at_night_alerts_at_once_and_runs_around_the_clock(matter: str) -> None:
    plain = community()
    night = tuple(
        Shift(department, f"{department}-2", tuple(range(7)), datetime.min.time(), datetime.min.time())
        for department in plain.departments
    )
    with world(community(shifts=(*plain.shifts, *night)), at=SUNDAY_NIGHT) as at_night:
        case = at_night.register(kind="repair", matter=matter, urgency="emergency")
        department = case.classification.department
        assert case.assignment.handler == f"{department}-2", "whoever is on duty has it at once"
        assert alerted(at_night, case) == {f"{department}-2", "supervisor-1"}
        assert case.clocks.deadlines[Clock.ON_SITE].due_at == SUNDAY_NIGHT + timedelta(minutes=10)
        at_night.wait(timedelta(minutes=10, seconds=1))
        assert {Clock.ON_SITE, Clock.SIGN} <= set(at_night.case(case).clocks.overdue)
        at_night.wait(timedelta(minutes=11))
        told = [
            notice
            for notice in at_night.told(case)
            if notice.startswith(("supervisor", "manager", "company"))
        ]
        assert {"supervisor:supervisor-1", "manager:manager-1", "company_head:company-head-1"} <= set(told)


@pytest.mark.req("B4", "C3", "G3")
def test_the_department_answers_within_three_working_days_or_the_ladder_hears_of_it() -> None:
    with world(community(regulation="S3")) as under_s3:
        case = under_s3.register(kind="complaint", matter="garbage")
        answer = case.clocks.deadlines[Clock.ANSWER]
        local = answer.due_at + timedelta(hours=8)
        assert (local.date().isoformat(), local.hour) == ("2026-11-26", 18), "from Monday: Thursday's closing"
        expected = {str(due.key) for due in under_s3.dues(case) if due.clock is Clock.ANSWER}
        assert {"answer:remind:1", "answer:remind:2", "answer:overdue", "answer:rung:supervisor"} <= expected
        case = under_s3.sign(case)
        under_s3.wait(timedelta(days=20))
        fired = [key for key, _ in under_s3.fired(case) if key.startswith("answer:")]
        assert sorted(fired) == sorted(expected), "each once"


@pytest.mark.req("B4", "C3")
def test_a_plan_is_the_departments_answer() -> None:
    with world(community(regulation="S3")) as under_s3:
        case = under_s3.sign(under_s3.register(kind="complaint", matter="garbage"))
        case = under_s3.do(case, "propose", handler_of(case), ProposeForm("清运漏了一车", "改路线"))
        assert Clock.ANSWER in case.clocks.met
        under_s3.wait(timedelta(days=20))
        assert not [key for key, _ in under_s3.fired(case) if key.startswith("answer:")]


@pytest.mark.req("B11", "B7")
def test_the_workflow_keeps_to_the_appointment(world: World) -> None:
    """Earlier than the limit wakes the workflow sooner; later lets it wait longer."""
    case = world.sign(world.register(matter="home_other"))
    visit = world.office.clock() + timedelta(hours=4)
    agreed = AgreedVisitForm(visit, world.office.clock(), "王芳", "phone")
    case = world.do(case, "agree_appointment", SUPERVISOR, agreed)
    world.wait_until(visit + timedelta(seconds=1))
    late = [event for event in world.happened(case, ev.MarkedOverdue) if event.clock is Clock.ON_SITE]
    assert len(late) == 1


@pytest.mark.req("D8")
def test_the_workflow_reminds_of_a_promise(world: World) -> None:
    case = world.complete(world.sign(world.register()))
    until = world.office.clock() + timedelta(hours=3)
    form = RevisitForm(ev.RevisitOutcome.PROMISED, "phone", promised_until=until)
    case = world.do(case, "record_revisit", SUPERVISOR, form)
    world.wait_until(until + timedelta(seconds=1))
    (reminded,) = (event for event in world.happened(case, ev.Reminded) if event.clock is None)
    assert reminded.person == SUPERVISOR.id
    texts = [text for _, text in world.office.sms.sent]
    assert any("前答复" in text for text in texts), "the resident has it in writing"
    assert any("约定答复到期" in text for text in texts)


@pytest.mark.req("C17")
def test_the_written_notice_of_a_fault_stops_its_clock(world: World) -> None:
    case = world.complete(world.sign(world.register()))
    worker = case.assignment.handler
    form = RevisitForm(ev.RevisitOutcome.DISSATISFIED, "visit", fault="灯座松动")
    case = world.do(case, "record_revisit", SUPERVISOR, form)
    case = world.case(case)
    assert (case.round, case.follow_up.fault.worker) == (2, worker)
    assert Clock.CORRECT in case.clocks.met
    assert any("灯座松动" in text for _, text in world.office.sms.sent)


@pytest.mark.req("B6", "G3")
def test_the_written_report_is_asked_for_and_reminded_of_until_it_is_there(world: World) -> None:
    case = world.sign(world.register(kind="complaint", severity="serious"))
    owed = case.deadlines[Clock.WRITTEN_REPORT]
    assert owed.started_at == case.registered_at
    world.wait(timedelta(minutes=1))
    asked = [text for _, text in world.office.sms.sent if "前书面报告" in text]
    assert len(asked) == 1, "the head of the department, once"
    world.wait_until(owed.due_at + timedelta(seconds=1))
    assert Clock.WRITTEN_REPORT in world.case(case).overdue
    report = ReportForm("周一投诉", "人手不足", "已道歉", "周五前补做，由保洁部负责")
    world.do(case, "file_report", MANAGER, report)
    before = len(world.fired(case))
    world.wait_for(case, "solve:rung:company_head")
    assert not [key for key, _ in world.fired(case)[before:] if key.startswith("report:")]
    assert world.case(case).report_duty.owed, "why it climbed above the manager was not yet to be told"
    world.do(case, "file_report", MANAGER, replace(report, next_steps="请总部协调"))
    before = len(world.fired(case))
    world.wait(timedelta(days=20))
    assert not [key for key, _ in world.fired(case)[before:] if key.startswith("report:")]
    by_mail = [body for *_, body in world.office.mail.sent if "周五前补做，由保洁部负责" in body]
    assert len(by_mail) == 1, "the company head; the manager has written it"
