"""The acts beside what waits: a press, a form, or the way to one (A9, B7).

Forms stand beside the first cases as long as the page has room for them; beside the others stands the way to
the same form. So a page with ten cases stays light, whatever waits and however many people could be named.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from chalicelib import wiring
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.community import Member
from chalicelib.domain.lifecycle import TABLE
from chalicelib.services.views.waiting import WaitingRow
from chalicelib.web.asks import ask_line
from chalicelib.web.case_panels import command_on
from chalicelib.web.form_fields import Field, fields_on
from chalicelib.web.prefilled import prefilled
from chalicelib.web.words import Words

MOST_FIELDS, MOST_CHOICES = 3, 12
"""A form with more than that is on the page of its case."""
ROOM = 6_500
"""Bytes of a page for the forms of its acts, so that it has at most 60 KB with everything (tested)."""
A_FORM, A_FIELD, A_CHOICE = 480, 200, 20
"""What the template writes around the words of each, in bytes."""


class Act(Struct, frozen=True):
    """One command beside what is asked: a press, a small form, or the way to the form on the case's page.

    `press`: its `fields` are filled in, so that the button is enough.
    """

    command: str
    label: str
    fields: tuple[Field, ...]
    values: Mapping[str, str]
    press: bool
    apart: bool

    @property
    def weight(self) -> int:
        """About how many bytes its form has."""
        said = (
            self.label,
            *(word for field in self.fields for word in (field.label, field.hint, field.empty)),
        )
        chosen = [word for field in self.fields for choice in field.choices for word in choice]
        words = sum(len(word.encode()) for word in (*said, *chosen))
        return A_FORM + A_FIELD * len(self.fields) + A_CHOICE * len(chosen) // 2 + words


Asks = list[tuple[str, list[Act]]]


def items_shown(
    rows: Sequence[WaitingRow], lines: Sequence[Mapping[str, Any]], member: Member, words: Words
) -> list[Mapping[str, Any]]:
    """The cases as the template draws them: the line of each, and what is asked, each with its acts."""
    asked = _fitting([_asks(item, member, words) for item in rows])
    return [
        {**line, "asks": asks, "version": item.case.version}
        for item, line, asks in zip(rows, lines, asked, strict=True)
    ]


def _asks(item: WaitingRow, member: Member, words: Words) -> Asks:
    context = wiring.desk().context_of(item.case)
    return [
        (
            ask_line(ask.what, item.case, context, words),
            [_act(command, item.case, context, member, words) for command in ask.commands],
        )
        for ask in item.asks
    ]


def _act(command: str, case: Case, context: Context, member: Member, words: Words) -> Act:
    fields = fields_on(case, TABLE[command].form, command, context, words)
    values = prefilled(member.name).get(command, {})
    needed = tuple(field for field in fields if field.required)
    press = all(field.name in values for field in needed)
    shown = needed if press else fields
    apart = len(shown) > MOST_FIELDS or any(len(field.choices) > MOST_CHOICES for field in shown)
    return Act(command, command_on(command, case, words), () if apart else shown, values, press, apart)


def _fitting(cases: Sequence[Asks]) -> list[Asks]:
    """What is asked of each case, with forms while there is room for them."""
    acts = [act for asks in cases for _, of_one in asks for act in of_one if not act.apart]
    room, found = ROOM - sum(act.weight for act in acts if act.press), list[Asks]()
    for asks in cases:
        forms = [act for _, of_one in asks for act in of_one if not act.apart and not act.press]
        room -= sum(form.weight for form in forms)
        found.append(asks if room >= 0 or not forms else [(said, _away(of_one)) for said, of_one in asks])
    return found


def _away(acts: list[Act]) -> list[Act]:
    return [act if act.press else replace(act, apart=True, fields=()) for act in acts]
