"""What a deployment to AWS chooses by itself: concurrency, the address, the other door."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.deploy import Destination
from infra.package import Package
from infra.to_aws import deploy_to_aws
from tests.infra.aws import ACCOUNT, S3, CloudFormation

PARAMETERS = ("ApiConcurrency", "PublicBaseUrl", "DomainName")


class Account:
    """Lambda and API Gateway of an account that runs so many functions at once."""

    def __init__(self, unreserved: int) -> None:
        self.unreserved = unreserved
        self.deployed: list[dict[str, str]] = []

    def get_account_settings(self) -> Any:
        limits = {
            "ConcurrentExecutions": self.unreserved,
            "UnreservedConcurrentExecutions": self.unreserved,
        }
        return {"AccountLimit": limits}

    def create_deployment(self, **which: str) -> None:
        self.deployed.append(which)


class Stack(CloudFormation):
    """A CloudFormation whose stack keeps the values of its parameters and says its address."""

    def create_change_set(self, **asked: Any) -> Any:
        given = {each["ParameterKey"]: each.get("ParameterValue") for each in asked["Parameters"]}
        self.values |= {key: value for key, value in given.items() if value is not None}
        return super().create_change_set(**asked)

    def describe_stacks(self, **which: Any) -> Any:
        found = super().describe_stacks(**which)
        outputs = {
            "EndpointURL": "https://x/desk/",
            "RestAPIId": "x",
            "PublicBaseUrl": self.values.get("PublicBaseUrl"),
        }
        said = [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items() if value]
        found["Stacks"][0]["Outputs"] = said
        return found


@pytest.fixture
def package(tmp_path: Path) -> Package:
    parameters = {name: {"Type": "String", "Default": ""} for name in PARAMETERS}
    (tmp_path / "template.json").write_text(json.dumps({"Parameters": parameters, "Resources": {}}))
    (tmp_path / "deployment.zip").write_bytes(b"code")
    return Package(tmp_path / "template.json", tmp_path / "deployment.zip", "mark")


def deployed(
    package: Package, stack: Stack, account: Account, given: dict[str, str]
) -> tuple[dict[str, str], list[str]]:
    """The outputs, and what was said."""
    clients = {"cloudformation": stack, "s3": S3(), "lambda": account, "apigateway": account}
    there = Destination(clients.__getitem__, "suda-staging", "packages", "eu-west-1", ACCOUNT, 0)
    said: list[str] = []
    return deploy_to_aws(package, there, given, said.append), said


def test_an_account_with_room_keeps_a_rush_from_the_timers(package: Package) -> None:
    stack = Stack()
    outputs, said = deployed(package, stack, Account(1000), {})
    assert (stack.values["ApiConcurrency"], said) == ("100", [])
    assert outputs["PublicBaseUrl"] == "https://x/desk"
    assert len(stack.asked) == 2, "the address is known after the first"


@pytest.mark.parametrize("unreserved", [10, 199])
def test_an_account_without_room_is_told_so_and_reserves_nothing(package: Package, unreserved: int) -> None:
    """Lambda refuses a reservation that leaves less than 100, and with it the whole deployment."""
    stack = Stack()
    _, said = deployed(package, stack, Account(unreserved), {})
    assert "ApiConcurrency" not in stack.values
    assert len(said) == 1
    assert f"runs {unreserved} functions at once" in said[0]


def test_what_an_operator_chose_stays(package: Package) -> None:
    chosen: list[tuple[dict[str, str], dict[str, str]]] = [
        ({"ApiConcurrency": "40"}, {}),
        ({}, {"ApiConcurrency": "0"}),
    ]
    for values, given in chosen:
        stack = Stack(ends="UPDATE_COMPLETE")
        stack.status, stack.values = "UPDATE_COMPLETE", dict(values)
        deployed(package, stack, Account(1000), given)
        assert stack.values["ApiConcurrency"] == (values or given)["ApiConcurrency"]


def test_with_a_new_domain_the_other_door_is_shut_at_once(package: Package) -> None:
    """The setting of an API takes effect when the API is deployed, which an unchanged definition is not."""
    account, stack = Account(1000), Stack()
    given = {"DomainName": "desk.example.com", "PublicBaseUrl": "https://desk.example.com"}
    deployed(package, stack, account, given)
    assert account.deployed == [{"restApiId": "x", "stageName": "desk"}]
    deployed(package, stack, account, given)
    assert len(account.deployed) == 1
