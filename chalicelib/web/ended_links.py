"""The pages of links and communities that have ended, and where their readers go on (B9, E5, G8).

Residents find their own cases or report again. Staff call the desk, and have their day: what residents do is
none of theirs.
"""

import re

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.case.links import OF_STAFF, Link, Purpose
from chalicelib.domain.community.community import Community
from chalicelib.domain.errors import DomainError, GoneError
from chalicelib.domain.lifecycle import TABLE
from chalicelib.http.requests import asked_path
from chalicelib.http.routing import Refusal
from chalicelib.services.day_link import community_of_day, day_of_link
from chalicelib.services.proof import unsealed
from chalicelib.web import kept
from chalicelib.web.link_pages import was_just_done
from chalicelib.web.refusals import UTC_ZONE, refusal
from chalicelib.web.rendering import Reader, page, query_value
from chalicelib.web.words import Words

RAN_OUT, LEFT = "link_expired", "left_the_desk"
"""Why an old message leads to nobody's day by itself: it may be in anybody's hands by now."""

CLOSED = frozenset({"community_closed", "community_closed_instead"})
"""Why a community is told nothing new."""

EMERGENCY_NUMBERS = ("119", "120", "110")
NUMBER = re.compile(r"[0-9+][0-9 -]{5,}[0-9]")
"""What can be dialled in a sentence that says whom people call now."""


def closed_page(reader: Reader, refused: Refusal, sent: kept.Kept | None, sentence: str) -> Response:
    """A community that takes no more reports: whom to call now, and the way to what goes on (F)."""
    words, place = reader.words, _place(refused)
    phone = place.phone if place else None
    return page(
        reader,
        "message.html",
        refused.status,
        title=place.name if place else words("errors.title"),
        sentences=[sentence, words("errors.closed")],
        dials=(*EMERGENCY_NUMBERS, *NUMBER.findall(place.instead if place else "")),
        desk_phone=phone,
        acts=_of_residents(place, words)[:1],
        my_data=f"c/{place.id}/my-data" if place else "",
        kept=kept.readable(sent, words),
    )


def ended_page(reader: Reader, refused: Refusal, sent: kept.Kept | None) -> Response:
    """An ended link. Right after its last command (`?done=`) it says that this was taken, and no more."""
    words, link, place = reader.words, _link(refused), _place(refused)
    phone = place.phone if place else None
    ended = refused.error or GoneError("")
    of_staff = (link is not None and link.purpose in OF_STAFF) or _is_day(refused)
    day = _day(link, place, ended, words) if of_staff else []
    done, code = query_value(refused.request, "done"), _code(refused)
    if done is not None and done in TABLE and was_just_done(code, done):
        said = words("gone.rated") if done == "rate" else words("gone.done", command=words.command(done))
        return page(
            reader,
            "message.html",
            title=words("gone.done_title"),
            sentences=[said],
            desk_phone=phone,
            acts=day,
            find_own="" if of_staff else _own_cases(place),
        )
    helped = words("gone.help", desk=words.desk(phone))
    return page(
        reader,
        "message.html",
        410,
        title=words("gone.title"),
        sentences=[refusal(ended, UTC_ZONE, words, phone), helped],
        desk_phone=phone,
        call=phone,
        acts=day if of_staff else _of_residents(place, words),
        kept=kept.readable(sent, words),
    )


def phone_of(refused: Refusal) -> str | None:
    """The number of the desk of the page, or of its link; None where there is none to know."""
    place = _place(refused)
    return place.phone if place else None


def _of_residents(place: Community | None, words: Words) -> list[tuple[str, str]]:
    if place is None:
        return []
    return [(_own_cases(place), words("own_cases.title")), (f"c/{place.id}", words("gone.again"))]


def _day(
    link: Link | None, place: Community | None, ended: DomainError, words: Words
) -> list[tuple[str, str]]:
    """The way to the day of whoever had the work; by signing in where the link itself has run out."""
    if place is None or ended.reason == LEFT or (link is not None and link.purpose is not Purpose.WORK):
        return []
    if link is None or ended.reason == RAN_OUT:
        return [(f"desk/{place.id}/day", words("day.tab"))]
    return [(f"d/{day_of_link(wiring.desk(), link)}", words("day.tab"))]


def _own_cases(place: Community | None) -> str:
    return f"c/{place.id}/cases" if place else ""


def _code(refused: Refusal) -> str:
    return str((refused.request.uri_params or {}).get("code", ""))


def _is_day(refused: Refusal) -> bool:
    return asked_path(refused.request).startswith("d/")


def _link(refused: Refusal) -> Link | None:
    code, desk = _code(refused), wiring.desk()
    return desk.links.find(desk.codes.hash(unsealed(code)[0])) if code else None


def _place(refused: Refusal) -> Community | None:
    """The community of the page, or of its link; None where there is none to know.

    An error page must come whatever is wrong, so a register that does not answer has none either.
    """
    if refused.status >= 500:
        return None
    desk = wiring.desk()
    try:
        community = (refused.request.uri_params or {}).get("community")
        if community is None and _is_day(refused):
            community = community_of_day(desk, _code(refused))
        elif community is None:
            link = _link(refused)
            community = link.community if link else None
        return desk.directory.community(community) if community else None
    except DomainError:
        return None
