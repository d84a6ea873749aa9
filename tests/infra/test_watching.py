"""What is told of a desk in trouble and of an attack: alarms, logs, and what stops a rush at the door."""

import json
import re
from typing import Any

import pytest

from app import app
from infra.places import PROJECT
from infra.protected import WATCHED
from tests.infra.looking import Template, functions, of_type, referred

TABLES = ("CasesTable", "DirectoryTable", "FiguresTable", "LinksTable")
MACHINES = ("DispatchMachine", "RevisitMachine")


def alarms(template: Template) -> dict[str, dict[str, Any]]:
    found = of_type(template, "AWS::CloudWatch::Alarm")
    return {name: resource["Properties"] for name, resource in found.items()}


def metrics(alarm: dict[str, Any]) -> list[dict[str, Any]]:
    """What an alarm looks at: its one metric, or all that it adds up."""
    if "Metrics" not in alarm:
        return [alarm]
    return [part["MetricStat"]["Metric"] for part in alarm["Metrics"] if "MetricStat" in part]


def watched(template: Template) -> set[tuple[str, ...]]:
    return {
        (
            metric["MetricName"],
            *sorted(name for name in referred(metric.get("Dimensions", [])) if name in template["Resources"]),
        )
        for alarm in alarms(template).values()
        for metric in metrics(alarm)
    }


def test_alarms_cover_what_nobody_would_see(template: Template) -> None:
    wanted = {(metric, machine) for metric in _OF_MACHINES for machine in MACHINES}
    wanted |= {(metric, name) for metric in ("Errors", "Throttles") for name in functions(template)}
    wanted |= {(f"{kind}ThrottleEvents", table) for kind in ("Read", "Write") for table in TABLES}
    wanted |= {
        ("ApproximateNumberOfMessagesVisible", "DeadLetters"),
        ("IteratorAge", "Relay"),
        ("SMSMonthToDateSpentUSD",),
        ("5XXError",),
        ("EmergenciesHeld",),
        ("MessagesHeld",),
        ("SmsOverBudget",),
        ("Reputation.BounceRate",),
        ("BlockedRequests",),
        ("GatewayThrottled",),
        ("SignInsFailed",),
        ("LooksRefused",),
        ("NumberOfBackupJobsFailed",),
        ("NumberOfCopyJobsFailed",),
    }
    assert wanted - watched(template) == set()


_OF_MACHINES = ("ExecutionsFailed", "ExecutionsTimedOut", "ExecutionThrottled")


def test_every_alarm_is_heard_and_has_its_page(template: Template) -> None:
    """docs/operating.md says of each what it means, what to look at and what to do."""
    pages = (PROJECT / "docs" / "operating.md").read_text("utf-8")
    written = set(re.findall(r"^### (\w+)$", pages, re.MULTILINE))
    assert written == set(alarms(template))
    for name, alarm in alarms(template).items():
        assert alarm["AlarmActions"] == [{"Ref": "AlarmTopic"}], name
        assert alarm["TreatMissingData"] == "notBreaching", name
        page = pages.partition(f"### {name}\n")[2].partition("\n### ")[0].partition("\n## ")[0]
        assert all(f"**{part}**" in page for part in ("Means", "Look", "Do")), name


def test_the_alarms_that_take_a_release_back_are_there(template: Template) -> None:
    assert set(WATCHED) <= set(alarms(template))
    assert len(WATCHED) <= 5, "CloudFormation takes five"
    assert not any("Condition" in template["Resources"][name] for name in WATCHED)


def test_an_index_that_is_refused_is_seen(template: Template) -> None:
    """A throttled index is counted under its own name, and refuses the table's writes."""
    indexes = template["Resources"]["CasesTable"]["Properties"]["GlobalSecondaryIndexes"]
    seen = {
        dimension["Value"]
        for metric in metrics(alarms(template)["IndexesThrottled"])
        for dimension in metric["Dimensions"]
        if dimension["Name"] == "GlobalSecondaryIndexName"
    }
    assert seen == {index["IndexName"] for index in indexes}


def test_no_alarm_adds_up_more_than_cloudwatch_can(template: Template) -> None:
    assert all(len(alarm.get("Metrics", [])) <= 10 for alarm in alarms(template).values())


def test_the_access_log_has_no_codes_tokens_or_persons(template: Template) -> None:
    api = template["Resources"]["RestAPI"]["Properties"]
    condition, setting, without = api["AccessLogSetting"]["Fn::If"]
    assert (condition, without) == ("HasAccessLog", {"Ref": "AWS::NoValue"})
    told = set(re.findall(r"\$context\.([\w.]+)", setting["Format"]))
    assert told == {
        *("requestId", "requestTimeEpoch", "httpMethod", "resourcePath", "status", "error.responseType"),
        *("responseLength", "responseLatency", "integrationLatency"),
    }
    assert json.loads(setting["Format"]).keys() >= {"resource", "status", "error"}
    for methods in api["MethodSettings"]:
        assert (methods["LoggingLevel"], methods["DataTraceEnabled"]) == ("OFF", False)


def test_a_code_is_a_variable_of_its_resource() -> None:
    """So that the path that the access log tells has none in it."""
    addresses = {path for path in app.routes if re.search(r"/l/|/links/", path)}
    assert addresses
    assert all("{code}" in path for path in addresses)


def test_one_address_may_not_take_the_desk_from_all_others(template: Template) -> None:
    resources = template["Resources"]
    firewall = resources["Firewall"]["Properties"]
    (rule,) = firewall["Rules"]
    limit = rule["Statement"]["RateBasedStatement"]
    assert (limit["AggregateKeyType"], limit["Limit"]) == ("IP", {"Ref": "RequestsPerAddress"})
    answer = rule["Action"]["Block"]["CustomResponse"]
    assert answer["ResponseCode"] == 429
    body = firewall["CustomResponseBodies"][answer["CustomResponseBodyKey"]]["Content"]
    assert json.loads(body).keys() == {"Code", "Message"}
    for view in (firewall["VisibilityConfig"], rule["VisibilityConfig"]):
        assert view["SampledRequestsEnabled"] is False, "samples show the codes in addresses"
    where = resources["FirewallOfTheDesk"]["Properties"]["ResourceArn"]
    assert referred(where) >= {"RestAPI"}
    for name in ("Firewall", "FirewallOfTheDesk", "AddressesBlocked"):
        assert resources[name]["Condition"] == "HasFirewall"


def test_a_rush_at_the_door_leaves_timers_and_messages_their_workers(template: Template) -> None:
    reserved = {
        name: function["ReservedConcurrentExecutions"]
        for name, function in functions(template).items()
        if "ReservedConcurrentExecutions" in function
    }
    ours = {"Fn::If": ["LimitsConcurrency", {"Ref": "ApiConcurrency"}, {"Ref": "AWS::NoValue"}]}
    assert reserved == {"APIHandler": ours}
    assert template["Parameters"]["ApiConcurrency"]["Default"] == 0, "an account may have no room for it"


def test_with_a_domain_there_is_no_other_door(template: Template) -> None:
    api = template["Resources"]["RestAPI"]["Properties"]
    assert api["DisableExecuteApiEndpoint"] == {"Fn::If": ["HasDomain", True, False]}


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("SignInsFailedFilter", "chalicelib/http/accounts.py"),
        ("LooksRefusedFilter", "chalicelib/services/access/authorization.py"),
    ],
)
def test_a_filter_counts_lines_that_are_written(template: Template, name: str, file: str) -> None:
    counted = template["Resources"][name]["Properties"]
    message = re.fullmatch(r'\{ \$\.message = "(.+)" \}', counted["FilterPattern"])
    assert message is not None
    assert f'"{message[1]}"' in (PROJECT / file).read_text("utf-8")
    assert counted["LogGroupName"] == {"Ref": "ApiHandlerLogGroup"}


def test_a_copy_elsewhere_holds_every_table(template: Template) -> None:
    resources = template["Resources"]
    selection = resources["BackupSelection"]["Properties"]["BackupSelection"]
    assert referred(selection["Resources"]) >= set(TABLES)
    (rule,) = resources["BackupPlan"]["Properties"]["BackupPlan"]["BackupPlanRule"]
    assert [copy["DestinationBackupVaultArn"] for copy in rule["CopyActions"]] == [{"Ref": "BackupCopyTo"}]
    assert resources["BackupVault"]["DeletionPolicy"] == "Retain"
    backup = {name for name, resource in resources.items() if resource["Type"].startswith("AWS::Backup::")}
    assert backup == {"BackupVault", "BackupPlan", "BackupSelection"}
    assert all(resources[name]["Condition"] == "HasBackupCopy" for name in (*backup, "BackupRole"))
