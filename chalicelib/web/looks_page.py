"""The record of looks at personal data, for the manager (E8)."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.case.looks import Look
from chalicelib.domain.intake.identification import is_person
from chalicelib.http.cursors import seal, unseal
from chalicelib.http.visits import Visit
from chalicelib.services.access.looks import WantedLooks, looks
from chalicelib.web.desk_pages import framed
from chalicelib.web.formats import month_name, short, whole_day
from chalicelib.web.rendering import Reader, page
from chalicelib.web.words import Words

LINES = 50
GROUPS = {"state": "states", "kind": "kinds"}
"""The names of the values of what a list can be asked for, where they have some."""


def looks_page(reader: Reader, visit: Visit, wanted: WantedLooks, cursor: str | None) -> Response:
    """The record of a day, of a person or at a case, newest first."""
    desk, words, member = wiring.desk(), reader.words, visit.member
    community, here = member.community, f"desk/{member.community.id}/looks"
    asked = {name: value for name in ("day", "person", "case") if (value := getattr(wanted, name))}
    listing = "\0".join(("looks page", community.id, member.username, repr(sorted(asked.items()))))
    found = looks(desk, member, wanted, LINES, unseal(desk.codes, listing, cursor))
    further = seal(desk.codes, listing, found.cursor)
    names = {person.username: person.name for person in community.staff}
    return page(
        reader,
        "looks.html",
        **framed(reader, visit, "looks"),
        title=words("looks.title"),
        wanted=wanted,
        people=[(person.username, person.name) for person in community.staff if is_person(person)],
        lines=[_line(look, names, community.zone, words) for look in found.items],
        here=f"{reader.root}{here}",
        here_path=here,
        case_path=f"desk/{community.id}/cases",
        more=f"{here}?{urlencode({**asked, 'cursor': further})}" if further else "",
    )


def _line(look: Look, names: Mapping[str, str], zone: str, words: Words) -> dict[str, Any]:
    what = words.name("looks_at", look.what)
    if look.number is None:
        what = words(
            "looks.listed", what=what, filter=_asked_for(look.filter, words) or "–", count=look.count
        )
    elif look.masked:
        what = words("looks.masked", what=what)
    return {
        "at": short(look.at, zone, words, seconds=True),
        "who": f"{names.get(look.who, look.who)} · {words.role(look.role)}",
        "number": look.number,
        "what": what,
        "why": look.reason or "",
    }


def _asked_for(asked: str | None, words: Words) -> str:
    """What a list or search was asked for, in words: `scope=mine&state=assigned`, `digits+words`."""
    parts = dict.fromkeys(re.split("[&+]", asked or ""))
    return words.listed(_part(part, words) for part in parts if part)


def _part(part: str, words: Words) -> str:
    name, _, value = part.partition("=")
    if name == "scope":
        return words("day.tab") if value == "day" else words.name("desk", value)
    if name not in words.groups["looked_for"]:
        return part
    if name == "month" and re.fullmatch("[0-9]{6}", value):
        return month_name(value, words)
    if name == "day":
        value = whole_day(date.fromisoformat(value), words)
    return words(f"looked_for.{name}", value=words.name(GROUPS.get(name, "looked_for"), value))
