"""What the services need of the outside world. Adapters implement these; tests pass fakes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from chalicelib.domain.calendar import Calendar
from chalicelib.domain.case import Case, State
from chalicelib.domain.deciding import Outcome
from chalicelib.domain.events import Event
from chalicelib.domain.links import Link
from chalicelib.domain.notices import Notice
from chalicelib.domain.people import Community, Role
from chalicelib.domain.regulation import Regulation
from chalicelib.domain.timers import Plan

Item = TypeVar("Item")

Now = Callable[[], datetime]
"""The present instant, aware UTC."""


@dataclass(frozen=True, slots=True)
class Change:
    """Everything that one command writes, all or nothing.

    `figures` is row → counter → signed change; `links` pairs the hash of each code with its link;
    `plan` is what the workflow waits for afterwards. `idempotency_key` and `body_hash` are given at intake.
    """

    outcome: Outcome
    month: str
    unit_key: str
    plan: Plan
    figures: Mapping[str, Mapping[str, int]]
    notices: tuple[Notice, ...]
    links: tuple[tuple[str, Link], ...]
    idempotency_key: str | None = None
    body_hash: str | None = None


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a list: nothing personal but the beginning of what was said."""

    community: str
    number: str
    state: State
    round: int
    kind: str
    matter: str
    department: str
    urgency: str
    severity: str
    handler: str | None
    due_at: datetime
    overdue: bool
    registered_at: datetime
    next_timer_at: datetime | None
    summary: str


@dataclass(frozen=True, slots=True)
class Void:
    """A number whose case never came into being, and why (A4)."""

    number: str
    cause: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Part of a list, in order; `cursor` (opaque key values) continues it, None at the end."""

    items: tuple[Item, ...]
    cursor: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class SerialBook:
    """`counter` is the last serial handed out, at `counted_at`; `present` maps serials to when they were used.

    A serial is used by a case or by an explanation why there is none.
    """

    counter: int
    counted_at: datetime
    present: Mapping[int, datetime]


class CaseStore(Protocol):
    """The register: cases, their events and notices (table `cases`)."""

    def next_serial(self, community: str, month: str) -> int:
        """The next serial of the month, from 1; one atomic write. A serial is never given twice."""

    def create(self, change: Change) -> None:
        """Write a new case in one transaction.

        Raises AlreadyRegisteredError (services/errors.py) if the idempotency key was used, ConflictError if
        the number is taken (it was declared void).
        """

    def save(self, change: Change) -> None:
        """Write a command's change in one transaction; ConflictError unless the stored version is `before`'s."""

    def get(self, community: str, number: str) -> Case:
        """The case as it stands (consistent read); NotFoundError if there is none."""

    def events(self, community: str, number: str) -> tuple[Event, ...]:
        """The whole history, oldest first; empty if there is no such case."""

    def record_void(self, community: str, void: Void) -> bool:
        """Explain a number without a case; False if a case or an explanation is there after all."""

    def serials(self, community: str, month: str) -> SerialBook:
        """What became of the serials of a month."""

    def open_work(
        self, community: str, *, department: str | None, handler: str | None, limit: int, cursor: Mapping[str, str] | None
    ) -> Page[CaseLine]:
        """Cases with running timers in order of their deadline: of a handler, else a department, else all."""

    def register(
        self, community: str, month: str, limit: int, cursor: Mapping[str, str] | None
    ) -> Page[CaseLine]:
        """The register of a month (`YYYYMM`) in order of number."""

    def by_unit(self, community: str, unit_key: str, limit: int, cursor: Mapping[str, str] | None) -> Page[CaseLine]:
        """The cases of one unit, newest first."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Where the workflow of one round stands. `restart` counts how often it was started anew.

    `token` answers the waiting task; None while nothing waits. `wake_at` is when its own timer ends. `turns`
    counts how often the execution has waited so far, since its history may not grow without end.
    """

    kind: str
    round: int
    restart: int
    token: str | None = None
    awaiting: str | None = None
    wake_at: datetime | None = None
    turns: int = 0


class WaitingStore(Protocol):
    """The task tokens, beside their case (table `cases`)."""

    def get(self, community: str, number: str, kind: str, round_number: int) -> Waiting | None: ...

    def of_case(self, community: str, number: str) -> tuple[Waiting, ...]:
        """Every workflow of the case that is on record, of all rounds; one query."""

    def put_token(self, community: str, number: str, waiting: Waiting) -> bool:
        """Keep a token, whether or not `begin` was recorded; False if a later restart has taken over."""

    def clear_token(self, community: str, number: str, waiting: Waiting) -> None:
        """Forget the token once it was answered; nothing happens if another has taken its place."""

    def begin(self, community: str, number: str, kind: str, round_number: int, restart: int) -> bool:
        """Record that restart number `restart` was started; False if it, or a later one, is on record already."""


class Workflow(Protocol):
    """Step Functions."""

    def start(self, kind: str, name: str, given: Mapping[str, Mapping[str, str | int]]) -> bool:
        """Start an execution with that name and input; False if it says that one of that name exists already."""

    def is_running(self, kind: str, name: str) -> bool | None:
        """Whether it runs; None if it never existed."""

    def answer(self, token: str, result: Mapping[str, str | int]) -> bool:
        """Answer a waiting task; False if it waits no more (a normal race)."""


@dataclass(frozen=True, slots=True)
class StoredNotice:
    """A notice on the case and how far it got: pending → sending → sent, failed or skipped.

    `attempts` counts the claims, `claimed_at` is the last one. `error` is the code of the last failure, or of
    the reason for which the notice was skipped.
    """

    community: str
    number: str
    notice: Notice
    status: str
    attempts: int
    provider_id: str | None = None
    error: str | None = None
    sent_at: datetime | None = None
    claimed_at: datetime | None = None


class NoticeStore(Protocol):
    """Notices, beside their case (table `cases`).

    Each change is conditional on the status it starts from and on `stored.attempts`: whoever comes too late
    changes nothing. After a claim the caller goes on with one attempt more.
    """

    def get(self, community: str, number: str, key: str) -> StoredNotice | None: ...

    def of_case(self, community: str, number: str) -> tuple[StoredNotice, ...]: ...

    def claim(self, stored: StoredNotice, now: datetime) -> bool:
        """pending → sending, counting the attempt; False if somebody else has it."""

    def mark_sent(self, stored: StoredNotice, provider_id: str, now: datetime) -> None:
        """sending → sent."""

    def release(self, stored: StoredNotice, error: str, *, final: bool) -> None:
        """sending → pending, to be tried again, or → failed for good; `error` is a code, nothing personal."""

    def skip(self, stored: StoredNotice, reason: str) -> None:
        """pending → skipped for good: it makes no sense any more, or may not be sent; `reason` is a code."""

    def undelivered(self, before: datetime, limit: int) -> tuple[StoredNotice, ...]:
        """Notices created before an instant and still pending or sending, oldest first."""


class LinkStore(Protocol):
    """Link codes by their hash, and idempotency records (table `links`)."""

    def find(self, code_hash: str) -> Link | None: ...

    def count_hit(self, bucket: str, window_ends_at: datetime) -> int:
        """Add one to a rate counter that forgets itself after its window; returns the count."""


class Directory(Protocol):
    """Communities with their staff, roster, prices and calendar amendments (table `directory`)."""

    def community(self, community_id: str) -> Community:
        """The community; NotFoundError if there is none. May be some seconds old."""

    def all_ids(self) -> tuple[str, ...]:
        """The ids of all communities."""


class FigureStore(Protocol):
    """The counters of a month (table `figures`)."""

    def month(self, community: str, month: str) -> Mapping[str, Mapping[str, int]]:
        """Row → counter → amount; one query whatever the number of cases."""


class Regulations(Protocol):
    def get(self, pack_id: str) -> Regulation:
        """The pack; InvalidInputError names those that exist."""


class Calendars(Protocol):
    def of(self, community: Community) -> Calendar:
        """The community's calendar with its amendments."""


class SmsSender(Protocol):
    def send(self, phone: str, text: str) -> str:
        """Send one SMS to an E.164 number; the provider's id. Raises DeliveryError (services/errors.py)."""


class MailSender(Protocol):
    def send(self, address: str, subject: str, text: str) -> str:
        """Send one mail; the provider's id. Raises DeliveryError."""


@dataclass(frozen=True, slots=True)
class Account:
    """A verified sign-in: who, and the roles that the user pool gives."""

    username: str
    roles: frozenset[Role]


class Identity(Protocol):
    """The user pool."""

    def sign_in(self, username: str, password: str) -> str:
        """A token for right credentials; NotSignedInError otherwise."""

    def verify(self, token: str) -> Account:
        """The account of a valid token; NotSignedInError otherwise."""


class Codes(Protocol):
    """Link codes and signatures, made with the deployment's secret."""

    def code(self, link: Link) -> str:
        """The short opaque code of a link; the same link gives the same code."""

    def hash(self, code: str) -> str:
        """What is stored in place of a code."""

    def keyed(self, purpose: str, text: str) -> str:
        """A keyed digest (hex) of a text, for keys that must not show what they stand for, and for signatures."""
