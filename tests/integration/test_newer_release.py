"""A deployment was taken back: this release meets what a newer one has written, and keeps its head."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from chalice.test import Client

from app import app
from chalicelib import wiring
from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.documents import stored
from chalicelib.adapters.dynamo.tables import CASE, CaseRow
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.links import Purpose, link_for
from chalicelib.domain.community.roles import Role
from chalicelib.services.notices.delivery import Delivery
from chalicelib.services.workflows.reconcile import Reconciliation
from chalicelib.services.workflows.tasks import Workflows
from tests.api_desk import BASE_URL, ApiDesk, pool
from tests.builders import Office
from tests.words import texts

CASES = "/v1/communities/riverside/cases"
UNKNOWN: dict[str, tuple[str, dict[str, Any]]] = {
    "a kind of event": ("drone_sent", {"height": 12, "why": "屋顶"}),
    "a value of a known one": ("revisit_recorded", {"outcome": "delighted", "manner": "hologram"}),
}


@pytest.fixture
def desk(dynamo_place: Office) -> Iterator[ApiDesk]:
    wiring.use(desk=dynamo_place.desk, identity=pool(), base_url=BASE_URL)
    yield ApiDesk(dynamo_place, Client(app))
    wiring.use()


@pytest.fixture(params=UNKNOWN)
def number(request: pytest.FixtureRequest, desk: ApiDesk) -> str:
    """A case of an engineer, to which a newer release has added an event, and stored it in its own shape."""
    number = desk.engineering_case()
    place, case = keys.case("riverside", number), _case(desk, number)
    kind, payload = UNKNOWN[request.param]
    event = {
        "version": case.version + 1,
        "at": desk.office.clock.at,
        "actor": {"id": "engineering-1", "role": Role.HANDLER},
        "command": "fly",
        "command_id": "0" * 24,
        "type": kind,
        "payload": payload,
    }
    CaseRow(place, keys.event(case.version + 1), data=stored(event), event_type=kind).save()
    actions = [CaseRow.version.set(case.version + 1), CaseRow.shape.set("of-a-newer-release")]
    CaseRow(place, CASE).update(actions=[*actions, CaseRow.data.set(b"{}")])
    return number


def _case(desk: ApiDesk, number: str) -> Case:
    return desk.office.stores.cases.get("riverside", number)


def test_the_case_still_reads(desk: ApiDesk, number: str) -> None:
    seen = desk.get(f"{CASES}/{number}", user="manager-1")
    assert (seen.status_code, seen.json_body["state"]) == (200, "assigned")
    *_, last = desk.get(f"{CASES}/{number}/events", user="manager-1").json_body["items"]
    assert last["type"] == "newer"
    assert "屋顶" not in json.dumps(last, ensure_ascii=False)


def test_the_resident_and_the_handler_still_read_it(desk: ApiDesk, number: str) -> None:
    case = _case(desk, number)
    for purpose in (Purpose.TRACK, Purpose.WORK):
        code = desk.office.codes.code(link_for(case, purpose, 7))
        assert desk.get(f"/v1/links/{code}").status_code == 200
        page = desk.get(f"/l/{code}")
        assert page.status_code == 200
        assert "更新版本写入" not in str(page.body), "the history is the staff's"


def test_what_cannot_be_judged_is_refused_with_a_sentence_and_offered_to_nobody(
    desk: ApiDesk, number: str
) -> None:
    for user in ("engineering-1", "supervisor-1", "manager-1"):
        assert desk.get(f"{CASES}/{number}", user=user).json_body["commands"] == []
    refused = desk.command(number, "sign", {"signature": "甲"}, user="engineering-1")
    assert (refused.status_code, refused.json_body["Code"]) == (409, "CommandRefused")
    assert "A newer release" in refused.json_body["Message"]
    assert _case(desk, number).version == len(desk.office.stores.cases.events("riverside", number))


def test_timers_and_the_sweep_leave_it_for_the_release_that_knows(desk: ApiDesk, number: str) -> None:
    desk.office.clock.advance(timedelta(days=3))
    version = _case(desk, number).version
    office = desk.office
    workflows = Workflows(office.desk, office.stores.waiting, office.workflow)
    delivery = Delivery(office.desk, office.stores.notices, office.sms, office.mail, BASE_URL, texts)
    found = Reconciliation(workflows, delivery).run(thorough=True)
    assert found.not_mended == 0
    assert _case(desk, number).version == version
