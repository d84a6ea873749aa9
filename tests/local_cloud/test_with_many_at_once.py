"""Many people at once, on the machine that this runs on.

The last of these files by its name: whatever starts the desk again would look after all these cases.
"""

import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.case.case import State
from infra.local.player import Player, code_in
from infra.local.sample import read_sample
from infra.local.stories import assignment_to
from tests.local_cloud.conftest import RunningDesk
from tests.local_cloud.people import ask, report_form, token_of, wait_until
from tests.local_cloud.register import Register
from tests.threads import at_once

LONGEST_FIFTY_INTAKES_SECONDS = 60
COMMUNITY = "lanting"
NAMES = {
    member.username: member.name for community in read_sample().communities for member in community.staff
}

Intake = Callable[[str, int], tuple[int, Any]]
"""Reports with a key for a flat; gives status and answer."""


@pytest.fixture(scope="module")
def by_an_agent(desk: RunningDesk) -> Intake:
    """Taken down by the desk, which knows who it is."""
    token = token_of(desk, "agent", COMMUNITY)
    return lambda key, flat: _intake(desk, key, flat, token)


@pytest.fixture(scope="module")
def by_residents(desk: RunningDesk) -> Intake:
    """With the public form: nobody signs in, and each has a phone number of their own."""
    return lambda key, flat: _intake(desk, key, flat, None)


def _intake(desk: RunningDesk, key: str, flat: int, token: str | None) -> tuple[int, Any]:
    form = report_form(unit=f"1-1-{flat:03d}", phone=f"138002{flat:05d}")
    path = f"/v1/communities/{COMMUNITY}/cases"
    return ask(desk, "POST", path, form, token=token, headers={"Idempotency-Key": key})


@pytest.mark.req("B2", "G7")
def test_of_two_people_who_sign_at_once_one_is_told_who_was_first(
    desk: RunningDesk, by_an_agent: Intake
) -> None:
    """The handler with the link in the SMS, and the head of the department who is signed in. Several cases at
    once, so that either may come first."""
    phone = Player(desk.base_url, desk.messages().new, lambda _message: None)
    head = token_of(desk, "department_head", COMMUNITY, "lanting-engineering-head")
    numbers = [by_an_agent(str(uuid.uuid4()), 301 + turn)[1]["number"] for turn in range(4)]
    links = [code_in(phone.wait_for(assignment_to(f"1-1-{301 + turn}")).text) for turn in range(4)]
    desk_path = f"/v1/communities/{COMMUNITY}/cases/{{}}/commands/sign"

    def sign(turn: int) -> tuple[int, Any]:
        place = turn // 2
        if turn % 2:
            return ask(desk, "POST", desk_path.format(numbers[place]), {"signature": "高峰"}, token=head)
        return ask(desk, "POST", f"/v1/links/{links[place]}/sign", {"signature": "梁伟"})

    answers = at_once(8, sign)
    cases = Register(desk, COMMUNITY).cases
    for place, number in enumerate(numbers):
        with_link, signed_in = answers[2 * place : 2 * place + 2]
        assert sorted((with_link[0], signed_in[0])) == [200, 409]
        refused = (with_link if with_link[0] == 409 else signed_in)[1]
        first = cases[number].assignment.handler if with_link[0] == 200 else "lanting-engineering-head"
        assert first is not None
        assert cases[number].assignment.signed_by == first
        assert f"signed for by {NAMES[first]}" in refused["Message"]


@pytest.mark.req("A1", "A4")
def test_twenty_repeats_of_one_key_at_once_are_one_case(desk: RunningDesk, by_an_agent: Intake) -> None:
    key = f"twenty-{uuid.uuid4()}"
    before = Register(desk, COMMUNITY)
    answers = at_once(20, lambda _turn: by_an_agent(key, 202))
    assert sorted(status for status, _ in answers) == [200] * 19 + [201]
    (number,) = {body["number"] for _, body in answers}
    after = Register(desk, COMMUNITY)
    assert set(after.cases) - set(before.cases) == {number}
    burnt = set(after.voids) - set(before.voids)
    assert {after.voids[burnt_number].cause for burnt_number in burnt} <= {f"repeat of {number}"}
    assert after.unexplained(number[:6]) == set()


@pytest.mark.req("A1", "A4")
@pytest.mark.parametrize("way", ["by_an_agent", "by_residents"])
def test_fifty_at_once_get_a_number_and_a_handler_each_and_no_gap_goes_unexplained(
    desk: RunningDesk, way: str, request: pytest.FixtureRequest
) -> None:
    intake: Intake = request.getfixturevalue(way)
    began = time.monotonic()
    answers = at_once(50, lambda turn: intake(f"fifty-{uuid.uuid4()}", turn))
    took = time.monotonic() - began
    assert [body for status, body in answers if status != 201] == []
    assert took < LONGEST_FIFTY_INTAKES_SECONDS
    numbers = {body["number"] for _, body in answers}
    assert len(numbers) == 50
    register = Register(desk, COMMUNITY)
    assert numbers <= set(register.cases)
    assert register.unexplained(max(numbers)[:6]) == set()
    wait_until(lambda: all_assigned(desk, numbers), "each of the fifty finds its handler", 60)


def all_assigned(desk: RunningDesk, numbers: set[str]) -> bool:
    cases = Register(desk, COMMUNITY).cases
    return all(cases[number].state is State.ASSIGNED for number in numbers)
