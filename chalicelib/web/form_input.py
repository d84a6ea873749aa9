"""Typed form fields, read into values.

A field that cannot be read has one sentence about what to mend.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct
from msgspec import field as made_by

from chalicelib.domain.money import DEAREST_FEN
from chalicelib.domain.texts import LOST, cleaned, fault_of
from chalicelib.web.form_fields import Field, Shape
from chalicelib.web.formats import typed
from chalicelib.web.words import Words

LONGEST_NUMBER = 6
YUAN = re.compile(r"\d{1,9}(?:\.\d{1,2})?")
"""An amount with at most two decimals: no sign, no exponent (1e3 is a slip of the finger)."""
"""As many digits and more are no number of ours."""

Typed = Mapping[str, str]
"""What was sent, by the field's name, as text."""


class Read(Struct, frozen=True):
    """The values of a form, and its mistakes by field.

    The values are complete only without mistakes.
    """

    values: Mapping[str, Any] = made_by(default_factory=dict)
    mistakes: Mapping[str, str] = made_by(default_factory=dict)


def read(fields: Iterable[Field], given: Typed, zone: str, words: Words) -> Read:
    """Read each field as its command wants it: text, instant (UTC), fen or choice.

    A field that was left empty is None.
    """
    values: dict[str, Any] = {}
    mistakes: dict[str, str] = {}
    for field in fields:
        text = cleaned(given.get(field.name, ""))
        if not text:
            values[field.name] = None
            if field.required:
                mistakes[field.name] = words("mistakes.missing", field=field.label)
            continue
        value, mistake = _value(field, text, zone, words)
        values[field.name] = value
        if mistake:
            mistakes[field.name] = mistake
    return Read(values, mistakes)


def _value(field: Field, text: str, zone: str, words: Words) -> tuple[Any, str | None]:
    match field.shape:
        case Shape.MOMENT:
            value: Any = typed(text, zone)
            return value, None if value else words("mistakes.moment", field=field.label)
        case Shape.DAY:
            day = _day(text)
            return day, None if day else words("mistakes.day", field=field.label)
        case Shape.PRICE:
            value = _fen(text)
            return value, None if value is not None else words("mistakes.price", field=field.label)
        case Shape.NUMBER:
            number = int(text) if text.isdecimal() and len(text) < LONGEST_NUMBER else None
            return number, None if number is not None else words("mistakes.number", field=field.label)
        case Shape.YES_NO:
            known = {"yes": True, "no": False}
            return known.get(text), None if text in known else words("mistakes.choice", field=field.label)
        case Shape.CHOICE | Shape.SCORE:
            if text not in {value for value, _ in field.choices}:
                return None, words("mistakes.choice", field=field.label)
            return (int(text) if field.shape is Shape.SCORE else text), None
        case _:
            return text, _mistake_in_text(field, text, words)


def _mistake_in_text(field: Field, text: str, words: Words) -> str | None:
    fault = fault_of(text, field.longest)
    if fault is None:
        return None
    facts = {"length": len(text), "longest": field.longest, "place": text.find(LOST) + 1}
    return words(f"mistakes.{fault}", field=field.label, **facts)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _fen(text: str) -> int | None:
    """35.50 yuan as 3550 fen; None for what is no price, as people write one."""
    fen = Decimal(text) * 100 if YUAN.fullmatch(text) else None
    return int(fen) if fen is not None and fen <= DEAREST_FEN else None
