"""A resident's own data over HTTP (G24)."""

from chalice.app import Response
from msgspec import Struct

from chalicelib import wiring
from chalicelib.http import own_data
from chalicelib.http.requests import answer, json_object, read, words_for
from chalicelib.http.visits import Visit
from chalicelib.services.access.authorization import known_community


class CodeAsked(Struct, frozen=True):
    """The answer to whoever asks for a code; it says nothing of whether a case has the number.

    `request` goes with the proof, for the code is good with it alone; it is null for the desk, whose code the
    resident may type in anywhere. `read_out` is the code for a landline, which the desk alone gets: it calls
    there and reads it out.
    """

    sent_if_known: bool = True
    minutes: int = 10
    request: str | None = None
    read_out: str | None = None


class Proved(Struct, frozen=True):
    """The proof of a number or mail address, good for half an hour; it goes with every further request."""

    proof: str


class CareWithdrawal(Struct, frozen=True):
    """The answer to taking a consent back: from so many units and cases its note is gone now (G15)."""

    removed: int


def ask_code(visit: Visit, community: str) -> Response:
    """Send a code of six digits, if a case of the community has the number.

    By SMS, or by mail to whoever reported without a number.
    """
    place = known_community(wiring.desk(), community)
    sent = own_data.send_code(visit, place, read(json_object(visit.request), own_data.CodeBody))
    return answer(CodeAsked(request=sent.request, read_out=sent.read_out), 202)


def prove(visit: Visit, community: str) -> Response:
    """Prove a phone number or mail address by the code that was sent to it."""
    place = known_community(wiring.desk(), community)
    return answer(Proved(own_data.prove(visit, place, read(json_object(visit.request), own_data.ProofBody))))


def export(visit: Visit, community: str) -> Response:
    """All that is stored of whoever has proved the number, until when."""
    place, body = (
        known_community(wiring.desk(), community),
        read(json_object(visit.request), own_data.ProvedBody),
    )
    return answer(own_data.read_own(visit, place, body, words_for(visit.request)))


def erase(visit: Visit, community: str) -> Response:
    """Erase what may be erased of whoever has proved the number; what has to be kept says why."""
    place, body = (
        known_community(wiring.desk(), community),
        read(json_object(visit.request), own_data.ProvedBody),
    )
    return answer(own_data.erase_own(visit, place, body))


def withdraw_care(visit: Visit, community: str) -> Response:
    """Take back the consent to note a need for help, wherever it is noted; done twice it is done once."""
    place, body = (
        known_community(wiring.desk(), community),
        read(json_object(visit.request), own_data.ProvedBody),
    )
    return answer(CareWithdrawal(own_data.withdraw_care(visit, place, body)))
