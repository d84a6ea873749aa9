"""The keys of the tables. Ids only: nothing here says who somebody is or where they live."""

from chalicelib.domain.case.figure_rows import TOTAL, Row
from chalicelib.domain.case.numbering import case_number, serial_of


def case(community: str, number: str) -> str:
    return f"{community}#{number}"


def community_and_number(pk: str) -> tuple[str, str]:
    """The community and the number in the key of a case."""
    community, _, number = pk.rpartition("#")
    return community, number


def event(version: int) -> str:
    return f"{EVENTS}{version:06d}"


def notice(key: str) -> str:
    return f"{NOTICES}{key}"


def bundle(first_key: str) -> str:
    """Notices in one row, by the key of the first."""
    return f"{BUNDLES}{first_key}"


def waiting(kind: str, round_number: int) -> str:
    return f"{WAITING}{kind}#{round_number:03d}"


def kind_and_round(sk: str) -> tuple[str, int]:
    """The kind and the round of the workflow that a waiting row belongs to."""
    _, kind, round_number = sk.split("#")
    return kind, int(round_number)


def month(community: str, month_id: str) -> str:
    return f"{community}#{month_id}"


ABOUT = "##"
"""Between a row of figures and whom its complaints are about: no id is empty or has a `#`."""


def figure_row(row: Row) -> str:
    of = row.dimension if row.value is None else f"{figure_rows(row.dimension)}{row.value}"
    return f"{of}{ABOUT}{row.about}" if row.about else of


def figure_rows(dimension: str) -> str:
    """What the sort keys of the rows of a dimension begin with; the total has no value behind it."""
    return dimension if dimension == TOTAL.dimension else f"{dimension}#"


def row_of_figures(sk: str) -> Row:
    """The row of figures that a sort key stands for."""
    of, _, about = sk.partition(ABOUT)
    dimension, mark, value = of.partition("#")
    return Row(dimension, value if mark else None, about)


def voids(community: str, month_id: str) -> str:
    return f"{community}#{month_id}#void"


def number_key(number: str) -> str:
    """A number as text that sorts as the register does, also beyond serial 9999."""
    return f"{number[:6]}-{serial_of(number):08d}"


def number_of(number_key: str) -> str:
    """The number whose key that is."""
    month_id, _, serial = number_key.partition("-")
    return case_number(month_id, int(serial))


def found(community: str, key: str) -> str:
    """The cases that are found under a key, which is a keyed hash."""
    return f"{community}#FIND#{key}"


def department(community: str, department_id: str) -> str:
    return f"{community}#{department_id}"


def handler(community: str, username: str) -> str:
    return f"{community}#{username}"


def looks(community: str, of: str) -> str:
    """The looks of a day, of a person or at a case; no department, handler or unit has such a key."""
    return f"{community}#LOOKS#{of}"


def unit(community: str, unit_key: str) -> str:
    return f"{community}#{unit_key}"


def idempotency(key: str) -> str:
    return f"IDEMPOTENCY#{key}"


def mark(key: str) -> str:
    return f"MARK#{key}"


def book(community: str) -> str:
    """The answer book of a community."""
    return f"{community}#BOOK"


HEXADECIMAL = "0123456789abcdef"


def households(community: str, hashed: str = "") -> str:
    """The place of what the household register has under a keyed hash; without one, of what is of all."""
    return f"{community}#HOUSEHOLDS#{hashed[:1]}"


def places_of_households(community: str) -> tuple[str, ...]:
    """Every place of a household register."""
    return tuple(households(community, digit) for digit in HEXADECIMAL)


ENTRIES = "ENTRY#"
"""What the sort keys of entries begin with, as they stand."""


def versions_of(entry_id: str) -> str:
    """What the sort keys of the versions of an entry begin with."""
    return f"VERSION#{entry_id}#"


def handovers(community: str, department: str) -> str:
    """The handovers of a department's shifts."""
    return f"{community}#HANDOVERS#{department}"


def findings(community: str) -> str:
    return f"{community}#findings"


def findings_on(username: str) -> str:
    """What the sort keys of the findings on somebody begin with."""
    return f"FINDING#{username}#"


def beside(community: str) -> str:
    """What waits in a community and stands in no case."""
    return f"{community}#BESIDE"


def account(community: str, of: str) -> str:
    """The accounts of a month, or of what is owed."""
    return f"{community}#ACCOUNT#{of}"


def incidents(community: str) -> str:
    return f"{community}#incidents"


def joined(community: str) -> str:
    return f"{community}#joined"


def joined_to(leader: str, number: str = "") -> str:
    """The sort key of a case that is joined to one that leads; of all of them, what it begins with."""
    return f"{number_key(leader)}#{number_key(number) if number else ''}"


def proof(key: str) -> str:
    return f"CODE#{key}"


def rate(bucket: str, window_ends_at_epoch: int) -> str:
    return f"RATE#{bucket}#{window_ends_at_epoch}"


def taken(key: str) -> str:
    """What only one can have: the receipt to a number, and the proof of one."""
    return f"TAKEN#{key}"


def place(name: str) -> str:
    """How far something has come that the schedule carries on, by its name."""
    return f"PLACE#{name}"


def directory(community: str) -> str:
    return f"COMMUNITY#{community}"


def person(username: str) -> str:
    """Usernames of the pool are the same in capitals and small letters."""
    return f"PERSON#{username.casefold()}"


COMMUNITIES = "COMMUNITIES"
SESSIONS = "SESSIONS"
EVENTS, NOTICES, BUNDLES, WAITING = "EVENT#", "NOTICE#", "BUNDLE#", "WAIT#"
"""What the sort keys of the rows beside a case begin with."""
LAST_EVENT, LAST_NOTICE = "EVENT#999999", "NOTICE$"


def acts(community: str) -> str:
    """What was done to the staff of a community, and to itself."""
    return f"ACTS#{community}"


def prices(community: str) -> str:
    """The price lists that were published for a community, and the one handed in last."""
    return f"{community}#PRICES"
