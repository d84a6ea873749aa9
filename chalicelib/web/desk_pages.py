"""The pages of staff: lists of cases, and a case with its commands (E8)."""

from typing import Any

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.case.who_sees import CASE_READERS, COMMUNITY_WIDE
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import FRONT_DESK, Role
from chalicelib.domain.notices.malicious_told import staff_read
from chalicelib.domain.work.accounts import why_no_accounts
from chalicelib.http.visits import Visit
from chalicelib.services.access.looks import LOOK_READERS, looked_at
from chalicelib.services.figures.month import FIGURE_READERS
from chalicelib.services.files.showing import shown_to
from chalicelib.services.households.loading import LOADERS
from chalicelib.services.records import Opened
from chalicelib.services.views.lists import scopes_of
from chalicelib.services.views.malicious_view import malicious_view
from chalicelib.services.views.parts import MOST_NOTICES, newest_part
from chalicelib.services.views.shown import masked_case, masked_events
from chalicelib.services.views.staff_view import case_view
from chalicelib.web.acceptance_lines import work_order
from chalicelib.web.alarm_lines import alarm_line, calls_shown, outside_line
from chalicelib.web.asks import handed_in_line
from chalicelib.web.beside import answer_with, beside_case
from chalicelib.web.caller import caller_shown
from chalicelib.web.case_facts import case_facts
from chalicelib.web.case_head import case_head
from chalicelib.web.case_lines import (
    asked_line,
    call_back_line,
    marked_line,
    objection_line,
    pause_line,
    points_shown,
    reply_lines,
    state_name,
    to_call_line,
    visit_line,
)
from chalicelib.web.case_panels import (
    Attempt,
    clock_lines,
    done_line,
    forms_shown,
)
from chalicelib.web.file_fields import ADD_FILES, case_files, hand_in_panel
from chalicelib.web.form_route import CORRECTION_READERS, INTAKE, WAITING
from chalicelib.web.formats import zone_name
from chalicelib.web.history import happened
from chalicelib.web.history_details import report_line
from chalicelib.web.leader_tabs import grouped, leader_tabs
from chalicelib.web.notice_list import messages
from chalicelib.web.prefilled import prefilled_at_desk
from chalicelib.web.proposals import proposal_line, to_sort
from chalicelib.web.recordings import recording_links
from chalicelib.web.rendering import Reader, page
from chalicelib.web.sign_off_lines import sent_back
from chalicelib.web.work_lines import drawn_at_once, links_shown, next_act, next_asked

AT_THE_COUNTER = FRONT_DESK | {Role.MANAGER}
"""Who helps residents with their own data."""
REGISTER = "register"


def framed(reader: Reader, visit: Visit, current: str) -> dict[str, Any]:
    """The frame of every desk page: who is signed in, and the role's links."""
    member, words = visit.member, reader.words
    home = f"desk/{member.community.id}"
    tabs = [(home, words("desk.waiting"), current == WAITING)] if member.role in CASE_READERS else []
    if member.role in CASE_READERS:
        tabs.append((f"{home}/day", words("day.tab"), current == "day"))
    tabs += leader_tabs(member, words, home, current)
    tabs += [
        (f"{home}?list={scope}", words(f"desk.{scope}"), current == scope) for scope in scopes_of(member)
    ]
    if member.role in COMMUNITY_WIDE:
        tabs.append((f"{home}?list={REGISTER}", words("desk.register"), current == REGISTER))
        tabs.append((f"{home}/incidents", words("incident.tab"), current == "incidents"))
    if member.role in INTAKE:
        tabs.append((f"{home}/new", words("desk.new"), current == "new"))
    if member.role in CASE_READERS:
        tabs.append((f"{home}/book", words("book.title"), current == "book"))
        tabs.append((f"{home}/roster", words("roster.tab"), current == "roster"))
        tabs.append((f"{home}/handover", words("handover.tab"), current == "handover"))
        tabs.append((f"{home}/stewards", words("steward.tab"), current == "stewards"))
    if member.role in FRONT_DESK:
        tabs.append((f"{home}/held", words("held.tab"), current == "held"))
    if member.role in AT_THE_COUNTER:
        tabs.append((f"{home}/my-data", words("own_data.tab"), current == "my-data"))
        tabs.append((f"{home}/posters", words("posters.tab"), current == "posters"))
    if member.role in {Role.MANAGER, Role.COMPANY_HEAD}:
        tabs.append((f"{home}/findings", words("staff_record.tab"), current == "findings"))
    if member.role in LOADERS:
        tabs.append((f"{home}/households", words("households.tab"), current == "households"))
    if why_no_accounts(member) is None:
        tabs.append((f"{home}/accounts", words("accounts.title"), current == "accounts"))
    if member.role is not Role.COMMITTEE:  # elected by the residents: nobody keeps a record of them
        tabs.append((f"{home}/my-record", words("staff_record.own"), current == "my-record"))
    if member.role in LOOK_READERS:
        tabs.append((f"{home}/looks", words("desk.looks"), current == "looks"))
    if member.role in FIGURE_READERS:
        tabs.append((f"{home}/figures", words("desk.figures"), current == "figures"))
    if member.role in CORRECTION_READERS:
        tabs.append((f"{home}/corrections", words("desk.corrections"), current == "corrections"))
    frame = {"community": member.community, "member": member, "csrf": visit.csrf or ""}
    return {**frame, "tabs": grouped(tabs, words), "alive": True, **find_box(member)}


def find_box(member: Member) -> dict[str, Any]:
    """The box in which a case is looked for; whoever reads no cases has none."""
    path = f"desk/{member.community.id}/find" if member.role in CASE_READERS else ""
    return {"find_path": path, "query": ""}


def case_page(
    reader: Reader,
    visit: Visit,
    opened: Opened,
    done: str | None = None,
    attempt: Attempt | None = None,
    *,
    revealed: bool = False,
    earlier: int | None = None,
    passed_over: int = 0,
    entry: str | None = None,
    act: str | None = None,
) -> Response:
    """The page of one case, with exactly the commands that this member can give now.

    What it is, its clocks and its history. With who reported it where that was `revealed`, and put on record.
    Of a long history it is the newest part, or the one before what was asked for; so of the messages. `entry`
    of the answer book fills the form of an answer in (A14); the form of the command `act` is open. The
    others are links, but where it was `revealed` who reported: there all forms stand beside that.
    """
    desk, words, case = wiring.desk(), reader.words, opened.case
    if not revealed:
        looked_at(desk, visit.member, case)
    context = desk.context_of(case)
    flag = malicious_view(desk, visit.member, case)
    view = case_view(
        case,
        visit.member,
        context,
        desk.now(),
        words.shared,
        opened.notices,
        flag,
        revealed=revealed,
        passed_over=passed_over,
    )
    at_work = case.assignment.handler == visit.member.username
    asked = next_asked(case, visit.member, context, view.commands, at_work=at_work)
    events = tuple(event for event in opened.events if staff_read(visit.member.role, event.payload))
    if view.contact_hidden:
        case, events = masked_case(case), masked_events(case, events)
    entries, before = newest_part(happened(case, events, context, words, earlier), earlier)
    here = f"desk/{case.community}/cases/{case.number}"
    visits = not {"record_revisit", "ask_again"}.isdisjoint(view.commands)
    named = (*([act] if act else ()), *(("answer",) if entry else ()))
    caller = caller_shown(visit.member, case, words)
    possible = sorted(
        (command for command in view.commands if command != ADD_FILES),
        key=lambda command: (command != act, command not in (*named, *asked)),
    )
    forms = forms_shown(
        possible,
        context,
        words,
        None if attempt is not None and attempt.command == ADD_FILES else attempt,
        (*named, *asked),
        {
            "classify": to_sort(case),
            "answer": answer_with(visit.member, entry),
            "draft_reply": {"text": view.reply.text if view.reply and case.reply_pending else ""},
            "join_incident": {"into": view.offered or ""},
            **prefilled_at_desk(visit.member.name, context, desk.now()),
            **sent_back(case),
            "fill_in": caller["fills_in"] if caller else {},
        },
        case,
        None if revealed else drawn_at_once(case, (*named, *asked), context),
    )
    shown = {form.command for form in forms}
    following = next_act(forms, asked, case, context, whole=not at_work)
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
        **case_head(view, case, visit.member, context, act, words),
        deadlines=clock_lines(view.deadlines, case, context, words),
        order=work_order(case, context, words, to_resident=False),
        paused=pause_line(case, words),
        entries=entries,
        earlier=f"{here}?earlier={before}" if before else "",
        messages=messages(view.notices or (), case.zone, words)[::-1],
        messages_open=passed_over > 0,
        messages_before=f"{here}?messages={passed_over + MOST_NOTICES}" if view.notices_older else "",
        forms=forms,
        **links_shown(case, [name for name in possible if name not in shown], following, words),
        **(following if revealed else {**following, "others": ()}),
        besides=() if revealed else following["others"],
        proposal=proposal_line(view.proposal, context, words, sorted_as=case.classification.matter),
        asked=asked_line(case.clocks.extension_request, context, words),
        to_call=to_call_line(case, context, words),
        reply=reply_lines(view, context, words),
        call_back=call_back_line(case, words),
        caller=caller,
        objected=objection_line(case, words),
        looked_at=handed_in_line(case, view.commands, context, words),
        marked=marked_line(view.malicious, case.zone, words),
        visit=visit_line(view.proposed_visit, "work", case.zone, words),
        report=report_line(case, words),
        points=points_shown(case, context, words),
        outside=outside_line(case, context, words),
        alarm=alarm_line(case, context, words),
        calls=calls_shown(case, context, words),
        **beside_case(reader, visit, case),
        second_asking="ask_again" in view.commands,
        visits=visits,
        **hand_in_panel(
            f"{reader.root}v1/communities/{case.community}/cases/{case.number}/files",
            attempt,
            words,
            possible=ADD_FILES in view.commands,
            staged=True,
            visits=visits,
        ),
        files=case_files(
            case,
            shown_to(visit.member, case, revealed=revealed),
            f"{reader.root}{here}",
            words,
            leave_out=False,
            revealed=revealed,
        ),
        recordings=recording_links(
            case, f"{reader.root}{here}", hidden=view.contact_hidden, revealed=revealed
        ),
    )
