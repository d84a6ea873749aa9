"""The case that leads an incident: one piece of work for many reports of one outage or hazard (A16, G10).

Which report belongs to it says same_incident.py. It is over when the case is: solved, referred or found
untrue.
"""

from datetime import datetime, timedelta

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import LongText, ReasonForm, RequiredNoteForm, check
from chalicelib.domain.community.places import Scope, places_of
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.dispatch.responsibility import why_unsorted
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError
from chalicelib.domain.intake.identification import why_not_joined
from chalicelib.domain.intake.masking import masked

TAKES_FOR = timedelta(hours=24)
"""How long after its opening reports join an incident by themselves (ours): a later one may be another."""

TOLD_AGAIN_AFTER = timedelta(minutes=10)
"""How far broadcasts of one incident are apart at least (ours): each goes to everybody."""

NO_INCIDENT = frozenset({"inquiry", "suggestion", "praise"})
"""The kinds of reports of which many are no incident: nothing has gone out of order."""


class OpenIncidentForm(Struct, frozen=True):
    """The form by which a case comes to lead an incident; `text` is what those concerned read.

    `scope` is how far it reaches from where the case was reported: `community`, `building`, `entrance` or
    `riser`.
    """

    text: LongText
    scope: str = Scope.BUILDING.value

    def __post_init__(self) -> None:
        check(self)
        if self.scope not in set(Scope):
            raise InvalidInputError(f"'scope' is one of: {', '.join(Scope)}.")


def why_not_opened(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """A sorted case leads one incident, and none about a person (G13)."""
    if case.leads:
        return CommandRefusedError(
            f"Case {case.number} leads an incident already; tell what has changed.", "leads_already"
        )
    if case.classification.kind in NO_INCIDENT:
        return CommandRefusedError(
            "An inquiry, a suggestion or praise is no incident; correct the kind if it is one.", "no_incident"
        )
    return why_unsorted(case, actor, context, at) or why_not_joined(case)


def open_incident(case: Case, command: Command[OpenIncidentForm], context: Context) -> Payloads:
    """The event of an incident's beginning. InvalidInputError where the unit does not say the place."""
    form = command.form
    places = places_of(case.report.unit, context.community)
    place = places.get(Scope(form.scope))
    if place is None:
        raise InvalidInputError(
            f"The unit of case {case.number} does not say its {form.scope}; 'scope' can be: "
            f"{', '.join(places)}.",
            "no_such_place",
        )
    _check_text(form.text, case)
    until = command.at + TAKES_FOR
    return (ev.IncidentOpened(case.classification.matter, form.scope, place, until, form.text),)


def why_not_leading(case: Case, _: Actor, __: Context, ___: datetime) -> DomainError | None:
    """Only the case that leads an incident speaks for it."""
    if case.leads:
        return None
    return CommandRefusedError(f"Case {case.number} leads no incident.", "leads_none", number=case.number)


def why_not_told(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """Broadcasts are some minutes apart: each is a message to everybody who reported it."""
    if refused := why_not_leading(case, actor, context, at):
        return refused
    if case.incident is not None and at - case.incident.told_at < TOLD_AGAIN_AFTER:
        minutes = int(TOLD_AGAIN_AFTER.total_seconds() // 60)
        return CommandRefusedError(
            f"Everybody was told less than {minutes} minutes ago; tell them again after that.",
            "told_just_now",
            minutes=minutes,
        )
    return None


def tell_incident(case: Case, command: Command[RequiredNoteForm], _: Context) -> Payloads:
    """The event of a broadcast; the same words again tell nobody anything."""
    _check_text(command.form.note, case)
    if case.incident is not None and command.form.note == case.incident.text:
        raise InvalidInputError("'text' is what everybody was told last; say what has changed.", "told_that")
    return (ev.IncidentTold(command.form.note),)


def dissolve_incident(_: Case, command: Command[ReasonForm], __: Context) -> Payloads:
    """The event of an incident that was none."""
    return (ev.IncidentDissolved(command.form.reason),)


def takes(case: Case, at: datetime) -> bool:
    """Whether reports still join the incident of this case by themselves."""
    return case.leads and case.incident is not None and at <= case.incident.until


def _check_text(text: str, case: Case) -> None:
    """Strangers read it: InvalidInputError where it names who reported the case (E8)."""
    if masked(text, case.report) != text:
        raise InvalidInputError(
            "'text' is read by everybody who reported the same, and it names the unit, name, phone or mail "
            "address of whoever reported this case; say it without.",
            "names_reporter",
        )
