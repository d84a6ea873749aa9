"""The lexicon of the triage, from the file that `make lexicon` builds."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chalicelib.domain.intake.triage.lexicon import Cue, Lexicon, Lights, Together

FILE = Path(__file__).resolve().parent.parent / "lexicon.json"


class _Cues(dict[str, tuple[Cue, ...]]):
    """The cues by their first character. Those of a character are made when a message first has it.

    There are thousands, and a message needs some dozens: to make all would double the time of loading.
    """

    def __init__(self, written: dict[str, list[Any]], concepts: Sequence[str]) -> None:
        super().__init__()
        self._written = written
        self._concepts = concepts

    def __missing__(self, first: str) -> tuple[Cue, ...]:
        row = self._written.get(first, [])
        made = tuple(
            Cue(tuple(row[at].split("…")), self._concepts[row[at + 1]], bool(row[at + 2]))
            for at in range(0, len(row), 3)
        )
        self[first] = made
        return made


def lexicon_from_file(path: Path = FILE) -> Lexicon:
    """The lexicon; some milliseconds, so once a process, and only where a message is read."""
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    varieties: dict[str, list[tuple[str, str]]] = {}
    for said, known in document["varieties"]:
        varieties.setdefault(said[0], []).append((said, known))
    return Lexicon(
        varieties={first: tuple(words) for first, words in varieties.items()},
        cues=_Cues(document["cues"], document["concepts"]),
        together=tuple(
            Together(name, tuple(alls), tuple(none), near) for name, alls, none, near in document["together"]
        ),
        points=document["points"],
        lights=Lights(**{name: re.compile(written) for name, written in document["lights"].items()}),
        alarms=frozenset(document["alarms"]),
        learned=document["learned"],
        persons=tuple(document["persons"]),
    )
