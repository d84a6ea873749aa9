"""The forms of what was said to a resident, or by one: times for a visit, answers (B8, B11)."""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.book import MARK
from chalicelib.domain.case.form_fields import LongText, ShortText, check
from chalicelib.domain.case.spoken import check_manner
from chalicelib.domain.errors import InvalidInputError


class AppointmentForm(Struct, frozen=True):
    """The form of a proposed time for a visit (B11)."""

    visit_at: datetime
    note: LongText | None = None

    def __post_init__(self) -> None:
        check(self)


class AnswerForm(Struct, frozen=True):
    """The form of an answer that was given to the resident (C1, C12, C15).

    `manner` is one of `MANNERS`; `spoken_to` is whom. `given_at` is when; without it, now.
    `entry` is the entry of the answer book that it was given with, as `id@version` (A14).
    """

    said: LongText
    manner: ShortText
    spoken_to: ShortText | None = None
    given_at: datetime | None = None
    entry: ShortText | None = None

    def __post_init__(self) -> None:
        check(self, blank_is_none=True)
        check_manner(self.manner)
        if self.entry is not None and not MARK.fullmatch(self.entry):
            raise InvalidInputError(
                "'entry' is an entry of the answer book with its version, such as 3f9a2c41@2.",
                "unknown_entry",
            )


class DeliveryForm(Struct, frozen=True):
    """The form of what became of a message to the resident; only the desk itself fills it in (B8).

    `told` is the version of the event that it is about. `heard_at` is when it left by `channel`; without it
    no message could leave, or it came back, and `why` says why, as a code word. `of` says what it told, where
    somebody has to call although no clock waits for it.
    """

    told: int
    channel: ShortText
    heard_at: datetime | None = None
    why: ShortText | None = None
    of: ShortText | None = None

    def __post_init__(self) -> None:
        check(self)


class AgreedVisitForm(Struct, frozen=True):
    """The form of a visit that the desk agreed on with the resident (B11).

    `spoken_to` is who agreed in the resident's name, `spoken_at` when, and `manner` how (`MANNERS`).
    """

    visit_at: datetime
    spoken_at: datetime
    spoken_to: ShortText
    manner: ShortText
    note: LongText | None = None

    def __post_init__(self) -> None:
        check(self)
        check_manner(self.manner)
