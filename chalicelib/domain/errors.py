"""What can go wrong, as the domain says it; `http/errors.py` gives each its HTTP status."""


class DomainError(Exception):
    """A refusal: something that a caller did or asked for is not possible.

    `message` is an English sentence for that caller, and may change. `code` is stable and machine-readable:
    clients may branch on it. `reason` names the guard that refused and `facts` what it found, so that a page
    can say the same in another language.
    """

    code = "Refused"

    def __init__(self, message: str, reason: str | None = None, **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason
        self.facts = facts


class InvalidInputError(DomainError):
    """A value that was given is malformed, impossible or not known here."""

    code = "InvalidInput"


class NotFoundError(DomainError):
    """The thing asked for does not exist, or this actor may not see it.

    The two look the same on purpose: nobody learns by asking which cases there are.
    """

    code = "NotFound"


class NotAllowedError(DomainError):
    """The actor's role may never do this to a case that the actor can see."""

    code = "NotAllowed"


class CommandRefusedError(DomainError):
    """The case is in no state for the command; the sentence says what is possible."""

    code = "CommandRefused"


class ConflictError(DomainError):
    """Somebody else changed the case first; read it again and decide anew."""

    code = "Conflict"


class SameReportError(DomainError):
    """The report may be one that was registered just now: its sender has to say whether it is another."""

    code = "SameReport"


class BusyError(DomainError):
    """Too many others write at the same place; nothing was written, so try again."""

    code = "Busy"


class GoneError(DomainError):
    """The link was good once: it is used, expired, or the case moved on."""

    code = "Gone"


class NotSignedInError(DomainError):
    """No valid proof of who is asking."""

    code = "NotSignedIn"


class TooManyRequestsError(DomainError):
    """A cap was reached; the sentence says when to try again."""

    code = "TooManyRequests"


class ChallengeRequiredError(DomainError):
    """Very many strangers report, and this sender has not shown the work it takes."""

    code = "ChallengeRequired"


class RegulationError(DomainError):
    """A regulation pack is broken: says the file, the rule, and what would be right."""

    code = "RegulationBroken"


class CalendarError(DomainError):
    """A calendar cannot be used: it has no working time, or a window is impossible."""

    code = "CalendarBroken"
