"""What is given by a link of a message: a command of the table, or praise, which is none (B15, G8)."""

from chalice.app import Request

from chalicelib import wiring
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.links import COMMANDS_BY_PURPOSE
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError
from chalicelib.domain.follow_up.praise import PRAISE, PRAISERS, PraiseForm
from chalicelib.http.bodies import form_fields
from chalicelib.http.errors import status_of
from chalicelib.services.access.authorization import OpenedLink
from chalicelib.services.findings.praise import PraiseView, give_praise
from chalicelib.web.case_panels import Attempt
from chalicelib.web.form_fields import fields_of
from chalicelib.web.form_input import Typed, read
from chalicelib.web.form_submit import give
from chalicelib.web.formats import short
from chalicelib.web.refusals import refusal
from chalicelib.web.rendering import LANGUAGE_COOKIE, Reader
from chalicelib.web.words import Words

CHOOSE_LANGUAGE = "choose_language"
"""The command of the switch on the tracking page: the page and its messages in another language (A11)."""


def can_give(opened: OpenedLink, command: str) -> bool:
    """Whether the command is one of the link's purpose."""
    if command == PRAISE:
        return opened.link.purpose in PRAISERS
    return command in COMMANDS_BY_PURPOSE[opened.link.purpose]


def given_by_link(reader: Reader, opened: OpenedLink, command: str, request: Request) -> Case | Attempt:
    """The case after what a link gave, or the attempt to be shown again."""
    typed, words = form_fields(request), reader.words
    if reader.picked:
        return Attempt(command, typed, status=200)
    if command == CHOOSE_LANGUAGE and typed.get("language") == opened.case.report.language:
        return opened.case  # only the page was in another one
    if command == PRAISE:
        return _praised(opened, typed, words) or opened.case
    return give(opened.case, opened.link.actor(), command, typed, words, request, by_link=True)


def onward_address(code: str, command: str, case: Case) -> str:
    """Where a link leads after what it gave: its page, in the language that was chosen just now."""
    chosen = f"&{LANGUAGE_COOKIE}={case.report.language}" if command == CHOOSE_LANGUAGE else ""
    return f"l/{code}?done={command}{chosen}"


def _praised(opened: OpenedLink, typed: Typed, words: Words) -> Attempt | None:
    """Praise whoever did the work; None when it stands, else what was typed and why not (B15)."""
    desk, case = wiring.desk(), opened.case
    context = desk.context_of(case)
    given = read(fields_of(PraiseForm, PRAISE, context, words), typed, case.zone, words)
    if given.mistakes:
        return Attempt(PRAISE, typed, given.mistakes)
    try:
        give_praise(desk, wiring.findings(), case, PraiseForm(**given.values))
    except (CommandRefusedError, InvalidInputError) as error:
        why = refusal(error, case.zone, words, context.community.phone)
        return Attempt(PRAISE, typed, refusal=why, status=status_of(error))
    return None


def praised_line(praise: PraiseView | None, case: Case, words: Words) -> str:
    """That the resident has praised whoever did the work; empty until then (B15)."""
    if praise is None or praise.given_at is None:
        return ""
    said = words("track.praised", name=praise.name, at=short(praise.given_at, case.zone, words))
    return f"{said} {words('track.praised_words', words=praise.words)}" if praise.words else said
