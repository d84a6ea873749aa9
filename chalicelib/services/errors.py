"""Errors between the services and the outside, beside the domain's own."""

from chalicelib.domain.errors import ConflictError, NotFoundError


class AlreadyRegisteredError(Exception):
    """An idempotency key that was used before.

    `number` is the case that it made, `body_hash` the digest of what was sent then.
    """

    def __init__(self, number: str, body_hash: str) -> None:
        super().__init__(number)
        self.number = number
        self.body_hash = body_hash


class AlikeError(Exception):
    """A report that is like earlier ones, whose `numbers` these are; nothing was written."""

    def __init__(self, numbers: frozenset[str]) -> None:
        super().__init__(*sorted(numbers))
        self.numbers = numbers


UNKNOWN_WHETHER_SENT = "unknown_whether_sent"
"""The code of a delivery whose answer was lost: the message may have left, or not."""


class DeliveryError(Exception):
    """A message was not taken. `code`: the provider's word, nothing personal; `final`: do not try again."""

    def __init__(self, code: str, *, final: bool) -> None:
        super().__init__(code)
        self.code = code
        self.final = final


class RecordingMissingError(Exception):
    """A recording that the exchange does not give; trying again at once would not help."""


class TimersStuckError(Exception):
    """A timer of a case stays due although it was fired: a defect. `number` is the case."""

    def __init__(self, number: str) -> None:
        super().__init__(f"The timers of case {number} stay due although they were fired.")
        self.number = number


def never_changed(date: str) -> NotFoundError:
    """There is no change of that day (ISO date) to take back."""
    return NotFoundError(f"{date} is not changed; the calendar of a year lists what is, under 'amended'.")


def roster_changed() -> ConflictError:
    """There is such an entry already, or somebody else has changed it."""
    return ConflictError(
        "The roster has such an entry already, or somebody else has changed it; look at it again.",
        "roster_changed",
    )
