"""The files of a case as their reader may see them, and their addresses (A3, E8)."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.files import File, to_resident
from chalicelib.domain.case.links import OF_STAFF, Link
from chalicelib.domain.case.looks import Look, LookAt
from chalicelib.domain.case.who_sees_files import files_of, sees_file, shows_on_link
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import Role
from chalicelib.domain.content.kinds import KINDS, Sort
from chalicelib.domain.errors import BusyError, NotAllowedError, NotFoundError
from chalicelib.services.access.looks import reveal
from chalicelib.services.desk import Desk
from chalicelib.services.files.arriving import claim
from chalicelib.services.files.shelf import KEPT, NOT_TAKEN, ending_of, kind_of

log = logging.getLogger(__name__)

ADDRESS_SECONDS = 300
"""How long an address is good (ours): long enough for a page to load, too short to be passed on."""
CLAIMABLE = timedelta(days=2)
"""So long a file waits to be claimed (infra/resources.yaml)."""
AT_ONCE = timedelta(seconds=20)
"""So long the relay has for keeping a file, before whoever looks at the case does it."""

READY, WAITS, MISSING, HELD, UNREACHABLE = "ready", "waits", "missing", "held", "unreachable"


class ShownFile(Struct, frozen=True):
    """One file of a case. `place` counts from 1, `by` is the role of who handed it in, `person` their name.

    `state`: `ready`, `waits` to be looked at, `missing` (it never arrived), `held` from this reader, who says
    a reason to see it, `unreachable` while the bucket does not answer, or why it was not taken (`file_…`).
    """

    place: int
    at: datetime
    by: Role
    person: str | None
    stage: str | None
    state: str
    sort: Sort | None = None
    size: int = 0
    ending: str = ""


class Kept(Struct, frozen=True):
    """The files of a case with where each is kept: name → key and size."""

    files: tuple[File, ...]
    where: Mapping[str, tuple[str, int]]
    answers: bool = True


def keep_files(desk: Desk, case: Case) -> Kept:
    """The files of a case; what it names and does not have yet is kept now."""
    files = files_of(case)
    kept = _kept(desk, files)
    late = [file.name for file in files if file.name not in kept and desk.now() - file.at < CLAIMABLE]
    if late and claim(desk.files, late) < len(late):
        kept = _kept(desk, files)
    return Kept(files, kept)


def kept_files(desk: Desk, case: Case) -> Kept:
    """The files of a case to look at; a bucket that does not answer costs them alone."""
    files = files_of(case)
    if not files:
        return Kept((), {})
    try:
        if desk.now() - max(file.at for file in files) > AT_ONCE:
            return keep_files(desk, case)
        return Kept(files, _kept(desk, files))
    except Exception:
        log.exception("files_not_listed", extra={"community": case.community, "number": case.number})
        return Kept(files, {}, answers=False)


def _kept(desk: Desk, files: tuple[File, ...]) -> Mapping[str, tuple[str, int]]:
    """One call for each folder: at most two for a case."""
    folders = {file.name.rpartition("/")[0] for file in files}
    found = {}
    for folder in sorted(folders):
        for key, size in desk.files.listed(f"{KEPT}{folder}/").items():
            found[key.removeprefix(KEPT).partition(".")[0]] = (key, size)
    return found


Sees = Callable[[File, Sort | None], bool]


def shown_to(member: Member, case: Case, *, revealed: bool = False) -> Sees:
    """What a member sees of the files of a case that they may see."""
    return lambda file, sort: sees_file(member, case, file, sort, revealed=revealed)


def shown_by(link: Link, case: Case) -> Sees:
    """What the holder of a link sees of its files."""
    return lambda file, sort: shows_on_link(link.purpose, case, file, sort)


def files_shown(kept: Kept, sees: Sees, now: datetime, *, leave_out: bool) -> tuple[ShownFile, ...]:
    """The files as a reader sees them; what is held from them is left out, or stands there as `held`."""
    shown = []
    for place, file in enumerate(kept.files, 1):
        key, size = kept.where.get(file.name, ("", 0))
        kind = kind_of(key)
        line = ShownFile(place, file.at, file.by, file.person, file.stage, _state(file, key, kept, now))
        if not sees(file, kind.sort if kind else None):
            if not leave_out:
                shown.append(replace(line, state=HELD))
        elif kind is None:
            shown.append(line)
        else:
            shown.append(replace(line, sort=kind.sort, size=size, ending=kind.ending))
    return tuple(shown)


def _state(file: File, key: str, kept: Kept, now: datetime) -> str:
    if not kept.answers:
        return UNREACHABLE
    if not key:
        return WAITS if now - file.at < CLAIMABLE else MISSING
    ending = ending_of(key)
    return ending.removeprefix(NOT_TAKEN) if ending.startswith(NOT_TAKEN) else READY


def address_of(desk: Desk, case: Case, kept: Kept, place: int) -> str:
    """The address at which a file is had; what browsers do not show is saved under a name of ours."""
    key, _ = kept.where[kept.files[place - 1].name]
    kind = kind_of(key)
    if kind is None:
        raise NotFoundError(f"File {place} of case {case.number} was not taken.")
    saved_as = saved_name(case, place, kind.ending)
    return desk.files.address(key, kind.type, saved_as, ADDRESS_SECONDS)


def saved_name(case: Case, place: int, ending: str) -> str | None:
    """The name under which a file is saved; None of what browsers show, or what is not there."""
    kind = KINDS.get(ending)
    return None if kind is None or kind.shown else f"{case.number}-{place}.{ending}"


def bytes_of(desk: Desk, kept: Kept, place: int) -> bytes | None:
    """The bytes of a file that is shown; None where they cannot be had."""
    key, size = kept.where[kept.files[place - 1].name]
    try:
        return desk.files.read(key, size)
    except Exception:
        log.exception("file_not_read")
        return None


def own_addresses(desk: Desk, case: Case) -> tuple[str, ...]:
    """The addresses of all files of a case that its resident may see (G24)."""
    kept = keep_files(desk, case)
    there = (
        place for place, file in enumerate(kept.files, 1) if to_resident(file) and file.name in kept.where
    )
    return tuple(
        address_of(desk, case, kept, place)
        for place in there
        if kind_of(kept.where[kept.files[place - 1].name][0])
    )


def opened_by_member(desk: Desk, member: Member, case: Case, place: int, reason: str | None) -> str:
    """The address at which a member has a file of a visible case; on record first (E8).

    Whoever sees it only with a `reason` gives that: NotAllowedError else. NotFoundError where there is no
    such file (any more), BusyError while it is looked at.
    """
    kept, file, sort = _one(desk, case, place)
    if not sees_file(member, case, file, sort):
        if reason is None:
            raise NotAllowedError("Say in 'reason' why you have to see this file.", "no_reason")
        reveal(desk, member, case, reason)
    else:
        look = Look(desk.now(), member.username, member.role, LookAt.FILE, case.number)
        desk.looks.record(case.community, case.zone, look)
    return address_of(desk, case, kept, place)


def opened_by_holder(desk: Desk, link: Link, case: Case, place: int) -> str:
    """The address at which the holder of a link has a file; of staff it is on record first (E8)."""
    kept, file, sort = _one(desk, case, place)
    if not shows_on_link(link.purpose, case, file, sort):
        raise _none(case, place)
    if link.purpose in OF_STAFF:
        look = Look(desk.now(), link.subject, link.actor().role, LookAt.FILE, case.number)
        desk.looks.record(case.community, case.zone, look)
    return address_of(desk, case, kept, place)


def _one(desk: Desk, case: Case, place: int) -> tuple[Kept, File, Sort | None]:
    """The files of a case, and the one at a place, which is there; its sort, unless it was not taken."""
    files = files_of(case)
    if not 1 <= place <= len(files):
        raise _none(case, place)
    kept, file = keep_files(desk, case), files[place - 1]
    if file.name not in kept.where:
        raise BusyError("This file is being looked at; try again in a moment.")
    kind = kind_of(kept.where[file.name][0])
    return kept, file, kind.sort if kind else None


def _none(case: Case, place: int) -> NotFoundError:
    return NotFoundError(f"Case {case.number} has no file {place}.")
