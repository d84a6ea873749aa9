"""JPEG without place, device and words: only what the picture needs, and which way up it is."""

import re
from collections.abc import Iterator
from struct import pack, unpack_from

from chalicelib.domain.content.kinds import MOST_PIXELS, refused

START, END, SCAN = 0xD8, 0xD9, 0xDA
FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
SCAN_ENDS = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")
ORIENTATION = 0x0112


def stripped_jpeg(data: bytes) -> bytes:
    """The picture without Exif, XMP, IPTC, previews, comments and whatever follows its end.

    Kept are colour profile and orientation, else it lies on its side. FileRefusedError for one that breaks
    off.
    """
    kept = [data[:2]]
    for marker, part in _segments(data):
        if marker in FRAMES:
            height, width = unpack_from(">HH", part, 5) if len(part) >= 9 else (0, 0)
            if height * width > MOST_PIXELS:
                raise refused("file_pixels")
        kept.append(_kept(marker, part))
    return b"".join(kept)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, bytes) of each segment, up to the end of the picture; a scan has its data."""
    at, scanned = 2, False
    while at + 2 <= len(data):
        if data[at] != 0xFF:
            raise refused("file_broken")
        marker = data[at + 1]
        if marker == 0xFF:  # filled up
            at += 1
            continue
        if marker == END:
            if not scanned:
                break
            yield marker, data[at : at + 2]
            return
        if marker == 0x01 or 0xD0 <= marker <= 0xD7:
            yield marker, data[at : at + 2]
            at += 2
            continue
        if at + 4 > len(data):
            break
        end = at + 2 + int(unpack_from(">H", data, at + 2)[0])
        if end < at + 4 or end > len(data):
            break
        if marker == SCAN:
            found = SCAN_ENDS.search(data, end)
            if found is None:
                break
            end, scanned = found.start(), True
        yield marker, data[at:end]
        at = end
    raise refused("file_broken")


def _kept(marker: int, part: bytes) -> bytes:
    """What of a segment is kept: none of the applications' own, but for what the colours need."""
    body = part[4:]
    match marker:
        case 0xE0 if body[:5] == b"JFIF\0" and len(body) >= 14:
            return b"\xff\xe0\x00\x10" + body[:12] + b"\0\0"  # without its thumbnail
        case 0xE1 if body[:6] == b"Exif\0\0":
            return _turned(_orientation(body[6:]))
        case 0xE2 if body[:12] == b"ICC_PROFILE\0":
            return part
        case 0xEE if body[:5] == b"Adobe":
            return part
        case 0xFE | _ if marker == 0xFE or 0xE0 <= marker <= 0xEF:
            return b""
    return part


def _orientation(tiff: bytes) -> int:
    """Which way up the picture is, 1 to 8; 1 where that cannot be read."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return 1
    first = int(unpack_from(order + "I", tiff, 4)[0])
    if first + 2 > len(tiff):
        return 1
    for place in range(int(unpack_from(order + "H", tiff, first)[0])):
        at = first + 2 + 12 * place
        if at + 12 > len(tiff):
            break
        tag, _, _, value = unpack_from(order + "HHIH", tiff, at)
        if tag == ORIENTATION:
            return int(value) if 1 <= value <= 8 else 1
    return 1


def _turned(orientation: int) -> bytes:
    """Exif that says which way up the picture is, and nothing else."""
    if orientation == 1:
        return b""
    tiff = b"MM\0*\0\0\0\x08" + pack(">HHHIHHI", 1, ORIENTATION, 3, 1, orientation, 0, 0)
    return b"\xff\xe1" + pack(">H", len(tiff) + 8) + b"Exif\0\0" + tiff
