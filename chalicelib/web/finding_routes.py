"""The routes of the pages of findings and merit (B15), with who may use them."""

from chalice.app import Blueprint, Response

from chalicelib.domain.community.roles import STAFF_ROLES, Role
from chalicelib.domain.follow_up.findings import (
    FindingForm,
    MeasureForm,
    SpokenAppealForm,
    StaffAppealForm,
    StaffDecisionForm,
)
from chalicelib.http.routing import route
from chalicelib.http.visits import Visit, staff
from chalicelib.web.form_route import as_page, form_route
from chalicelib.web.rendering import query_value, reader_of

finding_pages = Blueprint(__name__)

FINDINGS, RECORD = "/desk/{community}/findings", "/desk/{community}/my-record"


@route(finding_pages, FINDINGS, policy=staff(Role.MANAGER, Role.COMPANY_HEAD), refused=as_page)
def findings(visit: Visit, community: str) -> Response:
    """Findings and merit, by person and month."""
    from chalicelib.web.findings_page import findings_page

    person, month = (query_value(visit.request, name) for name in ("person", "month"))
    return findings_page(reader_of(visit.request), visit, person, month)


@form_route(finding_pages, FINDINGS, staff(Role.MANAGER), FindingForm)
def record(visit: Visit, community: str) -> Response:
    """A finding, or merit."""
    from chalicelib.web.findings_page import findings_form

    return findings_form(reader_of(visit.request), visit)


@form_route(finding_pages, FINDINGS + "/{finding}/measure", staff(Role.MANAGER), MeasureForm)
def measure(visit: Visit, community: str, finding: str) -> Response:
    """A measure, or a reward."""
    from chalicelib.web.findings_page import findings_form

    return findings_form(reader_of(visit.request), visit, finding, "measure")


@form_route(finding_pages, FINDINGS + "/{finding}/decision", staff(Role.COMPANY_HEAD), StaffDecisionForm)
def decision(visit: Visit, community: str, finding: str) -> Response:
    """The company head's decision on an appeal."""
    from chalicelib.web.findings_page import findings_form

    return findings_form(reader_of(visit.request), visit, finding, "decision")


@form_route(
    finding_pages, FINDINGS + "/{finding}/appeal", staff(Role.MANAGER, Role.COMPANY_HEAD), SpokenAppealForm
)
def appeal_in_name(visit: Visit, community: str, finding: str) -> Response:
    """The appeal of somebody without an account."""
    from chalicelib.web.findings_page import findings_form

    return findings_form(reader_of(visit.request), visit, finding, "appeal_for")


@route(finding_pages, RECORD, policy=staff(*STAFF_ROLES), refused=as_page)
def own(visit: Visit, community: str) -> Response:
    """What is recorded about whoever is signed in."""
    from chalicelib.web.findings_page import own_page

    return own_page(reader_of(visit.request), visit)


@form_route(finding_pages, RECORD + "/{finding}/appeal", staff(*STAFF_ROLES), StaffAppealForm)
def appeal(visit: Visit, community: str, finding: str) -> Response:
    """An appeal against a finding about oneself."""
    from chalicelib.web.findings_page import findings_form

    return findings_form(reader_of(visit.request), visit, finding, "appeal")
