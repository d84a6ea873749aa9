"""The routes of proposals for a report that is being typed (A8).

Nothing is stored. The answer is JSON for the form's script: a sentence in the reader's language, and the
fields that it proposes. What a resident asks is counted by address (C3).
"""

from chalice.app import Blueprint, Response
from msgspec import Struct

from chalicelib import wiring
from chalicelib.domain.case.form_fields import LongText, ShortText, check
from chalicelib.http.bodies import FORM, form_fields
from chalicelib.http.requests import answer, read
from chalicelib.http.routing import route
from chalicelib.http.visits import PUBLIC, Visit, staff
from chalicelib.services.access.authorization import known_community
from chalicelib.web.form_route import INTAKE
from chalicelib.web.rendering import reader_of

proposal_pages = Blueprint(__name__)


class TypedWords(Struct, frozen=True):
    """The words of a report as far as they are typed, and what is chosen."""

    text: LongText
    kind: ShortText | None = None
    matter: ShortText | None = None

    def __post_init__(self) -> None:
        check(self)


def _words_of(visit: Visit) -> str:
    return read({"text": form_fields(visit.request).get("text", "")}, TypedWords).text


@route(
    proposal_pages,
    "/c/{community}/proposal",
    methods=("POST",),
    content_types=(FORM,),
    policy=PUBLIC,
    takes=TypedWords,
)
def propose_to_resident(visit: Visit, community: str) -> Response:
    """What a resident's words seem to be about."""
    from chalicelib.web.proposed import for_resident

    place, form = known_community(wiring.desk(), community), form_fields(visit.request)
    typed = {**form, "text": _words_of(visit)}
    return answer(for_resident(visit.request, place, typed, reader_of(visit.request).words))


@route(
    proposal_pages,
    "/desk/{community}/new/proposal",
    methods=("POST",),
    content_types=(FORM,),
    policy=staff(*INTAKE),
    takes=TypedWords,
)
def propose_at_desk(visit: Visit, community: str) -> Response:
    """What the words that somebody takes down seem to be about."""
    from chalicelib.web.proposed import for_staff

    words = reader_of(visit.request).words
    return answer(for_staff(visit.member.community, _words_of(visit), words))


class TypedHousehold(Struct, frozen=True):
    """A unit and a phone number as far as typed, with what it is about."""

    unit: ShortText = ""
    phone: ShortText = ""
    kind: ShortText = ""
    matter: ShortText = ""


@route(
    proposal_pages,
    "/desk/{community}/new/known",
    methods=("POST",),
    content_types=(FORM,),
    policy=staff(*INTAKE),
    takes=TypedHousehold,
)
def known_at_desk(visit: Visit, community: str) -> Response:
    """Who reported from a unit or number before, with their cases; on record as searches."""
    from chalicelib.web.household_page import household_part

    return household_part(reader_of(visit.request), visit, form_fields(visit.request))
