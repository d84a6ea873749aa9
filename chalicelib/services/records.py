"""Records between the services and their stores, without behaviour."""

from collections.abc import Mapping
from datetime import datetime
from typing import Generic, TypeVar

from msgspec import Struct

from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.events import Event
from chalicelib.domain.case.figure_rows import MonthCounters
from chalicelib.domain.case.links import Link
from chalicelib.domain.case.outcome import Outcome
from chalicelib.domain.community.roles import Role
from chalicelib.domain.notices.kinds import Notice
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.timers import NextStep

Item = TypeVar("Item")


class CaseLine(Struct, frozen=True):
    """One case in a list: nothing personal but the beginning of what was said.

    `due_at` is what open lists are in order of: when the earliest clock ends that has not been met, or the
    revisit is due; `due_for` says which, a clock or `revisit`. Where nothing is due (null) `due_at` is when
    the case goes on by itself. `overdue`: its time to solve has run out, as the figures count it;
    `overdue_clocks` are all that were marked late in this round. While `paused` clocks stand still; `held`:
    what is due does, and `due_at` is when that is if the pause ends as planned. `danger`: words of danger
    (A6). `planned_until` is when the last open clock of working time ends: a day after that does not matter.
    `provisional`: one of them crosses days whose holidays are not published yet (G1). `extension_asked`: the
    manager has to decide about more time (G5). `followed_by` is the colleague who took the case in, and
    `answerable` whoever answers for it now (A9). `points_open` were raised at revisits and wait for an
    answer (D4): with some a closed case is in the open lists as well. `erased` are the kinds of personal
    data that are gone, `ended_at` is what their time counts from (G24). `to_call`: no message reaches the
    resident, so somebody calls (B8); `call_back`: their call broke off. `about` and `about_unknown`: whom of
    the staff it is about (G13), so that a list is without it for those who are kept away. `proposed` is the
    matter that the triage was sure of, and `corrected` what people decided otherwise. `place` is the key of
    its building; `leads`: it leads an incident (A16). `waits` are the usernames and roles (`@manager`) who
    may be asked for something on it; None, if an earlier release wrote the line. `assigned_at` and
    `signed_at` are those of the signature that was given in this round.
    """

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
    planned_until: datetime | None = None
    provisional: bool = False
    extension_asked: bool = False
    due_for: str | None = None
    overdue_clocks: tuple[Clock, ...] = ()
    paused: bool = False
    held: bool = False
    danger: bool = False
    followed_by: str | None = None
    payer: str | None = None
    unaccepted: bool = False
    unsigned_result: bool = False
    unconfirmed_plan: bool = False
    answerable: str | None = None
    points_open: int = 0
    ended_at: datetime | None = None
    erased: tuple[str, ...] = ()
    erasure_asked: bool = False
    to_call: bool = False
    proposed: str | None = None
    corrected: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    about_unknown: bool = False
    call_back: bool = False
    place: str | None = None
    leads: bool = False
    waits: tuple[str, ...] | None = None
    assigned_at: datetime | None = None
    signed_at: datetime | None = None


class Mark(Struct, frozen=True):
    """What a report leaves for some minutes, to notice one like it.

    Also what the malicious track leaves until it ends: other cases of the resident show it (G14).
    `key` does not show what was said, or by whom. With `waits` the report is written only if no other has
    left the mark but the one that it `replaces` (of an ended incident, A16); without, it takes the mark over.
    """

    key: str
    expires_at: datetime
    waits: bool
    replaces: str | None = None


class Change(Struct, frozen=True):
    """Everything that one command writes, all or nothing.

    `line` is what lists show of the case. `figures` are signed changes; `links` pairs the hash
    of each code with its link; `next_step` is what the workflow waits for afterwards. `idempotency_key`
    and `body_hash` are given at intake, and the `marks` of a report. `only_if` are the number
    and version of another case of the community: nothing is written unless that one is still the same (A16).
    `joins` leads the incident to which this case is joined, `leaves` that to which it is joined no more;
    `leads`: it leads one from now on.
    """

    outcome: Outcome
    month: str
    unit_key: str | None
    resident_key: str | None
    line: CaseLine
    next_step: NextStep
    figures: MonthCounters
    notices: tuple[Notice, ...]
    links: tuple[tuple[str, Link], ...]
    idempotency_key: str | None = None
    body_hash: str | None = None
    marks: tuple[Mark, ...] = ()
    only_if: tuple[str, int] | None = None
    joins: str | None = None
    leaves: str | None = None
    leads: bool = False


BACK = "back"
"""What a cursor has that leads to the page before."""


class Page(Struct, Generic[Item], frozen=True):
    """Part of a list, in order.

    `cursor` (opaque key values) continues the list; it is None at the end. `before` leads back, where the
    list is read both ways; it is None at the beginning.
    """

    items: tuple[Item, ...]
    cursor: Mapping[str, str] | None
    before: Mapping[str, str] | None = None


class Waiting(Struct, frozen=True):
    """Where the workflow of one round stands. `restart` counts how often it was started anew.

    `token` answers the waiting task; None while nothing waits. `wake_at` is when its own timer ends. `waits`
    counts how often the execution has waited so far, since its history may not grow without end.
    """

    kind: str
    round: int
    restart: int
    token: str | None = None
    awaiting: str | None = None
    wake_at: datetime | None = None
    waits: int = 0


OUTCOMES = ("put_back", "delivered", "bounced", "complained")
"""What can become of a mail that has left; of two that are told, the later in this row is true. `put_back`:
the mailbox did not take this one; `bounced`: there is no such mailbox, or it takes nothing.
"""

RETURNED = frozenset({"put_back", "bounced", "complained"})
"""What means that its reader cannot be taken to have read a mail."""

NOT_REACHABLE = frozenset({"bounced", "complained"})
"""What means that no further mail arrives at the address: SES itself sends none to it any more."""


class StoredNotice(Struct, frozen=True):
    """A notice on a case, and how far it got.

    Its status goes pending → sending → sent, failed or skipped. `held`: a cap or budget has put it off, and a
    digest tells of it. `unrecorded`: it has come to its end, and the case does not know yet (B8). `attempts`
    counts the claims, `claimed_at` is the last one. `error` is the code of the last failure, or why the
    notice was skipped. `outcome` is what became of a mail after it had left, as its provider tells
    (`OUTCOMES`).
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
    unrecorded: bool = False
    held: bool = False
    outcome: str | None = None

    @property
    def has_reached(self) -> bool:
        """Whether it has left, and is not known to have come back."""
        return self.status == "sent" and self.outcome not in RETURNED


class Opened(Struct, frozen=True):
    """A case with all that stands beside it: its history, oldest first, and its notices."""

    case: Case
    events: tuple[Event, ...]
    notices: tuple[StoredNotice, ...]


class Account(Struct, frozen=True):
    """A verified sign-in: who, and the roles that the user pool gives.

    `signed_in_at` (seconds since 1970) is when the session began: it stays however often its token is
    renewed. `session` is the session's own id, as lasting; empty where the pool gives none.
    """

    username: str
    roles: frozenset[Role]
    signed_in_at: int = 0
    session: str = ""


class Tokens(Struct, frozen=True):
    """The tokens of a session that has begun: one proves it for an hour, one renews it."""

    token: str
    renewal: str | None = None


class Person(Struct, frozen=True):
    """What the desk keeps of somebody who signs in, whichever communities they work in.

    Sessions that began at `not_before` or earlier are over, and so are those that began at an instant in
    `ended`, but for those in `begun`: they began after that, although in the same second. `second_factor`: a
    code of their telephone is asked for. `networks` are keyed hashes of theirs.
    """

    not_before: int = 0
    ended: frozenset[int] = frozenset()
    second_factor: bool = False
    networks: frozenset[str] = frozenset()
    begun: frozenset[str] = frozenset()
