"""The pages behind the links in messages: the case as its holder may see it (D1, E5, G8)."""

from collections.abc import Mapping
from typing import Any

from chalice.app import Response
from msgspec.structs import replace

from chalicelib import wiring
from chalicelib.domain.case.case import IN_DISPATCH, Case, State
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.links import OF_STAFF, Purpose, check_link
from chalicelib.domain.dispatch.responsibility import name_of, rank_of_its_kind
from chalicelib.domain.follow_up.praise import PRAISERS
from chalicelib.services.access.authorization import OpenedLink
from chalicelib.services.access.looks import opened_by_link
from chalicelib.services.files.showing import shown_by
from chalicelib.services.findings.praise import praise_view
from chalicelib.services.intake.merged import merged_with
from chalicelib.services.proof import unsealed
from chalicelib.services.views.incident_view import offered_to
from chalicelib.services.views.link_view import TrackView, link_view
from chalicelib.services.views.parts import newest_part
from chalicelib.services.views.shown import masked_case, masked_events
from chalicelib.services.views.work_view import WorkView
from chalicelib.web.acceptance_lines import work_order
from chalicelib.web.alarm_lines import emergency_lines
from chalicelib.web.case_lines import (
    appointment_line,
    asked_line,
    pause_line,
    price_line,
    returned_line,
    state_line,
    state_name,
    visit_line,
)
from chalicelib.web.case_panels import (
    ONWARD,
    Attempt,
    clock_lines,
    counts_seconds,
    done_line,
    forms_shown,
    just_done,
)
from chalicelib.web.file_fields import ADD_FILES, case_files, hand_in_panel
from chalicelib.web.form_choices import department_of
from chalicelib.web.formats import phone_dialled, phone_shown, short, zone_name
from chalicelib.web.history import told, worked
from chalicelib.web.incident_lines import incident_line
from chalicelib.web.link_commands import CHOOSE_LANGUAGE, praised_line
from chalicelib.web.payer_lines import payer_of_repair
from chalicelib.web.prefilled import prefilled
from chalicelib.web.rendering import Reader, page
from chalicelib.web.sign_off_lines import sent_back
from chalicelib.web.standing import answers_on, by_use, standing
from chalicelib.web.steward_line import steward_shown
from chalicelib.web.survey_lines import survey_shown
from chalicelib.web.words import Words
from chalicelib.web.work_lines import first_screen, onward

TEMPLATES: Mapping[Purpose, str] = {
    Purpose.TRACK: "track.html",
    Purpose.WORK: "work.html",
    Purpose.RATE: "survey.html",
    Purpose.ALERT: "work.html",
}

IN_THEIR_PLACE = frozenset({ADD_FILES, CHOOSE_LANGUAGE})
"""Commands whose forms stand elsewhere on the page: at the files, and at its head."""


def link_page(
    reader: Reader,
    opened: OpenedLink,
    code: str,
    done: str | None = None,
    attempt: Attempt | None = None,
    earlier: int | None = None,
) -> Response:
    """The page of the link's purpose, with one part of its history.

    `done` is the command just given, `attempt` one that was refused.
    """
    desk, words, case = wiring.desk(), reader.words, opened.case
    opened_by_link(desk, opened.link, case)
    context = desk.context_of(case)
    last = merged_with(desk, case)
    praise = praise_view(wiring.findings(), case, context) if opened.link.purpose in PRAISERS else None
    offered = offered_to(desk, case)
    view = link_view(
        case, opened.link, context, desk.now(), words.shared, last=last, praise=praise, offered=offered
    )
    at_work, here = opened.link.purpose in OF_STAFF, f"{reader.root}l/{code}"
    values: dict[str, Any] = {
        "view": view,
        "community": case.community,
        "zone": zone_name(case.zone, words),
        "version": case.version,
        "here": here,
        "here_path": f"l/{code}",
        "my_data": "" if at_work else f"c/{case.community}/my-data",
        "find_own": "" if at_work else f"c/{case.community}/cases",
        "alive": at_work,
        "my_day": f"{here}/day" if opened.link.purpose is Purpose.WORK else "",
        "desk_phone": None if at_work else context.community.phone,
        **hand_in_panel(
            f"{reader.root}v1/links/{code}/files",
            attempt,
            words,
            possible=ADD_FILES in view.commands,
            staged=at_work,
        ),
        "files": case_files(case, shown_by(opened.link, case), here, words, leave_out=True),
        "forms": forms_shown(
            [command for command in by_use(view.commands) if command not in IN_THEIR_PLACE],
            context,
            words,
            None if attempt is not None and attempt.command in IN_THEIR_PLACE else attempt,
            onward(case) if at_work else ONWARD,
            {**prefilled(name_of(opened.link.subject, context)), **sent_back(case)} if at_work else None,
            case,
            to_resident=not at_work,
        ),
        "praised": praised_line(praise, case, words),
    }
    values["several"] = opened.link.purpose is Purpose.TRACK and bool(values["forms"])
    if opened.link.purpose is Purpose.RATE:
        values |= {"sends": "form-rate", "sends_to": f"{here}/rate"}
    if opened.link.purpose is not Purpose.RATE:
        events = desk.cases.events(case.community, case.number)
        if at_work and case.report.shielded:
            case, events = masked_case(case), masked_events(case, events)
        history = (worked if at_work else told)(case, events, context, words, earlier)
        entries, before = newest_part(history, earlier)
        who = _who(case, context, words)
        values |= {
            "done": done_line(done, opened.link.actor(), events, desk.now(), words),
            "deadlines": clock_lines(view.deadlines, case, context, words),
            "paused": pause_line(case, words, to_resident=not at_work),
            "asked": asked_line(case.clocks.extension_request, context, words),
            "contacted": _contacted(case, words),
            **survey_shown(case, context, words),
            "state": state_line(case, words),
            "promised": _promised_line(case, words),
            **_call(view.phone if isinstance(view, WorkView) else None, context, words),
            "price": price_line(view.plan, words),
            "payer": payer_of_repair(case, context, words) if at_work else "",
            "appointment": appointment_line(view, case.zone, words),
            **emergency_lines(case, context, words, at_work=at_work),
            "visit": visit_line(view.proposed_visit, "work" if at_work else "track", case.zone, words),
            "who": who,
            "stands": standing(view, case, who, desk.now(), words, seconds=counts_seconds(context))
            if isinstance(view, TrackView)
            else None,
            "answers": answers_on(case),
            "steward": None if at_work else steward_shown(case, context, words),
            **(first_screen(case, context, values["forms"], desk.now(), words) if at_work else {}),
            "returned": returned_line(case, words),
            "order": work_order(case, context, words, to_resident=not at_work),
            "goes_on": merged_panel(last, view, words),
            "incident": incident_line(view, case.zone, words),
            "marked": _marked_lines(view, case, context, words),
            "entries": entries,
            "earlier": f"l/{code}?earlier={before}" if before else "",
        }
    return page(reader, TEMPLATES[opened.link.purpose], attempt.status if attempt else 200, **values)


def _call(phone: str | None, context: Context, words: Words) -> Mapping[str, str]:
    """The resident's number as it is read and as it is dialled."""
    if not phone:
        return {}
    return {"phone": phone_shown(phone, context.community.country, words), "dialled": phone_dialled(phone)}


def _contacted(case: Case, words: Words) -> str:
    """When the resident got in touch; where nobody knows, when it was registered (A2)."""
    if case.report.contacted_at is not None:
        return short(case.report.contacted_at, case.zone, words)
    return words("work.when_registered", at=short(case.registered_at, case.zone, words))


def _marked_lines(view: TrackView | WorkView, case: Case, context: Context, words: Words) -> list[str]:
    """That the report was found to be malicious, and how to appeal; empty if it was not (G14)."""
    if not isinstance(view, TrackView) or view.marked is None:
        return []
    until = short(view.marked.until, case.zone, words)
    lines = [words("track.marked", until=until, reason=view.marked.reason or words("page.none"))]
    if "appeal" in view.commands:
        desk = words.desk(context.community.phone)
        lines.append(words("track.can_appeal", command=words.command("appeal"), desk=desk))
    return lines


def _promised_line(case: Case, words: Words) -> str:
    """By when the resident gets the answer that was promised at a revisit; empty if none is owed (D8)."""
    if case.state is not State.COMPLETED or case.follow_up.promised_until is None:
        return ""
    return words("track.promised", moment=short(case.follow_up.promised_until, case.zone, words))


def _who(case: Case, context: Context, words: Words) -> str:
    """Who has the work or did it, with the department; nobody is looked for any more once it has ended."""
    rank = rank_of_its_kind(case.classification.kind, context)
    worker, of = case.assignment.handler or case.assignment.completed_by, case.classification.department
    department = words.role(rank) if rank else department_of(worker, of, context.community, words)
    if case.assignment.handler is None and case.work.on_the_spot and case.assignment.completed_by:
        return words("track.on_the_spot", name=name_of(case.assignment.completed_by, context))
    looked_for = words("track.nobody") if case.state in IN_DISPATCH else ""
    if case.state in IN_DISPATCH and not case.classification.is_sorted:
        looked_for = words("track.to_sort")
    return f"{department} {name_of(worker, context) if worker else looked_for}".strip()


def merged_panel(
    last: tuple[Case, Context] | None, view: TrackView | WorkView, words: Words
) -> dict[str, Any] | None:
    """How the case stands that the resident's own was merged into; None if it was not (A16)."""
    if last is None or not isinstance(view, TrackView) or view.merged is None:
        return None
    case, context = last
    return {
        "view": view.merged,
        "state": state_name(case.state, case.classification.matter, words),
        "paused": pause_line(case, words),
        "deadlines": clock_lines(view.merged.deadlines, case, context, words),
    }


def was_just_done(code: str, command: str) -> bool:
    """Whether that command was given just now through a link that has ended since."""
    desk = wiring.desk()
    link = desk.links.find(desk.codes.hash(unsealed(code)[0]))
    if link is None:
        return False
    return just_done(command, link.actor(), desk.cases.events(link.community, link.number), desk.now())


def as_it_stands(opened: OpenedLink) -> OpenedLink:
    """The link with its case read again; GoneError if the case has moved on meanwhile."""
    desk = wiring.desk()
    case = desk.cases.get(opened.case.community, opened.case.number)
    check_link(opened.link, case, desk.now())
    return replace(opened, case=case)
