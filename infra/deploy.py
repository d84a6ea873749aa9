"""Deploys the packaged desk with CloudFormation: to AWS, and just so to the embedded cloud."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from infra.package import Package
from infra.problems import CannotGoOnError

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
MOST_LOOKS = 600
"""At the progress of a deployment: half an hour on AWS."""
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
    """

    connect: Connect
    stack: str
    bucket: str
    region: str
    account: str
    pause_seconds: float = 3.0


def deploy(package: Package, to: Destination, parameters: Mapping[str, str]) -> dict[str, str]:
    """Creates or updates the stack and waits for it.

    Args:
        parameters: Values of the template's parameters; one not named keeps its last value.

    Returns:
        The stack's outputs by name.

    Raises:
        CannotGoOnError: CloudFormation refused the template or a resource; says which and why. Or the stack
            can take no change.
    """
    cloudformation = to.connect("cloudformation")
    stack = _describe(cloudformation, to.stack)
    if stack and stack["StackStatus"] in NEVER_WHOLE:
        raise CannotGoOnError(_has_to_go(cloudformation, to.stack, stack["StackStatus"]))
    _make_bucket(to)
    template_url = _upload(package, to)
    chosen = _parameters(json.loads(package.template.read_text("utf-8")), stack, parameters)
    try:
        change_set = cloudformation.create_change_set(
            StackName=to.stack,
            ChangeSetName=f"suda-{time.time_ns()}",
            ChangeSetType="UPDATE" if stack else "CREATE",
            TemplateURL=template_url,
            Capabilities=CAPABILITIES,
            Parameters=chosen,
        )["Id"]
    except cloudformation.exceptions.ClientError as err:
        raise CannotGoOnError(f"CloudFormation refused: {err.response['Error']['Message']}") from err
    began = _began(cloudformation, change_set, to)
    if began is None:
        cloudformation.delete_change_set(ChangeSetName=change_set)
        return _outputs(stack or {})
    cloudformation.execute_change_set(ChangeSetName=change_set)
    return _outcome(cloudformation, to, began)


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


def _describe(cloudformation: Any, stack: str) -> dict[str, Any] | None:
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
        stack = _describe(cloudformation, to.stack)
        if stack and not stack["StackStatus"].endswith("_IN_PROGRESS"):
            break
    else:
        raise CannotGoOnError(f"The stack {to.stack} was not ready in time.")
    if stack["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        cause = _first_failure(cloudformation, to.stack, began)
        raise CannotGoOnError(f"The stack {to.stack} could not be deployed: {cause}")
    return _outputs(stack)


def _outputs(stack: Mapping[str, Any]) -> dict[str, str]:
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def _first_failure(cloudformation: Any, stack: str, began: datetime) -> str:
    """The event that came first is the cause; the later ones are cancelled for its sake."""
    events = _events_since(cloudformation, stack, began)
    failed = [event for event in events if event["ResourceStatus"].endswith("_FAILED")]
    if not failed:
        return "it gave no reason"
    first = min(failed, key=lambda event: event["Timestamp"])
    return f"{first['LogicalResourceId']}: {first.get('ResourceStatusReason', 'it gave no reason')}"


def _events_since(cloudformation: Any, stack: str, began: datetime) -> Iterator[dict[str, Any]]:
    """Newest first, as CloudFormation gives them: those of earlier deployments are no concern."""
    following: dict[str, str] = {}
    while True:
        page = cloudformation.describe_stack_events(StackName=stack, **following)
        for event in page["StackEvents"]:
            if event["Timestamp"] < began:
                return
            yield event
        if "NextToken" not in page:
            return
        following = {"NextToken": page["NextToken"]}


def _has_to_go(cloudformation: Any, stack: str, status: str) -> str:
    """What to do with a stack that was never whole, and what it leaves behind."""
    resources = cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    left = [
        f"{resource['LogicalResourceId']} {resource['PhysicalResourceId']}"
        for resource in resources
        if resource.get("PhysicalResourceId") and resource["ResourceStatus"] != "DELETE_COMPLETE"
    ]
    sentence = (
        f"The stack {stack} is in {status} and can take no change: delete it first, with "
        f"`aws cloudformation delete-stack --stack-name {stack}`, and deploy again"
    )
    return f"{sentence}; it leaves behind, protected: {', '.join(left)}." if left else f"{sentence}."


def _looks(to: Destination) -> Any:
    for look in range(MOST_LOOKS):
        if look:
            time.sleep(to.pause_seconds)
        yield look
