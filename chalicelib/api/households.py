"""The household register over HTTP (E9): who lives in a unit, or has a number."""

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.api.routes import COMMUNITY, CORS
from chalicelib.domain.case.who_sees import COMMUNITY_WIDE
from chalicelib.domain.errors import InvalidInputError
from chalicelib.http.contacts import stored_phone
from chalicelib.http.requests import answer, query
from chalicelib.http.routing import route
from chalicelib.http.visits import Visit, staff
from chalicelib.services.households.known import HouseholdsView, households_on_record

household_api = Blueprint(__name__)

ASKED = {"unit": "A unit, however it is written.", "phone": "A phone number, with its country or of ours."}


@route(
    household_api,
    COMMUNITY + "/households",
    policy=staff(*COMMUNITY_WIDE),
    gives=(HouseholdsView,),
    query=ASKED,
    cors=CORS,
)
def get_households(visit: Visit, community: str) -> Response:
    """The households of a unit or phone number, as the register has them; on record as a look."""
    asked, place = query(visit.request, *ASKED), visit.member.community
    unit, phone = asked.get("unit", "").strip(), asked.get("phone", "").strip()
    if not (unit or phone):
        raise InvalidInputError("Say which: 'unit' or 'phone'.")
    number = stored_phone(phone, place.country) if phone else ""
    found = households_on_record(wiring.desk(), visit.member, unit, number)
    return answer(HouseholdsView(found, wiring.desk().households.count(place.id)))
