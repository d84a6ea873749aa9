"""The answer book over HTTP (A14): searched by whoever takes reports down, edited by supervisors."""

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.api.routes import COMMUNITY, CORS
from chalicelib.domain.book import MOST_ENTRIES, MOST_FOUND, Entry, EntryForm
from chalicelib.domain.case.who_sees import CASE_READERS
from chalicelib.http.requests import answer, json_object, language, number_asked, query, read
from chalicelib.http.routing import route
from chalicelib.http.visits import Visit, staff
from chalicelib.services.book import entries
from chalicelib.services.book.entries import EDITORS, BookView, EntryView

book_api = Blueprint(__name__)

BOOK = COMMUNITY + "/book"
BOOK_QUERY = {"q": "What the resident asks, in a few words; without it the whole book."}
VERSION_QUERY = {"version": "A version of before."}


@route(book_api, BOOK, policy=staff(*CASE_READERS), gives=(BookView,), query=BOOK_QUERY, cors=CORS)
def search_book(visit: Visit, community: str) -> Response:
    """The entries of the answer book that fit, the best first."""
    asked = query(visit.request, *BOOK_QUERY).get("q", "")
    most = MOST_FOUND if asked else MOST_ENTRIES
    found = entries.search(wiring.desk(), wiring.book(), visit.member, asked, most, language(visit.request))
    return answer(found)


@route(
    book_api,
    BOOK,
    methods=("POST",),
    policy=staff(*EDITORS),
    takes=EntryForm,
    gives=(Entry,),
    status=201,
    cors=CORS,
)
def add_entry(visit: Visit, community: str) -> Response:
    """Add an entry to the answer book."""
    form = read(json_object(visit.request), EntryForm)
    return answer(entries.save(wiring.desk(), wiring.book(), visit.member, None, form), 201)


@route(
    book_api,
    BOOK + "/{entry}",
    policy=staff(*CASE_READERS),
    gives=(EntryView,),
    query=VERSION_QUERY,
    cors=CORS,
)
def get_entry(visit: Visit, community: str, entry: str) -> Response:
    """An entry of the answer book, with all its versions."""
    version = number_asked("version", query(visit.request, *VERSION_QUERY).get("version"))
    wish = language(visit.request)
    return answer(entries.entry(wiring.desk(), wiring.book(), visit.member, entry, version, wish))


@route(
    book_api,
    BOOK + "/{entry}",
    methods=("PUT",),
    policy=staff(*EDITORS),
    takes=EntryForm,
    gives=(Entry,),
    cors=CORS,
)
def save_entry(visit: Visit, community: str, entry: str) -> Response:
    """Save the next version of an entry; `removed` takes it out of the book."""
    form = read(json_object(visit.request), EntryForm)
    return answer(entries.save(wiring.desk(), wiring.book(), visit.member, entry, form))
