"""Errors over HTTP: the status of each of the domain's errors, and the body.

The body has Chalice's own shape, {"Code", "Message"}.
"""

from chalicelib.domain import errors as domain


class PayloadTooLargeError(domain.DomainError):
    """More than one request may carry."""

    code = "PayloadTooLarge"


class MethodNotAllowedError(domain.DomainError):
    """A method that nothing at this address has."""

    code = "MethodNotAllowed"


class UnsupportedMediaTypeError(domain.DomainError):
    """A body of another type than the route reads."""

    code = "UnsupportedMediaType"


class PreconditionRequiredError(domain.DomainError):
    """A request that has to say what its sender has seen, and does not."""

    code = "PreconditionRequired"


STATUS_BY_ERROR: dict[type[domain.DomainError], int] = {
    domain.InvalidInputError: 400,
    domain.NotSignedInError: 401,
    domain.NotAllowedError: 403,
    domain.NotFoundError: 404,
    MethodNotAllowedError: 405,
    domain.CommandRefusedError: 409,
    domain.ConflictError: 409,
    domain.SameReportError: 409,
    domain.GoneError: 410,
    PayloadTooLargeError: 413,
    UnsupportedMediaTypeError: 415,
    domain.ChallengeRequiredError: 428,
    PreconditionRequiredError: 428,
    domain.TooManyRequestsError: 429,
    domain.BusyError: 503,
}
"""Anything else, a broken regulation or calendar among it, is our own fault: 500."""


def status_of(error: BaseException) -> int:
    """The HTTP status of an error; 500 for what no caller can help."""
    for kind in type(error).__mro__:
        if kind in STATUS_BY_ERROR:
            return STATUS_BY_ERROR[kind]
    return 500
