"""The page of one's own account: sessions everywhere, the password, an authenticator (C3, E8)."""

import re
from collections.abc import Sequence
from urllib.parse import quote

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.domain.community.passwords import SHORTEST
from chalicelib.domain.community.roles import STAFF_ROLES
from chalicelib.domain.errors import InvalidInputError, NotAllowedError, TooManyRequestsError
from chalicelib.http.bodies import form_fields
from chalicelib.http.cookies import set_cookies
from chalicelib.http.errors import status_of
from chalicelib.http.requests import source_address
from chalicelib.http.routing import route
from chalicelib.http.sessions import ended_cookies
from chalicelib.http.visits import Visit, staff
from chalicelib.services.access.authorization import Workplace, workplaces
from chalicelib.services.access.sign_in import confirm_second_factor, sign_out_everywhere
from chalicelib.services.people.own_language import choose_own
from chalicelib.web.form_route import as_page, form_route
from chalicelib.web.rendering import go_to, page, reader_of
from chalicelib.web.sign_in import signed_out
from chalicelib.web.words import Words, named_languages

account_pages = Blueprint(__name__)

CODE, SECRET = re.compile(r"[0-9]{6}"), re.compile(r"[A-Z2-7]{16,128}")
ISSUER = "Suda"
"""What an authenticator calls the desk."""

EVERYBODY = staff(*STAFF_ROLES, single_factor=True)


@form_route(account_pages, "/desk/account/sign-out", EVERYBODY)
def sign_out_of_all(visit: Visit) -> Response:
    """End every session of the account, on every device."""
    sign_out_everywhere(wiring.desk(), wiring.identity(), *visit.signed_in)
    return signed_out(visit)


@route(account_pages, "/desk/account", policy=EVERYBODY, refused=as_page)
def account(visit: Visit) -> Response:
    """What one can do about the own account: end sessions, ask for a code."""
    return _account_page(visit)


@form_route(account_pages, "/desk/account/authenticator", EVERYBODY)
def begin_authenticator(visit: Visit) -> Response:
    """A secret for the authenticator. Whoever has one already gets another from the operator alone."""
    _check_can_begin(visit)
    _, token = visit.signed_in
    return _account_page(visit, wiring.identity().new_secret(token))


@form_route(account_pages, "/desk/account/authenticator/confirm", EVERYBODY)
def confirm_authenticator(visit: Visit) -> Response:
    """Ask for codes from now on, if the typed one is of the secret."""
    _check_can_begin(visit)
    typed = form_fields(visit.request)
    code, secret = "".join(typed.get("code", "").split()), typed.get("secret", "")
    try:
        if not CODE.fullmatch(code):
            raise InvalidInputError("A code has six digits.", "wrong_code")
        confirm_second_factor(wiring.desk(), wiring.identity(), *visit.signed_in, code)
    except InvalidInputError:
        return _account_page(visit, secret if SECRET.fullmatch(secret) else None, status=400)
    return go_to(reader_of(visit.request), "desk/account")


@route(account_pages, "/desk/account/language", policy=EVERYBODY, refused=as_page)
def language_again(visit: Visit) -> Response:
    """A reload of a language that was not taken: back to the account."""
    return go_to(reader_of(visit.request), "desk/account")


@form_route(account_pages, "/desk/account/language", EVERYBODY)
def change_own_language(visit: Visit) -> Response:
    """Messages in another language, to whoever is signed in (A11)."""
    signed_in_account, _ = visit.signed_in
    chosen = form_fields(visit.request).get("language", "")
    choose_own(wiring.desk(), wiring.keepers().store, signed_in_account.username, chosen)
    return go_to(reader_of(visit.request), "desk/account")


@route(account_pages, "/desk/account/password", policy=EVERYBODY, refused=as_page)
def password_again(visit: Visit) -> Response:
    """A reload of a password that was not taken: back to the account."""
    return go_to(reader_of(visit.request), "desk/account")


@form_route(account_pages, "/desk/account/password", EVERYBODY)
def change_own_password(visit: Visit) -> Response:
    """Another password, for whoever knows the old one.

    Every session ends; what is typed is never shown again.
    """
    from chalicelib.services.people.own_password import change_password
    from chalicelib.web.refusals import UTC_ZONE, refusal

    reader, typed = reader_of(visit.request), form_fields(visit.request)
    given = typed.get("password", ""), typed.get("new_password", ""), typed.get("again", "")
    address = source_address(visit.request)
    try:
        if not all(given):
            raise InvalidInputError("Fill in every field.", "fill_in_all")
        change_password(
            wiring.desk(), wiring.identity(), wiring.rate_limits(), address, visit.signed_in, *given
        )
    except (InvalidInputError, TooManyRequestsError) as error:
        why = refusal(error, UTC_ZONE, reader.words)
        return _account_page(visit, status=status_of(error), wrong_password=why)
    words = reader.words
    way_on, said = ("desk", words("password.sign_in")), [words("password.changed")]
    response = page(
        reader, "message.html", title=words("password.chosen_title"), sentences=said, way_on=way_on
    )
    set_cookies(response, ended_cookies(wiring.base_url()))
    return response


def _check_can_begin(visit: Visit) -> None:
    if visit.person.second_factor or wiring.second_factor() == "off":
        raise NotAllowedError(
            "An authenticator is set up already; ask the operator to forget it.", "second_factor_kept"
        )


def _account_page(
    visit: Visit, secret: str | None = None, status: int = 200, wrong_password: str = ""
) -> Response:
    from chalicelib.web.find_page import find_among

    reader = reader_of(visit.request)
    signed_in_account, _ = visit.signed_in
    found = workplaces(wiring.desk(), signed_in_account)
    return page(
        reader,
        "account.html",
        status,
        username=signed_in_account.username,
        places=reader.words.listed(place.community_name for place in found),
        who=_who(signed_in_account.username, found, reader.words),
        csrf=visit.csrf or "",
        has_second_factor=visit.person.second_factor,
        can_begin=wiring.second_factor() != "off" and not visit.person.second_factor,
        secret=secret,
        uri=otpauth_uri(signed_in_account.username, secret) if secret else "",
        refusal=reader.words("refusals.wrong_code") if status == 400 and not wrong_password else "",
        wrong_password=wrong_password,
        **find_among(found),
        languages=named_languages(),
        language=next((place.language for place in found if place.language), ""),
        rules=reader.words("password.rules", shortest=str(SHORTEST)),
    )


def _who(username: str, places: Sequence[Workplace], words: Words) -> str:
    """Whose account it is: the name that colleagues read, with the role where it is the same everywhere."""
    person = wiring.desk().directory.community(places[0].community).member(username) if places else None
    if person is None:
        return ""
    if len({place.role for place in places}) > 1:
        return person.name
    return words("desk.signed_in_as", name=person.name, role=words.role(person.role))


def otpauth_uri(username: str, secret: str) -> str:
    """The address by which a telephone takes the secret into its authenticator."""
    label, issuer = quote(f"{ISSUER}:{username}"), quote(ISSUER)
    return f"otpauth://totp/{label}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30"
