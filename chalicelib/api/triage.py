"""POST …/triage: what a message seems to be about, before it is a case (A7, A8)."""

from chalice.app import Blueprint, Response
from msgspec import Struct

from chalicelib import wiring
from chalicelib.api.routes import COMMUNITY, CORS, FILERS
from chalicelib.domain.case.form_fields import LongText, check
from chalicelib.domain.errors import BusyError
from chalicelib.http.requests import answer, json_object, read
from chalicelib.http.routing import route
from chalicelib.http.visits import Visit, staff
from chalicelib.services.access.authorization import known_community
from chalicelib.services.intake.triage_view import TriageView, triage_view

triage_api = Blueprint(__name__)


class TriageBody(Struct, frozen=True):
    """A message, as it was typed or heard."""

    text: LongText

    def __post_init__(self) -> None:
        check(self)


@route(
    triage_api,
    COMMUNITY + "/triage",
    methods=("POST",),
    policy=staff(*FILERS),
    takes=TriageBody,
    gives=(TriageView,),
    cors=CORS,
)
def propose(visit: Visit, community: str) -> Response:
    """What a message seems to be about. Kind, category, item, urgency and severity, each with how likely it
    is and the words that led to it. Nothing is stored; a person decides.
    """
    desk = wiring.desk()
    context = desk.context(known_community(desk, community))
    found = desk.reads(read(json_object(visit.request), TriageBody).text)
    if found is None:
        raise BusyError("Nothing reads messages just now; sort it by hand.")
    return answer(triage_view(found, context))
