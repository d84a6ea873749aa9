"""The work of a round: plan, price, visit, result."""

from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from chalicelib.domain.case import acceptance, plan_check, sign_off
from chalicelib.domain.case import events as ev
from chalicelib.domain.case.acceptance import Acceptance
from chalicelib.domain.case.money import OF_THE_WORK
from chalicelib.domain.case.plan_check import PlanCheck
from chalicelib.domain.case.sign_off import SignOff
from chalicelib.domain.community.roles import Role


class ProposedVisit(Struct, frozen=True):
    """A time for a visit that one side has proposed; the other has still to agree (B11).

    `version` is that of its event.
    """

    visit_at: datetime
    by: str
    by_resident: bool
    version: int


class Work(Struct, frozen=True):
    """The work of this round, from the department's plan to the result.

    `plan` was proposed at `planned_at`. `price_asked`: the resident wants to know the price before any work.
    `chargeable`: it costs the resident money, so that it waits for a price that is agreed to (G11).
    `unlisted`: it is chargeable and on no price list, so that somebody owes its price (C16).
    `appointment` is the time of the visit that both sides agreed to, `proposed_visit` one that waits for the
    other side. `on_the_spot`: solved while the report was taken (A10). `link_version` is the version of the
    event that the survey's link belongs to. `adopted`: what the manager decided on a suggestion.
    `solved_with` is the case by whose work it was solved (A16); `surveyed` as in `Completed`. `acceptance` is
    how far its acceptance has come, `sign_off` how far the head's signature under the result (B9),
    `plan_check` how far the desk's look at a plan that the resident has not read (B5).
    `finding` is what somebody who looked into the complaint found last (B1).
    """

    plan: ev.Proposed | None = None
    planned_at: datetime | None = None
    plan_agreed: bool = False
    price_asked: bool = False
    chargeable: bool = False
    unlisted: bool = False
    appointment: datetime | None = None
    proposed_visit: ProposedVisit | None = None
    arrived_at: datetime | None = None
    result: str | None = None
    on_the_spot: bool = False
    completed_at: datetime | None = None
    link_version: int = 0
    adopted: bool | None = None
    solved_with: str | None = None
    surveyed: bool = True
    acceptance: Acceptance = field(default_factory=Acceptance)
    sign_off: SignOff = field(default_factory=SignOff)
    finding: str | None = None
    plan_check: PlanCheck = field(default_factory=PlanCheck)

    @property
    def price_agreed(self) -> bool:
        """Whether the resident has agreed to a price."""
        return self.plan is not None and bool(self.plan.price_fen) and self.plan_agreed


def after(work: Work, event: ev.Event) -> Work:
    """The work after one more event; a new round begins with none."""
    signed, checked = sign_off.after(work.sign_off, event), plan_check.after(work.plan_check, event)
    changed = _after(work, event)
    if signed is work.sign_off and checked is work.plan_check:
        return changed
    return replace(changed, sign_off=signed, plan_check=checked)


def _after(work: Work, event: ev.Event) -> Work:
    match event.payload:
        case ev.Proposed() as proposed:
            costs = bool(proposed.price_fen)
            put = replace(work, plan=proposed, planned_at=event.at, plan_agreed=False)
            return replace(put, price_asked=False, chargeable=costs, unlisted=False)
        case ev.Verified(finding=finding):
            return replace(work, finding=finding)
        case ev.Agreed():
            return replace(work, plan_agreed=True)
        case ev.Disagreed():
            return replace(work, plan=None)
        case ev.ItemCompared(differs=True) if work.price_agreed:  # for something else than this (B10)
            return replace(work, plan_agreed=False)
        case ev.ChargeDeclared(chargeable=chargeable, on_list=on_list):
            return replace(work, chargeable=chargeable, unlisted=chargeable and not on_list)
        case ev.NotFeasible():
            return replace(work, plan=None, price_asked=False, chargeable=False, unlisted=False)
        case ev.ChargeGivenUp():
            return _without_price(work)
        case ev.AppointmentProposed(visit_at=visit_at):
            by_resident = event.actor.role is Role.RESIDENT
            return replace(
                work, proposed_visit=ProposedVisit(visit_at, event.actor.id, by_resident, event.version)
            )
        case ev.AppointmentDeclined():
            return replace(work, proposed_visit=None)
        case ev.AppointmentAgreed(visit_at=visit_at):
            return replace(work, appointment=visit_at, proposed_visit=None)
        case ev.Arrived() | ev.Started():
            return replace(work, arrived_at=work.arrived_at or event.at)
        case ev.PriceAsked():
            return replace(work, price_asked=True)
        case ev.Classified(classification=classification):
            return _reclassified(work, classification)
        case ev.SuggestionDecided(adopted=adopted):
            return replace(work, adopted=adopted)
        case ev.Completed() as completed:
            return replace(
                work,
                result=completed.result,
                on_the_spot=completed.on_the_spot,
                completed_at=event.at,
                link_version=event.version,
                solved_with=completed.incident,
                surveyed=completed.surveyed,
                acceptance=acceptance.after(work.acceptance, event),
            )
        case ev.Reopened():
            return Work()
        case (
            ev.WorkAccepted()
            | ev.CommonWorkAccepted()
            | ev.NobodyHome()
            | ev.AcceptanceDaySet()
            | ev.AcceptanceChased()
            | ev.AcceptanceGivenUp()
        ):
            return replace(work, acceptance=acceptance.after(work.acceptance, event))
        case _:
            return work


def _reclassified(work: Work, classification: ev.Classification) -> Work:
    """An emergency waits for no visit; nothing costs anything for which nobody comes."""
    is_emergency = classification.urgency == "emergency"
    put = replace(
        work,
        appointment=None if is_emergency else work.appointment,
        proposed_visit=None if is_emergency else work.proposed_visit,
    )
    return put if classification.kind in OF_THE_WORK else _without_price(put)


def _without_price(work: Work) -> Work:
    """The work that costs nothing, whatever was asked, said or put to the resident; the plan stays."""
    plan = replace(work.plan, price_fen=None, listed=None, material_fen=None) if work.plan else None
    return replace(work, plan=plan, price_asked=False, chargeable=False, unlisted=False)
