"""The forms of the intake's commands."""

from datetime import date

from msgspec import Struct

from chalicelib.domain.case.form_fields import LongText, ShortText, check


class ClassifyForm(Struct, frozen=True):
    """The form of a correction (A8): only what is given changes.

    Its `reason` is needed where something was said before; what nobody has sorted yet needs none (A7).
    `care` needs a consent: `care_by` agreed on `care_on`, whoever reported it today if they are left out
    (G15). `nature` is of a complaint; what is made something else is
    valid again.
    """

    reason: LongText | None = None
    kind: str | None = None
    matter: str | None = None
    urgency: str | None = None
    severity: str | None = None
    complexity: str | None = None
    care: bool | None = None
    care_by: ShortText | None = None
    care_on: date | None = None
    nature: str | None = None

    def __post_init__(self) -> None:
        check(self)


class IdentifyForm(Struct, frozen=True):
    """The form that says whom of the staff a complaint is about (G13).

    `person` is a username; left out, it is about nobody of them.
    """

    reason: LongText
    person: ShortText | None = None

    def __post_init__(self) -> None:
        check(self)


class JoinForm(Struct, frozen=True):
    """The form of a merged case that joins its target, or parts from it (A16).

    Only the desk itself fills it in. `joining` is the number of the other case.
    """

    joining: ShortText

    def __post_init__(self) -> None:
        check(self)


class ShareForm(Struct, frozen=True):
    """The form of what became of the case that goes on; only the desk itself fills it in (A16).

    The fields are those of `ResultShared`.
    """

    into: str
    in_round: int
    outcome: str
    news: int = 0
    twice: bool = False


class MergeForm(Struct, frozen=True):
    """The form of a merge; `into` is the number of the case that goes on."""

    into: ShortText
    reason: LongText

    def __post_init__(self) -> None:
        check(self)
