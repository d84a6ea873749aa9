"""The services outside that are called in danger, and the record of those calls (A6)."""

from datetime import datetime, timedelta

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import LongText, ShortText, check
from chalicelib.domain.community.community import OutsideService
from chalicelib.domain.community.entry import is_dialled
from chalicelib.domain.community.language import LANGUAGES
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError
from chalicelib.domain.intake.danger import danger_of
from chalicelib.domain.regulation.policies import OutsideNumber

OTHER = "other"
"""What a service is called that is none of the numbers shown; its phone says which."""

RECORDED_WITHIN = timedelta(days=1)
"""How long after a call outside it can still be put on record with its own time (ours)."""


class OutsideCallForm(Struct, frozen=True):
    """The form that records a call to a service outside: which, and what it answered (A6).

    `service` is the id of one of the numbers shown, or `other` with the number `dialled`. Without `called_at`
    it was called now.
    """

    service: ShortText
    answered: LongText
    dialled: ShortText | None = None
    called_at: datetime | None = None

    def __post_init__(self) -> None:
        check(self, blank_is_none=True)


def numbers_of(context: Context) -> tuple[OutsideNumber, ...]:
    """Every outside number of the community: its own before the regulation's, then what it adds (A6)."""
    own = {service.id: _as_number(service) for service in context.community.outside}
    known = {number.id for number in context.regulation.outside}
    return (
        *(_local(number, own.get(number.id)) for number in context.regulation.outside),
        *(number for number in own.values() if number.id not in known),
    )


def numbers_for(case: Case, context: Context) -> tuple[OutsideNumber, ...]:
    """The outside numbers to call for what a case is about; none where nobody has to be called (A6).

    An emergency whose matter has none, and an unsorted report with words of danger, have all those of
    emergencies; of the unsorted those ahead that the triage thinks of.
    """
    about, unsorted = case.classification, danger_of(case, context) is not None
    pressing = about.urgency == "emergency" or unsorted
    own = tuple(_of_the_matter(about.matter, context)) if about.urgency != "normal" else ()
    if own or not pressing:
        return own
    emergencies = {
        matter.id for matter in context.regulation.matters.values() if matter.urgency == "emergency"
    }
    every = [n for n in numbers_of(context) if not n.matters or emergencies & set(n.matters)]
    thought = _of_the_matter(case.proposal.matter, context) if unsorted and case.proposal else []
    ahead = [number for number in thought if number in every]
    return (*ahead, *(number for number in every if number not in ahead))


def why_no_call_recorded(case: Case, _: Actor, context: Context, __: datetime) -> DomainError | None:
    """Calls outside belong to what is urgent or dangerous (A6)."""
    if case.alarm is not None or numbers_for(case, context):
        return None
    return CommandRefusedError(
        f"Case {case.number} is nothing for which a service outside is called; correct its urgency first.",
        "no_outside_call",
    )


def record_call(case: Case, command: Command[OutsideCallForm], context: Context) -> Payloads:
    """The event of a call to a service outside (A6).

    Raises InvalidInputError for a time that is still to come or before the case, for an unknown service
    without its phone number, and for a number that nobody can dial.
    """
    form = command.form
    known = next((number for number in numbers_of(context) if number.id == form.service), None)
    dialled = form.dialled or (known.phone if known else None)
    if dialled is None:
        ids = ", ".join(number.id for number in numbers_of(context))
        raise InvalidInputError(
            f"'service' is one of: {ids}; or record another one as 'other', with what was 'dialled'.",
            "unknown_service",
            services=ids,
        )
    if form.dialled is not None and not is_dialled(form.dialled):
        raise InvalidInputError(
            "'dialled' is the number that was called: digits with spaces or hyphens, such as 119 or "
            "0571-88001119.",
            "not_dialled",
        )
    called_at = form.called_at or command.at
    if called_at > command.at:
        raise InvalidInputError(
            "'called_at' lies in the future; record calls once they are made.", "call_in_future"
        )
    began_at = min(case.report.contacted_at or case.registered_at, case.registered_at)
    earliest = max(began_at, command.at - RECORDED_WITHIN)
    if called_at < earliest:
        raise InvalidInputError(
            f"'called_at' lies {earliest.astimezone(context.zone):%Y-%m-%d %H:%M} at the earliest.",
            "call_too_early",
            earliest=earliest,
        )
    return (ev.OutsideCalled(form.service, dialled, called_at, form.answered),)


def _of_the_matter(matter: str, context: Context) -> list[OutsideNumber]:
    """The numbers of a matter, those of the regulation first.

    Who has it earlier among their own comes earlier: the ambulance for the poisoned, then the police.
    """
    known = {number.id for number in context.regulation.outside}
    own = (number for number in numbers_of(context) if matter in number.matters)
    return sorted(own, key=lambda number: (number.id not in known, number.matters.index(matter)))


def _local(number: OutsideNumber, own: OutsideNumber | None) -> OutsideNumber:
    """The regulation's number as the community has it; its matters stay unless the community says others."""
    if own is None:
        return number
    return OutsideNumber(number.id, own.names, own.phone, own.matters or number.matters)


def _as_number(service: OutsideService) -> OutsideNumber:
    return OutsideNumber(service.id, dict.fromkeys(LANGUAGES, service.name), service.phone, service.matters)
