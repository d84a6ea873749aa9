"""A case's personal texts in a `CONTACT` row of their own (G24).

Where a personal text was, event and case hold a reference: `MARK` and the id of an entry, which is the
version and the field that said it first: `1.report.phone`. A text that is said again has the same entry.
What an earlier release stored inline is a text without the mark; the case's move here with its next change.

An entry that is not there was erased and reads as an empty text, in a tuple as none. But the rows of a case
are not read at one instant: a reference from a later change than the row's own is a reason to read again.
Whoever erases keeps the row, with the version of the change that erases: no other puts back what it had read.
"""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from threading import Lock
from typing import TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.events import CareWithdrawn, Erased, Event
from chalicelib.domain.case.personal import CARE, is_of_care, is_who, kind_of, rewritten

Value = TypeVar("Value")

MARK = "\x1a"
"""SUBSTITUTE, a control character that no form takes: a text of ours never begins with it."""


class ContactBehindError(Exception):
    """The row was read before a change that the rest was read after."""


class Contact(Struct, frozen=True):
    """The personal texts of one case, by the ids of their entries.

    `version` is the version of the change that added the last of them.
    """

    version: int = 0
    texts: Mapping[str, str] = field(default_factory=dict)


NOTHING_APART = Contact()
"""What a new case has, and one that only an earlier release has stored."""


def apart(case: Case, events: Iterable[Event], contact: Contact) -> tuple[Case, tuple[Event, ...], Contact]:
    """A case and its new events without personal texts, and the contact row.

    References stand where the texts were.

    The row is the same as before if no text is new, and none is erased.
    """
    events = tuple(events)
    texts = kept(contact.texts, erased_by(events))
    is_other = len(texts) < len(contact.texts)
    ids = {(is_who(entry), is_of_care(entry), text): entry for entry, text in texts.items()}

    def reference(place: str, text: str) -> str:
        entry = ids.setdefault((is_who(place), is_of_care(place), text), place)
        texts.setdefault(entry, text)
        return MARK + entry

    before = len(texts)
    referring = tuple(
        replace(event, payload=rewritten(event.payload, reference, f"{event.version}.")) for event in events
    )
    case_with_references: Case = rewritten(case, reference, f"{case.version}.case.")
    is_other = is_other or len(texts) > before
    return case_with_references, referring, Contact(case.version, texts) if is_other else contact


def erased_by(events: Iterable[Event]) -> frozenset[str]:
    """The kinds of personal data that these events erase; `care` by a consent that was taken back."""
    payloads = [event.payload for event in events]
    kinds = (kind for payload in payloads if isinstance(payload, Erased) for kind in payload.kinds)
    withdrawn = any(isinstance(payload, CareWithdrawn) for payload in payloads)
    return frozenset((*kinds, *((CARE,) if withdrawn else ())))


def kept(texts: Mapping[str, str], erased: Collection[str]) -> dict[str, str]:
    """The entries that are left when these kinds are erased."""
    return {
        entry: text
        for entry, text in texts.items()
        if kind_of(entry) not in erased and not (CARE in erased and is_of_care(entry))
    }


def together(value: Value, contact: Contact) -> Value:
    """A case, or the payload of an event, with its personal texts put back.

    ContactBehindError if `contact` is older than the value.
    """

    def text_of(_: str, held: str) -> str | None:
        if not held.startswith(MARK):
            return held
        entry = held.removeprefix(MARK)
        if entry not in contact.texts and int(entry.partition(".")[0]) > contact.version:
            raise ContactBehindError(entry)
        return contact.texts.get(entry)

    whole: Value = rewritten(value, text_of, "")
    return whole


class RecentContacts:
    """The rows of the cases that were read or written last.

    Whoever changes a case has it from here or from the table; the row as of the same version is the same.
    """

    def __init__(self, most: int = 100) -> None:
        self._most = most
        self._found: OrderedDict[str, tuple[int, Contact]] = OrderedDict()
        self._lock = Lock()

    def keep(self, place: str, version: int, contact: Contact) -> None:
        """Remember the row as it is at a version of its case."""
        with self._lock:
            self._found[place] = (version, contact)
            self._found.move_to_end(place)
            if len(self._found) > self._most:
                self._found.popitem(last=False)

    def of(self, place: str, version: int) -> Contact | None:
        """The row as of that version of the case; None if it is not remembered."""
        kept, contact = self._found.get(place, (None, NOTHING_APART))
        return contact if kept == version else None
