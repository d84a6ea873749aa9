"""What a case still owes, as staff read it: the written report and the revisit (B6, D2, D6)."""

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.context import Setting
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.dispatch.written_report import fell_due_with
from chalicelib.domain.follow_up.obligations import revisits_needed
from chalicelib.domain.follow_up.sampling import owed_to_sample
from chalicelib.domain.follow_up.schedule import revisit_due_at
from chalicelib.domain.regulation.limits import Clock
from chalicelib.web.formats import short
from chalicelib.web.words import Words


def report_line(case: Case, words: Words) -> str:
    """That a written report is owed, and by when if it has a clock; empty if none is (B6)."""
    if not case.report_duty.owed:
        return ""
    running = case.deadlines.get(Clock.WRITTEN_REPORT)
    if running is None or Clock.WRITTEN_REPORT in case.met:
        return words("case.report_owed")
    return words("case.report_owed_by", due=short(running.due_at, case.zone, words))


def revisit_line(case: Case, setting: Setting, words: Words) -> str:
    """Who is to revisit and by when, and that the sample holds the case; empty if no revisit is to come.

    Until somebody is asked, it is the rank that the sample wants, else nobody yet. Of a case that has closed
    it is the second asking that is left.
    """
    if case.state is not State.COMPLETED:
        return _second_asking_line(case, setting, words)
    if case.follow_up.revisitor is None and not revisits_needed(case, setting):
        return ""
    rank = owed_to_sample(case, setting)
    who = words.role(rank) if rank else words("case.revisit_by_nobody_yet")
    if case.follow_up.revisitor is not None:
        who = name_of(case.follow_up.revisitor, setting)
    due = short(case.follow_up.revisit_due_at or revisit_due_at(case, setting), case.zone, words)
    return words("case.revisit_of_sample" if rank else "case.revisit_by", who=who, due=due)


def _second_asking_line(case: Case, setting: Setting, words: Words) -> str:
    """Who is to ask again and by when; empty if nobody is (G6)."""
    asked = case.follow_up
    if asked.ask_again_after is None:
        return ""
    who = name_of(asked.revisitor, setting) if asked.revisitor else words("case.revisit_by_nobody_yet")
    due = short(asked.revisit_due_at or revisit_due_at(case, setting), case.zone, words)
    return words("case.ask_again_by", who=who, due=due)


def owed_with(event: ev.Event, zone: str, words: Words) -> tuple[tuple[str, str], ...]:
    """What is owed with this, as details of its line: a report by its time, or the revisit of the sample."""
    if clock := fell_due_with(event):
        return (("", words("case.report_owed_by", due=short(clock.due_at, zone, words))),)
    match event.payload:
        case ev.Closed(report_owed=True):
            return (("", words("case.report_owed")),)
        case ev.Completed(sample=ev.Sample(taken=True, rank=rank)):
            return (("", words("case.sampled", role=words.role(rank))),)
        case _:
            return ()
