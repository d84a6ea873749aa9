"""Handing a file in: by a ticket and straight into the bucket, or with a form, or out of a mail (A3, C3)."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import uuid4

from msgspec import Struct

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.files import MOST_AT_ONCE
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.content.kinds import MB, MOST_BYTES, FileRefusedError, Sort, refused
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError
from chalicelib.domain.intake.files import FilesForm, check_at_once
from chalicelib.domain.texts import cleaned, with_gaps
from chalicelib.services.desk import Desk
from chalicelib.services.files.arriving import put_seen
from chalicelib.services.files.shelf import ARRIVED, folder_of_case

TICKET_LIFE = timedelta(minutes=30)
"""How long a ticket is good (ours): a slow telephone needs minutes for a video."""

LARGE = 10 * MB
"""From here on a file counts as a large one, of which strangers may send few."""

MOST_WITH_A_FORM = 4 * MB
"""What comes with a form goes through Lambda, which takes 6 MB, written in Base64."""

LONGEST_CALLED = 40
"""Characters of what its sender calls a file that a refusal repeats."""

DECLARED: Mapping[str, Sort] = {
    **dict.fromkeys(("image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"), Sort.PICTURE),
    **dict.fromkeys(("video/mp4", "video/quicktime", "video/webm", "video/3gpp"), Sort.VIDEO),
    **dict.fromkeys(
        ("audio/mp4", "audio/x-m4a", "audio/m4a", "audio/mpeg", "audio/mp3", "audio/wav", "audio/x-wav"),
        Sort.VOICE,
    ),
    **dict.fromkeys(("audio/ogg", "audio/webm", "audio/amr", "audio/3gpp"), Sort.VOICE),
    "application/pdf": Sort.DOCUMENT,
}
"""What a browser may say of a file → its sort. It says how large it may be; what it is, its bytes say."""


class TicketForm(Struct, frozen=True):
    """The form with which a ticket is asked for: the media `type` of the file, and its `size` in bytes.

    The ticket takes no more bytes than that.
    """

    type: str
    size: int

    @property
    def sort(self) -> Sort:
        """The sort that the type says; FileRefusedError for one that is not taken."""
        sort = DECLARED.get(self.type.partition(";")[0].strip().lower())
        if sort is None:
            office = ("officedocument" in self.type) or ("msword" in self.type) or ("ms-" in self.type)
            raise refused("file_office" if office else "file_unknown")
        return sort

    @property
    def is_large(self) -> bool:
        """Whether it counts as a large file."""
        return self.size > LARGE


class FileTicket(Struct, frozen=True):
    """A ticket for one file: POST a form (multipart) with `fields`, then `file` with the bytes, to `address`.

    `file` is its name, for `files` of the report or of the command `add_files`. What no case names within
    two days is deleted.
    """

    file: str
    address: str
    fields: Mapping[str, str]
    expires_at: datetime


def ticket_for(desk: Desk, folder: str, form: TicketForm) -> FileTicket:
    """A ticket for one file in a folder; FileRefusedError says what would be right.

    It takes no more bytes than were asked for: what counted as a small file does not arrive as a large one.
    """
    if form.size < 1:
        raise refused("file_empty")
    if form.size > MOST_BYTES[form.sort]:
        raise refused("file_large")
    name = f"{folder}/{uuid4().hex[:16]}"
    seconds = int(TICKET_LIFE.total_seconds())
    made = desk.files.ticket(ARRIVED + name, form.type, form.size, seconds)
    return FileTicket(name, made.address, made.fields, desk.now() + TICKET_LIFE)


def check_folder(folder: str, names: Iterable[str]) -> None:
    """InvalidInputError for a file that was uploaded for another case or another form."""
    if not all(name.rpartition("/")[0] == folder for name in names):
        raise InvalidInputError(
            "A file of 'files' was uploaded for something else; upload it here, then name it.",
            "not_your_file",
        )


def take_in(desk: Desk, folder: str, parts: Iterable[tuple[str, bytes]]) -> tuple[str, ...]:
    """The names of files that came with a form, each looked at; FileRefusedError for the first that is not.

    The same bytes twice are one file. A field in which nothing was chosen is no file.
    """
    given = [(called, data) for called, data in parts if called or data]
    check_at_once(len(given))
    names = []
    for called, data in given:
        name = f"{folder}/{hashlib.sha256(data).hexdigest()[:16]}"
        why = put_seen(desk.files, name, data)
        if why is not None:
            raise _named(why, called)
        names.append(name)
    return tuple(dict.fromkeys(names))


def _named(reason: str, called: str) -> FileRefusedError:
    """The refusal, with what its sender calls the file in front, cut short; that is kept nowhere."""
    error = refused(reason)
    name = with_gaps(cleaned(called.replace("\\", "/").rpartition("/")[2]))[:LONGEST_CALLED]
    return FileRefusedError(f"'{name}': {error.message}", reason, file=name)


class Part(Struct, frozen=True):
    """A file that came with a mail: what its sender calls it, a `line` about it, and its bytes."""

    called: str
    line: str
    data: bytes


def attach(desk: Desk, case: Case, key: str, parts: Iterable[Part]) -> tuple[Case, tuple[str, ...]]:
    """The case with files that came with a mail, as its resident's; the lines of those that are not taken.

    Each is looked at as any other file. `key` is the mail's: the same mail again changes nothing.
    """
    folder, names, left = folder_of_case(desk, case.community, case.number), dict[str, str](), list[str]()
    for part in parts:
        try:
            (name,) = take_in(desk, folder, [(part.called or part.line, part.data)])
        except FileRefusedError:
            left.append(part.line)
        else:
            names[name] = part.line
    for begin in range(0, len(names), MOST_AT_ONCE):
        some = tuple(names)[begin : begin + MOST_AT_ONCE]
        command = Command("add_files", RESIDENT, desk.now(), f"files#{key}.{begin}", FilesForm(some))
        try:
            case = desk.carry_out(case, command).case
        except (CommandRefusedError, InvalidInputError):  # over, or full
            left += [names[name] for name in some if name not in {known.name for known in case.files}]
    return case, tuple(left)
