"""The page with the receipt of a report, and how far its message got (A11, G8)."""

from datetime import datetime

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.phones import can_be_written_to
from chalicelib.domain.dispatch.responsibility import rank_of_its_kind
from chalicelib.domain.notices.kinds import NoticeKind
from chalicelib.domain.regulation.limits import Clock
from chalicelib.services.access.authorization import OpenedLink
from chalicelib.services.intake.incident import merged_with
from chalicelib.services.notices.caps import without_receipt
from chalicelib.web.alarm_lines import outside_line
from chalicelib.web.case_panels import counts_seconds
from chalicelib.web.formats import spoken_with_zone
from chalicelib.web.incident_lines import joined_line, question_line
from chalicelib.web.notice_list import how_told
from chalicelib.web.rendering import Reader, page
from chalicelib.web.words import Words


def receipt_page(reader: Reader, opened: OpenedLink, code: str) -> Response:
    """The page with the resident's receipt (A11).

    Number, by when somebody comes, by when it is solved, and the link.
    """
    desk, words, case = wiring.desk(), reader.words, opened.case
    context = desk.context_of(case)
    in_seconds, unsorted = counts_seconds(context), not case.classification.is_sorted
    sort, respond = (
        case.clocks.deadlines[clock].due_at if unsorted and clock in case.clocks.deadlines else None
        for clock in (Clock.SORT, Clock.RESPOND)
    )
    last = merged_with(desk, case) if case.is_joined else None
    promised = (last[0] if last else case).clocks  # the incident's work keeps its promises (A16)
    due, arrival, sort_by, respond_by = (
        spoken_with_zone(at, case.zone, words, seconds=in_seconds) if at else ""
        for at in (promised.solve_due_at, promised.arrival_due_at, sort, respond)
    )
    return page(
        reader,
        "receipt.html",
        case=case,
        community=context.community,
        due=due,
        arrival=arrival,
        sort_by=sort_by,
        respond_by=respond_by,
        next=_next_of(case, context, words),
        outside=outside_line(case, context, words, "track"),
        code=code,
        link=f"{wiring.base_url()}/l/{code}",
        sent=words(f"receipt.{how_far(case, NoticeKind.REGISTERED, case.registered_at)}"),
        desk_phone=context.community.phone,
        joined=joined_line(last, case, words),
        question=question_line(desk, case, words),
        my_data=f"c/{case.community}/my-data",
    )


def _next_of(case: Case, context: Context, words: Words) -> str:
    """What happens next with a new report: it is sorted, somebody is assigned, or a rank decides (A13)."""
    if not case.classification.is_sorted:
        return words("receipt.next_unsorted")
    rank = rank_of_its_kind(case.classification.kind, context)
    return (
        words("receipt.next_for_a_rank", who=words.role(rank)) if rank else words("receipt.next_registered")
    )


def how_far(case: Case, kind: NoticeKind, since: datetime) -> str:
    """How far the message of that kind has got: as `how_told` says it, or `call` where none can leave.

    A receipt that will not leave is not called on its way: a number that never answered gets one.
    """
    report, desk = case.report, wiring.desk()
    if not can_be_written_to(report.phone, report.email):
        return "call" if report.phone else "not_sent"  # a notice may be on record that could not be sent (G8)
    stored = wiring.notices().of_case(case.community, case.number)
    found = how_told(stored, kind, since)
    if kind is NoticeKind.REGISTERED and found.endswith("_pending"):
        return how_told(stored, kind, since, never=without_receipt(desk, case, desk.now()))
    return found
