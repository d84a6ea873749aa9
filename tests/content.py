"""Files as telephones make them, small and by hand: each with a place in it that must not stay."""

import random
import zlib
from base64 import b64encode
from struct import pack

PLACE = b"31.2304N-121.4737E"
"""Where the picture was taken, in every sample that can say so."""


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + pack(">H", len(body) + 2) + body


def exif(orientation: int = 6) -> bytes:
    """Exif with an orientation and, behind its directory, a place."""
    tiff = b"II*\0\x08\0\0\0" + pack("<HHHIHHI", 1, 0x0112, 3, 1, orientation, 0, 0) + PLACE
    return segment(0xE1, b"Exif\0\0" + tiff)


def jpeg(*, orientation: int = 6, width: int = 8, height: int = 8, tail: bytes = b"") -> bytes:
    """A JPEG with Exif, XMP, IPTC, a preview, a comment; and what stands behind its end."""
    scan = segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x12\xff\x00\x34\xff\xd0\x56"
    return b"".join(
        (
            b"\xff\xd8",
            segment(0xE0, b"JFIF\0\x01\x01\0\0\x48\0\x48\x01\x01" + b"tmb"),
            exif(orientation),
            segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PLACE),
            segment(0xE2, b"ICC_PROFILE\0\x01\x01colours"),
            segment(0xE2, b"MPF\0" + PLACE),
            segment(0xED, b"Photoshop 3.0\0" + PLACE),
            segment(0xFE, PLACE),
            segment(0xDB, bytes(65)),
            segment(0xC0, b"\x08" + pack(">HH", height, width) + b"\x01\x01\x11\0"),
            scan,
            b"\xff\xd9",
            tail,
        )
    )


def chunk(name: bytes, body: bytes) -> bytes:
    return pack(">I", len(body)) + name + body + pack(">I", zlib.crc32(name + body))


def png(*, width: int = 1, height: int = 1, tail: bytes = b"") -> bytes:
    """A PNG with Exif and texts."""
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
            chunk(b"eXIf", PLACE),
            chunk(b"tEXt", b"Comment\0" + PLACE),
            chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + PLACE),
            chunk(b"tIME", b"\x07\xea\x0b\x1e\x05\x05\x05"),
            chunk(b"IDAT", zlib.compress(b"\0\0")),
            chunk(b"IEND", b""),
            tail,
        )
    )


def drawn(
    *, width: int = 120, height: int = 60, lines: int = 40, tail: bytes = b"", hand: int | None = None
) -> str:
    """A signature as the page sends it: so many lines of points have ink.

    No two signatures of people are the same, and none of these are but by one `hand`.
    """
    ink = random.getrandbits(63) if hand is None else hand
    points = b"".join(
        b"\0" + bytes(0 if row < lines and column == row % width else 255 for column in range(width))
        for row in range(height)
    )
    if lines:
        points = b"\0" + bytes(value or 1 for value in ink.to_bytes(8, "big")) + points[9:]
    picture = b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
            chunk(b"IDAT", zlib.compress(points)),
            chunk(b"IEND", b""),
            tail,
        )
    )
    return f"data:image/png;base64,{b64encode(picture).decode()}"


def riff(form: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    body = form + b"".join(
        name + pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in chunks
    )
    return b"RIFF" + pack("<I", len(body)) + body


def webp() -> bytes:
    """A WebP with Exif and XMP."""
    return riff(
        b"WEBP",
        (b"VP8X", b"\x0c" + bytes(9)),
        (b"VP8L", b"\x2f\0\0\0\0"),
        (b"EXIF", PLACE),
        (b"XMP ", PLACE),
    )


def wav() -> bytes:
    return riff(b"WAVE", (b"fmt ", bytes(16)), (b"LIST", b"INFO" + PLACE), (b"data", b"sound"))


def box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return pack(">I", len(body) + 8) + name + body


def track(handler: bytes) -> bytes:
    hdlr = box(b"hdlr", bytes(8) + handler + bytes(13))
    return box(b"trak", box(b"tkhd", bytes(84)), box(b"mdia", hdlr), box(b"udta", PLACE))


def film(brand: bytes = b"isom", handlers: tuple[bytes, ...] = (b"vide", b"soun", b"meta")) -> bytes:
    """A film with a place in its user data and metadata, and a track of measurements."""
    return b"".join(
        (
            box(b"ftyp", brand + bytes(8)),
            box(
                b"moov",
                box(b"mvhd", bytes(100)),
                *map(track, handlers),
                box(b"udta", box(b"\xa9xyz", PLACE)),
                box(b"meta", PLACE),
            ),
            box(b"uuid", bytes(16) + PLACE),
            box(b"mdat", b"frames"),
        )
    )


def heic(*, method: int = 0, lost: bool = False, side: int = 8) -> bytes:
    """A HEIC with Exif in its data, or within `meta` (`method` 1); `lost`: nobody knows where."""
    ftyp = box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")
    infe = [
        box(b"infe", b"\x02\0\0\0" + pack(">HH", number, 0) + kind + b"\0")
        for number, kind in ((1, b"hvc1"), (2, b"Exif"))
    ]
    iinf = box(b"iinf", bytes(4) + pack(">H", 2), *infe)
    idat = box(b"idat", PLACE if method else b"thumbnail")

    def meta(picture_at: int, exif_at: int) -> bytes:
        items = [(1, 0, picture_at, 5), (2, method, exif_at, len(PLACE))][: 1 if lost else 2]
        entries = b"".join(
            pack(">HHHHII", number, how, 0, 1, at, length) for number, how, at, length in items
        )
        iloc = box(b"iloc", b"\x01\0\0\0\x44\0" + pack(">H", len(items)) + entries)
        shape = box(b"iprp", box(b"ipco", box(b"ispe", bytes(4) + pack(">II", side, side))))
        return box(b"meta", bytes(4), iinf, iloc, shape, idat)

    start = len(ftyp) + len(meta(0, 0)) + 8
    whole = meta(start, 0 if method else start + 5)
    return ftyp + whole + box(b"mdat", b"image", b"" if method else PLACE)


def mp3() -> bytes:
    return (
        b"ID3\x03\0\0\0\0\0"
        + bytes((len(PLACE),))
        + PLACE
        + b"\xff\xfb\x90\x00sound"
        + b"TAG"
        + PLACE.ljust(125)
    )


def pdf() -> bytes:
    return b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def ogg_page(body: bytes, granule: int) -> bytes:
    return b"OggS\0\0" + pack("<qIII", granule, 1, 0, 0) + bytes((1, len(body))) + body


def ogg(*, tail: bytes = b"") -> bytes:
    """A voice as Firefox records it; and what stands behind its end."""
    return ogg_page(b"OpusHead" + bytes(11), 0) + ogg_page(b"sound" * 20, 960) + tail


def webm(codec: bytes = b"A_OPUS") -> bytes:
    """A voice as Chromium records it, or a film: of a length that was not known when it began."""
    head = b"\x42\x82\x84webm"
    track = b"\x16\x54\xae\x6b\x88" + codec.ljust(8, b"\0")
    return b"\x1a\x45\xdf\xa3\x87" + head + b"\x18\x53\x80\x67\x01" + b"\xff" * 7 + track + b"sound"


AMR = b"#!AMR\n" + bytes(20)
