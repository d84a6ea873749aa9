"""Mail through Amazon SES v2."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, cast

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.delivery_errors import no_answer, refused

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

NEVER_TAKEN = frozenset({"BadRequestException", "MessageRejected", "InvalidParameterValue"})
"""Answers that stay the same however often it is tried: no such address, or the message is not wanted."""


class SesMail:
    """MailSender. `sender` is the verified address that mails come from.

    What becomes of them is told as the configuration set has it (infra/resources.yaml).
    """

    def __init__(self, sender: str, configuration_set: str) -> None:
        self._sender = sender
        self._set = configuration_set

    @cached_property
    def _client(self) -> "SESV2Client":
        # One try only, as for SMS: Delivery decides what is tried again.
        settings = Config(connect_timeout=2, read_timeout=8, retries={"total_max_attempts": 1})
        client = botocore.session.get_session().create_client("sesv2", config=settings)
        return cast("SESV2Client", client)

    def send(self, address: str, subject: str, text: str, tags: Mapping[str, str]) -> str:
        """Send one plain mail; SES's message id. Raises DeliveryError.

        It says that a machine wrote it, so that no other machine answers (RFC 3834, G20).
        """
        try:
            answer = self._client.send_email(
                FromEmailAddress=self._sender,
                ConfigurationSetName=self._set,
                EmailTags=[{"Name": name, "Value": value} for name, value in tags.items()],
                Destination={"ToAddresses": [address]},
                Content={
                    "Simple": {
                        "Subject": {"Data": subject, "Charset": "UTF-8"},
                        "Body": {"Text": {"Data": text, "Charset": "UTF-8"}},
                        "Headers": [{"Name": "Auto-Submitted", "Value": "auto-generated"}],
                    }
                },
            )
        except ClientError as error:
            raise refused(error, NEVER_TAKEN) from None
        except BotoCoreError as error:
            raise no_answer(error) from None
        return answer["MessageId"]
