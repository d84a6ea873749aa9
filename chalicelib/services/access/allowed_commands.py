"""The commands that somebody may give on a case now, as buttons.

The domain says what is possible (lifecycle.py); here stands what pages and links leave out of it.
"""

from datetime import datetime

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.links import COMMANDS_BY_PURPOSE, Link
from chalicelib.domain.community.community import Member
from chalicelib.domain.possible import possible
from chalicelib.domain.transition import Transition

WITH_THE_CALENDAR = frozenset({"replan"})
"""What goes with an amendment of the calendar: nobody needs it case by case."""


def possible_for_member(case: Case, member: Member, context: Context, at: datetime) -> tuple[Transition, ...]:
    """The commands that a member of staff may give on a case now.

    They stand in the order of the table; the member can see the case.
    """
    rows = possible(case, member.actor(), context, at)
    return tuple(row for row in rows if row.command not in WITH_THE_CALENDAR)


def possible_for_link(
    case: Case, link: Link, context: Context, at: datetime, offered: Case | None = None
) -> tuple[Transition, ...]:
    """The commands open to the holder of a link, in the order of the table.

    `offered` leads the incident that the case may be of; without it there is nothing to join.
    """
    by_link = {*COMMANDS_BY_PURPOSE[link.purpose]} - (set() if offered else {"join_incident"})
    return tuple(row for row in possible(case, link.actor(), context, at) if row.command in by_link)
