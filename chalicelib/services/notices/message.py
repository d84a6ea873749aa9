"""What a notice says, and where it goes: written when it is sent, from the case as it is then."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Event
from chalicelib.domain.case.links import Purpose, link_for
from chalicelib.domain.community.phones import can_get_sms
from chalicelib.domain.notices.event_values import speaks_of_its_event
from chalicelib.domain.notices.kinds import RESIDENT_ID, Notice, NoticeChannel, NoticeKind, purpose_of
from chalicelib.domain.notices.placeholders import Addresses, values_of
from chalicelib.domain.notices.templates import Texts, write_mail, write_sms
from chalicelib.services.desk import Desk


@dataclass(frozen=True, slots=True)
class Writer:
    """The writer of messages. `base_url` is the public address, without a slash at its end."""

    desk: Desk
    texts: Texts
    base_url: str

    def message(
        self, notice: Notice, case: Case, context: Context, now: datetime, known: datetime | None
    ) -> tuple[str, str]:
        """Subject and text; an SMS has no subject. `known` is what the reader knew of a moved deadline."""
        purpose = purpose_of(notice.kind, notice.recipient, case)
        addresses = Addresses(
            link=self._link(case, purpose, context) if purpose else "",
            track=self._link(case, Purpose.TRACK, context),
            desk=f"{self.base_url}/desk/{case.community}/cases/{case.number}",
        )
        cause = self._cause(notice, case)
        code = self.desk.proof_code(case.community, case.number, notice.detail or "")
        code = code if notice.kind is NoticeKind.CODE else ""
        values = values_of(notice, case, context, addresses, now, self.texts, cause, known, code)
        if notice.channel is NoticeChannel.SMS:
            return "", write_sms(self.texts, notice.kind, notice.detail, values)
        mail = write_mail(self.texts, notice.kind, notice.detail, values)
        return mail.subject, mail.body

    def _cause(self, notice: Notice, case: Case) -> Event | None:
        """The event of a notice that speaks of it, which few do: one query."""
        if not speaks_of_its_event(notice):
            return None
        events = self.desk.cases.events(case.community, case.number)
        return next((event for event in events if event.version == notice.version), None)

    def _link(self, case: Case, purpose: Purpose, context: Context) -> str:
        link = link_for(case, purpose, context.regulation.survey.link_days)
        return f"{self.base_url}/l/{self.desk.codes.code(link)}"


def address_of(notice: Notice, case: Case, context: Context) -> str | None:
    """The recipient's number or mail address as it is now; None where this channel reaches nobody."""
    if notice.recipient == RESIDENT_ID:
        phone, email = case.report.phone, case.report.email
    else:
        member = context.community.member(notice.recipient)
        phone, email = (member.phone, member.email) if member else (None, None)
    if notice.channel is NoticeChannel.SMS:
        return phone if can_get_sms(phone) else None
    return email or None
