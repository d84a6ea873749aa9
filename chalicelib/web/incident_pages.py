"""The pages of incidents: all of them with what may be one, and one with its reports (A16, G10)."""

from typing import Any

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.errors import InvalidInputError
from chalicelib.http.bodies import form_fields
from chalicelib.http.cursors import seal, unseal
from chalicelib.http.visits import Visit
from chalicelib.services.access import authorization
from chalicelib.services.records import CaseLine
from chalicelib.services.views.incident_view import IncidentView
from chalicelib.services.views.incidents import incidents, reports_of
from chalicelib.web.case_lines import beginning_of, state_name
from chalicelib.web.case_panels import Attempt
from chalicelib.web.desk_pages import framed
from chalicelib.web.form_input import Typed
from chalicelib.web.form_submit import give
from chalicelib.web.formats import short
from chalicelib.web.incident_lines import where
from chalicelib.web.rendering import Reader, go_to, page
from chalicelib.web.words import Words

ACTS = ("join_incident", "leave_incident")
"""What the desk does with a report on the page of its incident."""


def incidents_page(reader: Reader, visit: Visit, cursor: str | None) -> Response:
    """The incidents of a community, the newest first, and open reports that may be one."""
    desk, words, member = wiring.desk(), reader.words, visit.member
    home = f"desk/{member.community.id}"
    listing = "\0".join(("incident pages", member.community.id, member.username))
    found = incidents(desk, member, words.shared, unseal(desk.codes, listing, cursor))
    further = seal(desk.codes, listing, found.cursor)
    zone = member.community.zone
    return page(
        reader,
        "incidents.html",
        **framed(reader, visit, "incidents"),
        items=[(_shown(item.incident, words, zone), item.reports) for item in found.items],
        offers=[(offer, short(offer.since, zone, words)) for offer in found.offers],
        home=home,
        more=f"{home}/incidents?cursor={further}" if further else "",
        here=f"{reader.root}{home}/incidents",
    )


def incident_page(
    reader: Reader, visit: Visit, number: str, cursor: str | None = None, attempt: Attempt | None = None
) -> Response:
    """One incident with its reports, and what may be of it."""
    desk, words, member = wiring.desk(), reader.words, visit.member
    here = f"desk/{member.community.id}/incidents/{number}"
    listing = "\0".join(("incident page", member.community.id, member.username, number))
    found = reports_of(desk, member, number, words.shared, unseal(desk.codes, listing, cursor))
    further = seal(desk.codes, listing, found.cursor)
    zone = member.community.zone
    return page(
        reader,
        "incident.html",
        attempt.status if attempt else 200,
        **framed(reader, visit, "incidents"),
        shown=_shown(found.incident, words, zone),
        count=found.count,
        groups=[
            ("list", [_line(line, words, zone) for line in found.reports], "leave_incident"),
            ("may_be", [_line(line, words, zone) for line in found.may_be], "join_incident"),
        ],
        refused=attempt.refusal if attempt else "",
        case_path=f"desk/{member.community.id}/cases",
        more=f"{here}?cursor={further}" if further else "",
        here_path=here,
        here=f"{reader.root}{here}",
    )


def incident_act(reader: Reader, visit: Visit, number: str, act: str) -> Response:
    """Join a report to the incident, or take it out again; a refusal shows the page with its sentence."""
    typed = form_fields(visit.request)
    if act not in ACTS:
        raise InvalidInputError(f"What can be done here is: {', '.join(ACTS)}.")
    case = authorization.readable_case(wiring.desk(), visit.member, typed.get("case", ""))
    form: Typed = {name: value for name, value in typed.items() if name != "case"}
    if act == "join_incident":
        form = {**form, "into": number}
    given = give(case, visit.member.actor(), act, form, reader.words, visit.request)
    if isinstance(given, Attempt):
        return incident_page(reader, visit, number, attempt=given)
    return go_to(reader, f"desk/{visit.member.community.id}/incidents/{number}")


def _shown(incident: IncidentView, words: Words, zone: str) -> dict[str, Any]:
    return {
        "incident": incident,
        "where": where(incident, words),
        "since": short(incident.since, zone, words),
        "told_at": short(incident.told_at, zone, words),
        "until": short(incident.until, zone, words),
        "takes": incident.going_on and wiring.desk().now() <= incident.until,
        "state": words("incident.open" if incident.going_on else "incident.over"),
    }


def _line(line: CaseLine, words: Words, zone: str) -> dict[str, Any]:
    return {
        "number": line.number,
        "summary": beginning_of(line, words),
        "state": state_name(line.state, line.matter, words),
        "at": short(line.registered_at, zone, words),
        "waits": line.state == "merged",
    }
