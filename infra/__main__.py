"""`python -m infra STAGE`: packages the desk and deploys it to the AWS account that the environment names."""

import argparse
import subprocess
import sys
from typing import Any

import boto3

from infra.deploy import Destination, deploy
from infra.package import package
from infra.places import PROJECT
from infra.problems import CannotGoOn


def main() -> int:
    """Deploys as asked on the command line; returns the exit status."""
    asked = _arguments()
    session = boto3.Session()
    if not session.region_name or not session.get_credentials():
        raise CannotGoOn("Say which AWS account and region: set AWS_PROFILE, and AWS_DEFAULT_REGION if need be.")
    account = session.client("sts").get_caller_identity()["Account"]
    to = Destination(
        connect=session.client,
        stack=f"suda-{asked.stage}",
        bucket=f"suda-packages-{account}-{session.region_name}",
        region=session.region_name,
    )
    print(f"Packaging, then deploying {to.stack} to {account} in {session.region_name} …")
    outputs = _deploy(asked, to)
    print(f"Ready at {outputs['EndpointURL']}; Cognito user pool {outputs['UserPoolId']}.")
    return 0


def _deploy(asked: argparse.Namespace, to: Destination) -> dict[str, str]:
    built = package(asked.stage)
    given: dict[str, Any] = {
        "MailFrom": asked.mail_from,
        "AlarmMail": asked.alarm_mail,
        "DomainName": asked.domain,
        "CertificateArn": asked.certificate,
        "PublicBaseUrl": f"https://{asked.domain}" if asked.domain else None,
        "Version": _version(),
    }
    parameters = {key: value for key, value in given.items() if value is not None}
    outputs = deploy(built, to, parameters)
    if "PublicBaseUrl" in parameters:
        return outputs
    # The address that API Gateway gives is known only now, and the functions must know it too.
    return deploy(built, to, {**parameters, "PublicBaseUrl": outputs["EndpointURL"].rstrip("/")})


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra", description=__doc__)
    parser.add_argument("stage", help="staging, production: the stack is suda-STAGE")
    parser.add_argument("--mail-from", help="the address that mails come from; needed the first time")
    parser.add_argument("--alarm-mail", help="who is told when an alarm goes off")
    parser.add_argument("--domain", help="a domain of your own")
    parser.add_argument("--certificate", help="the ARN of its certificate")
    return parser.parse_args()


def _version() -> str:
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty"],  # noqa: S607
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    return said.stdout.strip() or "unknown"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CannotGoOn as problem:
        sys.exit(str(problem))
