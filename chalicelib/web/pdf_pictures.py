"""Pictures as they are put on paper (A3, E6): of a size that a printer uses, and no larger."""

import io
import logging
from typing import TYPE_CHECKING

from msgspec import Struct

from chalicelib.domain.content.kinds import MOST_UNPACKED

if TYPE_CHECKING:
    from PIL.Image import Image

log = logging.getLogger(__name__)

MOST_SIDE = 1000
"""So many points of the longer side reach paper: more than 200 an inch there, and quick to unpack (ours)."""
QUALITY = 80
FORMATS = ("JPEG", "PNG", "WEBP")
"""What is opened at all: other formats of the library are no files of cases."""


class Picture(Struct, frozen=True):
    """A picture for paper: a JPEG, and how many points it has."""

    jpeg: bytes
    width: int
    height: int


def picture_for_paper(data: bytes) -> Picture | None:
    """The picture of a file; None where it cannot be read, or has too many points."""
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            longer = max(opened.size)
            wanted = (MOST_SIDE * opened.width // longer, MOST_SIDE * opened.height // longer)
            opened.draft("RGB", wanted)  # a JPEG is unpacked hardly larger than it is needed
            if opened.width * opened.height > MOST_UNPACKED:
                return None
            turned = ImageOps.exif_transpose(opened)
            turned.thumbnail((MOST_SIDE, MOST_SIDE))
            written = io.BytesIO()
            _opaque(turned).save(written, "JPEG", quality=QUALITY)
            return Picture(written.getvalue(), turned.width, turned.height)
    except Exception:  # whatever a broken or hostile file makes the library raise: the paper names it
        log.warning("picture_not_printed", exc_info=True)
        return None


def _opaque(picture: "Image") -> "Image":
    """The picture without what is behind it: white is, as paper."""
    from PIL.Image import new

    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        paper = new("RGBA", clear.size, "white")
        paper.alpha_composite(clear)
        return paper.convert("RGB")
    return picture.convert("RGB")
