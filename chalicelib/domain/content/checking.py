"""A file told by its bytes, without what nobody meant to hand in (A3)."""

from msgspec import Struct

from chalicelib.domain.content.boxes import brand_of, stripped_film, stripped_heic
from chalicelib.domain.content.chunks import PNG, stripped_png, stripped_wav, stripped_webp
from chalicelib.domain.content.jpeg import stripped_jpeg
from chalicelib.domain.content.kinds import KINDS, LARGEST, MOST_BYTES, FileRefusedError, Kind, refused
from chalicelib.domain.content.streams import EBML, is_seen, whole_pages

HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
SOUND_BRANDS = frozenset({b"M4A ", b"M4B "})
PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa", b"Rar!",
            b"7z", b"\x1f\x8b", b"dex\n", b"PK")  # fmt: skip
OFFICE = (b"\xd0\xcf\x11\xe0", b"{\\rtf")
BEGINNING = 4096
ID3V1, ID3V2 = 128, 10


class Content(Struct, frozen=True):
    """A file that was looked at: its kind, and its bytes as they are kept."""

    kind: Kind
    data: bytes


def checked(data: bytes) -> Content:
    """The file as it is kept; FileRefusedError says why it is not taken.

    Neither its name nor what its sender says of it counts. Bytes that mean one thing to us and another to
    somebody else (a picture with an archive behind it) come out as the picture alone.
    """
    if not data:
        raise refused("file_empty")
    if len(data) > LARGEST:
        raise refused("file_large")
    ending, kept = _told(data)
    kind = KINDS[ending]
    if len(data) > MOST_BYTES[kind.sort]:
        raise refused("file_large")
    return Content(kind, kept)


def _told(data: bytes) -> tuple[str, bytes]:
    if data[:3] == b"\xff\xd8\xff":
        return "jpg", stripped_jpeg(data)
    if data[:8] == PNG:
        return "png", stripped_png(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp", stripped_webp(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "wav", stripped_wav(data)
    if data[4:8] == b"ftyp":
        return _boxed(data)
    if data[:4] == EBML and b"webm" in data[:64]:
        return ("webm" if is_seen(data) else "weba"), data
    if data[:4] == b"OggS" and (b"OpusHead" in data[:64] or b"\x01vorbis" in data[:64]):
        return "ogg", whole_pages(data)
    if data[:6] == b"#!AMR\n" or data[:9] == b"#!AMR-WB\n":
        return "amr", data
    if data[:5] == b"%PDF-":
        if b"%%EOF" not in data[-2048:]:
            raise refused("file_broken")
        return "pdf", data
    if data[:3] == b"ID3" or (data[0] == 0xFF and len(data) > 1 and data[1] & 0xE6 == 0xE2):
        return "mp3", _stripped_mp3(data)
    raise refused(_why_unknown(data))


def _boxed(data: bytes) -> tuple[str, bytes]:
    brand = brand_of(data)
    if brand in HEIC_BRANDS:
        try:
            return "heic", stripped_heic(data)
        except FileRefusedError as error:  # whoever has it can take it once more, and it is the same
            if error.reason != "file_broken":
                raise
            raise refused("file_heic") from None
    if brand in {b"avif", b"avis", b"crx "}:
        raise refused("file_unknown")
    kept, is_seen = stripped_film(data)
    if brand in SOUND_BRANDS or not is_seen:
        return "m4a", kept
    return ("mov" if brand == b"qt  " else "mp4"), kept


def _stripped_mp3(data: bytes) -> bytes:
    """The sound without its labels before and behind it."""
    if data[:3] == b"ID3":
        if len(data) < ID3V2:
            raise refused("file_broken")
        size = 0
        for byte in data[6:10]:
            size = size << 7 | byte & 0x7F
        data = data[ID3V2 + size :].lstrip(b"\0")
    if data[-ID3V1 : -ID3V1 + 3] == b"TAG":
        data = data[:-ID3V1]
    if len(data) < 2 or data[0] != 0xFF or data[1] & 0xE0 != 0xE0:
        raise refused("file_broken")
    return data


def _why_unknown(data: bytes) -> str:
    if data.startswith(OFFICE):
        return "file_office"
    if data[:2] == b"PK" and (b"word/" in data or b"xl/" in data or b"ppt/" in data):
        return "file_office"
    if data.startswith(PROGRAMS) or data[:BEGINNING].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(
        b"<"
    ):
        return "file_program"
    return "file_unknown"
