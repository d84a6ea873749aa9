"""Deploying, told to a CloudFormation that answers as AWS's does."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.deploy import Destination, deploy
from infra.package import Package
from infra.problems import CannotGoOnError

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

    def describe_stacks(self, **_which: Any) -> Any:
        if self.status is None:
            raise refusal("ValidationError", 400)
        outputs = [{"OutputKey": "EndpointURL", "OutputValue": "https://x/desk/"}]
        parameters = [{"ParameterKey": "MailFrom"}]
        return {"Stacks": [{"StackStatus": self.status, "Outputs": outputs, "Parameters": parameters}]}

    def create_change_set(self, **asked: Any) -> Any:
        self.asked.append(asked)
        return {"Id": "change"}

    def describe_change_set(self, **_which: Any) -> Any:
        status = "FAILED" if self.refuses else "CREATE_COMPLETE"
        return {"Status": status, "StatusReason": self.refuses or "", "CreationTime": NOON}

    def delete_change_set(self, **_which: Any) -> None:
        """Nothing to remember."""

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
        return {"StackResources": resources}


def failed(name: str, why: str, seconds: int) -> dict[str, Any]:
    """An event that came so long after the change set."""
    return {
        "LogicalResourceId": name,
        "ResourceStatus": "CREATE_FAILED",
        "ResourceStatusReason": why,
        "Timestamp": NOON + timedelta(seconds=seconds),
    }


@pytest.fixture
def package(tmp_path: Path) -> Package:
    template = {
        "Parameters": {"MailFrom": {"Type": "String"}, "AlarmMail": {"Type": "String", "Default": ""}},
        "Resources": {"Api": {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "./x.zip"}}},
    }
    (tmp_path / "template.json").write_text(json.dumps(template))
    (tmp_path / "deployment.zip").write_bytes(b"code")
    return Package(tmp_path / "template.json", tmp_path / "deployment.zip", "mark")


def to(cloudformation: CloudFormation, s3: S3) -> Destination:
    clients = {"cloudformation": cloudformation, "s3": s3}
    return Destination(clients.__getitem__, "suda-staging", "packages", "eu-west-1", ACCOUNT, pause_seconds=0)


def test_a_first_deployment_makes_bucket_and_stack(package: Package) -> None:
    cloudformation, s3 = CloudFormation(), S3()
    outputs = deploy(package, to(cloudformation, s3), {"MailFrom": "desk@example.com"})
    assert outputs == {"EndpointURL": "https://x/desk/"}
    assert (s3.bucket, s3.closed_to_the_public) == ("packages", True)
    asked = cloudformation.asked[0]
    assert asked["ChangeSetType"] == "CREATE"
    assert asked["Parameters"] == [{"ParameterKey": "MailFrom", "ParameterValue": "desk@example.com"}]
    sent = json.loads(s3.objects[asked["TemplateURL"].rpartition("/")[2]])
    where = sent["Resources"]["Api"]["Properties"]["CodeUri"]
    assert s3.objects[where["Key"]] == b"code"


def test_a_later_one_keeps_the_values_that_are_not_given(package: Package) -> None:
    cloudformation = CloudFormation(ends="UPDATE_COMPLETE")
    cloudformation.status = "CREATE_COMPLETE"
    deploy(package, to(cloudformation, S3()), {})
    assert cloudformation.asked[0]["ChangeSetType"] == "UPDATE"
    assert cloudformation.asked[0]["Parameters"] == [{"ParameterKey": "MailFrom", "UsePreviousValue": True}]


@pytest.mark.parametrize("status", ["UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"])
def test_without_changes_nothing_is_done(package: Package, status: str) -> None:
    """A change that was taken back before leaves the stack as it was, which is whole."""
    cloudformation = CloudFormation(refuses="The submitted information didn't contain changes.")
    cloudformation.status = status
    assert deploy(package, to(cloudformation, S3()), {}) == {"EndpointURL": "https://x/desk/"}
    assert cloudformation.executed == 0


def test_a_value_without_a_default_must_be_given(package: Package) -> None:
    with pytest.raises(CannotGoOnError, match="MailFrom has no default"):
        deploy(package, to(CloudFormation(), S3()), {})


def test_a_refused_template_says_why(package: Package) -> None:
    refused = CloudFormation(refuses="Template error: no such resource")
    with pytest.raises(CannotGoOnError, match="refused the template: Template error: no such resource"):
        deploy(package, to(refused, S3()), {"MailFrom": "desk@example.com"})


def test_a_failed_deployment_names_the_first_cause(package: Package) -> None:
    failing = CloudFormation(ends="ROLLBACK_COMPLETE")
    with pytest.raises(CannotGoOnError, match=r"could not be deployed: UserPool: Quota exceeded$"):
        deploy(package, to(failing, S3()), {"MailFrom": "desk@example.com"})


def test_failures_of_earlier_deployments_are_no_cause(package: Package) -> None:
    failing = CloudFormation(ends="UPDATE_ROLLBACK_COMPLETE")
    failing.status = "UPDATE_COMPLETE"
    failing.events += [failed("Relay", "long mended", -5)]
    with pytest.raises(CannotGoOnError, match=r"could not be deployed: UserPool: Quota exceeded$"):
        deploy(package, to(failing, S3()), {})


def test_a_stack_that_was_never_whole_has_to_go_first(package: Package) -> None:
    stuck, s3 = CloudFormation(), S3()
    stuck.status = "ROLLBACK_COMPLETE"
    with pytest.raises(CannotGoOnError) as refused:
        deploy(package, to(stuck, s3), {"MailFrom": "desk@example.com"})
    assert "delete-stack --stack-name suda-staging`" in str(refused.value)
    assert str(refused.value).endswith("leaves behind, protected: CasesTable casestable-7.")
    assert (stuck.asked, s3.objects) == ([], {})


def test_a_bucket_of_somebody_else_is_not_used(package: Package) -> None:
    """Its name can be guessed, and whoever has it could give us other code."""
    theirs = S3(owner="666666666666")
    with pytest.raises(CannotGoOnError, match="bucket packages cannot be used"):
        deploy(package, to(CloudFormation(), theirs), {"MailFrom": "desk@example.com"})
    assert theirs.objects == {}


def test_a_parameter_that_is_not_there_is_not_passed_over(package: Package) -> None:
    with pytest.raises(CannotGoOnError, match="no parameter MailTo; it has MailFrom, AlarmMail"):
        deploy(package, to(CloudFormation(), S3()), {"MailTo": "desk@example.com"})
