"""Authorization: who may come in, and which case is opened to them (E8, G8, F).

Every case and every link is asked for here.

Who somebody is comes from the user pool; where and what they work comes from the directory, and both must
agree on the role. Whatever a person may not see looks to them as if it did not exist.
"""

import hashlib
import logging
from datetime import datetime
from uuid import uuid4

from msgspec import Struct

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.kept_away import kept_away_from
from chalicelib.domain.case.links import OF_STAFF, Link, check_link
from chalicelib.domain.case.numbering import NUMBER
from chalicelib.domain.case.who_sees import may_see
from chalicelib.domain.community.community import Community, Member, Staff
from chalicelib.domain.community.roles import MANAGERS, Actor, Role
from chalicelib.domain.errors import GoneError, NotAllowedError, NotFoundError, NotSignedInError
from chalicelib.services.desk import Desk
from chalicelib.services.proof import SEAL_LENGTH, open_sealed, unsealed
from chalicelib.services.records import Account, Opened, Person

log = logging.getLogger(__name__)

SECOND_FACTOR_FOR = MANAGERS
"""Whoever needs a second factor where a deployment asks for one."""


class Workplace(Struct, frozen=True):
    """A community where somebody works, and as what.

    `language` is that of messages to them, where they chose one.
    """

    community: str
    community_name: str
    role: Role
    departments: tuple[str, ...]
    language: str = ""


class OpenedLink(Struct, frozen=True):
    """A link that is good now, and the case as it stands."""

    link: Link
    case: Case


def standing(desk: Desk, account: Account, community_id: str | None = None) -> tuple[Person, Staff | None]:
    """Who is signed in, with their place in a community, as of this instant.

    NotSignedInError for a session that was ended: by its person, by a reset, a removal or another role.
    """
    person, staff = desk.people.standing(account.username, community_id)
    if has_ended(account, person):
        raise NotSignedInError("Sign in again; this session was ended.", "session_ended")
    return person, staff


def has_ended(account: Account, person: Person) -> bool:
    """Whether the session was ended; of those of one second, whichever is not known to have begun later."""
    if account.session and account.session in person.begun:
        return False
    return account.signed_in_at <= person.not_before or account.signed_in_at in person.ended


def member_of(desk: Desk, account: Account, community_id: str, staff: Staff | None) -> Member:
    """The account as a member of that community; `staff` is its place there by `standing`.

    NotFoundError if it is no member, the same as for a community that does not exist.
    """
    community = known_community(desk, community_id)
    if staff is None or not staff.active:
        extra = {"actor": account.username, "community": community.id}
        log.warning("look refused", extra=extra)
        raise no_community(community_id)
    if staff.role not in account.roles:
        raise NotAllowedError(
            f"The directory has you as {staff.role}, your account does not; have its group put right."
        )
    return staff.member_of(community)


def known_community(desk: Desk, community_id: str) -> Community:
    """The community; NotFoundError in the words of `no_community`."""
    try:
        return desk.directory.community(community_id)
    except NotFoundError:
        raise no_community(community_id) from None


def workplaces(desk: Desk, account: Account) -> tuple[Workplace, ...]:
    """Every community where the account works under a role that the user pool confirms."""
    names = desk.directory.names()
    known = desk.directory.staff_named(account.username, names)
    return tuple(
        Workplace(place, name, known[place].role, known[place].departments, known[place].language)
        for place, name in names.items()
        if place in known and known[place].active and known[place].role in account.roles
    )


def workplaces_of_case(desk: Desk, account: Account, number: str) -> tuple[Workplace, ...]:
    """The workplaces in which a case of that number is to be seen; NotFoundError if there is none."""
    found = []
    for place in workplaces(desk, account):
        staff = desk.directory.community(place.community).member(account.username)
        try:
            visible_case(desk, member_of(desk, account, place.community, staff), number)
        except NotFoundError:
            continue
        found.append(place)
    if not found:
        raise no_case(number)
    return tuple(found)


def check_second_factor(account: Account, person: Person, desk_address: str) -> None:
    """NotAllowedError for a leader who signs in with a password alone."""
    if account.roles & SECOND_FACTOR_FOR and not person.second_factor:
        raise NotAllowedError(
            "Managers and company heads sign in with a code too here: set it up at "
            f"{desk_address}/desk/account first.",
            "second_factor_needed",
        )


def no_community(community_id: str) -> NotFoundError:
    """The error for a community that is not there or not the asker's."""
    return NotFoundError(f"There is no community '{community_id[:60]}' that you can reach.")


def no_case(number: str) -> NotFoundError:
    """The error for a case that is not there or not the asker's."""
    return NotFoundError(f"There is no case '{number[:20]}' that you can see.")


def visible_case(desk: Desk, member: Member, number: str) -> Case:
    """The case of that number, if the member may see it; a look that is refused is on record in the log.

    NotFoundError if there is none in the member's community, or it is not theirs to see.
    """
    try:
        case = desk.cases.get(member.community.id, _checked(number))
    except NotFoundError:
        raise no_case(number) from None
    _check_seen(member, case)
    return case


def _checked(number: str) -> str:
    """NotFoundError for what is no number: nothing is looked for under it."""
    if not (number.isascii() and NUMBER.fullmatch(number)):
        raise no_case(number)
    return number


def _check_seen(member: Member, case: Case) -> None:
    if not may_see(member, case):
        extra = {"actor": member.username, "community": case.community, "number": case.number}
        log.warning("look refused", extra=extra)
        raise no_case(case.number)


def readable_case(desk: Desk, member: Member, number: str) -> Case:
    """The case that a member opens; NotFoundError as `visible_case`. The look is in the log (E8)."""
    case = visible_case(desk, member, number)
    _log_opened(member, case)
    return case


def opened_case(desk: Desk, member: Member, number: str) -> Opened:
    """The same with its history and notices, for its page: one query in all."""
    try:
        opened = desk.cases.opened(member.community.id, _checked(number))
    except NotFoundError:
        raise no_case(number) from None
    _check_seen(member, opened.case)
    _log_opened(member, opened.case)
    return opened


def _log_opened(member: Member, case: Case) -> None:
    log.info(
        "case opened", extra={"actor": member.username, "community": case.community, "number": case.number}
    )


def open_link(desk: Desk, code: str, now: datetime, repeats: tuple[str, str] | None = None) -> OpenedLink:
    """The link that a code stands for, with its case.

    NotFoundError for a code that never was, GoneError for one good no more.

    `repeats` is a (command, idempotency key): if just that was carried out by this link already, the link
    still answers, so that a repeated request learns what became of the first.
    """
    unknown = NotFoundError("This link leads nowhere; check that it was copied whole.")
    code, seal = unsealed(code)
    if not (f"{code}{seal}".isascii() and f"{code}{seal}".isalnum() and len(seal) <= SEAL_LENGTH):
        raise unknown
    link = desk.links.find(desk.codes.hash(code))
    if link is None:
        raise unknown
    case = desk.cases.get(link.community, link.number)
    done = repeats is not None and command_id(link.actor(), *repeats) in case.recent_commands
    if not done or now >= link.expires_at:
        check_link(link, case, now)
    if link.purpose in OF_STAFF and link.subject in kept_away_from(
        case, desk.directory.community(link.community)
    ):
        raise unknown
    if link.purpose in OF_STAFF and not _works_there(desk, link):
        raise GoneError("This link was for somebody who does not work here any more.", "left_the_desk")
    if seal:
        open_sealed(desk, case, code, seal, now)
    seen = {"purpose": link.purpose, "actor": link.subject, "community": link.community}
    log.info("link opened", extra={**seen, "number": link.number})
    return OpenedLink(link, case)


def _works_there(desk: Desk, link: Link) -> bool:
    _, staff = desk.people.standing(link.subject, link.community)
    return staff is not None and staff.active


def command_id(actor: Actor, command: str, key: str) -> str:
    """The id under which an actor's command is carried out only once."""
    given = f"{actor.role}\0{actor.id}\0{command}\0{key}"
    return hashlib.sha256(given.encode()).hexdigest()[:24]


def asked(name: str, actor: Actor, at: datetime, key: str | None, form: object) -> Command[object]:
    """The command that an actor asks for, under the own key or a fresh one."""
    form_id = hashlib.sha256(repr(form).encode()).hexdigest()[:12]
    return Command(name, actor, at, command_id(actor, name, key or uuid4().hex), form, form_id)
