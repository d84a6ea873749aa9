"""Which flat or shop is meant, however it is written: 3-1201室, ３－１２０１ and 3栋1201 are one (A5, E8)."""

import re
import unicodedata

from chalicelib.domain.community.community import Community

DIGITS = {digit: str(value) for value, digit in enumerate("零一二三四五六七八九")} | {"〇": "0", "两": "2"}
COUNTED = re.compile("([零〇一二两三四五六七八九十]{1,3})(?=号|栋|幢|座|楼|单元|期|层|棟|樓|號|單元)")
"""A building or entrance counted in words: 三栋, 十二号楼."""
NAMES_OF_PARTS = re.compile(
    "号楼|號樓|单元|單元|[栋幢座楼号室房层棟樓號層]"
    r"|\b(?:building|bldg|block|blk|unit|room|rm|flat|apartment|apt|floor|no)\b"
)
"""What a part of the number is called, which one writes and another leaves out."""
PART = re.compile(r"\d+|[^\W\d_]+")


def unit_key(unit: str, community: Community) -> str:
    """What is the same for every way of writing a unit: its parts, as `3-1201`.

    Full width, dashes, blanks and the words for building, entrance and room don't matter. Where the
    `unit_pattern` of the community fits, its groups do: `(\\d+)-(?:\\d+-)?(\\d+)` leaves the entrance out.
    """
    plain = unicodedata.normalize("NFKC", unit).casefold()
    counted = COUNTED.sub(lambda found: _number(found[1]), plain)
    parts = "-".join(PART.findall(NAMES_OF_PARTS.sub("-", counted)))
    fits = re.fullmatch(community.unit_pattern, parts) if community.unit_pattern else None
    if fits is not None:
        parts = "-".join(group for group in fits.groups() if group)
    return parts or plain.strip()


def _number(words: str) -> str:
    """12 for 十二; each digit by itself where there is no ten."""
    tens, ten, ones = words.partition("十")
    if not ten:
        return "".join(DIGITS[digit] for digit in words)
    return f"{DIGITS.get(tens[-1:], '1')}{DIGITS.get(ones[:1], '0')}"
