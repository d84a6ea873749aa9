"""Writes docs/lifecycle.md: who may do what in which state, from the transition table.

python -m infra.lifecycle_page            prints the page as it should be
python -m infra.lifecycle_page --write    writes it
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import fields

from chalicelib.adapters.word_files import WordFiles
from chalicelib.domain.case.case import IN_DISPATCH, OPEN, State
from chalicelib.domain.community.roles import Role
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.transition import SAME, Transition, unguarded

PAGE = Path(__file__).resolve().parent.parent / "docs" / "lifecycle.md"

ENGLISH, CHINESE = (WordFiles().get(language) for language in ("en", "zh-CN"))

HEADER = """\
# The life of a case

Made from `chalicelib/domain/lifecycle.py` by `python -m infra.lifecycle_page --write`; change the table, not
this page. What is not in it is refused with a sentence that says what would be allowed. What stands here a
guard may refuse, and its sentence says why: the function under "unless", in `domain/intake/`,
`domain/dispatch/`, `domain/work/` or `domain/follow_up/`. What it refuses is not offered.
"""


def page() -> str:
    """The whole page."""
    parts = [HEADER, "## Commands\n", *_table_of_commands(), "\n## States\n", *_table_of_states()]
    return "\n".join(parts) + "\n"


def _table_of_commands() -> Iterable[str]:
    yield "| command | in | leads to | by | unless | with |"
    yield "|---|---|---|---|---|---|"
    for row in TABLE.values():
        cells = (_named(row), _states(row.sources), _targets(row), _roles(row), _guard(row), _form(row))
        yield f"| {' | '.join(cells)} |"


def _named(row: Transition) -> str:
    chinese, english = (words.name("commands", row.command) for words in (CHINESE, ENGLISH))
    return f"`{row.command}` {chinese}<br>{english}"


def _states(states: Iterable[State | None]) -> str:
    found = set(states)
    for name, group in (("any open state", OPEN), ("any state before completion", IN_DISPATCH)):
        if found == group:
            return name
    return ", ".join(state for state in State if state in found)


def _targets(row: Transition) -> str:
    named = _states(target for target in row.targets if target is not SAME)
    return ", ".join(target for target in ("the same" if SAME in row.targets else "", named) if target)


def _roles(row: Transition) -> str:
    return ", ".join(ENGLISH.name("roles", role) for role in Role if role in row.roles)


def _guard(row: Transition) -> str:
    return "" if row.guard is unguarded else f"`{row.guard.__name__}`"


def _form(row: Transition) -> str:
    return ", ".join(f"`{field.name}`" for field in fields(row.form)) or "nothing"


def _table_of_states() -> Iterable[str]:
    yield "| state | commands |"
    yield "|---|---|"
    for state in State:
        commands = [f"`{row.command}`" for row in TABLE.values() if state in row.sources]
        yield f"| {state} | {', '.join(commands) or 'none: the case has ended'} |"


def main() -> None:
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        sys.stdout.write(page())


if __name__ == "__main__":
    main()
