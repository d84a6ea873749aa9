"""The sheets of a case (B4, B9, E6): what stands on each, in words. Page and PDF are both made from this.

The resident's original leads to the tracking page, which is theirs. The other sheets stay in the company and
lead to the case through the sign-in: whoever picks one up must not answer in the resident's name.
"""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from chalicelib import wiring
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.events import Event
from chalicelib.domain.case.files import REVISIT, WITH_A_NAME
from chalicelib.domain.case.links import Purpose, link_for
from chalicelib.domain.community.community import Member
from chalicelib.domain.notices.malicious_told import staff_read
from chalicelib.services.files.showing import shown_to
from chalicelib.services.records import StoredNotice
from chalicelib.services.views.deadline_view import promised_views
from chalicelib.services.views.notice_view import notice_views
from chalicelib.services.views.shown import masked_case, masked_events
from chalicelib.services.views.staff_view import CaseView, case_view
from chalicelib.web.case_facts import case_facts
from chalicelib.web.case_lines import state_name
from chalicelib.web.case_panels import ClockLine, clock_lines
from chalicelib.web.file_fields import FileLine, case_files
from chalicelib.web.formats import spoken
from chalicelib.web.history import Entry, on_file
from chalicelib.web.notice_list import messages
from chalicelib.web.sheet_order import (
    Fact,
    order_facts,
    price_facts,
    rating_facts,
    refused_by_link,
    unknown_of,
)
from chalicelib.web.sheet_signers import SIGNED_BY, Signer, signers_of
from chalicelib.web.words import Words

OF_A_CONTACT = frozenset(
    {"unit", "resident", "phone", "kind", "matter", "department", "handler", "plan_check", "sign_off"}
)
"""The facts that a contact sheet and a work order have."""

NOT_FOR_RESIDENTS = frozenset(
    {
        "about",
        "nature",
        "severity",
        "complexity",
        "answerable",
        "regulation",
        "loss",
        "left_out",
        "revisit",
        "measures",
        "plan_check",
        "sign_off",
    }
)
"""The facts that stay in the company."""

LINES = 2
"""So many empty lines are left for what is to be written by hand."""


class Part(Struct, frozen=True):
    """One part of a sheet under its heading.

    `said` is what people wrote, `note` stands small below it; `lines` are left to write on, and `blanks` are
    boxes to be filled in, by name. A picture of `pictures` is shown, any other file is named.
    """

    heading: str
    said: str = ""
    note: str = ""
    facts: tuple[Fact, ...] = ()
    lines: int = 0
    blanks: tuple[str, ...] = ()
    clocks: tuple[ClockLine, ...] = ()
    entries: tuple[Entry, ...] = ()
    pictures: tuple[FileLine, ...] = ()
    others: tuple[FileLine, ...] = ()


class Sheet(Struct, frozen=True):
    """A sheet: its head, its parts and who signs; the code leads to `address`.

    `printed` says when and for whom it was made, since a sheet does not change with its case.
    """

    name: str
    title: str
    community: str
    number: str
    state: str
    printed: str
    address: str
    parts: tuple[Part, ...]
    signers: tuple[Signer, ...]


def sheet_named(asked: str) -> str:
    """The sheet of that name; the case file for a name that is none."""
    return asked if asked in SIGNED_BY else "file"


def sheet_of(case: Case, member: Member, name: str, words: Words) -> Sheet:
    """A sheet of a case, as far as the member sees the case."""
    desk = wiring.desk()
    context, now = desk.context_of(case), desk.now()
    view = case_view(case, member, context, now, words.shared, None, None)
    opened = desk.cases.opened(case.community, case.number)
    events = tuple(event for event in opened.events if staff_read(member.role, event.payload))
    files = [] if name == "contact" else case_files(case, shown_to(member, case), "", words, leave_out=True)
    if name != "file":  # the resident's signature stands on the order and the original too
        on_it = WITH_A_NAME | {REVISIT} if name == "order" else WITH_A_NAME
        files = [file for file in files if file.stage in on_it]
    address = _address(case) if name == "original" else f"{wiring.base_url()}/w/{case.number}"
    if view.contact_hidden:
        case, events = masked_case(case), masked_events(case, events)
    return Sheet(
        name=name,
        title=words(f"paper.{name}"),
        community=context.community.name,
        number=case.number,
        state=state_name(case.state, case.classification.matter, words),
        printed=words("paper.printed", at=spoken(now, case.zone, words), by=member.name),
        address=address,
        parts=tuple(_parts(name, case, view, events, opened.notices, files, words)),
        signers=signers_of(name, case, events, context, words),
    )


def _parts(
    name: str,
    case: Case,
    view: CaseView,
    events: tuple[Event, ...],
    notices: tuple[StoredNotice, ...],
    files: list[FileLine],
    words: Words,
) -> Iterator[Part]:
    context, plan = wiring.desk().context_of(case), case.work.plan
    text = words("page.without_words") if case.report.text is None else case.report.text
    note = spoken(case.registered_at, case.zone, words)
    yield Part(words("paper.reported"), text, note, facts=tuple(_facts(name, case, view, words)))
    lines = LINES if name in {"contact", "order"} else 0
    if name != "original" and (plan or lines):
        planned = ((words("fields.cause"), plan.cause), (words("fields.plan"), plan.plan)) if plan else ()
        yield Part(words("paper.plan"), facts=planned, lines=0 if plan else lines)
    if name == "contact" and plan:
        yield Part(words("track.price"), facts=price_facts(case, events, context, words))
    if name != "contact":
        yield from _order(name, case, events, words)
    if result := case.work.result:
        done = case.work.completed_at
        yield Part(words("track.result"), result, spoken(done, case.zone, words) if done else "")
    elif name == "order":
        yield Part(words("track.result"), lines=lines)
    if name == "order" and (rated := rating_facts(case, events, words)):
        yield Part(words("paper.verdict"), facts=rated)
    if name == "order":
        yield Part(words("paper.by_hand"), blanks=unknown_of(case, words))
    if name in {"original", "file"}:
        deadlines = view.deadlines
        if name == "original":  # as the tracking page says them, without our own references
            deadlines = promised_views(case, context, wiring.desk().now(), words.shared, reasons=True)
        clocks = tuple(clock_lines(deadlines, case, context, words))
        yield from (Part(words("work.due_by"), clocks=clocks),) if clocks else ()
    if name == "file":
        yield Part(words("work.history"), entries=on_file(case, events, context, words))
        told = messages(notice_views(notices, context), case.zone, words)
        yield from (Part(words("case.messages"), entries=told),) if told else ()
    if files:
        pictures = tuple(file for file in files if file.picture)
        others = tuple(_beside(file, words) for file in files if not file.picture)
        yield Part(words("paper.files"), pictures=pictures, others=others)


def _order(name: str, case: Case, events: tuple[Event, ...], words: Words) -> Iterator[Part]:
    """What was quoted and agreed to, and the work order; nothing where neither is."""
    context = wiring.desk().context_of(case)
    facts = (
        *(price_facts(case, events, context, words) if case.work.plan else ()),
        *order_facts(case, context, words, to_resident=name == "original"),
        *refused_by_link(events, case.zone, words),
    )
    if facts:
        yield Part(words("paper.work" if name == "order" else "case.order"), facts=facts)


def _facts(name: str, case: Case, view: CaseView, words: Words) -> Iterator[Fact]:
    left_out = {words(f"case.{fact}") for fact in NOT_FOR_RESIDENTS} if name == "original" else set()
    short = {words(f"case.{fact}") for fact in OF_A_CONTACT}
    if name == "order":
        short.add(words("case.payer"))
    for what, value, _ in case_facts(view, case, words):
        if what not in left_out and (name not in {"contact", "order"} or what in short):
            yield what, value


def _address(case: Case) -> str:
    """The resident's tracking page."""
    desk = wiring.desk()
    link = link_for(case, Purpose.TRACK, desk.context_of(case).regulation.survey.link_days)
    return f"{wiring.base_url()}/l/{desk.codes.code(link)}"


def _beside(file: FileLine, words: Words) -> FileLine:
    """A file that no paper shows, with where it is kept: beside the sheet, under its name (E6)."""
    if not file.opens:
        return file
    kept = words("paper.saved_as", name=file.saved_as) if file.saved_as else words("paper.kept_on_page")
    return replace(file, note=" · ".join(said for said in (file.note, kept) if said))
