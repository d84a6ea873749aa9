"""Deploys a stage to AWS: what an account has room for, what production needs, and which address it gets."""

from collections.abc import Callable, Mapping
from typing import Any

import boto3

from infra.deploy import Destination, deploy, describe, values_of
from infra.package import Package
from infra.problems import CannotGoOnError

Say = Callable[[str], None]

WATCH_MINUTES = 10
"""How long a release is watched: an alarm looks at five minutes, and some time passes until it is called."""

NO_ALARM_MAIL = (
    "Production needs somebody who hears of an alarm, and nobody would hear of one: add --alarm-mail ADDRESS "
    "(once; the stack remembers it), and confirm the mail that AWS then sends there."
)
API_CONCURRENCY, LEFT_TO_OTHERS = 100, 100
"""As many as the gateway lets in at once; and what Lambda wants to be left unreserved in an account."""


def destination(stage: str) -> Destination:
    """Where a stage goes: to the account and region that the environment names.

    CannotGoOnError if it names none.
    """
    session = boto3.Session()
    region = session.region_name
    if not region or not session.get_credentials():
        raise CannotGoOnError("Say which AWS account and region: set AWS_PROFILE and AWS_DEFAULT_REGION.")
    account = session.client("sts").get_caller_identity()["Account"]
    return Destination(
        connect=lambda service: session.client(service),  # type: ignore[call-overload]
        stack=f"suda-{stage}",
        bucket=f"suda-packages-{account}-{region}",
        region=region,
        account=account,
        watch_minutes=WATCH_MINUTES,
        needs={"AlarmMail": NO_ALARM_MAIL} if stage == "production" else {},
    )


def deploy_to_aws(
    built: Package, to: Destination, given: Mapping[str, str], say: Say = print
) -> dict[str, str]:
    """Deploys and returns the stack's outputs; raises as `deploy`.

    Without a domain the address that API Gateway gives is known only afterwards, and the functions must know
    it too: the first deployment is then two.
    """
    values = values_of(describe(to.connect("cloudformation"), to.stack))
    parameters = {**_concurrency(to, values, given, say), **given}
    outputs = deploy(built, to, parameters)
    if not outputs.get("PublicBaseUrl"):
        address = outputs["EndpointURL"].rstrip("/")
        return deploy(built, to, {**parameters, "PublicBaseUrl": address})
    if given.get("DomainName", "") not in ("", values.get("DomainName", "")):
        # The other door is shut in the API's definition, but stays open until the API is deployed once more.
        to.connect("apigateway").create_deployment(restApiId=outputs["RestAPIId"], stageName="desk")
    return outputs


def _concurrency(
    to: Destination, values: Mapping[str, str], given: Mapping[str, str], say: Say
) -> dict[str, str]:
    """How many requests are worked on at once, where nobody has chosen; nothing where somebody has."""
    if "ApiConcurrency" in given or int(values.get("ApiConcurrency") or 0) > 0:
        return {}
    limits: Any = to.connect("lambda").get_account_settings()["AccountLimit"]
    room = int(limits["UnreservedConcurrentExecutions"]) - LEFT_TO_OTHERS
    if room < API_CONCURRENCY:
        say(
            f"This account runs {limits['ConcurrentExecutions']} functions at once, too few to set some "
            "aside: nothing keeps a rush at the door from timers and messages. Ask AWS for 1,000 (Service "
            "Quotas, Lambda, concurrent executions), then deploy with "
            f"--set ApiConcurrency={API_CONCURRENCY}."
        )
        return {}
    if "ApiConcurrency" in values:
        say(f"ApiConcurrency is off and there is room for it: add --set ApiConcurrency={API_CONCURRENCY}.")
        return {}
    return {"ApiConcurrency": str(API_CONCURRENCY)}
