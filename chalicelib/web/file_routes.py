"""The routes of files: handing them in for a case that there is, and on to where one is had (A3, E8)."""

from typing import TYPE_CHECKING
from uuid import uuid4

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.links import COMMANDS_BY_PURPOSE
from chalicelib.domain.case.who_sees import CASE_READERS
from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.intake.files import FilesForm
from chalicelib.http.bodies import form_fields, form_files
from chalicelib.http.requests import NEVER_STORED, number_asked
from chalicelib.http.routing import route
from chalicelib.http.sessions import KEY_FIELD
from chalicelib.http.visits import LINK, Visit, staff
from chalicelib.services.access.authorization import asked, opened_case, readable_case
from chalicelib.web.form_route import as_page, form_route
from chalicelib.web.rendering import go_to, reader_of

if TYPE_CHECKING:
    from chalicelib.web.case_panels import Attempt
    from chalicelib.web.words import Words

file_pages = Blueprint(__name__)

OF_A_CASE = "/desk/{community}/cases/{number}/files"


@form_route(file_pages, "/l/{code}/files", LINK, FilesForm, with_files=True)
def hand_in_by_link(visit: Visit, code: str) -> Response:
    """Files for the case of the link; a form sent twice is carried out once."""
    from chalicelib.web.case_panels import Attempt
    from chalicelib.web.link_pages import as_it_stands, link_page

    reader, opened = reader_of(visit.request), visit.opened
    if "add_files" not in COMMANDS_BY_PURPOSE[opened.link.purpose]:
        raise NotFoundError("This link takes no files.")
    given = _handed_in(visit, opened.case, reader.words)
    if isinstance(given, Attempt):
        return link_page(reader, as_it_stands(opened), code, attempt=given)
    return go_to(reader, f"l/{code}?done=add_files")


@form_route(file_pages, OF_A_CASE, staff(*CASE_READERS), FilesForm, with_files=True)
def hand_in_at_desk(visit: Visit, community: str, number: str) -> Response:
    """Files for a case, by a member of staff."""
    from chalicelib.web.case_panels import Attempt
    from chalicelib.web.desk_pages import case_page

    reader = reader_of(visit.request)
    found = readable_case(wiring.desk(), visit.member, number)
    given = _handed_in(visit, found, reader.words)
    if isinstance(given, Attempt):
        now = opened_case(wiring.desk(), visit.member, number)
        return case_page(reader, visit, now, attempt=given)
    return go_to(reader, f"desk/{community}/cases/{number}?done=add_files")


@route(file_pages, "/l/{code}/files/{place}", policy=LINK, refused=as_page)
def open_by_link(visit: Visit, code: str, place: str) -> Response:
    """On to a file, at an address for some minutes."""
    from chalicelib.services.files.showing import opened_by_holder

    opened, wanted = visit.opened, number_asked("place", place) or 0
    return _on_to(opened_by_holder(wiring.desk(), opened.link, opened.case, wanted))


@route(file_pages, OF_A_CASE + "/{place}", policy=staff(*CASE_READERS), refused=as_page)
def open_at_desk(visit: Visit, community: str, number: str, place: str) -> Response:
    """On to a file, at an address for some minutes; on record as a look."""
    from chalicelib.services.files.showing import opened_by_member

    desk, wanted = wiring.desk(), number_asked("place", place) or 0
    case = readable_case(desk, visit.member, number)
    return _on_to(opened_by_member(desk, visit.member, case, wanted, None))


def _on_to(address: str) -> Response:
    headers: dict[str, str | list[str]] = {"Location": address, **NEVER_STORED}
    return Response("", status_code=303, headers=headers)


def _handed_in(visit: Visit, case: Case, words: "Words") -> "Case | Attempt":
    """The case with what came along, by ticket or with the form; the attempt if it is not taken."""
    from chalicelib.http.errors import status_of
    from chalicelib.services.files.handing_in import take_in
    from chalicelib.services.files.shelf import folder_of_case
    from chalicelib.services.intake.merged import carry_out
    from chalicelib.web.case_panels import Attempt
    from chalicelib.web.file_fields import ADD_FILES, FILES, UPLOADED, why_not_taken
    from chalicelib.web.form_submit import SHOWN_AGAIN

    desk, typed = wiring.desk(), form_fields(visit.request)
    folder = folder_of_case(desk, case.community, case.number)
    names: tuple[str, ...] = tuple(typed.get(UPLOADED, "").split())
    try:
        names += take_in(desk, folder, form_files(visit.request, FILES))
        form = FilesForm(tuple(dict.fromkeys(names)), typed.get("stage") or None)
        key = typed.get(KEY_FIELD) or uuid4().hex
        command = asked(ADD_FILES, visit.actor, desk.now(), key, form)
        return carry_out(desk, case, command)
    except SHOWN_AGAIN as error:
        phone = desk.directory.community(case.community).phone
        why = why_not_taken(error, case.zone, words, phone)
        kept = {**typed, KEY_FIELD: uuid4().hex, UPLOADED: " ".join(names)}
        return Attempt(ADD_FILES, kept, refusal=why, status=status_of(error))
