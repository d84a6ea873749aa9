"""Changing the own password, and choosing the first one in place of a temporary one (E8).

Both are braked as a sign-in is: a try is counted before the password is looked at.
"""

import logging

from chalicelib.domain.errors import InvalidInputError, NotSignedInError
from chalicelib.services.access.sign_in import WRONG, counted_try, sign_out_everywhere
from chalicelib.services.access.stranger_limits import RateLimits
from chalicelib.services.desk import Desk
from chalicelib.services.identity_port import Identity
from chalicelib.services.people.password_links import check_twice
from chalicelib.services.records import Account

log = logging.getLogger(__name__)


def change_password(
    desk: Desk,
    identity: Identity,
    limits: RateLimits,
    address: str,
    signed_in: tuple[Account, str],
    old: str,
    password: str,
    again: str,
) -> None:
    """Change the password of whoever is signed in, who knows the old one; every session ends, this one too.

    InvalidInputError for a wrong old password (`old_password_wrong`), or a new one that cannot be.
    """
    account, token = signed_in
    check_twice(password, again)
    counters = counted_try(desk, limits, address, account.username)
    try:
        identity.change_password(token, old, password)
    except NotSignedInError as error:
        raise InvalidInputError("The old password is not right.", "old_password_wrong") from error
    desk.links.give_back(counters)
    sign_out_everywhere(desk, identity, account, token)
    log.info("password changed", extra={"actor": account.username})


def choose_first_password(
    desk: Desk,
    identity: Identity,
    limits: RateLimits,
    address: str,
    username: str,
    temporary: str,
    password: str,
    again: str,
) -> None:
    """Choose a password in place of the temporary one that an operator gave; it signs nobody in.

    NotSignedInError, in the words of a sign-in, where that is wrong or nothing is to be chosen.
    """
    check_twice(password, again)
    counters = counted_try(desk, limits, address, username)
    try:
        identity.choose_first_password(username, temporary, password)
    except NotSignedInError as error:
        raise NotSignedInError(WRONG) from error
    desk.links.give_back(counters)
    log.info("first password chosen", extra={"actor": username})
