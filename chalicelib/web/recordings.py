"""From the page of a case to its recordings, with who may hear them (A1, E8)."""

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.recordings import MAIL, recordings_of
from chalicelib.domain.case.who_sees import CASE_READERS
from chalicelib.http.requests import NEVER_STORED, number_asked
from chalicelib.http.routing import route
from chalicelib.http.visits import Visit, staff
from chalicelib.services.access.authorization import readable_case
from chalicelib.web.form_route import as_page

recording_pages = Blueprint(__name__)


@route(
    recording_pages,
    "/desk/{community}/cases/{number}/recordings/{place}",
    policy=staff(*CASE_READERS),
    refused=as_page,
)
def hear(visit: Visit, community: str, number: str, place: str) -> Response:
    """On to a recording, at an address for a minute."""
    from chalicelib.services.intake.recordings import heard_by

    desk = wiring.desk()
    case = readable_case(desk, visit.member, number)
    wanted = number_asked("place", place) or 0
    address = heard_by(desk, wiring.exchange(), visit.member, case, wanted, None)
    headers: dict[str, str | list[str]] = {"Location": address, **NEVER_STORED}
    return Response("", status_code=303, headers=headers)


def recording_links(case: Case, here: str, *, hidden: bool, revealed: bool) -> tuple[tuple[str, str], ...]:
    """Where recordings and mails of a case can be had: (address, what it is called).

    It is for whoever sees who reported the case. To whom that was revealed just now, on record, each address
    is given at once.
    """
    names = () if hidden else recordings_of(case)
    if not (revealed and names):
        return tuple((f"{here}/recordings/{place}", _word(name)) for place, name in enumerate(names, start=1))
    from chalicelib.services.intake.recordings import fetch_recording

    desk, exchange = wiring.desk(), wiring.exchange()
    return tuple(
        (desk.recordings.address(name), _word(name))
        for name in names
        if fetch_recording(desk, exchange, name)
    )


def _word(name: str) -> str:
    """What it is called on the page: a recording is heard, a mail is opened."""
    return "case.open_mail" if name.endswith(MAIL) else "case.hear"
