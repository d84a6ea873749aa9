"""The stored form of the domain's values: JSON, deflated where it is long.

msgspec writes and reads the JSON; instants are text that sorts by time.
"""

import logging
import re
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from typing import Any, TypeVar

import msgspec
from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.events import EVENT_TYPES, Event, Newer, Payload, Registered
from chalicelib.domain.community.roles import Actor

log = logging.getLogger(__name__)

Value = TypeVar("Value")

PLAIN_UNTIL = 512
"""Longer documents are deflated, to a fifth or so: capacity is billed by the KB, in transactions twice."""
DEFLATED = b"\x78"
"""What a zlib stream begins with; no JSON document does."""
OLD_LEDGER = b'"ledger":['
"""In an event of a release before November 2026 each deadline has this field; quotes in people's words are
escaped."""


def stored(value: Any) -> bytes:
    """A value as the bytes of a `data` attribute."""
    document = msgspec.json.encode(value)
    return document if len(document) <= PLAIN_UNTIL else zlib.compress(document)


def read(data: bytes, kind: type[Value]) -> Value:
    """The value of a `data` attribute."""
    return msgspec.json.decode(zlib.decompress(data) if data.startswith(DEFLATED) else data, type=kind)


def stored_texts(texts: Mapping[str, str]) -> bytes:
    """Short texts by their ids, which are much alike: deflated where that is shorter."""
    document = msgspec.json.encode(texts)
    return min(document, zlib.compress(document), key=len)


def stored_case(case: Case) -> bytes:
    """The bytes of a case's row, without the fields that have their default value.

    Most of them have it. Where another release has another default, `shape_of` differs.
    """
    return stored(_said(case))


def _said(value: Any) -> dict[str, Any]:
    kind: Any = type(value)
    return {
        name: _said(held) if isinstance(held, Struct) else held
        for name, default in _defaults(kind)
        if (held := getattr(value, name)) != default
    }


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    """The fields of a value, each with its default, or NODEFAULT."""
    made = ((held, held.default_factory) for held in fields(kind))
    return tuple((held.name, held.default if make is NODEFAULT else make()) for held, make in made)


@cache
def shape_of(kind: type) -> str:
    """A fingerprint of the fields that a stored type has in this release.

    A reworded docstring of the type changes it too.

    Stored beside a value that can be made anew, it says whether that was made with these very fields.
    """
    return sha256(msgspec.json.encode(msgspec.json.schema(kind))).hexdigest()[:16]


def text(value: Any) -> str:
    """A value as JSON in a text attribute."""
    return msgspec.json.encode(value).decode()


def read_text(document: str, kind: type[Value]) -> Value:
    """The value of a text attribute."""
    return msgspec.json.decode(document, type=kind)


class StoredEvent(msgspec.Struct, frozen=True, omit_defaults=True):
    """An event whose payload is still JSON: its type says what it is read as."""

    version: int
    at: datetime
    actor: Actor
    command: str
    command_id: str
    type: str
    payload: msgspec.Raw
    form_id: str = ""


OLD_ID = re.compile("([0-9a-f]{24})~([0-9a-f]{12})")
"""A command's id and its form's as one text: so they were stored until 0.2.0."""


def stored_event(event: Event) -> bytes:
    """An event as the bytes of its row."""
    payload = msgspec.Raw(msgspec.json.encode(event.payload))
    given = event.command, event.command_id
    return stored(
        StoredEvent(event.version, event.at, event.actor, *given, event.type, payload, event.form_id)
    )


def read_event(data: bytes) -> Event:
    """The event of a row; of one that a newer release has written, only that there is something."""
    row = read(data, StoredEvent)
    payload = _known(bytes(row.payload), row.type)
    old = OLD_ID.fullmatch(row.command_id)
    ids = old.groups() if old else (row.command_id, row.form_id)
    return Event(row.version, row.at, row.actor, row.command, ids[0], payload, ids[1])


def _known(document: bytes, name: str) -> Payload:
    """The payload, or that it is newer: by its kind, or by a value that this release does not have.

    Of a registration nothing can be left out: without it there is no case.
    """
    kind = EVENT_TYPES.get(name)
    if kind is None:
        return Newer(name)
    try:
        return _payload(document, kind)
    except msgspec.ValidationError:
        if kind is Registered:
            raise
        log.warning("event_not_understood", extra={"type": name})
        return Newer(name)


def _payload(document: bytes, kind: type[Payload]) -> Payload:
    if OLD_LEDGER not in document:
        return msgspec.json.decode(document, type=kind)
    fields = msgspec.json.decode(document)
    fields["deadlines"] = [_today(deadline) for deadline in fields["deadlines"]]
    return msgspec.convert(fields, kind)


def _today(deadline: Any) -> Any:
    """The fields of a deadline as they are today, from those of an old one."""
    from chalicelib.domain.deadlines.old_ledgers import OldDeadline, as_deadline  # few events need it

    return msgspec.to_builtins(as_deadline(msgspec.convert(deadline, OldDeadline)))


def instant(at: datetime) -> str:
    """An instant as text of one length: it sorts as time does."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_instant(stored_at: str) -> datetime:
    """The instant that a text stands for."""
    return datetime.strptime(stored_at, "%Y-%m-%dT%H:%M:%S.%f%z")
