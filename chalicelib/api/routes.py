"""Every route of the API, with who may use it. The views stand in the modules beside this one."""

from functools import cache
from typing import Any

from chalice.app import Blueprint, CORSConfig, Response

from chalicelib import wiring
from chalicelib.api import calendars, cases, figures, intake, links, looks, own_data, regulations, what_ifs
from chalicelib.api.health import Health, get_health
from chalicelib.domain.case.links import COMMANDS_BY_PURPOSE
from chalicelib.domain.case.looks import RevealForm
from chalicelib.domain.case.who_sees import CASE_READERS
from chalicelib.domain.community.roles import STAFF_ROLES, Role
from chalicelib.domain.follow_up.praise import PRAISE, PraiseForm
from chalicelib.domain.intake.new_case import NewCase
from chalicelib.domain.lifecycle import TABLE
from chalicelib.http import accounts
from chalicelib.http.caching import kept_for_a_while
from chalicelib.http.own_data import CodeBody, ProofBody, ProvedBody
from chalicelib.http.requests import answer
from chalicelib.http.routing import route
from chalicelib.http.visits import LINK, PUBLIC, Visit, anyone_or, staff
from chalicelib.services.access.looks import LOOK_READERS
from chalicelib.services.calendar.days import AmendedView, YearView
from chalicelib.services.figures.month import FIGURE_READERS, MonthFigures
from chalicelib.services.figures.what_if_view import WhatIfView
from chalicelib.services.intake.receipts import ReceiptView
from chalicelib.services.privacy.own_data import ErasureReceipt, OwnData
from chalicelib.services.views.board import BOARD_READERS
from chalicelib.services.views.regulation_view import AskedDeadlines, RegulationList, RegulationView
from chalicelib.services.views.staff_view import CaseView

api = Blueprint(__name__)

CORS = CORSConfig(
    allow_origin="*",
    allow_headers=["Accept-Language", intake.SOLUTION, "Idempotency-Key", "If-Match", "If-None-Match"],
    expose_headers=["ETag", "Location", "Retry-After"],
    max_age=600,
)
"""Other sites may call the API with a token of their own; the session cookie is never theirs to use."""

FILERS = (STAFF_ROLES | {Role.MACHINE}) - {Role.COMMITTEE}
FORMS = {row.command: row.form for row in TABLE.values() if row.roles & CASE_READERS}
LINK_FORMS = {PRAISE: PraiseForm} | {
    command: TABLE[command].form for commands in COMMANDS_BY_PURPOSE.values() for command in commands
}
COMMUNITY = "/v1/communities/{community}"
CASE = COMMUNITY + "/cases/{number}"
ONCE, SEEN = "Idempotency-Key", "If-Match"


route(api, "/v1/health", policy=PUBLIC, gives=(Health,), cors=CORS)(get_health)


@route(api, "/v1/openapi.json", policy=PUBLIC, cors=CORS)
def get_openapi(visit: Visit) -> Response:
    """This document."""
    return kept_for_a_while(visit.request, answer(_document(wiring.base_url())))


@route(api, "/v1/docs", policy=PUBLIC)
def get_docs(visit: Visit) -> Response:
    """This document as a page."""
    from chalicelib.api.docs_page import docs_page

    return kept_for_a_while(visit.request, docs_page(_document(wiring.base_url())))


@cache
def _document(_address: str) -> dict[str, Any]:
    """The document of the desk at that address, made once."""
    from chalicelib.api.openapi import document  # here, because hardly any request asks for it

    return document(api.current_app.routes)


route(api, "/v1/regulations", policy=PUBLIC, gives=(RegulationList,), cors=CORS)(regulations.list_regulations)

route(api, "/v1/regulations/{pack}", policy=PUBLIC, gives=(RegulationView,), cors=CORS)(
    regulations.get_regulation
)

route(
    api,
    "/v1/regulations/{pack}/deadlines",
    policy=PUBLIC,
    gives=(AskedDeadlines,),
    query=regulations.DEADLINES_QUERY,
    cors=CORS,
)(regulations.get_deadlines)

route(
    api,
    "/v1/sessions",
    methods=("POST",),
    policy=PUBLIC,
    takes=accounts.SignInBody,
    gives=(accounts.Session,),
    status=201,
    cors=CORS,
)(accounts.start_session)

route(
    api,
    "/v1/sessions",
    methods=("DELETE",),
    policy=staff(*STAFF_ROLES, Role.MACHINE, single_factor=True),
    gives=(accounts.Ended,),
    query=accounts.ENDING_QUERY,
    cors=CORS,
)(accounts.end_session)

route(api, "/v1/me", policy=staff(*STAFF_ROLES, Role.MACHINE), gives=(accounts.Me,), cors=CORS)(
    accounts.get_me
)

route(
    api,
    COMMUNITY + "/cases",
    methods=("POST",),
    policy=anyone_or(*FILERS),
    takes=NewCase,
    gives=(ReceiptView,),
    status=201,
    headers=(ONCE, intake.SOLUTION),
    cors=CORS,
)(intake.register_case)

route(api, "/v1/challenge", policy=PUBLIC, gives=(intake.CurrentChallenge,), cors=CORS)(intake.get_challenge)

route(
    api,
    COMMUNITY + "/cases",
    policy=staff(*CASE_READERS),
    gives=(cases.CaseList,),
    query=cases.LIST_QUERY,
    cors=CORS,
)(cases.list_cases)

route(api, CASE, policy=staff(*CASE_READERS), cors=CORS, **cases.OF_A_CASE)(cases.get_case)

route(
    api,
    CASE + "/events",
    policy=staff(*CASE_READERS),
    gives=(cases.History,),
    query=cases.PAGE_QUERY,
    cors=CORS,
)(cases.list_events)

route(
    api,
    CASE + "/commands/{command}",
    methods=("POST",),
    policy=staff(*CASE_READERS),
    takes=FORMS,
    gives=(CaseView, cases.Done),
    headers=(ONCE, SEEN),
    cors=CORS,
)(cases.give_command)

REVEALS: Any = {"takes": RevealForm, "gives": (cases.Revealed,)}
route(api, CASE + "/reveals", methods=("POST",), policy=staff(*CASE_READERS), cors=CORS, **REVEALS)(
    cases.reveal_case
)

OF_LOOKS: Any = {"gives": (looks.LookList,), "query": looks.LOOKS_QUERY}
route(api, COMMUNITY + "/looks", policy=staff(*LOOK_READERS), cors=CORS, **OF_LOOKS)(looks.list_looks)

route(
    api,
    COMMUNITY + "/figures",
    policy=staff(*FIGURE_READERS),
    gives=(MonthFigures,),
    query=figures.FIGURES_QUERY,
    cors=CORS,
)(figures.get_figures)

route(
    api,
    COMMUNITY + "/what-if",
    policy=staff(*BOARD_READERS),
    gives=(WhatIfView,),
    query=what_ifs.WHAT_IF_QUERY,
    cors=CORS,
)(what_ifs.get_what_if)

route(
    api,
    COMMUNITY + "/calendar",
    policy=staff(*STAFF_ROLES),
    gives=(YearView,),
    query=calendars.CALENDAR_QUERY,
    cors=CORS,
)(calendars.get_calendar)

route(
    api,
    COMMUNITY + "/calendar/{date}",
    methods=("PUT",),
    policy=staff(Role.MANAGER),
    takes=calendars.AmendBody,
    gives=(AmendedView,),
    cors=CORS,
)(calendars.amend_day)

route(
    api,
    COMMUNITY + "/calendar/{date}",
    methods=("DELETE",),
    policy=staff(Role.MANAGER),
    gives=(AmendedView,),
    query=calendars.RESTORE_QUERY,
    cors=CORS,
)(calendars.restore_day)

COUNTER = anyone_or(Role.AGENT, Role.SUPERVISOR, Role.MANAGER)  # for a resident who stands there

for last, takes, gives, status, view in (
    ("codes", CodeBody, own_data.CodeAsked, 202, own_data.ask_code),
    ("proofs", ProofBody, own_data.Proved, 200, own_data.prove),
    ("export", ProvedBody, OwnData, 200, own_data.export),
    ("erasure", ProvedBody, ErasureReceipt, 200, own_data.erase),
    ("care-withdrawal", ProvedBody, own_data.CareWithdrawal, 200, own_data.withdraw_care),
):
    route(
        api,
        f"{COMMUNITY}/my-data/{last}",
        methods=("POST",),
        policy=COUNTER,
        takes=takes,
        gives=(gives,),
        status=status,
        cors=CORS,
    )(view)

route(api, "/v1/links/{code}", policy=LINK, cors=CORS, **links.BY_LINK)(links.get_link)

route(
    api,
    "/v1/links/{code}/{command}",
    methods=("POST",),
    policy=LINK,
    takes=LINK_FORMS,
    gives=(*links.VIEWS, cases.Done),
    headers=(ONCE, SEEN),
    cors=CORS,
)(links.give_link_command)
