"""What others than residents bear, month by month: what the developer owes (B9, G12)."""

from collections.abc import Iterable

from msgspec import Struct

from chalicelib.domain.community.community import Member
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.work.accounts import why_no_accounts
from chalicelib.domain.work.borne import Borne, Sums, sums_of
from chalicelib.domain.work.warranty import Payer
from chalicelib.services.account_port import AccountStore


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
