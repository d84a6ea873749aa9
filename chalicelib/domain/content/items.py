"""Where in a HEIC picture Exif and XMP stand: the tables `iinf` and `iloc` of ISO/IEC 14496-12."""

import struct
from collections.abc import Iterator
from struct import unpack_from

from chalicelib.domain.content.kinds import refused

OF_WORDS = frozenset({b"Exif", b"mime", b"uri "})
IN_FILE, IN_IDAT = 0, 1


def items_to_empty(info: bytes, places: bytes, idat: int | None) -> Iterator[tuple[int, int]]:
    """(start, end) in the file of every item that is metadata; FileRefusedError where a table is broken.

    `info` and `places` are the bodies of the two tables; `idat` is where the data within `meta` begin.
    """
    try:
        wanted = {number for number, kind in _kinds(info) if kind in OF_WORDS}
        found = [place for place in _places(places) if place[0] in wanted]
    except (struct.error, IndexError):
        raise refused("file_broken") from None
    if wanted - {number for number, *_ in found}:
        raise refused("file_broken")
    for _, method, start, length in found:
        if method == IN_FILE and length:
            yield start, start + length
        elif method == IN_IDAT and idat is not None and length:
            yield idat + start, idat + start + length
        else:
            raise refused("file_broken")


def _kinds(info: bytes) -> Iterator[tuple[int, bytes]]:
    """(number, kind) of each item."""
    many = info[0] != 0
    count = int(unpack_from(">I" if many else ">H", info, 4)[0])
    at = 8 if many else 6
    for _ in range(count):
        size = int(unpack_from(">I", info, at)[0])
        version = info[at + 8]
        if size < 12 or version < 2:
            raise refused("file_broken")
        wide = version >= 3
        number = int(unpack_from(">I" if wide else ">H", info, at + 12)[0])
        kind = at + 12 + (4 if wide else 2) + 2
        yield number, info[kind : kind + 4]
        at += size


def _places(table: bytes) -> Iterator[tuple[int, int, int, int]]:
    """(number, method, start, length) of each extent of each item."""
    version = table[0]
    offset_size, length_size = table[4] >> 4, table[4] & 15
    base_size, index_size = table[5] >> 4, table[5] & 15 if version in {1, 2} else 0
    wide = version == 2
    count, at = _number(table, 6, 4 if wide else 2)
    for _ in range(count):
        number, at = _number(table, at, 4 if wide else 2)
        method = 0
        if version in {1, 2}:
            method, at = _number(table, at, 2)
        _, at = _number(table, at, 2)
        base, at = _number(table, at, base_size)
        extents, at = _number(table, at, 2)
        for _ in range(extents):
            _, at = _number(table, at, index_size)
            offset, at = _number(table, at, offset_size)
            length, at = _number(table, at, length_size)
            yield number, method & 15, base + offset, length


def _number(table: bytes, at: int, size: int) -> tuple[int, int]:
    """A number of so many bytes, and where the next one stands."""
    if at + size > len(table):
        raise IndexError
    return int.from_bytes(table[at : at + size], "big"), at + size
