"""The sending of notices, each of them once (A11, B3, D1, G3, G8, E8).

That holds whatever is delivered twice or breaks off.

A notice is claimed, sent, and marked sent. A failure gives it back, and the stream or `sweep` tries again. A
crash between sending and marking leaves it `sending`: nobody knows whether it left. After a while it is sent
again, since a warning that comes twice does less harm than one that never comes; but not a survey.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.form_fields import RequiredNoteForm
from chalicelib.domain.community.roles import TIMER
from chalicelib.domain.errors import CommandRefusedError
from chalicelib.domain.notices.changed_times import why_not_told
from chalicelib.domain.notices.kinds import ONCE_ONLY, NoticeChannel, NoticeKind
from chalicelib.domain.notices.sources import is_emergency
from chalicelib.domain.notices.suppression import why_suppressed
from chalicelib.domain.notices.templates import Texts
from chalicelib.domain.notices.until_morning import is_night_for
from chalicelib.log import count as log_count
from chalicelib.services.desk import Desk
from chalicelib.services.errors import UNKNOWN_WHETHER_SENT, DeliveryError
from chalicelib.services.notices.caps_per_person import Verdict, why_not_at_once
from chalicelib.services.notices.known_times import known_to_reader
from chalicelib.services.notices.message import Writer, address_of, texts_for
from chalicelib.services.notices.queue import in_turn
from chalicelib.services.notices.returned import tags_of
from chalicelib.services.notices.said import why_said_already
from chalicelib.services.notices.sms_budgets import DEFAULT_BUDGETS, Budgets
from chalicelib.services.notices.telling import NO_ADDRESS, TellingRecord
from chalicelib.services.ports import NoticeStore
from chalicelib.services.proof_codes import renew_code
from chalicelib.services.providers import MailSender, SmsSender
from chalicelib.services.records import StoredNotice

ATTEMPTS = 30
"""Then a notice has failed for good: the stream's tries, and two hours of sweeps."""

CLAIM_GRACE = timedelta(minutes=5)
"""A notice claimed this long ago and not marked was left by a crash: no function runs for so long."""

BUNDLES_AT_ONCE = 1000
"""Bundles unpacked in one sweep."""

log = logging.getLogger(__name__)


class Swept(Struct, frozen=True):
    """The result of a sweep: notices that left, and notices that failed for good."""

    left: int
    failed: int


class Delivery(Struct, frozen=True):
    """The sender of notices. `base_url` is the public address, without a slash at its end.

    `texts` gives the words of the notices, in a language if one is said; they are read when the first one is
    written. `budgets` say what SMS may cost.
    """

    desk: Desk
    notices: NoticeStore
    sms: SmsSender
    mail: MailSender
    base_url: str
    texts: Callable[..., Texts]
    budgets: Budgets = DEFAULT_BUDGETS

    @property
    def telling(self) -> TellingRecord:
        """What puts on the case that the resident was told, or could not be."""
        return TellingRecord(self.desk, self.notices)

    def deliver(self, stored: StoredNotice) -> bool:
        """Send a notice if it is still due; whether it left now.

        Raises DeliveryError if it did not leave: to be tried again, or never if the error is `final`. That is
        marked on the notice, where the desk sees it, and logged; asking again gives the same error, so that
        the record of the stream ends among the dead letters.
        """
        if stored.unrecorded:
            self.telling.record(stored)
        if stored.status == "failed":
            raise DeliveryError(stored.error or "failed", final=True)
        if stored.status != "pending" or stored.held:
            return False
        case = self.desk.cases.get(stored.community, stored.number)
        now = self.desk.now()
        known = known_to_reader(stored.notice, case, self.desk, self.notices)
        if pointless := why_suppressed(stored.notice, case) or why_not_told(stored.notice, case, known):
            return self.skip(stored, pointless)
        context = self.desk.context_of(case)
        if said := why_said_already(self.notices, stored.notice, case, context):
            return self.skip(stored, said)
        if is_night_for(stored.notice, case, now, known):
            return False
        address = address_of(stored.notice, case, context)
        if address is None:
            return self.skip(stored, NO_ADDRESS)
        if not stored.attempts:
            verdict = why_not_at_once(self.desk, self.budgets, stored.notice, case, address, now)
            if verdict is not None:
                return (
                    self._hold(stored, case, verdict) if verdict.held else self.skip(stored, verdict.reason)
                )
        return self.leave(stored, case, context, address, known)

    def leave(
        self, stored: StoredNotice, case: Case, context: Context, address: str, known: datetime | None
    ) -> bool:
        """Write a notice and send it now, if nobody else does. Raises DeliveryError if it did not leave."""
        now = self.desk.now()
        writer = Writer(
            self.desk, texts_for(stored.notice, case, context.community, self.texts), self.base_url
        )
        message = writer.message(stored.notice, case, context, address, now, known)
        if not self.notices.claim(stored, now):
            return False
        if stored.notice.kind is NoticeKind.CODE:
            renew_code(self.desk, case, stored.notice)
        return self._send(replace(stored, status="sending", attempts=stored.attempts + 1), address, message)

    def _hold(self, stored: StoredNotice, case: Case, verdict: Verdict) -> bool:
        """Put a notice off until a digest tells of it; an emergency among them is an alarm."""
        self.notices.hold(stored, verdict.reason)
        metric = "EmergenciesHeld" if is_emergency(stored.notice, case) else "MessagesHeld"
        log_count(metric, community=stored.community, case=stored.number, reason=verdict.reason)
        return False

    def skip(self, stored: StoredNotice, reason: str) -> bool:
        """Leave a notice unsent for good; it has not left."""
        self.notices.skip(stored, reason)
        self.telling.record(replace(stored, status="skipped", error=reason))
        return False

    def sweep(self, before: datetime, is_time_up: Callable[[], bool] = lambda: False) -> Swept:
        """Send the waiting notices created before an instant, as many as there is time for.

        One that cannot be sent does not keep the others waiting. Nor do many that wait for the morning: what
        one sweep has no time for, the next one begins with.
        """
        self._unpack(before)
        left = failed = 0
        for stored in in_turn(self.desk, self.notices, before, is_time_up):
            ids = {"community": stored.community, "case": stored.number, "notice": stored.notice.key}
            try:
                if stored.status == "sending":
                    self.give_back(stored)
                present = self.notices.get(stored.community, stored.number, stored.notice.key)
                left += present is not None and self.deliver(present)
            except DeliveryError as error:
                failed += error.final
                if not error.final:
                    log.warning("notice not sent yet", extra={**ids, "code": error.code})
            except Exception:
                log.exception("notice cannot be sent", extra=ids)
        return Swept(left, failed)

    def _unpack(self, before: datetime) -> None:
        """Unpack the bundles of notices that the stream has left."""
        for community, number, key in self.notices.bundled(before, BUNDLES_AT_ONCE):
            try:
                self.notices.unpack(community, number, key)
            except Exception:
                log.exception("bundle cannot be unpacked", extra={"community": community, "case": number})

    def give_back(self, stored: StoredNotice) -> None:
        """Take a notice that was claimed and never marked from whoever left it."""
        if stored.claimed_at is None or abs(self.desk.now() - stored.claimed_at) < CLAIM_GRACE:
            return  # claimed long after now: by a clock that was ahead, and nobody holds it any more
        final = stored.notice.kind in ONCE_ONLY or stored.attempts >= ATTEMPTS
        self.release(stored, UNKNOWN_WHETHER_SENT, final=final)

    def release(self, claimed: StoredNotice, code: str, *, final: bool) -> None:
        """Put a claimed notice back, or mark it as failed for good."""
        self.notices.release(claimed, code, final=final)
        if final:
            ids = {"community": claimed.community, "case": claimed.number, "notice": claimed.notice.key}
            log.error("notice failed", extra={**ids, "code": code})
            self.telling.record(replace(claimed, status="failed", error=code))

    def _send(self, claimed: StoredNotice, address: str, message: tuple[str, str]) -> bool:
        """Send what was claimed; DeliveryError if it was not taken."""
        try:
            provider_id = self.hand_over(claimed, address, message)
        except DeliveryError as error:
            final = self.not_taken(claimed, error)
            raise DeliveryError(error.code, final=final) from error
        self.sent(claimed, provider_id)
        return True

    def hand_over(self, claimed: StoredNotice, address: str, message: tuple[str, str]) -> str:
        """Give a message (subject, text) to its provider; the provider's id. Raises DeliveryError."""
        subject, text = message
        if claimed.notice.channel is NoticeChannel.SMS:
            return self.sms.send(address, text)
        return self.mail.send(address, subject, text, tags_of(claimed))

    def not_taken(self, claimed: StoredNotice, error: DeliveryError) -> bool:
        """Give back a claimed notice that its provider did not take; whether it has failed for good."""
        unsure = error.code == UNKNOWN_WHETHER_SENT and claimed.notice.kind in ONCE_ONLY
        final = error.final or unsure or claimed.attempts >= ATTEMPTS
        self.release(claimed, error.code, final=final)
        return final

    def sent(self, claimed: StoredNotice, provider_id: str) -> None:
        """Mark a claimed notice as sent, and what follows from that."""
        sent_at = max(self.desk.now(), claimed.notice.created_at)  # whichever clock was behind
        sent = replace(claimed, status="sent", sent_at=sent_at)
        self.notices.mark_sent(claimed, provider_id, sent_at)
        self.telling.record(sent)
        self.telling.look_again(sent)
        if claimed.notice.kind is NoticeKind.FAULT:
            self._worker_is_told(claimed)

    def _worker_is_told(self, sent: StoredNotice) -> None:
        """The written notice of a fault has left: its clock stops (C17). If this is lost, a person tells."""
        case = self.desk.cases.get(sent.community, sent.number)
        form = RequiredNoteForm(f"{sent.notice.channel}: {sent.notice.recipient}")
        command = Command("notify_worker", TIMER, self.desk.now(), f"told#{sent.notice.key}", form)
        try:
            self.desk.carry_out(case, command)
        except CommandRefusedError:
            log.info("told already", extra={"community": sent.community, "case": sent.number})
