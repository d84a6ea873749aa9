"""The fields of a form, drawn from the form of its command.

They say what to show, and how to read it back.

A command that is added to the table has its form on the pages at once; only its choices are named here.
"""

import types
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, get_args, get_type_hints

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Channel, RevisitOutcome
from chalicelib.domain.case.form_fields import SHORT, longest_lengths
from chalicelib.domain.case.spoken import MANNERS
from chalicelib.domain.community.community import Staff
from chalicelib.domain.community.places import Scope
from chalicelib.domain.community.roles import Role
from chalicelib.domain.dispatch.assignment import can_work
from chalicelib.domain.follow_up.forms import SECOND_OUTCOMES
from chalicelib.domain.intake.identification import is_person
from chalicelib.domain.regulation.regulation import QUESTIONS
from chalicelib.domain.regulation.rules import CATEGORIES, COMPLEXITIES, KINDS, NATURES, SEVERITIES, URGENCIES
from chalicelib.domain.work.forms import FINDINGS
from chalicelib.web.alarm_lines import services_shown
from chalicelib.web.words import Words

Choices = tuple[tuple[str, str], ...]
"""(value, what the reader sees) of each option."""


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


class Field(Struct, frozen=True):
    """One field of a form. `longest` is in characters; `choices` only for those with options.

    `groups` are the same choices under headings; `empty` is what no choice is called; `first`: not for later.
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


def fields_of(
    form: type, command: str, context: Context, words: Words, only: Collection[str] | None = None
) -> tuple[Field, ...]:
    """The fields of a form, the required ones first; with `only`, no others."""
    hints = get_type_hints(form)
    asked = (field for field in _scripted(form, command, context) if only is None or field.name in only)
    drawn = (_field(form, field, hints[field.name], command, context, words) for field in asked)
    return tuple(sorted(drawn, key=lambda field: not field.required))


def _scripted(form: type, command: str, context: Context) -> Iterable[Any]:
    """The fields of a form; of what a revisit can ask, only what the regulation wants, that first (D4)."""
    if command != "record_revisit":
        return fields(form)
    known, script = {field.name: field for field in fields(form)}, context.regulation.revisits.questions
    return [*(known[name] for name in script), *(known[name] for name in known if name not in QUESTIONS)]


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
        groups=_matters_by_category(context, words) if field.name == "matter" else (),
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
    if datetime in kinds:
        return Shape.MOMENT
    if bool in kinds:
        return Shape.YES_NO
    if int in kinds:
        return Shape.PRICE if name.endswith("_fen") else Shape.NUMBER
    return Shape.LINE if longest is not None and longest <= SHORT else Shape.TEXT


def choices_of(qualified: str, name: str, context: Context, words: Words) -> Choices:
    """The options of a field that has some.

    `command.field` goes before the field of that name in any command.
    """
    maker = _CHOICES.get(qualified) or _CHOICES.get(name)
    return maker(context, words) if maker else ()


def is_chosen(command: str, name: str) -> bool:
    """Whether a field is chosen in that form: what is sent is a code word."""
    return name in _CHOICES or f"{command}.{name}" in _CHOICES


def _named(group: str, values: Iterable[object]) -> Callable[[Context, Words], Choices]:
    known = tuple(str(value) for value in values)

    def choices(_: Context, words: Words) -> Choices:
        return tuple((value, words.name(group, value)) for value in known)

    return choices


def _matters(context: Context, words: Words) -> Choices:
    return tuple((matter.id, words.of(matter.names)) for matter in context.regulation.sortable)


def _matters_by_category(context: Context, words: Words) -> tuple[tuple[str, Choices], ...]:
    known = context.regulation.matters
    groups = []
    for category in CATEGORIES:
        choices = tuple(
            choice for choice in _matters(context, words) if known[choice[0]].category == category
        )
        if choices:
            groups.append((words.name("categories", category), choices))
    return tuple(groups)


def _handlers(context: Context, words: Words) -> Choices:
    """Everybody to whom a case can be assigned, by department."""
    staff = context.community.staff
    return _people(
        (member for member in staff if member.active and can_work(member, context.community)), context, words
    )


def _staff(context: Context, words: Words) -> Choices:
    """Everybody whom a complaint can be about, by department; also who is kept away from it (G13)."""
    return _people((member for member in context.community.staff if is_person(member)), context, words)


def _people(people: Iterable[Staff], context: Context, words: Words) -> Choices:
    def order(member: Staff) -> tuple[tuple[str, ...], bool, str]:
        return member.departments, member.role != Role.HANDLER, member.username

    def label(member: Staff) -> str:
        return f"{member.name} · {_place(member.departments, context, words)}{words.role(member.role)}"

    return tuple((member.username, label(member)) for member in sorted(people, key=order))


def _place(departments: tuple[str, ...], context: Context, words: Words) -> str:
    names = words.listed(department_name(department, context, words) for department in departments)
    return f"{names} " if names else ""


def department_name(department: str, context: Context, words: Words) -> str:
    """The name of a department: to a reader of Chinese the community's own, else the common one."""
    if words.language.startswith("zh-"):
        return context.community.departments.get(department) or words.name("departments", department)
    return words.name("departments", department)


def _departments(context: Context, words: Words) -> Choices:
    departments = context.community.departments
    return tuple((department, department_name(department, context, words)) for department in departments)


def _pause_reasons(context: Context, words: Words) -> Choices:
    return tuple((reason, words.name("pause_reasons", reason)) for reason in context.regulation.pause.reasons)


SPOKEN_ABOUT = (
    "answer",
    "agree_appointment",
    "record_agreement",
    "record_refusal",
    "record_price_request",
    "record_return",
    "record_objection",
    "record_withdrawal",
    "record_urge",
    "record_appeal",
)
"""The commands that record how somebody spoke with the resident; a revisit has its own ways."""

_CHOICES: Mapping[str, Callable[[Context, Words], Choices]] = {
    "kind": _named("kinds", KINDS),
    "matter": _matters,
    "urgency": _named("urgencies", URGENCIES),
    "severity": _named("severities", SEVERITIES),
    "complexity": _named("complexities", COMPLEXITIES),
    "nature": _named("natures", NATURES),
    "channel": _named("channels", (channel for channel in Channel if channel is not Channel.HOTLINE_IVR)),
    "handler": _handlers,
    "person": _staff,
    "about_staff": _staff,
    "department": _departments,
    "service": services_shown,
    "pause.reason": _pause_reasons,
    "outcome": _named("outcomes", RevisitOutcome),
    "ask_again.outcome": _named("outcomes", SECOND_OUTCOMES),
    "finding": _named("findings", FINDINGS),
    "scope": _named("scopes", Scope),
    "manner": _named("manners", ("phone", "visit")),
    **{f"{command}.manner": _named("manners", MANNERS) for command in SPOKEN_ABOUT},
    "score": _named("scores", (5, 4, 3, 2, 1)),
}
