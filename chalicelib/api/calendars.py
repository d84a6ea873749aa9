"""The calendar of a community over HTTP (G1).

Anybody of the staff reads a year of it; the manager changes single days.
"""

import re
from datetime import date

from chalice.app import Response
from msgspec import Struct
from msgspec.structs import force_setattr

from chalicelib import wiring
from chalicelib.domain.case.form_fields import SHORT, ShortText
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.texts import checked_text
from chalicelib.http.requests import answer, json_object, query, read
from chalicelib.http.visits import Visit
from chalicelib.services.calendar.days import amend, restore, year_of

CALENDAR_QUERY = {"year": "YYYY; the present year if not said."}
RESTORE_QUERY = {"reason": "Why the day is as usual again. Needed."}


class AmendBody(Struct, frozen=True):
    """A changed day: `closed`, or its `windows` of work.

    Windows are pairs of local times, such as ["08:30", "12:00"].
    """

    reason: ShortText
    closed: bool = False
    windows: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        force_setattr(self, "reason", checked_text("reason", self.reason, SHORT))
        if self.closed == bool(self.windows):
            raise InvalidInputError(
                'Say either "closed": true, or the \'windows\' of that day, such as [["09:00", "12:00"]].'
            )


def get_calendar(visit: Visit, community: str) -> Response:
    """The working days of a year. They come with hours, holidays, make-up days and own changes.

    What is not published yet is marked provisional.
    """
    desk, place = wiring.desk(), visit.member.community
    year = query(visit.request, *CALENDAR_QUERY).get("year")
    if year is None:
        return answer(year_of(desk, place, desk.calendars.of(place).local_date(desk.now()).year))
    if not re.fullmatch(r"[0-9]{4}", year):
        raise InvalidInputError("'year' is a year such as 2026.")
    return answer(year_of(desk, place, int(year)))


def amend_day(visit: Visit, community: str, date: str) -> Response:
    """Change a day from today on. Open cases whose clocks cross it are planned anew, with the reason."""
    day, body = day_asked(date), read(json_object(visit.request), AmendBody)
    return answer(amend(wiring.desk(), visit.member, day, body.windows, body.reason))


def restore_day(visit: Visit, community: str, date: str) -> Response:
    """Take back the change of a day. The day is again as the country's holidays and the week have it."""
    day = day_asked(date)
    reason = checked_text("reason", query(visit.request, *RESTORE_QUERY).get("reason", ""), SHORT)
    return answer(restore(wiring.desk(), visit.member, day, reason))


def day_asked(given: str) -> date:
    """The day in a text of the form YYYY-MM-DD.

    InvalidInputError for any other text, and for a day outside the calendars.
    """
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", given):
            return date.fromisoformat(given)
    except ValueError:
        pass
    raise InvalidInputError("The date in the path is a day such as 2026-12-01.")
