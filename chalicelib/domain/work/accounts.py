"""The accounts of a month: what was billed, paid and signed, and who signs the month (B9, B10)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.numbering import month_of
from chalicelib.domain.case.order import Bill
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import Duty, Role
from chalicelib.domain.errors import CommandRefusedError, DomainError, NotAllowedError

MONEY_DUTIES = frozenset({Duty.CASHIER, Duty.STATISTICIAN})
MONEY_READERS = frozenset({Role.MANAGER, Role.COMPANY_HEAD})
"""Who reads the accounts beside those with a duty for money."""
OWED = "owed"
"""Where the accounts have what was billed and is not paid."""


class Entry(Struct, frozen=True):
    """A bill as the accounts have it: of which case, and its place among the case's bills.

    No name of a resident: a number, amounts in fen, and who of staff took and signed them. `goes_back`: what
    was paid turned out to be free; it was given back at `given_back_at` against the receipt `back`.
    """

    number: str
    place: int
    labour_fen: int
    material_fen: int
    billed_at: datetime
    paid_at: datetime | None = None
    receipt: str = ""
    paid_by: str = ""
    signed_by: str | None = None
    goes_back: bool = False
    given_back_at: datetime | None = None
    back: str = ""

    @property
    def total_fen(self) -> int:
        """Labour and material together."""
        return self.labour_fen + self.material_fen


class MonthSigned(Struct, frozen=True):
    """A month that a statistician signed: who, when, how many payments, and their sum in fen."""

    month: str
    by: str
    at: datetime
    count: int
    total_fen: int


def account_of(case: Case, bill: Bill) -> str | None:
    """The month that a payment belongs to; `owed` for what is to be paid, None for what was given up.

    A payment belongs to the month in which it was taken, in the case's own time, whenever it was billed.
    """
    if bill.paid is not None:
        return month_of(bill.paid.at, case.zone)
    return OWED if bill.is_owed else None


def entry_of(case: Case, place: int, bill: Bill) -> Entry:
    """A bill of a case as the accounts have it."""
    paid, back = bill.paid, bill.given_back
    return Entry(
        number=case.number,
        place=place,
        labour_fen=bill.labour_fen,
        material_fen=bill.material_fen,
        billed_at=bill.at,
        paid_at=paid.at if paid else None,
        receipt=paid.receipt if paid else "",
        paid_by=paid.by if paid else "",
        signed_by=bill.signed_by,
        goes_back=bill.free and paid is not None,
        given_back_at=back.at if back else None,
        back=back.receipt if back else "",
    )


def accounts_of(case: Case | None) -> dict[tuple[str, int], Entry]:
    """(account, place) → entry of all bills of a case; none before it exists."""
    if case is None:
        return {}
    placed = ((account_of(case, bill), place, bill) for place, bill in enumerate(case.order.bills))
    return {(account, place): entry_of(case, place, bill) for account, place, bill in placed if account}


def with_one_receipt(entries: Iterable[Entry]) -> dict[str, tuple[str, ...]]:
    """Each receipt that stands for more than one payment → their cases: paid together, or mistyped (B9)."""
    numbers: defaultdict[str, list[str]] = defaultdict(list)
    for entry in entries:
        numbers[entry.receipt].append(entry.number)
    return {receipt: tuple(of) for receipt, of in numbers.items() if len(of) > 1}


def why_no_accounts(member: Member) -> DomainError | None:
    """Whoever has a duty for money reads the accounts, and so do the managers (E8)."""
    if member.role in MONEY_READERS or MONEY_DUTIES & set(member.duties):
        return None
    return NotAllowedError("Cashier, statistician and manager read the accounts.", "not_money")


def why_month_not_signed(
    member: Member, month: str, now: datetime, entries: tuple[Entry, ...], signed: MonthSigned | None
) -> DomainError | None:
    """A statistician signs a month once, when it is over, and never own takings (B9)."""
    if Duty.STATISTICIAN not in member.duties:
        return NotAllowedError("Only a statistician can do this.", "not_statistician")
    if signed is not None:
        return CommandRefusedError("This month is signed.", "month_signed")
    if month >= month_of(now, member.community.zone):
        return CommandRefusedError("A month is signed when it is over.", "month_not_over")
    if any(entry.paid_by == member.username for entry in entries):
        return NotAllowedError("Whoever took the money does not sign the account of it.", "own_account")
    return None
