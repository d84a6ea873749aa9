"""What became of a message to the resident, put on its case (B8).

Clocks that promise that the resident hears something are met by a message that has left, and by nothing that
was only written; and where what a resident must hear cannot leave, the desk is asked to call. Such a notice
stays on the list of the undelivered until its case knows (`is_put_on_case`), so that this is done after a
crash as well; being done twice changes nothing.
"""

import logging
from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case.command import Command
from chalicelib.domain.community.roles import TIMER
from chalicelib.domain.errors import CommandRefusedError
from chalicelib.domain.notices.kinds import RESIDENT_ID, TELLS, NoticeChannel
from chalicelib.domain.notices.must_hear import is_put_on_case, what_was_told
from chalicelib.domain.notices.suppression import why_suppressed
from chalicelib.domain.work.resident_forms import DeliveryForm
from chalicelib.services.desk import Desk
from chalicelib.services.ports import NoticeStore
from chalicelib.services.records import RETURNED, StoredNotice

NO_ADDRESS, CAP_REACHED = "no_address", "cap_reached"

UNREACHED = frozenset({NO_ADDRESS, CAP_REACHED})
"""The reasons for which a message is skipped although the resident should have had it."""

log = logging.getLogger(__name__)


class TellingRecord(Struct, frozen=True):
    """Puts on the case that its resident was told, or could not be."""

    desk: Desk
    notices: NoticeStore

    def record(self, ended: StoredNotice) -> None:
        """Put on the case what became of a message that its resident must hear."""
        notice = ended.notice
        if not is_put_on_case(notice, has_left=ended.status == "sent"):
            return
        if notice.recipient == RESIDENT_ID and (ended.status == "sent" or self._reached_nobody(ended)):
            at = ended.sent_at if ended.status == "sent" else None
            self._put(ended, f"delivery#{notice.key}", at, None if at else _why(ended))
        self.notices.recorded(ended)

    def came_back(self, stored: StoredNotice, found: str = "returned") -> None:
        """Ask the desk to call, if that mail was all that the resident had (B8).

        `found` tells the commands apart by which that may be put on the case.
        """
        notice = stored.notice
        is_of_resident = notice.recipient == RESIDENT_ID and is_put_on_case(notice, has_left=False)
        if is_of_resident and self._reached_nobody(stored):
            self._put(stored, f"{found}#{notice.key}", None, stored.outcome)

    def look_again(self, sent: StoredNotice) -> None:
        """See whether a mail came back before the case heard that it had left; one read for a resident's."""
        notice = sent.notice
        if notice.channel is not NoticeChannel.MAIL or not is_put_on_case(notice, has_left=False):
            return
        present = self.notices.get(sent.community, sent.number, notice.key)
        if present is not None and present.outcome in RETURNED:
            self.came_back(present, "returned_before")

    def _put(self, ended: StoredNotice, command_id: str, at: datetime | None, why: str | None) -> None:
        """Put on the case that the resident was told at an instant, or why not."""
        notice, case = ended.notice, self.desk.cases.get(ended.community, ended.number)
        of = None if notice.kind in TELLS else what_was_told(notice.kind)
        if of and why_suppressed(notice, case):
            return  # nobody has to hear of it any more
        form = DeliveryForm(notice.version, notice.channel, at, why, of)
        try:
            self.desk.carry_out(case, Command("record_delivery", TIMER, self.desk.now(), command_id, form))
        except CommandRefusedError:  # the case has ended in the meantime
            log.info("ended before", extra={"community": ended.community, "case": ended.number})

    def _reached_nobody(self, ended: StoredNotice) -> bool:
        """Whether no message with the same content has left, or can still leave; one query."""
        if ended.status == "skipped" and ended.error not in UNREACHED:
            return False
        alike = (
            stored
            for stored in self.notices.of_case(ended.community, ended.number)
            if (stored.notice.version, stored.notice.kind) == (ended.notice.version, ended.notice.kind)
            if stored.notice.key != ended.notice.key
        )
        return not any(stored.has_reached or stored.status in {"pending", "sending"} for stored in alike)


def _why(ended: StoredNotice) -> str:
    """Why it did not leave, as a code word; of a failure the provider's code stands on the notice."""
    return ended.error or "failed" if ended.status == "skipped" else "failed"
