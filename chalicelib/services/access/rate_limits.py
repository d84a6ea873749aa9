"""Brakes on what strangers may do: reports and wrong codes counted by address and by phone number (C3).

A counter lives for one window of time and forgets itself. Addresses and numbers are counted under a keyed
hash, so that the table shows neither. Staff and machines, who are known, are not counted.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address

from chalicelib.domain.errors import TooManyRequestsError
from chalicelib.services.desk import Desk


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so many in each window of that length; windows begin at whole multiples of it."""

    most: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class Caps:
    """The caps of a deployment (ours). A whole building may share one address, a family one number."""

    intakes_of_address: Cap
    intakes_of_phone: Cap
    unknown_codes: Cap = Cap(30, timedelta(minutes=10))
    failed_sign_ins: Cap = Cap(30, timedelta(minutes=10))
    questions: Cap = Cap(600, timedelta(minutes=10))


def caps_of(intakes_per_address: int, intakes_per_phone: int) -> Caps:
    """The caps with those numbers of reports: of an address in ten minutes, of a phone number in an hour."""
    return Caps(Cap(intakes_per_address, timedelta(minutes=10)), Cap(intakes_per_phone, timedelta(hours=1)))


class BrakeError(TooManyRequestsError):
    """A cap was reached; it opens again after `retry_after_seconds`."""

    def __init__(self, message: str, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


def count_intake(desk: Desk, address: str, phone: str | None, email: str | None, caps: Caps) -> None:
    """Count a stranger's report; BrakeError beyond a cap. A mail address has the cap of a phone number."""
    _count(desk, "intake-address", _network(address), caps.intakes_of_address, "reports from your address")
    if phone is not None:
        _count(desk, "intake-phone", phone, caps.intakes_of_phone, "reports with this phone number")
    if email is not None:
        _count(desk, "intake-mail", email.casefold(), caps.intakes_of_phone, "reports with this mail address")


def count_unknown_code(desk: Desk, address: str, caps: Caps) -> None:
    """Count a link code that nobody was given. Right codes are never counted: neighbours share addresses."""
    _count(desk, "unknown-code", _network(address), caps.unknown_codes, "wrong links from your address")


def count_failed_sign_in(desk: Desk, address: str, caps: Caps) -> None:
    """Count a wrong password; the user pool itself locks the account out after a few."""
    _count(desk, "sign-in", _network(address), caps.failed_sign_ins, "failed sign-ins from your address")


def count_question(desk: Desk, address: str, caps: Caps) -> None:
    """Count a deadline that somebody asks for without a case."""
    _count(desk, "question", _network(address), caps.questions, "questions from your address")


def _count(desk: Desk, purpose: str, who: str, cap: Cap, what: str) -> None:
    now = desk.now()
    length = int(cap.window.total_seconds())
    ends = datetime.fromtimestamp((int(now.timestamp()) // length + 1) * length, UTC)
    hits = desk.links.count_hit(f"{purpose}#{desk.codes.keyed('brake', who)[:24]}", ends)
    if hits > cap.most:
        wait = max(1, int((ends - now).total_seconds()))
        raise BrakeError(f"Too many {what}; try again in {-(-wait // 60)} minutes.", wait)


def _network(address: str) -> str:
    """What counts as one address: for IPv6 the network of 64 bits that one household gets."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return address
