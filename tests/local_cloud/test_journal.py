"""What was written into a table and answered is there again after `kill -9`, without a saved state."""

import asyncio
import json
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from infra.local.emulator.journal import Journal


class Tables(SimpleNamespace):
    """The parts of the emulator's tables that the journal touches: one table, written by `handle_request`."""

    def __init__(self) -> None:
        self._tables = {"t": {"pk_name": "pk", "sk_name": None, "items": defaultdict(dict)}}
        self.streamed: list[tuple[str, Any, Any]] = []

    async def handle_request(self, *changes: tuple[str, Any]) -> int:
        for name, value in changes:
            table = self._tables["t"]
            old = table["items"].get(name, {}).get("__no_sort__")  # type: ignore[attr-defined]
            if value is None:
                self._remove_item(table, name, "__no_sort__")
                self._emit_stream_event("t", "REMOVE", old, None)
            else:
                item = {"pk": {"S": name}, "value": {"N": str(value)}}
                self._set_item(table, name, "__no_sort__", item)
                self._emit_stream_event("t", "MODIFY" if old else "INSERT", old, item)
        return 200

    def _emit_stream_event(self, _table: str, change: str, old: Any, new: Any) -> None:
        self.streamed.append((change, old, new))

    def load_persisted_state(self, data: Any) -> None:
        for name, value in data.items():
            self._set_item(self._tables["t"], name, "__no_sort__", value)

    def _extract_key_val(self, attribute: Any) -> str:
        return str(attribute["S"])

    def _set_item(self, table: Any, hash_key: str, range_key: str, item: Any) -> None:
        table["items"][hash_key][range_key] = item

    def _remove_item(self, table: Any, hash_key: str, _range_key: str) -> None:
        table["items"].pop(hash_key, None)

    def values(self) -> dict[str, int]:
        items: Any = self._tables["t"]["items"]
        return {key: int(rows["__no_sort__"]["value"]["N"]) for key, rows in items.items() if rows}


def begun(folder: Path, state: Any = None) -> tuple[Tables, Journal]:
    """The tables as they are after a start with a saved state."""
    tables, journal = Tables(), Journal(folder)
    journal.watch(tables)
    tables.load_persisted_state(state or {})
    return tables, journal


def call(tables: Tables, *changes: tuple[str, Any]) -> None:
    asyncio.run(tables.handle_request(*changes))  # type: ignore[arg-type]


def test_what_was_answered_is_there_again_and_streamed_again(tmp_path: Path) -> None:
    tables, _ = begun(tmp_path)
    call(tables, ("a", 1), ("b", 2))
    call(tables, ("a", 3))
    call(tables, ("b", None))
    again, _ = begun(tmp_path)
    assert again.values() == {"a": 3}
    assert [change for change, _, _ in again.streamed] == ["INSERT", "INSERT", "MODIFY", "REMOVE"]


def test_it_is_done_again_over_a_state_that_has_part_of_it(tmp_path: Path) -> None:
    """A kill between the save and the end of its journal: what is later wins, and nothing comes twice."""
    tables, _ = begun(tmp_path)
    call(tables, ("a", 1))
    saved = {"a": {"pk": {"S": "a"}, "value": {"N": "1"}}}
    call(tables, ("a", 2), ("c", 5))
    assert begun(tmp_path, saved)[0].values() == {"a": 2, "c": 5}


def test_a_saved_state_ends_the_journal_up_to_it_and_no_further(tmp_path: Path) -> None:
    tables, journal = begun(tmp_path)
    call(tables, ("a", 1))
    last = journal.turn()
    call(tables, ("b", 2))
    journal.forget(last)
    assert begun(tmp_path)[0].values() == {"b": 2}


def test_a_line_that_the_kill_cut_off_was_never_answered(tmp_path: Path) -> None:
    """A transaction is one line, so that no part of it is there."""
    tables, _ = begun(tmp_path)
    call(tables, ("a", 1))
    (file,) = tmp_path.glob("writes-*.jsonl")
    with file.open("a") as cut:
        cut.write(json.dumps([["t", "INSERT", {"pk": {"S": "x"}}, True]])[:-9])
    assert begun(tmp_path)[0].values() == {"a": 1}


def test_a_call_that_fails_half_way_leaves_what_it_wrote(tmp_path: Path) -> None:
    tables, _ = begun(tmp_path)
    with pytest.raises(ValueError, match="unpack"):
        call(tables, ("a", 1), "no pair")  # type: ignore[arg-type]
    assert begun(tmp_path)[0].values() == {"a": 1}
