"""The month's figures as leaders read them: each rate in each dimension, targets beside (A2, E2, G17)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.domain.case.case import State
from chalicelib.domain.case.events import RevisitOutcome
from chalicelib.domain.case.figure_rows import TOTAL, Row
from chalicelib.domain.case.form_fields import RequiredNoteForm
from chalicelib.domain.community.roles import RESIDENT, TIMER, Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.follow_up.forms import RateForm, RevisitForm
from chalicelib.domain.timers import TimersForm
from chalicelib.domain.work.forms import CompleteForm, RejectForm
from chalicelib.services.figures.targets import target_views
from chalicelib.web.figures_page import _target
from chalicelib.web.words import words
from tests.api_desk import ApiDesk, api_desk
from tests.builders import AGENT, MANAGER, MONDAY, SUPERVISOR, regulations

ENGINEER = Actor(Role.HANDLER, "engineering-1")


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


@pytest.mark.req("A2", "E1", "E2", "G17")
def test_each_rate_per_category_matter_department_and_handler_with_its_target(desk: ApiDesk) -> None:
    office = desk.office
    late = MONDAY - timedelta(minutes=16)
    cases = [
        office.register(matter="elevator", kind="repair").case,
        office.register(matter="elevator", kind="repair", actor=AGENT, contacted_at=late).case,
    ]
    for case in cases:
        office.do(case, "assign", SUPERVISOR, AssignForm("engineering-1", "by hand"))
        office.do(case, "sign", ENGINEER, SignForm("甲"))
    office.clock.advance(timedelta(hours=3))
    office.do(cases[0], "complete", ENGINEER, CompleteForm("修好了"))
    office.clock.set(cases[1].clocks.solve_due_at + timedelta(minutes=1))
    office.do(cases[1], "fire_timers", TIMER, TimersForm())
    found = desk.get("/v1/communities/riverside/figures", user="manager-1").json_body
    rows = {(row["dimension"], row["value"]): row["rates"] for row in found["rows"]}
    for key in (
        ("total", None),
        ("category", "facility"),
        ("matter", "elevator"),
        ("department", "engineering"),
        ("handler", "engineering-1"),
    ):
        rates = rows[key]
        assert rates["registered_in_time"] == 0.5, key
        assert rates["overdue"] == 0.5, key
        assert rates["on_time"] == 0.5, "one in time, one open and late"
        assert rates["handling_hours"] == 3.0, key
    targets = found["targets"]
    assert (targets["registered_in_time"], targets["overdue_at_most"]) == (0.9, 0.05)
    assert (targets["survey_answered"], targets["satisfied_at_last"]) == (0.9, 0.95)


@pytest.mark.req("E2", "G17")
def test_every_target_that_the_figures_can_answer_stands_beside_the_month(desk: ApiDesk) -> None:
    office = desk.office
    about = {"matter": "seepage", "kind": "repair", "contacted_at": MONDAY}
    made = [office.register(actor=AGENT, **about).case for _ in range(3)]
    signed, silent, open_one = made
    rejected = office.register(actor=AGENT, **{**about, "kind": "complaint"}).case
    for case in (signed, silent):
        office.do(case, "assign", SUPERVISOR, AssignForm("engineering-1", "by hand"))
        office.do(case, "sign", ENGINEER, SignForm("甲"))
        office.do(case, "complete", ENGINEER, CompleteForm("修好了"))
    office.do(signed, "rate", RESIDENT, RateForm(5))
    office.do(signed, "record_revisit", AGENT, RevisitForm(RevisitOutcome.SATISFIED, "visit"))
    office.do(rejected, "reject", SUPERVISOR, RejectForm("是楼上拖地的水"))
    for wait in (timedelta(days=1), timedelta(days=6, hours=10), timedelta()):
        office.do(silent, "record_revisit", AGENT, RevisitForm(RevisitOutcome.NOT_REACHED, "phone"))
        office.clock.advance(wait)
    assert office.case(silent).state is State.CLOSED
    found = desk.get("/v1/communities/riverside/figures", user="manager-1").json_body["goals"]
    goals = {target["what"]: (target["actual"], target["of"], target["reached"]) for target in found}
    assert goals == {
        "registered_in_time": (1.0, 4, True),
        "signed": (0.6667, 3, False),
        "overdue": (0.0, 4, True),
        "survey_answered": (0.5, 2, False),
        "satisfied_at_last": (1.0, 1, True),
        "satisfied_overall": (1.0, 1, True),
        "valid_complaints": (0.0, 1200, True),
        "revisited": (0.5, 2, False),
        "classified_right": (None, 0, None),
        "points_dealt_with": (None, 0, None),
        "announcements_reach": (None, 0, None),
        "handling_time_shorter": (None, 2, None),
    }, open_one.number
    unknown = [target["what"] for target in found if not target["known"]]
    assert unknown == ["classified_right", "announcements_reach"], "no number is made up"
    assert [target["what"] for target in found if target["at_most"]] == ["overdue", "valid_complaints"]


@pytest.mark.req("E2", "G17")
def test_a_dissatisfied_end_counts_and_a_revisit_is_an_answer(desk: ApiDesk) -> None:
    office = desk.office
    cases = [office.register(matter="seepage", kind="repair", actor=AGENT).case for _ in range(2)]
    for case in cases:
        office.do(case, "assign", SUPERVISOR, AssignForm("engineering-1", "by hand"))
        office.do(case, "sign", ENGINEER, SignForm("甲"))
        office.do(case, "complete", ENGINEER, CompleteForm("修好了"))
        form = RevisitForm(RevisitOutcome.NOT_REACHED, "phone")
        office.do(case, "record_revisit", AGENT, form)
    office.do(cases[0], "close", MANAGER, RequiredNoteForm("住户已搬走，联系不上"))
    office.do(cases[1], "rate", RESIDENT, RateForm(4))
    office.do(cases[1], "record_revisit", AGENT, RevisitForm(RevisitOutcome.SATISFIED, "phone"))
    found = desk.get("/v1/communities/riverside/figures", user="manager-1").json_body
    rates = found["rows"][0]["rates"]
    assert rates["satisfied_at_last"] == 0.5, "the desk decided: nobody said that it is good"
    assert rates["revisited"] == 0.5


@pytest.mark.req("E2")
@pytest.mark.parametrize(
    ("hours", "shorter", "reached"), [(7, 0.3, True), (8, 0.2, False), (11, -0.1, False)]
)
def test_the_handling_time_is_compared_with_the_same_month_a_year_before(
    desk: ApiDesk, hours: int, shorter: float, reached: bool
) -> None:
    office = desk.office
    before = {"solved": 2, "handling_seconds": 20 * 3600}
    office.desk.figures.add("riverside", "202511", {Row("kind", "repair"): before})
    office.desk.figures.add(
        "riverside", "202510", {Row("kind", "repair"): {"solved": 1, "handling_seconds": 1}}
    )
    now = {"solved": 3, "handling_seconds": 3 * hours * 3600}
    office.desk.figures.add("riverside", "202611", {TOTAL: now, Row("kind", "repair"): now})
    found = desk.get("/v1/communities/riverside/figures", user="manager-1").json_body["goals"]
    goal = next(target for target in found if target["what"] == "handling_time_shorter")
    assert (goal["goal"], goal["actual"], goal["of"], goal["reached"]) == (0.3, shorter, 3, reached)


@pytest.mark.req("A7", "E2")
def test_the_page_shows_the_targets_with_what_they_stand_on() -> None:
    year_before = {"solved": 1, "handling_seconds": 3600}
    month = {"registered": 3, "valid_complaints": 13, "solved": 1, "handling_seconds": 3600}
    goals = target_views(regulations().get("default").targets, month, year_before, 1200)
    shown = {goal.what: _target(goal, words("zh-CN")) for goal in goals}
    assert shown["valid_complaints"] == ("有效投诉率", "按1200户计", ["≤ 1%", "1.08%", "否"], True)
    assert shown["handling_time_shorter"][2:] == (["≥ 30%", "0%", "否"], True)
    assert shown["revisited"][2:] == (["100%", "–", "–"], False)
