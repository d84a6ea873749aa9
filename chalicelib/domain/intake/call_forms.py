"""The forms of what a report did not say, and is filled in later (A1, G7)."""

from msgspec import Struct, field

from chalicelib.domain.case import form_fields as forms
from chalicelib.domain.case.form_fields import check
from chalicelib.domain.community.language import check_language


class FillInForm(Struct, frozen=True):
    """The form of what a report did not say (A1, G7): only what is given is filled in.

    `text` is what else was said, beside what the report has.
    """

    text: forms.LongText | None = None
    unit: forms.ShortText | None = None
    name: forms.ShortText | None = None
    phone: forms.ShortText | None = None

    def __post_init__(self) -> None:
        check(self, blank_is_none=True)


class AddWordsForm(Struct, frozen=True):
    """The form of what a resident adds to the own report."""

    text: forms.LongText

    def __post_init__(self) -> None:
        check(self)


class LanguageForm(Struct, frozen=True):
    """The form of the language in which a resident wants messages (A11): its tag, such as zh-CN."""

    language: forms.ShortText

    def __post_init__(self) -> None:
        check(self)
        check_language(self.language)


class CallBackForm(Struct, frozen=True):
    """The form of a call back (A1): whether the caller was `reached`, and what they said then.

    `text`, `unit` and `name` as in `FillInForm`; `note` is the desk's own.
    """

    reached: bool
    text: forms.LongText | None = None
    unit: forms.ShortText | None = None
    name: forms.ShortText | None = None
    note: forms.LongText | None = None

    def __post_init__(self) -> None:
        check(self, blank_is_none=True)


class HearForm(Struct, frozen=True):
    """The form of what a call goes on to say; only the desk itself fills it in (A1).

    `finished`: the call has come to its end. `recording` says where it can be heard.
    """

    text: forms.LongText | None = None
    unit: forms.ShortText | None = None
    name: forms.ShortText | None = None
    phone: forms.ShortText | None = None
    recording: forms.LongText | None = None
    left_out: tuple[str, ...] = field(default_factory=tuple)
    finished: bool = False

    def __post_init__(self) -> None:
        check(self, blank_is_none=True)
