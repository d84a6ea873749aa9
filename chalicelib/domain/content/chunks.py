"""PNG, WebP and WAV: files of named chunks, of which only those that make the picture or sound are kept."""

import zlib
from collections.abc import Iterator
from struct import pack, unpack_from

from chalicelib.domain.content.kinds import MOST_UNPACKED, refused

PNG = b"\x89PNG\r\n\x1a\n"
OF_A_PNG = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs acTL fcTL fdAT cICP".split()
)
OF_A_WEBP = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
OF_A_WAV = frozenset({b"fmt ", b"data", b"fact"})
UNTOLD = 0x7FFF0000
"""From here on, or with 0, a recording was sent on while somebody spoke, and nobody knew its length yet."""
EXIF_AND_XMP = 0x08 | 0x04
"""The flags by which a WebP says that it has them."""


def stripped_png(data: bytes) -> bytes:
    """The picture without Exif, texts, times and what follows its end; FileRefusedError if it breaks off."""
    kept, at = [PNG], len(PNG)
    while at + 12 <= len(data):
        length, name = unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data) or zlib.crc32(data[at + 4 : end - 4]) != unpack_from(">I", data, end - 4)[0]:
            break
        if name == b"IHDR" and length >= 8:
            _check_points(*unpack_from(">II", data, at + 8))
        if name in OF_A_PNG:
            kept.append(data[at:end])
        if name == b"IEND" and len(kept) > 3:
            return b"".join(kept)
        at = end
    raise refused("file_broken")


def stripped_webp(data: bytes) -> bytes:
    """The picture without Exif and XMP; FileRefusedError if it breaks off."""
    kept = []
    for name, body in _chunks(data):
        _check_points(*_size_of(name, body))
        if name == b"VP8X" and len(body) >= 10:
            kept.append((name, bytes([body[0] & ~EXIF_AND_XMP]) + body[1:]))
        elif name in OF_A_WEBP:
            kept.append((name, body))
    if not any(name in {b"VP8 ", b"VP8L", b"ANMF"} for name, _ in kept):
        raise refused("file_broken")
    return _riff(b"WEBP", kept)


def _size_of(name: bytes, body: bytes) -> tuple[int, int]:
    """Width and height that a chunk of a WebP gives its picture; none of other chunks."""
    if name == b"VP8X" and len(body) >= 10:
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if name == b"VP8L" and len(body) >= 5:
        packed = int.from_bytes(body[1:5], "little")
        return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    if name == b"VP8 " and len(body) >= 10:
        width, height = unpack_from("<HH", body, 6)
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0


def _check_points(width: int, height: int) -> None:
    """FileRefusedError for a picture of so many points that it fills a memory."""
    if width * height > MOST_UNPACKED:
        raise refused("file_pixels")


def stripped_wav(data: bytes) -> bytes:
    """The sound without its list of words; FileRefusedError if it breaks off."""
    kept = [(name, body) for name, body in _chunks(data) if name in OF_A_WAV]
    if {b"fmt ", b"data"} - {name for name, _ in kept}:
        raise refused("file_broken")
    return _riff(b"WAVE", kept)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks in their order. One that was written before its length was known runs to the end."""
    at, told = 12, int(unpack_from("<I", data, 4)[0])
    whole = len(data) if _is_untold(told) else 8 + told
    if whole > len(data) + 1:  # some leave the last filling byte out
        raise refused("file_broken")
    while at + 8 <= whole:
        name, length = unpack_from("<4sI", data, at)
        if name == b"data" and _is_untold(told) and _is_untold(length):
            length = len(data) - at - 8
        if at + 8 + length > len(data):
            raise refused("file_broken")
        yield bytes(name), data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _is_untold(length: int) -> bool:
    return length == 0 or length >= UNTOLD


def _riff(form: bytes, chunks: list[tuple[bytes, bytes]]) -> bytes:
    parts = (name + pack("<I", len(body)) + body + b"\0" * (len(body) % 2) for name, body in chunks)
    body = form + b"".join(parts)
    return b"RIFF" + pack("<I", len(body)) + body
