"""POST …/cases: a report becomes a case, with its receipt at once (A1, A2, A11)."""

from uuid import uuid4

from chalice.app import Response
from msgspec import Struct

from chalicelib import wiring
from chalicelib.domain.community.roles import Role
from chalicelib.http.bodies import body_bytes
from chalicelib.http.machine_report import MachineReport, machine_report, machine_values
from chalicelib.http.report_body import own_key, report_of, with_contacts
from chalicelib.http.requests import (
    answer,
    idempotency_key,
    json_object,
    machine_key,
    source_address,
    words_for,
)
from chalicelib.http.visits import Visit
from chalicelib.services.access.authorization import known_community
from chalicelib.services.access.origins import origin_of
from chalicelib.services.access.stranger_limits import count_intake
from chalicelib.services.intake.receipts import receipt_view
from chalicelib.services.intake.register import register
from chalicelib.services.providers import Puzzle

SOLUTION = "Challenge-Solution"


class CurrentChallenge(Struct, frozen=True):
    """The challenge that strangers may be asked for; null where none ever is."""

    challenge: Puzzle | None


def get_challenge(visit: Visit) -> Response:
    """A challenge to solve. While very many strangers report, each report needs one: its answer is 428 else.

    Find the number from 0 to `most` for which the SHA-256 (hex) of `salt`, with the number's decimal digits
    right behind it, is `digest`. Send the report with the header `Challenge-Solution`: `salt`, the number and
    `signature`, with a dot between. A solution is good for one report, until `expires_at`. Reports of
    emergencies, or with a word of danger, need none; neither do staff and machines.
    """
    return answer(CurrentChallenge(wiring.gate().puzzle()))


def register_case(visit: Visit, community: str) -> Response:
    """Register a report. With an Idempotency-Key a repeat gives the first answer again, with 200.

    Without signing in `text`, `unit`, `name`, and `phone` or `email` are asked for. Staff and machines leave
    out what nobody knows. Of a telephone call even `text` may be unknown, if there is somebody to call back;
    with `unfinished` it is one that broke off.
    """
    desk, request = wiring.desk(), visit.request
    place = known_community(desk, community)
    context, words = desk.context(place), words_for(request)
    if visit.actor.role is Role.MACHINE:
        report = machine_report(desk, context, visit.actor, machine_values(request))
    else:
        given = json_object(request)
        only = place.countries_written_to if visit.actor.role is Role.RESIDENT else ()
        report = MachineReport(with_contacts(report_of(given, visit.actor), place.country, only))
    new = report.new
    key = machine_key(request) if visit.actor.role is Role.MACHINE else idempotency_key(request)
    own, sent_from = own_key(request, visit.actor, key or uuid4().hex), None
    if visit.actor.role is Role.RESIDENT:
        wiring.gate().check(context, new, own, str(request.headers.get(SOLUTION) or ""))
        count_intake(desk, source_address(request), new.phone, new.email, wiring.rate_limits())
        sent_from = origin_of(desk, source_address(request))
    asked = visit.actor.role is Role.RESIDENT and request.headers.get("accept-language")
    language = words.language if asked else ""
    body = body_bytes(request)
    receipt = register(desk, context, visit.actor, new, own, body, report.left_out, sent_from, language)
    view = receipt_view(desk, receipt, wiring.base_url(), words)
    where = f"{wiring.base_url()}/v1/communities/{community}/cases/{view.number}"
    return answer(view, 200 if receipt.repeated else 201, Location=where)
