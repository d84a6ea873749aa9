"""Posters to print, a page for each building: its QR code leads to the report form with the address begun."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

from chalice.app import Response

from chalicelib import wiring
from chalicelib.http.visits import Visit
from chalicelib.web.desk_pages import framed
from chalicelib.web.qr import qr
from chalicelib.web.rendering import Reader, page

MOST, LONGEST = 60, 20
"""The most posters at once, and the longest name of a building, in characters."""

RANGE = re.compile(r"(\d{1,3})\s*[-~–至到]\s*(\d{1,3})")
"""`1-12` are the buildings from 1 to 12. One entrance of a building is written `3/2`."""


def poster_page(reader: Reader, visit: Visit, typed: str) -> Response:
    """The form, and the posters of the buildings that were typed."""
    community = visit.member.community
    home, buildings = f"desk/{community.id}/posters", list(_buildings(typed[: MOST * LONGEST]))
    known = {building.id: building.name for building in community.buildings if building.active}
    return page(
        reader,
        "posters.html",
        typed=typed or ", ".join(list(known)[:MOST]),
        here=f"{reader.root}{home}",
        address=home,
        most=MOST if len(buildings) > MOST else 0,
        posters=[
            (known.get(building, building), qr(_address(community.id, building)))
            for building in buildings[:MOST]
        ],
        **framed(reader, visit, "posters"),
    )


def begun(building: str) -> str:
    """The unit as far as a building says it: `3` → `3-`, `3/2` → `3-2-`, `A座` → `A座`."""
    place = building.replace("/", "-")
    return f"{place}-" if place[-1].isascii() else place


def _address(community: str, building: str) -> str:
    return f"{wiring.base_url()}/c/{community}?{urlencode({'unit': begun(building)})}"


def _buildings(typed: str) -> Iterator[str]:
    """The names in what was typed, each once and in its order."""
    seen = set()
    for part in re.split(r"[,，、;；\n]+", typed):
        name = part.strip()[:LONGEST]
        numbers = RANGE.fullmatch(name)
        names = map(str, range(int(numbers[1]), int(numbers[2]) + 1)) if numbers else [name]
        for building in names:
            if building and building not in seen:
                seen.add(building)
                yield building
