"""The kinds of files that are taken: how large, and served as what (A3)."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from chalicelib.domain.errors import InvalidInputError


class Sort(StrEnum):
    """What a file is to whoever looks at it."""

    PICTURE = "picture"
    VIDEO = "video"
    VOICE = "voice"
    DOCUMENT = "document"


class Kind(Struct, frozen=True):
    """A kind of file that is taken, by the `ending` that it gets from us.

    `shown`: browsers show or play it by themselves, and nothing in it can run; any other is only saved.
    """

    ending: str
    sort: Sort
    type: str
    shown: bool = True


KINDS: Mapping[str, Kind] = {
    kind.ending: kind
    for kind in (
        Kind("jpg", Sort.PICTURE, "image/jpeg"),
        Kind("png", Sort.PICTURE, "image/png"),
        Kind("webp", Sort.PICTURE, "image/webp"),
        Kind("heic", Sort.PICTURE, "image/heic", shown=False),
        Kind("mp4", Sort.VIDEO, "video/mp4"),
        Kind("mov", Sort.VIDEO, "video/quicktime"),
        Kind("webm", Sort.VIDEO, "video/webm"),
        Kind("m4a", Sort.VOICE, "audio/mp4"),
        Kind("weba", Sort.VOICE, "audio/webm"),
        Kind("mp3", Sort.VOICE, "audio/mpeg"),
        Kind("wav", Sort.VOICE, "audio/wav"),
        Kind("ogg", Sort.VOICE, "audio/ogg"),
        Kind("amr", Sort.VOICE, "audio/amr", shown=False),
        Kind("pdf", Sort.DOCUMENT, "application/pdf", shown=False),
    )
}
"""Every kind by its ending. No SVG and no HTML, in which programs can stand; no archives, no office files."""

MB = 1024 * 1024
MOST_BYTES: Mapping[Sort, int] = {
    Sort.PICTURE: 15 * MB,
    Sort.VIDEO: 100 * MB,
    Sort.VOICE: 25 * MB,
    Sort.DOCUMENT: 15 * MB,
}
"""How large a file of a sort may be (ours): a minute of video from a telephone, half an hour of speech."""
LARGEST = max(MOST_BYTES.values())

MOST_PIXELS, MOST_UNPACKED = 100_000_000, 40_000_000
"""More points fill the memory of whoever looks at a picture; PNG and WebP can only be unpacked whole."""


class FileRefusedError(InvalidInputError):
    """A file that is not taken; `reason` says why, and is what its place on the case shows."""


REFUSALS: Mapping[str, str] = {
    "file_empty": "The file is empty; choose it again.",
    "file_unknown": "This is no photo, video, voice recording or PDF; send one of these.",
    "file_program": "This is a program, a web page or an archive; send a photo, video, recording or PDF.",
    "file_office": "Office files are not taken; save it as a PDF and send that.",
    "file_broken": "The file is incomplete or broken; take or save it once more and send it again.",
    "file_large": "The file is too large: pictures and PDFs up to 15 MB, voice 25 MB, videos 100 MB.",
    "file_pixels": "The picture has over 100 million points (PNG, WebP: 40 million); send a smaller one.",
    "file_heic": "This HEIC photo cannot be read whole; save it as a JPEG and send that.",
}
"""Why a file is not taken, and what would be right."""


def refused(reason: str) -> FileRefusedError:
    """The refusal for one of the reasons."""
    return FileRefusedError(REFUSALS[reason], reason)
