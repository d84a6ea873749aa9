"""The photos of stewards: small, stripped, in the bucket beside the files of cases (B2)."""

import hashlib

from chalicelib.domain.content.kinds import Sort
from chalicelib.domain.errors import InvalidInputError
from chalicelib.services.desk import Desk
from chalicelib.services.files.shelf import KEPT, folder_of_steward, kind_of
from chalicelib.services.files.showing import ADDRESS_SECONDS

MOST_KB = 300
"""A resident loads it over a telephone with each look (ours); nothing here makes pictures smaller."""


def keep_photo(desk: Desk, community: str, username: str, data: bytes) -> str:
    """Keep a photo; the name under which it is kept, the same for the same photo.

    FileRefusedError for what is no picture, InvalidInputError for one that is too large, or that browsers do
    not show.
    """
    from chalicelib.domain.content.checking import checked  # hardly any call has a photo

    content = checked(data)
    if content.kind.sort is not Sort.PICTURE or not content.kind.shown:
        raise InvalidInputError("Choose a photo as JPEG, PNG or WebP.", "photo_kind")
    if len(content.data) > MOST_KB * 1024:
        raise InvalidInputError(
            f"The photo is too large; choose one of {MOST_KB} KB at most.", "photo_large", most=MOST_KB
        )
    folder, digest = folder_of_steward(desk, community, username), hashlib.sha256(content.data).hexdigest()
    name = f"{folder}/{digest[:16]}.{content.kind.ending}"
    desk.files.put(KEPT + name, content.data, content.kind.type)
    return name


def photo_address(desk: Desk, name: str | None) -> str:
    """Where a photo is had for some minutes; empty without one."""
    kind = kind_of(name) if name else None
    return "" if kind is None else desk.files.address(f"{KEPT}{name}", kind.type, None, ADDRESS_SECONDS)


def erase_photo(desk: Desk, name: str) -> None:
    """Delete a photo for good."""
    desk.files.erase([KEPT + name])
