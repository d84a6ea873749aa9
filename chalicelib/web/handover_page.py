"""The page on which one shift hands over to the next (B14, S4)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.handover import LONGEST_NOTES, Handover
from chalicelib.domain.community.shift_change import ShiftChange, is_unwritten, last_change
from chalicelib.domain.errors import DomainError, NotFoundError
from chalicelib.http.bodies import form_fields
from chalicelib.http.errors import status_of
from chalicelib.http.visits import Visit
from chalicelib.services.duty.handover import (
    colleagues,
    departments_of,
    hand_over,
    opens_to,
    shift_of,
    sign,
)
from chalicelib.services.records import CaseLine
from chalicelib.web.case_lines import state_name
from chalicelib.web.case_panels import late_clocks
from chalicelib.web.desk_pages import framed
from chalicelib.web.duty_lines import names_of
from chalicelib.web.form_choices import department_name
from chalicelib.web.form_input import Typed
from chalicelib.web.formats import short
from chalicelib.web.list_rows import pressing
from chalicelib.web.refusals import refusal
from chalicelib.web.rendering import Reader, go_to, page
from chalicelib.web.words import Words, begun
from chalicelib.web.work_lines import begins

BEGUN = "%Y%m%dT%H%M%S%f"


def handover_page(
    reader: Reader,
    visit: Visit,
    department: str = "",
    typed: Typed | None = None,
    refused: str = "",
    status: int = 200,
) -> Response:
    """Open matters, the form of whoever goes, and the latest handovers of a department."""
    desk, words, member = wiring.desk(), reader.words, visit.member
    theirs = departments_of(member)
    if not theirs:
        raise NotFoundError("You are in no department that hands shifts over.", "no_handover")
    chosen = department if department in theirs else theirs[0]
    view = shift_of(desk, member, chosen)
    context, now = desk.context(member.community), desk.now()
    home = f"desk/{member.community.id}"
    return page(
        reader,
        "handover.html",
        status,
        **framed(reader, visit, "handover"),
        title=words("handover.title"),
        address=f"{home}/handover",
        case_path=f"{home}/cases",
        here=f"{reader.root}{home}/handover",
        department=chosen,
        department_name=department_name(chosen, member.community, words),
        departments=[(name, department_name(name, member.community, words)) for name in theirs],
        printed=short(now, member.community.zone, words),
        unwritten=_unwritten(last_change(member.community, chosen, now), view.handovers, member, words),
        refused=refused,
        notes=(typed or {}).get("notes", ""),
        taker=(typed or {}).get("to"),
        begun=(typed or {}).get("begun") or now.strftime(BEGUN),
        longest=LONGEST_NOTES,
        people=colleagues(member, chosen, now),
        open=[_line(line, member, context, words) for line in view.open],
        more=view.more,
        handovers=[_handover(handover, lines, member, context, words) for handover, lines in view.handovers],
    )


def act_on(reader: Reader, visit: Visit, act: str) -> Response:
    """Hand over or sign, and go back; or show the form again with what is wrong, as typed."""
    typed, member = form_fields(visit.request), visit.member
    department = typed.get("department", "")
    try:
        if act == "write":
            to, notes = typed.get("to", ""), typed.get("notes", "")
            begun = _begun(typed.get("begun", ""))
            hand_over(wiring.desk(), member, department, to, notes, begun)
        elif act == "sign":
            sign(wiring.desk(), member, department, typed.get("handover", ""))
        else:
            raise NotFoundError("Nothing of that kind is done with a shift.")
    except DomainError as error:
        community = member.community
        why = refusal(error, community.zone, reader.words, community.phone)
        return handover_page(reader, visit, department, typed, why, status_of(error))
    return go_to(reader, f"desk/{member.community.id}/handover?department={department}")


def _unwritten(
    change: ShiftChange | None,
    written: Iterable[tuple[Handover, tuple[CaseLine, ...]]],
    member: Member,
    words: Words,
) -> str:
    """That the shift has changed and nobody has handed over; empty where that is not so."""
    if change is None or not is_unwritten(change, (handover for handover, _ in written)):
        return ""
    community = member.community
    people = names_of(change.went, community, words)
    return words("handover.unwritten", when=short(change.at, community.zone, words), people=people)


def _begun(text: str) -> datetime:
    """When the form was drawn; long ago where it does not say, so that now counts."""
    try:
        return datetime.strptime(text, BEGUN).replace(tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)


def _line(line: CaseLine, member: Member, context: Context, words: Words) -> dict[str, Any]:
    names = context.regulation.names_of_matter(line.matter)
    return {
        "number": line.number,
        "opens": opens_to(member, line),
        "matter": begun(words.of(names)) if names else line.matter,
        "state": begun(state_name(line.state, line.matter, words)),
        "due": short(line.due_at, context.community.zone, words),
        "handler": names_of([line.handler or ""], context.community, words),
        "urgent": line.urgency == "emergency",
        "flags": [flag for flag in (*pressing(line, words), late_clocks(line.overdue_clocks, words)) if flag],
        "summary": begins(line.summary),
    }


def _handover(
    handover: Handover, lines: tuple[CaseLine, ...], member: Member, context: Context, words: Words
) -> dict[str, Any]:
    community = context.community
    signed = handover.signed_by is not None and handover.signed_at is not None
    return {
        "id": handover.id,
        "by": names_of([handover.by], community, words),
        "at": short(handover.at, community.zone, words),
        "to": names_of([handover.to], community, words),
        "notes": handover.notes,
        "lines": [_line(line, member, context, words) for line in lines],
        "signed": words(
            "handover.signed_by",
            name=names_of([handover.signed_by or ""], community, words),
            at=short(handover.signed_at or handover.at, community.zone, words),
        )
        if signed
        else "",
        "can_sign": not signed and handover.by != member.username,
    }
