"""Whether a case is true: looked into, found untrue, objected to, upheld (B1)."""

from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.form_fields import ReasonForm, RequiredNoteForm
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.dispatch.responsibility import why_neither_own_nor_desk, why_unsorted
from chalicelib.domain.errors import CommandRefusedError, DomainError
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.work.forms import RejectForm, VerifyForm


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
    """A case is found untrue once, when it is known what it is about; taken up again it has to be solved."""
    if case.ending.findings is None:
        return why_unsorted(case, actor, context, at)
    return CommandRefusedError(
        f"Case {case.number} was rejected once and taken up again; it has to be solved now.",
        "rejected_before",
    )


def reject(_: Case, command: Command[RejectForm], __: Context) -> Payloads:
    """The event of finding a case untrue (B1)."""
    return (ev.Rejected(command.form.findings),)


def why_not_objected_to(case: Case, _: Actor, __: Context, ___: datetime) -> DomainError | None:
    """The findings are objected to once; then the manager decides."""
    if case.ending.objection is None:
        return None
    return CommandRefusedError("An objection was made already; the manager decides it.", "objected_already")


def object_to(_: Case, command: Command[ReasonForm], __: Context) -> Payloads:
    """The event of the resident's objection to the findings (B1)."""
    return (ev.Objected(command.form.reason),)


def why_not_upheld(case: Case, _: Actor, __: Context, ___: datetime) -> DomainError | None:
    """Findings are upheld against an objection; without one they stand anyway."""
    if case.ending.objection is not None:
        return None
    return CommandRefusedError("There is no objection to decide; the findings stand.", "no_objection")


def uphold(_: Case, command: Command[RequiredNoteForm], __: Context) -> Payloads:
    """The event of the manager upholding the findings, which closes the case (B1)."""
    return (ev.Closed(ev.CloseReason.UNTRUE, command.form.note),)
