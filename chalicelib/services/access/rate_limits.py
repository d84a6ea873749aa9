"""Rate limits for strangers: reports, questions, wrong codes and wrong passwords (C3).

They are counted by address, reports by phone number and mail address too.

A counter lives for one window of time and forgets itself. Addresses and numbers are counted under a keyed
hash, so that the table shows neither. Staff and machines, who are known, are not counted.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address

from chalicelib.domain.errors import TooManyRequestsError
from chalicelib.services.desk import Desk


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most so many hits in each window of time.

    Windows begin at whole multiples of their length: ten minutes → 08:00, 08:10, 08:20.
    """

    most: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class RateLimits:
    """The rate limits of a deployment (ours). A whole building may share one address, a family one number."""

    intakes_of_address: RateLimit
    intakes_of_phone: RateLimit
    unknown_codes: RateLimit = RateLimit(30, timedelta(minutes=10))
    failed_sign_ins: RateLimit = RateLimit(30, timedelta(minutes=10))
    questions: RateLimit = RateLimit(600, timedelta(minutes=10))


def rate_limits_of(intakes_per_address: int, intakes_per_phone: int) -> RateLimits:
    """The rate limits of a deployment with those numbers of reports.

    `intakes_per_address` counts for ten minutes, `intakes_per_phone` for an hour.
    """
    return RateLimits(
        RateLimit(intakes_per_address, timedelta(minutes=10)),
        RateLimit(intakes_per_phone, timedelta(hours=1)),
    )


class RateLimitError(TooManyRequestsError):
    """A rate limit was reached; it opens again after `retry_after_seconds`."""

    def __init__(self, message: str, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


def count_intake(desk: Desk, address: str, phone: str | None, email: str | None, limits: RateLimits) -> None:
    """Count a stranger's report; RateLimitError beyond a limit. A mail address has a phone number's."""
    _count(desk, "intake-address", _network(address), limits.intakes_of_address, "reports from your address")
    if phone is not None:
        _count(desk, "intake-phone", phone, limits.intakes_of_phone, "reports with this phone number")
    if email is not None:
        address_given = email.casefold()
        _count(desk, "intake-mail", address_given, limits.intakes_of_phone, "reports with this mail address")


def count_unknown_code(desk: Desk, address: str, limits: RateLimits) -> None:
    """Count a link code that nobody was given. Right codes are never counted: neighbours share addresses."""
    _count(desk, "unknown-code", _network(address), limits.unknown_codes, "wrong links from your address")


def count_failed_sign_in(desk: Desk, address: str, limits: RateLimits) -> None:
    """Count a wrong password; the user pool itself locks the account out after a few."""
    _count(desk, "sign-in", _network(address), limits.failed_sign_ins, "failed sign-ins from your address")


def count_question(desk: Desk, address: str, limits: RateLimits) -> None:
    """Count a deadline that somebody asks for without a case."""
    _count(desk, "question", _network(address), limits.questions, "questions from your address")


def _count(desk: Desk, purpose: str, who: str, limit: RateLimit, what: str) -> None:
    now = desk.now()
    length = int(limit.window.total_seconds())
    ends = datetime.fromtimestamp((int(now.timestamp()) // length + 1) * length, UTC)
    hits = desk.links.count_hit(f"{purpose}#{desk.codes.keyed('brake', who)[:24]}", ends)
    if hits > limit.most:
        wait = max(1, int((ends - now).total_seconds()))
        raise RateLimitError(f"Too many {what}; try again in {-(-wait // 60)} minutes.", wait)


def _network(address: str) -> str:
    """What counts as one address: for IPv6 the network of 64 bits that one household gets."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return address
