"""What each command makes of a case: its guards, and the events that follow.

A decider is called only when the table (lifecycle.py) allows the command to this role in this state.
It returns payloads, or raises CommandRefusedError, NotAllowedError or InvalidInputError with a
sentence for the person who asked.
"""

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.clock_changes import moved_deadlines, next_report
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Setting
from chalicelib.domain.case.events import Payloads
from chalicelib.domain.dispatch.responsibility import only_who_answers, own_or_desk
from chalicelib.domain.follow_up.sampling import sample_for
from chalicelib.domain.work.plan import _price_is_settled


def start(case: Case, command: Command, setting: Setting) -> Payloads:
    only_who_answers(case, command.actor, setting)
    _price_is_settled(case)
    return (ev.Started(command.form.note),)


def progress(case: Case, command: Command, setting: Setting) -> Payloads:
    own_or_desk(case, command.actor, setting)
    return (ev.Progressed(command.form.note, next_report(case, command.at, setting)),)


def complete(case: Case, command: Command, setting: Setting) -> Payloads:
    only_who_answers(case, command.actor, setting)
    _price_is_settled(case)
    sample = sample_for(case.classification, case.tally.sample, case.community, case.number, setting)
    completed = ev.Completed(command.form.result, command.form.prevention, sample=sample)
    if case.clocks.pause is None:
        return (completed,)
    return (ev.Resumed(None, moved_deadlines(case, setting, ended_at=command.at)), completed)
