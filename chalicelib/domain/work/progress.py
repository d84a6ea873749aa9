"""The work itself: somebody is there, it is started, its progress noted, completed (B4, B8, B9)."""

from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.clock_changes import moved_deadlines
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import NoteForm, RequiredNoteForm
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.dispatch.responsibility import why_not_responsible
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError
from chalicelib.domain.follow_up.obligations import revisits_wanted
from chalicelib.domain.follow_up.sampling import sample_for
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.work.acceptance import proof_wanted
from chalicelib.domain.work.common_parts import is_common
from chalicelib.domain.work.confirmers import why_plan_waits
from chalicelib.domain.work.forms import CompleteForm
from chalicelib.domain.work.plan import why_price_unsettled
from chalicelib.domain.work.signers import asked_first, is_own_signature, is_signed_off


def why_not_worked_on(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """Only the person responsible works, by a confirmed plan and a settled price (B2, B5, C16)."""
    return why_not_responsible(case, actor, context, at) or why_plan_waits(case) or why_price_unsettled(case)


def why_not_arrived(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """The person responsible arrives, once a round; work may begin later, when a price is agreed (B10)."""
    if refused := why_not_responsible(case, actor, context, at):
        return refused
    if case.work.arrived_at is None:
        return None
    return CommandRefusedError(f"Somebody is on record as there for case {case.number}.", "arrived_already")


def arrive(_: Case, command: Command[NoteForm], __: Context) -> Payloads:
    """The event of somebody standing at the place (B10, B11)."""
    return (ev.Arrived(command.form.note),)


def start(_: Case, command: Command[NoteForm], __: Context) -> Payloads:
    """The event of the start of the work (B4)."""
    return (ev.Started(command.form.note),)


def progress(_: Case, command: Command[RequiredNoteForm], __: Context) -> Payloads:
    """The event of news for the resident; they count when the message has left (B8)."""
    return (ev.Progressed(command.form.note, unheard=True),)


def complete(case: Case, command: Command[CompleteForm], context: Context) -> Payloads:
    """The events of a completion (B9): a pause ends, the department has answered, then the work ends.

    Where the regulation wants the head's signature first, the result is handed in and nobody is told.
    The case may fall into the manager's sample (D6). InvalidInputError where the department's answer is owed
    and the form names no cause: what was done alone is no answer (B4).
    """
    form = command.form
    if form.cause is None and owes_answer(case):
        raise InvalidInputError(
            "The department has not answered with the cause yet; give 'cause' with the result.", "answer_owed"
        )
    cause = (ev.CauseReported(form.cause, form.result),) if form.cause is not None else ()
    if not is_own_signature(case, command.actor, context):
        asked = asked_first(case, command.actor.id, context, command.at)
        handed_in = ev.ResultHandedIn(form.result, form.prevention, asked)
        return (*_resumed(case, command, context), *cause, handed_in)
    return completed(case, command, context, form.result, form.prevention, cause)


def completed(
    case: Case,
    command: Command[object],
    context: Context,
    result: str,
    prevention: str | None = None,
    cause: Payloads = (),
    *,
    heard: bool = False,
    done_by: str | None = None,
) -> Payloads:
    """The events of work that has this result: the resident is asked about it.

    `cause` is the department's answer, if it comes with the result. `heard`: the resident knows the result
    already, and no head signs it off. `done_by` as in `Completed`.
    """
    sample = sample_for(case.classification, case.tally.sample, case.community, case.number, context)
    wanted, stands = revisits_wanted(case.classification, context)
    proof = proof_wanted(case, context)
    done = ev.Completed(
        result,
        prevention,
        sample=sample,
        revisits=wanted,
        survey_stands=stands,
        unheard=not heard,
        accepted_by=proof,
        common=proof is not None and is_common(case),
        signed_off=not heard and is_signed_off(case, context),
        done_by=done_by,
    )
    return (*_resumed(case, command, context), *cause, done)


def _resumed(case: Case, command: Command[object], context: Context) -> Payloads:
    """The end of the pause that still lasts."""
    if case.clocks.pause is None:
        return ()
    return (ev.Resumed(None, moved_deadlines(case, context, ended_at=command.at)),)


def answered(
    case: Case, command: Command[object], context: Context, answer: str, done_by: str | None = None
) -> Payloads:
    """The completion of an inquiry by an answer that the resident has heard; none where more is to be done.

    The answer is the result of an inquiry. Until somebody has signed for it, whoever took it in answers for
    it, and once it is answered nobody has to sign (A9, A10, C12); whoever has signed completes it.
    """
    if not case.ends_with_an_answer:
        return ()
    return completed(case, command, context, answer, heard=True, done_by=done_by)


def owes_answer(case: Case) -> bool:
    """Whether the department has still to answer with cause and plan (B4).

    The result of an inquiry is its answer.
    """
    is_asked = case.classification.kind != "inquiry" and Clock.ANSWER in case.clocks.deadlines
    return is_asked and Clock.ANSWER not in case.clocks.met
