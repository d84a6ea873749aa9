"""What was said in a call that can be no case: kept beside the mails that wait, for somebody to read (A1).

A community that is closed takes no new report, but nobody's words are thrown away: the desk finds them among
the held mails, as long as those are kept, and takes them in if the community is opened again.
"""

import hashlib
import logging
from datetime import timedelta
from email.message import EmailMessage
from typing import Protocol

from chalicelib.domain.community.community import Community
from chalicelib.domain.intake.letter import Held
from chalicelib.services.desk import Desk
from chalicelib.services.intake.held_names import keep_held

log = logging.getLogger(__name__)

REMEMBERED = timedelta(days=1)
"""How long a step is known again that comes twice (ours)."""


class Spoken(Protocol):
    """What is known of a call (services/intake/calls.py)."""

    @property
    def phone(self) -> str | None:
        """The number of the caller."""

    @property
    def unit(self) -> str | None:
        """The unit."""

    @property
    def name(self) -> str | None:
        """The caller's name."""

    @property
    def text(self) -> str | None:
        """What was said, in words."""

    @property
    def recording(self) -> str | None:
        """Where it can be heard."""


def keep_unregistered(desk: Desk, community: Community, call: Spoken) -> None:
    """Keep what was said, once; a call in which nothing was said leaves nothing."""
    if not (call.text or call.recording):
        return
    said = (call.phone, call.unit, call.name, call.text, call.recording)
    mark = hashlib.sha256(repr((community.id, said)).encode()).hexdigest()[:32]
    if desk.links.owner_of(f"kept#{mark}", desk.now()) is not None:
        return
    message = EmailMessage()
    message["Subject"] = " ".join(filter(None, ("☎", call.phone, call.unit, call.name)))
    message.set_content("\n".join(filter(None, (call.text, call.recording))))
    keep_held(desk, community.id, Held.CLOSED, mark, message.as_bytes(), desk.now())
    desk.links.take(f"kept#{mark}", "kept", desk.now() + REMEMBERED)
    log.info("call_kept_unregistered", extra={"community": community.id})
