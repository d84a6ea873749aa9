"""A stand-in of the accounts: worked out from the cases that are stored."""

from chalicelib.domain.work.accounts import OWED, Entry, MonthSigned, accounts_of
from chalicelib.domain.work.borne import Borne, borne_by
from tests.fakes.memory import Memory


class FakeAccounts:
    """AccountStore."""

    def __init__(self, memory: Memory | None) -> None:
        self._memory = memory or Memory()
        self.signed: dict[tuple[str, str], MonthSigned] = {}

    def month(self, community: str, month: str) -> tuple[tuple[Entry, ...], MonthSigned | None]:
        return self._of(community, month), self.signed.get((community, month))

    def owed(self, community: str) -> tuple[Entry, ...]:
        return self._of(community, OWED)

    def borne(self, community: str, party: str) -> tuple[Borne, ...]:
        cases = (case for (place, _), case in sorted(self._memory.cases.items()) if place == community)
        return tuple(one for case in cases for one in borne_by(case) if one.party == party)

    def sign(self, community: str, signed: MonthSigned) -> bool:
        return self.signed.setdefault((community, signed.month), signed) is signed

    def _of(self, community: str, wanted: str) -> tuple[Entry, ...]:
        cases = (case for (place, _), case in self._memory.cases.items() if place == community)
        found = (entry for case in cases for (of, _), entry in accounts_of(case).items() if of == wanted)
        return tuple(sorted(found, key=lambda entry: entry.paid_at or entry.billed_at))
