"""Whether a case is true, and the company's: found untrue, objected to, upheld, referred (B1)."""

from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import IN_DISPATCH, Case
from chalicelib.domain.case.clock_changes import starting_deadlines
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import ReasonForm, RequiredNoteForm
from chalicelib.domain.case.held_closing import why_reply_owed
from chalicelib.domain.case.spoken import ReasonedWordForm, check_spoken_at, why_own_work
from chalicelib.domain.community.roles import MANAGERS, Actor
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.dispatch.responsibility import why_neither_own_nor_desk, why_unsorted
from chalicelib.domain.errors import CommandRefusedError, DomainError, NotAllowedError
from chalicelib.domain.regulation.limits import Begins, Clock
from chalicelib.domain.work.forms import ReferForm, RejectForm, VerifyForm
from chalicelib.domain.work.suggestion import SUGGESTION

UNTRUE = "untrue"
"""The finding of a complaint that is not so; the others of `FINDINGS` leave it to be solved."""

NEVER_UNTRUE = frozenset({"repair", "help"})
"""The kinds of cases that nobody can find untrue (B1, S4)."""


def is_to_verify(case: Case) -> bool:
    """Whether somebody has still to look into it: the clock of that runs (B1)."""
    return case.state in IN_DISPATCH and any(deadline.clock is Clock.VERIFY for deadline in case.open)


def is_found_untrue(case: Case) -> bool:
    """Whether a leader has to reject it: what was found last is that it is untrue (B1).

    One that was rejected and taken up again has to be solved, whatever is found.
    """
    return case.state in IN_DISPATCH and case.work.finding == UNTRUE and case.ending.findings is None


def why_not_verified(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """A case is looked into where the regulation asks for it; handlers and heads only on theirs (B1)."""
    if Clock.VERIFY not in case.clocks.deadlines:
        return CommandRefusedError(
            f"The regulation does not ask to verify a case like {case.number}.", "no_verification"
        )
    return why_neither_own_nor_desk(case, actor, context, at)


def verify(_: Case, command: Command[VerifyForm], __: Context) -> Payloads:
    """The event of what a complaint was found to be (B1); found untrue, a leader can reject it."""
    return (ev.Verified(command.form.finding, command.form.note),)


def why_not_rejected(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """A complaint is found untrue once; taken up again it has to be solved (B1).

    A repair or a call for help is no claim that could be untrue: it is looked at, and solved or referred.
    It stays one for this, also where somebody has called it a complaint since.
    """
    if refused := why_only_the_manager_decides(case, actor):
        return refused
    kinds = (case.classification.kind, case.first_kind)
    if kind := next((kind for kind in kinds if kind in NEVER_UNTRUE), None):
        return CommandRefusedError(
            f"A {kind} cannot be refused as untrue: solve it, or refer it to whom it is for to solve.",
            "never_untrue",
        )
    if case.ending.findings is None:
        return why_unsorted(case, actor, context, at)
    return CommandRefusedError(
        f"Case {case.number} was rejected once and taken up again; it has to be solved now.",
        "rejected_before",
    )


def why_only_the_manager_decides(case: Case, actor: Actor) -> DomainError | None:
    """A suggestion reaches the manager: nobody else rejects it or refers it (A13)."""
    if case.classification.kind != SUGGESTION or actor.role in MANAGERS:
        return None
    return NotAllowedError(
        "A suggestion is for the manager to decide; nobody else rejects it or refers it.",
        "suggestion_for_manager",
    )


def why_not_referred(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """What is sorted is referred; a suggestion by the manager alone (A13, B1)."""
    return why_unsorted(case, actor, context, at) or why_only_the_manager_decides(case, actor)


def reject(_: Case, command: Command[RejectForm], __: Context) -> Payloads:
    """The event of finding a case untrue (B1)."""
    return (ev.Rejected(command.form.findings),)


def object_to(case: Case, command: Command[ReasonForm], context: Context) -> Payloads:
    """The event of the resident's one objection to the findings (B1); the clock of its decision starts."""
    return (ev.Objected(command.form.reason, _decided_by(case, command, context)),)


def why_no_objection_recorded(case: Case, actor: Actor, _: Context, __: datetime) -> DomainError | None:
    """The one objection is recorded by a colleague of whoever has the work (A8, B1)."""
    return why_own_work(case, actor)


def record_objection(case: Case, command: Command[ReasonedWordForm], context: Context) -> Payloads:
    """The event of the objection that the resident told the desk by word (A8, B1)."""
    form = command.form
    check_spoken_at(form.spoken_at, case.clocks.started_at, command.at)
    started = _decided_by(case, command, context)
    return (ev.Objected(form.reason, started, form.spoken_to, form.spoken_at, form.manner),)


def _decided_by(case: Case, command: Command[object], context: Context) -> tuple[Deadline, ...]:
    return starting_deadlines(Begins.OBJECTED, case.classification, command.at, context, 1)


def why_not_upheld(case: Case, _: Actor, __: Context, ___: datetime) -> DomainError | None:
    """The refusal to end a case whose letter nobody has answered in writing (A12)."""
    return why_reply_owed(case)


def uphold(_: Case, command: Command[RequiredNoteForm], __: Context) -> Payloads:
    """The event of the manager upholding the findings, which closes the case (B1)."""
    return (ev.Closed(ev.CloseReason.UNTRUE, command.form.note, note_told=True),)


def refer(_: Case, command: Command[ReferForm], __: Context) -> Payloads:
    """The event of a case that is somebody else's to solve, as was explained (B1)."""
    return (ev.Referred(command.form.to, command.form.explanation),)
