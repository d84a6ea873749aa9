"""The work itself: started, its progress noted, completed (B4, B8, B9)."""

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
from chalicelib.domain.errors import DomainError
from chalicelib.domain.follow_up.obligations import revisits_wanted
from chalicelib.domain.follow_up.sampling import sample_for
from chalicelib.domain.work.forms import CompleteForm
from chalicelib.domain.work.plan import why_price_unsettled


def why_not_worked_on(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """Only the person responsible works, once the price is settled (B2, C16)."""
    return why_not_responsible(case, actor, context, at) or why_price_unsettled(case)


def start(_: Case, command: Command[NoteForm], __: Context) -> Payloads:
    """The event of the start of the work (B4)."""
    return (ev.Started(command.form.note),)


def progress(_: Case, command: Command[RequiredNoteForm], __: Context) -> Payloads:
    """The event of news for the resident; they count when the message has left (B8)."""
    return (ev.Progressed(command.form.note, unheard=True),)


def complete(case: Case, command: Command[CompleteForm], context: Context) -> Payloads:
    """The events of a completion (B9): a pause ends, then the work.

    The case may fall into the manager's sample (D6).
    """
    return completed(case, command, context, command.form.result, command.form.prevention)


def completed(
    case: Case, command: Command[object], context: Context, result: str, prevention: str | None = None
) -> Payloads:
    """The events of work that has this result: the resident is asked about it."""
    sample = sample_for(case.classification, case.tally.sample, case.community, case.number, context)
    wanted, stands = revisits_wanted(case.classification, context)
    done = ev.Completed(
        result, prevention, sample=sample, revisits=wanted, survey_stands=stands, unheard=True
    )
    if case.clocks.pause is None:
        return (done,)
    return (ev.Resumed(None, moved_deadlines(case, context, ended_at=command.at)), done)
