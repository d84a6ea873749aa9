"""An AWS that answers as AWS does, as far as deployments ask it."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

ACCOUNT = "123456789012"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
EXCEPTIONS = SimpleNamespace(ClientError=ClientError)


def refusal(code: str, status: int, why: str = "") -> ClientError:
    answer = {"Error": {"Code": code, "Message": why}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "Call")  # type: ignore[arg-type]


class S3:
    """The buckets of the world: `owner` is whose the one is that we use, once it is there."""

    exceptions = EXCEPTIONS

    def __init__(self, owner: str | None = None) -> None:
        self.objects: dict[str, bytes] = {}
        self.owner = owner
        self.bucket: str | None = "packages" if owner else None
        self.closed_to_the_public = False

    def head_bucket(self, Bucket: str, ExpectedBucketOwner: str) -> None:  # noqa: N803
        if self.bucket != Bucket:
            raise refusal("404", 404)
        self._check(ExpectedBucketOwner)

    def _check(self, expected: str) -> None:
        if expected != self.owner:
            raise refusal("403", 403, "Forbidden")

    def create_bucket(self, Bucket: str, **_where: Any) -> None:  # noqa: N803
        self.bucket, self.owner = Bucket, ACCOUNT

    def put_public_access_block(self, **asked: Any) -> None:
        self._check(asked["ExpectedBucketOwner"])
        self.closed_to_the_public = all(asked["PublicAccessBlockConfiguration"].values())

    def put_object(self, Bucket: str, Key: str, Body: bytes, ExpectedBucketOwner: str) -> None:  # noqa: N803
        self._check(ExpectedBucketOwner)
        self.objects[Key] = Body


class CloudFormation:
    """`ends` is the status in which an executed change ends; `refuses` is why a change set is refused."""

    exceptions = EXCEPTIONS

    def __init__(self, ends: str = "CREATE_COMPLETE", refuses: str | None = None) -> None:
        self.ends, self.refuses = ends, refuses
        self.events = [failed("Other", "cancelled", 9), failed("UserPool", "Quota exceeded", 3)]
        self.status: str | None = None
        self.asked: list[dict[str, Any]] = []
        self.executed = 0
        self.values = {"MailFrom": "desk@example.com"}
        self.changes: list[dict[str, Any]] = []
        self.deleted_change_sets = 0
        self.policies: list[str] = []
        self.alarms: dict[str, str] = {}

    def describe_stacks(self, **_which: Any) -> Any:
        if self.status is None:
            raise refusal("ValidationError", 400)
        outputs = [{"OutputKey": "EndpointURL", "OutputValue": "https://x/desk/"}]
        parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in self.values.items()]
        return {"Stacks": [{"StackStatus": self.status, "Outputs": outputs, "Parameters": parameters}]}

    def create_change_set(self, **asked: Any) -> Any:
        self.asked.append(asked)
        return {"Id": "change"}

    def describe_change_set(self, ChangeSetName: str, NextToken: str = "0") -> Any:  # noqa: N803
        """One change on a page."""
        status, at = "FAILED" if self.refuses else "CREATE_COMPLETE", int(NextToken)
        more = {"NextToken": str(at + 1)} if at + 1 < len(self.changes) else {}
        described = {"Status": status, "StatusReason": self.refuses or "", "CreationTime": NOON}
        return {**described, "Changes": self.changes[at : at + 1], **more}

    def delete_change_set(self, **_which: Any) -> None:
        self.deleted_change_sets += 1

    def set_stack_policy(self, StackName: str, StackPolicyBody: str) -> None:  # noqa: N803
        self.policies.append(StackPolicyBody)

    def execute_change_set(self, **_which: Any) -> None:
        self.executed += 1
        self.status = self.ends

    def describe_stack_events(self, StackName: str, NextToken: str = "0") -> Any:  # noqa: N803
        """One event on a page, the newest first."""
        at = int(NextToken)
        page = {"StackEvents": self.events[at : at + 1]}
        return page if at + 1 == len(self.events) else page | {"NextToken": str(at + 1)}

    def describe_stack_resources(self, **_which: Any) -> Any:
        def resource(name: str, status: str) -> dict[str, Any]:
            return {
                "LogicalResourceId": name,
                "PhysicalResourceId": f"{name.lower()}-7",
                "ResourceStatus": status,
            }

        resources = [resource("CasesTable", "DELETE_SKIPPED"), resource("Relay", "DELETE_COMPLETE")]
        alarms = [resource(name, "CREATE_COMPLETE") for name in self.alarms]
        return {"StackResources": [*resources, *alarms]}

    def describe_alarms(self, AlarmNames: list[str]) -> Any:  # noqa: N803
        """This is CloudWatch too: it knows the alarms of the stack, by `alarms`."""
        states = {f"{name.lower()}-7": state for name, state in self.alarms.items()}
        return {
            "MetricAlarms": [{"AlarmArn": f"arn:{name}", "StateValue": states[name]} for name in AlarmNames]
        }


def failed(name: str, why: str, seconds: int) -> dict[str, Any]:
    """An event that came so long after the change set."""
    return {
        "LogicalResourceId": name,
        "ResourceStatus": "CREATE_FAILED",
        "ResourceStatusReason": why,
        "Timestamp": NOON + timedelta(seconds=seconds),
    }


def change(kind: str, action: str, name: str = "CasesTable", **more: Any) -> dict[str, Any]:
    """A change of a resource, as a change set lists it."""
    described = {"ResourceType": kind, "Action": action, "LogicalResourceId": name, **more}
    return {"Type": "Resource", "ResourceChange": described}
