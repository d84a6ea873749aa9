"""How a case closes, and what keeps it open (D10, G6, G7)."""

from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import RequiredNoteForm
from chalicelib.domain.case.held_closing import why_reply_owed
from chalicelib.domain.community.roles import MANAGERS, Actor
from chalicelib.domain.errors import CommandRefusedError, DomainError, NotAllowedError
from chalicelib.domain.follow_up.answers import Answer, answers
from chalicelib.domain.follow_up.forms import ArchiveForm
from chalicelib.domain.follow_up.obligations import revisits_needed


def silent_reason(case: Case) -> ev.CloseReason:
    """The reason to close a case when no more answer comes (G7).

    The last answer of this round still stands; without any it is silence.
    """
    given = answers(case)
    if not given:
        return ev.CloseReason.SILENT
    return ev.CloseReason.SATISFIED if given[-1] is Answer.SATISFIED else ev.CloseReason.NEUTRAL


def close(case: Case, command: Command[RequiredNoteForm], context: Context) -> Payloads:
    """The event of a leader closing the case (G7).

    It says if a revisit was left out, so that the figures show it.
    """
    left_out = revisits_needed(case, context) > 0
    return (ev.Closed(ev.CloseReason.DECIDED, command.form.note, revisit_left_out=left_out),)


def why_not_archived(case: Case, _: Actor, __: Context, ___: datetime) -> DomainError | None:
    """The refusal to archive a case that owes a report or an answer (A12, B6, D4)."""
    if case.owes_reply or case.reply_pending:
        return why_reply_owed(case) or CommandRefusedError(
            f"A reply of case {case.number} was begun and has not left; send it, or drop it.", "reply_pending"
        )
    if case.open_points:
        return CommandRefusedError(
            f"Of what was raised at revisits of case {case.number} not all is answered; answer it first.",
            "points_open",
        )
    if not case.report_duty.owed:
        return None
    return CommandRefusedError(
        f"Case {case.number} owes a written report; file that first, then archive it.", "report_owed"
    )


def archive(_: Case, command: Command[ArchiveForm], __: Context) -> Payloads:
    """The event that puts a case away with its summary (D10)."""
    form = command.form
    return (ev.Archived(form.cause, form.course, form.result, form.lesson),)


def why_not_closed(case: Case, actor: Actor, context: Context, _: datetime) -> DomainError | None:
    """A leader closes a case once the resident was asked and nothing is owed (D10).

    What is owed can be left out by the manager alone, with the reason in writing: a resident who has died or
    moved away cannot be asked. Not by a manager who did the work (G6). A letter is answered first (A12).
    """
    if refused := why_reply_owed(case):
        return refused
    if case.rating is None and not case.follow_up.revisits:
        return CommandRefusedError(
            "Nobody has asked the resident yet; record a revisit before the case is closed.", "nobody_asked"
        )
    if case.follow_up.promised_until is not None:
        return CommandRefusedError(
            "An answer is promised to the resident; record the revisit that gives it first.", "promise_open"
        )
    if not revisits_needed(case, context):
        return None
    if actor.role not in MANAGERS:
        return CommandRefusedError(
            f"A revisit of case {case.number} is still owed; record it. Only the manager may close the case "
            "without it, with the reason.",
            "revisit_owed",
        )
    if actor.id in case.assignment.everybody:
        return NotAllowedError(
            "A revisit is still owed, and whoever did the work cannot leave it out; a colleague has to "
            "revisit.",
            "leaves_out_own",
        )
    return None
