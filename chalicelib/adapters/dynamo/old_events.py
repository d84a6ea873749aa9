"""Events of releases before 0.2.0, which hold their personal texts themselves (G24)."""

from msgspec.structs import replace

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.contact import MARK
from chalicelib.adapters.dynamo.documents import read_event, stored_event
from chalicelib.adapters.dynamo.tables import CaseRow
from chalicelib.domain.case.personal import kind_of, rewritten


def empty_old_events(community: str, number: str, kinds: tuple[str, ...]) -> None:
    """Empty the texts that older releases stored in the events themselves; one PutItem for each such event.

    A reference stays as it is: the contact loses what it leads to.
    """
    for row in CaseRow.query(keys.case(community, number), CaseRow.sk.startswith(keys.EVENTS)):
        event = read_event(row.data)
        left = rewritten(event.payload, lambda place, text: _left(place, text, kinds), "")
        if left is not event.payload:
            row.data = stored_event(replace(event, payload=left))
            row.save(CaseRow.pk.exists())


def _left(place: str, text: str, kinds: tuple[str, ...]) -> str | None:
    return text if text.startswith(MARK) or kind_of(place) not in kinds else None
