"""Many reports of one outage are one piece of work, and each of them hears of it once (A16, G10)."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.figure_rows import TOTAL, Row
from chalicelib.domain.case.form_fields import NoteForm, ReasonForm, RequiredNoteForm
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError
from chalicelib.domain.figures.contribution import recount
from chalicelib.domain.intake.forms import MergeForm
from chalicelib.domain.intake.leading import OpenIncidentForm
from chalicelib.domain.intake.same_incident import JoinIncidentForm
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.work.forms import CompleteForm, ReferForm, RejectForm
from chalicelib.services.intake.merged import Incidents
from tests.builders import AGENT, SUPERVISOR, Office, office
from tests.sending import send
from tests.stories import HANDLER

TEXT = "3号楼停电，抢修中，预计两小时恢复。"
RESULT = "更换总开关，恢复供电。"


def report(place: Office, number: int, **about: Any) -> Case:
    """A report of the outage of building 3 by another resident; the relay has followed it."""
    values: dict[str, Any] = {
        "name": f"住户{number}",
        "phone": f"+861390000{number:04d}",
        "unit": f"3-{number // 100 + 1}{number % 100:02d}01",
        "text": f"家里停电了{number}",
        "matter": "power_outage",
        "kind": "repair",
        "another": False,
    }
    case = place.register(**(values | about)).case
    follow(place, case)
    return place.case(case)


def follow(place: Office, case: Case) -> None:
    Incidents(place.desk).follow(case.community, case.number)


def lead(place: Office, case: Case, scope: str = "building") -> Case:
    case = place.do(case, "open_incident", AGENT, OpenIncidentForm(TEXT, scope))
    follow(place, case)
    return place.case(case)


def solve(place: Office, case: Case) -> Case:
    place.do(case, "assign", SUPERVISOR, AssignForm(HANDLER.id, "熟悉"))
    place.do(case, "sign", HANDLER, SignForm("工程部甲"))
    place.clock.advance(timedelta(hours=1))
    case = place.do(case, "complete", HANDLER, CompleteForm(RESULT))
    follow(place, case)
    return place.case(case)


def told(place: Office, number: int) -> list[str]:
    send(place)
    return [text for phone, text in place.sms.sent if phone == f"+861390000{number:04d}"]


def kinds(place: Office, case: Case) -> list[tuple[str, str | None]]:
    """What was called for to the resident of a case, in order."""
    stored = place.stores.notices.of_case(case.community, case.number)
    notices = sorted((kept.notice for kept in stored), key=lambda notice: notice.version)
    return [(notice.kind, notice.detail) for notice in notices if notice.recipient == "resident"]


@pytest.mark.req("A16", "G10")
def test_later_reports_of_an_outage_join_by_themselves_and_are_solved_by_its_work() -> None:
    place = office()
    leader = lead(place, report(place, 1))
    joined = [report(place, number) for number in range(2, 14)]
    for case in joined:
        assert (case.state, case.ending.merged_into, case.is_joined) == (State.MERGED, leader.number, True)
        assert case.assignment.handler is None, "nobody is dispatched for it"
        assert Clock.SOLVE in case.clocks.deadlines, "its own promise stays on record"
    leader = solve(place, leader)
    solved = [place.case(case) for case in joined]
    assert {case.state for case in solved} == {State.COMPLETED}
    assert {case.work.result for case in solved} == {RESULT}
    assert {case.work.solved_with for case in solved} == {leader.number}
    assert [case.work.surveyed for case in solved] == [True, *[False] * 9, True, False]


@pytest.mark.req("A16", "D1", "G8")
def test_each_reporter_is_told_once_at_start_change_and_end_and_a_sample_is_asked() -> None:
    place = office()
    early = report(place, 2)
    leader = lead(place, report(place, 1))
    late = report(place, 3)
    assert kinds(place, place.case(early)) == [("registered", None), ("merged", "joined")]
    assert kinds(place, late) == [("registered", "joined")], "the receipt says it"
    place.clock.advance(timedelta(minutes=30))
    place.do(leader, "tell_incident", AGENT, RequiredNoteForm("备件已到，预计再等一小时。"))
    for _ in range(2):
        follow(place, leader)
    newcomer = report(place, 4)
    follow(place, leader)
    assert kinds(place, newcomer) == [("registered", "joined")], "what was told before it came is on its page"
    solve(place, leader)
    follow(place, leader)
    assert kinds(place, early)[2:] == [("incident", "news"), ("completed", None)], "one of ten is asked"
    assert kinds(place, late)[1:] == [("incident", "news"), ("incident", "completed")]
    assert kinds(place, newcomer)[1:] == [("incident", "completed")]
    assert kinds(place, leader) == [
        ("registered", None),
        ("incident", "news"),
        ("incident", "news"),
        ("completed", None),
    ]


@pytest.mark.req("A16")
def test_whoever_reported_twice_is_told_once() -> None:
    place = office()
    leader = lead(place, report(place, 1))
    same_as_leader = report(place, 2, phone=leader.report.phone)
    mine, again = report(place, 3), report(place, 4, phone="+8613900000003", text="还没有来电")
    place.clock.advance(timedelta(minutes=30))
    place.do(leader, "tell_incident", AGENT, RequiredNoteForm("备件已到。"))
    follow(place, leader)
    solve(place, leader)
    assert kinds(place, same_as_leader) == [("registered", "joined")]
    assert [kind for kind, _ in kinds(place, mine)] == ["registered", "incident", "incident"]
    assert kinds(place, again) == [("registered", "joined")], "its number and page are its own"
    assert place.case(again).state is State.COMPLETED


@pytest.mark.req("A16", "A6", "G13", "G15")
@pytest.mark.parametrize(
    ("about", "offered"),
    [
        ({"matter": "water_outage"}, False),
        ({"unit": "5-1201"}, False),
        ({"kind": "inquiry"}, False),
        ({"urgency": "emergency"}, True),
        ({"severity": "serious"}, True),
        ({"care": True}, True),
        ({"text": "停电了，电梯里有人被困"}, True),
        ({"about_person": "昨天的电工"}, True),
        ({"against": "电工"}, True),
        ({"another": True}, True),
    ],
)
def test_what_is_not_surely_the_same_goes_its_own_way(about: dict[str, Any], offered: bool) -> None:
    place = office()
    leader = lead(place, report(place, 1))
    case = report(place, 2, **about)
    follow(place, leader)
    case = place.case(case)
    assert case.state is State.REGISTERED
    assert case.offered == (leader.number if offered else None)


@pytest.mark.req("A16", "G13")
def test_a_complaint_about_a_person_neither_joins_nor_leads() -> None:
    place = office()
    leader = lead(place, report(place, 1))
    about = report(place, 2, kind="complaint", about_person="昨天的电工", another=True)
    for case in (about, report(place, 3, kind="complaint", about_staff="engineering-1", another=True)):
        with pytest.raises(CommandRefusedError):
            place.do(case, "join_incident", SUPERVISOR, JoinIncidentForm(leader.number))
        with pytest.raises(CommandRefusedError):
            place.do(case, "open_incident", SUPERVISOR, OpenIncidentForm(TEXT))


@pytest.mark.req("A16")
def test_a_false_join_is_undone_and_the_case_has_the_clocks_of_its_own_report() -> None:
    place = office()
    leader = lead(place, report(place, 1))
    alone = report(place, 3, unit="7-0101")
    mine = report(place, 2)
    place.clock.advance(timedelta(hours=2))
    mine = place.do(mine, "leave_incident", RESIDENT, NoteForm("只有我家停电"))
    own, ordinary = mine.clocks.deadlines, alone.clocks.deadlines
    assert {clock: deadline.due_at for clock, deadline in own.items()} == {
        clock: deadline.due_at for clock, deadline in ordinary.items()
    }
    assert (mine.state, mine.returns, mine.ending.left) == (State.REGISTERED, 0, leader.number)
    follow(place, mine)
    follow(place, leader)
    solve(place, leader)
    assert place.case(mine).state is State.REGISTERED, "no rule joins it again"
    assert place.desk.cases.joined("riverside", leader.number) == ()
    assert kinds(place, mine)[-1] == ("reopened", "left")
    month = recount(place.desk.cases.get("riverside", case.number) for case in (leader, mine, alone))
    assert month[TOTAL, "reopened"] == 0
    assert month[TOTAL, "open"] == 2


@pytest.mark.req("A16", "E1")
def test_figures_count_each_report_and_one_dispatch() -> None:
    place = office()
    leader = lead(place, report(place, 1))
    cases = [leader, *(report(place, number) for number in range(2, 14))]
    solve(place, leader)
    month = recount(place.case(case) for case in cases)
    assert month[TOTAL, "registered"] == month[TOTAL, "solved"] == 13
    assert (month[TOTAL, "incidents"], month[TOTAL, "incident_reports"]) == (1, 13)
    assert month[TOTAL, "merged"] == 0
    assert month[Row("handler", HANDLER.id), "solved"] == 1
    assert month[TOTAL, "surveys"] == 3, "the one that led, and two of twelve"
    stored = place.stores.figures.month("riverside", "202611", "total")
    assert sum(stored[TOTAL].values()) == sum(amount for (row, _), amount in month.items() if row == TOTAL)


@pytest.mark.req("A16")
def test_what_the_work_owes_late_is_late_for_every_report() -> None:
    place = office()
    leader = lead(place, report(place, 1))
    mine = report(place, 2)
    place.clock.advance(timedelta(days=8))
    solve(place, leader)
    assert recount([place.case(mine)])[TOTAL, "solved_late"] == 1


@pytest.mark.req("A16", "D7")
def test_whoever_is_still_in_the_dark_goes_on_alone() -> None:
    place = office()
    leader = lead(place, report(place, 1))
    mine, other = report(place, 2), report(place, 3)
    place.clock.advance(timedelta(days=10))
    solve(place, leader)
    mine = place.do(mine, "reopen", RESIDENT, ReasonForm("我家还是没电"))
    assert mine.state is State.REGISTERED
    follow(place, mine)
    assert place.case(other).state is State.COMPLETED
    assert place.case(mine).state is State.REGISTERED


@pytest.mark.req("A16")
def test_an_incident_that_was_none_lets_all_go() -> None:
    place = office()
    leader = lead(place, report(place, 1))
    mine = report(place, 2)
    place.do(leader, "dissolve_incident", SUPERVISOR, ReasonForm("两户各自跳闸"))
    follow(place, leader)
    assert place.case(mine).state is State.REGISTERED
    assert report(place, 3).state is State.REGISTERED
    assert recount([place.case(leader)])[TOTAL, "incidents"] == 0
    again = place.do(leader, "open_incident", SUPERVISOR, OpenIncidentForm(TEXT))
    assert again.leads, "the place is free again"


@pytest.mark.req("A16", "B1")
def test_the_ends_of_the_work_that_are_no_solution_reach_all() -> None:
    place = office()
    leader = lead(place, report(place, 1, kind="complaint"))
    mine = report(place, 2)
    place.do(leader, "refer", SUPERVISOR, ReferForm("供电局", "外线故障"))
    follow(place, leader)
    assert (place.case(mine).state, kinds(place, mine)[-1]) == (State.MERGED, ("incident", "referred"))
    other = lead(place, report(place, 5, unit="6-0101", kind="complaint"))
    free = report(place, 6, unit="6-0201")
    place.do(other, "reject", SUPERVISOR, RejectForm("总闸正常"))
    follow(place, other)
    assert place.case(free).state is State.REGISTERED


@pytest.mark.req("A16")
def test_one_incident_at_a_place_and_none_is_lost() -> None:
    place = office()
    leader = lead(place, report(place, 1))
    second = report(place, 2, another=True)
    with pytest.raises(CommandRefusedError, match=leader.number):
        place.do(second, "open_incident", SUPERVISOR, OpenIncidentForm(TEXT))
    with pytest.raises(CommandRefusedError):
        place.do(leader, "merge", SUPERVISOR, MergeForm(second.number, "同一处"))
    with pytest.raises(CommandRefusedError):
        place.do(leader, "withdraw", RESIDENT, ReasonForm("不用了"))
    solve(place, leader)
    assert place.do(second, "open_incident", SUPERVISOR, OpenIncidentForm(TEXT)).leads


@pytest.mark.req("A16")
def test_its_time_ends_and_a_person_still_joins() -> None:
    place = office()
    leader = lead(place, report(place, 1))
    place.clock.advance(timedelta(hours=25))
    late = report(place, 2)
    assert late.state is State.REGISTERED
    assert place.do(late, "join_incident", AGENT, JoinIncidentForm(leader.number)).is_joined
    with pytest.raises(CommandRefusedError):
        place.do(report(place, 3), "join_incident", AGENT, JoinIncidentForm(late.number))


@pytest.mark.req("A16", "E8")
def test_what_strangers_read_names_nobody() -> None:
    place = office()
    case = report(place, 1)
    for text in (f"{case.report.unit}停电", "住户1家停电", "请打 13900000001"):
        with pytest.raises(InvalidInputError):
            place.do(case, "open_incident", AGENT, OpenIncidentForm(text))


@pytest.mark.req("A16")
def test_how_far_it_reaches_is_what_the_unit_says() -> None:
    place = office()
    entrance = lead(place, report(place, 1, unit="3-2-1201"), "entrance")
    assert report(place, 2, unit="3栋2单元0501").is_joined
    assert not report(place, 3, unit="3-1-0501").is_joined
    assert entrance.incident is not None
    assert entrance.incident.place == "3-2"
    everywhere = lead(place, report(place, 4, unit="9", matter="water_outage"), "community")
    assert report(place, 5, unit="12-0801", matter="water_outage").ending.merged_into == everywhere.number
    with pytest.raises(InvalidInputError):
        place.do(report(place, 6, unit="8"), "open_incident", AGENT, OpenIncidentForm(TEXT, "building"))


@pytest.mark.req("A16", "A11")
def test_two_hundred_at_once_while_it_is_opened_are_one_incident() -> None:
    place = office()
    cases = [place.register(**_plain(number)).case for number in range(1, 101)]
    leader = place.do(cases[0], "open_incident", AGENT, OpenIncidentForm(TEXT))
    cases += [place.register(**_plain(number)).case for number in range(101, 201)]
    for case in reversed(cases):
        follow(place, case)
    solve(place, leader)
    assert len(place.desk.cases.joined("riverside", leader.number)) == 199
    assert {place.case(case).state for case in cases} == {State.COMPLETED}
    assert place.case(leader).version < 10, "nothing is written on it when another joins"
    for case in cases[1:]:
        sent = kinds(place, case)
        assert len(sent) == len(set(sent)) <= 3
        assert sum(kind in {"completed", "incident"} for kind, _ in sent) == 1


def _plain(number: int) -> dict[str, Any]:
    return {
        "name": f"住户{number}",
        "phone": f"+861390000{number:04d}",
        "unit": f"3-{number:02d}01",
        "text": f"停电{number}",
        "matter": "power_outage",
        "kind": "repair",
        "another": False,
    }
