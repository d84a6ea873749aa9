"""The forms of the dispatch's commands."""

from dataclasses import dataclass

from chalicelib.domain.case.form_fields import SHORT, check, text


@dataclass(frozen=True, slots=True)
class ReportForm:
    """The form of the written report (B6).

    `measures` were taken, `next_steps` say what comes next and by when.
    """

    course: str = text()
    cause: str = text()
    measures: str = text()
    next_steps: str = text()

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class AssignForm:
    """The form of an assignment.

    `handler` is a username; the department defaults to the case's own.
    """

    handler: str = text(SHORT)
    reason: str = text()
    department: str | None = text(SHORT, optional=True)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True)
class SignForm:
    """The form of the electronic signature (B2): the name as the signer writes it."""

    signature: str = text(SHORT)

    def __post_init__(self) -> None:
        check(self)
