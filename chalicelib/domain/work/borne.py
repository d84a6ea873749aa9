"""What a case cost each party that pays in the resident's place (B9, G12)."""

from collections.abc import Iterable

from msgspec import Struct

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.costs import bearer_of, is_done, is_unwritten
from chalicelib.domain.case.money import DEVELOPER
from chalicelib.domain.case.numbering import month_of


class Borne(Struct, frozen=True):
    """What one party bears of a case, in fen.

    No name of a resident. `month` is that of the report, as in its number. `lines` were written, `waits` of
    them have no price yet; without lines nobody has written what it cost. `done`: work was completed, so that
    it is owed. `claimed_fen` of it was claimed under `document`, and `paid_fen` paid against `receipts`.
    """

    number: str
    party: str
    month: str
    labour_fen: int = 0
    material_fen: int = 0
    lines: int = 0
    waits: int = 0
    done: bool = False
    claimed_fen: int = 0
    document: str = ""
    paid_fen: int = 0
    receipts: tuple[str, ...] = ()

    @property
    def total_fen(self) -> int:
        """Labour and material together."""
        return self.labour_fen + self.material_fen

    @property
    def is_priced(self) -> bool:
        """Whether what it cost is written, and every line has its price."""
        return self.lines > 0 and self.waits == 0


class Sums(Struct, frozen=True):
    """What several cases cost together, in fen.

    `unpriced` are those whose cost nobody has written, or whose price waits: the amounts are without what is
    missing there.
    """

    count: int
    labour_fen: int
    material_fen: int
    unpriced: int
    claimed_fen: int
    paid_fen: int

    @property
    def total_fen(self) -> int:
        """Labour and material together."""
        return self.labour_fen + self.material_fen


def borne_by(case: Case) -> tuple[Borne, ...]:
    """What each party bears of a case; empty where the resident pays, or nobody has said who does.

    The developer is among them once the work is done, also while nobody has written what it cost; so is a
    party from whom something is claimed, whatever it bears by now.
    """
    costs, payer, charged = case.order.costs, case.payer, case.order.charged
    lines = [(bearer_of(line, payer, charged), line) for line in costs.standing]
    parties = dict.fromkeys(party for party, _ in lines if party is not None)
    if is_unwritten(costs, payer, charged, case.rounds):
        parties[DEVELOPER] = None
    if costs.claim is not None:
        parties[costs.claim.party] = None
    done, month = is_done(case.rounds), month_of(case.registered_at, case.zone)
    found = []
    for party in parties:
        own = [line for of, line in lines if of == party]
        claim = costs.claim if costs.claim is not None and costs.claim.party == party else None
        found.append(
            Borne(
                number=case.number,
                party=party,
                month=month,
                labour_fen=sum(line.labour_fen or 0 for line in own),
                material_fen=sum(line.material_fen or 0 for line in own),
                lines=len(own),
                waits=sum(line.waits for line in own),
                done=done,
                claimed_fen=claim.claimed_fen if claim else 0,
                document=claim.document if claim else "",
                paid_fen=claim.paid_fen if claim else 0,
                receipts=tuple(payment.receipt for payment in claim.payments) if claim else (),
            )
        )
    return tuple(found)


def sums_of(borne: Iterable[Borne]) -> Sums:
    """What the cases of a list cost together."""
    known = tuple(borne)
    return Sums(
        count=len(known),
        labour_fen=sum(one.labour_fen for one in known),
        material_fen=sum(one.material_fen for one in known),
        unpriced=sum(not one.is_priced for one in known),
        claimed_fen=sum(one.claimed_fen for one in known),
        paid_fen=sum(one.paid_fen for one in known),
    )
