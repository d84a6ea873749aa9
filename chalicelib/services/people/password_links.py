"""The link by which a person chooses a password: the first one, or another after a loss (E8).

Its code is 128 random bits, of which only a keyed digest is stored. It is good once, for a day unless the
deployment says otherwise, and only the newest of a person is. It goes to their telephone and mail address;
whoever sends it sees it only where the person has neither. It signs nobody in.
"""

import logging
import secrets
from datetime import datetime, timedelta

from msgspec import Struct

from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.passwords import check_password
from chalicelib.domain.community.phones import can_be_written_to
from chalicelib.domain.community.staffing import may_change
from chalicelib.domain.errors import (
    BusyError,
    CommandRefusedError,
    GoneError,
    InvalidInputError,
    NotAllowedError,
)
from chalicelib.services.access.stranger_limits import (
    Counted,
    RateLimit,
    RateLimits,
    count,
    count_unknown_code,
    counter_of,
)
from chalicelib.services.desk import Desk
from chalicelib.services.errors import DeliveryError
from chalicelib.services.link_port import RateCounter
from chalicelib.services.notices.apart import send_apart
from chalicelib.services.notices.delivery import Delivery
from chalicelib.services.people.accounts import act_now, check_in_reach, follow, unguessable
from chalicelib.services.people.staffing import Keeping, person_here
from chalicelib.services.staff_port import Done, Keepers

log = logging.getLogger(__name__)

KIND = "password_link"
CODE_BYTES = 16
OF_A_PERSON = RateLimit(5, timedelta(hours=1))
OF_A_COMMUNITY = RateLimit(100, timedelta(days=1))
"""How many such messages may leave (ours): enough for a new team, too few for pestering anybody."""
ONCE = RateLimit(1, timedelta(days=1))
TRIES = RateLimit(20, timedelta(hours=1))
"""How often passwords may be sent with one link, right or wrong."""


class Sent(Struct, frozen=True):
    """What became of a link: it was sent, or else `address` is shown once, until it ends."""

    person: Staff
    until: datetime
    address: str | None = None


class Opened(Struct, frozen=True):
    """A link that is good now, and whose it is."""

    hashed: str
    username: str
    community: Community
    person: Staff
    until: datetime


def send_link(keeping: Keeping, delivery: Delivery, username: str, once: str) -> Sent:
    """Make a link for a person and send it. The password before, and every session, end at once.

    ConflictError for a form that was sent before (`link_sent_already`); BusyError where no message leaves:
    then nothing was sent, and the same form can be sent again.
    """
    desk, member, here = keeping.desk, keeping.member, keeping.here()
    person = person_here(here, username)
    if not may_change(member, person):
        raise NotAllowedError("You cannot change whoever stands above you.", "staff_above")
    if not person.active:
        raise CommandRefusedError(
            f"{person.name} is out of service; bring them back first.", "staff_inactive"
        )
    check_in_reach(desk, member, username)
    first = Counted("password-form", f"{member.username}\0{once}", ONCE, "links by this form")
    if desk.links.count_within([counter_of(desk, first, desk.now())]) is not None:
        from_before = "This form was sent already, and the link has left; load the page again for another."
        raise CommandRefusedError(from_before, "link_sent_already")
    brakes = (
        Counted("password-link", username.casefold(), OF_A_PERSON, "links for this person"),
        Counted("password-links", here.id, OF_A_COMMUNITY, "links in this community"),
    )
    try:
        count(desk, brakes)
        follow(desk, keeping.keepers.accounts, username, ends_sessions=True)
        keeping.keepers.accounts.set_password(username, unguessable())
        sent = _sent(desk, delivery, here, person, keeping.keepers.link_hours)
    except Exception:
        desk.links.give_back([counter_of(desk, first, desk.now())])
        raise
    done = Done.LINK_SENT if sent.address is None else Done.LINK_SHOWN
    keeping.keepers.store.note(here.id, keeping.act(done, username))
    log.info("password link made", extra={"actor": member.username, "community": here.id})
    return sent


def open_link(desk: Desk, code: str, address: str, limits: RateLimits) -> Opened:
    """The link of a code; GoneError says which kind of not good it is. Unknown codes are counted."""
    hashed = desk.codes.hash(code)
    kept = desk.links.recall(_of_code(hashed))
    if kept is None:
        count_unknown_code(desk, address, limits)
        raise GoneError("There is no such link; it was cut off, or is long over.", "password_link_unknown")
    until, username = datetime.fromisoformat(kept["until"]), kept["username"]
    if "used" in kept or desk.links.hits(_uses(hashed, until).bucket, until):
        raise GoneError("This link was used already.", "password_link_used")
    if until <= desk.now():
        raise GoneError("This link has run out.", "password_link_over")
    newest = desk.links.recall(_of_person(desk, username)) or {}
    if newest.get("hash") != hashed:
        raise GoneError("A newer link was sent.", "password_link_newer")
    community = desk.directory.community(kept["community"])
    _, person = desk.people.standing(username, community.id)
    if person is None or not person.active:
        raise GoneError("This person does not work here now.", "password_link_over")
    return Opened(hashed, username, community, person, until)


def choose_password(desk: Desk, keepers: Keepers, opened: Opened, password: str, again: str) -> None:
    """Set the password that the holder of a link has chosen; the link is used up, and sessions end.

    InvalidInputError for two that differ, or that the rules do not let in: then the link stays good.
    """
    count(desk, [Counted("password-try", opened.hashed, TRIES, "tries with this link")])
    check_twice(password, again)
    use = _uses(opened.hashed, opened.until)
    if desk.links.count_within([use]) is not None:
        raise GoneError("This link was used already.", "password_link_used")
    try:
        keepers.accounts.set_password(opened.username, password)
    except Exception:
        desk.links.give_back([use])
        raise
    kept = {"username": opened.username, "community": opened.community.id}
    kept |= {"until": opened.until.isoformat(), "used": "yes"}
    desk.links.remember(_of_code(opened.hashed), kept, opened.until + timedelta(days=7))
    desk.people.end_sessions(opened.username, int(desk.now().timestamp()))
    keepers.accounts.end_renewals(opened.username)
    keepers.store.note(
        opened.community.id, act_now(desk, opened.username, Done.PASSWORD_CHOSEN, opened.username)
    )
    log.info("password chosen", extra={"actor": opened.username, "community": opened.community.id})


def check_twice(password: str, again: str) -> None:
    """InvalidInputError unless a new password was typed twice alike, and is within the rules."""
    if password != again:
        raise InvalidInputError("The two passwords are not the same.", "passwords_differ")
    check_password(password)


def _sent(desk: Desk, delivery: Delivery, here: Community, person: Staff, hours: int) -> Sent:
    code, until = secrets.token_urlsafe(CODE_BYTES), desk.now() + timedelta(hours=hours)
    hashed = desk.codes.hash(code)
    kept = {"username": person.username, "community": here.id, "until": until.isoformat()}
    desk.links.remember(_of_code(hashed), kept, until + timedelta(days=7))
    desk.links.remember(_of_person(desk, person.username), {"hash": hashed}, until)
    url = f"{delivery.base_url}/p/{code}"
    if not can_be_written_to(person.phone, person.email):
        return Sent(person, until, url)
    values = {
        "name": person.name,
        "community": here.name,
        "username": person.username,
        "hours": str(hours),
        "url": url,
    }
    try:
        send_apart(delivery, here, person, KIND, values)
    except DeliveryError as error:
        raise BusyError("The message could not be sent; try again in a moment.", "link_not_sent") from error
    return Sent(person, until)


def _uses(hashed: str, until: datetime) -> RateCounter:
    """The counter that lets a link be used once."""
    return RateCounter(f"password-used#{hashed[:24]}", 1, until)


def _of_code(hashed: str) -> str:
    return f"password#{hashed}"


def _of_person(desk: Desk, username: str) -> str:
    return f"password-of#{desk.codes.keyed('password-of', username.casefold())[:32]}"
