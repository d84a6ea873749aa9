"""Which flat or shop is meant, however it is written: 3-1201室, ３－１２０１, 03栋1201 are one (A5, E8)."""

import re
import unicodedata

from chalicelib.domain.community.community import Community
from chalicelib.domain.simplified import simplified

DIGITS = {digit: str(value) for value, digit in enumerate("零一二三四五六七八九")} | {"〇": "0", "两": "2"}
NUMERAL = "零〇一二两三四五六七八九十"
COUNTED = re.compile(f"([{NUMERAL}]{{1,4}})(?=[号栋幢座楼期层门室]|单元)")
"""A building, entrance, floor or room counted in words: 三栋, 十二号楼, 二门, 一二〇一室."""
ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
FLOOR = re.compile(
    r"第?(?<!\d)0*(\d{1,2}) ?(?:([楼层])|/?f\b|(?:st|nd|rd|th)? ?floor\b)|\bfloor ?0*(\d{1,2})(?!\d)"
)
"""A floor by its number; 3楼 is a building where nothing stands before it."""
NAMES_OF_PARTS = re.compile(
    r"号楼|单元|[栋幢座楼号室房层]|(?<=\d)门|第(?=\d)"
    r"|(?<![a-z])(?:building|bldg|block|blk|entrance|unit|room|rm|flat|apartment|apt|floor|no)(?![a-z])"
)
"""What a part of the number is called, which one writes and another leaves out."""
PART = re.compile(r"\d+|[^\W\d_]+")


def plain(text: str) -> str:
    """A text in half width, small letters and simplified characters."""
    return simplified(unicodedata.normalize("NFKC", text).casefold())


def counted(text: str) -> str:
    """A plain text with digits where a building or floor was counted in words: 3栋 for 三栋."""
    return COUNTED.sub(lambda found: _number(found[1]), text)


def unit_key(unit: str, community: Community) -> str:
    """What is the same for every way of writing a unit: its parts, as `3-1201`.

    Full width, dashes, blanks, the script, zeros before a number, and the words for building, entrance and
    room don't matter, nor does a floor that its room begins with. Where the `unit_pattern` of the community
    fits, its groups do: `(\\d+)-(?:\\d+-)?(\\d+)` leaves the entrance out.
    """
    written = FLOOR.sub(_floor, counted(plain(unit)))
    with_zeros = "-".join(PART.findall(NAMES_OF_PARTS.sub("-", written)))
    parts = ZEROS.sub("", with_zeros)
    if community.unit_pattern:
        ways = (re.fullmatch(community.unit_pattern, way) for way in (parts, with_zeros))
        if fits := next(filter(None, ways), None):
            parts = ZEROS.sub("", "-".join(group for group in fits.groups() if group))
    return parts or plain(unit).strip()


def _floor(said: re.Match[str]) -> str:
    """Nothing for a floor that the number of the room says again; else the floor as it is."""
    floor = said[1] or said[3]
    room = re.match(r"\D*0*(\d+)", said.string[said.end() :])
    again = room is not None and room[1][:-2] == floor
    is_building = said[2] == "楼" and not PART.search(NAMES_OF_PARTS.sub("", said.string[: said.start()]))
    return "-" if again and not is_building else said[0]


def _number(words: str) -> str:
    """12 for 十二; each digit by itself where there is no ten."""
    tens, ten, ones = words.partition("十")
    if not ten:
        return "".join(DIGITS[digit] for digit in words)
    return f"{DIGITS.get(tens[-1:], '1')}{DIGITS.get(ones[:1], '0')}"
