"""A case on paper (B4, B9, E6): what its reader sees of it, with lines to sign on, on A4.

The resident's original leads to the tracking page, which is theirs. The other sheets stay in the company and
lead to the case through the sign-in: whoever picks one up must not answer in the resident's name.
"""

from collections.abc import Iterable

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.links import Purpose, link_for
from chalicelib.domain.case.looks import LookAt
from chalicelib.domain.notices.malicious_told import staff_read
from chalicelib.http.visits import Visit
from chalicelib.services.access.looks import looked_at
from chalicelib.services.files.showing import shown_to
from chalicelib.services.views.shown import masked_case, masked_events
from chalicelib.services.views.staff_view import case_view
from chalicelib.web.case_facts import case_facts
from chalicelib.web.case_lines import price_line, state_name
from chalicelib.web.case_panels import clock_lines
from chalicelib.web.file_fields import case_files
from chalicelib.web.formats import spoken
from chalicelib.web.history import Entry, happened
from chalicelib.web.payer_lines import payer_line
from chalicelib.web.qr import qr
from chalicelib.web.rendering import Reader, page

SIGNED_BY = {
    "contact": ("department", "desk"),
    "order": ("worker", "resident", "cashier", "statistician", "department"),
    "original": ("desk", "resident"),
    "file": ("filed_by",),
}
"""Each sheet → who signs at its foot."""

FILLED_IN = ("key", "actual_item", "materials", "material_fee", "labour_fee", "total", "verdict")
"""The lines of a work order that are filled in by hand."""

OF_A_CONTACT = frozenset({"unit", "resident", "phone", "kind", "matter", "department", "handler"})
"""The facts that a contact sheet and a work order have."""

NOT_FOR_RESIDENTS = frozenset(
    {"about", "nature", "severity", "complexity", "answerable", "regulation", "loss", "left_out", "revisit"}
)
"""The facts that stay in the company."""


def paper_page(reader: Reader, visit: Visit, case: Case, asked: str) -> Response:
    """One sheet of a case; the case file for a name that is none."""
    desk, words, member = wiring.desk(), reader.words, visit.member
    sheet = asked if asked in SIGNED_BY else "file"
    looked_at(desk, member, case, LookAt.EXPORT)
    context, now = desk.context_of(case), desk.now()
    view = case_view(case, member, context, now, words.shared, None, None)
    events = tuple(
        event
        for event in desk.cases.events(case.community, case.number)
        if staff_read(member.role, event.payload)
    )
    files = case_files(case, shown_to(member, case), "", words, leave_out=True) if sheet == "file" else []
    address = _address(case) if sheet == "original" else f"{wiring.base_url()}/w/{case.number}"
    if view.contact_hidden:
        case, events = masked_case(case), masked_events(case, events)
    known = case_facts(view, case, words)
    left_out = {words(f"case.{name}") for name in NOT_FOR_RESIDENTS} if sheet == "original" else set()
    short = {words(f"case.{name}") for name in OF_A_CONTACT}
    facts = [(name, value) for name, value, _ in known if name not in left_out]
    if sheet in {"contact", "order"}:
        facts = [(name, value) for name, value in facts if name in short]
    plan = case.work.plan
    return page(
        reader,
        "paper.html",
        community=context.community,
        here=f"{reader.root}desk/{case.community}/cases/{case.number}/paper",
        case_path=f"desk/{case.community}/cases/{case.number}",
        title=words(f"paper.{sheet}"),
        sheet=sheet,
        sheets=[(name, words(f"paper.{name}")) for name in SIGNED_BY],
        number=case.number,
        state=state_name(case.state, case.classification.matter, words),
        printed=words("paper.printed", at=spoken(now, case.zone, words), by=member.name),
        code=qr(address),
        text=case.report.text,
        registered=spoken(case.registered_at, case.zone, words),
        facts=facts,
        plan=plan,
        price=price_line(plan, words),
        payer=payer_line(case.payer, context, words),
        result=case.work.result,
        deadlines=clock_lines(view.deadlines, case, context, words) if sheet in {"original", "file"} else [],
        entries=_oldest_first(happened(case, events, context, words)) if sheet == "file" else [],
        pictures=[file for file in files if file.picture],
        others=[file for file in files if not file.picture],
        blanks=[words(f"paper.{name}") for name in FILLED_IN] if sheet == "order" else [],
        signers=[words(f"paper.by_{who}") for who in SIGNED_BY[sheet]],
    )


def _oldest_first(entries: Iterable[Entry]) -> list[Entry]:
    return list(entries)[::-1]


def _address(case: Case) -> str:
    """The resident's tracking page."""
    desk = wiring.desk()
    link = link_for(case, Purpose.TRACK, desk.context_of(case).regulation.survey.link_days)
    return f"{wiring.base_url()}/l/{desk.codes.code(link)}"
