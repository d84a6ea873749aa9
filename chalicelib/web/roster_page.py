"""The page of the duty roster: a week by department, what differs, what is open, who is there now (B14)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.community.community import Community, Member
from chalicelib.domain.community.gaps import AHEAD, gaps, spells
from chalicelib.domain.community.roles import WORKERS
from chalicelib.domain.community.roster import LEAVE, SWAP, DutyChange, Shift, entry_key
from chalicelib.domain.errors import InvalidInputError
from chalicelib.http.visits import Visit
from chalicelib.services.duty.roster import PLANNERS, may_plan
from chalicelib.web.desk_pages import framed
from chalicelib.web.duty_lines import gap_line, names_of, on_duty_line, span_line, swap_line
from chalicelib.web.form_choices import department_name, department_names
from chalicelib.web.form_input import Typed
from chalicelib.web.formats import day_name
from chalicelib.web.rendering import Reader, page
from chalicelib.web.words import Words

ONE_DAY, ONE_WEEK = timedelta(days=1), timedelta(days=7)
MOST_GAPS = 30


def roster_page(
    reader: Reader,
    visit: Visit,
    week: str = "",
    department: str = "",
    attempt: tuple[str, Typed] | None = None,
    refused: str = "",
    status: int = 200,
    file: Mapping[str, Any] | None = None,
) -> Response:
    """Seven days of the roster: the week that was asked for, else those from today on.

    `attempt` is the form that was refused, with what was typed into it, `file` what a file would change.
    """
    desk, words = wiring.desk(), reader.words
    community = desk.directory.community(visit.member.community.id)
    member = Member(
        visit.member.username, visit.member.name, visit.member.role, visit.member.departments, community
    )
    now = desk.now()
    today = community.roster.local(now).date()
    monday = _monday(week, today)
    first = monday if week else today
    shown = [department] if department in community.departments else [*community.departments]
    plans = [name for name in community.departments if may_plan(member, name)]
    found = gaps(community, now, now + AHEAD)
    home = f"desk/{community.id}/roster"
    act, typed = attempt or ("", {})
    return page(
        reader,
        "roster.html",
        status,
        **framed(reader, visit, "roster"),
        title=words("roster.title"),
        address=home,
        here=f"{reader.root}{home}",
        refused=refused,
        act=act,
        typed=typed,
        week=week and monday.isoformat(),
        week_of=first.isoformat(),
        week_name=words(
            "roster.week", first=day_name(first, words), last=day_name(first + 6 * ONE_DAY, words)
        ),
        before=(monday - ONE_WEEK if week else monday).isoformat(),
        after=(monday + ONE_WEEK).isoformat(),
        shown=department if department in community.departments else "",
        departments=department_names(community, words),
        now=[
            (department_name(name, community, words), on_duty_line(name, community, now, words))
            for name in shown
        ],
        gaps=[gap_line(gap, community, words) for gap in found if gap.department in shown][:MOST_GAPS],
        columns=[department_name(name, community, words) for name in shown],
        days=[_day(first + ONE_DAY * number, today, shown, community, words) for number in range(7)],
        turns=[_turn(turn, member, words) for turn in community.shifts if turn.department in shown],
        changes=[
            _change(change, member, words)
            for change in community.duty_changes
            if change.last >= datetime.combine(first, time()) and _concerns(change, shown, community)
        ],
        plans=[(name, department_name(name, community, words)) for name in plans],
        file=file,
        is_planner=member.role in PLANNERS,
        people=_people(community, plans),
        colleagues=[
            (person.username, person.name)
            for person in community.with_role(*WORKERS)
            if set(person.departments) & set(member.departments) and person.username != member.username
        ],
        own=[(name, department_name(name, community, words)) for name in member.departments],
        weekdays=[(day, words(f"weekdays.{day}"), typed.get(f"day{day}") == "yes") for day in range(7)],
    )


def _monday(week: str, today: date) -> date:
    """The first day of a week that was asked for by any of its days; of this one, if none was."""
    try:
        day = date.fromisoformat(week) if week else today
    except ValueError:
        raise InvalidInputError("'week' is a day such as 2026-12-01.") from None
    if not today - 53 * ONE_WEEK < day < today + 53 * ONE_WEEK:
        raise InvalidInputError("The roster is shown for a year back and a year ahead.")
    return day - ONE_DAY * day.weekday()


def _day(
    day: date, today: date, departments: list[str], community: Community, words: Words
) -> dict[str, Any]:
    """A day of the week: for each department from when to when who is there, cut where somebody changes."""
    zone = ZoneInfo(community.zone)
    starts, ends = (datetime.combine(edge, time(), zone).astimezone(UTC) for edge in (day, day + ONE_DAY))
    return {
        "name": day_name(day, words),
        "today": day == today,
        "cells": [
            (
                department_name(department, community, words),
                [
                    {
                        "span": f"{_clock(spell.starts, zone)}–{_clock(spell.ends, zone, is_end=True)}",
                        "names": names_of(spell.people, community, words),
                        "is_gap": spell.is_gap,
                    }
                    for spell in spells(community, department, starts, ends)
                    if spell.people or spell.wanted
                ],
            )
            for department in departments
        ],
    }


def _clock(moment: datetime, zone: ZoneInfo, *, is_end: bool = False) -> str:
    said = f"{moment.astimezone(zone):%H:%M}"
    return "24:00" if is_end and said == "00:00" else said


def _turn(turn: Shift, member: Member, words: Words) -> dict[str, Any]:
    """A weekly turn as a line, with its name for whoever may take it away."""
    community = member.community
    every_day = len(set(turn.weekdays)) == 7
    days = words("page.list_comma").join(words(f"weekdays.{day}") for day in sorted(turn.weekdays))
    person = community.member(turn.username)
    return {
        "key": entry_key(turn) if may_plan(member, turn.department) else "",
        "line": words(
            "roster.turn",
            department=department_name(turn.department, community, words),
            name=names_of([turn.username], community, words) or turn.username,
            days=words("roster.every_day") if every_day else days,
            starts=f"{turn.starts:%H:%M}",
            ends=f"{turn.ends:%H:%M}",
        ),
        "is_gone": person is None,
    }


def _change(change: DutyChange, member: Member, words: Words) -> Mapping[str, Any]:
    """What differs, as a line, with what its reader can do about it."""
    community = member.community
    if change.kind == SWAP:
        line = swap_line(change, community, words)
    else:
        line = words(
            f"roster.{change.kind}_line",
            name=names_of([change.username], community, words),
            department=department_name(change.department or "", community, words),
            span=span_line(change.starts, change.ends, words),
        )
    is_own = member.username in {change.username, change.other} and change.kind == SWAP
    missing = [name for name in (change.username, change.other) if name and name not in change.agreed]
    return {
        "id": change.id,
        "kind": words(f"roster.{change.kind}"),
        "line": line,
        "waits": ""
        if change.stands
        else words("roster.waits_for", names=names_of(missing, community, words)),
        "agree": is_own and member.username not in change.agreed,
        "take_back": may_plan(member, change.department) or (is_own and not change.stands),
    }


def _concerns(change: DutyChange, shown: list[str], community: Community) -> bool:
    if change.kind != LEAVE:
        return change.department in shown
    person = community.person(change.username)
    return person is None or not person.departments or bool(set(person.departments) & set(shown))


def _people(community: Community, plans: list[str]) -> list[tuple[str, str]]:
    """Whom a planner can enter: everybody who works in the departments that they plan, or in none."""
    return [
        (person.username, person.name)
        for person in community.with_role(*WORKERS)
        if not person.departments or set(person.departments) & set(plans)
    ]
