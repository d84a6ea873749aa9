"""Which encoding the bytes of a table are in, where nothing says so (E9).

Almost any text in Big5 can be read as GB 18030 too, and comes out as other characters. Of two readings that
one is right whose characters are the common ones: the first level of each standard has those that people
write, and what is read wrongly falls beside it.
"""

from collections.abc import Mapping

MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
"""What a file begins with that says its encoding."""

LOOKED_AT = 4000
"""So many characters are enough to tell."""

COMMON: Mapping[str, tuple[tuple[bytes, bytes], ...]] = {
    "gb18030": ((b"\xa1\xa1", b"\xa3\xfe"), (b"\xb0\xa1", b"\xd7\xf9")),
    "big5hkscs": ((b"\xa1\x40", b"\xa3\x7e"), (b"\xa4\x40", b"\xc6\x7e")),
}
"""The signs and the first level of Han characters of each standard, from and to; the likelier first."""


def decoded(data: bytes) -> str | None:
    """The text of some bytes in UTF-8, UTF-16, GBK or Big5; None where they are in none of these."""
    marked = next((name for mark, name in MARKS.items() if data.startswith(mark)), None)
    if marked is not None:
        return _read(data, marked)
    text = _read(data, "utf-8")
    if text is not None:
        return text
    readings = [(found, name) for name in COMMON if (found := _read(data, name)) is not None]
    return max(readings, key=lambda reading: _share(*reading), default=(None, ""))[0]


def _read(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _share(text: str, encoding: str) -> float:
    """The share of common characters among those beyond ASCII."""
    beyond = [letter.encode(encoding) for letter in text if not letter.isascii()][:LOOKED_AT]
    common = sum(
        any(first <= letter <= last and _is_trail(letter, encoding) for first, last in COMMON[encoding])
        for letter in beyond
    )
    return common / max(len(beyond), 1)


def _is_trail(letter: bytes, encoding: str) -> bool:
    """Whether the second byte is one of the standard's plane: GB 2312 has none below A1."""
    return len(letter) == 2 and (encoding != "gb18030" or letter[1] >= 0xA1)
