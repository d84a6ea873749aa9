"""Signing in and out: the brakes before the try, the second factor, the end of sessions (C3, E8).

A try is counted before the password is looked at, and given back if it was right. So a brake refuses the
right password too, and many guesses at once are not more than one after another. It stands on the address
and on the account. From a neighbourhood that the account was used in before, only that address's own tries
are counted against it: whoever guesses from elsewhere keeps nobody out of their own account.
"""

import logging
from contextlib import suppress
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from chalicelib.domain.errors import BusyError, NotSignedInError
from chalicelib.services.access.authorization import has_ended
from chalicelib.services.access.stranger_limits import (
    Counted,
    RateLimit,
    RateLimits,
    count,
    counter_of,
    network_of,
)
from chalicelib.services.desk import Desk
from chalicelib.services.identity_port import Identity
from chalicelib.services.link_port import RateCounter
from chalicelib.services.records import Account, Person, Tokens

log = logging.getLogger(__name__)

CODE_GOOD_FOR = timedelta(minutes=2)
"""How long a code can be used, its neighbours in time included (RFC 6238)."""
CODE_ONCE = RateLimit(1, timedelta(minutes=10))

WRONG = (
    "Username, password or code is wrong. Where an authenticator is set up, its six digits belong to it as "
    "'code', each good once."
)

FIRST_PASSWORD = "first_password"  # noqa: S105 - why a sign-in is refused
"""The reason where a temporary password was right: it is good for choosing another, and for nothing else."""


def sign_in(
    desk: Desk,
    identity: Identity,
    limits: RateLimits,
    address: str,
    username: str,
    password: str,
    code: str | None = None,
) -> Tokens:
    """Begin a session.

    NotSignedInError in the same words, and counted alike, whether the password or the code is wrong, missing
    or was used before: so nobody learns that a password was right. RateLimitError, whatever the password is,
    after too many that were wrong.
    """
    person, _ = desk.people.standing(username)
    here = _neighbourhood(desk, username, address)
    counters = _brakes(desk, limits, address, username, is_known=here in person.networks)
    try:
        tokens = identity.sign_in(username, password, code)
    except NotSignedInError as error:
        if error.reason == FIRST_PASSWORD:
            desk.links.give_back(counters)
            raise
        raise NotSignedInError(WRONG) from error
    account = identity.verify(tokens.token)
    goes_on = not has_ended(account, person) or _begins_again(desk, account, person)
    if not goes_on:
        desk.links.give_back(counters)
        raise BusyError("A session of this account was ended just now; sign in again in a moment.")
    if code and person.second_factor and not _is_fresh(desk, username, code):
        if tokens.renewal is not None:
            identity.end_renewal(tokens.renewal)
        raise NotSignedInError(WRONG)
    desk.links.give_back(counters)
    if here not in person.networks:
        desk.people.add_network(username, here)
    return tokens


def counted_try(desk: Desk, limits: RateLimits, address: str, username: str) -> tuple[RateCounter, ...]:
    """Count a try at a password as signing in does; the counters, given back if it was right.

    RateLimitError after too many.
    """
    person, _ = desk.people.standing(username)
    here = _neighbourhood(desk, username, address)
    return _brakes(desk, limits, address, username, is_known=here in person.networks)


def sign_out(desk: Desk, identity: Identity, account: Account, renewals: list[str]) -> None:
    """End one session; its tokens are good no more from the next request on."""
    desk.people.end_session(account.username, account.signed_in_at, account.session)
    for renewal in renewals:
        identity.end_renewal(renewal)


def sign_out_everywhere(desk: Desk, identity: Identity, account: Account, token: str) -> None:
    """End every session of the account, this one too."""
    now = int(desk.now().timestamp())
    desk.people.end_sessions(account.username, max(now, account.signed_in_at))  # whichever clock is ahead
    identity.end_renewals(token)
    log.info("sessions ended", extra={"actor": account.username})


def _begins_again(desk: Desk, account: Account, person: Person) -> bool:
    """Let a session begin in the second in which others were ended.

    Or before it, by the pool's clock. The password was right after that end had been read, so it is none of
    those that were ended.
    """
    return bool(account.session) and desk.people.begin_session(
        account.username, account.session, person.not_before
    )


def confirm_second_factor(desk: Desk, identity: Identity, account: Account, token: str, code: str) -> None:
    """Ask for a code at each later sign-in; InvalidInputError unless this one is of the new secret."""
    identity.confirm_secret(token, code)
    desk.people.set_second_factor(account.username, True)
    _is_fresh(desk, account.username, code)
    log.info("second factor set up", extra={"actor": account.username})


def _brakes(
    desk: Desk, limits: RateLimits, address: str, username: str, *, is_known: bool
) -> tuple[RateCounter, ...]:
    account, here = username.casefold(), network_of(address)
    own = Counted("sign-in-of", account, limits.failed_of_account, "failed sign-ins to this account")
    if is_known:
        own = Counted(
            "sign-in-here",
            f"{account}\0{here}",
            limits.failed_of_account_here,
            "failed sign-ins to this account from your address",
        )
    by_address = Counted("sign-in", here, limits.failed_sign_ins, "failed sign-ins from your address")
    return count(desk, (by_address, own))


def _is_fresh(desk: Desk, username: str, code: str) -> bool:
    """Whether this is the first use of a code; it is none from now on.

    Two windows are looked at, so that a code is not good once more when one of them ends.
    """
    used, now = Counted("code", f"{username.casefold()}\0{code}", CODE_ONCE, "uses of this code"), desk.now()
    instants: tuple[datetime, ...] = (now, now - CODE_GOOD_FOR)
    return desk.links.count_within([*{counter_of(desk, used, at) for at in instants}]) is None


def _neighbourhood(desk: Desk, username: str, address: str) -> str:
    """The keyed hash of the network around an address: a telephone gets another address every few hours."""
    around = address
    with suppress(ValueError):
        parsed = ip_address(address)
        around = str(ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))
    return desk.codes.keyed("network", f"{username.casefold()}\0{around}")[:16]
