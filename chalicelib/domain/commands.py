"""What may be asked of a case: one form per command.

The forms are data: the transition table names them, the API reads and documents them, the pages draw
their fields from them. A text field says its longest length; the check runs whoever makes the form.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from chalicelib.domain.follow_up_forms import (
    ArchiveForm,
    RateForm,
    RejectForm,
    ReportForm,
    RevisitForm,
)
from chalicelib.domain.form_checks import LONG, SHORT, checked_text, text
from chalicelib.domain.people import Actor
from chalicelib.domain.work_forms import (
    AppointmentForm,
    AssignForm,
    ClassifyForm,
    CompleteForm,
    ExtensionForm,
    MergeForm,
    NoteForm,
    PauseForm,
    ProposeForm,
    ReasonForm,
    RequiredNoteForm,
    SignForm,
)

__all__ = [
    "LONG",
    "SHORT",
    "AppointmentForm",
    "ArchiveForm",
    "AssignForm",
    "ClassifyForm",
    "Command",
    "CompleteForm",
    "ExtensionForm",
    "MergeForm",
    "NoteForm",
    "PauseForm",
    "ProposeForm",
    "RateForm",
    "ReasonForm",
    "RejectForm",
    "ReportForm",
    "RequiredNoteForm",
    "RevisitForm",
    "SignForm",
    "TimersForm",
    "checked_text",
    "longest_lengths",
    "text",
]


@dataclass(frozen=True, slots=True)
class TimersForm:
    """No fields: what is due is read from the case."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command for one case. `id` is the caller's key: the same id is carried out once."""

    name: str
    actor: Actor
    at: datetime
    id: str
    form: Any


def longest_lengths(form: type) -> Mapping[str, int]:
    """Longest length, in characters, of each text field of a form."""
    return {one.name: one.metadata["longest"] for one in fields(form) if "longest" in one.metadata}
