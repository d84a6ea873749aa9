"""What a page weighs, with everything that it loads and on the wire."""

import gzip
import re

from chalicelib.web.static_files import content


def wire(text: str) -> int:
    """How many bytes a text is on the wire, as the gateway sends it."""
    return len(gzip.compress(text.encode()))


def whole(page: str) -> list[int]:
    """The bytes of a page, and of the stylesheet and each script that it loads."""
    asked_for = set(re.findall(r'(?:src|href)="[./]*static/([a-z]+\.[a-z]+)', page))
    assert "style.css" in asked_for
    return [len(page.encode()), *(len(content(name).encode()) for name in asked_for)]
