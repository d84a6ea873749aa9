"""The terms under which a case is found, and those that somebody asks for (E8).

A term is a short text: a number, the end of a phone number, a place (search_places.py), two or three
Chinese characters in a row, a word; all in half width, small letters and simplified characters. What a case
is found by is what its reader may read of it: of a masked report there are fewer terms.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from chalicelib.domain.case.events import Report
from chalicelib.domain.case.numbering import case_number, serial_of
from chalicelib.domain.community.community import Community
from chalicelib.domain.community.phones import EXTENSION
from chalicelib.domain.community.units import plain
from chalicelib.domain.intake.search_places import SAID, place_asked, place_terms, places_said

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
NUMBER = re.compile(r"(20\d\d(?:0[1-9]|1[0-2]))\s?[\-\u2010-\u2015_./]\s?(\d{1,9})")
CALLED = re.compile(r"^(?:no\.?|#|编号|单号|工单号?|案件?号?)[\s:#]*(?=20\d{4})")
"""What a number is called by who reads it out of a message."""
PHONE = re.compile(r"(?:[+(]|\d{3})[\d\s().\-\u2010-\u2015]*")
BEFORE_A_PHONE = re.compile(r"^(?:00(?=\d{10})|0(?=\d{9}))")
"""What is dialled before a country's or an area's code."""
_DASH = r"\s?[\-\u2010-\u2015]\s?"
UNIT_LIKE = re.compile(rf"\d{{1,3}}{_DASH}\d{{1,2}}{_DASH}\d{{1,4}}|0\d{{1,2}}{_DASH}\d{{1,4}}")
"""What has the digits of a phone number, and its dashes where units have them."""


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
            *place_terms(report.unit or "", community),
            *_of_name(report.resident_name or ""),
            *_of_text(report.text or ""),
            *places_said(plain(report.text or ""), community),
        )
    )


def terms_asked(query: str, community: Community) -> tuple[Term, ...]:
    """The terms of a query, all of which a case must have; first the one that is likely to be the rarest."""
    asked = " ".join(plain(query[:LONGEST_QUERY]).split())
    pieces = asked.split()
    found = _as_one(asked, community) or [term for each in pieces for term in _of_piece(each, community)]
    return tuple(sorted(dict.fromkeys(found), key=_rarity, reverse=True)[:MOST_TERMS])


def is_too_short(query: str, community: Community) -> bool:
    """Whether a word of a query finds family names at most: it is too short."""
    words = (term.text for term in terms_asked(query, community) if term.kind == "words")
    return any(len(word) < (SHORTEST_START if word.isascii() else 2) for word in words)


def _rarity(term: Term) -> tuple[bool, int]:
    return term.kind != "words", len(term.text)


def _as_one(asked: str, community: Community) -> tuple[Term, ...]:
    """The query as a number, phone or place; these are written with blanks as well."""
    asked = CALLED.sub("", asked)
    if number := NUMBER.fullmatch(asked):
        return (Term(case_number(number[1], int(number[2])), "number"),)
    digits = re.sub(r"\D", "", asked)
    if PHONE.fullmatch(asked) and len(digits) >= FIRST_DIGITS and not UNIT_LIKE.fullmatch(asked):
        return (Term(BEFORE_A_PHONE.sub("", digits), "digits"),)
    if asked.isdecimal():
        return (Term(asked, "digits"),)
    return tuple(Term(text, "unit") for text in place_asked(asked, community))


def _of_piece(piece: str, community: Community) -> Iterator[Term]:
    if whole := _as_one(piece, community):
        yield from whole
    elif (said := SAID.search(piece)) and (place := place_asked(said[0], community)):
        yield from (Term(text, "unit") for text in place)
        for rest in (piece[: said.start()], piece[said.end() :]):
            yield from _of_words(rest) if len(rest) > 1 else ()
    else:
        yield from _of_words(piece)


def _of_words(piece: str) -> Iterator[Term]:
    for chinese, word in RUN.findall(piece):
        for part in _grams(chinese, 3) if len(chinese) > 2 else filter(None, (chinese, word[:LONGEST_WORD])):
            yield Term(part, "words")


def _of_number(number: str) -> Iterator[str]:
    month, _, serial = number.partition("-")
    short = str(serial_of(number))
    yield from (number, serial, short)
    yield from (month + serial, month + short)  # typed without its dash, it may be a phone number as well


def _of_phone(phone: str) -> Iterator[str]:
    """The ends of a number, and its beginnings; of a masked one what is left of its end."""
    plain = re.sub(r"[^\d*]", "", phone.partition(EXTENSION)[0])
    end = plain.rpartition("*")[2]
    yield from (end[at:] for at in range(len(end) - LAST_DIGITS + 1))
    if "*" not in plain:
        national = plain.removeprefix("86")
        yield from (national[:length] for length in range(FIRST_DIGITS, len(national)))


def _of_name(name: str) -> Iterator[str]:
    yield from _of_text(name)
    yield from (chinese[0] for chinese, _ in RUN.findall(plain(name)) if chinese)


def _of_text(text: str) -> Iterator[str]:
    for chinese, word in RUN.findall(plain(text)):
        if chinese:
            yield from (*_grams(chinese, 2), *_grams(chinese, 3)) if len(chinese) > 1 else chinese
        else:
            yield word[:LONGEST_WORD]
            yield from (word[:length] for length in range(SHORTEST_START, min(len(word), LONGEST_START + 1)))


def _grams(run: str, length: int) -> Iterator[str]:
    return (run[at : at + length] for at in range(len(run) - length + 1))
