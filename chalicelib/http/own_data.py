"""What a resident asks for about the own data, however it comes: a code, its proof, the data, erasing (G24).

API and pages ask here; both say the same.
"""

from dataclasses import dataclass

from chalice.app import Request

from chalicelib import wiring
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.community.community import Community
from chalicelib.domain.errors import InvalidInputError
from chalicelib.http.contacts import stored_phone
from chalicelib.http.requests import source_address
from chalicelib.http.visits import Visit
from chalicelib.services.privacy import proof
from chalicelib.services.privacy.own_data import ErasureReceipt, OwnData, erase_own_data, own_data

LONGEST_PHONE, LONGEST_CODE, LONGEST_PROOF = 40, 12, 64


@dataclass(frozen=True, slots=True)
class CodeBody:
    """The phone number to which a code is to be sent."""

    phone: str

    def __post_init__(self) -> None:
        _check("phone", self.phone, LONGEST_PHONE)


@dataclass(frozen=True, slots=True)
class ProofBody:
    """The code that was sent to a phone number."""

    phone: str
    code: str

    def __post_init__(self) -> None:
        _check("phone", self.phone, LONGEST_PHONE)
        _check("code", self.code, LONGEST_CODE)


@dataclass(frozen=True, slots=True)
class ProvedBody:
    """A phone number with the proof of it."""

    phone: str
    proof: str

    def __post_init__(self) -> None:
        _check("phone", self.phone, LONGEST_PHONE)
        _check("proof", self.proof, LONGEST_PROOF)


def _check(name: str, text: str, longest: int) -> None:
    if not 1 <= len(text) <= longest:
        raise InvalidInputError(f"'{name}' has 1 to {longest} characters.")


def _address(visit: Visit) -> str | None:
    """The network address of whoever is not known; None for the desk at the counter."""
    request: Request = visit.request
    return None if visit.member_or_none else source_address(request)


def send_code(visit: Visit, community: Community, body: CodeBody) -> None:
    """Send a code to the number, if a case has it; nobody learns whether one does."""
    phone = stored_phone(body.phone, community.country)
    proof.send_code(wiring.desk(), wiring.notices(), community, phone, _address(visit), wiring.rate_limits())


def prove(visit: Visit, community: Community, body: ProofBody) -> str:
    """The proof of the number, for the right code."""
    phone, code = stored_phone(body.phone, community.country), "".join(body.code.split())
    return proof.prove(wiring.desk(), community, phone, code, _address(visit), wiring.rate_limits())


def read_own(community: Community, body: ProvedBody, words: Catalogue) -> OwnData:
    """The own data of whoever has proved the number."""
    phone = _proved(community, body)
    return own_data(wiring.desk(), wiring.notices(), community, phone, words)


def erase_own(visit: Visit, community: Community, body: ProvedBody) -> ErasureReceipt:
    """Erase the own data of whoever has proved the number; the receipt."""
    phone = _proved(community, body)
    at_desk = visit.member_or_none.username if visit.member_or_none else None
    return erase_own_data(wiring.desk(), wiring.notices(), community, phone, at_desk)


def _proved(community: Community, body: ProvedBody) -> str:
    phone = stored_phone(body.phone, community.country)
    proof.check_proof(wiring.desk(), community, phone, body.proof)
    return phone
