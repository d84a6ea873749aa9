"""Found untrue, objected to, upheld (B1)."""

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Setting
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.errors import CommandRefusedError


def reject(case: Case, command: Command, _: Setting) -> Payloads:
    if case.ending.findings is not None:
        raise CommandRefusedError(
            f"Case {case.number} was rejected once and taken up again; it has to be solved now.",
            "rejected_before",
        )
    return (ev.Rejected(command.form.findings),)


def object_to(case: Case, command: Command, _: Setting) -> Payloads:
    if case.ending.objection is not None:
        raise CommandRefusedError(
            "An objection was made already; the manager decides it.", "objected_already"
        )
    return (ev.Objected(command.form.reason),)


def uphold(case: Case, command: Command, _: Setting) -> Payloads:
    if case.ending.objection is None:
        raise CommandRefusedError("There is no objection to decide; the findings stand.", "no_objection")
    return (ev.Closed(ev.CloseReason.UNTRUE, command.form.note),)
