"""The roster as a file: taken down as it stands, handed in, looked at, and taken over (B14)."""

import base64
import binascii
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.community.community import Community, Member
from chalicelib.domain.community.households import Remark
from chalicelib.domain.community.roster import LEAVE, DutyChange, Shift
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError
from chalicelib.http.bodies import form_files
from chalicelib.http.roster_lines import read_roster
from chalicelib.http.roster_words import COLUMNS, WEEKLY
from chalicelib.http.visits import Visit
from chalicelib.services.duty.roster_sheet import Entry, Planned, planned, seen_of, standing, take_over
from chalicelib.web.csv_file import csv_file
from chalicelib.web.duty_lines import names_of, span_line
from chalicelib.web.form_choices import department_name
from chalicelib.web.form_input import Typed
from chalicelib.web.words import Words

LARGEST = 500_000
"""Bytes of a file: a thousand lines are 60 KB."""
MOST_SHOWN = 40
"""So many entries that come or go are shown, and remarks a hundred."""
MOST_REMARKS = 100
MIDNIGHT = time()


def roster_csv(member: Member, words: Words) -> Response:
    """The roster as it stands, in the shape in which it is handed in again."""
    desk = wiring.desk()
    community = desk.directory.community(member.community.id)
    headings = [_heading(name, words) for name in COLUMNS]
    shifts, changes = standing(desk, community, member)
    entries: list[Entry] = [*shifts, *changes]
    rows = [_row(entry, community, words) for entry in entries]
    return csv_file([headings, *rows], f"{community.id}-roster.csv")


def looked_at(visit: Visit) -> tuple[bytes, Planned]:
    """The file that was handed in, and what it would change; nothing is changed."""
    given = [data for called, data in form_files(visit.request, "file") if called or data]
    if not given:
        raise InvalidInputError("Choose a file.", "no_roster_file")
    return given[0], _planned(visit.member, given[0])


def taken_over(member: Member, typed: Typed) -> Planned | None:
    """Take a file over that was looked at.

    None once that is done; what is wrong with it, if anything is.
    """
    desk = wiring.desk()
    community = desk.directory.community(member.community.id)
    try:
        data = base64.b64decode(typed.get("table", ""), validate=True)
    except binascii.Error:
        raise InvalidInputError("Choose the file anew.", "no_roster_file") from None
    plan = _planned(member, data)
    if plan.wrong or not (plan.comes or plan.goes):
        return plan if plan.wrong else None
    if typed.get("seen") != seen_of(community):
        raise CommandRefusedError("The roster has changed since; look at the file again.", "roster_changed")
    take_over(desk, community, member.username, plan)
    return None


def plan_shown(data: bytes, plan: Planned, community: Community, words: Words) -> dict[str, Any]:
    """What a file would change, in words.

    With what the form that takes it over carries on.
    """
    return {
        "remarks": [(remark.told, said_of(remark, words)) for remark in plan.remarks[:MOST_REMARKS]],
        "wrong": plan.wrong,
        "comes": [entry_line(entry, community, words) for entry in plan.comes[:MOST_SHOWN]],
        "goes": [entry_line(entry, community, words) for entry in plan.goes[:MOST_SHOWN]],
        "counts": words("roster_file.counts", comes=len(plan.comes), goes=len(plan.goes), stays=plan.stays),
        "nothing": not (plan.comes or plan.goes),
        "table": base64.b64encode(data).decode(),
        "seen": plan.seen,
    }


def said_of(remark: Remark, words: Words) -> str:
    """The sentence on a line, with its number.

    It is of this file, of any table, or of the roster's own rules.
    """
    groups = ("roster_wrong", "households_wrong", "refusals")
    group = next(name for name in groups if remark.reason in words.groups[name])
    said = words(f"{group}.{remark.reason}", **remark.facts)
    return words("households.line", line=remark.line, said=said) if remark.line else said


def entry_line(entry: Entry, community: Community, words: Words) -> str:
    """A turn, a single turn or a leave as a line."""
    name = names_of([entry.username], community, words) or entry.username
    department = department_name(entry.department or "", community, words)
    if isinstance(entry, Shift):
        starts, ends = f"{entry.starts:%H:%M}", f"{entry.ends:%H:%M}"
        days = _days(entry.weekdays, words)
        return words("roster.turn", department=department, name=name, days=days, starts=starts, ends=ends)
    span = span_line(entry.starts, entry.ends, words)
    return words(f"roster.{entry.kind}_line", name=name, department=department, span=span)


def _planned(member: Member, data: bytes) -> Planned:
    if len(data) > LARGEST:
        raise InvalidInputError("The file is too large.", "roster_file_large")
    desk = wiring.desk()
    community = desk.directory.community(member.community.id)
    sheet = read_roster(data, community)
    return planned(desk, community, member, sheet.shifts, sheet.changes, sheet.remarks)


def _row(entry: Shift | DutyChange, community: Community, words: Words) -> list[str]:
    named = [person for person in community.staff if person.active]
    person = next((found for found in named if found.username == entry.username), None)
    alone = person is not None and sum(found.name == person.name for found in named) == 1
    who = person.name if person is not None and alone else entry.username
    if isinstance(entry, Shift):
        ends = "24:00" if entry.ends == MIDNIGHT else f"{entry.ends:%H:%M}"
        days, starts = _days(entry.weekdays, words), f"{entry.starts:%H:%M}"
        department = community.departments.get(entry.department, entry.department)
        return [words(f"roster_file.{WEEKLY}"), department, who, days, starts, ends]
    department = "" if entry.kind == LEAVE else community.departments.get(entry.department or "", "")
    return [words(f"roster_file.{entry.kind}"), department, who, "", *_span(entry.starts, entry.ends)]


def _span(starts: datetime, ends: datetime) -> tuple[str, str]:
    """From and to; whole days as days, of which the last is the last that counts."""
    last = ends - timedelta(days=1)
    if starts.time() == MIDNIGHT and ends.time() == MIDNIGHT:
        return f"{starts:%Y-%m-%d}", f"{last:%Y-%m-%d}"
    said = f"{last:%Y-%m-%d} 24:00" if ends.time() == MIDNIGHT else f"{ends:%Y-%m-%d %H:%M}"
    return f"{starts:%Y-%m-%d %H:%M}", said


def _days(weekdays: Iterable[int], words: Words) -> str:
    days = sorted(set(weekdays))
    if len(days) == 7:
        return words("roster.every_day")
    return words("page.list_comma").join(words(f"weekdays.{day}") for day in days)


def _heading(name: str, words: Words) -> str:
    return words(f"roster_file.{name}")
