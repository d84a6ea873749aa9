"""GET …/recordings/{place}: what somebody said at the telephone (A1, E8)."""

from chalice.app import Blueprint, Response
from msgspec import Struct

from chalicelib import wiring
from chalicelib.api.routes import CASE, CORS
from chalicelib.domain.case.looks import RevealForm
from chalicelib.domain.case.who_sees import CASE_READERS
from chalicelib.http.requests import answer, number_asked, query
from chalicelib.http.routing import route
from chalicelib.http.visits import Visit, staff
from chalicelib.services.access.authorization import readable_case

recordings_api = Blueprint(__name__)

QUERY = {"reason": "Why somebody has to hear it who does not see who reported the case; it is put on record."}


class RecordingAddress(Struct, frozen=True):
    """The address of a recording (WAV). It is good for a minute, for whoever has it."""

    address: str


@route(
    recordings_api,
    CASE + "/recordings/{place}",
    policy=staff(*CASE_READERS),
    gives=(RecordingAddress,),
    query=QUERY,
    cors=CORS,
)
def get_recording(visit: Visit, community: str, number: str, place: str) -> Response:
    """Where a recording can be heard. The first of a case is 1; listening is put on record as a look."""
    from chalicelib.services.intake.recordings import heard_by

    desk = wiring.desk()
    reason = query(visit.request, *QUERY).get("reason")
    why = RevealForm(reason).reason if reason is not None else None
    case = readable_case(desk, visit.member, number)
    wanted = number_asked("place", place) or 0
    return answer(RecordingAddress(heard_by(desk, wiring.exchange(), visit.member, case, wanted, why)))
