"""What the stand-ins of the stores share: one memory, and the faults that a test plans."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock

from chalicelib.adapters.dynamo.contact import Contact, together
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.events import Event
from chalicelib.domain.case.figure_rows import Row
from chalicelib.domain.case.links import Link
from chalicelib.domain.case.looks import Look
from chalicelib.services.incident_port import Lead
from chalicelib.services.records import CaseLine, Person, StoredNotice, Waiting
from chalicelib.services.serials import Void

CaseKey = tuple[str, str]
"""Community and number."""


class CrashError(Exception):
    """What a planned fault raises: the process died there, or the answer was lost."""


@dataclass
class Memory:
    """What is stored, and the faults that a test has planned.

    `cases` and `events` hold references to what is personal, which is in `contacts`.
    `faults` maps an operation such as `cases.save` to what becomes of its next calls, in order: "before"
    (it fails without effect), "after" (it fails once its effect is there) or "" (it works).
    `meanwhile` maps one to what somebody else does once, just before its next call.
    """

    lock: RLock = field(default_factory=RLock, repr=False)
    cases: dict[CaseKey, Case] = field(default_factory=dict)
    contacts: dict[CaseKey, Contact] = field(default_factory=dict)
    whole: dict[CaseKey, tuple[Case, Contact, Case]] = field(default_factory=dict, repr=False)
    lines: dict[CaseKey, CaseLine] = field(default_factory=dict)
    unit_keys: dict[CaseKey, str] = field(default_factory=dict)
    resident_keys: dict[CaseKey, str | None] = field(default_factory=dict)
    events: dict[CaseKey, list[Event]] = field(default_factory=lambda: defaultdict(list))
    voids: dict[CaseKey, Void] = field(default_factory=dict)
    serials: dict[tuple[str, str], tuple[int, datetime]] = field(default_factory=dict)
    settled: Counter[tuple[str, str]] = field(default_factory=Counter)
    keys: dict[str, tuple[str, str]] = field(default_factory=dict)
    proofs: dict[str, tuple[str, datetime, int]] = field(default_factory=dict)
    marks: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    joined: dict[CaseKey, set[str]] = field(default_factory=lambda: defaultdict(set))
    leaders: set[CaseKey] = field(default_factory=set)
    leads: dict[tuple[str, str], set[Lead]] = field(default_factory=lambda: defaultdict(set))
    waiting: dict[tuple[str, str, str, int], Waiting] = field(default_factory=dict)
    notices: dict[tuple[str, str, str], StoredNotice] = field(default_factory=dict)
    figures: dict[tuple[str, str], dict[Row, Counter[str]]] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    hits: Counter[tuple[str, datetime]] = field(default_factory=Counter)
    looks: list[tuple[str, str, Look]] = field(default_factory=list)
    found_by: dict[CaseKey, tuple[int, frozenset[str]]] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    taken: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    places: dict[str, tuple[Mapping[str, str] | None, datetime]] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    meanwhile: dict[str, Callable[[], None]] = field(default_factory=dict)

    def whole_cases(self) -> list[Case]:
        """Every case with what is personal, in the order in which they came."""
        return [self._whole(key, case, self.contacts[key]) for key, case in self.cases.items()]

    def _whole(self, key: CaseKey, case: Case, contact: Contact) -> Case:
        """A case put together, once for as long as neither part of it is another."""
        of_case, of_contact, whole = self.whole.get(key, (None, None, case))
        if of_case is not case or of_contact is not contact:
            whole = together(case, contact)
            self.whole[key] = case, contact, whole
        return whole

    @contextmanager
    def operation(self, name: str) -> Iterator[None]:
        """One call of a store: counted, alone, and struck by the fault that is planned for it."""
        with self.lock:
            if name in self.meanwhile:
                self.meanwhile.pop(name)()
            self.calls[name] += 1
            planned = self.faults.get(name)
            fault = planned.pop(0) if planned else ""
            if fault == "before":
                raise CrashError(name)
            yield
            if fault == "after":
                raise CrashError(name)
