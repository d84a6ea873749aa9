"""The meaning of DynamoDB's refusals. By code and position only: messages are for people and change."""

from botocore.exceptions import ClientError
from pynamodb.exceptions import CancellationReason, PutError, PynamoDBException, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model

CONDITION_FAILED = "ConditionalCheckFailed"
PASSING = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
"""Reasons that the same transaction may not meet again: somebody else was at one of the rows, or too many."""


def condition_failed(error: PynamoDBException) -> bool:
    """Whether a single write was refused because its condition did not hold. Anything else is an outage.

    Without an answer the error has no code, and PynamoDB's own look at it fails.
    """
    refused = isinstance(error.cause, ClientError)
    return refused and error.cause_response_code == "ConditionalCheckFailedException"


def saved_if(row: Model, condition: Condition) -> bool:
    """Save a row by itself; False, with nothing written, if the condition does not hold."""
    try:
        row.save(condition)
    except PutError as error:
        if condition_failed(error):
            return False
        raise
    return True


def failed_conditions(error: TransactWriteError) -> dict[int, CancellationReason]:
    """Position in the transaction → reason, for each row whose condition did not hold."""
    reasons = enumerate(error.cancellation_reasons)
    return {at: reason for at, reason in reasons if reason and reason.code == CONDITION_FAILED}


def will_pass(error: TransactWriteError) -> bool:
    """Whether nothing but a collision or a throttle stood in the way."""
    codes = {reason.code for reason in error.cancellation_reasons if reason}
    return bool(codes) and codes <= PASSING
