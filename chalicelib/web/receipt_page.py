"""The page with the receipt of a report, and how far its message got (A11, G8)."""

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.case.case import IN_DISPATCH, Case, State
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.phones import can_be_written_to
from chalicelib.domain.dispatch.responsibility import rank_of_its_kind
from chalicelib.domain.notices.kinds import NoticeKind
from chalicelib.services.access.authorization import OpenedLink
from chalicelib.services.files.showing import shown_by
from chalicelib.services.intake.merged import merged_with
from chalicelib.services.notices.caps_per_person import without_receipt
from chalicelib.web.alarm_lines import outside_line
from chalicelib.web.case_lines import state_line
from chalicelib.web.case_panels import counts_seconds
from chalicelib.web.file_fields import case_files
from chalicelib.web.formats import spoken_with_zone
from chalicelib.web.incident_lines import joined_line, question_line
from chalicelib.web.notice_list import how_told
from chalicelib.web.promises import Promised, promised_by
from chalicelib.web.qr import qr
from chalicelib.web.rendering import Reader, page
from chalicelib.web.steward_line import steward_shown
from chalicelib.web.words import Words


def receipt_page(reader: Reader, opened: OpenedLink, code: str) -> Response:
    """The page with the resident's receipt (A11).

    Number, by when somebody comes, by when it is solved, and the link.
    """
    desk, words, case = wiring.desk(), reader.words, opened.case
    context = desk.context_of(case)
    last = merged_with(desk, case) if case.is_joined else None
    own = promised_by(case.clocks, is_sorted=case.classification.is_sorted)
    theirs = (
        promised_by(last[0].clocks, is_sorted=True) if last else own
    )  # the incident's work keeps them (A16)
    is_open = case.state in IN_DISPATCH or last is not None  # of what has ended, nothing is promised
    link = f"{wiring.base_url()}/l/{code}"
    steward = steward_shown(case, context, words)
    return page(
        reader,
        "receipt.html",
        case=case,
        community=context.community,
        promises=_promises(own, theirs, case, words, seconds=counts_seconds(context)) if is_open else [],
        next=_next_of(case, context, words) if is_open else "",
        state=state_line(case, words),
        outside=outside_line(case, context, words, "track"),
        code=code,
        link=link,
        qr=qr(link),
        sent=words(f"receipt.{how_far(case)}"),
        desk_phone=context.community.phone,
        steward=steward,
        files=_files(opened, code, words),
        bucket=desk.files.origin() if steward and steward.photo else "",
        joined=joined_line(last, case, words),
        question=question_line(desk, case, words),
        my_data=f"c/{case.community}/my-data",
        find_own=f"c/{case.community}/cases",
    )


def _files(opened: OpenedLink, code: str, words: Words) -> list[str]:
    """Files that came along: how many, that each is looked at, which was not taken (A3)."""
    handed_in = opened.case.report.files
    if not handed_in:
        return []
    sees = shown_by(opened.link, opened.case)
    lines = case_files(opened.case, sees, f"l/{code}", words, leave_out=True)
    not_taken = [words("files.named", file=line.label, why=line.note) for line in lines if line.not_taken]
    return [words("receipt.files", count=len(handed_in)), *not_taken]


def _promises(
    own: Promised, theirs: Promised, case: Case, words: Words, *, seconds: bool
) -> list[tuple[str, str]]:
    """What is promised, in its order: what it is called, and its time."""
    times = {
        "arrival": theirs.arrival,
        "by_when": theirs.solve,
        "sort_by": own.sort,
        "respond_by": own.respond,
    }
    return [
        (words(f"receipt.{name}"), spoken_with_zone(at, case.zone, words, seconds=seconds))
        for name, at in times.items()
        if at is not None
        and at > case.registered_at  # of an incident's work, what was due before is no promise
    ]


def _next_of(case: Case, context: Context, words: Words) -> str:
    """What happens next with a report: it is sorted, somebody is assigned, or a rank decides (A13).

    Once somebody has signed for it, the tracking page says the rest.
    """
    if not case.classification.is_sorted:
        return words("receipt.next_unsorted")
    if case.state not in {State.REGISTERED, State.ASSIGNED}:
        return words("receipt.next_in_hand")
    rank = rank_of_its_kind(case.classification.kind, context)
    return (
        words("receipt.next_for_a_rank", who=words.role(rank)) if rank else words("receipt.next_registered")
    )


def how_far(case: Case) -> str:
    """How far the receipt's message has got: as `how_told` says it, or `call` where none can leave.

    A receipt that will not leave is not called on its way: a number that never answered gets one.
    """
    report, desk = case.report, wiring.desk()
    if not can_be_written_to(report.phone, report.email):
        return "call" if report.phone else "not_sent"  # a notice may be on record that could not be sent (G8)
    stored = wiring.notices().of_case(case.community, case.number)
    found = how_told(stored, NoticeKind.REGISTERED, case.registered_at)
    if found.endswith("_pending"):
        never = without_receipt(desk, case, desk.now())
        return how_told(stored, NoticeKind.REGISTERED, case.registered_at, never=never)
    return found
