"""What a resident asks for about the own data, however it comes: a code, its proof, the data, erasing (G24).

API and pages ask here; both say the same.
"""

from chalice.app import Request
from msgspec import Struct

from chalicelib import wiring
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.community.community import Community
from chalicelib.domain.community.phones import can_get_sms
from chalicelib.domain.errors import InvalidInputError
from chalicelib.http.contacts import LONGEST_EMAIL, email_address, stored_phone
from chalicelib.http.requests import source_address
from chalicelib.http.visits import Visit
from chalicelib.services.households.withdrawing import of_number
from chalicelib.services.privacy import proof
from chalicelib.services.privacy.own_cases import CaseFound, own_cases
from chalicelib.services.privacy.own_data import ErasureReceipt, OwnData, erase_own_data, own_data

LONGEST_PHONE, LONGEST_CODE, LONGEST_PROOF = 40, 12, 64


class CodeBody(Struct, frozen=True):
    """The phone number to which a code is sent, or else the mail address."""

    phone: str | None = None
    email: str | None = None

    def __post_init__(self) -> None:
        _check_reach(self.phone, self.email)


class ProofBody(Struct, frozen=True):
    """The code that was sent to a phone number, or to a mail address.

    `request` is of the answer to whoever asked for it; null for a code that the desk has asked for.
    """

    code: str
    phone: str | None = None
    email: str | None = None
    request: str | None = None

    def __post_init__(self) -> None:
        _check_reach(self.phone, self.email)
        _check("code", self.code, LONGEST_CODE)
        if self.request is not None:
            _check("request", self.request, LONGEST_PROOF)


class ProvedBody(Struct, frozen=True):
    """A phone number, or a mail address, with the proof of it."""

    proof: str
    phone: str | None = None
    email: str | None = None

    def __post_init__(self) -> None:
        _check_reach(self.phone, self.email)
        _check("proof", self.proof, LONGEST_PROOF)


Body = CodeBody | ProofBody | ProvedBody


def _check_reach(phone: str | None, email: str | None) -> None:
    if (phone is None) == (email is None):
        raise InvalidInputError("Give 'phone', or else 'email'.")
    _check(
        "phone" if email is None else "email",
        phone or email or "",
        LONGEST_PHONE if email is None else LONGEST_EMAIL,
    )


def _check(name: str, text: str, longest: int) -> None:
    if not 1 <= len(text) <= longest:
        raise InvalidInputError(f"'{name}' has 1 to {longest} characters.")


def _reached_by(community: Community, body: Body) -> str:
    """The number as it is stored, or the mail address in small letters."""
    if body.email is not None:
        return email_address(body.email).casefold()
    return stored_phone(body.phone or "", community.country)


def _address(visit: Visit) -> str | None:
    """The network address of whoever is not known; None for the desk at the counter."""
    request: Request = visit.request
    return None if visit.member_or_none else source_address(request)


class CodeSent(Struct, frozen=True):
    """What whoever asked for a code is told: their `request`, or the code that the desk is to `read_out`."""

    request: str | None = None
    read_out: str | None = None


def send_code(visit: Visit, community: Community, body: CodeBody) -> CodeSent:
    """Send a code, if a case has the number or address; nobody learns whether one does.

    For a number that gets no SMS the desk is given the code, to call there and read it out.
    """
    desk, limits, reached_by = wiring.desk(), wiring.rate_limits(), _reached_by(community, body)
    member = visit.member_or_none
    if member is not None and not proof.is_mail(reached_by) and not can_get_sms(reached_by):
        return CodeSent(read_out=proof.code_to_read_out(desk, member, reached_by, limits))
    request = proof.send_code(desk, wiring.notices(), community, reached_by, _address(visit), limits)
    return CodeSent(request)


def prove(visit: Visit, community: Community, body: ProofBody) -> str:
    """The proof of the number or mail address, for the right code."""
    reached_by, code = _reached_by(community, body), "".join(body.code.split())
    desk, limits = wiring.desk(), wiring.rate_limits()
    return proof.prove(desk, community, reached_by, code, body.request, _address(visit), limits)


def read_own(visit: Visit, community: Community, body: ProvedBody, words: Catalogue) -> OwnData:
    """The own data of whoever has proved the number or mail address."""
    reached_by = _proved(community, body)
    desk, at_desk = wiring.desk(), visit.member_or_none
    return own_data(desk, wiring.notices(), wiring.findings(), community, reached_by, words, at_desk)


def find_own(visit: Visit, community: Community, body: ProofBody, words: Catalogue) -> tuple[CaseFound, ...]:
    """The own cases with their links, for the right code; NotAllowedError for any other."""
    token = prove(visit, community, body)
    reached_by = _proved(community, ProvedBody(token, body.phone, body.email))
    return own_cases(wiring.desk(), community, reached_by, words)


def erase_own(visit: Visit, community: Community, body: ProvedBody) -> ErasureReceipt:
    """Erase the own data of whoever has proved the number or mail address; the receipt."""
    reached_by = _proved(community, body)
    desk, at_desk = wiring.desk(), visit.member_or_none
    return erase_own_data(desk, wiring.notices(), wiring.findings(), community, reached_by, at_desk)


def withdraw_care(visit: Visit, community: Community, body: ProvedBody) -> int:
    """Take back the consent to note a need for help; from so many units and cases it is gone (G15)."""
    reached_by, member = _proved(community, body), visit.member_or_none
    return of_number(wiring.desk(), community, reached_by, member.username if member else None)


def _proved(community: Community, body: ProvedBody) -> str:
    reached_by = _reached_by(community, body)
    proof.check_proof(wiring.desk(), community, reached_by, body.proof)
    return reached_by
