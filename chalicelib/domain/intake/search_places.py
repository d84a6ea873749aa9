"""The terms of a place: by which a unit, its building, entrance, floor or room finds its cases (E8).

A building is asked for as `17栋`, its second entrance as `17-2-`, a room as `1901室`, a floor as `19楼`; so
who names what a number is of gets no serial and no telephone beside.
"""

import re
from collections.abc import Iterator

from chalicelib.domain.community.community import Community
from chalicelib.domain.community.units import NUMERAL, counted, plain, unit_key

PLACE = re.compile(r"(?:\d+[a-z]?|[a-z])(?:-(?:\d+[a-z]?|[a-z]))*")
"""The key of what is a place by its form."""
ENDS = re.compile(
    r"(?P<building>(?:号楼|[栋幢座])$|^(?:building|bldg|block|blk)\W*\w+$)|(?P<floor>[楼层]$)"
    r"|(?P<entrance>(?:单元|(?<=\d)门)$)|(?P<room>[室房]$|^(?:room|rm|flat|apt)\W*\w+$)|(?P<number>号$)"
)
"""What a place is called last."""
_GAP = r"[\s\-]?"
_COUNT = rf"(?:\d{{1,3}}|[{NUMERAL}]{{1,3}})"
SAID = re.compile(
    rf"(?<![\da-z{NUMERAL}])第?(?:"
    rf"(?:{_COUNT}|[a-z]){_GAP}(?:号楼|[栋幢座])(?:{_GAP}{_COUNT}(?:单元|门))?"
    rf"(?:{_GAP}{_COUNT}[楼层])?(?:{_GAP}\d{{3,4}}(?!\d)[室号]?)?"
    rf"|{_COUNT}[楼层]|\d{{3,4}}[室房号])"
)
"""A place in the middle of words: 17栋2单元1901, 三楼, 1201室."""
SHORTEST_ROOM = 3
"""So many digits has a room's number that begins with its floor; the number of a house has fewer."""


def place_asked(query: str, community: Community) -> tuple[str, ...]:
    """The terms of a place that is asked for; none of what is no place.

    A case must have all of them.
    """
    key, said = unit_key(query, community), counted(plain(query)).strip()
    if not PLACE.fullmatch(key):
        return ()
    *above, last = key.split("-")
    found = ENDS.search(said)
    match found.lastgroup if found else None:
        case "building":
            return (_beginning([*above, last]),)
        case "entrance" if above:
            return (_beginning([*above, last]),)
        case "floor":
            return (*((_beginning(above),) if above else ()), f"{last}楼")
        case "room" if not above:
            return (f"{last}室",)
        case "number" if not above:
            return (f"{last}栋" if len(last) < SHORTEST_ROOM else f"{last}室",)
    return (key,) if any(map(str.isdigit, key)) else ()


def _beginning(parts: list[str]) -> str:
    return "-".join((*parts, "")) if len(parts) > 1 else f"{parts[0]}栋"


def place_terms(unit: str, community: Community) -> Iterator[str]:
    """The terms by which a case is found that was reported from a unit."""
    key = unit_key(unit, community)
    parts = key.split("-")
    if not any(map(str.isdigit, key)):
        if PLACE.fullmatch(key):
            yield _beginning(parts)
        return
    yield from (key, key.replace("-", ""), parts[-1])
    yield from (_beginning(parts[:length]) for length in range(1, max(len(parts), 2)))
    yield f"{parts[0]}楼"  # where 3楼 is building 3
    if parts[-1].isdecimal():
        yield f"{parts[-1]}室"
        yield f"{parts[-1]:0>4}"  # 0201, as it is typed by itself
        if len(parts[-1]) >= SHORTEST_ROOM:
            yield f"{parts[-1][:-2]}楼"


def places_said(text: str, community: Community) -> Iterator[str]:
    """The terms of the places that words name."""
    for said in SAID.finditer(text):
        yield from place_asked(said[0], community)
        parts = unit_key(said[0], community).split("-")
        if len(parts) > 1:
            yield _beginning(parts[:1])
            if len(parts[-1]) >= SHORTEST_ROOM:
                yield from place_terms(said[0], community)
