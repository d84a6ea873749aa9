"""The acceptance of work at a common part, by a colleague; and giving an acceptance up (B9, B13)."""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import LongText, ReasonForm, check
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.errors import CommandRefusedError, DomainError, NotAllowedError
from chalicelib.domain.follow_up.reopening import SEEN_WRONG, next_round
from chalicelib.domain.work.acceptance import check_proved, why_not_awaited, why_rain_not_over


class SeenForm(Struct, frozen=True):
    """The form of whoever saw it.

    `proved`: the water flows, or it rained and nothing came through.
    """

    proved: bool
    note: LongText | None = None

    def __post_init__(self) -> None:
        check(self, blank_is_none=True)


def why_not_seen_wrong(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """The desk accepts work at a common part or sends it back, never their own (G6)."""
    if refused := why_not_awaited(case, actor, context, at):
        return refused
    if not case.work.acceptance.common:
        return CommandRefusedError(
            "This work is in somebody's home: whoever lives there accepts it, by signature.",
            "household_signs",
        )
    if actor.id in case.assignment.everybody:
        return NotAllowedError(
            "Whoever had a part in the work does not accept it; a colleague has to see it.", "accepts_own"
        )
    return None


def why_not_seen(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """As for sending it back; what was sealed is accepted from the day on that the desk has set."""
    return why_not_seen_wrong(case, actor, context, at) or why_rain_not_over(case, context, at)


def accept_common(case: Case, command: Command[SeenForm], _: Context) -> Payloads:
    """The event of a colleague who has seen that it holds; InvalidInputError where it does not."""
    check_proved(case, proved=command.form.proved)
    return (ev.CommonWorkAccepted(command.form.note),)


def refuse_common(case: Case, command: Command[ReasonForm], context: Context) -> Payloads:
    """The events of work that does not hold: it is done again, however often (D7).

    No resident was dissatisfied with it, so it does not end with the last of their returns.
    """
    reason = command.form.reason
    return (ev.CommonWorkRefused(reason), next_round(case, command, context, SEEN_WRONG, reason))


def why_not_given_up(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """A leader gives up what nobody has accepted, but not for their own work (G6)."""
    if refused := why_not_awaited(case, actor, context, at):
        return refused
    if case.work.acceptance.given_up is not None:
        return CommandRefusedError("That nobody will accept this work is on record.", "given_up_already")
    if actor.id in case.assignment.everybody:
        return NotAllowedError(
            "Whoever had a part in the work does not give its acceptance up; another leader does.",
            "gives_up_own",
        )
    return None


def give_up(_: Case, command: Command[ReasonForm], __: Context) -> Payloads:
    """The event that ends the waiting for an acceptance; a signature that still comes is taken."""
    return (ev.AcceptanceGivenUp(command.form.reason),)
