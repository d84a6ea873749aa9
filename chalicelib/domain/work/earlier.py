"""Earlier repairs of the same matter: of other cases, and the case's own that has come back (B13)."""

from datetime import date

from msgspec import Struct

from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.money import OF_THE_WORK, costs_nothing
from chalicelib.domain.case.rounds import accepted_at, repaired_before

REPAIRED = frozenset({State.COMPLETED, State.CLOSED, State.ARCHIVED})
"""The states of a case whose work may be an earlier repair."""


class Earlier(Struct, frozen=True):
    """An earlier repair of the matter in the unit, and who did it; `accepted_on` is None until accepted.

    `same`: it is the case itself, which goes on again.
    """

    number: str
    repaired_on: date
    accepted_on: date | None
    worker: str | None = None
    same: bool = False


def own_repair(case: Case, context: Context) -> Earlier | None:
    """The case's own work that has come back, as an earlier repair (B13).

    None where it was of another matter, and where somebody pays already who is not the resident: whose it was
    it stays, and what came back is the company's in the costs. Unknown days are those of releases before.
    """
    past = repaired_before(case)
    is_free = costs_nothing(case.payer) and (case.payer is None or case.payer.of != case.number)
    if past is None or is_free or (past.matter or case.classification.matter) != case.classification.matter:
        return None
    day = context.calendar.local_date
    accepted_on = day(past.accepted_at) if past.accepted_at else None
    done_on = day(past.completed_at or case.clocks.started_at)
    return Earlier(case.number, done_on, accepted_on, past.handler, same=True)


def earlier_repair(case: Case, context: Context) -> Earlier | None:
    """A case as an earlier repair: completed, and accepted by its signature (B13).

    Where none was asked for, in cases of earlier releases and on the spot, its closing stands for that.
    """
    is_work, completed_at = case.classification.kind in OF_THE_WORK, case.work.completed_at
    if not is_work or case.state not in REPAIRED or completed_at is None:
        return None
    signed_at = accepted_at(case)
    return Earlier(
        case.number,
        context.calendar.local_date(completed_at),
        context.calendar.local_date(signed_at) if signed_at else None,
        case.worker,
    )
