"""A machine's report: what is beside the words of it never keeps it from being registered (A1, A6).

A telephone system reports what it knows: `anonymous` for a caller's number, a time by a clock that is fast.
Nobody sits there who could mend a field, so the report is taken without it, and the answer says so.
"""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec
from chalice.app import Request
from msgspec import Struct

from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Channel
from chalicelib.domain.case.form_fields import LONG
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.intake.new_case import NewCase
from chalicelib.domain.texts import LOST, checked_text, quoted, with_gaps
from chalicelib.http.bodies import decoded_body
from chalicelib.http.report_body import with_contacts
from chalicelib.http.requests import json_object, once, read
from chalicelib.services.desk import Desk
from chalicelib.services.intake.register import check

OF_MACHINES = Channel.HOTLINE_IVR
"""The way by which a machine's report came that names none known here."""
LEADS_ON = ("matter", "phone", "unit", "name", "email", "recording")
"""What of a call without words says what it is about, or can be called back, or heard (A1)."""
_HALF = re.compile(r"[\ud800-\udfff]")
LONGEST_INTEGER = 18
"""Digits of a whole number that every writer of JSON can write again."""


class Number(Struct, frozen=True):
    """A number that no field can hold, as it was written: `1e400`, `NaN`."""

    written: str


class MachineReport(Struct, frozen=True):
    """A report as it can be registered, and what was left out of it (`field: value`)."""

    new: NewCase
    left_out: tuple[str, ...] = ()


def machine_values(request: Request, *, each_once: bool = False) -> dict[str, Any]:
    """The body of a machine as a JSON object, though its values are careless.

    InvalidInputError for what is none at all; for a name that stands twice, too, where each has to stand
    `each_once`.
    """
    try:
        return json_object(request)
    except InvalidInputError:
        try:
            value = _whole(
                json.loads(
                    decoded_body(request),
                    strict=False,
                    object_pairs_hook=_each_once if each_once else _told_apart,
                    parse_constant=Number,
                    parse_float=_number,
                    parse_int=lambda digits: (
                        int(digits) if len(digits) <= LONGEST_INTEGER else Number(digits)
                    ),
                )
            )
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise
        return value


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object; InvalidInputError for a name that stands twice in it."""
    once(pairs)
    return dict(pairs)


def _told_apart(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object, of a name that stands twice the last; what stood there before is left out by name."""
    found: dict[str, Any] = {}
    for place, (name, value) in enumerate(pairs):
        if name in found:
            found[f"{name} (before {place})"] = found[name]
        found[name] = value
    return found


def _number(written: str) -> float | Number:
    number = float(written)
    return number if math.isfinite(number) else Number(written)


def _whole(value: Any) -> Any:
    """The value with a mark for every half of a surrogate pair: no text can be stored with one."""
    if isinstance(value, str):
        return _HALF.sub(LOST, value)
    if isinstance(value, list):
        return [_whole(entry) for entry in value]
    if isinstance(value, dict):
        return {_whole(name): _whole(entry) for name, entry in value.items()}
    return value


def machine_report(desk: Desk, context: Context, actor: Actor, values: Mapping[str, Any]) -> MachineReport:
    """The report in the body of a machine's request; InvalidInputError where it says nothing at all.

    A contact in the future is one just now: the machine's clock is fast. Words with a character that was
    lost are taken with a gap in its place, and those that are too long go on in the course of events.
    """
    country, only = context.community.country, context.community.countries_written_to

    def sound(given: Mapping[str, Any]) -> NewCase:
        new = with_contacts(read(given, NewCase), country, only)
        check(desk, context, actor, new)
        return new

    try:
        return MachineReport(sound(values))
    except InvalidInputError:
        core, left_out = _core(values)
        new, core = _begun(core, values, sound)
    taken = dict(core)
    for name, value in _in_order(values):
        if name in {"text", "channel"} or name in core:
            continue
        try:
            new = sound({**taken, name: value})
            taken[name] = value
        except InvalidInputError:
            left_out.append(shown(name, value))
            if name == "contacted_at" and _is_ahead(value, desk.now()):
                taken[name] = desk.now().isoformat()
                new = sound(taken)
    return MachineReport(new, tuple(left_out))


def _begun(
    core: dict[str, Any], values: Mapping[str, Any], sound: Callable[[Mapping[str, Any]], NewCase]
) -> tuple[NewCase, dict[str, Any]]:
    """The report with its words alone, or with whom a silent call leads to."""
    try:
        return sound(core), core
    except InvalidInputError as refused:
        if "text" in core:
            raise
        for name in LEADS_ON:
            if name in values:
                with suppress(InvalidInputError):
                    found = {**core, name: values[name]}
                    return sound(found), found
        raise refused


def _core(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Words and channel of the report as they are stored, and what was left out."""
    core: dict[str, Any] = {}
    left_out = []
    said = values.get("text")
    whole = with_gaps(said) if isinstance(said, str) else ""
    if _is_visible(whole):
        core["text"] = whole[:LONG]
    if len(whole) > LONG and values.get("course_of_events") is None:
        core["course_of_events"] = whole[LONG : 2 * LONG]
    if said is not None and said != core.get("text"):
        left_out.append(shown("text", said))
    if "channel" in values:
        known = values["channel"] in set(Channel) if isinstance(values["channel"], str) else False
        core["channel"] = values["channel"] if known else OF_MACHINES
        left_out += [] if known else [shown("channel", values["channel"])]
    return core, left_out


def _is_visible(said: str) -> bool:
    try:
        return bool(checked_text("text", said[:LONG], LONG))
    except InvalidInputError:
        return False


def _in_order(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The fields in an order in which none depends on a later one; then what is no field."""
    known = [name for name in NewCase.__struct_fields__ if name in values]
    yield from ((name, values[name]) for name in known)
    yield from ((name, value) for name, value in values.items() if name not in known)


def shown(name: str, value: Any) -> str:
    """A field that could not be taken, as the desk reads it."""
    value = value.written if isinstance(value, Number) else value
    said = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return quoted(name, said)


def _is_ahead(value: Any, now: datetime) -> bool:
    """Whether a time could be read, and has not come yet."""
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return at.tzinfo is not None and at > now
