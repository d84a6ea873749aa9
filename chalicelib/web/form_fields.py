"""The fields of a form, drawn from the form of its command.

They say what to show, and how to read it back.

A command that is added to the table has its form on the pages at once; only its choices are named here.
"""

import types
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, get_args, get_type_hints

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields, replace

from chalicelib.domain.case.acceptance import SIGNATURE
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.form_fields import SHORT, longest_lengths
from chalicelib.domain.case.own_signature import LONGEST_DRAWN
from chalicelib.domain.regulation.regulation import QUESTIONS
from chalicelib.domain.regulation.rules import UNSORTED
from chalicelib.domain.work.progress import owes_answer
from chalicelib.web.form_choices import Choices, choices_of, matters_by_category
from chalicelib.web.words import Words


class Shape(StrEnum):
    """The shape of a field: how it is shown and read."""

    LINE = "line"
    TEXT = "text"
    MOMENT = "moment"
    PRICE = "price"
    NUMBER = "number"
    CHOICE = "choice"
    YES_NO = "yes_no"
    SCORE = "score"
    DAY = "day"
    SIGNATURE = "signature"


class Field(Struct, frozen=True):
    """One field of a form. `longest` is in characters; `choices` only for those with options.

    `groups` are the same choices under headings; `empty` is what no choice is called; `first`: not for later;
    `focus`: the cursor stands in it; `instead`: what may stand in its place, if something may.
    """

    name: str
    label: str
    hint: str
    shape: Shape
    required: bool
    longest: int | None = None
    choices: Choices = ()
    groups: tuple[tuple[str, Choices], ...] = ()
    empty: str = ""
    autocomplete: str = ""
    first: bool = True
    focus: bool = False
    instead: str = ""


def fields_of(
    form: type, command: str, context: Context, words: Words, only: Collection[str] | None = None
) -> tuple[Field, ...]:
    """The fields of a form, the required ones first; with `only`, no others."""
    hints = get_type_hints(form)
    asked = (field for field in _scripted(form, command, context) if only is None or field.name in only)
    drawn = (_field(form, field, hints[field.name], command, context, words) for field in asked)
    return tuple(
        sorted(drawn, key=lambda field: (field.name != BEGINS_WITH.get(command), not field.required))
    )


def fields_on(
    case: Case | None, form: type, command: str, context: Context, words: Words
) -> tuple[Field, ...]:
    """The fields of a command on this case: a correction has a reason, a first sorting none (A7, A8).

    Whether the water flows is asked of a drain and of what was sealed (B9). The result needs the cause where
    the department has not answered with it (B4).
    """
    drawn = fields_of(form, command, context, words)
    if command == "accept_work" and case is not None and case.work.acceptance.by == SIGNATURE:
        return tuple(field for field in drawn if field.name != "proved")
    if command == "complete" and case is not None and owes_answer(case):
        return _with_needed(drawn, "cause")
    if command != "classify" or case is None:
        return drawn
    about = case.classification
    if not about.is_sorted:
        open_still = {name for name in ("kind", "matter") if getattr(about, name) == UNSORTED}
        asked = (
            _said_first(field) if field.name in open_still else _not_said_yet(field, words) for field in drawn
        )
        return tuple(sorted((field for field in asked if field.name != "reason"), key=_optional))
    return _with_needed(drawn, "reason")


def _with_needed(fields: Iterable[Field], name: str) -> tuple[Field, ...]:
    """The fields with one more that this case needs."""
    asked = (replace(field, required=field.required or field.name == name) for field in fields)
    return tuple(sorted(asked, key=_optional))


def _said_first(field: Field) -> Field:
    """A field that nobody has filled in: its choice is no change."""
    return replace(field, required=True, empty="")


def _not_said_yet(field: Field, words: Words) -> Field:
    """A field of a first sorting: nothing stands yet that an empty choice would leave as it is."""
    return replace(field, empty=_empty("intake", field.name, words))


def _optional(field: Field) -> bool:
    return not field.required


BEGINS_WITH: Mapping[str, str] = {
    "identify": "person",
    "pause": "reason",
    "request_extension": "reason",
    "propose_malicious": "reason",
    "record_loss": "what",
}
"""What a form is about → the field that says it, ahead of reasons, amounts and times."""

PUT_IN_BY_US = frozenset({"device", "at_desk"})
"""What no form asks for: what is known of whoever sends it."""

ASKED_WITH = {"signature": ("signature", "drawn")}
"""A question of a revisit that has more than one field → its fields."""


def _scripted(form: type, command: str, context: Context) -> Iterable[Any]:
    """The fields of a form; of what a revisit can ask, only what the regulation wants, that first (D4)."""
    if command != "record_revisit":
        return [field for field in fields(form) if field.name not in PUT_IN_BY_US]
    known = {field.name: field for field in fields(form) if field.name not in PUT_IN_BY_US}
    asked = [
        name
        for question in context.regulation.revisits.questions
        for name in ASKED_WITH.get(question, (question,))
    ]
    always = (name for name in known if name not in QUESTIONS and name != "drawn")
    return [known[name] for name in (*asked, *always)]


def _field(form: type, field: Any, hint: Any, command: str, context: Context, words: Words) -> Field:
    longest, hints = longest_lengths(form).get(field.name), words.groups["field_hints"]
    choices = choices_of(f"{command}.{field.name}", field.name, context, words)
    return Field(
        name=field.name,
        label=label_of(command, field.name, words),
        hint=hints.get(f"{command}.{field.name}") or hints.get(field.name, ""),  # a command's own first
        shape=_shape(field.name, hint, longest, choices),
        required=field.default is NODEFAULT,
        longest=longest,
        choices=choices,
        groups=matters_by_category(context, words) if field.name == "matter" else (),
        empty=_empty(command, field.name, words),
    )


def label_of(command: str, name: str, words: Words) -> str:
    """The label of a field: in this command if that differs, else everywhere."""
    return words.groups["field_of"].get(f"{command}.{name}") or words(f"fields.{name}")


def _empty(command: str, name: str, words: Words) -> str:
    """What it means to choose nothing: for this field, else wherever in the form; empty if just that."""
    said = words.groups["nothing_chosen"]
    return said.get(f"{command}.{name}") or said.get(command, "")


def _shape(name: str, hint: Any, longest: int | None, choices: Choices) -> Shape:
    kinds = set(get_args(hint)) if isinstance(hint, types.UnionType) else {hint}
    if name == "score":
        return Shape.SCORE
    if name == "email":
        return Shape.LINE
    if choices:
        return Shape.CHOICE
    if longest == LONGEST_DRAWN:
        return Shape.SIGNATURE
    if date in kinds:
        return Shape.DAY
    if datetime in kinds:
        return Shape.MOMENT
    if bool in kinds:
        return Shape.YES_NO
    if int in kinds:
        return Shape.PRICE if name.endswith("_fen") else Shape.NUMBER
    return Shape.LINE if longest is not None and longest <= SHORT else Shape.TEXT
