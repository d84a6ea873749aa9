"""Files on pages: the field by which they are handed in, and how those of a case are shown (A3, E8)."""

from typing import Any
from uuid import uuid4

from msgspec import Struct

from chalicelib import wiring
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.files import REVISIT, SIGNATURE, STAGES
from chalicelib.domain.community.community import Community
from chalicelib.domain.community.roles import RESIDENT, Role
from chalicelib.domain.content.kinds import KINDS, MB, REFUSALS, FileRefusedError, Sort
from chalicelib.domain.errors import BusyError, DomainError, InvalidInputError, TooManyRequestsError
from chalicelib.http.bodies import form_files
from chalicelib.http.errors import status_of
from chalicelib.http.requests import source_address
from chalicelib.http.sessions import KEY_FIELD
from chalicelib.http.visits import Visit
from chalicelib.services.access.stranger_limits import count_file
from chalicelib.services.files.handing_in import LARGE, take_in
from chalicelib.services.files.shelf import folder_of_form
from chalicelib.services.files.showing import (
    READY,
    Sees,
    ShownFile,
    address_of,
    files_shown,
    kept_files,
    saved_name,
)
from chalicelib.web.case_panels import Attempt
from chalicelib.web.form_input import Typed
from chalicelib.web.formats import short
from chalicelib.web.refusals import refusal
from chalicelib.web.words import Words

FILES, UPLOADED, FILES_KEY = "files", "uploaded", "files_key"
"""The fields of a form: files that come with it, names of those that are there, and under which key."""

ADD_FILES = "add_files"
"""The command that has a panel of its own on the pages."""


class FileLine(Struct, frozen=True):
    """A file on a page: where it is opened, and where a picture or sound is had at once.

    `place` counts the files of its case from 1; `group` is the caption of what it shows (`stage`), or whose
    it is; `saved_as` the name under which browsers save what they do not show.
    """

    label: str
    said: str
    note: str
    opens: str = ""
    picture: str = ""
    sound: str = ""
    place: int = 0
    stage: str | None = None
    group: str = ""
    saved_as: str = ""
    not_taken: bool = False


def files_first(visit: Visit, community: Community, typed: Typed, words: Words) -> Typed | Attempt:
    """What was typed, with the names of the files that came along; the attempt if one is not taken.

    They are there before anything else is looked at, so that no mistake in the form costs the photo.
    """
    parts = [part for part in form_files(visit.request, FILES) if part[0] or part[1]]
    if not parts:
        return typed
    desk, key = wiring.desk(), typed.get(FILES_KEY) or uuid4().hex
    try:
        for _, data in parts if visit.actor == RESIDENT else ():
            address, limits = source_address(visit.request), wiring.rate_limits()
            count_file(desk, address, community.id, limits, large=len(data) > LARGE)
        names = take_in(desk, folder_of_form(desk, community.id, key), parts)
    except (InvalidInputError, TooManyRequestsError, BusyError) as error:
        why = why_not_taken(error, community.zone, words, community.phone)
        return Attempt("report", typed, refusal=why, status=status_of(error))
    known = typed.get(UPLOADED, "").split()
    return {**typed, FILES_KEY: key, UPLOADED: " ".join(dict.fromkeys([*known, *names]))}


def why_not_taken(error: DomainError, zone: str, words: Words, phone: str | None) -> str:
    """The refusal, with what the sender calls the file in front of it."""
    why = refusal(error, zone, words, phone)
    called = str(error.facts.get("file") or "") if isinstance(error, FileRefusedError) else ""
    return words("files.named", file=called, why=why) if called else why


def file_field(tickets: str, typed: Typed) -> dict[str, Any]:
    """The values of a page with a field for files; `tickets` is where its script asks for tickets."""
    uploaded = typed.get(UPLOADED, "")
    return {
        "tickets": tickets,
        "uploaded": uploaded,
        "uploaded_count": len(uploaded.split()),
        "files_key": typed.get(FILES_KEY, ""),
        "bucket": wiring.desk().files.origin(),
    }


def hand_in_panel(
    tickets: str, attempt: Attempt | None, words: Words, *, possible: bool, staged: bool, visits: bool = False
) -> dict[str, Any]:
    """The panel with which files are added to a case; None where that cannot be done now.

    `staged`: whoever adds them says what they show. `visits`: a revisit waits for them, so that is proposed.
    `attempt` was not taken.
    """
    mine = attempt if attempt is not None and attempt.command == ADD_FILES else None
    if not possible and mine is None:
        return {"panel": None, "bucket": wiring.desk().files.origin()}
    typed = mine.typed if mine else {}
    field = file_field(tickets, typed)
    said = {"refusal": mine.refusal if mine else "", "once": typed.get(KEY_FIELD, "")}
    stages = STAGES if staged else ()
    named = [(stage, caption) for stage, caption in _captions(words).items() if stage in stages]
    panel = {**field, **said, "stages": named, "stage": typed.get("stage", REVISIT if visits else "")}
    return {"panel": panel, "bucket": field["bucket"], "uploads": True}


def case_files(
    case: Case, sees: Sees, here: str, words: Words, *, leave_out: bool, revealed: bool = False
) -> list[FileLine]:
    """The files of a case as this reader sees them, by what they show.

    Their addresses are good for some minutes. `revealed`: the reader has just said why, on record, so each is
    opened at once.
    """
    desk = wiring.desk()
    kept = kept_files(desk, case)
    lines, order = [], [words("files.of_resident"), *_captions(words).values(), words("files.others")]
    for file in files_shown(kept, sees, desk.now(), leave_out=leave_out):
        ready = file.state == READY
        now = ready and (revealed or _is_shown_at_once(file))
        at_once = address_of(desk, case, kept, file.place) if now else ""
        shown = at_once if _is_shown_at_once(file) else ""
        lines.append(
            FileLine(
                words(f"files.{file.sort or 'file'}", place=file.place),
                _said(file, case.zone, words),
                _note(file, words),
                at_once if revealed else f"{here}/files/{file.place}" if ready else "",
                shown if file.sort is Sort.PICTURE else "",
                shown if file.sort is Sort.VOICE else "",
                file.place,
                file.stage,
                _group(file, words),
                (saved_name(case, file.place, file.ending) or "") if ready else "",
                file.state in REFUSALS,
            )
        )
    return sorted(lines, key=lambda line: order.index(line.group))


def _captions(words: Words) -> dict[str, str]:
    return {stage: words(f"files.{stage}") for stage in (*STAGES, SIGNATURE)}


def _group(file: ShownFile, words: Words) -> str:
    if file.stage in _captions(words):
        return _captions(words)[str(file.stage)]
    return words("files.of_resident" if file.by in {Role.RESIDENT, Role.MACHINE} else "files.others")


def _is_shown_at_once(file: ShownFile) -> bool:
    kind = KINDS.get(file.ending)
    return kind is not None and kind.shown and kind.sort in {Sort.PICTURE, Sort.VOICE}


def _said(file: ShownFile, zone: str, words: Words) -> str:
    who = words("files.by_resident") if file.by in {Role.RESIDENT, Role.MACHINE} else words.role(file.by)
    stage = _captions(words).get(file.stage or "", "")
    size = words("files.size", size=_size(file.size)) if file.size else ""
    return " · ".join(part for part in (stage, who, short(file.at, zone, words), size) if part)


def _size(size: int) -> str:
    return f"{size / MB:.1f} MB" if size >= MB else f"{max(1, size // 1024)} KB"


def _note(file: ShownFile, words: Words) -> str:
    """What is to be said of a file that is not shown, or only saved."""
    if file.state in REFUSALS:
        return words("files.not_taken", why=words.groups["refusals"][file.state])
    if file.state != READY:
        return words(f"files.{file.state}")
    kind = KINDS.get(file.ending)
    return "" if kind is None or kind.shown else words("files.saved")
