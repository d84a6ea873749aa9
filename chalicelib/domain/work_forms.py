"""The forms of the commands until the work is done, and those that many commands share (see commands.py)."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.form_checks import SHORT, check, text


@dataclass(frozen=True, slots=True)
class NoteForm:
    note: str | None = text(optional=True)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class RequiredNoteForm:
    note: str = text()

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class ReasonForm:
    reason: str = text()

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class ClassifyForm:
    """A correction (A8): only what is given changes. `care` needs the resident's consent (G15).

    `nature` is of a complaint; what is made something else is valid again.
    """

    reason: str = text()
    kind: str | None = None
    matter: str | None = None
    urgency: str | None = None
    severity: str | None = None
    complexity: str | None = None
    care: bool | None = None
    nature: str | None = None

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class AssignForm:
    """`handler` is a username; the department defaults to the case's own."""

    handler: str = text(SHORT)
    reason: str = text()
    department: str | None = text(SHORT, optional=True)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class SignForm:
    """The electronic signature (B2): the name as the signer writes it."""

    signature: str = text(SHORT)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class ProposeForm:
    cause: str = text()
    plan: str = text()
    price_fen: int | None = None

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class PauseForm:
    """`reason` is one of the regulation's; `evidence` says what proves it; `until` is within the cap (G4)."""

    until: datetime
    reason: str = text(SHORT)
    evidence: str = text()

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class ExtensionForm:
    until: datetime
    reason: str = text()

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class AppointmentForm:
    """A time agreed with the resident (B11)."""

    visit_at: datetime
    note: str | None = text(optional=True)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class CompleteForm:
    result: str = text()
    prevention: str | None = text(optional=True)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class MergeForm:
    """`into` is the number of the case that goes on."""

    into: str = text(SHORT)
    reason: str = text()

    def __post_init__(self) -> None:
        check(self)
