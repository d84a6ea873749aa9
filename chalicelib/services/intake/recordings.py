"""What callers said, as sound: fetched from the exchange, kept, and heard by whoever may know (A1, E8).

Nothing of it is kept but the sound, told by its bytes as every file is (A3).

The case has the name of a recording as soon as there is one. Its sound is fetched when the exchange tells of
it, or else when somebody wants to hear it: so no lost message loses what a person said.
"""

import logging

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.looks import Look, LookAt
from chalicelib.domain.case.recordings import NAME, recordings_of
from chalicelib.domain.case.who_sees import sees_contact
from chalicelib.domain.community.community import Member
from chalicelib.domain.content.kinds import FileRefusedError, refused
from chalicelib.domain.errors import BusyError, NotAllowedError, NotFoundError
from chalicelib.services.access.looks import reveal
from chalicelib.services.desk import Desk
from chalicelib.services.errors import RecordingMissingError
from chalicelib.services.providers import Exchange

log = logging.getLogger(__name__)


def fetch_recording(desk: Desk, exchange: Exchange, name: str) -> bool:
    """Fetch the sound of a recording, and delete it there; False if it cannot be had just now.

    Nothing happens if it is here already.
    """
    found = NAME.fullmatch(name)
    if found is None:
        return False
    if desk.recordings.has(name):
        return True
    if found["recording"] is None:  # a mail, which is kept before its case is written
        return False
    try:
        desk.recordings.keep(name, _sound(exchange.fetch(found["recording"])))
    except FileRefusedError as error:
        log.warning("recording_not_taken", extra={"recording": found["recording"], "why": error.reason})
        return False
    except (RecordingMissingError, OSError) as error:
        log.warning("recording_not_fetched", extra={"recording": found["recording"], "why": str(error)})
        return False
    if not exchange.forget(found["recording"]):
        log.warning("recording_left_there", extra={"recording": found["recording"]})
    return True


def _sound(data: bytes) -> bytes:
    """The sound of a WAV without the words in it; FileRefusedError for anything else."""
    from chalicelib.domain.content.checking import checked  # hardly any call has a file

    content = checked(data)
    if content.kind.ending != "wav":
        raise refused("file_unknown")
    return content.data


def heard_by(
    desk: Desk, exchange: Exchange, member: Member, case: Case, place: int, reason: str | None
) -> str:
    """The address at which a member hears a recording of a visible case; good for a minute, on record first.

    A voice says who somebody is: whoever does not see that says why they have to. NotAllowedError else,
    NotFoundError where there is no such recording (any more), BusyError while it cannot be fetched.
    """
    names = recordings_of(case)
    if not 1 <= place <= len(names):
        raise NotFoundError(f"Case {case.number} has no recording {place}.")
    if not sees_contact(member, case):
        if reason is None:
            raise NotAllowedError("Say in 'reason' why you have to hear who reported this case.", "no_reason")
        reveal(desk, member, case, reason)
    else:
        look = Look(desk.now(), member.username, member.role, LookAt.RECORDING, case.number)
        desk.looks.record(case.community, case.zone, look)
    if not fetch_recording(desk, exchange, names[place - 1]):
        raise BusyError("The exchange does not give the recording just now; try again in a moment.")
    return desk.recordings.address(names[place - 1])
