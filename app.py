"""Entry points of the Lambda functions: routes come from blueprints, every other handler is one line here.
No blueprint has those, so that what is deployed is `app.…` and loads this module."""

from chalice.app import Chalice

from chalicelib import log, tasks
from chalicelib.api.book import book_api
from chalicelib.api.files import files_api
from chalicelib.api.finding_routes import finding_routes
from chalicelib.api.households import household_api
from chalicelib.api.incidents import incident_api
from chalicelib.api.recordings import recordings_api
from chalicelib.api.routes import api
from chalicelib.api.search import search_api
from chalicelib.api.sorted_cases import sorted_cases_api
from chalicelib.api.triage import triage_api
from chalicelib.channels.connect import connect as answer_contact
from chalicelib.channels.household_file import load_households as take_households
from chalicelib.channels.ivr import ivr_channel
from chalicelib.channels.mail_in import mail_in as take_mails
from chalicelib.channels.voice import voice
from chalicelib.http.elsewhere import answer_everywhere
from chalicelib.http.routing import require_policies
from chalicelib.web.account_pages import account_pages
from chalicelib.web.board_routes import board_pages
from chalicelib.web.book_routes import book_pages
from chalicelib.web.corrections import correction_pages
from chalicelib.web.day_routes import day_pages
from chalicelib.web.file_routes import file_pages
from chalicelib.web.finding_routes import finding_pages
from chalicelib.web.form_route import as_page
from chalicelib.web.handover_routes import handover_pages
from chalicelib.web.held_routes import held_pages
from chalicelib.web.household_routes import household_pages
from chalicelib.web.incident_routes import incident_pages
from chalicelib.web.list_routes import list_pages
from chalicelib.web.money_routes import money_pages
from chalicelib.web.own_case_routes import own_case_pages
from chalicelib.web.paper_routes import make_paper as take_paper_order
from chalicelib.web.paper_routes import paper_pages
from chalicelib.web.poster_routes import poster_pages
from chalicelib.web.proposal_routes import proposal_pages
from chalicelib.web.recordings import recording_pages
from chalicelib.web.roster_routes import roster_pages
from chalicelib.web.routes import pages
from chalicelib.web.settings_routes import settings_pages
from chalicelib.web.sign_in import sign_in_pages
from chalicelib.web.staff_routes import staff_pages
from chalicelib.web.static_routes import static_files
from chalicelib.web.steward_routes import steward_pages

log.set_up()

app = Chalice(app_name="suda")
for part in (
    api, triage_api, search_api, recordings_api, files_api, voice, sorted_cases_api, ivr_channel,
    finding_routes, book_api, incident_api, household_api, pages, list_pages, correction_pages,
    recording_pages, file_pages, proposal_pages, own_case_pages, poster_pages, static_files, finding_pages,
    book_pages, held_pages, incident_pages, board_pages, household_pages, paper_pages, roster_pages,
    money_pages, handover_pages, steward_pages, staff_pages, sign_in_pages, account_pages, day_pages,
    settings_pages,
):  # fmt: skip
    app.register_blueprint(part)
require_policies(app)
answer_everywhere(app, as_page)

relay = app.lambda_function(name="relay")(tasks.relay)
assign = app.lambda_function(name="assign")(tasks.assign)
await_step = app.lambda_function(name="await_step")(tasks.await_step)
fire_timers = app.lambda_function(name="fire_timers")(tasks.fire_timers)
workflow_failed = app.lambda_function(name="workflow_failed")(tasks.workflow_failed)
check_file = app.lambda_function(name="check_file")(tasks.check_file)
load_households = app.lambda_function(name="load_households")(take_households)
make_paper = app.lambda_function(name="make_paper")(take_paper_order)
mail_events = app.lambda_function(name="mail_events")(tasks.mail_events)
connect = app.lambda_function(name="connect")(answer_contact)
mail_in = app.lambda_function(name="mail_in")(take_mails)
reconcile = app.lambda_function(name="reconcile")(tasks.reconcile)
