"""The acceptance of the work by its resident: signed, refused, nobody at home, after the rain (B9, B13)."""

from datetime import datetime, timedelta

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.acceptance import BY_LINK, NEXT_RAIN, SIGNATURE
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import ReasonForm
from chalicelib.domain.case.money import OF_THE_WORK
from chalicelib.domain.case.own_signature import check_drawn, way_of
from chalicelib.domain.community.roles import RESIDENT, Actor
from chalicelib.domain.dispatch.responsibility import why_neither_own_nor_desk
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError
from chalicelib.domain.follow_up.reopening import not_satisfied
from chalicelib.domain.work.acceptance_forms import AcceptanceDayForm, AcceptForm, NobodyHomeForm
from chalicelib.domain.work.common_parts import is_common
from chalicelib.domain.work.order_forms import RefusedForm
from chalicelib.domain.work.warranty import accepted_by

LATEST_VISIT = timedelta(days=90)
"""A visit or a day that is further away is a slip (ours)."""

ACCEPTED_IN = frozenset({State.COMPLETED, State.CLOSED})
"""The states in which a work can be accepted: nobody waits any more for what is filed."""

REFUSED = "acceptance"
"""The cause of a round that a refused acceptance makes."""


def proof_wanted(case: Case, context: Context) -> str | None:
    """What proves the work when it is accepted, of a matter as the regulation says; None: nobody accepts it.

    A household accepts its repair, and help for which somebody came (S4), but not what was solved without a
    visit. At a common part a drain and what was sealed are accepted, by a colleague; nobody signs for more.
    """
    kind = case.classification.kind
    if kind not in OF_THE_WORK or (kind != "repair" and case.work.arrived_at is None):
        return None
    proof = accepted_by(context.regulation.warranty, case.classification.matter)
    return None if is_common(case) and proof == SIGNATURE else proof


def still_waits(case: Case) -> bool:
    """Whether the work is done, and somebody can still accept it."""
    return case.work.acceptance.waits and case.state in ACCEPTED_IN


def is_unaccepted(case: Case) -> bool:
    """Whether the work is done and its acceptance is asked for: after the closing only of what was sealed."""
    return still_waits(case) and (
        case.state is State.COMPLETED or case.work.acceptance.is_asked_after_closing
    )


def why_not_awaited(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """The refusal where nothing waits to be accepted, or not by this person (B2)."""
    if refused := why_neither_own_nor_desk(case, actor, context, at):
        return refused
    acceptance = case.work.acceptance
    if acceptance.by is None:
        return CommandRefusedError(
            f"The work of case {case.number} is not one that is accepted by signature.", "nothing_to_accept"
        )
    if acceptance.signed_at is not None:
        return CommandRefusedError(f"The work of case {case.number} is accepted already.", "accepted_already")
    return None


def _why_not_theirs(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    if refused := why_not_awaited(case, actor, context, at):
        return refused
    if not case.work.acceptance.common:
        return None
    return CommandRefusedError(
        "This work is at a common part: a colleague who had no part in it sees whether it holds, and accepts "
        "it.",
        "common_part",
    )


def why_not_accepted(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """A household's work is accepted once; what was sealed from the day on that the desk has set (B13)."""
    return _why_not_theirs(case, actor, context, at) or why_rain_not_over(case, context, at)


def why_rain_not_over(case: Case, context: Context, at: datetime) -> DomainError | None:
    """The refusal to accept what was sealed before it has rained (B13)."""
    day = case.work.acceptance.day
    if case.work.acceptance.by != NEXT_RAIN:
        return None
    if day is None:
        return CommandRefusedError(
            "What was sealed is accepted after the next rain; the desk sets the day first.",
            "rain_day_missing",
        )
    if context.calendar.local_date(at) < day:
        return CommandRefusedError(
            f"What was sealed is accepted after the next rain, from {day} on.", "rain_not_yet", day=day
        )
    return None


def accept(case: Case, command: Command[AcceptForm], _: Context) -> Payloads:
    """The event of a signature (B9): by link, drawn in front of whoever takes it, or on paper.

    InvalidInputError without either, or where nobody says that the drain flows or the sealing has held.
    """
    form, acceptance = command.form, case.work.acceptance
    check_proved(case, proved=form.proved)
    how = BY_LINK
    if command.actor == RESIDENT:
        check_drawn(case, form.signature)
    else:
        how = way_of(case, form.signature, acceptance.since)
    proved = form.proved if acceptance.by != SIGNATURE else None
    return (ev.WorkAccepted(how, form.resident_name, form.signature, form.device, proved, form.note),)


def check_proved(case: Case, *, proved: bool | None) -> None:
    """Raise InvalidInputError where nobody says that the drain flows, or the sealing has held."""
    by = case.work.acceptance.by
    if by != SIGNATURE and not proved:
        raise InvalidInputError(
            "Say in 'proved' that the water flows, or that it rained and nothing came through; if it is not "
            "so, the work is not accepted.",
            f"unproved_{by}",
        )


def why_not_refused(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """Only what waits for its acceptance is refused; later the case is reopened (D7)."""
    return _why_not_theirs(case, actor, context, at)


def refuse(case: Case, command: Command[ReasonForm], context: Context) -> Payloads:
    """The events of work that its resident does not accept: it is done again, as after any "no" (D7)."""
    reason = command.form.reason
    return (ev.WorkRefused(reason), *not_satisfied(case, command, context, REFUSED, reason))


def record_refusal(case: Case, command: Command[RefusedForm], context: Context) -> Payloads:
    """The same, as the resident said it to whoever stood there."""
    form = command.form
    recorded = ev.WorkRefused(form.reason, form.spoken_to)
    return (recorded, *not_satisfied(case, command, context, REFUSED, form.reason))


def nobody_home(_: Case, command: Command[NobodyHomeForm], __: Context) -> Payloads:
    """The event of a visit in vain; InvalidInputError if nobody comes again and no note was left."""
    form = command.form
    if form.again_at is None and form.note is None:
        raise InvalidInputError(
            "Say in 'again_at' when somebody comes again, or in 'note' what note was left.", "nobody_home_and"
        )
    if form.again_at is not None and not command.at < form.again_at <= command.at + LATEST_VISIT:
        raise InvalidInputError(
            f"'again_at' is a time within the next {LATEST_VISIT.days} days.",
            "again_at_wrong",
            days=LATEST_VISIT.days,
        )
    return (ev.NobodyHome(form.again_at, form.note),)


def why_no_day_set(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """Only what was sealed waits for the rain (B13)."""
    if refused := why_not_awaited(case, actor, context, at):
        return refused
    if case.work.acceptance.by == NEXT_RAIN:
        return None
    return CommandRefusedError("This work waits for no rain; it can be accepted now.", "no_rain_awaited")


def set_day(case: Case, command: Command[AcceptanceDayForm], context: Context) -> Payloads:
    """The event of the day from which a sealing can be accepted; the resident is told."""
    day = command.form.day
    done_on = context.calendar.local_date(case.work.completed_at or command.at)
    if not done_on <= day <= context.calendar.local_date(command.at + LATEST_VISIT):
        raise InvalidInputError(
            f"'day' is one after the work was done, and within the next {LATEST_VISIT.days} days.",
            "rain_day_wrong",
            days=LATEST_VISIT.days,
        )
    return (ev.AcceptanceDaySet(day, command.form.note),)
