"""POST …/cases: a report becomes a case, with its receipt at once (A1, A2, A11)."""

from uuid import uuid4

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.community.roles import Role
from chalicelib.http.bodies import body_bytes
from chalicelib.http.machine_report import MachineReport, machine_report, machine_values
from chalicelib.http.report_body import own_key, report_of, with_contacts
from chalicelib.http.requests import (
    answer,
    idempotency_key,
    json_object,
    source_address,
    words_for,
)
from chalicelib.http.visits import Visit
from chalicelib.services.access.authorization import known_community
from chalicelib.services.access.origins import origin_of
from chalicelib.services.access.rate_limits import count_intake
from chalicelib.services.intake.receipts import receipt_view
from chalicelib.services.intake.register import register


def register_case(visit: Visit, community: str) -> Response:
    """Register a report. With an Idempotency-Key a repeat gives the first answer again, with 200."""
    desk, request = wiring.desk(), visit.request
    place = known_community(desk, community)
    context, words = desk.context(place), words_for(request)
    if visit.actor.role is Role.MACHINE:
        report = machine_report(desk, context, visit.actor, machine_values(request), words)
    else:
        given = json_object(request)
        only = place.countries_written_to if visit.actor.role is Role.RESIDENT else ()
        report = MachineReport(with_contacts(report_of(given, visit.actor), place.country, only))
    new = report.new
    key = idempotency_key(request)
    sent_from = None
    if visit.actor.role is Role.RESIDENT:
        count_intake(desk, source_address(request), new.phone, new.email, wiring.rate_limits())
        sent_from = origin_of(desk, source_address(request))
    own = own_key(request, visit.actor, key or uuid4().hex)
    receipt = register(desk, context, visit.actor, new, own, body_bytes(request), report.left_out, sent_from)
    view = receipt_view(desk, receipt, wiring.base_url(), words)
    where = f"{wiring.base_url()}/v1/communities/{community}/cases/{view.number}"
    return answer(view, 200 if receipt.repeated else 201, Location=where)
