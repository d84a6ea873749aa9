"""SMS through Amazon SNS."""

from functools import cached_property
from typing import TYPE_CHECKING, cast

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.delivery_errors import no_answer, refused

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

NEVER_TAKEN = frozenset(
    {"InvalidParameter", "InvalidParameterValue", "ParameterValueInvalid", "OptedOut", "ValidationException"}
)
"""Answers that stay the same however often it is tried: no such number, or its owner wants none."""

MAX_PRICE_USD = "0.10"
"""What one SMS may cost (ours): a number that costs more is no ordinary mobile number."""


class SnsSms:
    """SmsSender. SNS sends none that costs more than `max_price_usd`, in US dollars.

    The client is made when the first message leaves.
    """

    def __init__(self, max_price_usd: str = MAX_PRICE_USD) -> None:
        self._max_price = max_price_usd

    @cached_property
    def _client(self) -> "SNSClient":
        # One try only: after a lost answer the client would send again by itself, and somebody would be asked
        # twice. Delivery decides what is tried again.
        settings = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 1})
        client = botocore.session.get_session().create_client("sns", config=settings)
        return cast("SNSClient", client)

    def send(self, phone: str, text: str) -> str:
        """Send one SMS to an E.164 number; SNS's message id. Raises DeliveryError."""
        try:
            answer = self._client.publish(
                PhoneNumber=phone,
                Message=text,
                MessageAttributes={
                    "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"},
                    "AWS.SNS.SMS.MaxPrice": {"DataType": "Number", "StringValue": self._max_price},
                },
            )
        except ClientError as error:
            raise refused(error, NEVER_TAKEN) from None
        except BotoCoreError as error:
            raise no_answer(error) from None
        return answer["MessageId"]
