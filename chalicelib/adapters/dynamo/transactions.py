"""Sending a transaction until it is through; or until something other than a collision stands in the way."""

import random
from collections.abc import Callable

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.adapters.dynamo.errors import will_pass
from chalicelib.adapters.dynamo.tables import CONNECTION

TIMES_SENT = 10
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.03, 0.6
"""Doubled each further time, and shortened at random so that two do not meet again: 3.4 s in all at most."""


def send(fill: Callable[[TransactWrite], None], sleep: Callable[[float], None]) -> None:
    """Send what `fill` puts into a transaction; its last TransactWriteError if it does not get through."""
    for time in range(TIMES_SENT):
        try:
            with TransactWrite(connection=CONNECTION) as transaction:
                fill(transaction)
        except TransactWriteError as error:
            if time == TIMES_SENT - 1 or not will_pass(error):
                raise
            longest = min(FIRST_WAIT_SECONDS * 2**time, LONGEST_WAIT_SECONDS)
            sleep(longest * random.uniform(0.2, 1))  # noqa: S311 - no secret
        else:
            return
