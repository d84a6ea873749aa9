"""What the resident has heard: an answer that was given, a message that left or could not (B8, C15)."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import OPEN, Case, State
from chalicelib.domain.case.clock_changes import next_news
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.met_by import MET_BY
from chalicelib.domain.case.telling import Untold
from chalicelib.domain.community.roles import DESK, Actor, Role
from chalicelib.domain.dispatch.ranks import on_duty_for, person_of_rank
from chalicelib.domain.dispatch.responsibility import why_neither_own_nor_desk
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError
from chalicelib.domain.regulation.limits import HEARD, Clock
from chalicelib.domain.work.malicious import why_not_the_supervisor
from chalicelib.domain.work.progress import answered
from chalicelib.domain.work.replies import THE_ANSWER, delivered_reply
from chalicelib.domain.work.resident_forms import AnswerForm, DeliveryForm

RECORDED_WITHIN = timedelta(days=1)
"""How long after an answer it can still be put on record with its own time (ours)."""

MOST_ASKED = 3
"""How many people are asked to call one resident (ours): more would only call twice."""


def why_not_answered(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """The desk answers on any case, others on theirs; after the work only who asked to call (B2, B8)."""
    refused = why_neither_own_nor_desk(case, actor, context, at) or why_not_the_supervisor(case, actor, at)
    if refused or case.telling.to_call or case.state in OPEN - {State.COMPLETED}:
        return refused
    if case.state is State.COMPLETED:
        return CommandRefusedError(
            f"Case {case.number} is completed, and the resident was told; record a revisit instead.",
            "answered_by_revisit",
        )
    return CommandRefusedError(
        f"Case {case.number} has ended, and nothing about it waits to be told; take it up again if there is "
        "more to do.",
        "nothing_to_tell",
    )


def answer(case: Case, command: Command[AnswerForm], context: Context) -> Payloads:
    """The events of an answer that somebody gave the resident (C1, C12, C15).

    It is also the call for which the desk was asked, where no message could leave: then it tells the price
    too. Else it completes an inquiry, unless that is still to be answered in writing (A12). Raises
    InvalidInputError for a time that is still to come, or too long ago.
    """
    form = command.form
    given_at = _given_at(case, form.given_at, command.at, context)
    told = [written for written in case.telling.to_call if written.of == "proposed"]
    also = (*THE_ANSWER.get(case.classification.kind, ()), *((Clock.QUOTE,) if told else ()))
    news = next_news(case, given_at, context) if case.state in OPEN else ()
    given = ev.AnswerGiven(form.said, form.manner, given_at, form.spoken_to, also, news, form.entry)
    if case.telling.to_call or case.owes_reply or case.reply_pending:
        return (given,)
    return (given, *answered(case, command, context, form.said))


def _given_at(case: Case, given_at: datetime | None, at: datetime, context: Context) -> datetime:
    """When the answer was given: in this round, or in the talk that was registered, a day ago at most."""
    if given_at is None:
        return at
    if given_at > at:
        raise InvalidInputError("'given_at' lies in the future; record what was said.", "answer_in_future")
    began_at = case.report.contacted_at if case.round == 1 else case.clocks.started_at
    earliest = max(began_at or case.registered_at, at - RECORDED_WITHIN)
    if given_at < earliest:
        raise InvalidInputError(
            f"'given_at' lies {earliest.astimezone(context.zone):%Y-%m-%d %H:%M} at the earliest: the case "
            "began then, or it is a day ago.",
            "answer_too_early",
            earliest=earliest,
        )
    return given_at


def record_delivery(case: Case, command: Command[DeliveryForm], context: Context) -> Payloads:
    """The event of a message to the resident that has left, or could not (B8).

    None where the case knows already, or waits for nothing that it tells. A mail that has left and came back
    has told nobody; the clocks that it met when it left stay met. Nobody calls whose data are gone.
    """
    form = command.form
    if case.erased and form.heard_at is None:
        return ()
    of_reply = delivered_reply(case, command, context)
    if of_reply is not None:  # posted instead, whatever else was said since (A12)
        asked = whom_to_ask(case, command.at, context)
        return tuple(
            replace(payload, asked=asked) if isinstance(payload, ev.ResidentNotTold) else payload
            for payload in of_reply
        )
    came_back = case.telling.left_of(form.told)
    if came_back and form.heard_at is None:
        asked = whom_to_ask(case, command.at, context)
        return (ev.ResidentNotTold(came_back.version, came_back.of, form.why or "failed", asked),)
    written = case.telling.of(form.told) or (Untold(form.told, form.of) if form.of else None)
    if written is None or (form.heard_at is None and written in case.telling.to_call):
        return ()
    if written.of == "completed" and not _still_awaited(case, written):
        return ()
    if form.heard_at is None:
        asked = whom_to_ask(case, command.at, context)
        return (ev.ResidentNotTold(written.version, written.of, form.why or "failed", asked),)
    news = () if written.of == "completed" else next_news(case, form.heard_at, context)
    return (ev.ResidentTold(written.version, written.of, form.channel, form.heard_at, news),)


def _still_awaited(case: Case, written: Untold) -> bool:
    """Whether a clock waits for the resident to hear of it."""
    tells = MET_BY[ev.EVENT_TYPES[written.of]]
    return any(deadline.clock in HEARD and deadline.clock in tells for deadline in case.clocks.open)


def whom_to_ask(case: Case, at: datetime, context: Context) -> tuple[str, ...]:
    """Those who are asked to call a resident whom no message reaches (A9).

    Whoever of the desk took the case in and is there, else the desk's staff on duty, else its nearest rank.
    """
    community = context.community
    first = community.member(case.first_asked)
    if first is not None and first.role in DESK and not community.is_off_duty(first.username, at):
        return (first.username,)
    there = [member for member in on_duty_for(community, "desk", at) if member.role in DESK]
    if not there and (nearest := person_of_rank(community, Role.AGENT, "desk", at)):
        there = [nearest]
    return tuple(member.username for member in there[:MOST_ASKED])
