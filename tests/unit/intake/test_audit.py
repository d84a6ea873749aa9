"""The audit of classifications: who is drawn, who judges, and what is known of the accuracy (A8, E2)."""

import csv
import io
from collections.abc import Iterator

import pytest
from chalice.test import Client

from app import app
from chalicelib import wiring
from chalicelib.domain.case.case import Case
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError, NotAllowedError
from chalicelib.domain.figures.rates import ENOUGH_JUDGED
from chalicelib.domain.intake.audit import SHARE, JudgeForm
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.possible import possible
from chalicelib.services.figures.targets import target_views
from tests.api_desk import api_desk
from tests.browser import BASE, REPORT, Browser, Form, html, text
from tests.builders import AGENT, SUPERVISOR, Office, office
from tests.reading import read

MANAGER = Actor(Role.MANAGER, "manager-1")
RIGHT = JudgeForm(True)
TEXTS = ("走廊的灯不亮了，麻烦来修", "楼上漏水", "快递丢了", "电梯坏了", "垃圾没人收")


@pytest.fixture
def desk() -> Office:
    return office(reads=read)


def registered(place: Office, count: int) -> list[Case]:
    """Cases that the agent has taken down and sorted."""
    return [
        place.register(
            text=f"{TEXTS[nth % len(TEXTS)]} {nth}", kind="repair", matter="leak", another=True
        ).case
        for nth in range(count)
    ]


def drawn(place: Office, count: int = 30) -> list[Case]:
    return [case for case in registered(place, count) if place.desk.is_audited(case.community, case.number)]


@pytest.mark.req("A8")
def test_the_lot_follows_from_the_number_and_the_secret_alone(desk: Office) -> None:
    numbers = [f"202611-{serial:04}" for serial in range(1, 3001)]
    taken = {number for number in numbers if desk.desk.is_audited("riverside", number)}
    assert abs(len(taken) / len(numbers) - SHARE) < 0.03
    assert taken == {number for number in numbers if office().desk.is_audited("riverside", number)}
    assert taken != {number for number in numbers if desk.desk.is_audited("lakeside", number)}


@pytest.mark.req("A8")
def test_sorting_again_by_whomever_changes_nothing_of_the_lot(desk: Office) -> None:
    for case in registered(desk, 12):
        before = desk.desk.is_audited(case.community, case.number)
        form = ClassifyForm("看过", matter="flooding", severity="serious")
        changed = desk.do(case, "classify", SUPERVISOR, form)
        assert desk.desk.context_of(changed).is_audited == before


@pytest.mark.req("A8")
def test_somebody_else_judges_once_and_the_figures_know(desk: Office) -> None:
    first, second = drawn(desk)[:2]
    judged = desk.do(first, "judge_classification", SUPERVISOR, RIGHT)
    assert judged.state == first.state
    assert judged.deadlines == first.deadlines, "no promise moves by it"
    wrong = desk.do(second, "judge_classification", SUPERVISOR, JudgeForm(False, matter="flooding"))
    assert wrong.classification == second.classification, "it is judged, not corrected"
    assert wrong.sorting.judgement is not None
    assert wrong.sorting.judgement.matter is not None
    assert wrong.sorting.judgement.by == SUPERVISOR.id
    counted = desk.desk.figures.month("riverside", "202611", "total")
    row = next(iter(counted.values()))
    assert (row["audited"], row["audited_right"]) == (2, 1)
    with pytest.raises(CommandRefusedError, match="judged already"):
        desk.do(first, "judge_classification", MANAGER, RIGHT)


@pytest.mark.req("A8")
def test_nobody_judges_what_is_not_drawn_not_sorted_or_the_own_work(desk: Office) -> None:
    cases = registered(desk, 20)
    other = next(case for case in cases if not desk.desk.is_audited(case.community, case.number))
    mine = next(case for case in cases if desk.desk.is_audited(case.community, case.number))
    assert refused(desk, other, SUPERVISOR, RIGHT, CommandRefusedError) == "not_in_the_sample"
    mine = desk.do(mine, "classify", SUPERVISOR, ClassifyForm("是水浸", matter="flooding"))
    assert refused(desk, mine, SUPERVISOR, RIGHT, NotAllowedError) == "own_sorting"
    assert refused(desk, mine, MANAGER, JudgeForm(False), InvalidInputError) == "what_would_be_right"
    contradiction = JudgeForm(True, matter="leak_pipe")
    assert refused(desk, mine, MANAGER, contradiction, InvalidInputError) == "right_and_not"
    same = JudgeForm(False, matter="flooding")
    assert refused(desk, mine, MANAGER, same, InvalidInputError) == "what_would_be_right"
    unsorted = next(
        case
        for nth in range(40)
        if desk.desk.is_audited(
            (
                case := desk.register(
                    actor=RESIDENT, kind=None, matter=None, text=f"看着办 {nth}", another=True
                ).case
            ).community,
            case.number,
        )
    )
    assert refused(desk, unsorted, SUPERVISOR, RIGHT, CommandRefusedError) == "nothing_to_judge"


def refused(place: Office, case: Case, actor: Actor, form: JudgeForm, error: type[DomainError]) -> str | None:
    with pytest.raises(error) as found:
        place.do(case, "judge_classification", actor, form)
    return found.value.reason


@pytest.mark.req("A8")
def test_whoever_sorts_is_not_told_that_a_case_is_drawn(desk: Office) -> None:
    case = drawn(desk)[0]
    context = desk.desk.context_of(case)
    for actor, offered in ((AGENT, False), (SUPERVISOR, True), (MANAGER, True)):
        names = {row.command for row in possible(case, actor, context, desk.desk.now())}
        assert ("judge_classification" in names) == offered


@pytest.mark.req("A8", "E2")
def test_the_accuracy_is_not_known_until_enough_is_judged(desk: Office) -> None:
    targets = desk.desk.regulations.get("default").targets
    assert targets is not None

    def view(judged: int, right: int) -> tuple[object, ...]:
        month = {"registered": 500, "audited": judged, "audited_right": right}
        found = next(v for v in target_views(targets, month, {}, 1200) if v.what == "classified_right")
        return found.known, found.actual, found.of, found.reached

    assert view(ENOUGH_JUDGED - 1, ENOUGH_JUDGED - 1) == (False, None, ENOUGH_JUDGED - 1, None)
    assert view(50, 49) == (True, 0.98, 50, True)
    assert view(50, 48) == (True, 0.96, 50, False)


@pytest.fixture
def browser(desk: Office) -> Iterator[Browser]:
    wiring.use(desk=desk.desk, notices=desk.stores.notices, identity=desk.identity, base_url=BASE)
    yield Browser(Client(app), desk)
    wiring.use()


@pytest.mark.req("A8")
def test_the_audit_s_page_lists_the_sample_and_its_cases_are_judged_there(
    browser: Browser, desk: Office
) -> None:
    cases = drawn(desk)
    browser.sign_in("agent-1")
    assert browser.get("/desk/riverside/audit").status_code == 403
    browser.sign_in("supervisor-1")
    listed = browser.get("/desk/riverside/audit")
    assert all(case.number in text(listed) for case in cases)
    where = f"/desk/riverside/cases/{cases[0].number}"
    page = html(browser.get(f"{where}?act=judge_classification"))
    form = next(sent for at, sent in Form(page).forms.items() if "judge_classification" in at)
    answer = browser.post(f"{where}/judge_classification", {**form, "right": "no", "urgency": "emergency"})
    assert answer.status_code == 303, text(answer)
    assert "抽查分类：有误" in text(browser.get(where))
    assert "有误，应为：报修" in text(browser.get("/desk/riverside/audit"))
    assert "紧急" in text(browser.get("/desk/riverside/audit"))


@pytest.mark.req("A8")
def test_corrections_say_by_whom_and_when_and_can_be_taken_away(browser: Browser) -> None:
    said = {**REPORT, "kind": "", "matter": "", "text": "=走廊的灯坏了，请派师傅来修"}
    browser.post("/c/riverside", said)
    browser.sign_in("agent-1")
    where = "/desk/riverside/cases/202611-0001"
    form = next(sent for at, sent in Form(html(browser.get(where))).forms.items() if "classify" in at)
    browser.post(
        f"{where}/classify", {**form, "reason": "是门禁", "kind": "repair", "matter": "intruder_gate"}
    )
    assert browser.get("/desk/riverside/corrections/export").status_code == 403
    browser.sign_in("supervisor-1")
    assert "11月23日" in text(browser.get("/desk/riverside/corrections"))
    answer = browser.get("/desk/riverside/corrections/export?month=2026-11")
    assert answer.headers["Content-Type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(html(answer).removeprefix("\ufeff")))
    assert (row["proposed_matter"], row["decided_matter"]) == ("lighting_lock", "intruder_gate")
    assert row["decided_by"] == "agent-1"
    assert row["text"].startswith("'="), "no formula for a spreadsheet"
    assert REPORT["phone"] not in html(answer)
    assert browser.get("/desk/riverside/corrections/export?month=never").status_code == 400


@pytest.mark.req("A8")
def test_the_api_lists_corrections_and_the_sample() -> None:
    with api_desk() as made:
        numbers = [
            made.report(
                user="agent-1", text=f"走廊的灯不亮了 {nth}", kind="repair", matter="parking"
            ).json_body["number"]
            for nth in range(8)
        ]
        where = "/v1/communities/riverside"
        assert made.get(f"{where}/corrections", user="agent-1").status_code == 403
        found = made.get(f"{where}/corrections", user="supervisor-1").json_body
        assert [item["number"] for item in found["items"]] == numbers
        first = found["items"][0]
        assert (first["proposed"]["matter"], first["decided"]["matter"]) == ("lighting_lock", "parking")
        assert first["decided_by"] == "agent-1"
        sample = made.get(f"{where}/audit?month=2026-11", user="manager-1").json_body
        taken = [number for number in numbers if made.office.desk.is_audited("riverside", number)]
        assert [item["number"] for item in sample["items"]] == taken
