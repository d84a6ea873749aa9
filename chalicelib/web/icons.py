"""Icons of the pages: drawn into the page itself, so that none is asked for and none can be missing."""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup

SPRITE = Path(__file__).parent / "static" / "icons.svg"
"""One `<symbol>` each, of Lucide; its licence stands in the file."""

DRAWN = '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>'


def icon(name: str) -> "Markup":
    """The icon of that name, for templates. It stands beside a word: readers of the screen skip it."""
    from markupsafe import Markup

    return Markup(DRAWN.format(icons()[name]))  # noqa: S704 - a file of ours


@cache
def icons() -> dict[str, str]:
    """The lines of every icon by its name."""
    return dict(re.findall(r'<symbol id="([a-z-]+)">(.*?)</symbol>', SPRITE.read_text(encoding="utf-8")))
