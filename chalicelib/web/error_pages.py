"""Pages for errors: an ended link, a missing page, a sign-in that has run out."""

import re

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.errors import DomainError, GoneError, InvalidInputError, NotSignedInError
from chalicelib.http.errors import PayloadTooLargeError, UnsupportedMediaTypeError
from chalicelib.http.requests import asked_path
from chalicelib.http.routing import Refusal
from chalicelib.web import kept
from chalicelib.web.ended_links import CLOSED, closed_page, ended_page, phone_of
from chalicelib.web.refusals import UTC_ZONE, refusal
from chalicelib.web.rendering import Reader, page, query_of, reader_of
from chalicelib.web.words import Words

DESK_PAGE = re.compile(
    r"desk(?:/[A-Za-z0-9_-]+){1,3}(?:\?[A-Za-z0-9_.~%&=+-]{1,1000})?|w/[0-9]{6}-[0-9]{4,9}"
)
"""Where a sign-in may lead on to, and nowhere else.

Pages of the desk, with what they were asked for, and the short way to a case.
"""


MENDED_BY_THE_SENDER = (InvalidInputError, PayloadTooLargeError, UnsupportedMediaTypeError)
"""Refusals of a whole form after which it is shown again as it was typed; and that of another session."""

TRIED_AGAIN = {429, 500, 503}
"""Statuses after which the very same may be taken."""


def error_page(refused: Refusal) -> Response:
    """The refusal as a page in the reader's language; what was typed into a form goes along (A3)."""
    reader, error, sent = reader_of(refused.request), refused.error, kept.of_request(refused.request)
    words = reader.words
    if isinstance(error, GoneError):
        return ended_page(reader, refused, sent)
    if isinstance(error, NotSignedInError):
        again = words("sign_in.again") if refused.request.method != "GET" else ""
        return sign_in_page(reader, _page_of(refused), sentence=again, status=401, sent=sent)
    known, phone = words.groups["errors"], phone_of(refused)
    sentence = known.get(refused.code, known["InternalError"])
    if error is not None:
        sentence = refusal(error, UTC_ZONE, words, phone)
    if error is not None and error.reason in CLOSED and asked_path(refused.request).startswith("c/"):
        return closed_page(reader, refused, sent, sentence)
    other_site = error is not None and error.reason == "other_site"
    if sent is not None and (isinstance(error, MENDED_BY_THE_SENDER) or _of_other_session(error)):
        shown = kept.shown_again(refused.request, reader, sent, sentence, refused.status)
        if shown is not None:
            return shown
    no_page = refused.status in {404, 405}
    looked = refused.status == 403 and refused.request.method == "GET"
    home = _way_home(refused, words) if no_page or looked else None
    if error is not None and error.reason == "second_factor_needed":
        home = ("desk/account", words("sign_in.account"))
    response = page(
        reader,
        "message.html",
        refused.status,
        title=words(f"errors.{'no_page' if no_page else 'not_to_see' if looked else 'title'}"),
        sentences=[sentence],
        way_on=home,
        kept=() if other_site else kept.readable(sent, words),
        again=sent if refused.status in TRIED_AGAIN else None,
        desk_phone=phone,
    )
    if "Retry-After" in refused.headers:
        response.headers["Retry-After"] = refused.headers["Retry-After"]
    return response


def _way_home(refused: Refusal, words: Words) -> tuple[str, str]:
    """Where somebody goes on who came to no page: to the desk from one of its addresses, else home."""
    at_desk = asked_path(refused.request).partition("/")[0] in {"desk", "w"}
    return ("desk", words("errors.desk")) if at_desk else ("", words("errors.home"))


def _of_other_session(error: DomainError | None) -> bool:
    return error is not None and error.reason == "other_session"


def sign_in_page(
    reader: Reader,
    after: str = "",
    username: str = "",
    sentence: str = "",
    status: int = 200,
    sent: kept.Kept | None = None,
) -> Response:
    """The sign-in form; `after` is the page of the desk that it leads on to.

    `sent` is the form that was sent without a session: the page carries it on.
    """
    return page(
        reader,
        "sign_in.html",
        status,
        next=after,
        username=username,
        refusal=sentence,
        hidden=kept.hidden(sent),
        asks_for_code=wiring.second_factor() != "off",
        here=f"{reader.root}{after.partition('?')[0] or 'desk'}",
    )


def _page_of(refused: Refusal) -> str:
    """The page that was asked for, with its query.

    Of a form it is the page that it stood on; empty if it is none.
    """
    request = refused.request
    path = asked_path(request)
    if request.method != "GET":
        path = path.rpartition("/")[0] if path.count("/") > 3 else ""
    asked = query_of(request)
    whole = f"{path}?{asked}" if asked else path
    return whole if DESK_PAGE.fullmatch(whole) else path if DESK_PAGE.fullmatch(path) else ""
