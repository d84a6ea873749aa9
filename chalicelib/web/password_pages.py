"""The pages on which somebody of staff chooses a password: by a link, or in place of a temporary one (E8)."""

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.community.passwords import SHORTEST
from chalicelib.domain.errors import DomainError, GoneError, InvalidInputError
from chalicelib.http.bodies import form_fields
from chalicelib.http.errors import status_of
from chalicelib.http.requests import source_address
from chalicelib.http.visits import Visit
from chalicelib.services.people import own_password, password_links
from chalicelib.services.people.password_links import Opened
from chalicelib.web.formats import spoken
from chalicelib.web.refusals import UTC_ZONE, refusal
from chalicelib.web.rendering import Reader, page

NEW, AGAIN = "new_password", "again"
"""The fields of a new password; no page ever shows again what stood in them."""


def link_page(reader: Reader, visit: Visit, key: str) -> Response:
    """The form behind a link; or what to do about one that is over."""
    opened = _opened(reader, visit, key)
    return opened if isinstance(opened, Response) else _choose(reader, opened, key)


def link_form(reader: Reader, visit: Visit, key: str) -> Response:
    """Take the chosen password; the way on is the sign-in."""
    typed, opened = form_fields(visit.request), _opened(reader, visit, key)
    if isinstance(opened, Response):
        return opened
    new, again = typed.get(NEW, ""), typed.get(AGAIN, "")
    try:
        password_links.choose_password(wiring.desk(), wiring.keepers(), opened, new, again)
    except GoneError as error:
        return _gone(reader, error)
    except DomainError as error:
        return _choose(reader, opened, key, refusal(error, UTC_ZONE, reader.words), status_of(error))
    return _chosen(reader, reader.words("password.chosen", username=opened.username))


def first_password_page(reader: Reader, username: str, refused: str = "", status: int = 200) -> Response:
    """The form that asks for the temporary password and an own one."""
    words = reader.words
    return page(
        reader,
        "password.html",
        status,
        title=words("password.first"),
        lead=words("password.first_lead"),
        until="",
        asks_for="first",
        username=username[:128],
        refused=refused,
        rules=words("password.rules", shortest=str(SHORTEST)),
        address="desk/account/first-password",
        here=f"{reader.root}desk/account/first-password",
    )


def first_password_form(reader: Reader, visit: Visit) -> Response:
    """Exchange the temporary password; the way on is the sign-in."""
    typed = form_fields(visit.request)
    username = typed.get("username", "").strip()
    given = username, typed.get("password", ""), typed.get(NEW, ""), typed.get(AGAIN, "")
    try:
        if not all(given):
            raise InvalidInputError("Fill in every field.", "fill_in_all")
        own_password.choose_first_password(
            wiring.desk(), wiring.identity(), wiring.rate_limits(), source_address(visit.request), *given
        )
    except DomainError as error:
        known = "sign_in.wrong" if status_of(error) == 401 else ""
        why = reader.words(known) if known else refusal(error, UTC_ZONE, reader.words)
        return first_password_page(reader, username, why, status_of(error))
    return _chosen(reader, reader.words("password.chosen", username=username))


def _opened(reader: Reader, visit: Visit, key: str) -> Opened | Response:
    try:
        return password_links.open_link(
            wiring.desk(), key, source_address(visit.request), wiring.rate_limits()
        )
    except GoneError as error:
        return _gone(reader, error)


def _choose(reader: Reader, opened: Opened, key: str, refused: str = "", status: int = 200) -> Response:
    words, zone = reader.words, opened.community.zone
    return page(
        reader,
        "password.html",
        status,
        title=words("password.title"),
        lead=words("password.lead", name=opened.person.name, community=opened.community.name),
        until=words("password.until", at=spoken(opened.until, zone, words)),
        asks_for="link",
        username=opened.username,
        refused=refused,
        rules=words("password.rules", shortest=str(SHORTEST)),
        address=f"p/{key}",
        here=f"{reader.root}p/{key}",
    )


def _chosen(reader: Reader, sentence: str) -> Response:
    words = reader.words
    way_on = ("desk", words("password.sign_in"))
    return page(
        reader, "message.html", title=words("password.chosen_title"), sentences=[sentence], way_on=way_on
    )


def _gone(reader: Reader, error: GoneError) -> Response:
    words = reader.words
    return page(
        reader,
        "message.html",
        410,
        title=words("password.gone"),
        sentences=[refusal(error, UTC_ZONE, words), words("password.gone_help")],
        way_on=("desk", words("password.sign_in")),
    )
