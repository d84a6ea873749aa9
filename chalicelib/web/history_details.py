"""The facts of a history in words (B6, B7, D2, D6, G1).

Values, changed deadlines, and what a case still owes.
"""

from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from typing import Any

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.recordings import NAME
from chalicelib.domain.community.roles import Role
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.dispatch.written_report import fell_due_with
from chalicelib.domain.follow_up.obligations import revisits_needed
from chalicelib.domain.follow_up.sampling import owed_to_sample
from chalicelib.domain.follow_up.schedule import revisit_due_at
from chalicelib.domain.money import yuan
from chalicelib.domain.notices.history_readers import Line
from chalicelib.domain.regulation.limits import Clock
from chalicelib.web.alarm_lines import service_name
from chalicelib.web.classified import classified
from chalicelib.web.form_choices import department_of
from chalicelib.web.formats import day_name, phone_shown, short, whole_day
from chalicelib.web.order_lines import listed_line
from chalicelib.web.payer_lines import component_name
from chalicelib.web.words import Words, named_languages

SPELLED_OUT = {
    ("paused", "reason"): "pause_reasons",
    ("classification_judged", "kind"): "kinds",
    ("classification_judged", "urgency"): "urgencies",
    ("classification_judged", "severity"): "severities",
    ("closed", "reason"): "close_reasons",
    ("verified", "finding"): "findings",
    ("work_accepted", "how"): "acceptance_ways",
    ("measure_planned", "sort"): "measure_sorts",
    ("acceptance_chased", "told"): "acceptance_asked",
    ("revisit_drawn", "because"): "drawn_because",
    ("closing_held", "reason"): "close_reasons",
    ("reopened", "cause"): "reopened_because",
    ("resident_told", "of"): "written_for_resident",
    ("resident_not_told", "of"): "written_for_resident",
    ("resident_not_told", "why"): "why_not_sent",
    ("result_shared", "outcome"): "incident_outcomes",
    ("incident_opened", "scope"): "scopes",
}
"""Facts that are code words, and the group of the catalogue that has their names."""


def in_words(line: Line, name: str, context: Context, words: Words, *, to_resident: bool = False) -> str:
    """One fact of an event in words, for staff or the resident; free text as it is."""
    fact: Any = line.facts[name]
    if (line.type, name) in SPELLED_OUT and fact is not None:
        return words.name_as_read(SPELLED_OUT[line.type, name], fact, to_resident=to_resident)
    match name, fact:
        case "note", str() if line.type == "worker_notified" and line.role is Role.SYSTEM:
            channel, _, worker = fact.partition(": ")  # as the delivery has put it on record
            told = words.name("notice_channels", channel)
            return f"{told}{words('page.colon')}{name_of(worker, context)}"
        case "worker", str():
            return name_of(fact, context)
        case "people", tuple():
            return words.listed(name_of(username, context) for username in fact) or words(
                "page.unknown_person"
            )
        case "place", str():
            return f" {fact}" if fact else ""  # the whole community has none
        case "service", str():
            return service_name(fact, context, words)
        case "asked", tuple():
            names = [name_of(username, context) for username in fact]
            return words.listed(names) if names else words("page.unknown_person")
        case "done_by", None:
            return ""
        case (("person" | "handler" | "revisitor" | "owner" | "done_by"), _):
            return name_of(fact, context) if fact else words("page.unknown_person")
        case "clock", None if line.type == "escalated":
            return words("case.by_hand")
        case _, None:
            return words("page.none") if name == "clock" else ""
        case "recordings", tuple():  # what the desk keeps itself is heard or opened above
            return "\n".join(place for place in fact if not NAME.fullmatch(place))
        case (("left_out" | "points"), tuple()):
            return "\n".join(fact)
        case "files", tuple():
            return str(len(fact))
        case "stage", str():
            return words(f"files.told_{fact}")
        case "right", bool():
            return words("case.sorted_right" if fact else "case.sorted_wrong")
        case "matter", str():
            return words.of(context.regulation.names_of_matter(fact) or {"en": fact})
        case "kept", tuple():
            return words.listed([words.name("clocks", clock) for clock in fact]) if fact else ""
        case "lifted", _:
            return words("case.lifted" if fact else "case.kept")
        case "reached", _:
            return words("page.reached" if fact else "page.not_reached")
        case "adopted", _:
            return words("page.adopted" if fact else "page.not_adopted")
        case (("point" | "measure" | "line"), _):
            return str(fact)
        case _, ev.Classification():
            return classified(fact, context, words)
        case _, date() if not isinstance(fact, datetime):
            return whole_day(fact, words)
        case _, datetime():
            return short(fact, context.community.zone, words)
        case "clock", _:
            return words.name("clocks", fact)
        case "role", _:
            return words.role(fact)
        case "phone", str():
            return phone_shown(fact, context.community.country, words)
        case "language", _:
            return dict(named_languages()).get(str(fact), str(fact))
        case "department", _:
            handler = str(line.facts.get("handler") or "") if line.type == "assigned" else ""
            return department_of(handler, fact, context.community, words)
        case "differs", bool():
            return words("case.item_differs" if fact else "case.item_same")
        case "score", _:
            return f"{fact} · {words.name('scores', fact)}"
        case "chargeable", _:
            charged = words("page.chargeable" if to_resident else "work.chargeable")
            return charged if fact else words("track.free")
        case "payer", _:
            return words.name("payers", fact)
        case "component", _:
            return component_name(fact, context, words)
        case _, int() if name.endswith("_fen"):
            return words("page.price", yuan=yuan(fact)) if fact else words("track.free")
        case "listed", ev.Listed():
            return listed_line(fact, words)
        case "quality", _:
            return words.name("qualities", fact)
        case "revisit_left_out", _:
            return words("case.revisit_left_out") if fact else ""
        case "asked_again", _:
            return words("case.drawn_for_second_asking") if fact else ""
        case _, bool():
            return words("page.yes" if fact else "page.no")
        case (("outcome" | "manner"), _):
            return words.name(f"{name}s", fact)
        case "reason", _ if line.facts.get("amended"):
            return f"{day_name(line.facts['amended'], words)}{words('page.colon')}{fact}"
        case _, str() if not isinstance(fact, Enum):
            return fact
        case _:
            return ""


def changed_times(line: Line, zone: str, words: Words) -> Iterator[tuple[str, str]]:
    """The deadlines that an event has changed or taken away (A8, B7, G1).

    Pairs of the clock and its times.
    """
    for change in line.times:
        at = short(change.at, zone, words) if change.at else ""
        if change.at is None and change.before:
            said = words("page.taken_away", before=short(change.before, zone, words))
        elif change.before:
            said = words("page.moved", before=short(change.before, zone, words), after=at)
        else:
            said = words("page.sure_now" if line.type == "replanned" else "page.begun_now", at=at)
        yield words.name("clocks", change.clock), said
    if line.visit_dropped:
        dropped = words("page.not_waited_for", at=short(line.visit_dropped, zone, words))
        yield words("track.appointment"), dropped


def report_line(case: Case, words: Words) -> str:
    """The sentence that a written report is owed (B6).

    It says by when, if the report has a clock. Empty if none is owed.
    """
    if not case.report_duty.owed:
        return ""
    running = case.deadlines.get(Clock.WRITTEN_REPORT)
    if running is None or Clock.WRITTEN_REPORT in case.met:
        return words("case.report_owed")
    return words("case.report_owed_by", due=short(running.due_at, case.zone, words))


def revisit_line(case: Case, context: Context, words: Words) -> str:
    """The sentence about the revisit to come: who, by when, and whether it is sampled.

    Empty if no revisit is to come.

    Until somebody is asked, it is the rank that the sample wants, else nobody yet. Of a case that has closed
    it is the second asking that is left.
    """
    if case.state is not State.COMPLETED:
        return _second_asking_line(case, context, words)
    if case.follow_up.revisitor is None and not revisits_needed(case, context):
        return ""
    rank = owed_to_sample(case, context)
    who = words.role(rank) if rank else words("case.revisit_by_nobody_yet")
    if case.follow_up.revisitor is not None:
        who = name_of(case.follow_up.revisitor, context)
    due = short(case.follow_up.revisit_due_at or revisit_due_at(case, context), case.zone, words)
    return words("case.revisit_of_sample" if rank else "case.revisit_by", who=who, due=due)


def _second_asking_line(case: Case, context: Context, words: Words) -> str:
    """Who is to ask again and by when; empty if nobody is (G6)."""
    asked = case.follow_up
    if asked.ask_again_after is None:
        return ""
    who = name_of(asked.revisitor, context) if asked.revisitor else words("case.revisit_by_nobody_yet")
    due = short(asked.revisit_due_at or revisit_due_at(case, context), case.zone, words)
    return words("case.ask_again_by", who=who, due=due)


def owed_with(event: ev.Event, zone: str, words: Words) -> tuple[tuple[str, str], ...]:
    """What a case owes after an event, as details of the event's line.

    A written report with its time, or the revisit of the sample.
    """
    if clock := fell_due_with(event):
        return (("", words("case.report_owed_by", due=short(clock.due_at, zone, words))),)
    match event.payload:
        case ev.Closed(report_owed=True):
            return (("", words("case.report_owed")),)
        case ev.Completed(sample=ev.Sample(taken=True, rank=rank)):
            return (("", words("case.sampled", role=words.role(rank))),)
        case _:
            return ()
