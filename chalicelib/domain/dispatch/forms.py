"""The forms of the dispatch's commands."""

from msgspec import Struct

from chalicelib.domain.case.form_fields import LongText, ShortText, check


class ReportForm(Struct, frozen=True):
    """The form of the written report (B6).

    `measures` were taken, `next_steps` say what comes next and by when.
    """

    course: LongText
    cause: LongText
    measures: LongText
    next_steps: LongText

    def __post_init__(self) -> None:
        check(self)


class AssignForm(Struct, frozen=True):
    """The form of an assignment.

    `handler` is a username; the department defaults to the case's own.
    """

    handler: ShortText
    reason: LongText
    department: ShortText | None = None

    def __post_init__(self) -> None:
        check(self)


class SignForm(Struct, frozen=True):
    """The form of the electronic signature (B2): the name as the signer writes it."""

    signature: ShortText

    def __post_init__(self) -> None:
        check(self)
