"""Chinese dates on a page as one piece each: no line ends within 12月1日 or （周二）."""

import re

JOINT = "\u2060"
"""Takes no room; no line breaks there."""

_DAY = re.compile(r"月([0-9]{1,2})日(?:（([周週]))?(?=[^<>]*<(?!/textarea))")
"""What follows the month's number where it is read: in no attribute, and not in what somebody types."""


def with_whole_dates(page: str) -> str:
    """The page with the parts of each date joined: no line ends within one."""
    return _DAY.sub(_joined, page)


def _joined(day: re.Match[str]) -> str:
    said = f"{JOINT}月{JOINT}{day[1]}{JOINT}日"
    return f"{said}（{day[2]}{JOINT}" if day[2] else said
