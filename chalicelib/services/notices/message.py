"""What a notice says, and where it goes: written when it is sent, from the case as it is then."""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Event
from chalicelib.domain.case.links import Purpose, link_for
from chalicelib.domain.case.who_sees import sees_contact
from chalicelib.domain.community.community import Community
from chalicelib.domain.community.language import language_of, language_to
from chalicelib.domain.community.phones import can_get_sms
from chalicelib.domain.community.roles import Role
from chalicelib.domain.notices.details import OF_DANGER
from chalicelib.domain.notices.event_values import speaks_of_its_event
from chalicelib.domain.notices.kinds import RESIDENT_ID, Notice, NoticeChannel, NoticeKind, purpose_of
from chalicelib.domain.notices.placeholders import Addresses, values_of
from chalicelib.domain.notices.templates import Texts, write_bare_mail, write_mail, write_sms
from chalicelib.services.desk import Desk
from chalicelib.services.proof import is_proved, sealed
from chalicelib.services.views.shown import masked_case, masked_events


class Writer(Struct, frozen=True):
    """The writer of messages. `base_url` is the public address, without a slash at its end."""

    desk: Desk
    texts: Texts
    base_url: str

    def message(
        self,
        notice: Notice,
        case: Case,
        context: Context,
        address: str,
        now: datetime,
        known: datetime | None,
    ) -> tuple[str, str]:
        """Subject and text; an SMS has no subject. `known` is what the reader knew of a moved deadline.

        A mail to an address that may be anybody's has the number and the link, and nothing that was typed.
        """
        purpose = purpose_of(notice.kind, notice.recipient, case)
        to = address if notice.recipient == RESIDENT_ID else ""
        addresses = Addresses(
            link=self.link(case, purpose, context, to, notice.recipient) if purpose else "",
            track=self.link(case, Purpose.TRACK, context, to),
            desk=f"{self.base_url}/desk/{case.community}/cases/{case.number}",
            case=f"{self.base_url}/w/{case.number}",
        )
        by_mail = notice.channel is NoticeChannel.MAIL
        proves = notice.kind is NoticeKind.CODE  # a code, and nothing that anybody typed
        checked = proves or notice.kind is NoticeKind.REPLY  # nor does a reply have what strangers typed
        if to and by_mail and not checked and self._may_be_anybodys(case, context, address, now):
            mail = write_bare_mail(self.texts, case.number, addresses.link or addresses.track)
            return mail.subject, mail.body
        cause = self._cause(notice, case)
        code = self.desk.proof_code(case.community, case.number, notice.detail or "")
        code = code if proves else ""
        shown, cause = _as_read(notice, case, context, cause)
        values = values_of(notice, shown, context, addresses, now, self.texts, cause, known, code)
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

    def link(self, case: Case, purpose: Purpose, context: Context, to: str, person: str = "") -> str:
        """The address of a link; one that goes `to` a resident's number or address carries its seal.

        That of an alert is the `person`'s own.
        """
        code = self.desk.codes.code(link_for(case, purpose, context.regulation.survey.link_days, person))
        return f"{self.base_url}/l/{sealed(self.desk, code, to) if to else code}"

    def _may_be_anybodys(self, case: Case, context: Context, address: str, now: datetime) -> bool:
        """Whether nobody knows whose the mail address is: it never answered, and no person took it down."""
        taker = context.community.person(case.report.taken_by)
        is_by_staff = taker is not None and taker.role is not Role.MACHINE
        return not is_by_staff and not is_proved(self.desk, address, now)


def _as_read(notice: Notice, case: Case, context: Context, cause: Event | None) -> tuple[Case, Event | None]:
    """The case and the event of a notice, as its reader sees them on pages (E8, G13).

    The unit stands in an alert about words of danger: where that is, somebody has to go.
    """
    if notice.recipient == RESIDENT_ID:
        return case, cause
    staff, community = context.community.member(notice.recipient), context.community
    if staff and sees_contact(staff.member_of(community), case):
        return case, cause
    shown = masked_case(case)
    if notice.detail in OF_DANGER:
        shown = replace(shown, report=replace(shown.report, unit=case.report.unit))
    return shown, next(iter(masked_events(case, (cause,)))) if cause else None


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


def texts_for(notice: Notice, case: Case, community: Community, texts: Callable[..., Texts]) -> Texts:
    """The words of a notice: in the language of whoever gets it, else in that of the community (A11)."""
    if notice.recipient == RESIDENT_ID:
        return texts(case.report.language or language_of(community))
    return texts(language_to(community.member(notice.recipient), community))
