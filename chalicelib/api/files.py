"""Files of reports and cases: tickets to hand them in, what a case has, and where that is had (A3, E8)."""

from chalice.app import Blueprint, Response
from msgspec import Struct

from chalicelib import wiring
from chalicelib.api.routes import CASE, COMMUNITY, CORS, FILERS, ONCE
from chalicelib.domain.case.links import COMMANDS_BY_PURPOSE
from chalicelib.domain.case.looks import RevealForm
from chalicelib.domain.case.who_sees import CASE_READERS
from chalicelib.domain.community.roles import Role
from chalicelib.domain.errors import InvalidInputError, NotAllowedError
from chalicelib.http.requests import (
    answer,
    idempotency_key,
    json_object,
    number_asked,
    query,
    read,
    source_address,
)
from chalicelib.http.routing import route
from chalicelib.http.visits import LINK, Visit, anyone_or, staff
from chalicelib.services.access.authorization import known_community, readable_case
from chalicelib.services.access.looks import looked_at, opened_by_link
from chalicelib.services.access.stranger_limits import count_file, count_file_of_case
from chalicelib.services.files.handing_in import FileTicket, TicketForm, ticket_for
from chalicelib.services.files.shelf import folder_of_form
from chalicelib.services.files.showing import (
    ShownFile,
    files_shown,
    kept_files,
    opened_by_holder,
    opened_by_member,
    shown_by,
    shown_to,
)
from chalicelib.services.files.taking import ticket_for_case

files_api = Blueprint(__name__)

QUERY = {"reason": "Why somebody has to see a file that tells who reported the case; it is put on record."}
BY_CODE = "/v1/links/{code}/files"


class FileList(Struct, frozen=True):
    """The files of a case, in the order in which they were handed in."""

    files: tuple[ShownFile, ...]


class FileAddress(Struct, frozen=True):
    """The address of a file. It is good for five minutes, for whoever has it."""

    address: str


@route(
    files_api,
    COMMUNITY + "/files",
    methods=("POST",),
    policy=anyone_or(*FILERS),
    takes=TicketForm,
    gives=(FileTicket,),
    status=201,
    headers=(ONCE,),
    cors=CORS,
)
def ticket_for_report(visit: Visit, community: str) -> Response:
    """A ticket for a file of a report that is being written.

    The Idempotency-Key is needed, and is the one that the report will be sent with.
    """
    desk, key = wiring.desk(), idempotency_key(visit.request)
    known_community(desk, community)
    form = read(json_object(visit.request), TicketForm)
    if key is None:
        raise InvalidInputError("Send the 'Idempotency-Key' that the report will be sent with.")
    folder = folder_of_form(desk, community, key)
    if visit.actor.role is Role.RESIDENT:
        large = form.is_large
        count_file(desk, source_address(visit.request), community, wiring.rate_limits(), large=large)
    return answer(ticket_for(desk, folder, form), 201)


@route(
    files_api,
    BY_CODE,
    methods=("POST",),
    policy=LINK,
    takes=TicketForm,
    gives=(FileTicket,),
    status=201,
    cors=CORS,
)
def ticket_by_link(visit: Visit, code: str) -> Response:
    """A ticket for a file of the link's case; the command `add_files` then names it."""
    opened, desk = visit.opened, wiring.desk()
    if "add_files" not in COMMANDS_BY_PURPOSE[opened.link.purpose]:
        raise NotAllowedError("This link takes no files.")
    form = read(json_object(visit.request), TicketForm)
    ticket = ticket_for_case(desk, opened.case, visit.actor, form)
    count_file_of_case(desk, opened.case.community, opened.case.number, wiring.rate_limits())
    return answer(ticket, 201)


@route(
    files_api,
    CASE + "/files",
    methods=("POST",),
    policy=staff(*CASE_READERS),
    takes=TicketForm,
    gives=(FileTicket,),
    status=201,
    cors=CORS,
)
def ticket_by_staff(visit: Visit, community: str, number: str) -> Response:
    """A ticket for a file of a case; the command `add_files` then names it."""
    desk = wiring.desk()
    case = readable_case(desk, visit.member, number)
    form = read(json_object(visit.request), TicketForm)
    return answer(ticket_for_case(desk, case, visit.actor, form), 201)


@route(files_api, CASE + "/files", policy=staff(*CASE_READERS), gives=(FileList,), cors=CORS)
def list_files(visit: Visit, community: str, number: str) -> Response:
    """The files of a case. What is `held` from the caller is shown to them with a reason."""
    desk = wiring.desk()
    case = readable_case(desk, visit.member, number)
    looked_at(desk, visit.member, case)
    kept = kept_files(desk, case)
    return answer(FileList(files_shown(kept, shown_to(visit.member, case), desk.now(), leave_out=False)))


@route(
    files_api,
    CASE + "/files/{place}",
    policy=staff(*CASE_READERS),
    gives=(FileAddress,),
    query=QUERY,
    cors=CORS,
)
def get_file(visit: Visit, community: str, number: str, place: str) -> Response:
    """Where a file can be had. The first of a case is 1; having it is put on record as a look."""
    desk, reason = wiring.desk(), query(visit.request, *QUERY).get("reason")
    why = RevealForm(reason).reason if reason is not None else None
    case = readable_case(desk, visit.member, number)
    wanted = number_asked("place", place) or 0
    return answer(FileAddress(opened_by_member(desk, visit.member, case, wanted, why)))


@route(files_api, BY_CODE, policy=LINK, gives=(FileList,), cors=CORS)
def list_files_by_link(visit: Visit, code: str) -> Response:
    """The files of the link's case that are for its holder to see."""
    desk, opened = wiring.desk(), visit.opened
    opened_by_link(desk, opened.link, opened.case)
    kept = kept_files(desk, opened.case)
    sees = shown_by(opened.link, opened.case)
    return answer(FileList(files_shown(kept, sees, desk.now(), leave_out=True)))


@route(files_api, BY_CODE + "/{place}", policy=LINK, gives=(FileAddress,), cors=CORS)
def get_file_by_link(visit: Visit, code: str, place: str) -> Response:
    """Where a file of the link's case can be had; by a handler it is on record as a look."""
    opened, wanted = visit.opened, number_asked("place", place) or 0
    return answer(FileAddress(opened_by_holder(wiring.desk(), opened.link, opened.case, wanted)))
