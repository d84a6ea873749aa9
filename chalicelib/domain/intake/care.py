"""Who agreed that a need for help is noted, and taking that back (G15)."""

from collections.abc import Iterable
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import IN_DISPATCH, Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.days import is_of_our_age
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError
from chalicelib.domain.intake.reclassification import reclassified_deadlines

Consent = tuple[str | None, date | None]
"""Who agreed, and on which day; nobody and none where nothing is noted."""

NO_CONSENT: Consent = (None, None)


class WithdrawCareForm(Struct, frozen=True):
    """The form of taking the consent back.

    `at_desk` is who of the desk did it for a proved number; only the desk itself fills it in.
    """

    at_desk: str | None = None


def consent_to(
    by: str | None, on: date | None, who: Iterable[str | None], today: date, *, noted: bool
) -> Consent:
    """Who agreed to the note, and when: as said, else the first known of `who`, and today.

    InvalidInputError where nobody is known, or for a day that has not come: without a consent there is no
    note. Who agreed is not said without the note.
    """
    if not noted:
        if by:
            raise InvalidInputError(
                "Tick 'care' as well, or leave 'care_by' out: a consent is kept with its note alone.",
                "consent_without_note",
            )
        return NO_CONSENT
    agreed = by or next(filter(None, who), None)
    if agreed is None:
        raise InvalidInputError(
            "Say in 'care_by' who agreed that the need for help is noted: it is not noted without a consent.",
            "no_consent",
        )
    day = on or today
    if day > today or not is_of_our_age(day):
        raise InvalidInputError("'care_on' is the day of the consent; it has not come yet.", "consent_day")
    return agreed, day


def why_no_care_withdrawn(case: Case, _: Actor, __: Context, ___: datetime) -> DomainError | None:
    """Only a note that there is can be taken back."""
    if case.classification.care:
        return None
    return CommandRefusedError(
        f"Case {case.number} has no note that somebody needs help; there is nothing to take back.",
        "no_care_noted",
    )


def withdraw_care(case: Case, command: Command[WithdrawCareForm], context: Context) -> Payloads:
    """The event that takes the note away; what was promised ends no later for it (B7)."""
    without = replace(case.classification, care=False)
    deadlines = (
        tuple(reclassified_deadlines(case, without, command.at, context, gives_time=False))
        if case.state in IN_DISPATCH
        else ()
    )
    at_desk = command.form.at_desk if command.actor.role is Role.SYSTEM else None
    return (ev.CareWithdrawn(deadlines, at_desk),)
