"""Rate limits for strangers: reports, questions, wrong codes and wrong passwords (C3).

They are counted by address, reports by phone number and mail address too, passwords by account (sign_in.py).
What SMS strangers cause is in services/notices/sms_budgets.py.

A counter lives for one window of time and forgets itself. Addresses and numbers are counted under a keyed
hash, so that the table shows neither. Staff and machines, who are known, are not counted.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address

from msgspec import Struct

from chalicelib.domain.errors import TooManyRequestsError
from chalicelib.services.desk import Desk
from chalicelib.services.link_port import RateCounter


class RateLimit(Struct, frozen=True):
    """At most so many hits in each window of time.

    Windows begin at whole multiples of their length: ten minutes → 08:00, 08:10, 08:20.
    """

    most: int
    window: timedelta


class RateLimits(Struct, frozen=True):
    """The rate limits of a deployment (ours). A whole building may share one address, a family one number."""

    intakes_of_address: RateLimit
    intakes_of_phone: RateLimit
    unknown_codes: RateLimit = RateLimit(30, timedelta(minutes=10))
    failed_sign_ins: RateLimit = RateLimit(30, timedelta(minutes=10))
    failed_of_account: RateLimit = RateLimit(10, timedelta(minutes=30))
    failed_of_account_here: RateLimit = RateLimit(10, timedelta(minutes=10))
    questions: RateLimit = RateLimit(600, timedelta(minutes=10))
    proposals: RateLimit = RateLimit(300, timedelta(minutes=10))
    codes_of_phone: RateLimit = RateLimit(10, timedelta(hours=1))
    codes_of_phone_here: RateLimit = RateLimit(5, timedelta(days=1))
    codes_of_address: RateLimit = RateLimit(20, timedelta(hours=1))
    files_of_address: RateLimit = RateLimit(60, timedelta(minutes=10))
    files_of_address_a_day: RateLimit = RateLimit(200, timedelta(days=1))
    large_files_of_address: RateLimit = RateLimit(20, timedelta(days=1))
    files_of_strangers: RateLimit = RateLimit(3000, timedelta(days=1))
    large_files_of_strangers: RateLimit = RateLimit(200, timedelta(days=1))
    files_of_case: RateLimit = RateLimit(120, timedelta(days=1))
    proofs_of_phone_here: RateLimit = RateLimit(15, timedelta(days=1))
    proofs_of_address: RateLimit = RateLimit(60, timedelta(hours=1))


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

    def __init__(self, what: str, retry_after_seconds: int) -> None:
        minutes = -(-retry_after_seconds // 60)
        super().__init__(f"Too many {what}; try again in {minutes} minutes.", "braked", minutes=minutes)
        self.retry_after_seconds = retry_after_seconds


def count_intake(desk: Desk, address: str, phone: str | None, email: str | None, limits: RateLimits) -> None:
    """Count a stranger's report, in one call; RateLimitError beyond a limit.

    A mail address has a phone number's.
    """
    counted = [
        Counted("intake-address", network_of(address), limits.intakes_of_address, "reports from your address")
    ]
    if phone is not None:
        counted.append(
            Counted("intake-phone", phone, limits.intakes_of_phone, "reports with this phone number")
        )
    if email is not None:
        given = email.casefold()
        counted.append(
            Counted("intake-mail", given, limits.intakes_of_phone, "reports with this mail address")
        )
    count(desk, counted)


def count_unknown_code(desk: Desk, address: str, limits: RateLimits) -> None:
    """Count a link code that nobody was given. Right codes are never counted: neighbours share addresses."""
    count(
        desk,
        [Counted("unknown-code", network_of(address), limits.unknown_codes, "wrong links from your address")],
    )


def count_code(desk: Desk, address: str | None, phone: str, limits: RateLimits) -> None:
    """Count a code that somebody asks for, in one call; RateLimitError beyond a limit.

    Whoever asks too often for a number is braked for the day, and keeps others from it for an hour at most.
    At the counter, where the desk asks, there is no address; what strangers use up keeps nobody from it.
    """
    what = "codes for this phone number"
    if address is None:
        count(desk, [Counted("code-counter", phone, limits.codes_of_phone, what)])
        return
    network = network_of(address)
    count(
        desk,
        [
            Counted("code-phone-here", f"{phone}\0{network}", limits.codes_of_phone_here, what),
            Counted("code-phone", phone, limits.codes_of_phone, what),
            Counted("code-phone-address", network, limits.codes_of_address, "codes from your address"),
        ],
    )


def count_proof(desk: Desk, address: str | None, phone: str, limits: RateLimits) -> None:
    """Count a code that somebody types in, right or wrong, before it is looked at.

    By number and network together: wrong codes from elsewhere keep nobody from typing the right one.
    """
    here, what = limits.proofs_of_phone_here, "codes for this phone number"
    if address is None:
        count(desk, [Counted("proof-counter", phone, here, what)])
        return
    network = network_of(address)
    of_address = limits.proofs_of_address
    count(
        desk,
        [
            Counted("proof-phone-here", f"{phone}\0{network}", here, what),
            Counted("proof-phone-address", network, of_address, "codes from your address"),
        ],
    )


def count_question(desk: Desk, address: str, limits: RateLimits) -> None:
    """Count a deadline that somebody asks for without a case."""
    count(desk, [Counted("question", network_of(address), limits.questions, "questions from your address")])


def count_proposal(desk: Desk, address: str, limits: RateLimits) -> None:
    """Count a proposal for a stranger's words.

    The form asks for one with each pause in typing.
    """
    count(desk, [Counted("proposal", network_of(address), limits.proposals, "proposals for your address")])


def count_file(desk: Desk, address: str, community: str, limits: RateLimits, *, large: bool) -> None:
    """Count a file that a stranger wants to hand in: of their network, and of all strangers of a community.

    So nobody fills the bucket, and what all together can put there in a day is known (C3).
    """
    network, here = network_of(address), "files from your address"
    everybody = "files of people who are not signed in"
    counted = [
        Counted("file-address", network, limits.files_of_address, here),
        Counted("file-address-day", network, limits.files_of_address_a_day, here),
        Counted("file-strangers", community, limits.files_of_strangers, everybody),
    ]
    if large:
        counted += [
            Counted("large-file-address", network, limits.large_files_of_address, "large files today"),
            Counted("large-file-strangers", community, limits.large_files_of_strangers, "large files today"),
        ]
    count(desk, counted)


def count_file_of_case(desk: Desk, community: str, number: str, limits: RateLimits) -> None:
    """Count a file that the holder of a link wants to hand in."""
    of = f"{community}\0{number}"
    count(desk, [Counted("file-case", of, limits.files_of_case, "files for this case today")])


class Counted(Struct, frozen=True):
    """Something that is counted: for what `purpose`, of whom, up to which limit, and in what words."""

    purpose: str
    who: str
    limit: RateLimit
    what: str


def count(desk: Desk, counted: Sequence[Counted]) -> tuple[RateCounter, ...]:
    """Count all of it, or nothing and RateLimitError if one limit was reached; the counters."""
    now = desk.now()
    counters = tuple(counter_of(desk, item, now) for item in counted)
    full = desk.links.count_within(counters)
    if full is not None:
        wait = max(1, int((counters[full].ends_at - now).total_seconds()))
        raise RateLimitError(counted[full].what, wait)
    return counters


def counter_of(desk: Desk, counted: Counted, at: datetime) -> RateCounter:
    """The counter of the window that an instant falls into."""
    length = int(counted.limit.window.total_seconds())
    ends = datetime.fromtimestamp((int(at.timestamp()) // length + 1) * length, UTC)
    bucket = f"{counted.purpose}#{desk.codes.keyed('brake', counted.who)[:24]}"
    return RateCounter(bucket, counted.limit.most, ends)


def network_of(address: str) -> str:
    """What counts as one address: for IPv6 the network of 64 bits that one household gets."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return address
