"""The view of a case for staff (E8); `link_view` has that of those who hold a link.

Each view is a model of its own, made field by field: what is not named here does not leave. Deadlines are
given in the community's zone; every other instant is UTC.
"""

from collections.abc import Iterable
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import fields

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.alarm import Alarm, OutsideCall
from chalicelib.domain.case.case import IN_DISPATCH, Case, State
from chalicelib.domain.case.clocks import CurrentPause, ExtensionRequest
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.follow_up import Rating
from chalicelib.domain.case.measures import Measure
from chalicelib.domain.case.order import Order
from chalicelib.domain.case.plan_check import PlanCheck
from chalicelib.domain.case.points import Point
from chalicelib.domain.case.sign_off import SignOff
from chalicelib.domain.case.visit_deadlines import standing_visit, visit_put_off
from chalicelib.domain.case.who_sees import sees_contact, why_not_revealed
from chalicelib.domain.case.work import ProposedVisit
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.community.community import Member
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.intake.triage.proposal import corrected
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.work.appointment import waiting_visit
from chalicelib.services.access.allowed_commands import possible_for_member
from chalicelib.services.records import StoredNotice
from chalicelib.services.views.acceptance_view import AcceptanceView, acceptance_view
from chalicelib.services.views.deadline_view import DeadlineView, deadline_views
from chalicelib.services.views.filed_report import FiledReport, filed_report
from chalicelib.services.views.malicious_view import MaliciousView
from chalicelib.services.views.names import matter_name
from chalicelib.services.views.notice_view import NoticeView, notice_views
from chalicelib.services.views.order_view import order_of
from chalicelib.services.views.parts import newest_notices
from chalicelib.services.views.reply_view import ReplyView, reply_view
from chalicelib.services.views.shown import masked_case


class CaseView(Struct, frozen=True):
    """A case as staff see it. Where `contact_hidden`, who reported it is masked, in texts as well, until the
    member has it revealed with a reason, if they `can_reveal`; `shielded` as in the report (G13).

    `visit_put_off`: a pause lies over the agreed visit (B11). `overdue`: its time to solve has run out;
    `overdue_clocks` are all that were marked late in this round. `ask_again_after` wrote the answer after
    which somebody else asks again. `returned_by` made the present round, `returned_because` was said of
    it; `fault` is what a revisit found wrong. `points` were raised at revisits, those without
    `answered_at` wait for an answer. `adopted` is what the manager decided on a suggestion;
    `may_be_named`: they agree to it. `notices` are the messages about it, null in the answer to a
    command; `notices_older` came before. `report_owed`: a written report (B6), `reply_owed`: an answer
    `in_writing` is due (A12). `malicious`: whoever reported it is on the malicious track (G14). `about`
    are the staff whom it is about, `about_unknown` if somebody was not named. `proposal` is the triage's,
    and `corrected` what people decided otherwise (A8). `care_by` agreed on `care_on` to the note of care.
    `text`, `unit`, `resident_name` are null while nobody knows them. `call_back`: the call broke off; so
    often they were `called_in_vain`; `call` is its id (A1). `alarm`: who was told of an emergency and has
    it; `outside_calls`: who called whom outside (A6). `joined` were merged into it; it `leads` an
    incident, is `by_incident` of that of `merged_into`, or may be of `offered`'s (A16).
    """

    community: str
    number: str
    version: int
    state: State
    round: int
    classification: ev.Classification
    matter_name: str
    text: str | None
    unit: str | None
    resident_name: str | None
    phone: str | None
    email: str | None
    contact_hidden: bool
    can_reveal: bool
    shielded: bool
    channel: ev.Channel
    taken_by: str
    contacted_at: datetime | None
    registered_at: datetime
    about: tuple[str, ...]
    about_unknown: bool
    about_person: str | None
    against: str | None
    course_of_events: str | None
    witnesses: str | None
    left_out: tuple[str, ...]
    evidence: tuple[str, ...]
    follows: str | None
    in_writing: bool
    care_by: str | None
    care_on: date | None
    answerable: str
    handler: str | None
    handler_name: str | None
    signed_by: str | None
    regulation: str
    regulation_version: str
    zone: str
    deadlines: tuple[DeadlineView, ...]
    overdue: bool
    overdue_clocks: tuple[Clock, ...]
    pause: CurrentPause | None
    plan: ev.Proposed | None
    appointment: datetime | None
    visit_put_off: datetime | None
    proposed_visit: ProposedVisit | None
    chargeable: bool
    order: Order | None
    acceptance: AcceptanceView | None
    sign_off: SignOff | None
    plan_check: PlanCheck | None
    extension_request: ExtensionRequest | None
    result: str | None
    completed_at: datetime | None
    ratings: tuple[Rating, ...]
    revisitor: str | None
    revisit_due_at: datetime | None
    ask_again_after: str | None
    revisits: tuple[ev.RevisitRecorded, ...]
    review_group: tuple[str, ...]
    returned_by: str | None
    returned_because: str | None
    fault: str | None
    points: tuple[Point, ...]
    adopted: bool | None
    may_be_named: bool
    reply: ReplyView | None
    reply_owed: bool
    report_owed: bool
    written_report: FiledReport | None
    findings: str | None
    objection: str | None
    referred_to: str | None
    explanation: str | None
    closed_at: datetime | None
    close_reason: ev.CloseReason | None
    revisit_left_out: bool
    merged_into: str | None
    by_incident: bool
    leads: bool
    joined: int
    offered: str | None
    proposal: ev.Proposal | None
    alarm: Alarm | None
    outside_calls: tuple[OutsideCall, ...]
    corrected: tuple[str, ...]
    urged: int
    call: str | None
    recordings: tuple[str, ...]
    call_back: bool
    called_in_vain: int
    commands: tuple[str, ...]
    payer: ev.PayerFound | None = None
    loss: ev.LossRecorded | None = None
    measures: tuple[Measure, ...] = ()
    notices: tuple[NoticeView, ...] | None = None
    notices_older: int = 0
    malicious: MaliciousView | None = None


OF_THE_REPORT = tuple(
    entry.name
    for entry in fields(ev.Report)
    if entry.name in CaseView.__struct_fields__ and entry.name != "about"
)
"""What a case shows of its report as it stands there: of the report's fields those that the view names."""
OF_THE_FOLLOW_UP = ("revisitor", "revisit_due_at", "ask_again_after", "revisits", "review_group",
                    "returned_by", "returned_because")  # fmt: skip
OF_THE_CASE = (
    "community", "number", "version", "state", "round", "classification", "registered_at", "answerable",
    "regulation", "regulation_version", "zone", "points", "payer", "loss", "measures", "leads", "proposal",
    "alarm", "outside_calls",
)  # fmt: skip
OF_THE_ENDING = ("findings", "objection", "referred_to", "explanation", "closed_at", "close_reason",
                 "revisit_left_out", "merged_into", "by_incident")  # fmt: skip
OF_THE_WORK = ("plan", "chargeable", "result", "completed_at", "adopted")
"""What it shows of the case, the follow-up, of how it ended, and of the work, as it stands there."""


def case_view(
    case: Case,
    member: Member,
    context: Context,
    now: datetime,
    words: Catalogue,
    notices: Iterable[StoredNotice] | None = None,
    malicious: MaliciousView | None = None,
    *,
    reasons: bool = True,
    revealed: bool = False,
    passed_over: int = 0,
) -> CaseView:
    """The case as that member may see it; the scope was checked before (`authorization.readable_case`).

    Its deadlines have their reasons if those are wanted; the answer to a command has none. So many of the
    newest notices are `passed_over`.
    """
    shown = sees_contact(member, case) or revealed
    possible = possible_for_member(case, member, context, now)
    can_reveal = not shown and why_not_revealed(member, case) is None
    case = case if shown else masked_case(case)
    recent, older = newest_notices(notice_views(notices or (), context), passed_over)
    return CaseView(
        **{name: getattr(case, name) for name in OF_THE_CASE},
        **{name: getattr(case.report, name) for name in OF_THE_REPORT},
        **{name: getattr(case.follow_up, name) for name in OF_THE_FOLLOW_UP},
        **{name: getattr(case.ending, name) for name in OF_THE_ENDING},
        **{name: getattr(case.work, name) for name in OF_THE_WORK},
        matter_name=matter_name(case.classification.matter, context, words.language),
        contact_hidden=not shown,
        can_reveal=can_reveal,
        about=case.about.people,
        about_unknown=case.about.unknown,
        handler=case.assignment.handler,
        handler_name=name_of(case.assignment.handler, context) if case.assignment.handler else None,
        signed_by=case.assignment.signed_by,
        deadlines=deadline_views(case, context, now, words, reasons=reasons),
        overdue=Clock.SOLVE in case.overdue,
        overdue_clocks=case.overdue,
        pause=case.clocks.pause,
        appointment=standing_visit(case),
        visit_put_off=visit_put_off(case),
        proposed_visit=waiting_visit(case, now) if case.state in IN_DISPATCH else None,
        order=order_of(case.order),
        acceptance=acceptance_view(case),
        **{name: getattr(case.work, name).shown for name in ("sign_off", "plan_check")},
        extension_request=case.clocks.extension_request,
        ratings=case.tally.ratings,
        fault=case.follow_up.fault.text if case.follow_up.fault else None,
        reply=reply_view(case),
        reply_owed=case.owes_reply,
        report_owed=case.report_duty.owed,
        written_report=filed_report(case),
        joined=len(case.joined),
        offered=case.offered if case.state in IN_DISPATCH and case.ending.left != case.offered else None,
        corrected=corrected(case),
        urged=case.tally.urged,
        call_back=case.call_back.owed and case.state in IN_DISPATCH,
        called_in_vain=case.call_back.tried,
        commands=tuple(row.command for row in possible),
        notices=None if notices is None else recent,
        notices_older=older,
        malicious=malicious,
    )
