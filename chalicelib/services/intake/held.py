"""Mails that wait for somebody at the desk to look at them: take in, or throw away (A1, C3)."""

import logging
from collections.abc import Iterable

from chalicelib.domain.case.looks import Look, LookAt
from chalicelib.domain.community.community import Member
from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.intake.letter import Held, Letter
from chalicelib.services.desk import Desk
from chalicelib.services.files.handing_in import Part
from chalicelib.services.intake.held_names import HeldLetter, held_of, known_by, let_go, set_right
from chalicelib.services.intake.letters import Taken, admit

log = logging.getLogger(__name__)

MOST_SHOWN = 20
"""So many are shown at once, the newest first: each is read whole (ours)."""


def held_letters(desk: Desk, member: Member) -> tuple[HeldLetter, ...]:
    """The mails that wait in the member's community, newest first; on record as a look.

    The first page counts from then on what is there.
    """
    place = held_of(member.community.id)
    names = [name.removeprefix(place) for name in desk.recordings.names(place)]
    found = tuple(letter for name in sorted(names, reverse=True) if (letter := known_by(name)))
    look = Look(desk.now(), member.username, member.role, LookAt.LIST, filter="held mails", count=len(found))
    desk.looks.record(member.community.id, member.community.zone, look)
    set_right(desk, member.community.id, [letter.name for letter in found])
    return found


def held_letter(desk: Desk, member: Member, name: str) -> tuple[HeldLetter, bytes]:
    """A mail that waits, as it came; NotFoundError if somebody else has dealt with it."""
    letter = known_by(name)
    raw = desk.recordings.read(f"{held_of(member.community.id)}{name}") if letter else None
    if letter is None or raw is None:
        raise NotFoundError("This mail waits no more; somebody has dealt with it.")
    return letter, raw


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
    let_go(desk, member.community.id, held.name)
