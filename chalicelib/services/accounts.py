"""The accounts of a month with the statistician's signature, and what others bear (B9, B10, G12)."""

from collections.abc import Iterable
from time import monotonic

from msgspec import Struct

from chalicelib.domain.case.command import Command
from chalicelib.domain.case.form_fields import NoteForm
from chalicelib.domain.community.community import Member
from chalicelib.domain.errors import DomainError, InvalidInputError
from chalicelib.domain.work.accounts import (
    Entry,
    MonthSigned,
    why_month_not_signed,
    why_no_accounts,
)
from chalicelib.domain.work.borne import Borne, Sums, sums_of
from chalicelib.domain.work.warranty import Payer
from chalicelib.services.account_port import AccountStore
from chalicelib.services.desk import Desk

LONGEST_SECONDS = 15.0
"""So long one signing goes through payments; what is left is signed by going on (ours)."""


class MonthAccount(Struct, frozen=True):
    """The accounts of a month: payments, what is owed today, its signature, and why it cannot be signed.

    `later`: so many payments came in after the signature; they are no part of what was signed.
    """

    month: str
    entries: tuple[Entry, ...]
    owed: tuple[Entry, ...]
    signed: MonthSigned | None
    refused: DomainError | None

    @property
    def later(self) -> int:
        """How many payments are there that the signature does not count."""
        return len(self.entries) - self.signed.count if self.signed else 0


class Signing(Struct, frozen=True):
    """What became of a signing: how many payments are `left`, and why not, for those that were refused."""

    left: int
    refused: tuple[tuple[str, DomainError], ...] = ()


def month_account(desk: Desk, accounts: AccountStore, member: Member, month: str) -> MonthAccount:
    """The accounts of a month (`YYYYMM`); NotAllowedError for whoever has nothing to do with money."""
    if refused := why_no_accounts(member):
        raise refused
    entries, signed = accounts.month(member.community.id, month)
    why_not = why_month_not_signed(member, month, desk.now(), entries, signed)
    return MonthAccount(month, entries, accounts.owed(member.community.id), signed, why_not)


def sign_month(desk: Desk, accounts: AccountStore, member: Member, month: str) -> Signing:
    """Sign every payment of a month on its case, then the month; done again it goes on where it stopped.

    Raises what `why_month_not_signed` says. The month is signed once nothing is left.
    """
    found = month_account(desk, accounts, member, month)
    if found.refused:
        raise found.refused
    until, refused = monotonic() + LONGEST_SECONDS, []
    for entry in found.entries:
        if entry.signed_by is None and monotonic() < until:
            try:
                _sign(desk, member, month, entry)
            except DomainError as error:
                refused.append((entry.number, error))
    entries, signed = accounts.month(member.community.id, month)
    left = sum(entry.signed_by is None for entry in entries)
    if not left and signed is None:
        total = sum(entry.total_fen for entry in entries)
        accounts.sign(
            member.community.id, MonthSigned(month, member.username, desk.now(), len(entries), total)
        )
    return Signing(left, tuple(refused))


def _sign(desk: Desk, member: Member, month: str, entry: Entry) -> None:
    case = desk.cases.get(member.community.id, entry.number)
    command_id = f"{member.username}#account {month} {entry.number}.{entry.place}"
    desk.carry_out(case, Command("sign_account", member.actor(), desk.now(), command_id, NoteForm()))


class BorneList(Struct, frozen=True):
    """What a party bears of work that is done: the cases asked for, the newest first, and their sums.

    `months` are the sums of each month of reports, the newest first, whichever month was asked for.
    """

    party: str
    month: str
    cases: tuple[Borne, ...]
    sums: Sums
    months: tuple[tuple[str, Sums], ...]


def borne_list(accounts: AccountStore, member: Member, party: str, month: str = "") -> BorneList:
    """What a party bears, of a month of reports (`YYYYMM`), or of all.

    NotAllowedError for whoever has nothing to do with money, InvalidInputError for a party that there is not.
    """
    if refused := why_no_accounts(member):
        raise refused
    if party not in set(Payer):
        raise InvalidInputError(f"'payer' is one of: {', '.join(Payer)}.")
    known = [borne for borne in accounts.borne(member.community.id, party) if borne.done][::-1]
    asked = tuple(borne for borne in known if month in {"", borne.month})
    return BorneList(party, month, asked, sums_of(asked), tuple(_by_month(known)))


def _by_month(known: Iterable[Borne]) -> Iterable[tuple[str, Sums]]:
    months: dict[str, list[Borne]] = {}
    for borne in known:
        months.setdefault(borne.month, []).append(borne)
    return ((month, sums_of(of)) for month, of in months.items())
