"""The routes of the pages of the answer book (A14), with who may use them."""

from chalice.app import Blueprint, Response

from chalicelib.domain.book import EntryForm
from chalicelib.domain.case.who_sees import CASE_READERS
from chalicelib.http.routing import route
from chalicelib.http.visits import PUBLIC, Visit, staff
from chalicelib.services.book.entries import EDITORS
from chalicelib.web.form_route import as_page, form_route
from chalicelib.web.rendering import query_number, query_value, reader_of
from chalicelib.web.static_files import static_file

book_pages = Blueprint(__name__)

BOOK = "/desk/{community}/book"

route(book_pages, "/static/book.js", policy=PUBLIC)(static_file("text/javascript", "book.js"))


@route(book_pages, BOOK, policy=staff(*CASE_READERS), refused=as_page)
def book(visit: Visit, community: str) -> Response:
    """The answer book, and what to ask and say; with `part`, only what was found."""
    from chalicelib.web.book_page import book_page, found_part

    asked = {name: query_value(visit.request, name) or "" for name in ("q", "kind", "matter", "case")}
    draw = found_part if query_value(visit.request, "part") else book_page
    return draw(reader_of(visit.request), visit, **asked)


@form_route(book_pages, BOOK, staff(*EDITORS), EntryForm)
def add(visit: Visit, community: str) -> Response:
    """A new entry."""
    from chalicelib.web.book_page import entry_form

    return entry_form(reader_of(visit.request), visit, None)


@route(book_pages, BOOK + "/{entry}", policy=staff(*CASE_READERS), refused=as_page)
def entry(visit: Visit, community: str, entry: str) -> Response:
    """An entry as it stands or in a version, with the form to edit it."""
    from chalicelib.web.book_page import entry_page

    return entry_page(reader_of(visit.request), visit, entry, query_number(visit.request, "version"))


@form_route(book_pages, BOOK + "/{entry}", staff(*EDITORS), EntryForm)
def save(visit: Visit, community: str, entry: str) -> Response:
    """The next version of an entry."""
    from chalicelib.web.book_page import entry_form

    return entry_form(reader_of(visit.request), visit, entry)
