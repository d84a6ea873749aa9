"""A PDF that the bucket tells of: made, and put beside (B4, B9, E6).

A function of its own, with the memory that pictures take; the others never import what draws a PDF.
EventBridge may call it twice, late or out of order.
"""

import logging
import re
from collections.abc import Mapping
from typing import Any

from chalicelib import wiring

log = logging.getLogger(__name__)

KEY = re.compile(r"papers\.do/(([a-zA-Z0-9-]{1,24})/[0-9a-f]{32}/[0-9a-f]{16})")


def make_paper(event: Mapping[str, Any], _context: object = None) -> dict[str, bool]:
    """Make one PDF; whether there was anything to do."""
    from chalicelib.services.files.papers import make_asked
    from chalicelib.web.sheet_as_pdf import sheet_as_pdf

    fits = KEY.fullmatch(str(((event.get("detail") or {}).get("object") or {}).get("key") or ""))
    if fits is None:
        log.warning("paper event not understood")
        return {"made": False}
    place, community_id = fits.groups()
    desk = wiring.desk()
    return {"made": make_asked(desk, desk.directory.community(community_id), place, sheet_as_pdf)}
