"""The events of what is put to the resident: cause and plan, price, visit; and of the answers.

Where the desk records what a resident said, `spoken_to` is who that was, `spoken_at` when, and `manner` how
(`phone` or `visit`); all three are None where the resident answered by the own link, or before 0.2.
"""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case.personal import Personal, Who
from chalicelib.domain.deadlines.deadline import Deadline


class CauseReported(Struct, frozen=True):
    """The department answered with the cause and what is done about it (B4)."""

    cause: str
    plan: str


class Listed(Struct, frozen=True):
    """The line of the price list that a price comes from (B10).

    So many (`quantity`) of `unit_name` at `fee_fen` each; the line held from `valid_from`, in the list of
    that `version`.
    """

    id: str
    name: str
    fee_fen: int
    unit_name: str
    quantity: int = 1
    valid_from: str = ""
    version: str = ""


class Proposed(Struct, frozen=True):
    """The department proposed a plan (B4).

    `price_fen` is its price in fen, where the work costs the resident money: ¥120 → 12000. It is that of the
    price list (`listed`) with what materials cost beside, or one that the head of the department named.
    `unheard`: the resident hears of it by a message (telling.py). Where the desk confirms a plan first, it is
    of whoever has confirmed it, and `done_by` had handed it in at `done_at`; None where nobody has to (B5).
    """

    cause: str
    plan: str
    price_fen: int | None = None
    unheard: bool = False
    listed: Listed | None = None
    material_fen: int | None = None
    done_by: str | None = None
    done_at: datetime | None = None


class Agreed(Struct, frozen=True):
    """The resident agreed to the plan, and to its price if it has one (B5, G11).

    `signature` names the file of what they drew in front of the worker, `device` what it was drawn on.
    """

    note: Personal[str | None] = None
    spoken_to: Who[str | None] = None
    spoken_at: datetime | None = None
    manner: str | None = None
    signature: str | None = None
    device: Personal[str | None] = None


class Disagreed(Struct, frozen=True):
    """The resident did not agree to the plan or its price; another is to be proposed (B5, B10)."""

    reason: Personal[str]
    spoken_to: Who[str | None] = None
    spoken_at: datetime | None = None
    manner: str | None = None


class PriceAsked(Struct, frozen=True):
    """The resident asked for the price before any work, or the desk by their word (C16).

    `deadlines` has the clock of the quote.
    """

    note: Personal[str | None]
    deadlines: tuple[Deadline, ...]
    spoken_to: Personal[str | None] = None
    spoken_at: datetime | None = None
    manner: str | None = None


class ChargeDeclared(Struct, frozen=True):
    """It was said whether the work costs the resident anything (G11); `reason` says why.

    `on_list`: the price list has its price. Where it has none, `deadlines` has the clock of the quote (C16).
    """

    chargeable: bool
    reason: str
    on_list: bool = False
    deadlines: tuple[Deadline, ...] = ()


class NotFeasible(Struct, frozen=True):
    """The head of the department found that a repair cannot be done, and why (C16).

    That answers what it would cost. `unheard`: the resident hears of it by a message (telling.py).
    """

    reason: str
    unheard: bool = False


class AppointmentProposed(Struct, frozen=True):
    """A time for a visit was proposed, by either side; the other has still to agree (B11)."""

    visit_at: datetime
    note: Personal[str | None] = None


class AppointmentDeclined(Struct, frozen=True):
    """The other side did not agree to the proposed time (B11)."""

    note: Personal[str | None] = None


class AppointmentAgreed(Struct, frozen=True):
    """A visit stands: both sides have agreed to its time (B11).

    `deadlines` are the clocks that it moves. Before 0.2 whoever had the work could enter it alone.
    `unheard`: the company agreed to the resident's time, who hears of it by a message (telling.py).
    """

    visit_at: datetime
    note: Personal[str | None]
    deadlines: tuple[Deadline, ...]
    spoken_to: Who[str | None] = None
    spoken_at: datetime | None = None
    manner: str | None = None
    unheard: bool = False


AgreementEvent = (
    CauseReported
    | Proposed
    | Agreed
    | Disagreed
    | PriceAsked
    | ChargeDeclared
    | NotFeasible
    | AppointmentProposed
    | AppointmentDeclined
    | AppointmentAgreed
)
"""Every event of what is agreed; a new payload belongs here."""
