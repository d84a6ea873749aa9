"""What the annotations of a value's fields say besides their types.

`Annotated[str, Meta(extra={"longest": 100})]`: a library of values reads the type, we read the mark.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_args

from msgspec import Meta
from msgspec.structs import fields


@cache
def marks_of(kind: Any) -> Mapping[str, Mapping[str, Any]]:
    """The marks of each field of a kind of value, by the field's name.

    `marks_of(NoteForm) == {"note": {"longest": 2000}}`; a field without marks has an empty mapping.
    """
    return {field.name: dict(_marks(field.type)) for field in fields(kind)}


def _marks(annotation: Any) -> Iterator[tuple[str, Any]]:
    for mark in getattr(annotation, "__metadata__", ()):
        if isinstance(mark, Meta):
            yield from (mark.extra or {}).items()
    for part in get_args(annotation):
        yield from _marks(part)
