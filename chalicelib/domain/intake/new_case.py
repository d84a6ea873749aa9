"""The form of a report, and what a stranger may say in it (A1-A5, C3, G7)."""

from datetime import date, datetime

from msgspec import Struct, field
from msgspec.structs import force_setattr

from chalicelib.domain.case import events as ev
from chalicelib.domain.case import form_fields as forms
from chalicelib.domain.case.form_fields import check
from chalicelib.domain.case.numbering import NUMBER
from chalicelib.domain.community.language import check_language
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.intake.files import check_files
from chalicelib.domain.regulation.rules import CHOICES
from chalicelib.domain.texts import checked_text

MOST_EVIDENCE, LONGEST_EVIDENCE = 20, 500
"""The most pieces of evidence in a report, and the longest, in characters."""

OF_STRANGERS = (ev.Channel.WEB, ev.Channel.WECHAT, ev.Channel.APP)
"""The channels that people use by themselves.

The others are entered by staff or sent by a known machine.
"""

HOTLINE = (ev.Channel.HOTLINE_OPERATOR, ev.Channel.HOTLINE_IVR)
"""The channels by which people call."""

LETTERS = frozenset({ev.Channel.LETTER, ev.Channel.FAX, ev.Channel.EMAIL})
"""The channels by which people write: a letter is answered in writing (A12, S0)."""

OF_EVERY_REPORT = ("unit", "name")
"""What residents say themselves, besides what it is about; staff and machines may not know it (G7)."""

OF_THE_DESK = (
    "urgency", "severity", "complexity", "nature", "contacted_at", "solved_with", "about_staff", "call",
    "recording", "language",
)  # fmt: skip
"""What somebody who is not signed in cannot say of the own report."""


class NewCase(Struct, frozen=True, kw_only=True):
    """The form of a report.

    `evidence` says what proves it, a line each; `solved_with` how it was solved on the spot. `care`: the
    resident is old and alone, or disabled, and `care_by` agreed on `care_on` that this is noted (G15); left
    out, whoever reports it did, today. `nature` is of a
    complaint, and for staff to say: valid if they leave it out. `another`: it is not the report in the same
    words that the sender was asked about (`SameReport`). `may_be_named`: the resident agrees to be named
    where a suggestion is adopted and announced (A13). `about_staff` is the username of whom of the staff it
    is about, `about_person` describes them (G13). `shielded`: whoever works
    on it is not to learn who reported it. `text` is left out where `files` say it, and like `unit` and `name`
    where staff or a machine do not know it (G7); `unfinished` is a call that broke off, `call` its id,
    `recording` where it is heard.
    `files` were uploaded for it: their names, as the tickets have them. `in_writing`: whoever reports it
    wants the answer in writing (A12); who wrote a letter does, without saying so. `language` is that in which
    they are written to, where another takes the report down (A11).
    """

    text: forms.LongText | None = None
    unit: forms.ShortText | None = None
    name: forms.ShortText | None = None
    phone: forms.ShortText | None = None
    email: forms.LongText | None = None
    channel: ev.Channel = ev.Channel.WEB
    kind: forms.ShortText | None = None
    matter: forms.ShortText | None = None
    urgency: forms.ShortText | None = None
    severity: forms.ShortText | None = None
    complexity: forms.ShortText | None = None
    nature: forms.ShortText | None = None
    care_by: forms.ShortText | None = None
    care_on: date | None = None
    care: bool = False
    may_be_named: bool = False
    contacted_at: datetime | None = None
    against: forms.ShortText | None = None
    about_staff: forms.ShortText | None = None
    about_person: forms.ShortText | None = None
    shielded: bool = False
    course_of_events: forms.LongText | None = None
    witnesses: forms.LongText | None = None
    evidence: tuple[str, ...] = field(default_factory=tuple)  # a `()` would stand in the API's document
    follows: forms.ShortText | None = None
    solved_with: forms.LongText | None = None
    another: bool = False
    in_writing: bool = False
    language: forms.ShortText | None = None
    unfinished: bool = False
    call: forms.ShortText | None = None
    recording: forms.LongText | None = None
    files: tuple[str, ...] = field(default_factory=tuple)

    def __post_init__(self) -> None:
        check(self, blank_is_none=True)
        for name, words in CHOICES.items():
            value = getattr(self, name)
            if value is not None and value not in words:
                raise InvalidInputError(f"'{name}' is one of: {', '.join(words)}.")
        if self.follows is not None and not (self.follows.isascii() and NUMBER.fullmatch(self.follows)):
            raise InvalidInputError("'follows' is the number of an earlier case, such as 202611-0001.")
        if len(self.evidence) > MOST_EVIDENCE:
            raise InvalidInputError(
                f"'evidence' has {len(self.evidence)} entries; {MOST_EVIDENCE} are taken."
            )
        if self.language is not None:
            check_language(self.language)
        check_files(self.files)
        lines = tuple(checked_text("evidence", line, LONGEST_EVIDENCE) for line in self.evidence)
        force_setattr(self, "evidence", lines)


def check_stranger(new: NewCase) -> None:
    """Refuse what somebody who is not signed in may not report (A1, C3).

    Raises InvalidInputError. Asked where it is known who is signed in, before the report is counted as a
    stranger's.
    """
    if new.channel not in OF_STRANGERS:
        raise InvalidInputError(
            f"Without signing in 'channel' is one of: {', '.join(OF_STRANGERS)}; "
            "staff and machines sign in to file for the others."
        )
    for name in OF_THE_DESK:
        if getattr(new, name) is not None:
            raise InvalidInputError(f"'{name}' is for the desk to say; leave it out, or sign in as staff.")
    if new.text is None and not new.files:
        raise InvalidInputError(
            "'text' is missing; say it, hand in a photo or a voice in 'files', or call the desk."
        )
    if missing := [name for name in OF_EVERY_REPORT if getattr(new, name) is None]:
        raise InvalidInputError(f"'{missing[0]}' is missing; say it, or call the desk.")
    if new.unfinished:
        raise InvalidInputError("Only a telephone call is 'unfinished'; leave it out.")
    if new.phone is None and new.email is None:
        raise InvalidInputError("Give 'phone' or 'email', so that the desk can tell you how it goes.")
