"""SMS through SNS and mail through SES, and what their refusals become (B3, E8, G8, G20)."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends
from moto.sns.models import sns_backends

from chalicelib.adapters.delivery_errors import no_answer, refused
from chalicelib.adapters.mail import NEVER_TAKEN as NO_SUCH_MAIL
from chalicelib.adapters.mail import SesMail
from chalicelib.adapters.sms import NEVER_TAKEN as NO_SUCH_PHONE
from chalicelib.adapters.sms import SnsSms
from chalicelib.services.errors import UNKNOWN_WHETHER_SENT, DeliveryError
from tests.conftest import ENVIRONMENT

REGION = ENVIRONMENT["AWS_REGION"]
SENDER = ENVIRONMENT["MAIL_FROM"]
PHONE = "+8613900001234"
TAGS = {"case": "202611-0001"}


@pytest.fixture(autouse=True)
def _aws() -> Iterator[None]:
    with mock_aws():
        yield


def test_an_sms_goes_to_the_number_as_it_is() -> None:
    message_id = SnsSms().send(PHONE, "【诉达】202611-0001已受理 🏠")
    sent = sns_backends[DEFAULT_ACCOUNT_ID][REGION].sms_messages
    assert sent == {message_id: (PHONE, "【诉达】202611-0001已受理 🏠")}


@pytest.mark.req("C3")
def test_an_sms_says_what_it_may_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    sender = SnsSms("0.07")
    given: list[dict[str, Any]] = []
    monkeypatch.setattr(sender._client, "publish", lambda **asked: given.append(asked) or {"MessageId": "1"})
    assert sender.send(PHONE, "text") == "1"
    attributes = given[0]["MessageAttributes"]
    assert attributes["AWS.SNS.SMS.MaxPrice"] == {"DataType": "Number", "StringValue": "0.07"}


def test_a_number_that_sns_will_never_take_is_final() -> None:
    with pytest.raises(DeliveryError) as refusal:
        SnsSms().send("not a number", "text")
    assert refusal.value.final
    assert "not a number" not in str(refusal.value)


def test_a_mail_goes_out_as_plain_text() -> None:
    boto3.client("sesv2").create_email_identity(EmailIdentity=SENDER)
    mail = SesMail(SENDER, "set")
    message_id = mail.send("wang@example.com", "202611-0001 已受理", "您好：\n已受理。{}\n", TAGS)
    (sent,) = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
    assert sent.id == message_id
    assert sent.source == SENDER
    assert sent.destinations == {"ToAddresses": ["wang@example.com"]}
    assert sent.subject == "202611-0001 已受理"
    assert sent.body == "您好：\n已受理。{}\n"


@pytest.mark.req("G20")
def test_a_mail_says_that_a_machine_wrote_it() -> None:
    asked: list[Any] = []
    boto3.client("sesv2").create_email_identity(EmailIdentity=SENDER)
    mail = SesMail(SENDER, "desk-mail")
    mail._client.meta.events.register(
        "before-call.sesv2.SendEmail", lambda params, **_: asked.append(json.loads(params["body"]))
    )
    mail.send("wang@example.com", "s", "t", TAGS)
    assert asked[0]["ConfigurationSetName"] == "desk-mail"
    assert asked[0]["EmailTags"] == [{"Name": "case", "Value": "202611-0001"}]
    assert asked[0]["Content"]["Simple"]["Headers"] == [{"Name": "Auto-Submitted", "Value": "auto-generated"}]


def test_a_mail_that_is_refused_says_so_in_a_code_only() -> None:
    with pytest.raises(DeliveryError) as refusal:
        SesMail("nobody@unverified.example.com", "set").send("wang@example.com", "s", "t", TAGS)
    assert refusal.value.code == "MessageRejected"
    assert refusal.value.__suppress_context__


def client_error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": f"no: {PHONE}"}}, "Publish")


@pytest.mark.parametrize(
    ("code", "final"),
    [("OptedOut", True), ("InvalidParameter", True), ("Throttled", False), ("InternalError", False)],
)
def test_only_what_stays_refused_is_final(code: str, final: bool) -> None:
    error = refused(client_error(code), NO_SUCH_PHONE)
    assert (error.code, error.final) == (code, final)
    assert PHONE not in str(error)


@pytest.mark.parametrize(
    ("code", "final"),
    [("BadRequestException", True), ("TooManyRequestsException", False), ("SendingPausedException", False)],
)
def test_a_paused_account_is_no_wrong_address(code: str, final: bool) -> None:
    assert refused(client_error(code), NO_SUCH_MAIL).final is final


@pytest.mark.req("G8")
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ReadTimeoutError(endpoint_url="https://sns"), UNKNOWN_WHETHER_SENT),
        (ConnectionClosedError(endpoint_url="https://sns"), UNKNOWN_WHETHER_SENT),
        (ConnectTimeoutError(endpoint_url="https://sns"), "ConnectTimeoutError"),
        (EndpointConnectionError(endpoint_url="https://sns"), "EndpointConnectionError"),
        (NoCredentialsError(), "NoCredentialsError"),
    ],
)
def test_a_lost_answer_is_told_from_a_message_that_never_left(error: BotoCoreError, code: str) -> None:
    found = no_answer(error)
    assert (found.code, found.final) == (code, False)


@pytest.mark.req("G8")
def test_after_a_lost_answer_the_client_does_not_send_again_by_itself() -> None:
    sms, tries = SnsSms(), []

    def lose_the_answer(**_: object) -> None:
        tries.append(1)
        raise ReadTimeoutError(endpoint_url="https://sns")

    sms._client.meta.events.register_first("before-send.sns.Publish", lose_the_answer)
    with pytest.raises(DeliveryError, match=UNKNOWN_WHETHER_SENT):
        sms.send(PHONE, "请您评价")
    assert len(tries) == 1
