"""The terms under which a case is found, and those that somebody asks for (E8).

A term is a short text: a number, the end of a phone number, the key of a unit, two or three Chinese
characters in a row, a word. What a case is found by is what its reader may read of it: of a masked report
there are fewer terms.
"""

import re
import unicodedata
from collections.abc import Iterator

from msgspec import Struct

from chalicelib.domain.case.events import Report
from chalicelib.domain.case.numbering import case_number, serial_of
from chalicelib.domain.community.community import Community
from chalicelib.domain.community.phones import EXTENSION
from chalicelib.domain.community.units import unit_key

LONGEST_QUERY = 60
MOST_TERMS = 8
"""Of so many terms a query is, at most; what is typed beyond them does not narrow it further."""
LAST_DIGITS = 4
"""So many of a phone number's last digits find it, at least."""
FIRST_DIGITS = 7
"""So many of its first digits find it, while it is typed."""
LONGEST_WORD, SHORTEST_START, LONGEST_START = 40, 3, 8

RUN = re.compile(
    r"([\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+)|((?:(?![\u3400-\u9fff\uf900-\ufaff])[^\W_])+)"
)
"""Chinese characters in a row, or a word of any other script."""
NUMBER = re.compile(r"(20\d{4})\s?-\s?(\d+)")
PHONE = re.compile(r"(?:[+(]|\d{3})[\d\s().\-\u2010-\u2015]*")
BEFORE_A_PHONE = re.compile(r"^(?:00(?=\d{10})|0(?=\d{9}))")
"""What is dialled before a country's or an area's code."""
PLACE = re.compile(r"(?:\d+[a-z]?|[a-z])(?:-(?:\d+[a-z]?|[a-z]))*")


class Term(Struct, frozen=True):
    """A term that is asked for; `kind` says of what sort it is, for the record: it names nobody."""

    text: str
    kind: str


def terms_of(number: str, report: Report, community: Community) -> frozenset[str]:
    """Every term of a case, from its report as somebody reads it, whole or masked."""
    return frozenset(
        (
            *_of_number(number),
            *_of_phone(report.phone or ""),
            *_of_unit(report.unit or "", community),
            *_of_name(report.resident_name or ""),
            *_of_text(report.text or ""),
        )
    )


def terms_asked(query: str, community: Community) -> tuple[Term, ...]:
    """The terms of a query, all of which a case must have; first the one that is likely to be the rarest."""
    plain = " ".join(unicodedata.normalize("NFKC", query[:LONGEST_QUERY]).casefold().split())
    if whole := _as_one(plain, community):
        return (whole,)
    found = [term for piece in plain.split() for term in _of_piece(piece, community)]
    return tuple(sorted(dict.fromkeys(found), key=_rarity, reverse=True)[:MOST_TERMS])


def _rarity(term: Term) -> tuple[bool, int]:
    return term.kind != "words", len(term.text)


def _as_one(plain: str, community: Community) -> Term | None:
    """The query as a number, phone or unit; these are written with blanks as well."""
    if number := NUMBER.fullmatch(plain):
        return Term(case_number(number[1], int(number[2])), "number")
    digits = re.sub(r"\D", "", plain)
    if PHONE.fullmatch(plain) and len(digits) >= FIRST_DIGITS:
        return Term(BEFORE_A_PHONE.sub("", digits), "digits")
    key = unit_key(plain, community)
    if any(map(str.isdigit, key)) and PLACE.fullmatch(key):
        return Term(key, "digits" if key.isdecimal() else "unit")
    return None


def _of_piece(piece: str, community: Community) -> Iterator[Term]:
    if whole := _as_one(piece, community):
        yield whole
        return
    for chinese, word in RUN.findall(piece):
        for part in _grams(chinese, 3) if len(chinese) > 2 else filter(None, (chinese, word[:LONGEST_WORD])):
            yield Term(part, "words")


def _of_number(number: str) -> Iterator[str]:
    yield number
    yield number.partition("-")[2]
    yield str(serial_of(number))


def _of_phone(phone: str) -> Iterator[str]:
    """The ends of a number, and its beginnings; of a masked one what is left of its end."""
    plain = re.sub(r"[^\d*]", "", phone.partition(EXTENSION)[0])
    end = plain.rpartition("*")[2]
    yield from (end[at:] for at in range(len(end) - LAST_DIGITS + 1))
    if "*" not in plain:
        national = plain.removeprefix("86")
        yield from (national[:length] for length in range(FIRST_DIGITS, len(national)))


def _of_unit(unit: str, community: Community) -> Iterator[str]:
    key = unit_key(unit, community)
    if any(map(str.isdigit, key)):
        yield key
        yield key.replace("-", "")
        yield key.rpartition("-")[2]


def _of_name(name: str) -> Iterator[str]:
    yield from _of_text(name)
    yield from (chinese[0] for chinese, _ in RUN.findall(_plain(name)) if chinese)


def _of_text(text: str) -> Iterator[str]:
    for chinese, word in RUN.findall(_plain(text)):
        if chinese:
            yield from (*_grams(chinese, 2), *_grams(chinese, 3)) if len(chinese) > 1 else chinese
        else:
            yield word[:LONGEST_WORD]
            yield from (word[:length] for length in range(SHORTEST_START, min(len(word), LONGEST_START + 1)))


def _grams(run: str, length: int) -> Iterator[str]:
    return (run[at : at + length] for at in range(len(run) - length + 1))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
