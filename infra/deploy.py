"""Deploys the packaged desk with CloudFormation: to AWS, and just so to the embedded cloud."""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from infra.package import Package
from infra.problems import CannotGoOnError

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
MOST_LOOKS = 600
"""At the progress of a deployment: half an hour on AWS."""

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
        pause_seconds: How long to wait between two looks at the progress.
    """

    connect: Connect
    stack: str
    bucket: str
    region: str
    pause_seconds: float = 3.0


def deploy(package: Package, to: Destination, parameters: Mapping[str, str]) -> dict[str, str]:
    """Creates or updates the stack and waits for it.

    Args:
        parameters: Values of the template's parameters; one not named keeps its last value.

    Returns:
        The stack's outputs by name.

    Raises:
        CannotGoOnError: CloudFormation refused the template or a resource; says which and why.
    """
    _make_bucket(to)
    template_url = _upload(package, to)
    cloudformation = to.connect("cloudformation")
    stack = _describe(cloudformation, to.stack)
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
    if _is_empty(cloudformation, change_set, to):
        cloudformation.delete_change_set(ChangeSetName=change_set)
    else:
        cloudformation.execute_change_set(ChangeSetName=change_set)
    return _outcome(cloudformation, to)


def _make_bucket(to: Destination) -> None:
    s3 = to.connect("s3")
    try:
        s3.head_bucket(Bucket=to.bucket)
    except s3.exceptions.ClientError as err:
        if err.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
            raise CannotGoOnError(f"The bucket {to.bucket} cannot be used: {err}") from err
        if to.region == "us-east-1":  # the one region that must not be named
            s3.create_bucket(Bucket=to.bucket)
        else:
            s3.create_bucket(Bucket=to.bucket, CreateBucketConfiguration={"LocationConstraint": to.region})
        s3.put_public_access_block(
            Bucket=to.bucket,
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
    s3.put_object(Bucket=to.bucket, Key=code_key, Body=code)
    template = json.loads(package.template.read_text("utf-8"))
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = {"Bucket": to.bucket, "Key": code_key}
    body = json.dumps(template, ensure_ascii=False).encode()
    template_key = f"{hashlib.sha256(body).hexdigest()}.json"
    s3.put_object(Bucket=to.bucket, Key=template_key, Body=body)
    return f"https://s3.{to.region}.amazonaws.com/{to.bucket}/{template_key}"


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


def _is_empty(cloudformation: Any, change_set: str, to: Destination) -> bool:
    """Waits for the change set; True when there is nothing to change."""
    for _ in _looks(to):
        described = cloudformation.describe_change_set(ChangeSetName=change_set)
        if described["Status"] == "CREATE_COMPLETE":
            return False
        if described["Status"] == "FAILED":
            reason = described.get("StatusReason", "")
            if "didn't contain changes" in reason or "No updates" in reason:
                return True
            raise CannotGoOnError(f"CloudFormation refused the template: {reason}")
    raise CannotGoOnError("CloudFormation did not answer about the changes in time.")


def _outcome(cloudformation: Any, to: Destination) -> dict[str, str]:
    for _ in _looks(to):
        stack = _describe(cloudformation, to.stack)
        if stack and not stack["StackStatus"].endswith("_IN_PROGRESS"):
            break
    else:
        raise CannotGoOnError(f"The stack {to.stack} was not ready in time.")
    if stack["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        cause = _first_failure(cloudformation, to.stack)
        raise CannotGoOnError(f"The stack {to.stack} could not be deployed: {cause}")
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def _first_failure(cloudformation: Any, stack: str) -> str:
    """The event that came first is the cause; the later ones are cancelled for its sake."""
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    failed = [event for event in events if event["ResourceStatus"].endswith("_FAILED")]
    if not failed:
        return "it gave no reason"
    first = min(failed, key=lambda event: event["Timestamp"])
    return f"{first['LogicalResourceId']}: {first.get('ResourceStatusReason', 'it gave no reason')}"


def _looks(to: Destination) -> Any:
    for look in range(MOST_LOOKS):
        if look:
            time.sleep(to.pause_seconds)
        yield look
