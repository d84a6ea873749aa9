"""MP4, QuickTime, M4A and HEIC: boxes within boxes. What says place and device becomes empty boxes.

A box keeps its length, so nothing else moves and no table has to be counted anew.
"""

from collections.abc import Iterator
from struct import unpack_from

from msgspec import Struct

from chalicelib.domain.content.items import items_to_empty
from chalicelib.domain.content.kinds import MOST_PIXELS, refused

AT_TOP = frozenset(b"ftyp styp moov moof mdat free skip wide sidx ssix mfra pdin pnot".split())
"""What a film needs at its top; all else is emptied, and so is what somebody has hidden there."""
OF_WORDS = frozenset({b"udta", b"meta", b"uuid"})
"""Boxes in which cameras say where, when and with what: place, device, XMP."""
SEEN_OR_HEARD = frozenset({b"vide", b"soun"})
MORE_SIZE, TO_THE_END = 1, 0


class Box(Struct, frozen=True):
    """A box: its name, where it begins, where its body does, and where it ends."""

    name: bytes
    start: int
    body: int
    end: int


def boxes(data: bytes | bytearray, start: int, end: int) -> Iterator[Box]:
    """The boxes of a part of a file, in order; FileRefusedError for one that is not whole."""
    at = start
    while at < end:
        if at + 8 > end:
            raise refused("file_broken")
        size, name = unpack_from(">I4s", data, at)
        body = at + 8
        if size == MORE_SIZE:
            if at + 16 > end:
                raise refused("file_broken")
            size, body = int(unpack_from(">Q", data, at + 8)[0]), at + 16
        elif size == TO_THE_END:
            size = end - at
        if size < body - at or at + size > end:
            raise refused("file_broken")
        yield Box(bytes(name), at, body, at + size)
        at += size


def brand_of(data: bytes) -> bytes:
    """What the file says that it is: the brand of its first box."""
    return bytes(data[8:12])


def stripped_film(data: bytes) -> tuple[bytes, bool]:
    """A film or recording without place and device, and whether something can be seen.

    Emptied are user data, metadata, XMP, tracks of measurements, and what does not belong at its top.
    FileRefusedError for one that breaks off, or has nothing to see or hear.
    """
    emptied, found = bytearray(data), set()
    for box in boxes(data, 0, len(data)):
        if box.name not in AT_TOP:
            _empty(emptied, box)
        if box.name in {b"moov", b"moof"}:
            for part in boxes(data, box.body, box.end):
                if part.name in OF_WORDS:
                    _empty(emptied, part)
                elif part.name == b"trak":
                    found.add(_track(data, emptied, part))
    if not found & SEEN_OR_HEARD:
        raise refused("file_broken")
    return bytes(emptied), b"vide" in found


def _track(data: bytes, emptied: bytearray, track: Box) -> bytes:
    """What a track is for; one of measurements (place, movement) is emptied, any other loses its words."""
    handler = b""
    for part in boxes(data, track.body, track.end):
        if part.name in OF_WORDS:
            _empty(emptied, part)
        if part.name == b"mdia":
            inner = {box.name: box for box in boxes(data, part.body, part.end)}
            if b"hdlr" in inner:
                handler = bytes(data[inner[b"hdlr"].body + 8 : inner[b"hdlr"].body + 12])
    if handler not in SEEN_OR_HEARD:
        _empty(emptied, track)
    return handler


def _empty(data: bytearray, box: Box) -> None:
    data[box.start + 4 : box.start + 8] = b"free"
    data[box.body : box.end] = bytes(box.end - box.body)


def stripped_heic(data: bytes) -> bytes:
    """A HEIC picture whose Exif and XMP are zeros; FileRefusedError if they cannot be found for sure."""
    emptied = bytearray(data)
    top = {box.name: box for box in boxes(data, 0, len(data))}
    if b"meta" not in top:
        raise refused("file_broken")
    meta = top[b"meta"]
    inner = {box.name: box for box in boxes(data, meta.body + 4, meta.end)}  # after version and flags
    if not {b"iinf", b"iloc"} <= set(inner):
        raise refused("file_broken")
    if b"iprp" in inner:
        _check_points(data, inner[b"iprp"])
    info, places = inner[b"iinf"], inner[b"iloc"]
    idat = inner[b"idat"].body if b"idat" in inner else None
    for start, end in items_to_empty(data[info.body : info.end], data[places.body : places.end], idat):
        if not 0 <= start <= end <= len(data):
            raise refused("file_broken")
        emptied[start:end] = bytes(end - start)
    for box in top.values():
        if box.name in {b"uuid", b"moov", b"udta"}:
            _empty(emptied, box)
    return bytes(emptied)


def _check_points(data: bytes, properties: Box) -> None:
    """FileRefusedError where a picture has so many points that it fills a memory."""
    for shared in boxes(data, properties.body, properties.end):
        for part in boxes(data, shared.body, shared.end) if shared.name == b"ipco" else ():
            if part.name == b"ispe" and part.end - part.body >= 12:
                width, height = unpack_from(">II", data, part.body + 4)
                if width * height > MOST_PIXELS:
                    raise refused("file_pixels")
