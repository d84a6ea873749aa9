"""Deploys the packaged desk with CloudFormation: to AWS, and just so to the embedded cloud."""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from infra.package import Package
from infra.problems import CannotGoOnError
from infra.protected import STACK_POLICY, check_changes, rollback_configuration
from infra.stack_events import first_failure, has_to_go

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
MOST_LOOKS = 600
"""At the progress of a deployment: half an hour on AWS, the minutes of watching a new release included."""
NEVER_WHOLE = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"})
"""States of a stack that can only be deleted."""

Connect = Callable[[str], Any]
"""Gives the boto3 client of a service."""


@dataclass(frozen=True)
class Destination:
    """Where a package goes.

    Attributes:
        connect: Gives the boto3 client of a service, for the account and region meant.
        stack: The stack's name; the names of all resources begin with it.
        bucket: Where the zip and the template are put for CloudFormation; made when it is not there.
        region: The region, for the bucket and the template's address.
        account: Whose the bucket has to be: names of buckets are the whole world's, and anybody may take one.
        pause_seconds: How long to wait between two looks at the progress.
        watch_minutes: How long an update is watched; if an alarm goes off, CloudFormation takes it back.
        needs: Parameters that may not be empty there, each with the sentence that says so.
    """

    connect: Connect
    stack: str
    bucket: str
    region: str
    account: str
    pause_seconds: float = 3.0
    watch_minutes: int = 0
    needs: Mapping[str, str] = field(default_factory=dict)


def deploy(package: Package, to: Destination, parameters: Mapping[str, str]) -> dict[str, str]:
    """Creates or updates the stack and waits for it.

    Args:
        parameters: Values of the template's parameters; one not named keeps its last value.

    Returns:
        The stack's outputs by name.

    Raises:
        CannotGoOnError: CloudFormation refused the template or a resource; says which and why. Or the stack
            can take no change, or a parameter is missing, or a table, pool or secret would be lost.
    """
    cloudformation = to.connect("cloudformation")
    stack = describe(cloudformation, to.stack)
    if stack and stack["StackStatus"] in NEVER_WHOLE:
        raise CannotGoOnError(has_to_go(cloudformation, to.stack, stack["StackStatus"]))
    chosen = _parameters(json.loads(package.template.read_text("utf-8")), stack, parameters)
    _check_needs(to, stack, parameters)
    _make_bucket(to)
    template_url = _upload(package, to)
    watched: dict[str, Any] = {}
    if stack and to.watch_minutes:
        triggers = rollback_configuration(
            cloudformation, to.connect("cloudwatch"), to.stack, to.watch_minutes
        )
        watched = {"RollbackConfiguration": triggers}
    try:
        change_set = cloudformation.create_change_set(
            StackName=to.stack,
            ChangeSetName=f"suda-{time.time_ns()}",
            ChangeSetType="UPDATE" if stack else "CREATE",
            TemplateURL=template_url,
            Capabilities=CAPABILITIES,
            Parameters=chosen,
            **watched,
        )["Id"]
    except cloudformation.exceptions.ClientError as err:
        raise CannotGoOnError(f"CloudFormation refused: {err.response['Error']['Message']}") from err
    began = _began(cloudformation, change_set, to)
    if began is None:
        cloudformation.delete_change_set(ChangeSetName=change_set)
        return _outputs(stack or {})
    check_changes(cloudformation, change_set)
    if stack:
        cloudformation.set_stack_policy(StackName=to.stack, StackPolicyBody=STACK_POLICY)
    cloudformation.execute_change_set(ChangeSetName=change_set)
    outputs = _outcome(cloudformation, to, began)
    cloudformation.set_stack_policy(StackName=to.stack, StackPolicyBody=STACK_POLICY)
    return outputs


def _make_bucket(to: Destination) -> None:
    s3 = to.connect("s3")
    try:
        s3.head_bucket(Bucket=to.bucket, ExpectedBucketOwner=to.account)
    except s3.exceptions.ClientError as err:
        if err.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
            raise CannotGoOnError(f"The bucket {to.bucket} cannot be used: {err}") from err
        if to.region == "us-east-1":  # the one region that must not be named
            s3.create_bucket(Bucket=to.bucket)
        else:
            s3.create_bucket(Bucket=to.bucket, CreateBucketConfiguration={"LocationConstraint": to.region})
        s3.put_public_access_block(
            Bucket=to.bucket,
            ExpectedBucketOwner=to.account,
            PublicAccessBlockConfiguration={
                "BlockPublicAcls": True,
                "IgnorePublicAcls": True,
                "BlockPublicPolicy": True,
                "RestrictPublicBuckets": True,
            },
        )


def _upload(package: Package, to: Destination) -> str:
    """Puts the zip and the template where CloudFormation finds them; returns the template's address."""
    s3 = to.connect("s3")
    code = package.code.read_bytes()
    code_key = f"{hashlib.sha256(code).hexdigest()}.zip"
    s3.put_object(Bucket=to.bucket, Key=code_key, Body=code, ExpectedBucketOwner=to.account)
    template = json.loads(package.template.read_text("utf-8"))
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = {"Bucket": to.bucket, "Key": code_key}
    body = json.dumps(template, ensure_ascii=False).encode()
    template_key = f"{hashlib.sha256(body).hexdigest()}.json"
    s3.put_object(Bucket=to.bucket, Key=template_key, Body=body, ExpectedBucketOwner=to.account)
    china = ".cn" if to.region.startswith("cn-") else ""
    return f"https://s3.{to.region}.amazonaws.com{china}/{to.bucket}/{template_key}"


def describe(cloudformation: Any, stack: str) -> dict[str, Any] | None:
    """The stack as it stands; None where there is none."""
    try:
        found: dict[str, Any] = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    except cloudformation.exceptions.ClientError as err:
        if err.response["Error"]["Code"] == "ValidationError":
            return None
        raise CannotGoOnError(f"The stack {stack} cannot be looked at: {err}") from err
    return None if found["StackStatus"] == "REVIEW_IN_PROGRESS" else found


def _parameters(
    template: dict[str, Any], stack: dict[str, Any] | None, given: Mapping[str, str]
) -> list[dict[str, Any]]:
    if unknown := sorted(set(given) - set(template.get("Parameters", {}))):
        there = ", ".join(template.get("Parameters", {}))
        raise CannotGoOnError(f"The template has no parameter {', '.join(unknown)}; it has {there}.")
    known = {parameter["ParameterKey"] for parameter in (stack or {}).get("Parameters", [])}
    chosen: list[dict[str, Any]] = []
    for key, declared in template.get("Parameters", {}).items():
        if key in given:
            chosen.append({"ParameterKey": key, "ParameterValue": given[key]})
        elif key in known:
            chosen.append({"ParameterKey": key, "UsePreviousValue": True})
        elif "Default" not in declared:
            raise CannotGoOnError(f"The template's parameter {key} has no default: give it a value.")
    return chosen


def _check_needs(to: Destination, stack: dict[str, Any] | None, given: Mapping[str, str]) -> None:
    for key, sentence in to.needs.items():
        if not given.get(key, values_of(stack).get(key, "")).strip():
            raise CannotGoOnError(sentence)


def values_of(stack: Mapping[str, Any] | None) -> dict[str, str]:
    """The values that a stack's parameters have now."""
    parameters = (stack or {}).get("Parameters", [])
    return {parameter["ParameterKey"]: str(parameter.get("ParameterValue", "")) for parameter in parameters}


def _began(cloudformation: Any, change_set: str, to: Destination) -> datetime | None:
    """Waits for the change set; when it was made, or None when there is nothing to change."""
    for _ in _looks(to):
        described = cloudformation.describe_change_set(ChangeSetName=change_set)
        if described["Status"] == "CREATE_COMPLETE":
            made: datetime = described["CreationTime"]
            return made
        if described["Status"] == "FAILED":
            reason = described.get("StatusReason", "")
            if "didn't contain changes" in reason or "No updates" in reason:
                return None
            raise CannotGoOnError(f"CloudFormation refused the template: {reason}")
    raise CannotGoOnError("CloudFormation did not answer about the changes in time.")


def _outcome(cloudformation: Any, to: Destination, began: datetime) -> dict[str, str]:
    for _ in _looks(to):
        stack = describe(cloudformation, to.stack)
        if stack and not stack["StackStatus"].endswith("_IN_PROGRESS"):
            break
    else:
        raise CannotGoOnError(f"The stack {to.stack} was not ready in time.")
    if stack["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        cause = first_failure(cloudformation, to.stack, began)
        raise CannotGoOnError(f"The stack {to.stack} could not be deployed: {cause}")
    return _outputs(stack)


def _outputs(stack: Mapping[str, Any]) -> dict[str, str]:
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def _looks(to: Destination) -> Any:
    for look in range(MOST_LOOKS):
        if look:
            time.sleep(to.pause_seconds)
        yield look
