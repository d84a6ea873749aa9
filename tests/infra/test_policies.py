"""Least privilege: what each function may do, and to what."""

import importlib.resources
import json
import re
from functools import cache
from typing import Any

import pytest

from infra.places import PROJECT
from tests.infra.looking import Template, functions, of_type, statements

POLICIES = sorted((PROJECT / "infra" / "policies").glob("*.json"))


@cache
def known_actions() -> dict[str, Any]:
    """AWS's actions with the kinds of resources that each can be limited to, as cfn-lint has them."""
    file = importlib.resources.files("cfnlint.data.AdditionalSpecs") / "Policies.json"
    return dict(json.loads(file.read_text("utf-8")))


def kinds_of_resource(action: str) -> list[str]:
    """What kinds of resource an action can be limited to; KeyError if AWS has no such action."""
    service, _, name = action.partition(":")
    return list(known_actions()[service]["Actions"][name.lower()].get("Resources", []))


def test_no_wildcard_in_an_action(template: Template) -> None:
    for name, role in of_type(template, "AWS::IAM::Role").items():
        for statement in statements(role):
            assert not any("*" in action for action in statement["Action"]), name
            assert statement["Effect"] == "Allow"


def test_every_action_exists(template: Template) -> None:
    for role in of_type(template, "AWS::IAM::Role").values():
        for statement in statements(role):
            for action in statement["Action"]:
                kinds_of_resource(action)


def test_a_wildcard_resource_only_where_there_are_no_arns(template: Template) -> None:
    for name, role in of_type(template, "AWS::IAM::Role").items():
        for statement in statements(role):
            if "*" in statement["Resource"]:
                limitable = [action for action in statement["Action"] if kinds_of_resource(action)]
                assert not limitable or limitable == ["logs:DescribeLogGroups"], (name, limitable)


def test_everything_else_is_limited_to_resources_of_this_stack(template: Template) -> None:
    own = ("Fn::GetAtt", "Ref", "Fn::Sub")
    for name, role in of_type(template, "AWS::IAM::Role").items():
        for statement in statements(role):
            for resource in statement["Resource"]:
                assert resource == "*" or next(iter(resource)) in own, (name, resource)


def test_all_but_only_for_sms(template: Template) -> None:
    """A phone has no ARN. `NotResource` over all topics leaves phones, and nothing else."""
    for role in of_type(template, "AWS::IAM::Role").values():
        for statement in statements(role):
            if "NotResource" in statement:
                assert statement["Action"] == ["sns:Publish"]
                assert statement["NotResource"] == [{"Fn::Sub": "arn:${AWS::Partition}:sns:*:*:*"}]


@pytest.mark.parametrize("action", ["dynamodb:Scan", "dynamodb:DeleteTable", "dynamodb:UpdateTable"])
def test_nobody_may(template: Template, action: str) -> None:
    for name, role in of_type(template, "AWS::IAM::Role").items():
        assert all(action not in statement["Action"] for statement in statements(role)), name


def test_who_may_send_to_people(template: Template) -> None:
    senders = _who_may(template, "sns:Publish") | _who_may(template, "ses:SendEmail")
    assert senders == {"Relay", "Reconcile", "APIHandler"}, "the API sends links for a password, and no more"


def test_only_the_api_keeps_accounts_and_only_those_of_the_pool(template: Template) -> None:
    for name, role in of_type(template, "AWS::IAM::Role").items():
        for statement in statements(role):
            if any(action.startswith("cognito-idp:") for action in statement["Action"]):
                assert name == "ApiHandlerRole"
                assert statement["Resource"] == [{"Fn::GetAtt": ["UserPool", "Arn"]}]
                assert all(action.startswith("cognito-idp:Admin") for action in statement["Action"])
                assert "cognito-idp:AdminDeleteUser" not in statement["Action"]
                assert "cognito-idp:AdminSetUserMFAPreference" not in statement["Action"], "the operator's"


def test_mail_leaves_only_from_the_desk_s_address(template: Template) -> None:
    """Whichever identity SES goes by, that of the address or of its domain; and in SES's sandbox it asks
    for the recipient's too. So the sender is a condition, which on AWS every mail has.
    """
    for role in of_type(template, "AWS::IAM::Role").values():
        for statement in statements(role):
            if "ses:SendEmail" in statement["Action"]:
                condition = {"StringEqualsIfExists": {"ses:FromAddress": {"Ref": "MailFrom"}}}
                assert statement["Condition"] == condition


def test_only_the_api_writes_the_directory(template: Template) -> None:
    """The manager amends days, and people end their sessions; no policy can tell the rows apart."""
    directory = {"Fn::GetAtt": ["DirectoryTable", "Arn"]}
    reading = {"dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"}
    for name, function in functions(template).items():
        role = template["Resources"][function["Role"]["Fn::GetAtt"][0]]
        allowed = {
            action
            for statement in statements(role)
            if directory in statement["Resource"]
            for action in statement["Action"]
        }
        writing = (
            {f"dynamodb:{verb}Item" for verb in ("Put", "Delete", "Update")}
            if name == "APIHandler"
            else set()
        )
        assert allowed - reading == writing, name


def test_functions_of_the_release_before_may_read_cases_while_a_deployment_changes_roles(
    template: Template,
) -> None:
    """CloudFormation changes a role before its function: till then 0.1 reads a case with GetItem."""
    assert {"APIHandler", "Relay", "Assign", "FireTimers"} <= _who_may(template, "dynamodb:GetItem")


def test_each_function_writes_only_its_own_log(template: Template) -> None:
    for name, function in functions(template).items():
        role = template["Resources"][function["Role"]["Fn::GetAtt"][0]]
        logs = [
            resource["Fn::Sub"]
            for statement in statements(role)
            for resource in statement["Resource"]
            if "logs:PutLogEvents" in statement["Action"]
        ]
        assert [log.rpartition("${AWS::StackName}-")[2] for log in logs] == [f"{name}-*:*"]


@pytest.mark.req("A16", "B6")
def test_whatever_gives_commands_may_write_all_that_one_writes(template: Template) -> None:
    """A command is one transaction over three tables: without one of them all of it fails, in the cloud."""
    ours = ("CasesTable", "FiguresTable", "LinksTable")
    needed = {("CasesTable", f"dynamodb:{verb}") for verb in ("BatchGetItem", "GetItem", "Query")}
    needed |= {("CasesTable", "dynamodb:PutItem"), ("CasesTable", "dynamodb:UpdateItem")}
    needed |= {("FiguresTable", "dynamodb:UpdateItem"), ("LinksTable", "dynamodb:PutItem")}
    give = set()
    for name, function in functions(template).items():
        role = template["Resources"][function["Role"]["Fn::GetAtt"][0]]
        allowed = {
            (table, action)
            for statement in statements(role)
            for table in ours
            if {"Fn::GetAtt": [table, "Arn"]} in statement["Resource"]
            for action in statement["Action"]
        }
        if ("CasesTable", "dynamodb:PutItem") in allowed:  # events are put
            give.add(name)
            assert not needed - allowed, name
    assert give == {
        "APIHandler",
        "Assign",
        "Connect",
        "FireTimers",
        "MailEvents",
        "MailIn",
        "Reconcile",
        "Relay",
    }


@pytest.mark.parametrize("policy", POLICIES, ids=lambda path: path.stem)
def test_every_policy_says_why_by_name(policy: Any) -> None:
    document = json.loads(policy.read_text("utf-8"))
    names = [statement["Sid"] for statement in document["Statement"]]
    assert len(set(names)) == len(names)


def _who_may(template: Template, action: str) -> set[str]:
    return {
        name
        for name, function in functions(template).items()
        for statement in statements(template["Resources"][function["Role"]["Fn::GetAtt"][0]])
        if action in statement["Action"]
    }


@pytest.mark.req("A9")
@pytest.mark.req("B13")
def test_the_relay_may_ask_for_the_earlier_repairs_of_a_unit() -> None:
    relay = (PROJECT / "infra" / "policies" / "relay.json").read_text("utf-8")
    assert "/index/by_unit" in relay
    assert '"dynamodb:BatchGetItem"' in relay


def test_the_api_may_ask_every_index_that_a_list_is_read_from() -> None:
    """An index of the table that no policy names is a list that fails only in the cloud."""
    allowed = (PROJECT / "infra" / "policies" / "api_handler.json").read_text("utf-8")
    resources = (PROJECT / "infra" / "resources.yaml").read_text("utf-8")
    indexes = set(re.findall(r"IndexName: (\w+)", resources)) - {"undelivered"}
    assert "open_by_follower" in indexes
    assert not [name for name in indexes if f"/index/{name}" not in allowed]
