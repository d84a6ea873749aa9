"""The challenge of strangers: off by default, asked for when half of their budget is gone (C3)."""

import re
from collections.abc import Iterator
from hashlib import sha256
from http import HTTPStatus

import pytest

from chalicelib import wiring
from chalicelib.adapters.challenge import LIVES, NoChallenge, ProofOfWork
from chalicelib.domain.errors import ChallengeRequiredError
from chalicelib.services.gate import Gate
from chalicelib.services.notices.sms_budgets import Budgets, Purse
from chalicelib.services.providers import Puzzle
from chalicelib.settings import SettingsError, from_environment
from tests.api_desk import ApiDesk, api_desk
from tests.browser import Browser, browsing, html, text
from tests.builders import MONDAY, Office, community, office
from tests.conftest import ENVIRONMENT

BUDGETS = Budgets(community_hour=8, strangers_percent=50)
"""Strangers of a community have four SMS an hour."""

TYPED = {"text": "楼道灯坏了", "unit": "3-1201", "name": "王芳", "phone": "13900001234", "once": "form-1"}
FORM = "/c/riverside"


def gate_of(place: Office) -> Gate:
    return Gate(place.desk, ProofOfWork(place.codes.keyed, most=300), BUDGETS)


def strangers_used(place: Office, times: int) -> None:
    """That many SMS were paid from the strangers' budget of this hour."""
    for _ in range(times):
        for name, _, ends in BUDGETS._windows("riverside", Purse.STRANGERS, place.clock()):
            place.desk.links.count_hit(name, ends)


def solution_of(salt: str, digest: str, signature: str, most: int = 300) -> str:
    """What the script on the page does."""
    number = next(n for n in range(most + 1) if sha256(f"{salt}{n}".encode()).hexdigest() == digest)
    return f"{salt}.{number}.{signature}"


def on_the_page(page: str) -> str:
    """The solution of the puzzle that stands on a page."""
    found = dict(re.findall(r'data-(salt|digest|signature|most)="([^"]*)"', page))
    salt = found["salt"].replace("&amp;", "&")
    return solution_of(salt, found["digest"], found["signature"], int(found["most"]))


@pytest.fixture
def guarded(desk: Office) -> Iterator[Browser]:
    """A browser before a desk whose deployment has chosen `proof`."""
    with browsing(desk) as browser:
        wiring.use(
            desk=desk.desk,
            notices=desk.stores.notices,
            identity=desk.identity,
            base_url=wiring.base_url(),
            gate=gate_of(desk),
        )
        yield browser


def cases(place: Office) -> int:
    assert place.memory is not None
    return len(place.memory.cases)


@pytest.mark.req("C3")
def test_it_is_off_unless_a_deployment_chooses_it(browser: Browser, desk: Office) -> None:
    assert from_environment(ENVIRONMENT).challenge == "off"
    assert from_environment({**ENVIRONMENT, "CHALLENGE": "proof"}).challenge == "proof"
    with pytest.raises(SettingsError, match="CHALLENGE is 'captcha'; it is one of: off, proof"):
        from_environment({**ENVIRONMENT, "CHALLENGE": "captcha"})
    strangers_used(desk, 4)
    page = browser.get(FORM)
    assert "challenge.js" not in html(page)
    assert browser.post(FORM, TYPED).status_code == HTTPStatus.SEE_OTHER


@pytest.mark.req("C3")
def test_up_to_half_of_the_budget_nobody_is_asked(guarded: Browser, desk: Office) -> None:
    strangers_used(desk, 1)
    page = guarded.get(FORM)
    assert "challenge.js" not in html(page)
    assert guarded.post(FORM, TYPED).status_code == HTTPStatus.SEE_OTHER


@pytest.mark.req("C3")
def test_from_half_of_the_budget_on_a_report_needs_its_solution(guarded: Browser, desk: Office) -> None:
    strangers_used(desk, 2)
    refused = guarded.post(FORM, TYPED)
    assert refused.status_code == HTTPStatus.PRECONDITION_REQUIRED
    assert "楼道灯坏了" in html(refused), "what was typed is kept"
    assert "开启 JavaScript，或致电" in text(refused)
    assert cases(desk) == 0
    taken = guarded.post(FORM, {**TYPED, "solution": on_the_page(html(refused))})
    assert taken.status_code == HTTPStatus.SEE_OTHER
    assert cases(desk) == 1


@pytest.mark.req("C3")
def test_the_form_runs_scripts_of_ours_alone_and_says_what_to_do_without(
    guarded: Browser, desk: Office
) -> None:
    strangers_used(desk, 2)
    page = guarded.get(FORM)
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    sources = re.findall(r'<script type="module" src="([^"?]*)', html(page))
    assert sources == ["../static/files.js", "../static/challenge.js", "../static/propose.js"]
    assert html(page).count("<script") == len(sources)
    without = html(page).partition("<noscript>")[2].partition("</noscript>")[0]
    phone = community().phone
    assert "JavaScript" in without
    assert phone is None or f"tel:{phone.replace('-', '')}" in without
    script = guarded.get("/static/challenge.js")
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert "crypto.subtle" in html(script)
    for other in ("/", "/desk", "/c/riverside/my-data"):
        assert "script-src" not in guarded.get(other).headers["Content-Security-Policy"]


@pytest.mark.req("C3")
def test_a_solution_is_good_for_one_report_and_for_that_one_again(guarded: Browser, desk: Office) -> None:
    strangers_used(desk, 2)
    solution = on_the_page(html(guarded.get(FORM)))
    first = guarded.post(FORM, {**TYPED, "solution": solution})
    again = guarded.post(FORM, {**TYPED, "solution": solution})
    assert first.headers["Location"] == again.headers["Location"], "a second tap is one case"
    other = {**TYPED, "text": "门禁打不开", "phone": "13900005678", "once": "form-2", "solution": solution}
    refused = guarded.post(FORM, other)
    assert refused.status_code == HTTPStatus.PRECONDITION_REQUIRED
    assert "已用于另一份登记" in text(refused)
    assert "门禁打不开" in html(refused)
    assert cases(desk) == 1


@pytest.mark.req("C3")
def test_what_is_forged_or_late_is_refused_and_nothing_is_lost(guarded: Browser, desk: Office) -> None:
    strangers_used(desk, 2)
    solution = on_the_page(html(guarded.get(FORM)))
    salt, number, signature = solution.split(".")
    later = int(re.findall(r"expires=(\d+)", salt)[0]) + 9999
    forged = [
        "x",
        f"{salt}.{int(number) + 1}.{signature}",
        f"{salt}.{number}.{'0' * 64}",
        f"{salt.replace(salt[:4], 'ffff')}.{number}.{signature}",
        f"{re.sub('expires=[0-9]+', f'expires={later}', salt)}.{number}.{signature}",
        f"{salt}.{'9' * 5000}.{signature}",
        f"{salt}.٣.{signature}",
    ]
    for wrong in forged:
        refused = guarded.post(FORM, {**TYPED, "solution": wrong})
        assert refused.status_code == HTTPStatus.PRECONDITION_REQUIRED, wrong
        assert "与本页不符" in text(refused)
        assert "楼道灯坏了" in html(refused)
    desk.clock.advance(LIVES)
    strangers_used(desk, 2)
    refused = guarded.post(FORM, {**TYPED, "solution": solution})
    assert "时间太长" in text(refused)
    assert "楼道灯坏了" in html(refused)
    assert cases(desk) == 0


@pytest.mark.req("A6", "A7", "C3")
@pytest.mark.parametrize("said", [{"text": "厨房着火了，快来"}, {"text": "撞了", "matter": "traffic"}])
def test_an_emergency_passes_without(guarded: Browser, desk: Office, said: dict[str, str]) -> None:
    strangers_used(desk, 4)
    taken = guarded.post(FORM, {**TYPED, **said})
    assert taken.status_code == HTTPStatus.SEE_OTHER, text(taken)
    assert cases(desk) == 1


@pytest.mark.req("C3")
def test_staff_are_never_asked(guarded: Browser, desk: Office) -> None:
    strangers_used(desk, 4)
    guarded.sign_in("agent-1")
    page = html(guarded.get("/desk/riverside/new"))
    assert "challenge.js" not in page
    csrf = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
    taken = guarded.post("/desk/riverside/new", {**TYPED, "channel": "walk_in", "csrf": csrf})
    assert taken.status_code == HTTPStatus.SEE_OTHER, text(taken)


@pytest.fixture
def api() -> Iterator[ApiDesk]:
    with api_desk() as made:
        parts = dict(wiring._instead)
        wiring.use(**parts, gate=gate_of(made.office))
        yield made


@pytest.mark.req("C3")
def test_a_stranger_s_program_reads_how_to_solve_it(api: ApiDesk) -> None:
    strangers_used(api.office, 2)
    refused = api.report()
    assert (refused.status_code, refused.json_body["Code"]) == (428, "ChallengeRequired")
    assert "GET /v1/challenge" in refused.json_body["Message"]
    puzzle = api.get("/v1/challenge").json_body["challenge"]
    solution = solution_of(puzzle["salt"], puzzle["digest"], puzzle["signature"], puzzle["most"])
    path, body = "/v1/communities/riverside/cases", {**TYPED}
    del body["once"]
    assert api.post(path, body, headers={"Challenge-Solution": solution}).status_code == 201
    again = api.post(path, {**body, "text": "门坏了"}, headers={"Challenge-Solution": solution})
    assert (again.status_code, again.json_body["Code"]) == (428, "ChallengeRequired")
    assert api.report(user="ivr-1").status_code == 201, "machines are known"
    assert api.report(user="agent-1").status_code == 201


@pytest.mark.req("C3")
def test_where_none_is_asked_for_the_api_says_so() -> None:
    with api_desk() as desk:
        strangers_used(desk.office, 4)
        assert desk.get("/v1/challenge").json_body == {"challenge": None}
        assert desk.report().status_code == 201


@pytest.mark.req("C3")
def test_a_puzzle_can_be_solved_and_tells_when_it_ends() -> None:
    proof = ProofOfWork(office().codes.keyed)
    puzzle = proof.puzzle(MONDAY)
    assert isinstance(puzzle, Puzzle)
    solution = solution_of(puzzle.salt, puzzle.digest, puzzle.signature, puzzle.most)
    assert proof.solved(solution, MONDAY).until == puzzle.expires_at == MONDAY + LIVES
    with pytest.raises(ChallengeRequiredError) as late:
        proof.solved(solution, puzzle.expires_at)
    assert late.value.reason == "challenge_expired"
    spliced = re.sub(r"&\.(\d)", r"\1&.", solution, count=1)
    with pytest.raises(ChallengeRequiredError):
        proof.solved(spliced, MONDAY)


def test_without_a_challenge_nothing_is_read(desk: Office) -> None:
    gate = Gate(desk.desk, NoChallenge(), BUDGETS)
    assert desk.memory is not None
    desk.memory.calls.clear()
    assert gate.puzzle_of_the_form("riverside") is None
    assert not desk.memory.calls
