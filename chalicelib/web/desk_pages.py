"""The pages of staff: lists of cases, and a case with its commands (E8)."""

from typing import Any

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.case.access import COMMUNITY_WIDE
from chalicelib.domain.case.case import IN_DISPATCH, Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.numbering import month_of
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import Role
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.notices.malicious_told import staff_read
from chalicelib.domain.regulation.rules import UNSORTED
from chalicelib.http.cursors import seal, unseal
from chalicelib.http.requests import month_asked
from chalicelib.http.visits import Visit
from chalicelib.services.access.looks import LOOK_READERS, looked_at
from chalicelib.services.figures.month import FIGURE_READERS
from chalicelib.services.records import CaseLine
from chalicelib.services.views.lists import Wanted, listed_on_record, scopes_of
from chalicelib.services.views.malicious_view import malicious_view
from chalicelib.services.views.parts import MOST_NOTICES, newest_part
from chalicelib.services.views.shown import masked_case, masked_events
from chalicelib.services.views.staff_view import case_view
from chalicelib.web.case_facts import case_facts
from chalicelib.web.case_lines import (
    asked_line,
    call_back_line,
    marked_line,
    objection_line,
    outside_line,
    pause_line,
    points_shown,
    state_name,
    to_call_line,
    visit_line,
)
from chalicelib.web.case_panels import (
    DECISIONS,
    Attempt,
    clock_lines,
    counts_seconds,
    done_line,
    due_name,
    forms_shown,
    late_clocks,
)
from chalicelib.web.form_route import CORRECTION_READERS, INTAKE
from chalicelib.web.formats import month_name, short, zone_name
from chalicelib.web.history import happened
from chalicelib.web.history_details import report_line
from chalicelib.web.notice_list import messages
from chalicelib.web.proposals import proposal_line, to_sort
from chalicelib.web.rendering import Reader, page
from chalicelib.web.words import Words

LINES = 50
DESK = frozenset({Role.AGENT, Role.SUPERVISOR, Role.MANAGER})
"""Who helps residents at the counter."""
REGISTER = "register"


def framed(reader: Reader, visit: Visit, current: str) -> dict[str, Any]:
    """The frame of every desk page: who is signed in, and the role's links."""
    member, words = visit.member, reader.words
    home = f"desk/{member.community.id}"
    tabs = [(f"{home}?list={scope}", words(f"desk.{scope}"), current == scope) for scope in scopes_of(member)]
    if member.role in COMMUNITY_WIDE:
        tabs.append((f"{home}?list={REGISTER}", words("desk.register"), current == REGISTER))
    if member.role in INTAKE:
        tabs.append((f"{home}/new", words("desk.new"), current == "new"))
    if member.role in DESK:
        tabs.append((f"{home}/my-data", words("own_data.tab"), current == "my-data"))
    if member.role in {Role.MANAGER, Role.COMPANY_HEAD}:
        tabs.append((f"{home}/findings", words("staff_record.title"), current == "findings"))
    tabs.append((f"{home}/my-record", words("staff_record.own"), current == "my-record"))
    if member.role in LOOK_READERS:
        tabs.append((f"{home}/looks", words("desk.looks"), current == "looks"))
    if member.role in FIGURE_READERS:
        tabs.append((f"{home}/figures", words("desk.figures"), current == "figures"))
    if member.role in CORRECTION_READERS:
        tabs.append((f"{home}/corrections", words("desk.corrections"), current == "corrections"))
    return {"community": member.community, "member": member, "csrf": visit.csrf or "", "tabs": tabs}


def list_page(
    reader: Reader, visit: Visit, asked: str | None, month: str | None, cursor: str | None
) -> Response:
    """A list of cases: open work, or the register of a month.

    Open work of a scope is in the order of what is due first.
    """
    desk, words, member = wiring.desk(), reader.words, visit.member
    zone, home = member.community.zone, f"desk/{member.community.id}"
    which = asked or scopes_of(member)[0]
    of_register = which == REGISTER
    if of_register:
        month = month_asked(month) if month else month_of(desk.now(), zone)
        wanted, query = Wanted(month=month), f"list={REGISTER}&month={month}"
    else:
        wanted, query = Wanted(scope=which), f"list={which}"
    listing = "\0".join(("pages", member.community.id, member.username, query))
    found = listed_on_record(desk, member, wanted, LINES, unseal(desk.codes, listing, cursor))
    further = seal(desk.codes, listing, found.cursor)
    what = month_name(month, words) if of_register and month else words(f"desk.{which}")
    title = f"{words('desk.register' if of_register else 'desk.title')} · {what}"
    return page(
        reader,
        "list.html",
        **framed(reader, visit, which),
        title=title,
        lines=[_line(line, visit.member, words) for line in found.items],
        month=f"{month[:4]}-{month[4:]}" if of_register and month else None,
        list_path=home,
        case_path=f"{home}/cases",
        more=f"{home}?{query}&cursor={further}" if further else "",
        empty=words("desk.empty_register" if of_register else "desk.empty"),
        here=f"{reader.root}{home}",
    )


def _line(line: CaseLine, member: Member, words: Words) -> dict[str, Any]:
    desk = wiring.desk()
    context = desk.context(member.community)
    due = short(line.due_at, member.community.zone, words, seconds=counts_seconds(context))
    marked = line.due_for in line.overdue_clocks
    matter = context.regulation.names_of_matter(line.matter)
    return {
        "number": line.number,
        "summary": line.summary,
        "matter": words.of(matter) if matter else line.matter,
        "urgency": "" if line.urgency == "normal" else words.name("urgencies", line.urgency),
        "severity": "" if line.severity == "general" else words.name("severities", line.severity),
        "state": state_name(line.state, line.matter, words),
        "handler": name_of(line.handler, context) if line.handler else words("page.unknown_person"),
        "answerable": _answerable(line, member, words),
        "points": words("desk.points_open", count=line.points_open) if line.points_open else "",
        "asked": line.extension_asked,
        "paused": line.paused,
        "due": f"{due_name(line.due_for, words)} {due}" if line.due_for else "",
        "to_call": line.to_call,
        "call_back": line.call_back,
        "proposed": _proposed(line, context, words),
        "late": marked or (line.due_for is not None and not line.paused and desk.now() >= line.due_at),
        "were_late": late_clocks([clock for clock in line.overdue_clocks if clock != line.due_for], words),
    }


def _proposed(line: CaseLine, context: Context, words: Words) -> str:
    """The matter that the triage proposes for a case that nobody has sorted yet."""
    known = context.regulation.names_of_matter(line.proposed) if line.proposed else None
    return words("triage.may_be", matter=words.of(known)) if known and line.matter == UNSORTED else ""


def _answerable(line: CaseLine, member: Member, words: Words) -> str:
    """Whoever took the case in and answers for it alone, until somebody has signed (A9)."""
    alone = line.state in IN_DISPATCH and line.answerable in {line.followed_by} - {None, line.handler}
    who = member.community.member(line.answerable or "") if alone else None
    return words("desk.answerable", name=who.name) if who else ""


def case_page(
    reader: Reader,
    visit: Visit,
    case: Case,
    done: str | None = None,
    attempt: Attempt | None = None,
    *,
    revealed: bool = False,
    earlier: int | None = None,
    passed_over: int = 0,
) -> Response:
    """The page of one case, with exactly the commands that this member can give now.

    What it is, its clocks and its history. With who reported it where that was `revealed`, and put on record.
    Of a long history it is the newest part, or the one before what was asked for; so of the messages.
    """
    desk, words = wiring.desk(), reader.words
    if not revealed:
        looked_at(desk, visit.member, case)
    context = desk.context_of(case)
    stored = wiring.notices().of_case(case.community, case.number)
    flag = malicious_view(desk, visit.member, case)
    view = case_view(
        case,
        visit.member,
        context,
        desk.now(),
        words.shared,
        stored,
        flag,
        revealed=revealed,
        passed_over=passed_over,
    )
    every = desk.cases.events(case.community, case.number)
    events = tuple(event for event in every if staff_read(visit.member.role, event.payload))
    if view.contact_hidden:
        case, events = masked_case(case), masked_events(case, events)
    entries, before = newest_part(happened(case, events, context, words, earlier), earlier)
    here = f"desk/{case.community}/cases/{case.number}"
    report, call = case.report_duty.owed, bool(case.telling.to_call)
    waiting = (*DECISIONS, *(("file_report",) if report else ()), *(("answer",) if call else ()), "call_back")
    return page(
        reader,
        "case.html",
        attempt.status if attempt else 200,
        **framed(reader, visit, ""),
        view=view,
        state=state_name(view.state, view.classification.matter, words),
        facts=case_facts(view, case, words),
        zone=zone_name(case.zone, words),
        here=f"{reader.root}{here}",
        here_path=here,
        done=done_line(done, visit.member.actor(), events, desk.now(), words),
        late=late_clocks(view.overdue_clocks, words),
        deadlines=clock_lines(view.deadlines, case, context, words),
        paused=pause_line(case, words),
        entries=entries,
        earlier=f"{here}?earlier={before}" if before else "",
        messages=messages(view.notices or (), case.zone, words),
        messages_before=f"{here}?messages={passed_over + MOST_NOTICES}" if view.notices_older else "",
        # What somebody waits for stands first, under the line that says so.
        forms=forms_shown(
            sorted(view.commands, key=lambda command: command not in waiting),
            context,
            words,
            attempt,
            DECISIONS,
            {"classify": to_sort(case)},
        ),
        proposal=proposal_line(view.proposal, context, words),
        asked=asked_line(case.clocks.extension_request, context, words),
        to_call=to_call_line(case, context, words),
        call_back=call_back_line(case, words),
        objected=objection_line(case, words),
        marked=marked_line(view.malicious, case.zone, words),
        visit=visit_line(view.proposed_visit, "work", case.zone, words),
        report=report_line(case, words),
        points=points_shown(case, context, words),
        outside=outside_line(case, context, words),
        second_asking="ask_again" in view.commands,
    )
