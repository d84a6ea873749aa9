"""Dates, hours and numbers of a page, each in one piece; dots stay with their words."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup

JOINT, FIRM_SPACE = "\u2060", "\u00a0"
"""The first takes no room, the second that of a space; no line breaks at either."""

_READ = r"(?=[^<>]*<(?!/textarea))"
"""What is read follows: in no attribute, and not in what somebody types."""

_CHINESE = re.compile(rf"月([0-9]{{1,2}})日(?:(（| )([周週]))?{_READ}")
_ENGLISH = re.compile(
    r"\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?[0-9]{1,2} "
    rf"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b(?: [0-9]{{4}}\b)?{_READ}"
)
_HOURS = re.compile(rf"(?<=[0-9]:[0-9][0-9])–(?=[0-9]{{1,2}}:[0-9]{{2}}){_READ}")
"""The stroke between two times of day."""

_DOT = re.compile(rf" ·(?= ){_READ}")

_NUMBER = re.compile(r"(?<![0-9-])[0-9]{6}-[0-9]{4,}(?![0-9-])")


def with_whole_dates(page: str) -> str:
    """The page with its dates, its spans of hours and its dots kept together."""
    page = _DOT.sub(FIRM_SPACE + "·", page)
    page = _HOURS.sub("–" + JOINT, _CHINESE.sub(_joined, page))
    return _ENGLISH.sub(lambda day: day[0].replace(" ", FIRM_SPACE), page)


def _joined(day: re.Match[str]) -> str:
    said = f"{JOINT}月{JOINT}{day[1]}{JOINT}日"
    if not day[2]:
        return said
    return f"{said}{FIRM_SPACE if day[2] == ' ' else JOINT + '（'}{day[3]}{JOINT}"


def whole_numbers(sentence: str) -> "Markup":
    """The sentence; no number of a case in it breaks at a line's end."""
    from markupsafe import Markup, escape

    return Markup(_NUMBER.sub(r'<span class="day">\g<0></span>', str(escape(sentence))))  # noqa: S704 - escaped
