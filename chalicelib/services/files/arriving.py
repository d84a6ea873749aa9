"""Files that have arrived: looked at once, and kept as soon as a case names them (A3).

Whatever calls this may be early, late, or call twice: the bucket's event, the form without a script, the
relay that follows a case, and whoever opens the case. Each step looks at what is there, and ends with the
same files in the same places.
"""

import logging
from collections.abc import Iterable

from chalicelib.domain.content.kinds import LARGEST, FileRefusedError
from chalicelib.services.file_port import FileStore
from chalicelib.services.files.shelf import ARRIVED, KEPT, NOT_TAKEN, SEEN

log = logging.getLogger(__name__)

NOTHING = "text/plain"


def check_arrived(store: FileStore, name: str) -> bool:
    """Look at a file that has arrived: what is kept of it, or why it is not taken, stands among the seen.

    False if nothing has arrived under that name, or it was dealt with already.
    """
    if store.listed(f"{KEPT}{name}."):
        store.erase([ARRIVED + name])  # sent again after its case had it: the first stays
        return False
    data = store.read(ARRIVED + name, LARGEST)
    if data is None:
        return False
    put_seen(store, name, data)
    if store.listed(f"{KEPT}{name}."):  # its case was quicker
        store.erase(list(store.listed(f"{SEEN}{name}.")))
    store.erase([ARRIVED + name])
    return True


def put_seen(store: FileStore, name: str, data: bytes) -> str | None:
    """Put a file among the seen, without what nobody meant to hand in; why not, if it is not taken."""
    from chalicelib.domain.content.checking import checked  # hardly any call has a file

    try:
        content = checked(data)
    except FileRefusedError as error:
        log.info("file_not_taken", extra={"file": name, "why": error.reason})
        store.put(f"{SEEN}{name}.{NOT_TAKEN}{error.reason}", b"-", NOTHING)
        return error.reason
    store.put(f"{SEEN}{name}.{content.kind.ending}", content.data, content.kind.type)
    return None


def claim(store: FileStore, names: Iterable[str]) -> int:
    """Keep files that a case names; how many of them are missing.

    One that was not looked at yet is looked at now. One that is not there was never sent, or its two days
    are over.
    """
    missing = 0
    for name in names:
        if store.listed(f"{KEPT}{name}."):
            continue
        check_arrived(store, name)
        seen = sorted(store.listed(f"{SEEN}{name}."))
        if not (seen and store.copy(seen[0], KEPT + seen[0].removeprefix(SEEN))):
            log.warning("file_missing", extra={"file": name})
            missing += 1
            continue
        store.erase([*seen, ARRIVED + name])
    return missing


def erase_files(store: FileStore, names: Iterable[str]) -> None:
    """Delete files for good, wherever they stand (G24)."""
    for name in names:
        found = [key for place in (SEEN, KEPT) for key in store.listed(f"{place}{name}.")]
        store.erase([*found, ARRIVED + name])
