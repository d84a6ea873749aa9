"""Deadlines planned anew after the calendar was amended (G1)."""

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.clock_changes import replanned_deadlines
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.deadlines.deadline import moved_between
from chalicelib.domain.work.forms import ReplanForm


def replan(case: Case, command: Command[ReplanForm], context: Context) -> Payloads:
    """The event of deadlines planned anew under the calendar as it is now (G1).

    No event if all of them stay as they are.
    """
    deadlines = replanned_deadlines(case, command.at, context)
    moved = moved_between(case.deadlines, deadlines)
    form = command.form
    return (ev.Replanned(form.reason, deadlines, moved, form.amended),) if deadlines else ()
