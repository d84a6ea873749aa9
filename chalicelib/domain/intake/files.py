"""Handing in files for a case that there is (A3)."""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case import form_fields as forms
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.files import FILE_NAME, MOST_AT_ONCE, MOST_FILES, STAGES
from chalicelib.domain.case.form_fields import check
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError


class FilesForm(Struct, frozen=True):
    """The form of files that were uploaded: their names, as the tickets have them; what they show."""

    files: tuple[str, ...]
    stage: forms.ShortText | None = None

    def __post_init__(self) -> None:
        check(self, blank_is_none=True)
        check_files(self.files)
        if not self.files:
            raise InvalidInputError("'files' is empty; choose a file first.", "no_file")
        if self.stage is not None and self.stage not in STAGES:
            raise InvalidInputError(f"'stage' is one of: {', '.join(STAGES)}; or leave it out.")


def check_files(files: tuple[str, ...]) -> None:
    """InvalidInputError for too many files, for one named twice, or by no name of ours."""
    check_at_once(len(files))
    if len(set(files)) < len(files) or not all(FILE_NAME.fullmatch(name) for name in files):
        raise InvalidInputError("'files' are names as the tickets gave them, each once.", "not_your_file")


def check_at_once(count: int) -> None:
    """InvalidInputError for more files than are handed in with one form."""
    if count > MOST_AT_ONCE:
        raise InvalidInputError(
            f"At most {MOST_AT_ONCE} files at once; send the others after these.",
            "files_at_once",
            most=MOST_AT_ONCE,
        )


def why_no_files_added(case: Case, actor: Actor, _: Context, __: datetime) -> DomainError | None:
    """Nothing is added to a case that is erased, full, or over for the resident."""
    if case.erased or (case.state is State.CLOSED and actor.role is Role.RESIDENT):
        return CommandRefusedError(
            f"Case {case.number} is over; what is new is a report of its own.", "over", number=case.number
        )
    if len(case.files) >= MOST_FILES:
        return CommandRefusedError(
            f"Case {case.number} has {MOST_FILES} files, which is all it can have; show the others on site.",
            "files_full",
            number=case.number,
            most=MOST_FILES,
        )
    return None


def add_files(case: Case, command: Command[FilesForm], _: Context) -> ev.Payloads:
    """The event of files that were handed in; InvalidInputError if none is new, or they are too many."""
    known = {file.name for file in case.files}
    new = tuple(name for name in command.form.files if name not in known)
    if not new:
        raise InvalidInputError("These files are on the case already.", "files_known")
    if len(case.files) + len(new) > MOST_FILES:
        raise InvalidInputError(
            f"Case {case.number} has {len(case.files)} files and can have {MOST_FILES}; send fewer.",
            "files_too_many",
            number=case.number,
            left=MOST_FILES - len(case.files),
        )
    stage = None if command.actor.role is Role.RESIDENT else command.form.stage
    return (ev.FilesAdded(new, stage),)
