"""The view of a case for its resident or handler's link (E5, E8, G8).

Models of their own, made field by field: what is not named here does not leave.
"""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import IN_DISPATCH, Case, State
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.follow_up import Rating
from chalicelib.domain.case.links import OF_STAFF, Link, Purpose
from chalicelib.domain.case.visit_deadlines import standing_visit, visit_put_off
from chalicelib.domain.case.work import ProposedVisit
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.dispatch.department_names import department_name
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.follow_up.praise import PRAISE
from chalicelib.domain.notices.history_readers import LINK_READERS
from chalicelib.domain.regulation.limits import Clock
from chalicelib.services.access.allowed_commands import possible_for_link
from chalicelib.services.findings.praise import PraiseView
from chalicelib.services.views.acceptance_view import AcceptanceView, acceptance_view
from chalicelib.services.views.deadline_view import DeadlineView, promised_views
from chalicelib.services.views.history import TimelineEntry, newest_timeline
from chalicelib.services.views.incident_view import IncidentView, incident_view
from chalicelib.services.views.malicious_view import Marked, marked_until
from chalicelib.services.views.merged_view import MergedView, merged_view
from chalicelib.services.views.names import matter_name
from chalicelib.services.views.order_view import OrderView, order_view
from chalicelib.services.views.reply_view import ReplyRead, reply_read
from chalicelib.services.views.shown import masked_events, visit_shown
from chalicelib.services.views.work_view import WorkView, work_view

OF_THE_ENDING = ("findings", "referred_to", "explanation", "merged_into")
"""What it shows of how the case ended, as it stands there."""


class TrackView(Struct, frozen=True):
    """A case as its resident sees it through the tracking link or the survey's.

    Nobody comes for the visit that was `visit_put_off` by a pause: another time is to be agreed on (B11). Of
    a long timeline it is the newest part; `earlier` asks for the part before it.
    """

    purpose: Purpose
    community_name: str
    number: str
    version: int
    state: State
    round: int
    kind: str
    matter_name: str
    text: str | None
    shielded: bool
    department_name: str
    handler_name: str | None
    on_the_spot: bool
    registered_at: datetime
    zone: str
    deadlines: tuple[DeadlineView, ...]
    overdue: bool
    paused: bool
    plan: ev.Proposed | None
    appointment: datetime | None
    visit_put_off: datetime | None
    proposed_visit: ProposedVisit | None
    chargeable: bool
    order: OrderView | None
    acceptance: AcceptanceView | None
    result: str | None
    promised_until: datetime | None
    rating: Rating | None
    reply: ReplyRead | None
    findings: str | None
    referred_to: str | None
    explanation: str | None
    merged_into: str | None
    merged: MergedView | None
    offered: IncidentView | None
    marked: Marked | None
    praise: PraiseView | None
    commands: tuple[str, ...]
    timeline: tuple[TimelineEntry, ...] | None
    earlier: int | None


def link_view(
    case: Case,
    link: Link,
    context: Context,
    now: datetime,
    words: Catalogue,
    events: Iterable[ev.Event] | None = None,
    last: tuple[Case, Context] | None = None,
    praise: PraiseView | None = None,
    *,
    offered: Case | None = None,
    reasons: bool = True,
    before: int | None = None,
) -> TrackView | WorkView:
    """The view of a case for the holder of a link.

    `access.authorization.open_link` has checked the link before.

    With its `events` the view has a timeline: of what the resident reads, or the handler, up to a version
    `before`. Its deadlines have their reasons if those are wanted; the answer to a command has none. `last`
    is the case that it was merged into and that goes on, with its context. `praise` is what the resident can
    praise, or has, in this round; `offered` the case that leads the incident which theirs may be of.
    """
    reader = LINK_READERS[link.purpose]
    if events is not None and link.purpose in OF_STAFF and case.report.shielded:
        events = masked_events(case, events)
    part = newest_timeline(reader, case, events, context, before)
    if link.purpose in OF_STAFF:
        return work_view(case, link, context, now, words, part, reasons=reasons)
    # the survey asks how the work was; what a joined case was promised, the one that leads has to keep (A16)
    about, unasked = case.classification, link.purpose is Purpose.RATE or case.is_joined
    worker = case.assignment.handler or case.assignment.completed_by
    return TrackView(
        purpose=link.purpose,
        community_name=context.community.name,
        number=case.number,
        version=case.version,
        state=case.state,
        round=case.round,
        kind=about.kind,
        matter_name=matter_name(about.matter, context, words.language),
        text=case.report.text,
        shielded=case.report.shielded,
        department_name=department_name(about.department, context.community, words),
        handler_name=name_of(worker, context) if worker else None,
        on_the_spot=case.work.on_the_spot,
        registered_at=case.registered_at,
        zone=case.zone,
        deadlines=() if unasked else promised_views(case, context, now, words, reasons=reasons),
        overdue=Clock.SOLVE in case.clocks.overdue,
        paused=case.clocks.pause is not None,
        plan=_plan_read(case),
        appointment=standing_visit(case),
        visit_put_off=visit_put_off(case),
        proposed_visit=visit_shown(case, now),
        chargeable=case.work.chargeable,
        order=order_view(case.order),
        acceptance=acceptance_view(case),
        result=case.work.result if case.state not in IN_DISPATCH else None,
        promised_until=case.follow_up.promised_until if case.state is State.COMPLETED else None,
        rating=case.rating,
        **{name: getattr(case.ending, name) for name in OF_THE_ENDING},
        reply=reply_read(case),
        merged=None if last is None else merged_view(*last, now, words, joined=case.is_joined),
        offered=None if offered is None else incident_view(offered, context, words),
        marked=marked_until(case, now),
        praise=praise,
        commands=(
            *(row.command for row in possible_for_link(case, link, context, now, offered)),
            *([PRAISE] if praise is not None and praise.given_at is None else []),
        ),
        timeline=part[0],
        earlier=part[1],
    )


def _plan_read(case: Case) -> ev.Proposed | None:
    """The plan that was put to the resident; who had handed it in stays inside (B5)."""
    plan = case.work.plan
    return None if plan is None else replace(plan, done_by=None, done_at=None)
