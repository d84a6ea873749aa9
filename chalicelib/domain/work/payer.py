"""Who pays for a repair: found from handover and earlier repairs, or stated; and losses (B13, B16, G12)."""

from collections.abc import Collection
from datetime import date, datetime

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.events.money import UNCLEAR
from chalicelib.domain.case.form_fields import LongText, ShortText, check
from chalicelib.domain.case.money import OF_THE_WORK
from chalicelib.domain.case.spoken import check_manner, check_spoken_at, why_own_work
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.dispatch.responsibility import why_neither_own_nor_desk, why_unsorted
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError
from chalicelib.domain.regulation.policies import WarrantyPolicy
from chalicelib.domain.work.earlier import Earlier
from chalicelib.domain.work.free import freed_by
from chalicelib.domain.work.pricing import why_no_price
from chalicelib.domain.work.warranty import Liability, Payer, who_pays

DEAREST_LOSS_FEN = 100_000_000
"""A million yuan: above it a comma was forgotten (ours)."""
MAY_CHANGE_IT = frozenset(
    ev.event_type(kind) for kind in (ev.Registered, ev.Classified, ev.FilledIn, ev.Reopened, ev.TakenBack)
)
"""The events after which somebody else may pay: they say unit, kind and matter, or the case goes on again.

It is told as of the day of the report, so that nothing of other cases changes it later.
"""


class PayerForm(Struct, frozen=True):
    """The form of saying who pays, and why (G12); `payer` is one of the four parties."""

    payer: ShortText
    reason: LongText

    def __post_init__(self) -> None:
        check(self)
        if self.payer not in set(Payer):
            raise InvalidInputError(f"'payer' is one of: {', '.join(Payer)}.")


class FoundForm(Struct, frozen=True):
    """The form with which the desk itself puts down what it found."""

    found: ev.PayerFound


class LossForm(Struct, frozen=True):
    """The form of a loss (B16): `amount_fen` in fen, `what` was lost, and which `party` is liable for it.

    `agreed`: both sides have agreed to it. With that, and only with it, goes `spoken_to`, who said so for the
    other side, `spoken_at` when, and `manner` how.
    """

    amount_fen: int
    what: LongText
    party: ShortText
    agreed: bool = False
    spoken_to: ShortText | None = None
    spoken_at: datetime | None = None
    manner: ShortText | None = None

    def __post_init__(self) -> None:
        check(self, blank_is_none=True)
        if not 0 < self.amount_fen <= DEAREST_LOSS_FEN:
            raise InvalidInputError(
                f"'amount_fen' is an amount in fen, 1 to {DEAREST_LOSS_FEN}.", "loss_amount"
            )
        word = (self.spoken_to, self.spoken_at, self.manner)
        if self.agreed != (None not in word) or self.agreed != any(word):
            raise InvalidInputError(
                "'agreed' goes with 'spoken_to', 'spoken_at' and 'manner': who said so for the other side, "
                "when and how; what is not agreed to yet goes without them.",
                "loss_agreed_by",
            )
        if self.manner is not None:
            check_manner(self.manner)


def warranty_of(
    policy: WarrantyPolicy,
    matter: str,
    on: date,
    handed_over_on: date | None,
    earlier: Earlier | None,
    component: str | None = None,
    *,
    common: bool = False,
) -> ev.PayerFound | None:
    """Who pays for a repair; None where the handover of a home is not known and nothing was repaired before.

    A return within the warranty of a repair goes before the construction's (B13, G12). `component` is what
    was found on the spot; `common`: it is in nobody's home. Under a matter that names no one item a person
    looks before anything is free.
    """

    def liability_of(repair: Earlier | None) -> Liability:
        return who_pays(
            policy,
            matter=matter,
            reported_on=on,
            handed_over_on=handed_over_on,
            common_part=common or matter in policy.common,
            component=component,
            repaired_on=repair.repaired_on if repair else None,
            repair_accepted_on=repair.accepted_on if repair else None,
        )

    is_unclear = matter in policy.catch_all and not (earlier is not None and earlier.same)
    of_construction, liability = liability_of(None), liability_of(earlier)
    is_sure = of_construction.payer is Payer.DEVELOPER and component is not None
    if liability.payer is Payer.PROPERTY_COMPANY and earlier is not None and not (is_unclear and is_sure):
        because = "repair" if liability.last_day else "not_accepted"
        return ev.PayerFound(
            matter,
            UNCLEAR if is_unclear else liability.payer,
            "maybe_repair" if is_unclear else because,
            earlier.number,
            until=liability.last_day,
            worker=earlier.worker,
        )
    part, until = of_construction.component, of_construction.last_day
    if of_construction.payer is Payer.DEVELOPER:
        if is_unclear and not is_sure:
            return ev.PayerFound(matter, UNCLEAR, "maybe_construction", component=part, until=until)
        return ev.PayerFound(matter, of_construction.payer, "construction", component=part, until=until)
    if handed_over_on is None and of_construction.payer is Payer.OWNER:
        return None  # a register that is loaded may still say that the developer pays
    because = "over" if until else "no_handover" if part and handed_over_on is None else "uncovered"
    return ev.PayerFound(matter, of_construction.payer, because, component=part, until=until)


def why_no_cost(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """Who pays, and whether it costs, handler or desk say, of repair and help (A7, G11, G12)."""
    if refused := why_neither_own_nor_desk(case, actor, context, at) or why_unsorted(
        case, actor, context, at
    ):
        return refused
    return why_no_price(case)


def may_change(case: Case, happened: Collection[str]) -> bool:
    """Whether somebody else may pay after such events: also once the part was found on the spot (G12)."""
    found = case.order.component is not None and ev.event_type(ev.ItemCompared) in happened
    return found or not MAY_CHANGE_IT.isdisjoint(happened)


def is_confirmed(known: ev.PayerFound, payer: str) -> bool:
    """Whether a person who says who pays confirms what was found, or may be: a return stays linked (B13)."""
    return known.payer == payer or (known.because == "maybe_repair" and payer == Payer.PROPERTY_COMPANY)


def state_payer(case: Case, command: Command[PayerForm], _: Context) -> Payloads:
    """The events of a person saying who pays; it stands until another says otherwise.

    Where that is not the resident, what was charged is given up (free.py).
    """
    form, known = command.form, case.payer
    same = known if known is not None and is_confirmed(known, form.payer) else None
    found = ev.PayerFound(
        case.classification.matter,
        form.payer,
        "stated",
        same.of if same else None,
        reason=form.reason,
        worker=same.worker if same else None,
    )
    return (found, *freed_by(case, found))


def find_payer(case: Case, command: Command[FoundForm], _: Context) -> Payloads:
    """The events of what the desk found by itself, as in `state_payer`.

    Refused if the case was corrected meanwhile.
    """
    about = case.classification
    if about.kind not in OF_THE_WORK or about.matter != command.form.found.matter:
        raise InvalidInputError("The case is about something else by now.")
    return (command.form.found, *freed_by(case, command.form.found))


def why_not_found(case: Case, _: Actor, __: Context, ___: datetime) -> DomainError | None:
    """What a person has stated, nothing that is found replaces."""
    if case.payer is not None and case.payer.because == "stated":
        return CommandRefusedError("A person has stated who pays.", "payer_stated")
    return None


def record_loss(case: Case, command: Command[LossForm], _: Context) -> Payloads:
    """The event of a loss; whoever has the work records no agreement to it alone (B16, G7)."""
    form = command.form
    if form.spoken_at is not None:
        check_spoken_at(form.spoken_at, case.registered_at, command.at)
    if form.agreed and (refused := why_own_work(case, command.actor)):
        raise InvalidInputError(refused.message, refused.reason)  # without that tick it can be recorded
    word = (form.spoken_to, form.spoken_at, form.manner)
    return (ev.LossRecorded(form.amount_fen, form.what, form.party, form.agreed, *word),)
