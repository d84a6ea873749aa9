"""Commands given with a form: read, carried out once, or refused with the reason."""

from uuid import uuid4

from chalice.app import Request

from chalicelib import wiring
from chalicelib.domain.case.case import Case
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.decide import row_for
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.errors import (
    BusyError,
    CommandRefusedError,
    ConflictError,
    DomainError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from chalicelib.domain.lifecycle import TABLE
from chalicelib.http.contacts import with_stored_phone
from chalicelib.http.devices import with_device
from chalicelib.http.errors import status_of
from chalicelib.http.requests import read as read_model
from chalicelib.http.sessions import KEY_FIELD
from chalicelib.services.access.authorization import asked
from chalicelib.services.intake.merged import carry_out
from chalicelib.web.case_lines import state_name
from chalicelib.web.case_panels import Attempt
from chalicelib.web.form_fields import fields_on
from chalicelib.web.form_input import Typed, read
from chalicelib.web.refusals import refusal
from chalicelib.web.words import Words

VERSION_FIELD = "version"
"""What version of the case the form was drawn for."""

SHOWN_AGAIN = (
    InvalidInputError,
    NotAllowedError,
    CommandRefusedError,
    ConflictError,
    NotFoundError,
    BusyError,
)
"""Refusals after which the form is shown again; the others have pages of their own."""


def give(
    case: Case,
    actor: Actor,
    name: str,
    typed: Typed,
    words: Words,
    request: Request,
    *,
    by_link: bool = False,
) -> Case | Attempt:
    """The case after the command, or the attempt with what has to be mended.

    A form of the desk insists on the version that it was drawn for; one of a link only on what it answers.
    Raises InvalidInputError or NotAllowedError for a command that this actor may never give.
    """
    desk = wiring.desk()
    row = row_for(name, actor.role)
    given = read(fields_on(case, row.form, name, desk.context_of(case), words), typed, case.zone, words)
    if given.mistakes:
        return Attempt(name, typed, given.mistakes)
    try:
        values = {key: value for key, value in given.values.items() if value is not None}
        form: object = read_model(values, row.form)
        form = with_stored_phone(form, desk.context_of(case).community.country)
        form = with_device(form, request)
        command = asked(name, actor, desk.now(), typed.get(KEY_FIELD), form)
        seen = _seen(typed)
        return carry_out(desk, case, command, None if by_link else seen, seen=seen)
    except SHOWN_AGAIN as error:
        if isinstance(error, ConflictError):  # the key may be used up: the next press is a command of its own
            typed = {**typed, KEY_FIELD: uuid4().hex}
        return Attempt(name, typed, refusal=_why(error, case, name, words), status=status_of(error))


def _seen(typed: Typed) -> int | None:
    version = typed.get(VERSION_FIELD, "")
    return int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else None


def _why(error: DomainError, case: Case, name: str, words: Words) -> str:
    """The refusal in the reader's words; in the wrong state it says which it is by now, and who signed."""
    if isinstance(error, NotFoundError):
        return words("refusals.no_such_case")
    return why_not(error, wiring.desk().cases.get(case.community, case.number), name, words)


def why_not(error: DomainError, now: Case, name: str, words: Words) -> str:
    """The refusal of a command on a case as it stands, in words."""
    if isinstance(error, CommandRefusedError) and now.state not in TABLE[name].sources:
        said = {
            "command": words.command(name),
            "state": state_name(now.state, now.classification.matter, words),
        }
        if now.assignment.signed_by is None:
            return words("errors.CommandRefused", **said)
        person = name_of(now.assignment.signed_by, wiring.desk().context_of(now))
        return words("errors.CommandRefused_signed", person=person, **said)
    phone = wiring.desk().directory.community(now.community).phone
    return refusal(error, now.zone, words, phone)
