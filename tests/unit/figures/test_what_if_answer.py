"""A month's real cases under another regulation, side by side (G23)."""

import runpy
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.case.case import State
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.figures.what_if import past_case
from chalicelib.domain.follow_up.forms import RateForm
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.regulation.limits import BEGINS, Begins, Clock
from chalicelib.domain.work.forms import CompleteForm
from infra.operating import what_if
from tests.api_desk import ApiDesk, api_desk
from tests.builders import MONDAY, SUPERVISOR
from tests.stories import HANDLER, Story, in_state

PATH = "/v1/communities/riverside/what-if"
ENGINEER = Actor(Role.HANDLER, "engineering-1")


@pytest.fixture
def desk() -> Iterator[ApiDesk]:
    with api_desk() as made:
        yield made


def repaired(desk: ApiDesk, after: timedelta, matter: str = "home_other") -> str:
    """A repair of November that was done so long after it was reported."""
    office = desk.office
    began = office.clock()
    case = office.register(kind="repair", matter=matter).case
    office.do(case, "assign", SUPERVISOR, AssignForm("engineering-1", "by hand"))
    office.do(case, "sign", ENGINEER, SignForm("甲"))
    office.clock.advance(after)
    office.do(case, "complete", ENGINEER, CompleteForm("修好了"))
    office.clock.set(began)
    return case.number


def run(desk: ApiDesk, query: str = "pack=S2&month=2026-11", user: str = "manager-1") -> Any:
    answer = desk.get(f"{PATH}?{query}", user=user, headers={"Accept-Language": "en"})
    assert answer.status_code == 200, answer.body
    return answer.json_body


@pytest.mark.req("G23", "G17")
def test_overdue_and_load_side_by_side(desk: ApiDesk) -> None:
    repaired(desk, timedelta(hours=60))
    repaired(desk, timedelta(hours=80))
    repaired(desk, timedelta(hours=5), matter="cleaning")
    still_open = desk.office.register(kind="repair", matter="garbage").case
    assert still_open.state is State.REGISTERED
    desk.office.clock.set(MONDAY + timedelta(days=3, hours=8))
    found = run(desk)
    assert (found["own"], found["other"], found["cases"], found["unknown"]) == ("default", "S2", 4, 0)
    rows = {(row["dimension"], row["value"]): row for row in found["rows"]}
    assert list(rows) == [
        ("total", None),
        ("department", "cleaning"),
        ("department", "engineering"),
        ("matter", "cleaning"),
        ("matter", "garbage"),
        ("matter", "home_other"),
    ]
    home = rows["matter", "home_other"]
    assert (home["own"]["overdue"], home["other"]["overdue"]) == (2, 0), "48 hours against 7 working days"
    assert (home["own"]["overdue_rate"], home["other"]["overdue_rate"]) == (1.0, 0.0)
    assert rows["matter", "garbage"]["own"]["overdue"] == 1, "open and past counts"
    total = rows["total", None]
    assert (total["cases"], total["own"]["overdue"]) == (4, 3)
    for side in ("own", "other"):
        parts = [row[side] for key, row in rows.items() if key[0] == "department"]
        assert total[side]["deadlines"] == sum(part["deadlines"] for part in parts)
        assert total[side]["revisits"] == sum(part["revisits"] for part in parts) == 3
        assert total[side]["due_on_busiest_day"] >= max(part["due_on_busiest_day"] for part in parts)
        solve = next(clock for clock in total[side]["clocks"] if clock["clock"] == "solve")
        assert solve["deadlines"] == 4
    assert any("pauses" in assumption for assumption in found["assumptions"])


@pytest.mark.req("G23")
def test_last_month_if_no_month_is_said(desk: ApiDesk) -> None:
    repaired(desk, timedelta(hours=1))
    desk.office.clock.set(MONDAY + timedelta(days=10))
    found = run(desk, "pack=S1")
    assert (found["month"], found["cases"]) == ("2026-11", 1)


@pytest.mark.req("G23")
def test_one_call_runs_so_many_cases_and_the_next_goes_on(
    desk: ApiDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.api.what_ifs.MOST_CASES", 2)
    for _ in range(5):
        desk.office.register()
    seen, cursor = [], ""
    while cursor is not None:
        found = run(desk, f"pack=S1&month=2026-11{cursor and f'&cursor={cursor}'}")
        seen.append(found["cases"])
        cursor = found["cursor"]
    assert seen == [2, 2, 1]
    first = run(desk, "pack=S1&month=2026-11")["cursor"]
    other = desk.get(f"{PATH}?pack=S2&month=2026-11&cursor={first}", user="manager-1")
    assert other.status_code == 400, "a cursor continues its own question only"


@pytest.mark.req("G8", "G23")
def test_nothing_personal_is_in_it(desk: ApiDesk) -> None:
    repaired(desk, timedelta(hours=1))
    body = desk.get(f"{PATH}?pack=S1&month=2026-11", user="company-head-1").body.decode()
    for secret in ("王芳", "13900001234", "3-1201", "engineering-1", "202611-0001", "走廊"):
        assert secret not in body


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "'pack' is missing; it is one of: S0, S1"),
        ("pack=S9", "no regulation 'S9'; there are S0"),
        ("pack=default", "runs under default already"),
        ("pack=S1&month=2026-13", "'month' is a month such as"),
        ("pack=S1&cursor=x", "'cursor' is not one that this list gave"),
    ],
)
def test_what_cannot_be_asked(desk: ApiDesk, query: str, message: str) -> None:
    answer = desk.get(f"{PATH}?{query}", user="manager-1")
    assert answer.status_code == 400
    assert message in answer.json_body["Message"]


@pytest.mark.req("G23")
def test_the_operator_s_table(desk: ApiDesk) -> None:
    repaired(desk, timedelta(hours=60))
    said: list[str] = []
    assert what_if(desk.office.desk, "riverside", "202611", "S2", said.append) == 0
    assert said[0] == "riverside, 2026-11: 1 cases under default and under S2."
    home = next(line for line in said if line.startswith("matter home_other"))
    assert "100.0%→0.0%" in home.replace(" ", "")


@pytest.mark.req("G23")
def test_the_operator_sees_how_far_it_is_and_stops_it_with_ctrl_c(
    desk: ApiDesk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("infra.operating.EVERY", 2)
    for matter in ("seepage", "garbage", "seepage", "seepage", "garbage"):
        desk.office.register(matter=matter)

    said: list[str] = []

    def stop_at_four(line: str) -> None:
        said.append(line)
        if "4 cases" in line:
            raise KeyboardInterrupt

    def run(*_: object) -> int:
        return what_if(desk.office.desk, "riverside", "202611", "S2", stop_at_four)

    monkeypatch.setattr("infra.operating.desk_of", lambda _: None)
    monkeypatch.setattr("infra.operating.what_if", run)
    monkeypatch.setattr("sys.argv", ["infra", "what-if", "riverside", "2026-11", "S2", "--stage", "local"])
    # Another test of the same process may have read the module; `run_module` warns about a second life.
    monkeypatch.delitem(sys.modules, "infra.__main__", raising=False)
    with pytest.raises(SystemExit) as stopped:
        runpy.run_module("infra", run_name="__main__")
    assert said == ["  … 2 cases", "  … 4 cases"]
    assert (stopped.value.code, capsys.readouterr().err) == (130, "\nStopped.\n"), "and no traceback"


# ---- what a case was, by its events ------------------------------------------------------------------------


@pytest.mark.req("G23")
def test_a_history_told_by_moments() -> None:
    story = Story().register().wait(minutes=5)
    story.do("assign", SUPERVISOR, AssignForm("engineering-1", "轮到"))
    assigned = story.at
    signed = story.wait(minutes=5).do("sign", HANDLER).at
    started = story.wait(minutes=5).do("start", HANDLER).at
    done = story.wait(hours=1).do("complete", HANDLER).at
    found = past_case(story.events)
    when = {Begins.REGISTERED: MONDAY, Begins.ASSIGNED: assigned}
    assert found.began == {clock: when[begins] for clock, begins in BEGINS.items() if begins in when}
    assert found.met == {
        **dict.fromkeys(Clock, done),
        Clock.SIGN: signed,
        Clock.RESPOND: started,
        Clock.ON_SITE: started,
        Clock.VERIFY: started,
    }
    assert (found.department, found.solved, found.facts.matter) == ("engineering", True, "seepage")


def test_only_the_first_round_and_as_it_was_classified_in_the_end() -> None:
    story = in_state(State.WORKING)
    story.do("classify", SUPERVISOR, ClassifyForm("看错了", matter="elevator", urgency="urgent"))
    done = story.do("complete", HANDLER).at
    story.wait(days=1).do("rate", RESIDENT, RateForm(1))
    story.do("assign", SUPERVISOR, AssignForm("engineering-2", "再来"))
    found = past_case(story.events)
    assert (found.facts.matter, found.facts.urgency) == ("elevator", "urgent")
    assert found.met[Clock.SOLVE] == done


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.MERGED, State.REJECTED])
def test_what_ended_unsolved_is_neither_late_afterwards_nor_revisited(state: State) -> None:
    story = in_state(state)
    found = past_case(story.events)
    assert not found.solved
    assert found.met[Clock.SOLVE] <= story.at


def test_an_open_case_has_met_nothing_yet() -> None:
    assert past_case(in_state(State.ASSIGNED).events).met == {}


def test_no_history_is_no_case() -> None:
    with pytest.raises(ValueError, match="begins with its registration"):
        past_case([])


@pytest.mark.req("G23")
@pytest.mark.parametrize("query", ["pack=S2&month=2019-01", "pack=S2&month=2031-01", "pack=S2"])
def test_a_month_without_cases_is_refused_and_those_that_have_some_are_named(
    desk: ApiDesk, query: str
) -> None:
    nothing = desk.get(f"{PATH}?{query}", user="manager-1")
    assert nothing.status_code == 400
    assert "of the last 12 months none has any" in str(nothing.json_body)
    repaired(desk, timedelta(hours=1))
    answer = desk.get(f"{PATH}?{query}", user="manager-1")
    assert answer.status_code == 400
    assert "these have some: 2026-11." in str(answer.json_body)
    month = query.partition("month=")[2] or "2026-10"
    assert f"in {month};" in str(answer.json_body)
    with pytest.raises(InvalidInputError, match="these have some: 2026-11"):
        what_if(desk.office.desk, "riverside", month.replace("-", ""), "S2", [].append)
