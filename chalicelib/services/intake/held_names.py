"""The mails that are held back, by their names: keeping one, and which of them wait (A1).

Each is a file of the bucket. Its name stands with the community too, so that the first page can say how many
there are without a look into the bucket; opening their list sets that right where the two differ.
"""

import re
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from chalicelib.domain.community.beside import MOST_HELD
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import FRONT_DESK
from chalicelib.domain.intake.letter import Held
from chalicelib.services.desk import Desk

NAME = re.compile(rf"(?P<at>[0-9]{{13}})-(?P<why>{'|'.join(Held)})-[0-9a-f]{{32}}\.eml")
KEPT = timedelta(days=90)
"""How long a mail is held; the bucket deletes it then (infra/resources.yaml)."""


class HeldLetter(Struct, frozen=True):
    """A mail that waits: its name, why, and since when."""

    name: str
    why: Held
    at: datetime


def held_of(community: str) -> str:
    """What the names of a community's held mails begin with."""
    return f"held/{community}/"


def known_by(name: str) -> HeldLetter | None:
    """The mail of a name; None if no mail is called so."""
    found = NAME.fullmatch(name)
    if found is None:
        return None
    return HeldLetter(name, Held(found["why"]), datetime.fromtimestamp(int(found["at"]) / 1000, UTC))


def keep_held(desk: Desk, community: str, why: Held, letter: str, raw: bytes, at: datetime) -> None:
    """Keep a mail for the desk to look at; the same one again is there once."""
    name = f"{int(at.timestamp() * 1000):013d}-{why}-{letter}.eml"
    desk.recordings.keep(f"{held_of(community)}{name}", raw)
    beside = desk.directory.beside
    over = set(beside.of(community).held) - set(_not_over(beside.of(community).held, desk.now()))
    if over:  # they would take the room of those that wait
        beside.let_go(community, over)
    beside.hold(community, [name])


def let_go(desk: Desk, community: str, name: str) -> None:
    """Have a mail wait no more."""
    desk.recordings.erase(f"{held_of(community)}{name}")
    desk.directory.beside.let_go(community, [name])


def set_right(desk: Desk, community: str, names: Collection[str]) -> None:
    """Have the first page count what is in the bucket: `names`, the newest first."""
    beside = desk.directory.beside
    known = beside.of(community).held
    gone, missing = set(known) - set(names), [name for name in names if name not in known]
    if gone:
        beside.let_go(community, gone)
    room = MOST_HELD - len(known) + len(gone)
    if missing and room > 0:
        beside.hold(community, missing[:room])


def waiting_for(desk: Desk, member: Member) -> int:
    """How many mails wait for a member, `MOST_HELD` for more; the front desk alone sees any."""
    if member.role not in FRONT_DESK:
        return 0
    return len(_not_over(desk.directory.beside.of(member.community.id).held, desk.now()))


def _not_over(names: Iterable[str], now: datetime) -> list[str]:
    found = (known_by(name) for name in names)
    return [letter.name for letter in found if letter is not None and letter.at + KEPT > now]
