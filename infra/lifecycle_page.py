"""Writes docs/lifecycle.md from the transition table. Run it again whenever a command or a state is changed.

python -m infra.lifecycle_page            prints the page as it should be
python -m infra.lifecycle_page --write    writes it
"""

import sys
from collections.abc import Collection, Iterator
from dataclasses import MISSING, Field, fields
from typing import Any

from chalicelib.domain.case import IN_DISPATCH, OPEN, State
from chalicelib.domain.lifecycle import SAME, TABLE, Transition
from chalicelib.domain.links import COMMANDS_BY_PURPOSE
from chalicelib.domain.people import ROLE_NAMES, Role
from chalicelib.web.words import words
from infra.places import PROJECT

PAGE = PROJECT / "docs" / "lifecycle.md"

HEAD = """\
# The lifecycle of a case

Made from the table in `chalicelib/domain/lifecycle.py` by `python -m infra.lifecycle_page --write`; a change
here would be lost. What is not in the table is refused with a sentence that says what is possible instead.
What is in it may still be refused by its guard (`chalicelib/domain/deciders.py`, `follow_up.py`,
`postponing.py`): only whoever is responsible signs, only a pause that is on can be ended, and so on.

A case begins with its registration (`chalicelib/services/intake.py`): as `registered`, or as `completed` if
the desk has solved it on the spot."""

STATES = """
## States

"In dispatch" means that somebody has still to solve the case; "open", that timers run.

| state | name | 名称 | |
|---|---|---|---|"""

COMMANDS = """
## Commands

"stays": the case may stay in its state. "With the link": the command can be given without signing in, with
a link of that purpose out of a message. Fields with a `?` may be left out. The system is timers and rules.

| command | name | 名称 | from | to | who | with the link | fields |
|---|---|---|---|---|---|---|---|"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, STATES, *_states(), COMMANDS, *map(_command, TABLE.values())]) + "\n"


def _states() -> Iterator[str]:
    for state in State:
        open_as = "in dispatch, open" if state in IN_DISPATCH else "open" if state in OPEN else "ended"
        names = [words(language).name("states", state) for language in ("en", "zh-CN")]
        yield _line(f"`{state}`", *names, open_as)


def _command(row: Transition) -> str:
    links = [purpose.value for purpose, commands in COMMANDS_BY_PURPOSE.items() if row.command in commands]
    return _line(
        f"`{row.command}`",
        row.names["en"],
        row.names["zh-CN"],
        _states_in_order(row.sources),
        ", ".join(filter(None, [_states_in_order(row.targets), "stays" if SAME in row.targets else ""])),
        ", ".join(ROLE_NAMES[role]["en"] for role in Role if role in row.roles),
        ", ".join(links),
        ", ".join(map(_field, fields(row.form))),
    )


def _states_in_order(states: Collection[State | None]) -> str:
    if states == IN_DISPATCH:
        return "any in dispatch"
    return "any open" if states == OPEN else ", ".join(state for state in State if state in states)


def _field(one: "Field[Any]") -> str:
    required = one.default is MISSING and one.default_factory is MISSING
    return f"`{one.name}`" if required else f"`{one.name}`?"


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        sys.stdout.write(page())
