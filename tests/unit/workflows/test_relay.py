"""The relay: what leaves the stream, what is delivered again, and that nothing stands in another's way."""

import logging
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib import tasks, wiring
from chalicelib.domain.community.roles import Role
from chalicelib.domain.notices.kinds import RESIDENT_ID, Notice, NoticeChannel, NoticeKind
from chalicelib.services.errors import DeliveryError
from chalicelib.services.records import StoredNotice
from chalicelib.services.workflows import outbox
from chalicelib.services.workflows.tasks import Workflows
from tests.builders import office


class Recorder:
    """Stands for the workflows and the delivery: what was asked of them, and what shall fail."""

    def __init__(self) -> None:
        self.done: list[tuple[str, ...]] = []
        self.to_find: list[str] = []
        self.not_to_find: set[str] = set()
        self.broken: set[tuple[str, ...]] = set()
        self.final = False

    def follow(self, community: str, number: str) -> None:
        self._do(community, number)

    def case_to_find(self, community: str, number: str, happened: set[str]) -> None:
        assert happened == {"progressed"}
        if number in self.not_to_find:
            raise ConnectionError(community)
        self.to_find.append(number)

    @property
    def desk(self) -> "Recorder":
        return self

    @property
    def notices(self) -> "Recorder":
        return self

    def get(self, community: str, number: str, key: str) -> StoredNotice:
        told = Notice(key, NoticeKind.REGISTERED, NoticeChannel.SMS, RESIDENT_ID, 1, datetime.now(UTC))
        return StoredNotice(community, number, told, "pending", 0)

    def deliver(self, stored: StoredNotice) -> None:
        self._do(stored.community, stored.number, stored.notice.key)

    def _do(self, *what: str) -> None:
        if what in self.broken:
            raise DeliveryError("provider_down", final=self.final)
        self.done.append(what)


class NothingMerged:
    """Stands for what follows for merged cases: there are none."""

    def follow(self, community: str, number: str) -> tuple[str, ...]:
        """Nothing to do, and nothing changed."""
        return ()


@pytest.fixture(name="recorder")
def _recorder(monkeypatch: pytest.MonkeyPatch) -> Any:
    recorder = Recorder()
    monkeypatch.setattr(outbox.Outbox, "case_to_find", recorder.case_to_find)
    wiring.use(workflows=recorder, delivery=recorder, incidents=NothingMerged())
    yield recorder
    wiring.use()


def event(number: str, version: int, role: Role = Role.HANDLER) -> dict[str, Any]:
    return record(
        number, f"EVENT#{version:06d}", {"actor_role": {"S": role.value}, "event_type": {"S": "progressed"}}
    )


def notice(number: str, key: str) -> dict[str, Any]:
    return record(number, f"NOTICE#{key}", {"status": {"S": "pending"}})


def record(number: str, sk: str, image: dict[str, Any]) -> dict[str, Any]:
    change = {
        "Keys": {"pk": {"S": f"riverside#{number}"}, "sk": {"S": sk}},
        "NewImage": image,
        "SequenceNumber": f"{number} {sk}",
    }
    return {"eventID": sk, "eventName": "INSERT", "dynamodb": change}


def failures(*records: dict[str, Any]) -> list[str]:
    """The sequence numbers that are to be delivered again."""
    answer = tasks.relay({"Records": list(records)})
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_events_wake_workflows_and_notices_leave(recorder: Recorder) -> None:
    assert failures(event("1", 1), notice("1", "registered:1#resident")) == []
    assert recorder.done == [("riverside", "1"), ("riverside", "1", "registered:1#resident")]


def test_several_events_of_a_case_are_one_look(recorder: Recorder) -> None:
    assert failures(event("1", 1), event("1", 2), event("2", 1), event("1", 3)) == []
    assert recorder.done == [("riverside", "1"), ("riverside", "2")]


@pytest.mark.req("E8")
def test_a_case_is_found_after_its_workflow_and_the_index_holds_nothing_up(recorder: Recorder) -> None:
    recorder.not_to_find = {"1"}
    assert failures(event("1", 1), event("1", 2), event("2", 1)) == ["1 EVENT#000001"]
    assert (recorder.done, recorder.to_find) == ([("riverside", "1"), ("riverside", "2")], ["2"])
    recorder.not_to_find = set()
    assert failures(event("1", 1)) == []
    assert recorder.to_find == ["2", "1"], "delivered again, it is made good"


@pytest.mark.req("G7")
def test_what_the_timers_did_wakes_nobody(recorder: Recorder) -> None:
    assert failures(event("1", 1, Role.SYSTEM), event("2", 1, Role.RESIDENT)) == []
    assert recorder.done == [("riverside", "2")]


def test_a_poisoned_case_holds_up_neither_others_nor_its_own_notices(recorder: Recorder) -> None:
    recorder.broken = {("riverside", "1")}
    assert failures(event("1", 1), notice("1", "a"), event("2", 1), notice("2", "a"), event("1", 2)) == [
        "1 EVENT#000001",
        "1 EVENT#000002",
    ]
    assert recorder.done == [("riverside", "1", "a"), ("riverside", "2"), ("riverside", "2", "a")]


def test_a_case_s_notices_keep_their_order(recorder: Recorder) -> None:
    recorder.broken = {("riverside", "1", "a")}
    batch = (notice("1", "a"), notice("1", "b"), notice("2", "a"))
    assert failures(*batch) == ["1 NOTICE#a", "1 NOTICE#b"]
    recorder.broken = set()
    assert failures(*batch) == []
    assert [key for _, number, key in recorder.done if number == "1"] == ["a", "b"]


def test_a_notice_that_failed_for_good_is_given_back_and_keeps_none_waiting(recorder: Recorder) -> None:
    recorder.broken, recorder.final = {("riverside", "1", "a")}, True
    assert failures(notice("1", "a"), notice("1", "b")) == ["1 NOTICE#a"]
    assert recorder.done == [("riverside", "1", "b")]


def test_a_failure_is_logged_by_ids(recorder: Recorder, caplog: pytest.LogCaptureFixture) -> None:
    recorder.broken = {("riverside", "1", "a")}
    failures(notice("1", "a"))
    (found,) = caplog.records
    assert (found.levelno, found.message) == (logging.ERROR, "not_relayed")
    assert {"community": "riverside", "number": "1", "record": "NOTICE#a"}.items() <= vars(found).items()


@pytest.mark.req("G3")
def test_a_batch_that_comes_twice_or_backwards_starts_one_workflow() -> None:
    made = office()
    flows = Workflows(made.desk, made.stores.waiting, made.workflow)
    wiring.use(workflows=flows, delivery=Recorder(), incidents=NothingMerged())
    try:
        numbers = [made.register().case.number for _ in range(3)]
        batch = [event(number, 1, Role.RESIDENT) for number in numbers]
        for records in (batch, batch, batch[::-1]):
            assert failures(*records) == []
    finally:
        wiring.use()
    assert [execution.given["turn"]["number"] for execution in made.workflow.executions.values()] == numbers
