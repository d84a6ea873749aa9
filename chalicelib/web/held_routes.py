"""The routes of the mails that wait for the desk, with who may see them (A1)."""

from chalice.app import Blueprint, Response
from msgspec import Struct

from chalicelib.domain.community.roles import FRONT_DESK
from chalicelib.domain.errors import InvalidInputError
from chalicelib.http.bodies import form_fields
from chalicelib.http.requests import NEVER_STORED
from chalicelib.http.routing import route
from chalicelib.http.visits import Visit, staff
from chalicelib.web.form_route import as_page, form_route
from chalicelib.web.rendering import reader_of

held_pages = Blueprint(__name__)

HELD = "/desk/{community}/held"
ACTS = ("take", "drop")


class HeldForm(Struct, frozen=True):
    """What is done with a mail that waits: `take` it in, or `drop` it."""

    act: str

    def __post_init__(self) -> None:
        if self.act not in ACTS:
            raise InvalidInputError(f"'act' is one of: {', '.join(ACTS)}.")


@route(held_pages, HELD, policy=staff(*FRONT_DESK), refused=as_page)
def held(visit: Visit, community: str) -> Response:
    """The mails that wait for somebody at the desk to look at them."""
    from chalicelib.web.held_page import held_page

    return held_page(reader_of(visit.request), visit)


@route(held_pages, HELD + "/{letter}", policy=staff(*FRONT_DESK), refused=as_page)
def original(visit: Visit, community: str, letter: str) -> Response:
    """On to a mail as it came, at an address for a minute."""
    from chalicelib.web.held_page import address_of

    headers: dict[str, str | list[str]] = {"Location": address_of(visit, letter), **NEVER_STORED}
    return Response("", status_code=303, headers=headers)


@form_route(held_pages, HELD + "/{letter}", staff(*FRONT_DESK), HeldForm)
def deal_with(visit: Visit, community: str, letter: str) -> Response:
    """Take a mail in, or throw it away."""
    from chalicelib.web.held_page import dealt_with

    form = HeldForm(form_fields(visit.request).get("act", ""))
    return dealt_with(reader_of(visit.request), visit, letter, take=form.act == "take")
