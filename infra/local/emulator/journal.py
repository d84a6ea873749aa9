"""Writes down what was written into the tables before its writer gets an answer.

The whole state is saved every few seconds. What came after the last save stands here, one line for each
call, and is done again at the next start: so what was answered survives `kill -9`. Nothing is forced onto
the disk: a power cut may still take the last seconds.
"""

import contextlib
import contextvars
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Entry = list[Any]
"""Table, name of the change, the item afterwards or the key of what is gone, and whether it is there."""


class Journal:
    """The files of a journal in the folder of the state; each begins when a state is taken."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writing = threading.Lock()
        self._entries: contextvars.ContextVar[list[Entry] | None] = contextvars.ContextVar(
            "entries", default=None
        )
        self._replaying = False
        self._number = max((_number(path) for path in self._files()), default=0)
        self._file = self._begun()

    def turn(self) -> int:
        """Begins a new file; the number of the last, all of which is in a state that is taken from now on."""
        with self._writing:
            last = self._number
            os.close(self._file)
            self._file = self._begun()
        return last

    def forget(self, last: int) -> None:
        """Takes the files up to one away: the state with their changes is saved."""
        for path in self._files():
            if _number(path) <= last:
                path.unlink()

    def watch(self, dynamodb: Any) -> None:
        """Write down every change of an item; do them again after the tables were loaded."""
        handle, emit, load = (
            dynamodb.handle_request,
            dynamodb._emit_stream_event,
            dynamodb.load_persisted_state,
        )

        async def handle_request(*asked: Any) -> Any:
            entries: list[Entry] = []
            before = self._entries.set(entries)
            try:
                return await handle(*asked)
            finally:
                self._entries.reset(before)
                self._write(entries)

        def emit_stream_event(table: str, change: str, old: Any, new: Any, *more: Any, **named: Any) -> None:
            if not self._replaying:
                entry = [table, change, _key(dynamodb, table, old) if new is None else new, new is not None]
                entries = self._entries.get()
                if entries is None:
                    self._write([entry])  # of a call by nobody, such as the end of a row's life
                else:
                    entries.append(entry)
            emit(table, change, old, new, *more, **named)

        def load_and_replay(data: Any) -> Any:
            loaded = load(data)
            self._replaying = True
            for entry in self._read():
                _do_again(dynamodb, *entry)
            self._replaying = False
            return loaded

        dynamodb.handle_request = handle_request
        dynamodb._emit_stream_event = emit_stream_event
        dynamodb.load_persisted_state = load_and_replay

    def _write(self, entries: list[Entry]) -> None:
        """One call is one line: a transaction is there as a whole or not at all."""
        if entries:
            line = json.dumps(entries).encode() + b"\n"
            with self._writing:
                os.write(self._file, line)

    def _read(self) -> Iterator[Entry]:
        for path in sorted(self._files(), key=_number):
            for line in path.read_bytes().splitlines():
                with contextlib.suppress(ValueError):  # cut off by the kill, so nobody had an answer
                    yield from json.loads(line)

    def _files(self) -> list[Path]:
        return list(self._folder.glob("writes-*.jsonl"))

    def _begun(self) -> int:
        self._number += 1
        path = self._folder / f"writes-{self._number}.jsonl"
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def _number(path: Path) -> int:
    return int(path.stem.partition("-")[2])


def _key(dynamodb: Any, table: str, item: Any) -> Any:
    names = dynamodb._tables[table]
    return {name: item[name] for name in (names["pk_name"], names["sk_name"]) if name}


def _do_again(dynamodb: Any, name: str, change: str, item: Any, is_there: bool) -> None:
    """Puts the item as it was, or takes it away; the stream is told too."""
    table = dynamodb._tables.get(name)
    if table is None:
        return  # a table that was taken away since
    hash_key = dynamodb._extract_key_val(item[table["pk_name"]])
    range_key = dynamodb._extract_key_val(item[table["sk_name"]]) if table["sk_name"] else "__no_sort__"
    old = table["items"].get(hash_key, {}).get(range_key)
    if is_there:
        dynamodb._set_item(table, hash_key, range_key, item)
    else:
        dynamodb._remove_item(table, hash_key, range_key)
    if is_there or old is not None:
        dynamodb._emit_stream_event(name, change, old, item if is_there else None)
