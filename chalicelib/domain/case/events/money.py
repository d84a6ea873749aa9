"""The events of who pays for a repair, and of loss and liability (B13, B16, G12)."""

from datetime import date

from msgspec import Struct

from chalicelib.domain.case.personal import Personal

UNCLEAR = "unclear"
"""Who pays while nobody has looked whether it is the same item."""


class PayerFound(Struct, frozen=True):
    """Who pays for a repair of this matter was found, or said.

    `because`: `repair`, a return within the warranty of the repair `of`; `not_accepted`, a return before that
    was accepted; `construction`, the warranty of a `component` from the handover; `stated`, by a person, with
    their `reason`; `over`, `no_handover`, `uncovered`: no warranty says that anybody else pays than owner or
    fund. `maybe_repair`, `maybe_construction`: the matter names no one item, so that a person looks; `payer`
    is then `UNCLEAR`, and nothing is free. `until` is the last day of the warranty, `worker` whoever did the
    repair `of`: a return counts against theirs.
    """

    matter: str
    payer: str
    because: str
    of: str | None = None
    component: str | None = None
    until: date | None = None
    reason: str | None = None
    worker: str | None = None


class LossRecorded(Struct, frozen=True):
    """A loss was put on record: its amount in fen, what was lost, and who is liable for it (B16).

    `agreed`: both sides have agreed to that. What proves it are files of the case. The newest counts.
    """

    amount_fen: int
    what: Personal[str]
    party: Personal[str]
    agreed: bool = False


MoneyEvent = PayerFound | LossRecorded
