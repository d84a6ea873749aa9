"""The table of a month under another regulation, as the terminal shows it (E2)."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.services.figures.what_if_view import Side, WhatIfView


def table_of(view: "WhatIfView") -> list[str]:
    """The lines of the table, and below them what it takes for granted."""
    lines = [
        f"{view.community}, {view.month}: {view.cases} cases under {view.own} and under {view.other}.",
        f"{'':32}{'cases':>6}"
        + "".join(f"  {head:^15}" for head in ("overdue", "deadlines", "busiest day", "revisits")),
    ]
    for row in view.rows:
        name = row.dimension if row.value is None else f"{row.dimension} {row.value}"
        own, other = row.own, row.other
        pairs = (
            (_rate(own), _rate(other)),
            (own.deadlines, other.deadlines),
            (own.due_on_busiest_day, other.due_on_busiest_day),
            (own.revisits, other.revisits),
        )
        lines.append(f"{name:32}{row.cases:>6}" + "".join(f"  {left:>7}→{right:<7}" for left, right in pairs))
    if view.unknown:
        lines.append(f"{view.unknown} cases are about a matter that one of the two does not have.")
    return [*lines, "What this takes for granted:", *(f"  {assumption}" for assumption in view.assumptions)]


def _rate(side: "Side") -> str:
    return "–" if side.overdue_rate is None else f"{side.overdue_rate:.1%}"
