"""WebM and Ogg: what browsers and telephones write while somebody speaks, and so may break off."""

from struct import unpack_from

from chalicelib.domain.content.kinds import refused

EBML, SEGMENT = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"
BEGINNING = 64 * 1024
SEEN = (b"V_VP8", b"V_VP9", b"V_AV1", b"V_MPEG4/ISO/AVC")
HEARD = (b"A_OPUS", b"A_VORBIS", b"A_PCM", b"A_AAC")
PAGE = 27
"""Bytes of the head of a page, the number of its pieces last."""


def is_seen(data: bytes) -> bool:
    """Whether a WebM has something to see; FileRefusedError for one with nothing to see or hear.

    The segment follows its head at once: what only begins as one is not taken.
    """
    length, size = _number(data, len(EBML))
    head = len(EBML) + length + size
    if data[head : head + len(SEGMENT)] != SEGMENT:
        raise refused("file_broken")
    tracks = data[head : head + BEGINNING]
    if any(codec in tracks for codec in SEEN):
        return True
    if not any(codec in tracks for codec in HEARD):
        raise refused("file_broken")
    return False


def _number(data: bytes, at: int) -> tuple[int, int]:
    """The bytes that a length takes, and the length: as many zeros lead as bytes follow."""
    first = data[at] if at < len(data) else 0
    length = 9 - first.bit_length()
    if length > 8 or at + length > len(data):
        raise refused("file_broken")
    value = int.from_bytes(data[at : at + length], "big")
    return length, value & ((1 << 7 * length) - 1)


def whole_pages(data: bytes) -> bytes:
    """An Ogg up to its last whole page; FileRefusedError if it has none with sound behind its heads.

    What stands behind, and the page at which it broke off, are left out.
    """
    at, sound = 0, False
    while data[at : at + 4] == b"OggS" and at + PAGE <= len(data):
        count = data[at + PAGE - 1]
        body = at + PAGE + count
        end = body + sum(data[at + PAGE : body])
        if body > len(data) or end > len(data):
            break
        sound = sound or int(unpack_from("<q", data, at + 6)[0]) > 0
        at = end
    if not sound:
        raise refused("file_broken")
    return data[:at]
