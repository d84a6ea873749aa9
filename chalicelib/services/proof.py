"""Proof that somebody reads what is sent to a number or address: the link in a message was opened (A11, G8).

The receipt page shows whoever files a report its tracking link, and the number in the form may be anybody's.
So the links in messages carry a seal of the address that they were sent to; one that was opened with it has
come by that address. Nothing is stored but keyed hashes, for as long as a link may live.
"""

from datetime import datetime, timedelta

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.links import ALPHABET, CODE_LENGTH
from chalicelib.domain.errors import NotFoundError
from chalicelib.services.desk import Desk

KEPT = timedelta(days=400)
"""How long a proof holds: somewhat longer than the longest link."""

READ = "read"
"""What stands in the record of a proof."""

SEAL_LENGTH = 3
"""Characters of a seal, 17 bits: a wrong one counts as a wrong link, of which nobody gets many tries."""


def sealed(desk: Desk, code: str, address: str) -> str:
    """A link's code as it is sent to a number or address: `AbCdEfGh23x7K`."""
    return f"{code}{_seal(desk, code, address)}"


def unsealed(code: str) -> tuple[str, str]:
    """The code of a link, and its seal; the seal is empty where there is none."""
    return code[:CODE_LENGTH], code[CODE_LENGTH:]


def open_sealed(desk: Desk, case: Case, code: str, seal: str, now: datetime) -> None:
    """Put on record that the case's number or address is read by somebody; NotFoundError for a wrong seal.

    A case from which both have been erased opens with any.
    """
    addresses = _addresses(case)
    reached = [address for address in addresses if _seal(desk, code, address) == seal]
    if addresses and not reached:
        raise NotFoundError("This link leads nowhere; check that it was copied whole.")
    if reached and not is_confirmed(desk, case, now, reached[0]):
        prove(desk, reached[0], now)
        desk.links.take(_key_of_case(desk, case, reached[0]), READ, now + KEPT)


def prove(desk: Desk, address: str, now: datetime) -> None:
    """Put on record that somebody reads what is sent to the number or address."""
    desk.links.take(_key_of_address(desk, address), READ, now + KEPT)


def is_proved(desk: Desk, address: str, now: datetime) -> bool:
    """Whether somebody has opened a link that was sent to the number or address; one read."""
    return desk.links.owner_of(_key_of_address(desk, address), now) is not None


def is_confirmed(desk: Desk, case: Case, now: datetime, address: str | None = None) -> bool:
    """Whether somebody has opened a link about this very case, sent to its reporter.

    To this one, else to any of them; a read for each.
    """
    addresses = [address] if address else _addresses(case)
    owners = (desk.links.owner_of(_key_of_case(desk, case, each), now) for each in addresses)
    return any(owner is not None for owner in owners)


def _addresses(case: Case) -> list[str]:
    return [address for address in (case.report.phone, case.report.email) if address]


def _seal(desk: Desk, code: str, address: str) -> str:
    rest = int(desk.codes.keyed("seal", f"{code}\0{address.casefold()}"), 16)
    return "".join(ALPHABET[rest // len(ALPHABET) ** place % len(ALPHABET)] for place in range(SEAL_LENGTH))


def _key_of_address(desk: Desk, address: str) -> str:
    return f"address#{desk.codes.keyed('proof', address.casefold())[:32]}"


def _key_of_case(desk: Desk, case: Case, address: str) -> str:
    of_case = f"{case.community}\0{case.number}\0{case.registered_at.isoformat()}\0{address.casefold()}"
    return f"case#{desk.codes.keyed('proof', of_case)[:32]}"
