"""The providers: what else than stores the services need of the outside world.

Adapters implement these as they do the stores (ports.py); tests pass fakes.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from msgspec import Struct

from chalicelib.domain.case.events import Report
from chalicelib.domain.case.links import Link
from chalicelib.domain.case.looks import Look
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.community.community import Community
from chalicelib.domain.deadlines.calendar import Calendar
from chalicelib.domain.intake.triage.answers import Triage
from chalicelib.domain.regulation.regulation import Regulation
from chalicelib.domain.wording import UnwantedWord
from chalicelib.services.records import Page


class Regulations(Protocol):
    def ids(self) -> tuple[str, ...]:
        """The packs that a community can run under."""

    def get(self, pack_id: str, version: int | None = None) -> Regulation:
        """The regulation as it is now, or in a version. InvalidInputError names those that exist."""


class Reads(Protocol):
    """The triage of a message: what it seems to be about (A8)."""

    def __call__(self, text: str, report: Report | None = None) -> Triage | None:
        """How the text was read; None if nothing reads it. It never raises: a report is taken without.

        `report` is the report whose text it is: then a model that stands behind the triage is asked too, and
        what the report says of persons is taken out first. Without one, only the lexicon reads.
        """


def reads_nothing(text: str, report: Report | None = None) -> Triage | None:  # noqa: ARG001 - the port's
    """A desk without a triage."""
    return None


class Unwanted(Protocol):
    """The words that are not said to residents (A14)."""

    def __call__(self) -> tuple[UnwantedWord, ...]:
        """Those of every community."""


class Languages(Protocol):
    """What people read and hear, by language."""

    def languages(self) -> tuple[str, ...]:
        """The tags of the languages there are, such as zh-CN."""

    def get(self, language: str) -> Catalogue:
        """What all share in a language; InvalidInputError names the languages there are."""

    def pages(self, language: str) -> Mapping[str, Mapping[str, str]]:
        """The words of the pages, by group and key."""

    def notices(self, language: str) -> Mapping[str, Any]:
        """The texts of messages; empty if nobody is written to in it."""

    def also(self, language: str) -> tuple[str, ...]:
        """The tags of other wishes that a language meets."""

    def own_name(self, language: str) -> str:
        """What a language calls itself."""


class Calendars(Protocol):
    def of(self, community: Community) -> Calendar:
        """The community's calendar with its amendments."""


class SmsSender(Protocol):
    def send(self, phone: str, text: str) -> str:
        """Send one SMS to an E.164 number; the provider's id. Raises DeliveryError (services/errors.py)."""


class MailSender(Protocol):
    def send(self, address: str, subject: str, text: str, tags: Mapping[str, str]) -> str:
        """Send one mail; the provider's id. Raises DeliveryError.

        `tags` (letters, digits, `-` and `_`) come back with what the provider tells of it later.
        """


class Puzzle(Struct, frozen=True):
    """A puzzle for a stranger's browser: the number up to `most` of which `digest` is the SHA-256.

    Hashed is the text of `salt` and, right behind it, the number in decimal digits. The solution is
    `SALT.NUMBER.SIGNATURE`; it is good once, until `expires_at`.
    """

    salt: str
    digest: str
    signature: str
    most: int
    expires_at: datetime


class Solved(Struct, frozen=True):
    """A puzzle that was solved: what it is known by, and until when the solution is good."""

    name: str
    until: datetime


class Challenge(Protocol):
    """What a stranger has to do for a report while very many come (a captcha)."""

    def puzzle(self, now: datetime, /) -> Puzzle | None:
        """A new puzzle; None where none is ever asked for."""

    def solved(self, solution: str, now: datetime) -> Solved:
        """The puzzle of a right solution; ChallengeRequiredError for a wrong, forged or late one."""


class Codes(Protocol):
    """Link codes and signatures, made with the deployment's secret."""

    def code(self, link: Link) -> str:
        """The short opaque code of a link; the same link gives the same code."""

    def hash(self, code: str) -> str:
        """The digest of a code, which is stored in its place."""

    def keyed(self, purpose: str, text: str) -> str:
        """A keyed digest (hex) of a text. For keys that must not show what they mean, and for signatures."""


class CallerKeys(Protocol):
    """The keys with which machines sign what they send."""

    def of(self, caller: str) -> tuple[str, ...]:
        """The keys that are good for a caller, two at most; none for one that has no key."""


class Workflow(Protocol):
    """Step Functions."""

    def start(self, kind: str, name: str, given: Mapping[str, Mapping[str, str | int]]) -> bool:
        """Start an execution with that name and input. False if there is one of that name already."""

    def is_running(self, kind: str, name: str) -> bool | None:
        """Whether it runs; None if it never existed."""

    def answer(self, token: str, result: Mapping[str, str | int]) -> bool:
        """Answer a waiting task; False if it waits no more (a normal race)."""


class LookStore(Protocol):
    """The record of looks at personal data (table `cases`); each look forgets itself after its time."""

    def record(self, community: str, zone: str, look: Look) -> None:
        """Put a look on record; one write. The zone says which day it is."""

    def page(
        self, community: str, by: str, of: str, limit: int, cursor: Mapping[str, str] | None
    ) -> Page[Look]:
        """Looks by `day` (ISO), `person` (username) or `case` (number), newest first; one query."""


class Recordings(Protocol):
    """What callers said, as sound, and mails. Names say nothing of anybody; the case lists its own."""

    def keep(self, name: str, sound: bytes) -> None:
        """Store the sound of a recording, or a mail."""

    def read(self, name: str) -> bytes | None:
        """A mail, or the sound of a recording; None if there is none (any more)."""

    def names(self, beginning: str) -> tuple[str, ...]:
        """The names that begin so, in their order; a thousand at most."""

    def has(self, name: str) -> bool:
        """Whether the sound of a recording is there."""

    def address(self, name: str) -> str:
        """An address at which a recording can be heard for a minute."""

    def erase(self, name: str) -> None:
        """Delete a recording for good; nothing happens if there is none."""


class ExchangeAccount(Struct, frozen=True):
    """The account at a telephone exchange: its id, and the keys that it signs with.

    `tokens`, the newest first, sign by SHA-1; two are good while one is changed. `shared_keys`, by their ids,
    sign by SHA-256.
    """

    sid: str
    tokens: tuple[str, ...]
    shared_keys: Mapping[str, str]


class Exchange(Protocol):
    """The telephone exchange: it asks what to do with a call, and holds what was recorded."""

    def account(self) -> ExchangeAccount | None:
        """The account that calls come by; None if the desk has none."""

    def source(self, recording: str) -> str:
        """The only address from which that recording is fetched."""

    def fetch(self, recording: str) -> bytes:
        """The sound of a recording (WAV). Raises RecordingMissingError, OSError while nobody answers."""

    def forget(self, recording: str) -> bool:
        """Delete a recording there. False if that did not work."""
