"""How a case ends without work: withdrawn, or merged into another (A16)."""

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Setting
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.case.numbering import NUMBER
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.intake.forms import MergeForm


def withdraw(_: Case, command: Command, __: Setting) -> Payloads:
    return (ev.Withdrawn(command.form.reason),)


def merge(case: Case, command: Command, _: Setting) -> Payloads:
    """Into a case that goes on; whether there is one of that number, the desk looks (services/desk.py)."""
    form: MergeForm = command.form
    if not NUMBER.fullmatch(form.into):
        raise InvalidInputError(
            f"'{form.into}' is not a case number; write it like {case.number}.",
            "no_case_number",
            example=case.number,
        )
    if form.into == case.number:
        raise InvalidInputError(
            "A case cannot be merged into itself; name another number.", "merged_into_itself"
        )
    return (ev.Merged(form.into, form.reason),)
