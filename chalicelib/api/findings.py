"""Findings on staff and merit over HTTP (B15)."""

from chalice.app import Response
from msgspec import Struct

from chalicelib import wiring
from chalicelib.domain.follow_up.findings import (
    FindingForm,
    MeasureForm,
    SpokenAppealForm,
    StaffAppealForm,
    StaffDecisionForm,
)
from chalicelib.http.requests import answer, idempotency_key, json_object, month_asked, query, read
from chalicelib.http.visits import Visit
from chalicelib.services.findings import records
from chalicelib.services.findings.records import FindingView, PersonCount

FINDINGS_QUERY = {"person": "A username.", "month": "YYYY-MM, in which it was recorded."}


class FindingList(Struct, frozen=True):
    """Findings, merit and praise, the newest first, with counts by person and month."""

    items: tuple[FindingView, ...]
    counts: tuple[PersonCount, ...]


def list_findings(visit: Visit, community: str) -> Response:
    """Findings and merit in the community, by person and month; for managers and the company head."""
    asked = query(visit.request, *FINDINGS_QUERY)
    month = month_asked(asked["month"]) if "month" in asked else None
    return _listed(visit, records.listed(wiring.findings(), visit.member, asked.get("person"), month))


def _listed(visit: Visit, views: tuple[FindingView, ...]) -> Response:
    return answer(FindingList(views, records.counted(views, visit.member)))


def record_finding(visit: Visit, community: str) -> Response:
    """Record a finding on a member of staff, or merit, on a case; managers only."""
    form = read(json_object(visit.request), FindingForm)
    key = idempotency_key(visit.request)
    return answer(records.record(wiring.desk(), wiring.findings(), visit.member, form, key), 201)


def take_measure(visit: Visit, community: str, finding: str) -> Response:
    """Put the measure of a finding, or the reward of merit, on record; managers only."""
    form = read(json_object(visit.request), MeasureForm)
    return answer(records.measure(wiring.desk(), wiring.findings(), visit.member, finding, form))


def decide_finding(visit: Visit, community: str, finding: str) -> Response:
    """Decide on an appeal against a finding; the company head only."""
    form = read(json_object(visit.request), StaffDecisionForm)
    return answer(records.decide(wiring.desk(), wiring.findings(), visit.member, finding, form))


def appeal_in_name(visit: Visit, community: str, finding: str) -> Response:
    """Record the appeal of somebody without an account, as they made it; manager or company head."""
    form = read(json_object(visit.request), SpokenAppealForm)
    return answer(records.appeal_in_name(wiring.desk(), wiring.findings(), visit.member, finding, form))


def list_own(visit: Visit, community: str) -> Response:
    """What is recorded about whoever asks, and about nobody else."""
    return _listed(visit, records.own(wiring.desk(), wiring.findings(), visit.member))


def appeal_own(visit: Visit, community: str, finding: str) -> Response:
    """Appeal, once, against a finding about oneself."""
    form = read(json_object(visit.request), StaffAppealForm)
    return answer(records.appeal(wiring.desk(), wiring.findings(), visit.member, finding, form))
