"""The pages of staff: lists of cases, and a case with its commands (E8)."""

from typing import Any

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.case.access import COMMUNITY_WIDE
from chalicelib.domain.case.case import IN_DISPATCH, Case
from chalicelib.domain.case.numbering import month_of
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import STAFF_ROLES, Role
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.notices.kinds import RESIDENT_ID
from chalicelib.domain.work.suggestion import SUGGESTION
from chalicelib.http.cursors import seal, unseal
from chalicelib.http.requests import month_asked
from chalicelib.http.visits import Visit
from chalicelib.services.figures.month import FIGURE_READERS
from chalicelib.services.records import CaseLine
from chalicelib.services.views.lists import SCOPES_OF_ROLE, Wanted, listed
from chalicelib.services.views.staff_view import CaseView, case_view
from chalicelib.web.case_panels import (
    DECISIONS,
    Attempt,
    asked_line,
    clock_lines,
    counts_seconds,
    done_line,
    due_name,
    forms_shown,
    late_clocks,
    objection_line,
    outside_line,
    pause_line,
    points_shown,
    returned_line,
    state_name,
    to_call_line,
    visit_line,
)
from chalicelib.web.form_fields import department_name
from chalicelib.web.formats import month_name, phone_dialled, phone_shown, short, spoken, zone_name
from chalicelib.web.history import happened
from chalicelib.web.history_details import report_line, revisit_line
from chalicelib.web.notice_list import messages
from chalicelib.web.rendering import Reader, page
from chalicelib.web.words import Words

LINES = 50
REGISTER = "register"

INTAKE = STAFF_ROLES - {Role.COMMITTEE}
"""Who takes reports down at the desk."""


def framed(reader: Reader, visit: Visit, current: str) -> dict[str, Any]:
    """The frame of every desk page: who is signed in, and the role's links."""
    member, words = visit.member, reader.words
    home = f"desk/{member.community.id}"
    tabs = [
        (f"{home}?list={scope}", words(f"desk.{scope}"), current == scope)
        for scope in SCOPES_OF_ROLE.get(member.role, ())
    ]
    if member.role in COMMUNITY_WIDE:
        tabs.append((f"{home}?list={REGISTER}", words("desk.register"), current == REGISTER))
    if member.role in INTAKE:
        tabs.append((f"{home}/new", words("desk.new"), current == "new"))
    if member.role in FIGURE_READERS:
        tabs.append((f"{home}/figures", words("desk.figures"), current == "figures"))
    return {"community": member.community, "member": member, "csrf": visit.csrf or "", "tabs": tabs}


def list_page(
    reader: Reader, visit: Visit, asked: str | None, month: str | None, cursor: str | None
) -> Response:
    """A list of cases: open work, or the register of a month.

    Open work of a scope is in the order of what is due first.
    """
    desk, words, member = wiring.desk(), reader.words, visit.member
    zone, home = member.community.zone, f"desk/{member.community.id}"
    which = asked or SCOPES_OF_ROLE[member.role][0]
    of_register = which == REGISTER
    if of_register:
        month = month_asked(month) if month else month_of(desk.now(), zone)
        wanted, query = Wanted(month=month), f"list={REGISTER}&month={month}"
    else:
        wanted, query = Wanted(scope=which), f"list={which}"
    listing = "\0".join(("pages", member.community.id, member.username, query))
    found = listed(desk, member, wanted, LINES, unseal(desk.codes, listing, cursor))
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
        "late": marked or (line.due_for is not None and not line.paused and desk.now() >= line.due_at),
        "were_late": late_clocks([clock for clock in line.overdue_clocks if clock != line.due_for], words),
    }


def _answerable(line: CaseLine, member: Member, words: Words) -> str:
    """Whoever took the case in and answers for it alone, until somebody has signed (A9)."""
    alone = line.state in IN_DISPATCH and line.answerable in {line.followed_by} - {None, line.handler}
    who = member.community.member(line.answerable or "") if alone else None
    return words("desk.answerable", name=who.name) if who else ""


def case_page(
    reader: Reader, visit: Visit, case: Case, done: str | None = None, attempt: Attempt | None = None
) -> Response:
    """The page of one case, with exactly the commands that this member can give now.

    What it is, its clocks and its history.
    """
    desk, words = wiring.desk(), reader.words
    context = desk.context_of(case)
    stored = wiring.notices().of_case(case.community, case.number)
    view = case_view(case, visit.member, context, desk.now(), words.shared, stored)
    events = desk.cases.events(case.community, case.number)
    here = f"desk/{case.community}/cases/{case.number}"
    report, call = case.report_duty.owed, bool(case.telling.to_call)
    waiting = (*DECISIONS, *(("file_report",) if report else ()), *(("answer",) if call else ()))
    return page(
        reader,
        "case.html",
        attempt.status if attempt else 200,
        **framed(reader, visit, ""),
        view=view,
        state=state_name(view.state, view.classification.matter, words),
        facts=_facts(view, case, words),
        zone=zone_name(case.zone, words),
        here=f"{reader.root}{here}",
        here_path=here,
        done=done_line(done, visit.member.actor(), events, desk.now(), words),
        late=late_clocks(view.overdue_clocks, words),
        deadlines=clock_lines(view.deadlines, case, context, words),
        paused=pause_line(case, words),
        entries=happened(case, events, context, words),
        messages=messages(view.notices or (), case.zone, words),
        # What somebody waits for stands first, under the line that says so.
        forms=forms_shown(
            sorted(view.commands, key=lambda command: command not in waiting),
            context,
            words,
            attempt,
            DECISIONS,
        ),
        asked=asked_line(case.clocks.extension_request, context, words),
        to_call=to_call_line(case, context, words),
        objected=objection_line(case, words),
        visit=visit_line(view.proposed_visit, "work", case.zone, words),
        report=report_line(case, words),
        points=points_shown(case, context, words),
        outside=outside_line(case, context, words),
        second_asking="ask_again" in view.commands,
    )


def _facts(view: CaseView, case: Case, words: Words) -> tuple[tuple[str, str, str], ...]:
    """(what, value, link) of everything that is known of the case; what is not known is left out."""
    context, about = wiring.desk().context_of(case), view.classification
    hidden = words("case.hidden") if view.contact_hidden else ""
    values = (
        ("unit", view.unit),
        ("resident", view.resident_name),
        ("phone", phone_shown(view.phone, words) if view.phone else hidden),
        ("email", view.email or (hidden if case.report.email else "")),
        ("kind", words.name("kinds", about.kind)),
        ("matter", view.matter_name),
        ("category", words.name("categories", about.category)),
        ("department", department_name(about.department, context, words)),
        ("urgency", words.name("urgencies", about.urgency)),
        ("severity", words.name("severities", about.severity)),
        ("complexity", words.name("complexities", about.complexity)),
        ("nature", words.name("natures", about.nature) if about.kind == "complaint" else ""),
        ("channel", words.name("channels", view.channel)),
        ("taken_by", _person(view.taken_by, case, words)),
        ("answerable", _first_asked(view.answerable, case, words)),
        ("handler", view.handler_name or words("page.unknown_person")),
        ("appointment", spoken(view.appointment, view.zone, words) if view.appointment else ""),
        ("chargeable", words("page.yes") if view.chargeable else ""),
        (
            "contacted_at",
            spoken(view.contacted_at, view.zone, words) if view.contacted_at else words("page.not_known"),
        ),
        ("registered_at", spoken(view.registered_at, view.zone, words)),
        ("against", view.against),
        ("course_of_events", view.course_of_events),
        ("witnesses", view.witnesses),
        ("evidence", "\n".join(view.evidence)),
        ("left_out", "\n".join(view.left_out)),
        ("adopted", _adopted(case, words)),
        ("returned", returned_line(case, words)),
        ("revisit", revisit_line(case, context, words)),
        ("follows", view.follows),
        ("regulation", words.of(context.regulation.names)),
    )
    links = {"phone": phone_dialled(view.phone)} if view.phone else {}
    return tuple((words(f"case.{name}"), value, links.get(name, "")) for name, value in values if value)


def _adopted(case: Case, words: Words) -> str:
    """What the manager decided on a suggestion, and whether the resident may be named with it (A13)."""
    if case.classification.kind != SUGGESTION:
        return ""
    named = words("case.may_be_named" if case.report.may_be_named else "case.may_not_be_named")
    if case.work.adopted is None:
        return named
    decided = words("case.suggestion_adopted" if case.work.adopted else "case.suggestion_declined")
    return f"{decided}{words('page.between_sentences')}{named}" if case.work.adopted else decided


def _person(username: str, case: Case, words: Words) -> str:
    """Staff by name; a machine by what it is; a resident took the own report in."""
    if username == RESIDENT_ID:
        return words("case.by_oneself")
    if username in {role.value for role in Role}:
        return words.role(username)
    return name_of(username, wiring.desk().context_of(case))


def _first_asked(username: str, case: Case, words: Words) -> str:
    """Who answers for the case (A9); for a report that no colleague took in, the desk does."""
    if username == RESIDENT_ID:
        return department_name("desk", wiring.desk().context_of(case), words)
    return _person(username, case, words)
