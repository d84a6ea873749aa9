"""A case, or its history, read together with the contact that holds its personal texts.

| what | call |
|---|---|
| a case and its contact | one BatchGetItem, consistent |
| some cases, with their contacts and lines | one BatchGetItem for fifty, not consistent |
| a case with all that stands beside it | one Query from `CASE` to the last notice, consistent |
| the history and the contact | one Query from `CONTACT` to the last event wanted, consistent |

The rows of a case are not read at one instant, so a command may be written in between. Where the contact
turns out to be older than what refers to it, all is read again, after a short wait.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeVar

from msgspec.structs import replace

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.contact import NOTHING_APART, Contact, ContactBehindError, together
from chalicelib.adapters.dynamo.documents import read, read_event, read_text, shape_of
from chalicelib.adapters.dynamo.notices import notice_of
from chalicelib.adapters.dynamo.tables import CASE, CONTACT, CaseData, CaseRow
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.events import Event
from chalicelib.domain.case.fold import fold
from chalicelib.domain.errors import BusyError, NotFoundError
from chalicelib.services.records import CaseLine, Opened

Found = TypeVar("Found")
Held = TypeVar("Held", CaseRow, CaseData)
Sleep = Callable[[float], None]

WANTED = ["sk", "data", "shape", "version"]
"""The attributes of the two rows that say what the case is; the others are for lists."""

FIRST_WAIT_SECONDS = 0.02
TIMES_READ = 4
NEVER_BEHIND = 10**9
"""The version of a contact whose row is gone: nothing is newer, so all of it reads as erased."""


def case_and_contact(community: str, number: str, sleep: Sleep) -> tuple[Case, Contact]:
    """The case as it stands, and its contact; NotFoundError if there is none.

    BusyError if the contact stays behind, which only a transaction that hangs half-way could bring about.
    """
    place = keys.case(community, number)

    def rows() -> Iterable[CaseData]:
        both = [(place, CASE), (place, CONTACT)]
        return CaseData.batch_get(both, consistent_read=True, attributes_to_get=WANTED)

    def put_together(found: list[CaseData], contact: Contact) -> Case:
        row = found[0] if found else None
        if row is None or row.data is None:  # a number without a case has a row, but no data
            raise NotFoundError(f"There is no case {number} in {community}.")
        if row.shape != shape_of(Case):  # stored by another release: what it did not know, the events tell
            return fold(history(community, number, sleep), community, number)
        return together(read(row.data, Case), contact)

    return _read(rows, put_together, sleep)


def opened(community: str, number: str, sleep: Sleep) -> Opened:
    """The case with its history and notices; NotFoundError if there is none, BusyError as above.

    The row in which the terms stand that it is found by lies between, and is read too.
    """

    def rows() -> Iterable[CaseRow]:
        between = CaseRow.sk.between(CASE, keys.LAST_NOTICE)
        return CaseRow.query(keys.case(community, number), between, consistent_read=True)

    def put_together(found: list[CaseRow], contact: Contact) -> Opened:
        row = next((row for row in found if row.sk == CASE), None)
        if row is None or row.data is None:
            raise NotFoundError(f"There is no case {number} in {community}.")
        stored = (read_event(row.data) for row in found if row.sk.startswith(keys.EVENTS))
        events = tuple(replace(event, payload=together(event.payload, contact)) for event in stored)
        if row.shape != shape_of(Case):
            case = fold(events, community, number)
        else:
            case = together(read(row.data, Case), contact)
        # What was written while the query ran is of a later state of the case than the one that was read.
        known = tuple(event for event in events if event.version <= case.version)
        notices = (notice_of(row) for row in found if row.sk.startswith(keys.NOTICES))
        return Opened(case, known, tuple(notices))

    return _read(rows, put_together, sleep)[0]


def several(community: str, numbers: Collection[str], sleep: Sleep) -> Mapping[str, tuple[Case, CaseLine]]:
    """The cases of some numbers, each with its line; a number without a case is left out.

    They may be some milliseconds old. One that does not fit its contact is read once more by itself.
    """
    places = {keys.case(community, number): number for number in numbers}
    both = [(place, sk) for place in places for sk in (CASE, CONTACT)]
    wanted = ["pk", *WANTED, "line"]
    rows = (
        {(row.pk, row.sk): row for row in CaseData.batch_get(both, attributes_to_get=wanted)} if both else {}
    )
    found: dict[str, tuple[Case, CaseLine]] = {}
    for place, number in places.items():
        row, beside = rows.get((place, CASE)), rows.get((place, CONTACT))
        if row is None or row.data is None:
            continue
        line = read_text(row.line, CaseLine)
        try:
            if row.shape != shape_of(Case):
                raise ContactBehindError(number)
            contact = _contact(beside) if beside else NOTHING_APART
            found[number] = (together(read(row.data, Case), contact), line)
        except ContactBehindError:
            found[number] = (case_and_contact(community, number, sleep)[0], line)
    return found


def history(
    community: str, number: str, sleep: Sleep, *, after: int = 0, most: int | None = None
) -> tuple[Event, ...]:
    """The events beyond a version, oldest first.

    The query begins with the contact, so those up to that version are read too: versions have no gaps.
    """
    until = keys.LAST_EVENT if most is None else keys.event(after + most)

    def rows() -> Iterable[CaseRow]:
        between = CaseRow.sk.between(CONTACT, until)
        return CaseRow.query(keys.case(community, number), between, consistent_read=True)

    def put_together(found: list[CaseRow], contact: Contact) -> tuple[Event, ...]:
        events = (read_event(row.data) for row in found if row.sk > keys.event(after))
        return tuple(replace(event, payload=together(event.payload, contact)) for event in events)

    return _read(rows, put_together, sleep)[0]


def _read(
    rows: Callable[[], Iterable[Held]],
    put_together: Callable[[list[Held], Contact], Found],
    sleep: Sleep,
) -> tuple[Found, Contact]:
    """What comes of the rows of a case, and the contact among them."""
    for time in range(TIMES_READ):
        found = list(rows())
        others = [row for row in found if row.sk != CONTACT]
        contact = next((_contact(row) for row in found if row.sk == CONTACT), NOTHING_APART)
        try:
            return put_together(others, contact), contact
        except ContactBehindError:
            sleep(FIRST_WAIT_SECONDS * 2**time)
    if contact is NOTHING_APART:
        return put_together(others, replace(contact, version=NEVER_BEHIND)), contact
    raise BusyError("The case is being written just now; read it again in a moment.")


def _contact(row: CaseRow | CaseData) -> Contact:
    return Contact(int(row.version), read(row.data, dict[str, str]))
