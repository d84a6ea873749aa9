"""The routes of findings on staff and merit (B15), with who may use them."""

from chalice.app import Blueprint

from chalicelib.api import findings
from chalicelib.api.routes import COMMUNITY, CORS, ONCE
from chalicelib.domain.community.roles import STAFF_ROLES, Role
from chalicelib.domain.follow_up.findings import (
    FindingForm,
    MeasureForm,
    SpokenAppealForm,
    StaffAppealForm,
    StaffDecisionForm,
)
from chalicelib.http.routing import route
from chalicelib.http.visits import staff
from chalicelib.services.findings.records import FindingView

finding_routes = Blueprint(__name__)

FINDINGS, OWN = f"{COMMUNITY}/findings", f"{COMMUNITY}/my-findings"
LEADERS = staff(Role.MANAGER, Role.COMPANY_HEAD)
MANAGERS, HEAD, ANYBODY = staff(Role.MANAGER), staff(Role.COMPANY_HEAD), staff(*STAFF_ROLES)

route(
    finding_routes,
    FINDINGS,
    policy=LEADERS,
    gives=(findings.FindingList,),
    query=findings.FINDINGS_QUERY,
    cors=CORS,
)(findings.list_findings)

route(
    finding_routes,
    FINDINGS,
    methods=("POST",),
    policy=MANAGERS,
    takes=FindingForm,
    gives=(FindingView,),
    status=201,
    headers=(ONCE,),
    cors=CORS,
)(findings.record_finding)

route(finding_routes, OWN, policy=ANYBODY, gives=(findings.FindingList,), cors=CORS)(findings.list_own)

for path, policy, takes, view in (
    (f"{FINDINGS}/{{finding}}/measure", MANAGERS, MeasureForm, findings.take_measure),
    (f"{FINDINGS}/{{finding}}/decision", HEAD, StaffDecisionForm, findings.decide_finding),
    (f"{FINDINGS}/{{finding}}/appeal", LEADERS, SpokenAppealForm, findings.appeal_in_name),
    (f"{OWN}/{{finding}}/appeal", ANYBODY, StaffAppealForm, findings.appeal_own),
):
    route(
        finding_routes,
        path,
        methods=("POST",),
        policy=policy,
        takes=takes,
        gives=(FindingView,),
        cors=CORS,
    )(view)
