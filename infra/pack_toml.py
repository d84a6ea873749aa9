"""Rules, limits and tables of a regulation as lines of TOML."""

import json

from chalicelib.domain.regulation.limits import Limit
from chalicelib.domain.regulation.rules import (
    RevisitRule,
    Rule,
)

ORIGIN = ("source", "requirement", "why", "why_zh")


def text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)  # a JSON string is a TOML string


def limit(value: Limit) -> str:
    amount = f"amount = {value.amount:g}, unit = {text(value.unit)}, count = {text(value.count)}"
    return f"{{ {amount}, around_the_clock = {str(value.around_the_clock).lower()} }}"


def promise(rule: Rule) -> list[str]:
    return [f"limit = {limit(rule.limit)}", f"appointment = {text(rule.appointment)}", *origin(rule)]


def origin(rule: Rule | RevisitRule) -> list[str]:
    return [f"{name} = {text(getattr(rule, name))}" for name in ORIGIN]


def inline(value: object) -> str:
    """A value of a table as TOML on one line."""
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{name} = {inline(held)}' for name, held in value.items())} }}"
    return json.dumps(value, ensure_ascii=False)
