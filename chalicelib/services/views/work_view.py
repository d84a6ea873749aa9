"""The view of a case for its handler's link (E8, G8): what, where, by when."""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.alarm import Alarm, OutsideCall
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.clocks import CurrentPause, ExtensionRequest
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.links import Link, Purpose
from chalicelib.domain.case.order import Order
from chalicelib.domain.case.plan_check import PlanCheck
from chalicelib.domain.case.sign_off import SignOff
from chalicelib.domain.case.visit_deadlines import standing_visit, visit_put_off
from chalicelib.domain.case.who_sees import is_phone_on_work_link
from chalicelib.domain.case.work import ProposedVisit
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.regulation.limits import Clock
from chalicelib.services.access.allowed_commands import possible_for_link
from chalicelib.services.views.acceptance_view import AcceptanceView, acceptance_view
from chalicelib.services.views.deadline_view import DeadlineView, deadline_views
from chalicelib.services.views.history import Part, TimelineEntry
from chalicelib.services.views.names import matter_name
from chalicelib.services.views.order_view import order_of
from chalicelib.services.views.shown import masked_case, visit_shown


class WorkView(Struct, frozen=True):
    """A case as its handler sees it through the work link: what, where, by when.

    `returned_by` and `returned_because` say what has to be put right where the work came back. The residents
    of the `joined` cases that were merged into it read result, findings and explanation, too (A16).
    """

    purpose: Purpose
    community_name: str
    number: str
    version: int
    state: State
    round: int
    classification: ev.Classification
    matter_name: str
    text: str | None
    returned_by: str | None
    returned_because: str | None
    unit: str | None
    resident_name: str | None
    phone: str | None
    shielded: bool
    against: str | None
    evidence: tuple[str, ...]
    joined: int
    zone: str
    deadlines: tuple[DeadlineView, ...]
    overdue: bool
    pause: CurrentPause | None
    plan: ev.Proposed | None
    appointment: datetime | None
    visit_put_off: datetime | None
    proposed_visit: ProposedVisit | None
    chargeable: bool
    payer: ev.PayerFound | None
    order: Order | None
    acceptance: AcceptanceView | None
    sign_off: SignOff | None
    plan_check: PlanCheck | None
    extension_request: ExtensionRequest | None
    result: str | None
    alarm: Alarm | None
    outside_calls: tuple[OutsideCall, ...]
    commands: tuple[str, ...]
    timeline: tuple[TimelineEntry, ...] | None
    earlier: int | None


def work_view(
    case: Case,
    link: Link,
    context: Context,
    now: datetime,
    words: Catalogue,
    part: Part,
    *,
    reasons: bool,
) -> WorkView:
    """The case for whoever has the work, by their link."""
    if case.report.shielded:
        case = masked_case(case)
    report = case.report
    return WorkView(
        purpose=link.purpose,
        community_name=context.community.name,
        number=case.number,
        version=case.version,
        state=case.state,
        round=case.round,
        classification=case.classification,
        matter_name=matter_name(case.classification.matter, context, words.language),
        text=report.text,
        returned_by=case.follow_up.returned_by,
        returned_because=case.follow_up.returned_because,
        unit=report.unit,
        resident_name=report.resident_name,
        phone=report.phone if is_phone_on_work_link(case) else None,
        shielded=report.shielded,
        against=report.against,
        evidence=report.evidence,
        joined=len(case.joined),
        zone=case.zone,
        deadlines=deadline_views(case, context, now, words, reasons=reasons),
        overdue=Clock.SOLVE in case.clocks.overdue,
        pause=case.clocks.pause,
        plan=case.work.plan,
        appointment=standing_visit(case),
        visit_put_off=visit_put_off(case),
        proposed_visit=visit_shown(case, now),
        chargeable=case.work.chargeable,
        payer=case.payer,
        order=order_of(case.order),
        acceptance=acceptance_view(case),
        sign_off=case.work.sign_off.shown,
        plan_check=case.work.plan_check.shown,
        extension_request=case.clocks.extension_request,
        result=case.work.result,
        alarm=case.alarm,
        outside_calls=case.outside_calls,
        commands=tuple(row.command for row in possible_for_link(case, link, context, now)),
        timeline=part[0],
        earlier=part[1],
    )
