"""The month's figures as leaders read them: each rate in each dimension, targets beside (A2, E2, G17)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.domain import commands as forms
from chalicelib.domain.people import TIMER, Actor, Role
from tests.api_desk import ApiDesk, api_desk
from tests.builders import AGENT, MONDAY, SUPERVISOR

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
        office.do(case, "assign", SUPERVISOR, forms.AssignForm("engineering-1", "by hand"))
        office.do(case, "sign", ENGINEER, forms.SignForm("甲"))
    office.clock.advance(timedelta(hours=3))
    office.do(cases[0], "complete", ENGINEER, forms.CompleteForm("修好了"))
    office.clock.set(cases[1].solve_due_at + timedelta(minutes=1))
    office.do(cases[1], "fire_timers", TIMER, forms.TimersForm())
    found = desk.get("/v1/communities/riverside/figures", user="manager-1").json_body
    rows = {(one["dimension"], one["value"]): one["rates"] for one in found["rows"]}
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
    assert targets["registered_within"] == "PT900S"
    assert (targets["registered_in_time"], targets["overdue_at_most"]) == (0.9, 0.05)
    assert (targets["survey_answered"], targets["satisfied_at_last"]) == (0.9, 0.95)
