"""The task behind the bucket: a file that has arrived is looked at (A3).

The bucket tells EventBridge of each object, and a rule calls the function for those that have just arrived
(infra/resources.yaml): twice, late or out of order makes no difference.
"""

import logging
from collections.abc import Mapping
from typing import Any

from chalicelib import wiring
from chalicelib.domain.case.files import FILE_NAME

log = logging.getLogger(__name__)


def check_file(event: Mapping[str, Any], _context: object = None) -> dict[str, bool]:
    """Look at one file; whether there was anything to do.

    What is no file of ours is logged and left alone. A bucket that does not answer is an error, and Lambda
    calls twice more; after that the file is looked at when its case is kept or opened.
    """
    from chalicelib.services.files.arriving import check_arrived
    from chalicelib.services.files.shelf import ARRIVED

    key = str(((event.get("detail") or {}).get("object") or {}).get("key") or "")
    name = key.removeprefix(ARRIVED)
    if name == key or not FILE_NAME.fullmatch(name):
        log.warning("file event not understood")
        return {"looked_at": False}
    return {"looked_at": check_arrived(wiring.desk().files, name)}
