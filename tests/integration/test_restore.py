"""The drill: a desk is brought back to an instant by the operator's command, on moto.

moto restores a table as it is now, whatever instant is asked for; so here it is handed what stood in the
tables at that instant. All else is done by the command: a table for each, their settings, numbers, figures,
workflows, what was lost, and the stack's parameters.
"""

import contextlib
import copy
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from pynamodb.connection.base import MetaTable

from chalicelib.adapters.dynamo.tables import CaseData, CaseRow, DirectoryRow, FigureKeys, FigureRow, LinkRow
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.form_fields import NoteForm
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.services.figures.recount import recount_month
from chalicelib.services.notices.delivery import Delivery
from chalicelib.services.workflows.reconcile import Reconciliation
from chalicelib.services.workflows.tasks import Workflows
from infra import restore as restoring
from infra.operating import Stage
from infra.problems import CannotGoOnError
from tests.builders import Office
from tests.words import texts

MODELS: dict[str, Any] = {"Cases": CaseRow, "Directory": DirectoryRow, "Figures": FigureRow, "Links": LinkRow}
SLIM: dict[str, Any] = {"Cases": (CaseData,), "Figures": (FigureKeys,)}
"""Models of a part of a table's row, which the same environment names."""
PARAMETERS = [f"Restored{kind}" for kind in (*MODELS, "CasesStream")]
INSTANT = "2020-06-01T09:00:00+00:00"
KEPT_FROM, KEPT_UNTIL = datetime(2020, 5, 1, tzinfo=UTC), datetime(2020, 6, 2, tzinfo=UTC)
COMMUNITY = "riverside"


def table_of(kind: str) -> str:
    return str(MODELS[kind]._get_connection().table_name)


def work_on(tables: dict[str, str]) -> None:
    """Has the models of this process use these tables, as the functions do whose environment names them."""
    for kind, name in tables.items():
        connection = MODELS[kind]._get_connection()
        described = {**connection.get_meta_table().data, "TableName": name}
        with contextlib.suppress(ValueError):  # known already
            connection.connection.add_meta_table(MetaTable(described))
        for model in (MODELS[kind], *SLIM.get(kind, ())):
            model._get_connection().table_name = model.Meta.table_name = name


class Past:
    """What stood in the tables at the instant that is restored."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._items: dict[str, Any] = {}
        now = DynamoDBBackend.restore_table_to_point_in_time

        def then(backend: Any, target_table_name: str, source_table_name: str) -> Any:
            made = now(backend, target_table_name, source_table_name)
            made.items = copy.deepcopy(self._items[source_table_name])
            return made

        monkeypatch.setattr(DynamoDBBackend, "restore_table_to_point_in_time", then)

    def is_now(self) -> None:
        backend = dynamodb_backends[DEFAULT_ACCOUNT_ID][boto3.session.Session().region_name]
        self._items = {name: copy.deepcopy(table.items) for name, table in backend.tables.items()}


@pytest.fixture
def past(dynamo_place: Office, monkeypatch: pytest.MonkeyPatch) -> Past:
    on = {"PointInTimeRecoveryEnabled": True}
    for kind in MODELS:
        boto3.client("dynamodb").update_continuous_backups(
            TableName=table_of(kind), PointInTimeRecoverySpecification=on
        )
    return Past(monkeypatch)


class CloudFormation:
    """A stack with the parameters that matter, as `update_stack` changes them."""

    def __init__(self) -> None:
        self.values = dict.fromkeys(PARAMETERS, "") | {"MailFrom": "desk@example.com"}

    def describe_stacks(self, **_which: str) -> Any:
        parameters = [{"ParameterKey": key, "ParameterValue": held} for key, held in self.values.items()]
        return {"Stacks": [{"Parameters": parameters}]}

    def update_stack(self, Parameters: list[dict[str, Any]], **asked: Any) -> None:  # noqa: N803
        assert asked["UsePreviousTemplate"] is True
        assert {each["ParameterKey"] for each in Parameters} == self.values.keys(), "else it is reset"
        given = {each["ParameterKey"]: each.get("ParameterValue") for each in Parameters}
        self.values |= {key: value for key, value in given.items() if value is not None}

    def get_waiter(self, _name: str) -> Any:
        return SimpleNamespace(wait=lambda **_which: None)


def the_stack(monkeypatch: pytest.MonkeyPatch, place: Office) -> CloudFormation:
    """A deployed stage on the tables of the place: what the command asks AWS for."""
    cloudformation, real = CloudFormation(), boto3.client
    outputs = {f"{kind}TableName": table_of(kind) for kind in MODELS}

    def connect(service: Any) -> Any:
        if service == "cloudformation":
            return cloudformation
        client = real(service)
        client.meta.events.register("after-call.dynamodb.DescribeContinuousBackups", kept)
        return client

    def kept(parsed: Any, **_more: Any) -> None:
        """Moto keeps the present alone."""
        recovery = parsed["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        recovery |= {"EarliestRestorableDateTime": KEPT_FROM, "LatestRestorableDateTime": KEPT_UNTIL}

    def desk_for(_secret: str) -> Any:
        made = real("dynamodb").list_tables()["TableNames"]
        work_on({kind: name for kind in MODELS for name in made if f"-{kind}-at-" in name})
        return place.desk

    def looked_after(*_asked: object) -> tuple[bool, str]:
        found = sweep(place).run(thorough=True)
        return found.not_mended == 0, f"workflows restarted: {found.workflows_restarted}"

    stage = Stage(connect, {**outputs, "SecretId": "s", "ReconcileFunction": "reconcile"})
    monkeypatch.setattr(restoring, "stage_of", lambda _stage: stage)
    monkeypatch.setattr(restoring, "desk_for", desk_for)
    monkeypatch.setattr(restoring, "looked_after", looked_after)
    return cloudformation


def sweep(place: Office) -> Reconciliation:
    workflows = Workflows(place.desk, place.stores.waiting, place.workflow)
    delivery = Delivery(place.desk, place.stores.notices, place.sms, place.mail, "https://desk", texts)
    return Reconciliation(workflows, delivery)


def register(place: Office, phone: str) -> Case:
    case = place.register(phone=phone).case
    Workflows(place.desk, place.stores.waiting, place.workflow).follow(COMMUNITY, case.number)
    return place.case(case)


def test_the_drill(dynamo_place: Office, past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    place, own = dynamo_place, {kind: table_of(kind) for kind in MODELS}
    stack = the_stack(monkeypatch, place)
    going_on, destroyed = register(place, "13900000001"), register(place, "13900000002")
    past.is_now()
    place.do(going_on, "urge", RESIDENT, NoteForm("快点"))
    place.clock.advance(timedelta(hours=3))
    place.do(going_on, "urge", RESIDENT, NoteForm("还没来"))
    gone = register(place, "13900000003")
    CaseRow(f"{COMMUNITY}#{destroyed.number}", "CASE").delete()  # the accident
    said: list[str] = []
    try:
        assert restoring.restore("staging", INSTANT, switch=True, say=said.append) == 0
        told = "\n".join(said)

        # all four tables are of the instant, protected as the stack's own, and the stack works on them
        made = {kind: table_of(kind) for kind in MODELS}
        client = boto3.client("dynamodb")
        for kind, name in made.items():
            assert name == f"suda-staging-{kind}-at-20200601T090000Z"
            described = client.describe_table(TableName=name)["Table"]
            assert described["DeletionProtectionEnabled"] is True
            kept = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
            assert kept["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
        described = client.describe_table(TableName=made["Cases"])["Table"]
        assert described["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
        expiry = client.describe_time_to_live(TableName=made["Links"])["TimeToLiveDescription"]
        assert expiry["AttributeName"] == "expires_at_epoch"
        stream = {"RestoredCasesStream": described["LatestStreamArn"]}
        tables = {f"Restored{kind}": name for kind, name in made.items()}
        assert stack.values == {**tables, **stream, "MailFrom": "desk@example.com"}

        # the case that was destroyed is back, the others are as they were then
        assert place.case(destroyed) == destroyed
        assert place.case(going_on) == going_on

        # what was lost is said, and the old table still has it
        assert f"1 cases:\n    {COMMUNITY} {gone.number}\n" in told
        assert f"2 events of 1 other cases\n    {COMMUNITY} {going_on.number}: 2\n" in told
        assert client.get_item(
            TableName=own["Cases"], Key={"pk": {"S": f"{COMMUNITY}#{gone.number}"}, "sk": {"S": "CASE"}}
        )["Item"]

        # its number is explained and never given again
        month = gone.number[:6]
        book = place.desk.cases.serials(COMMUNITY, month)
        assert int(gone.number[7:]) in book.present
        assert int(register(place, "13900000004").number[7:]) > int(gone.number[7:])

        # the figures are what the events add up to, and every open case has a workflow
        assert recount_month(place.desk.cases, place.desk.figures, COMMUNITY, month).differences == ()
        assert sweep(place).run(thorough=True).workflows_restarted == 0
    finally:
        work_on(own)


def test_without_the_switch_the_desk_goes_on_as_it_was_and_a_second_try_goes_on_from_there(
    dynamo_place: Office, past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, own = dynamo_place, {kind: table_of(kind) for kind in MODELS}
    stack = the_stack(monkeypatch, place)
    register(place, "13900000001")
    past.is_now()
    said: list[str] = []
    try:
        for _ in range(2):
            assert restoring.restore("staging", INSTANT, switch=False, say=said.append) == 0
        assert {stack.values[name] for name in PARAMETERS} == {""}
        assert "from an earlier try" in "\n".join(said)
        assert said[-1].endswith("the same with --switch goes over.")
    finally:
        work_on(own)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("yesterday", "is no instant"),
        ("2026-11-29T03:15:00", "with the offset from UTC"),
        ("2999-01-01T00:00:00+00:00", "is not in the past"),
    ],
)
def test_an_instant_that_cannot_be_is_refused_before_anything_is_made(given: str, why: str) -> None:
    with pytest.raises(CannotGoOnError, match=why):
        restoring.restore("staging", given, switch=False)


def test_a_table_whose_past_aws_does_not_keep_is_named(
    dynamo_place: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    the_stack(monkeypatch, dynamo_place)
    with pytest.raises(CannotGoOnError, match=r"keeps no past of .*: its point-in-time recovery is off"):
        restoring.restore("staging", INSTANT, switch=False)


@pytest.mark.parametrize("at", [KEPT_FROM - timedelta(days=1), KEPT_UNTIL + timedelta(days=1)])
def test_an_instant_that_aws_does_not_keep_is_refused_with_those_that_it_keeps(
    dynamo_place: Office, past: Past, monkeypatch: pytest.MonkeyPatch, at: datetime
) -> None:
    the_stack(monkeypatch, dynamo_place)
    with pytest.raises(CannotGoOnError, match=r"from 2020-05-01 00:00 to 2020-06-02 00:00 UTC"):
        restoring.restore("staging", at.isoformat(), switch=False)
    assert not any("-at-" in name for name in boto3.client("dynamodb").list_tables()["TableNames"])
