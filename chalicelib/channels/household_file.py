"""A file of households that the bucket tells of: looked at, or loaded (E9).

A function of its own, with the memory and time for ten thousand units; the others never import what reads a
spreadsheet. EventBridge may call it twice, late or out of order.
"""

import logging
import re
from collections.abc import Mapping
from typing import Any

from chalicelib import wiring

log = logging.getLogger(__name__)

KEY = re.compile(r"(households\.(?:in|do)/)([a-zA-Z0-9-]{1,24})/([0-9a-f]{16})")


def load_households(event: Mapping[str, Any], _context: object = None) -> dict[str, bool]:
    """Look at one file, or load it; whether there was anything to do."""
    from chalicelib.http.household_lines import read_sheet
    from chalicelib.services.households.loading import TO_LOAD, taken

    fits = KEY.fullmatch(str(((event.get("detail") or {}).get("object") or {}).get("key") or ""))
    if fits is None:
        log.warning("households event not understood")
        return {"looked_at": False}
    place, community_id, load_id = fits.groups()
    desk = wiring.desk()
    community = desk.directory.community(community_id)
    return {"looked_at": taken(desk, community, load_id, read_sheet, to_load=place == TO_LOAD)}
