"""Pages for errors: an ended link, a missing page, a sign-in that has run out."""

import re

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.community.community import Community
from chalicelib.domain.errors import DomainError, GoneError, InvalidInputError, NotSignedInError
from chalicelib.domain.lifecycle import TABLE
from chalicelib.http.errors import PayloadTooLargeError, UnsupportedMediaTypeError
from chalicelib.http.requests import asked_path
from chalicelib.http.routing import Refusal
from chalicelib.services.proof import unsealed
from chalicelib.web import kept
from chalicelib.web.link_pages import was_just_done
from chalicelib.web.refusals import refusal
from chalicelib.web.rendering import Reader, page, query_of, query_value, reader_of
from chalicelib.web.words import Words

UTC_ZONE = "UTC"

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
        return _gone(reader, refused, sent)
    if isinstance(error, NotSignedInError):
        again = words("sign_in.again") if refused.request.method != "GET" else ""
        return sign_in_page(reader, _page_of(refused), sentence=again, status=401, sent=sent)
    known, place = words.groups["errors"], _place(refused)
    phone = place.phone if place else None
    sentence = known.get(refused.code, known["InternalError"])
    if error is not None:
        sentence = refusal(error, UTC_ZONE, words, phone)
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


def _gone(reader: Reader, refused: Refusal, sent: kept.Kept | None) -> Response:
    """An ended link. Right after its last command (`?done=`) it says that this was taken, and no more."""
    words, place = reader.words, _place(refused)
    phone = place.phone if place else None
    done, code = query_value(refused.request, "done"), (refused.request.uri_params or {}).get("code", "")
    if done is not None and done in TABLE and was_just_done(code, done):
        said = words("gone.rated") if done == "rate" else words("gone.done", command=words.command(done))
        return page(
            reader,
            "message.html",
            title=words("gone.done_title"),
            sentences=[said],
            desk_phone=phone,
            find_own=_own_cases(place),
        )
    ended = refused.error or GoneError("")
    sentences = [refusal(ended, UTC_ZONE, words, phone), words("gone.help", desk=words.desk(phone))]
    return page(
        reader,
        "message.html",
        410,
        title=words("gone.title"),
        sentences=sentences,
        desk_phone=phone,
        call=phone,
        acts=_after_the_end(place, words),
        kept=kept.readable(sent, words),
    )


def _after_the_end(place: Community | None, words: Words) -> list[tuple[str, str]]:
    """What to do about an ended link: find the own cases, or report it again. A handler asks the desk."""
    if place is None:
        return []
    return [(_own_cases(place), words("own_cases.title")), (f"c/{place.id}", words("gone.again"))]


def _own_cases(place: Community | None) -> str:
    return f"c/{place.id}/cases" if place else ""


def _place(refused: Refusal) -> Community | None:
    """The community of the page, or of its link; None where there is none to know.

    An error page must come whatever is wrong, so a register that does not answer has none either.
    """
    given = refused.request.uri_params or {}
    if refused.status >= 500:
        return None
    desk = wiring.desk()
    try:
        community = given.get("community")
        if community is None and "code" in given:
            link = desk.links.find(desk.codes.hash(unsealed(given["code"])[0]))
            community = link.community if link else None
        return desk.directory.community(community) if community else None
    except DomainError:
        return None


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
