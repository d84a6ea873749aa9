"""The template beside the functions: tables, stream, workflows, sign-in, alarms, the API's front."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app import app
from chalicelib.api.routes import CORS
from chalicelib.domain.community.roles import STAFF_ROLES, Role
from chalicelib.http.accounts import TOKEN_SECONDS
from chalicelib.http.sessions import SESSION_SECONDS
from chalicelib.services.files.shelf import ARRIVED, SEEN
from chalicelib.services.files.showing import CLAIMABLE
from infra.package import REGION_FOR_PACKAGING, Package
from tests.infra.looking import Template, functions, of_type, referred, statements


def test_cfn_lint_finds_nothing(packaged: Package) -> None:
    linter = Path(sys.executable).with_name("cfn-lint")
    command = [str(linter), "--regions", REGION_FOR_PACKAGING, "--", str(packaged.template)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert found.stdout + found.stderr == ""


def test_tables_are_protected_and_can_be_restored(template: Template) -> None:
    tables = of_type(template, "AWS::DynamoDB::Table")
    assert set(tables) == {"CasesTable", "DirectoryTable", "FiguresTable", "LinksTable"}
    for name, table in tables.items():
        properties = table["Properties"]
        assert table["DeletionPolicy"] == table["UpdateReplacePolicy"] == "Retain", name
        assert properties["DeletionProtectionEnabled"] is True, name
        assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}, name
        assert properties["SSESpecification"] == {"SSEEnabled": True}, name
        assert properties["BillingMode"] == "PAY_PER_REQUEST", name


def test_links_expire(template: Template) -> None:
    links = template["Resources"]["LinksTable"]["Properties"]
    assert links["TimeToLiveSpecification"] == {"AttributeName": "expires_at_epoch", "Enabled": True}


def test_what_people_and_secrets_are_kept_in_stays(template: Template) -> None:
    for name in ("UserPool", "Secret", "DeadLetters"):
        resource = template["Resources"][name]
        assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain", name
    assert template["Resources"]["UserPool"]["Properties"]["DeletionProtection"] == "ACTIVE"


def test_the_relay_is_fed_with_new_events_notices_and_bundles(template: Template) -> None:
    mapping = template["Resources"]["RelayMapping"]["Properties"]
    filters = [json.loads(pattern["Pattern"]) for pattern in mapping["FilterCriteria"]["Filters"]]
    assert [pattern["dynamodb"]["Keys"]["sk"]["S"] for pattern in filters] == [
        [{"prefix": "EVENT#"}],
        [{"prefix": "NOTICE#"}],
        [{"prefix": "BUNDLE#"}],
    ]
    assert all(pattern["eventName"] == ["INSERT"] for pattern in filters)
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["MaximumRetryAttempts"] > 0
    assert referred(mapping["DestinationConfig"]) == {"DeadLetters"}


@pytest.mark.parametrize("machine", ["DispatchMachine", "RevisitMachine"])
def test_every_substitution_is_used_and_given(template: Template, machine: str) -> None:
    properties = template["Resources"][machine]["Properties"]
    used = set(re.findall(r"\$\{(\w+)\}", json.dumps(properties["Definition"])))
    assert used == set(properties["DefinitionSubstitutions"])


@pytest.mark.parametrize("machine", ["DispatchMachine", "RevisitMachine"])
def test_a_machine_may_call_its_own_functions_only(template: Template, machine: str) -> None:
    properties = template["Resources"][machine]["Properties"]
    role = template["Resources"][properties["RoleArn"]["Fn::GetAtt"][0]]
    invocable = set().union(
        *(
            referred(statement["Resource"])
            for statement in statements(role)
            if statement["Action"] == ["lambda:InvokeFunction"]
        )
    )
    assert invocable == referred(properties["DefinitionSubstitutions"])


@pytest.mark.parametrize("kind", ["dispatch", "revisit"])
def test_the_functions_call_the_machines_by_their_names(template: Template, kind: str) -> None:
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    named = template["Resources"][f"{kind.capitalize()}Machine"]["Properties"]["StateMachineName"]["Fn::Sub"]
    assert variables[f"{kind.upper()}_MACHINE_ARN"]["Fn::Sub"].endswith(f":stateMachine:{named}")


def test_executions_log_no_data(template: Template) -> None:
    for machine in of_type(template, "AWS::StepFunctions::StateMachine").values():
        logging = machine["Properties"]["LoggingConfiguration"]
        assert logging["Level"] == "ERROR"
        assert logging["IncludeExecutionData"] is False


def test_groups_are_roles(template: Template) -> None:
    groups = of_type(template, "AWS::Cognito::UserPoolGroup").values()
    assert {group["Properties"]["GroupName"] for group in groups} == STAFF_ROLES | {Role.MACHINE}


def test_nobody_signs_up_by_themselves(template: Template) -> None:
    pool = template["Resources"]["UserPool"]["Properties"]
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert template["Resources"]["UserPoolClient"]["Properties"]["PreventUserExistenceErrors"] == "ENABLED"


def test_reconcile_runs_by_schedule(template: Template) -> None:
    rule = template["Resources"]["ReconcileRule"]["Properties"]
    assert rule["ScheduleExpression"] == "rate(5 minutes)"
    assert referred(rule["Targets"]) == {"Reconcile"}
    assert json.loads(rule["Targets"][0]["Input"]) == {"started_by": "schedule"}


def test_the_api_is_regional_and_limited(template: Template) -> None:
    api = template["Resources"]["RestAPI"]["Properties"]
    assert api["EndpointConfiguration"] == "REGIONAL"
    assert api["MethodSettings"][0]["ThrottlingRateLimit"] > 0


@pytest.mark.req("A3")
def test_a_body_arrives_as_it_was_sent(template: Template) -> None:
    """The gateway turns any other type into UTF-8 on its way, and what is none is lost."""
    api = template["Resources"]["RestAPI"]["Properties"]
    definition, raw = api["DefinitionBody"], set(api["BinaryMediaTypes"])
    read = {kind for methods in app.routes.values() for row in methods.values() for kind in row.content_types}
    assert read <= raw
    preflights = [path["options"] for path in definition["paths"].values() if "options" in path]
    made = {one["x-amazon-apigateway-integration"]["contentHandling"] for one in preflights}
    assert made == {"CONVERT_TO_TEXT"}, "a preflight is made up by the gateway, of text"


def test_the_gateway_s_own_refusals_carry_cors_headers_and_our_shape(template: Template) -> None:
    """As part of the API's definition: resources beside it are lost when it is imported again."""
    assert of_type(template, "AWS::ApiGateway::GatewayResponse") == {}
    responses = template["Resources"]["RestAPI"]["Properties"]["GatewayResponses"]
    assert set(responses) == {"DEFAULT_4XX", "DEFAULT_5XX"}
    for response in responses.values():
        headers = response["ResponseParameters"]["Headers"]
        assert headers == {name: f"'{value}'" for name, value in CORS.get_access_control_headers().items()}
        body = response["ResponseTemplates"]["application/json"]
        assert json.loads(body.replace("$context.error.messageString", '""')).keys() == {"Code", "Message"}


def test_every_address_and_method_reaches_the_application(template: Template) -> None:
    """Else the gateway answers with a 403 of its own, which nobody can read."""
    paths = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    integration = "x-amazon-apigateway-integration"
    application = paths["/c/{community}"]["get"][integration]["uri"]
    for path in ("/", "/{proxy+}"):
        for method in ("get", "head", "post", "put", "patch", "delete"):
            assert paths[path][method][integration]["uri"] == application, (path, method)


def test_each_stage_counts_its_own_server_errors(template: Template) -> None:
    """Metrics go by the API's name, and chalice would give every stage the same."""
    api = template["Resources"]["RestAPI"]["Properties"]
    alarm = template["Resources"]["DeskErrors"]["Properties"]
    own = {"Ref": "AWS::StackName"}
    assert (api["Name"], api["DefinitionBody"]["info"]["title"]) == (own, own)
    assert alarm["Dimensions"] == [{"Name": "ApiName", "Value": own}]


def test_alarms_may_use_their_topic(template: Template) -> None:
    """CloudWatch may not use the key aws/sns; it would lose every alarm without a word."""
    assert "KmsMasterKeyId" not in template["Resources"]["AlarmTopic"].get("Properties", {})


def test_a_mail_identity_that_is_there_is_not_made_again(template: Template) -> None:
    identity, choice = template["Resources"]["MailIdentity"], template["Parameters"]["MailIdentityIs"]
    assert template["Conditions"][identity["Condition"]] == {
        "Fn::Equals": [{"Ref": "MailIdentityIs"}, choice["Default"]]
    }
    assert set(choice["AllowedValues"]) == {"made-here", "there-already"}


def test_a_domain_says_where_its_dns_has_to_point(template: Template) -> None:
    target = template["Outputs"]["DomainTarget"]
    assert target["Condition"] == "HasDomain"
    assert target["Value"] == {"Fn::GetAtt": ["DeskDomain", "RegionalDomainName"]}


def test_a_token_is_of_an_hour_and_renewed_for_a_shift(template: Template) -> None:
    client = template["Resources"]["UserPoolClient"]["Properties"]
    assert client["ExplicitAuthFlows"] == ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    assert client["EnableTokenRevocation"]
    hours = dict.fromkeys(("AccessToken", "IdToken", "RefreshToken"), "hours")
    assert client["TokenValidityUnits"] == hours
    assert client["AccessTokenValidity"] * 3600 == TOKEN_SECONDS
    assert client["RefreshTokenValidity"] * 3600 == SESSION_SECONDS


def test_nothing_refers_to_what_is_not_there(template: Template) -> None:
    there = set(template["Resources"]) | set(template["Parameters"]) | {"RestAPIId"}
    assert referred(template["Resources"]) - there == set()
    assert set(functions(template)) <= set(template["Resources"])


@pytest.mark.req("E8", "G24")
def test_recordings_are_private_encrypted_kept_for_a_time_and_stay(template: Template) -> None:
    bucket = template["Resources"]["Recordings"]
    assert bucket["DeletionPolicy"] == bucket["UpdateReplacePolicy"] == "Retain"
    properties = bucket["Properties"]
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    (encryption,) = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    rule, of_held, *unclaimed = properties["LifecycleConfiguration"]["Rules"]
    assert (rule["Status"], rule["ExpirationInDays"]) == ("Enabled", {"Ref": "RecordingsKeptDays"})
    waiting = {(part["Status"], part["Prefix"], part["ExpirationInDays"]) for part in unclaimed}
    there_for = {**dict.fromkeys((ARRIVED, SEEN, "households."), CLAIMABLE.days), "papers.": 1}
    assert waiting == {("Enabled", place, days) for place, days in there_for.items()}
    assert (of_held["Status"], of_held["Prefix"], of_held["ExpirationInDays"]) == ("Enabled", "held/", 90)
    assert "VersioningConfiguration" not in properties, "what is erased is gone"
    by_tls, _ = template["Resources"]["RecordingsPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    condition, statement, without = by_tls["Fn::If"]
    assert (condition, without) == ("RefusesPlainHttp", {"Ref": "AWS::NoValue"})
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.req("A3")
def test_a_file_that_has_arrived_is_looked_at_and_none_that_was_written_by_that(template: Template) -> None:
    resources = template["Resources"]
    notified = resources["Recordings"]["Properties"]["NotificationConfiguration"]
    assert notified == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    rule = resources["FileArrivedRule"]["Properties"]
    assert rule["EventPattern"]["detail"]["object"] == {"key": [{"prefix": ARRIVED}]}
    assert referred(rule["Targets"]) == {"CheckFile"}
    (cors,) = resources["Recordings"]["Properties"]["CorsConfiguration"]["CorsRules"]
    assert cors["AllowedMethods"] == ["POST"], "no script reads what is there"


@pytest.mark.req("A1")
def test_nobody_but_what_was_named_brings_calls_and_mails(template: Template) -> None:
    resources = template["Resources"]
    of_connect = resources["ConnectPermission"]["Properties"]
    assert of_connect["Principal"] == "connect.amazonaws.com"
    assert of_connect["SourceArn"] == {"Ref": "ConnectInstance"}
    assert of_connect["SourceAccount"] == {"Ref": "AWS::AccountId"}
    of_mails = resources["MailInPermission"]["Properties"]
    assert (of_mails["Principal"], of_mails["SourceAccount"]) == (
        "ses.amazonaws.com",
        {"Ref": "AWS::AccountId"},
    )
    assert of_mails["SourceArn"]["Fn::Sub"].endswith("-mail:receipt-rule/reports")
    for name in ("ConnectPermission", "ConnectFunctionChoice", "ContactEndedRule", "ContactEndedPermission"):
        assert resources[name]["Condition"] == "HasConnect"
    for name in ("MailInRules", "MailInRule", "MailInPermission"):
        assert resources[name]["Condition"] == "HasMailIn"
    rule = resources["MailInRule"]["Properties"]["Rule"]
    assert [next(iter(action)) for action in rule["Actions"]] == ["S3Action", "LambdaAction"]
    assert rule["ScanEnabled"] is True
    _, by_mail = resources["RecordingsPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    condition, statement, _ = by_mail["Fn::If"]
    assert (condition, statement["Action"]) == ("HasMailIn", "s3:PutObject")
    assert statement["Resource"] == {"Fn::Sub": "${Recordings.Arn}/inbox/*"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
