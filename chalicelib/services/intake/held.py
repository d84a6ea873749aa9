"""Mails that wait for somebody at the desk to look at them: take in, or throw away (A1, C3)."""

import logging
import re
from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec import Struct

from chalicelib.domain.case.looks import Look, LookAt
from chalicelib.domain.community.community import Member
from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.intake.letter import Held, Letter
from chalicelib.services.desk import Desk
from chalicelib.services.files.handing_in import Part
from chalicelib.services.intake.letters import Taken, admit, held_of

log = logging.getLogger(__name__)

NAME = re.compile(rf"(?P<at>[0-9]{{13}})-(?P<why>{'|'.join(Held)})-[0-9a-f]{{32}}\.eml")
MOST_SHOWN = 20
"""So many are shown at once, the newest first: each is read whole (ours)."""


class HeldLetter(Struct, frozen=True):
    """A mail that waits: its name, why, and since when."""

    name: str
    why: Held
    at: datetime


def held_letters(desk: Desk, member: Member) -> tuple[HeldLetter, ...]:
    """The mails that wait in the member's community, newest first; on record as a look."""
    place = held_of(member.community.id)
    names = [name.removeprefix(place) for name in desk.recordings.names(place)]
    found = tuple(_known(name) for name in sorted(names, reverse=True) if NAME.fullmatch(name))
    look = Look(desk.now(), member.username, member.role, LookAt.LIST, filter="held mails", count=len(found))
    desk.looks.record(member.community.id, member.community.zone, look)
    return found


def held_letter(desk: Desk, member: Member, name: str) -> tuple[HeldLetter, bytes]:
    """A mail that waits, as it came; NotFoundError if somebody else has dealt with it."""
    raw = desk.recordings.read(f"{held_of(member.community.id)}{name}") if NAME.fullmatch(name) else None
    if raw is None:
        raise NotFoundError("This mail waits no more; somebody has dealt with it.")
    return _known(name), raw


def take_held(
    desk: Desk, member: Member, held: HeldLetter, letter: Letter, raw: bytes, parts: Iterable[Part]
) -> Taken:
    """Make a case of a mail that waits, with its files; InvalidInputError if it says nothing.

    Nobody is to open what has a virus: of such a mail only the words are kept.
    """
    sick = held.why is Held.VIRUS
    kept = letter.said.encode() if sick else raw
    taken = admit(desk, desk.context(member.community), letter, kept, () if sick else parts, genuine=False)
    _gone(desk, member, held, "taken")
    return taken


def drop_held(desk: Desk, member: Member, held: HeldLetter) -> None:
    """Throw a mail away that says nothing to the desk."""
    _gone(desk, member, held, "dropped")


def original_of(desk: Desk, member: Member, held: HeldLetter) -> str:
    """The address at which a mail that waits can be loaded down; NotFoundError for one with a virus."""
    if held.why is Held.VIRUS:
        raise NotFoundError("This mail has a virus; it is not handed out.")
    return desk.recordings.address(f"{held_of(member.community.id)}{held.name}")


def _gone(desk: Desk, member: Member, held: HeldLetter, how: str) -> None:
    extra = {"actor": member.username, "community": member.community.id, "letter": held.name, "how": how}
    log.info("held_letter_gone", extra=extra)
    desk.recordings.erase(f"{held_of(member.community.id)}{held.name}")


def _known(name: str) -> HeldLetter:
    found = NAME.fullmatch(name)
    assert found is not None  # noqa: S101  asked before
    at = datetime.fromtimestamp(int(found["at"]) / 1000, UTC)
    return HeldLetter(name, Held(found["why"]), at)
