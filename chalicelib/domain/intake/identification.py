"""Saying whom of the staff a complaint is about (G13)."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.about import NOBODY, About, named_in
from chalicelib.domain.case.case import IN_DISPATCH, Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.kept_away import kept_away
from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.roles import STAFF_ROLES, Actor, Role
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError
from chalicelib.domain.intake.forms import IdentifyForm
from chalicelib.domain.intake.merging import going_on
from chalicelib.domain.regulation.rules import UNSORTED

Texts = Iterable[str | None]

MAY_ACCUSE = frozenset({"complaint", UNSORTED})
"""The kinds of report in whose text the name of a member of staff says whom it is about (G13)."""


def is_person(member: Staff) -> bool:
    """Whether a complaint can be about this member: whoever works here, also who has left since."""
    return member.role in STAFF_ROLES - {Role.COMMITTEE}


def is_of_staff(username: str, community: Community) -> bool:
    """Whether a complaint can be about whoever has that username."""
    member = community.person(username)
    return member is not None and is_person(member)


def no_such_person(username: str) -> InvalidInputError:
    """The error for a username that nobody of the staff has."""
    return InvalidInputError(
        f"'{username}' is nobody of the staff here; name a username, or describe the person.",
        "no_such_person",
    )


def people_meant(
    named: str | None, said_of: Texts, told: Texts, kind: str, community: Community
) -> tuple[str, ...]:
    """The usernames of the staff whom a report is about: who was `named`, and whose names stand in it.

    A name in what was `said_of` somebody always counts; one in what was `told` where the kind may accuse: a
    repair that mentions a worker is not about them. InvalidInputError for a username that nobody has.
    """
    if named and not is_of_staff(named, community):
        raise no_such_person(named)
    found = named_in((*said_of, *told) if kind in MAY_ACCUSE else said_of, community)
    return tuple(dict.fromkeys((*((named,) if named else ()), *found)))


def identify(case: Case, command: Command[IdentifyForm], context: Context) -> Payloads:
    """The event that says whom of the staff the complaint is about, or that nobody.

    Where it is in the hands of somebody who is kept away from now on, it leaves them and is assigned anew.
    One that was merged goes on by itself: a complaint about a person stands alone.
    """
    return *identify_merged(case, command, context), *going_on(case, command.at, context)


def identify_merged(case: Case, command: Command[IdentifyForm], context: Context) -> Payloads:
    """The same of a merged case, passed on from the one that goes on."""
    form, community = command.form, context.community
    if form.person is not None and not is_of_staff(form.person, community):
        raise no_such_person(form.person)
    about = About((form.person,)) if form.person else NOBODY
    if about == case.about:
        raise CommandRefusedError(
            f"That is what case {case.number} says already.", "identified_already", number=case.number
        )
    return ev.Identified(form.person, form.reason), *taken_back(case, about, case.classification, context)


def taken_back(
    case: Case, about: About, classification: ev.Classification, context: Context
) -> Iterator[ev.TakenBack]:
    """The event that takes the case from a handler kept away from it."""
    handler, away = case.assignment.handler, kept_away(about, classification.urgency, context.community)
    if handler in away and case.state in IN_DISPATCH:
        yield ev.TakenBack(handler)


def why_not_merged(case: Case, _: Actor, __: Context, ___: datetime) -> DomainError | None:
    """A complaint about a person stands alone: whoever sees the other case would learn of it (G13).

    Nor does what leads an incident go into another: all that were joined to it wait for its work (A16).
    """
    if case.leads:
        return CommandRefusedError(
            f"Case {case.number} leads an incident; merge the other one into it, or dissolve the incident.",
            "leads_incident",
            number=case.number,
        )
    return why_not_joined(case)


def why_not_joined(case: Case) -> DomainError | None:
    """Why nothing can be merged with this case; None if it can."""
    if case.about == NOBODY:
        return None
    return CommandRefusedError(
        f"Case {case.number} is about a person, and is not merged with any other.",
        "about_a_person",
        number=case.number,
    )
