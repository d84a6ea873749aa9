"""Failures of AWS that pass by themselves.

AWS was not reached, has throttled, or was out of order for a moment.
"""

from collections.abc import Iterator
from urllib.error import URLError

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NotReachedError

PASSING = frozenset(
    {
        "InternalServerError",
        "InternalFailure",
        "InternalErrorException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)


def is_outage(error: BaseException) -> bool:
    """Whether the same request may succeed in a moment.

    The SDK has tried several times already.
    """
    return any(_passes(cause) for cause in _causes(error))


def _passes(error: BaseException) -> bool:
    if isinstance(error, ClientError):
        return error.response.get("Error", {}).get("Code") in PASSING
    return isinstance(error, HTTPClientError | NotReachedError | URLError | ConnectionError | TimeoutError)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came from, as far as it says so."""
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found
        cause = getattr(found, "cause", None)  # PynamoDB keeps the SDK's error there
        found = cause if isinstance(cause, BaseException) else found.__cause__
