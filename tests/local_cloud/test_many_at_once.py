"""Many people at once, on the machine that this runs on."""

import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from infra.local.sample import read_sample
from tests.local_cloud.conftest import RunningDesk
from tests.local_cloud.people import ask, report_form, token_of

LONGEST_FIFTY_INTAKES_SECONDS = 60


def intake(desk: RunningDesk, token: str, key: str, unit: str) -> tuple[int, Any]:
    path = "/v1/communities/lanting/cases"
    return ask(desk, "POST", path, report_form(unit=unit), token=token, headers={"Idempotency-Key": key})


@pytest.fixture(scope="module")
def agent(desk: RunningDesk) -> str:
    """An agent's token: what people post without one is braked, as it should be."""
    return token_of(desk, "agent", "lanting")


@pytest.mark.req("A4")
def test_fifty_intakes_at_once_give_fifty_numbers_and_no_gap_goes_unexplained(
    desk: RunningDesk, agent: str
) -> None:
    began = time.monotonic()
    with ThreadPoolExecutor(50) as people:
        answers = list(
            people.map(lambda n: intake(desk, agent, f"fifty-{n}-{uuid.uuid4()}", f"1-1-{n:03d}"), range(50))
        )
    assert {status for status, _ in answers} == {201}
    assert time.monotonic() - began < LONGEST_FIFTY_INTAKES_SECONDS
    numbers = {body["number"] for _, body in answers}
    assert len(numbers) == 50
    serials = sorted(int(re.fullmatch(r"\d{6}-(\d{4})", number)[1]) for number in numbers)  # type: ignore[index]
    assert serials == list(range(serials[0], serials[0] + 50))


@pytest.mark.req("A1", "A4")
def test_twenty_repeats_of_one_key_at_once_are_one_case(desk: RunningDesk, agent: str) -> None:
    key = f"twenty-{uuid.uuid4()}"
    with ThreadPoolExecutor(20) as people:
        answers = list(people.map(lambda _: intake(desk, agent, key, "2-2-202"), range(20)))
    assert sorted({status for status, _ in answers}) == [200, 201]
    assert [status for status, _ in answers].count(201) == 1
    assert len({body["number"] for _, body in answers}) == 1


@pytest.mark.req("B2")
def test_two_sign_at_once_and_the_other_is_told_who(desk: RunningDesk, agent: str) -> None:
    _, receipt = intake(desk, agent, str(uuid.uuid4()), "3-3-303")
    path = f"/v1/communities/lanting/cases/{receipt['number']}"
    head = token_of(desk, "supervisor", "lanting")
    for _ in range(150):
        _, seen = ask(desk, "GET", path, token=head)
        if seen["state"] == "assigned":
            break
        time.sleep(0.1)
    handler = token_of(desk, "handler", "lanting", seen["handler"])
    form = {"signature": "宋"}
    with ThreadPoolExecutor(2) as people:
        answers = list(
            people.map(lambda who: ask(desk, "POST", f"{path}/commands/sign", form, token=who), [handler] * 2)
        )
    assert sorted(status for status, _ in answers) == [200, 409]
    refused = next(body for status, body in answers if status == 409)
    names = {one.username: one.name for community in read_sample().communities for one in community.staff}
    assert f"signed for by {names[seen['handler']]}" in refused["Message"]
