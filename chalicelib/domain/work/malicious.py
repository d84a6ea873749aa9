"""The malicious track: two people decide, with evidence and an end date, and one appeal (A15, G14).

It changes who answers and what the desk and its leaders see, nothing else: no clock, no assignment, no alert
and no right of the resident asks for it, and every figure counts the case.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.due import DueAction
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import LongText, ReasonForm, check
from chalicelib.domain.case.spoken import ReasonedWordForm, check_spoken_at
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.deadlines.timer_key import TimerKey
from chalicelib.domain.dispatch.ranks import person_of_rank
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError, NotAllowedError

A_WEEK = timedelta(days=7)
"""How often a decision that is late is asked for again (ours)."""

CHASE = "chase_decision"
"""The action of the timer that asks for a decision again."""

ANSWERS = frozenset({Role.SUPERVISOR, Role.DEPARTMENT_HEAD, Role.MANAGER, Role.COMPANY_HEAD})
"""Who answers a resident who is on the track."""


class MaliciousForm(Struct, frozen=True):
    """The form of proposing the malicious track: why, what proves it, and until when (A15, G14)."""

    until: datetime
    reason: LongText
    evidence: LongText

    def __post_init__(self) -> None:
        check(self)


class AppealDecisionForm(Struct, frozen=True):
    """The form of the company head's decision on an appeal, and why (G14)."""

    lifted: bool
    reason: LongText

    def __post_init__(self) -> None:
        check(self)


def why_not_proposed(case: Case, _: Actor, __: Context, at: datetime) -> DomainError | None:
    """The track is proposed once at a time; never again where an appeal has lifted it (G14)."""
    track = case.track
    if track is None or (track.decided_at and not track.confirmed):
        return None
    if track.lifted:
        return CommandRefusedError(
            f"The company head has lifted the malicious track of case {case.number}; that is final.",
            "malicious_lifted",
        )
    if track.decided_at is None:
        return CommandRefusedError(
            f"The malicious track of case {case.number} was proposed already; the manager decides.",
            "malicious_proposed",
        )
    if track.stands(at):
        return CommandRefusedError(
            f"The malicious track of case {case.number} stands already.", "malicious_stands"
        )
    return CommandRefusedError(
        f"The malicious track of case {case.number} has ended; propose it on a newer case, if there is one.",
        "malicious_ended",
    )


def propose(_: Case, command: Command[MaliciousForm], context: Context) -> Payloads:
    """The event of a proposed track; InvalidInputError for an end date that is past or too far (G14)."""
    form, policy = command.form, context.regulation.malicious
    latest = command.at + timedelta(days=policy.longest_days)
    if not command.at < form.until <= latest:
        raise InvalidInputError(
            f"'until' is a time from now on, at most {policy.longest_days} days ahead: a malicious track "
            "ends by itself.",
            "malicious_until",
            days=policy.longest_days,
        )
    return (ev.MaliciousProposed(form.reason, form.evidence, form.until, _decided_by(command.at, context)),)


def _decided_by(at: datetime, context: Context) -> datetime:
    return at + timedelta(days=context.regulation.malicious.decide_days)


def why_not_decided(case: Case, actor: Actor, _: Context, __: datetime) -> DomainError | None:
    """The manager decides on a proposal, and is somebody else than who made it (G14)."""
    if case.track is None or case.track.decided_at is not None:
        return CommandRefusedError(
            f"Nobody has proposed the malicious track for case {case.number}.", "no_malicious_proposed"
        )
    if case.track.proposed_by == actor.id:
        return NotAllowedError("Whoever proposed the malicious track does not decide it.", "own_proposal")
    return None


def why_not_confirmed(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """A track is confirmed while its end date is still to come (G14)."""
    if refused := why_not_decided(case, actor, context, at):
        return refused
    if case.track is not None and case.track.until <= at:
        return CommandRefusedError(
            "The proposed end date has passed; dismiss the proposal instead.", "malicious_too_late"
        )
    return None


def confirm(case: Case, command: Command[ReasonForm], _: Context) -> Payloads:
    """The event of the manager's decision that the track stands (G14); the resident is told."""
    if case.track is None:
        raise ValueError(f"Case {case.number} has no malicious track to confirm.")
    return (ev.MaliciousConfirmed(command.form.reason, case.track.until),)


def dismiss(_: Case, command: Command[ReasonForm], __: Context) -> Payloads:
    """The event of the manager's decision that there is no track (G14)."""
    return (ev.MaliciousDismissed(command.form.reason),)


def why_no_appeal(case: Case, _: Actor, __: Context, at: datetime) -> DomainError | None:
    """A resident appeals once, while the track stands (G14)."""
    if case.track is None or not case.track.stands(at):
        return CommandRefusedError(
            f"No malicious track of case {case.number} stands; there is nothing to appeal against.",
            "no_malicious_track",
        )
    if case.track.appealed_at is not None:
        return CommandRefusedError(
            f"An appeal about case {case.number} was made already; the company head's word is final.",
            "appealed_already",
        )
    return None


def appeal(_: Case, command: Command[ReasonForm], context: Context) -> Payloads:
    """The event of the resident's appeal (G14)."""
    return (ev.Appealed(command.form.reason, _decided_by(command.at, context)),)


def record_appeal(case: Case, command: Command[ReasonedWordForm], context: Context) -> Payloads:
    """The event of an appeal that the resident made by word to the desk (G14)."""
    form = command.form
    decided_at = case.track.decided_at if case.track else None
    check_spoken_at(form.spoken_at, decided_at or case.registered_at, command.at)
    said = form.spoken_to, form.spoken_at, form.manner
    return (ev.Appealed(form.reason, _decided_by(command.at, context), *said),)


def why_no_appeal_decided(case: Case, _: Actor, __: Context, ___: datetime) -> DomainError | None:
    """An appeal is decided only where one waits (G14)."""
    if case.track is not None and case.track.waits_for is Role.COMPANY_HEAD:
        return None
    return CommandRefusedError(f"No appeal about case {case.number} waits for a decision.", "no_appeal")


def decide_appeal(_: Case, command: Command[AppealDecisionForm], __: Context) -> Payloads:
    """The event of the company head's decision, which is final (G14); the resident is told."""
    return (ev.AppealDecided(command.form.lifted, command.form.reason),)


def why_not_the_supervisor(case: Case, actor: Actor, at: datetime) -> DomainError | None:
    """Whoever is on the track is answered by the supervisor or above; in an emergency by anybody (A15)."""
    stands = case.track is not None and case.track.stands(at)
    if not stands or case.classification.urgency == "emergency" or actor.role in ANSWERS:
        return None
    return NotAllowedError(
        f"Until the malicious track of case {case.number} ends the supervisor answers the resident; pass on "
        "what is to be said.",
        "supervisor_answers",
    )


def decision_timers(case: Case) -> Iterator[DueAction]:
    """The timer of a decision that is waited for: at its time, then every week, whatever the state."""
    track = case.track
    if track is not None and (rank := track.waits_for):
        nth = track.chased + 1
        key = TimerKey("malicious", "remind", rank, nth)
        yield DueAction(key, track.due_at + A_WEEK * track.chased, CHASE, None, rank)


def chased(case: Case, due: DueAction, at: datetime, context: Context) -> ev.DecisionChased:
    """The event of asking for a decision again."""
    person = person_of_rank(context.community, Role(due.told), case.classification.department, at)
    return ev.DecisionChased(due.told, person.username if person else None, due.key.nth)
