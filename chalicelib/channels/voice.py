"""A telephone exchange asks what to do with a call: the answers are TwiML, as Twilio's are (A1, A2).

Three addresses: for a new call, for each step of one, and for its end. Every request has to be signed with a
key of the deployment's account (twilio_signature.py). Nothing is kept between the steps but in the address of
the next one, which is signed as well, and in the register: so a step that comes twice changes nothing.
"""

import logging
import re

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.channels import twiml
from chalicelib.channels.twilio_signature import is_signed
from chalicelib.channels.voice_line import Line
from chalicelib.channels.voice_steps import STEPS, ended, greeted
from chalicelib.channels.voice_turn import Turn, turn_of
from chalicelib.domain.errors import InvalidInputError, NotAllowedError, NotFoundError
from chalicelib.http.bodies import FORM, form_fields
from chalicelib.http.requests import DEFAULT_LANGUAGE, NEVER_STORED, asked_path
from chalicelib.http.routing import Refusal, route
from chalicelib.http.visits import PUBLIC, Visit
from chalicelib.services.access.authorization import known_community

log = logging.getLogger(__name__)

voice = Blueprint(__name__)

CALL = "/voice/{community}"
CALL_ID = re.compile(r"CA[0-9a-f]{32}")
MOST_WAITS, WAIT_SECONDS = 5, 3
"""So often, and so far apart, a caller waits for a register that does not answer (ours)."""


TOLD_ONLY = frozenset({"recorded", "ended"})
"""What is only told: an exchange may tell it again, and nobody listens to the answer."""


def answered(verbs: str, status: int = 200) -> Response:
    """The answer to the exchange."""
    return Response(verbs, status_code=status, headers={"Content-Type": twiml.XML, **NEVER_STORED})


def refused(refusal: Refusal) -> Response:
    """A refusal, as an exchange is told: whoever did not sign is let into nothing; a caller hears words."""
    if refusal.status in {403, 404, 413, 415}:
        return answered(twiml.document(twiml.HANG_UP), refusal.status)
    community, step, turn = _place(refusal)
    if step in TOLD_ONLY:
        return answered(twiml.NOTHING, refusal.status)
    words = wiring.words().get(turn.language)
    tongue = words("voice.voice")
    if refusal.status in {409, 503} and turn.waits < MOST_WAITS:
        given = form_fields(refusal.request)
        later = turn.on(
            keys=given.get("Digits", turn.keys),
            recording=given.get("RecordingSid", turn.recording),
            dialled=given.get("DialCallStatus", turn.dialled),
            waits=turn.waits + 1,
        )
        again = f"{wiring.base_url()}/voice/{community}" + (f"/{step}/{later.written()}" if step else "")
        wait = twiml.pause(WAIT_SECONDS)
        return answered(
            twiml.document(twiml.say(words("voice.one_moment"), tongue), wait, twiml.go_on(again))
        )
    return answered(twiml.document(twiml.say(words("voice.sorry"), tongue), twiml.HANG_UP))


def _place(refusal: Refusal) -> tuple[str, str, Turn]:
    """The community, step and turn in the address that was asked; the first turn where there is none."""
    parts = asked_path(refusal.request).split("/")
    try:
        if len(parts) == 4:
            return parts[1], parts[2], turn_of(parts[3], wiring.words().languages())
    except NotFoundError:
        pass
    return parts[1], "".join(parts[2:3]), Turn(DEFAULT_LANGUAGE)


def line_of(visit: Visit, community: str, path: str, turn: Turn) -> Line:
    """The call that a signed request tells of.

    Raises NotAllowedError for what is not signed, InvalidInputError for what is no call.
    """
    account, form = wiring.exchange().account(), form_fields(visit.request)
    if account is None or not is_signed(account, wiring.base_url() + path, form, visit.request.headers):
        log.warning("voice_not_signed", extra={"community": community})
        raise NotAllowedError("This request is not signed with a key of the desk's exchange.")
    if form.get("AccountSid") != account.sid or not CALL_ID.fullmatch(form.get("CallSid", "")):
        raise InvalidInputError("That is no call of the desk's exchange.")
    desk = wiring.desk()
    place = known_community(desk, community)
    words = wiring.words()
    return Line(
        desk=desk,
        exchange=wiring.exchange(),
        context=desk.context(place),
        words=words,
        base=f"{wiring.base_url()}/voice/{community}",
        form=form,
        turn=turn,
    )


@route(voice, CALL, methods=("POST",), policy=PUBLIC, content_types=(FORM,), refused=refused)
def call_begins(visit: Visit, community: str) -> Response:
    """Greet a caller."""
    line = line_of(visit, community, f"/voice/{community}", Turn(DEFAULT_LANGUAGE))
    return answered(greeted(line))


@route(voice, CALL + "/ended", methods=("POST",), policy=PUBLIC, content_types=(FORM,), refused=refused)
def call_ended(visit: Visit, community: str) -> Response:
    """Hear that a call has ended; whoever was not answered is called back."""
    ended(line_of(visit, community, f"/voice/{community}/ended", Turn(DEFAULT_LANGUAGE)))
    return answered(twiml.NOTHING)


@route(
    voice, CALL + "/{step}/{turn}", methods=("POST",), policy=PUBLIC, content_types=(FORM,), refused=refused
)
def call_goes_on(visit: Visit, community: str, step: str, turn: str) -> Response:
    """Do the next step of a call."""
    place = f"/voice/{community}/{step}/{turn}"
    line = line_of(visit, community, place, turn_of(turn, wiring.words().languages()))
    if step not in STEPS:
        raise NotFoundError("There is no such step of a call.")
    return answered(STEPS[step](line))
