"""Deadlines planned anew when the calendar of a community changes (G1).

A change of a day reaches the cases whose open clocks cross it, each by a command of its own, with the reason
on record. What is not done in time, or broke off, the sweep does (services/workflows/reconcile.py): it asks
the same question of each case, so it does not matter who did how much.
"""

from datetime import date, datetime, timedelta
from uuid import uuid4

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case.case import IN_DISPATCH, Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.events import Replanned
from chalicelib.domain.community.community import Community
from chalicelib.domain.community.roles import TIMER, Actor
from chalicelib.domain.deadlines.calendar import Calendar
from chalicelib.domain.deadlines.deadline import Moved
from chalicelib.domain.decide import decide
from chalicelib.domain.errors import CommandRefusedError
from chalicelib.domain.work.forms import ReplanForm
from chalicelib.services.desk import Desk
from chalicelib.services.paging import open_lines
from chalicelib.services.records import CaseLine

LOOKED_FOR = timedelta(hours=1)
"""So long after a change the sweep looks at every case that it may concern; a dozen sweeps."""

BY_ITSELF = ReplanForm("The calendar was amended, or its holidays were published.")
"""Why the sweep plans a case anew: it does not know which day it was."""


class Replanning(Struct, frozen=True):
    """`looked_at` cases could be concerned, `planned_anew` were; `left` are for the sweep to look at."""

    looked_at: int
    planned_anew: int
    left: int


def replan_for(
    desk: Desk, community: str, day: date, actor: Actor, reason: str, until: datetime
) -> Replanning:
    """Plan the open cases anew whose clocks cross an amended day.

    The case with the nearest deadline comes first; after `until` no further case is begun.

    `reason` is why the day was amended.
    """
    form = ReplanForm(reason, amended=day)
    looked_at = planned_anew = 0
    lines = concerned(desk, desk.directory.community(community), day)
    for line in lines:
        if desk.now() >= until:
            break
        case = desk.cases.get(community, line.number)
        planned_anew += replan(desk, case, actor, form).version > case.version
        looked_at += 1
    return Replanning(looked_at, planned_anew, len(lines) - looked_at)


def concerned(desk: Desk, community: Community, day: date) -> list[CaseLine]:
    """The open cases whose clocks cross a day; what is due first stands first."""
    begins = desk.calendars.of(community).midnight(day)
    lines = open_lines(desk.cases, community.id)
    return [line for line in lines if line.planned_until is not None and line.planned_until > begins]


def moves(desk: Desk, case: Case, calendar: Calendar, actor: Actor, form: ReplanForm) -> tuple[Moved, ...]:
    """The deadlines that `replan` would move under a calendar; decided as it decides, and not written."""
    if case.state not in IN_DISPATCH:
        return ()
    command: Command[object] = Command("replan", actor, desk.now(), "looked at", form)
    try:
        outcome = decide(case, command, replace(desk.context_of(case), calendar=calendar))
    except CommandRefusedError:
        return ()
    payloads = (event.payload for event in outcome.events)
    return tuple(moved for payload in payloads if isinstance(payload, Replanned) for moved in payload.moved)


def replan(desk: Desk, case: Case, actor: Actor = TIMER, form: ReplanForm = BY_ITSELF) -> Case:
    """The case with its open clocks under the calendar of now.

    It is unchanged if its deadlines stay as they are.
    """
    if case.state not in IN_DISPATCH:
        return case
    command = Command("replan", actor, desk.now(), f"replan#{uuid4().hex}", form)
    try:
        return desk.carry_out(case, command).case
    except CommandRefusedError:  # it was completed in the meantime
        return desk.cases.get(case.community, case.number)


def may_move(line: CaseLine, calendar: Calendar, changed_at: datetime | None, now: datetime) -> bool:
    """Whether the calendar may have moved a deadline of the case since it was planned."""
    if line.planned_until is None:
        return False
    just_changed = changed_at is not None and now - changed_at < LOOKED_FOR
    published = line.provisional and not calendar.is_provisional(calendar.local_date(line.planned_until))
    return just_changed or published
