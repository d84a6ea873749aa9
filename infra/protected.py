"""What no deployment may replace or take away, and how CloudFormation is kept from it.

A table that is replaced is an empty table, a secret that is replaced ends every link that is out. So the
changes are read before they are made; the stack's own policy refuses what shows only while they are made; and
what a stack loses all the same stays (`DeletionPolicy` and `UpdateReplacePolicy` in resources.yaml).
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from infra.problems import CannotGoOnError

PROTECTED = (
    "AWS::DynamoDB::Table",
    "AWS::Cognito::UserPool",
    "AWS::SecretsManager::Secret",
    "AWS::S3::Bucket",
)

STACK_POLICY = json.dumps(
    {
        "Statement": [
            {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"},
            {
                "Effect": "Deny",
                "Action": ["Update:Replace", "Update:Delete"],
                "Principal": "*",
                "Resource": "*",
                "Condition": {"StringEquals": {"ResourceType": list(PROTECTED)}},
            },
        ]
    }
)

PERHAPS = frozenset({"AttributeDefinitions", "Description", "LifecycleConfiguration"})
"""Changes of which it is only said that they may replace.

A new index brings a new attribute, which replaces a table only where it is that of a key; the stack's policy
refuses that. Another description of a secret, or how long a bucket keeps what, replaces nothing on AWS, but
the embedded cloud does not know these.
"""
MADE_ANEW = frozenset({"GenerateSecretString", "SecretString"})
"""A change of these is none that replaces the secret, and yet there is another one afterwards."""

WATCHED = ("DeskErrors", "ApiErrors", "RelayErrors", "TimerErrors", "DispatchFailed")
"""The alarms that take a release back if they go off while it is new; CloudFormation takes five."""


def check_changes(cloudformation: Any, change_set: str) -> None:
    """CannotGoOnError if the changes would replace or take away what has to stay; names each."""
    refused = [
        why for change in _changes(cloudformation, change_set) if (why := _harm(change["ResourceChange"]))
    ]
    if refused:
        cloudformation.delete_change_set(ChangeSetName=change_set)
        raise CannotGoOnError(
            f"Nothing was deployed, for data would be lost: {'; '.join(refused)}. Change the template so "
            "that it stays, such as by a resource of another name beside it (docs/operating.md, Upgrades)."
        )


def _changes(cloudformation: Any, change_set: str) -> Iterator[dict[str, Any]]:
    following: dict[str, str] = {}
    while True:
        page = cloudformation.describe_change_set(ChangeSetName=change_set, **following)
        for change in page.get("Changes", []):
            if "ResourceChange" in change:
                yield change
        if not page.get("NextToken"):
            return
        following = {"NextToken": page["NextToken"]}


def _harm(change: Mapping[str, Any]) -> str | None:
    """What the change would do to something protected; None if that is no harm."""
    if change["ResourceType"] not in PROTECTED or change["Action"] in ("Add", "Import"):
        return None
    name = change["LogicalResourceId"]
    if change["Action"] != "Modify":
        return f"{name} would be taken away"
    targets = [detail.get("Target", {}) for detail in change.get("Details", [])]
    if MADE_ANEW & {target.get("Name") for target in targets}:
        return f"{name} would get another value"
    if change.get("Replacement") == "True":
        return f"{name} would be replaced"
    perhaps = {
        target.get("Name") for target in targets if target.get("RequiresRecreation", "Never") != "Never"
    }
    if change.get("Replacement") == "Conditional" and not (perhaps and perhaps <= PERHAPS):
        return f"{name} might be replaced, because of {', '.join(sorted(map(str, perhaps))) or 'its change'}"
    return None


def rollback_configuration(cloudformation: Any, cloudwatch: Any, stack: str, minutes: int) -> dict[str, Any]:
    """The alarms that take an update back, if they go off within so many minutes.

    One that is red already is left out: it would refuse the very release that mends its cause.
    """
    resources = cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    names = [
        resource["PhysicalResourceId"] for resource in resources if resource["LogicalResourceId"] in WATCHED
    ]
    found = cloudwatch.describe_alarms(AlarmNames=names)["MetricAlarms"] if names and minutes else []
    calm = sorted(alarm["AlarmArn"] for alarm in found if alarm["StateValue"] != "ALARM")
    triggers = [{"Arn": arn, "Type": "AWS::CloudWatch::Alarm"} for arn in calm]
    return {"RollbackTriggers": triggers, "MonitoringTimeInMinutes": minutes if triggers else 0}
