"""What somebody typed into a form that could not be taken: carried on in the page, and stored nowhere."""

import re
from collections.abc import Iterator, Mapping

from chalice.app import Request, Response
from msgspec import Struct

from chalicelib import wiring
from chalicelib.domain.case.form_fields import longest_lengths
from chalicelib.domain.case.who_sees import CASE_READERS
from chalicelib.domain.community.roles import Role
from chalicelib.domain.decide import row_for
from chalicelib.domain.errors import DomainError
from chalicelib.domain.intake.new_case import NewCase
from chalicelib.domain.lifecycle import TABLE
from chalicelib.http.bodies import body_bytes, guessed_fields, has_files, is_form
from chalicelib.http.requests import asked_path
from chalicelib.http.sessions import CSRF_FIELD
from chalicelib.http.visits import LINK, member_visit, staff, visit_of
from chalicelib.services.access.authorization import known_community, opened_case
from chalicelib.services.dispatch.together import ASSIGNERS
from chalicelib.web.calendar_page import calendar_page
from chalicelib.web.case_panels import Attempt
from chalicelib.web.desk_pages import case_page
from chalicelib.web.form_choices import is_chosen
from chalicelib.web.form_input import Typed
from chalicelib.web.form_route import INTAKE
from chalicelib.web.form_submit import VERSION_FIELD
from chalicelib.web.link_commands import can_give
from chalicelib.web.link_pages import link_page
from chalicelib.web.rendering import Reader, page
from chalicelib.web.report_form import ANOTHER, SOLUTION_FIELD
from chalicelib.web.report_pages import ASKED, intake_page, public_page
from chalicelib.web.together_page import PICKS, numbers_in, together_page
from chalicelib.web.words import Words

LARGEST = 1024 * 1024
"""Bytes of a form that are carried on; a page of more would not fit through Lambda."""

PREFIX, ADDRESS = "kept.", "kept_from"
"""Hidden fields of the sign-in form: what was typed, each under its name, and into which form."""

FORM_ADDRESS = re.compile(r"(?:c|l|desk)(?:/[A-Za-z0-9_-]+){1,4}")
DROPPED = {CSRF_FIELD, VERSION_FIELD, ANOTHER, ASKED, SOLUTION_FIELD}
"""Fields that belong to the page that was sent, not to what was typed; the next page has its own."""

TOKEN = re.compile(r"[A-Za-z0-9_.:#,+-]*")
"""What a page sends of itself (choices, days, keys), and nobody has to type again for long."""
NEW = "new"
"""The end of the address of the desk's form of a report."""

SECRETS = {"password", "new_password", "again"}
"""Fields whose text stands in no page: a form with one of them is not carried on at all."""


class Kept(Struct, frozen=True):
    """A form that was sent: its address below the root, what was typed, and all its fields as they came."""

    address: str
    typed: Typed
    fields: Typed


def of_request(request: Request) -> Kept | None:
    """What was typed into the form that this request sent; None if it sent none."""
    if request.method != "POST" or not is_form(request):
        return None
    if len(body_bytes(request)) > LARGEST and not has_files(request):
        return None
    address = asked_path(request)
    fields = guessed_fields(request)
    return _kept(address, fields) if FORM_ADDRESS.fullmatch(address) else carried(fields)


def carried(fields: Typed) -> Kept | None:
    """What the sign-in form carries of the one that was sent without a session; None if it carries none."""
    address = fields.get(ADDRESS, "")
    kept = {name.removeprefix(PREFIX): text for name, text in fields.items() if name.startswith(PREFIX)}
    return _kept(address, kept) if FORM_ADDRESS.fullmatch(address) else None


def _kept(address: str, fields: Typed) -> Kept | None:
    if SECRETS & set(fields):
        return None
    typed = {name: text for name, text in fields.items() if name not in DROPPED and text}
    return Kept(address, typed, fields) if typed else None


def hidden(kept: Kept | None) -> Mapping[str, str]:
    """The fields of the sign-in form that carry what was typed."""
    if kept is None:
        return {}
    return {ADDRESS: kept.address, **{f"{PREFIX}{name}": text for name, text in kept.typed.items()}}


def readable(kept: Kept | None, words: Words) -> tuple[tuple[str, str], ...]:
    """(label, text) of all that was written, to copy where no form is shown."""
    return tuple(_written(kept, words)) if kept is not None else ()


def _written(kept: Kept, words: Words) -> Iterator[tuple[str, str]]:
    """What was written in words; of a form that gives no command, whatever is none of the page's tokens."""
    forms = (NewCase, *(row.form for row in TABLE.values()))
    written = {name for form in forms for name in longest_lengths(form)}
    command = kept.address.rpartition("/")[2]
    is_page = command not in TABLE and not kept.address.startswith(("c/", "l/"))
    for name, text in kept.typed.items():
        if is_page and command != NEW:
            if not TOKEN.fullmatch(text):
                yield _label(command, name, words), text
        elif name in written and not is_chosen(command, name):
            yield _label(command, name, words), text


def _label(command: str, name: str, words: Words) -> str:
    """The name of a field; a general one for a field of another form, which anybody can send along."""
    known = words.groups["field_of"].get(f"{command}.{name}") or words.groups["fields"].get(name)
    return known or words("page.kept_text")


def shown_again(
    request: Request, reader: Reader, kept: Kept, sentence: str, status: int, token: str | None = None
) -> Response | None:
    """The form with all that was typed, and a sentence; nothing is carried out.

    None if whoever sent it cannot have that form now. `token` is that of a session that has just begun.
    """
    try:
        return _form(request, reader, kept, sentence, status, token)
    except DomainError:
        return None


def _form(
    request: Request, reader: Reader, kept: Kept, sentence: str, status: int, token: str | None
) -> Response | None:
    *_, command = kept.address.split("/")
    attempt = Attempt(command, kept.typed, refusal=sentence, status=status)
    match kept.address.split("/"):
        case ["c", community]:
            return public_page(reader, known_community(wiring.desk(), community), attempt)
        case ["l", code, _]:
            opened = visit_of(request, LINK, {"code": code}).opened
            return link_page(reader, opened, code, attempt=attempt) if can_give(opened, command) else None
        case ["desk", community, "new"]:
            visit = member_visit(request, staff(*INTAKE), {"community": community}, token)
            return intake_page(reader, visit, attempt)
        case ["desk", community, "calendar"]:
            visit = member_visit(request, staff(Role.MANAGER), {"community": community}, token)
            return calendar_page(reader, visit, None, kept.typed, sentence=sentence, status=status)
        case ["desk", community, "reassign"]:
            visit = member_visit(request, staff(*ASSIGNERS), {"community": community}, token)
            numbers = numbers_in(kept.typed.get(PICKS, ""))
            return together_page(reader, visit, numbers, kept.typed, sentence=sentence, status=status)
        case ["desk", community, "cases", number, _]:
            visit = member_visit(request, staff(*CASE_READERS), {"community": community}, token)
            row_for(command, visit.member.role)
            return case_page(reader, visit, opened_case(wiring.desk(), visit.member, number), attempt=attempt)
    return None


def after_sign_in(request: Request, reader: Reader, kept: Kept, token: str) -> Response:
    """The form that was sent without a session, filled in as it was; it is not sent by itself.

    Whoever cannot have it under this account reads the text. It stood in the browser's own page: it is shown
    to whoever sits there, and to nobody else.
    """
    words = reader.words
    shown = shown_again(request, reader, kept, words("sign_in.kept"), 200, token)
    return shown or page(
        reader,
        "message.html",
        title=words("sign_in.kept_title"),
        sentences=[words("sign_in.kept_apart")],
        kept=readable(kept, words),
    )
