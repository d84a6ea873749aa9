"""Deploying, told to a CloudFormation that answers as AWS's does."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.deploy import Destination, deploy
from infra.package import Package
from infra.problems import CannotGoOnError
from infra.protected import STACK_POLICY
from infra.to_aws import NO_ALARM_MAIL
from tests.infra.aws import ACCOUNT, S3, CloudFormation, change, failed


@pytest.fixture
def package(tmp_path: Path) -> Package:
    template = {
        "Parameters": {"MailFrom": {"Type": "String"}, "AlarmMail": {"Type": "String", "Default": ""}},
        "Resources": {"Api": {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "./x.zip"}}},
    }
    (tmp_path / "template.json").write_text(json.dumps(template))
    (tmp_path / "deployment.zip").write_bytes(b"code")
    return Package(tmp_path / "template.json", tmp_path / "deployment.zip", "mark")


def to(cloudformation: CloudFormation, s3: S3, **more: Any) -> Destination:
    clients = {"cloudformation": cloudformation, "s3": s3, "cloudwatch": cloudformation}
    place = clients.__getitem__, "suda-staging", "packages", "eu-west-1", ACCOUNT
    return Destination(*place, pause_seconds=0, **more)


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


TABLE, POOL, SECRET = "AWS::DynamoDB::Table", "AWS::Cognito::UserPool", "AWS::SecretsManager::Secret"
BUCKET = "AWS::S3::Bucket"


def detail(name: str, recreation: str = "Never") -> dict[str, Any]:
    return {"Target": {"Attribute": "Properties", "Name": name, "RequiresRecreation": recreation}}


@pytest.mark.parametrize(
    ("harmful", "why"),
    [
        (change(TABLE, "Modify", Replacement="True"), "CasesTable would be replaced"),
        (change(TABLE, "Remove"), "CasesTable would be taken away"),
        (change(POOL, "Modify", "UserPool", Replacement="True"), "UserPool would be replaced"),
        (
            change(
                POOL, "Modify", "UserPool", Replacement="Conditional", Details=[detail("Schema", "Always")]
            ),
            "UserPool might be replaced, because of Schema",
        ),
        (
            change(SECRET, "Modify", "Secret", Replacement="False", Details=[detail("GenerateSecretString")]),
            "Secret would get another value",
        ),
        (change(SECRET, "Remove", "Secret"), "Secret would be taken away"),
    ],
)
def test_what_would_lose_data_is_refused_before_it_is_done(
    package: Package, harmful: dict[str, Any], why: str
) -> None:
    cloudformation = CloudFormation(ends="UPDATE_COMPLETE")
    cloudformation.status = "UPDATE_COMPLETE"
    cloudformation.changes = [change("AWS::Lambda::Function", "Modify", Replacement="True"), harmful]
    with pytest.raises(CannotGoOnError, match=f"Nothing was deployed, for data would be lost: {why}"):
        deploy(package, to(cloudformation, S3()), {})
    assert (cloudformation.executed, cloudformation.deleted_change_sets) == (0, 1)


@pytest.mark.parametrize(
    "harmless",
    [
        change(TABLE, "Add", "NewTable"),
        change(TABLE, "Modify", Replacement="False", Details=[detail("PointInTimeRecoverySpecification")]),
        change(  # as CloudFormation says of every new index
            TABLE,
            "Modify",
            Replacement="Conditional",
            Details=[detail("GlobalSecondaryIndexes"), detail("AttributeDefinitions", "Conditionally")],
        ),
        change(SECRET, "Modify", "Secret", Replacement="False", Details=[detail("Description")]),
        change(  # as the embedded cloud says of every change of a secret
            SECRET,
            "Modify",
            "Secret",
            Replacement="Conditional",
            Details=[detail("Description", "Conditionally")],
        ),
    ],
)
def test_what_loses_nothing_is_deployed_under_the_policy_of_the_stack(
    package: Package, harmless: dict[str, Any]
) -> None:
    cloudformation = CloudFormation(ends="UPDATE_COMPLETE")
    cloudformation.status, cloudformation.changes = "UPDATE_COMPLETE", [harmless]
    deploy(package, to(cloudformation, S3()), {})
    assert cloudformation.executed == 1
    assert set(cloudformation.policies) == {STACK_POLICY}
    denied = json.loads(STACK_POLICY)["Statement"][1]
    assert denied["Action"] == ["Update:Replace", "Update:Delete"]
    assert denied["Condition"]["StringEquals"]["ResourceType"] == [TABLE, POOL, SECRET, BUCKET]


def test_an_update_is_taken_back_by_alarms_but_not_by_one_that_is_red_already(package: Package) -> None:
    cloudformation = CloudFormation(ends="UPDATE_COMPLETE")
    cloudformation.status = "UPDATE_COMPLETE"
    cloudformation.alarms = {"DeskErrors": "OK", "RelayErrors": "ALARM", "SmsSpend": "OK"}
    deploy(package, to(cloudformation, S3(), watch_minutes=10), {})
    assert cloudformation.asked[0]["RollbackConfiguration"] == {
        "RollbackTriggers": [{"Arn": "arn:deskerrors-7", "Type": "AWS::CloudWatch::Alarm"}],
        "MonitoringTimeInMinutes": 10,
    }


def test_a_release_that_was_taken_back_says_by_what(package: Package) -> None:
    cloudformation = CloudFormation(ends="UPDATE_ROLLBACK_COMPLETE")
    cloudformation.status = "UPDATE_COMPLETE"
    rolled = failed("suda-staging", "Alarm arn:deskerrors-7 has been triggered", 60)
    cloudformation.events = [rolled | {"ResourceStatus": "UPDATE_ROLLBACK_IN_PROGRESS"}]
    with pytest.raises(CannotGoOnError, match="it was taken back: Alarm arn:deskerrors-7 has been triggered"):
        deploy(package, to(cloudformation, S3()), {})


def test_production_is_refused_while_nobody_hears_of_an_alarm(package: Package) -> None:
    def deployed(known: str | None, given: str | None) -> int:
        cloudformation = CloudFormation()
        if known is not None:
            cloudformation.status, cloudformation.values = "UPDATE_COMPLETE", {"AlarmMail": known}
        there = to(cloudformation, S3(), needs={"AlarmMail": NO_ALARM_MAIL})
        asked = {"MailFrom": "desk@example.com"} | ({} if given is None else {"AlarmMail": given})
        deploy(package, there, asked)
        return cloudformation.executed

    for known, given in ((None, None), ("", None), (None, " "), ("ops@example.com", "")):
        with pytest.raises(CannotGoOnError, match="add --alarm-mail ADDRESS"):
            deployed(known, given)
    assert deployed(None, "ops@example.com") == 1
    assert deployed("ops@example.com", None) == 1
