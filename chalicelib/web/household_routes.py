"""The routes of the household register's page, for the manager (E9)."""

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.http.bodies import form_fields, form_files
from chalicelib.http.routing import route
from chalicelib.http.visits import Visit, staff
from chalicelib.services.households.loading import LOADERS, ask_to_load, hand_in
from chalicelib.web.form_route import as_page, form_route
from chalicelib.web.rendering import go_to, reader_of

household_pages = Blueprint(__name__)

HOUSEHOLDS = "/desk/{community}/households"


@route(household_pages, HOUSEHOLDS, policy=staff(*LOADERS), refused=as_page)
def households(visit: Visit, community: str) -> Response:
    """The register: how many units it has, the last file line by line, and the form for the next."""
    from chalicelib.web.register_page import register_page

    return register_page(reader_of(visit.request), visit)


@form_route(household_pages, HOUSEHOLDS, staff(*LOADERS), with_files=True)
def hand_file_in(visit: Visit, community: str) -> Response:
    """A file, to be looked at; nothing of it is loaded yet."""
    from chalicelib.web.register_page import register_page

    reader = reader_of(visit.request)
    given = [data for called, data in form_files(visit.request, "file") if called or data]
    if not given:
        return register_page(reader, visit, refused=reader.words("households.no_file"), status=400)
    hand_in(wiring.desk(), visit.member, given[0])
    return go_to(reader, f"desk/{community}/households")


@form_route(household_pages, HOUSEHOLDS + "/load", staff(*LOADERS))
def load(visit: Visit, community: str) -> Response:
    """The manager's word that the file is loaded."""
    from chalicelib.domain.errors import CommandRefusedError
    from chalicelib.web.refusals import refusal
    from chalicelib.web.register_page import register_page

    reader, typed = reader_of(visit.request), form_fields(visit.request)
    try:
        ask_to_load(wiring.desk(), visit.member, typed.get("load", ""), removes=typed.get("removes") == "yes")
    except CommandRefusedError as error:
        place = visit.member.community
        why = refusal(error, place.zone, reader.words, place.phone)
        return register_page(reader, visit, refused=why, status=409)
    return go_to(reader, f"desk/{community}/households")


@route(household_pages, HOUSEHOLDS + "/load", policy=staff(*LOADERS), refused=as_page)
def load_again(visit: Visit, community: str) -> Response:
    """A reload of a form that was refused: back to the register."""
    return go_to(reader_of(visit.request), f"desk/{community}/households")
