"""Errors of the providers of messages, in the services' words.

Only codes go on: a provider's sentence may hold the number or address.
"""

from collections.abc import Set as AbstractSet

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from chalicelib.services.errors import UNKNOWN_WHETHER_SENT, DeliveryError


def refused(error: ClientError, never_taken: AbstractSet[str]) -> DeliveryError:
    """The provider answered that it did not take the message."""
    code = str(error.response.get("Error", {}).get("Code") or "refused")
    return DeliveryError(code, final=code in never_taken)


def no_answer(error: BotoCoreError) -> DeliveryError:
    """No answer came. Once a connection was made, the message may have left all the same."""
    was_connected = isinstance(error, HTTPClientError)
    return DeliveryError(UNKNOWN_WHETHER_SENT if was_connected else type(error).__name__, final=False)
