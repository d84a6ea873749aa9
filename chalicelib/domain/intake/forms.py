"""The forms of the intake's commands."""

from dataclasses import dataclass

from chalicelib.domain.case.form_fields import SHORT, check, text


@dataclass(frozen=True, slots=True)
class ClassifyForm:
    """The form of a correction (A8): only what is given changes.

    `care` needs the resident's consent (G15). `nature` is of a complaint; what is made something else is
    valid again.
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
class IdentifyForm:
    """The form that says whom of the staff a complaint is about (G13).

    `person` is a username; left out, it is about nobody of them.
    """

    reason: str = text()
    person: str | None = text(SHORT, optional=True)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class JoinForm:
    """The form of a merged case that joins its target, or parts from it (A16).

    Only the desk itself fills it in. `joining` is the number of the other case.
    """

    joining: str = text(SHORT)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class ShareForm:
    """The form of what became of the case that goes on; only the desk itself fills it in (A16).

    The fields are those of `ResultShared`.
    """

    into: str
    in_round: int
    outcome: str


@dataclass(frozen=True, slots=True)
class MergeForm:
    """The form of a merge; `into` is the number of the case that goes on."""

    into: str = text(SHORT)
    reason: str = text()

    def __post_init__(self) -> None:
        check(self)
