"""The calendar of a community as a page: its working days, and changing one of them (G1)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from chalice.app import Response
from msgspec.structs import replace

from chalicelib import wiring
from chalicelib.domain.community.community import AmendedDay, Member
from chalicelib.domain.community.roles import Role
from chalicelib.domain.errors import CalendarError, DomainError, InvalidInputError, NotFoundError
from chalicelib.domain.texts import checked_text
from chalicelib.http.errors import status_of
from chalicelib.http.visits import Visit
from chalicelib.services.calendar.days import AmendedView, DayView, Pairs, YearView, amend, restore, year_of
from chalicelib.services.calendar.foresee import Foreseen, foresee
from chalicelib.web.desk_pages import framed
from chalicelib.web.form_input import Typed
from chalicelib.web.formats import day_name, short, zone_name
from chalicelib.web.refusals import refusal
from chalicelib.web.rendering import Reader, page
from chalicelib.web.words import Words

CALENDAR = "calendar"
CLOSED, HOURS, USUAL = "closed", "hours", "usual"
WHAT = (CLOSED, HOURS, USUAL)
"""What a day can become: closed, open in other hours, or as usual again."""
EDIT, LOOK, DO = "edit", "look", "do"
LONGEST_REASON = 120
FIELDS = ("day", "what", "opens", "closes", "opens_again", "closes_again", "reason")


def calendar_page(
    reader: Reader,
    visit: Visit,
    year: str | None,
    typed: Typed | None = None,
    *,
    sentence: str = "",
    foreseen: Foreseen | None = None,
    done: AmendedView | None = None,
    status: int = 200,
) -> Response:
    """A year of the calendar with its changes; for the manager the form, too."""
    desk, words, member = wiring.desk(), reader.words, visit.member
    if done:
        member = replace(member, community=desk.directory.community(member.community.id))
    today = desk.calendars.of(member.community).local_date(desk.now())
    if year is not None and not (year.isascii() and year.isdecimal() and len(year) == 4):
        raise InvalidInputError("'year' is a year such as 2026.")
    shown = year_of(desk, member.community, int(year) if year else today.year)
    here = f"desk/{member.community.id}/calendar"
    return page(
        reader,
        "calendar.html",
        status,
        **framed(reader, visit, CALENDAR),
        title=words("calendar.title"),
        year=shown.year,
        years=[(str(other), f"{here}?year={other}") for other in (shown.year - 1, shown.year + 1)],
        zone=zone_name(shown.zone, words),
        counted=words("calendar.counted", days=str(shown.working_days), year=str(shown.year)),
        months=[
            (words(f"months.{number}"), days) for number, days in enumerate(shown.working_days_by_month, 1)
        ],
        week=_week(shown, words),
        provisional=_provisional(shown, words),
        groups=[
            (words("calendar.holidays"), [_day(day, words) for day in shown.holidays]),
            (words("calendar.makeup_days"), [_day(day, words) for day in shown.makeup_days]),
        ],
        changes=[_change(day, member, words) for day in reversed(member.community.amendments)],
        may_change=member.role is Role.MANAGER,
        today=today.isoformat(),
        values={name: (typed or {}).get(name, "") for name in FIELDS},
        labels={name: words(f"calendar.{name}") for name in FIELDS},
        what=[(what, words(f"calendar.{what}")) for what in WHAT],
        sentence=sentence,
        foreseen=_foreseen(foreseen, member, words) if foreseen else None,
        done=_done(done, words) if done else "",
        calendar_path=here,
        case_path=f"desk/{member.community.id}/cases",
        here=f"{reader.root}{here}",
    )


def calendar_step(reader: Reader, visit: Visit, typed: Typed) -> Response:
    """A step of the form: what would move, the change itself, or back to what was typed."""
    desk, member, step = wiring.desk(), visit.member, typed.get("step", LOOK)
    if step == EDIT:
        return calendar_page(reader, visit, None, typed)
    try:
        day, windows = _day_in(typed), _windows_in(typed)
        reason = checked_text("reason", typed.get("reason", ""), LONGEST_REASON)
        if step != DO:
            found = foresee(desk, member, day, windows, reason)
            return calendar_page(reader, visit, str(day.year), typed, foreseen=found)
        if windows is None:
            done = restore(desk, member, day, reason)
        else:
            done = amend(desk, member, day, windows, reason)
    except (InvalidInputError, NotFoundError, CalendarError) as error:
        said = _why(error, member, reader.words)
        return calendar_page(reader, visit, None, typed, sentence=said, status=status_of(error))
    return calendar_page(reader, visit, str(day.year), done=done)


def _why(error: DomainError, member: Member, words: Words) -> str:
    if isinstance(error, NotFoundError):
        return words("calendar.never_changed")
    known = error.reason in words.groups["refusals"]
    return refusal(error, member.community.zone, words) if known else words("calendar.incomplete")


def _day_in(typed: Typed) -> date:
    try:
        return date.fromisoformat(typed.get("day", "").strip())
    except ValueError:
        raise InvalidInputError("The day is one such as 2026-12-01.", "day_wrong") from None


def _windows_in(typed: Typed) -> Pairs | None:
    """The hours of the day that the form says; none: closed, None: as usual."""
    what = typed.get("what", "")
    if what == USUAL:
        return None
    if what == CLOSED:
        return ()
    pairs = (("opens", "closes"), ("opens_again", "closes_again"))
    given = tuple((typed.get(begin, "").strip(), typed.get(end, "").strip()) for begin, end in pairs)
    windows = tuple((begin, end) for begin, end in given if begin or end)
    if what != HOURS or not windows:
        raise InvalidInputError("Say whether the day is closed, or its hours.", "hours_missing")
    return windows


def _hours(windows: Iterable[tuple[str, str]], words: Words) -> str:
    said = words.listed(f"{opens}–{closes}" for opens, closes in windows)
    return said or words("calendar.closed")


def _week(year: YearView, words: Words) -> list[tuple[str, str, str]]:
    return [
        (
            words(f"weekdays.{weekday}"),
            _hours(windows, words),
            _hours(year.staffed_hours[weekday], words) if year.staffed_hours else "",
        )
        for weekday, windows in year.hours.items()
    ]


def _provisional(year: YearView, words: Words) -> str:
    known = year.provisional_from
    return words("calendar.provisional", day=day_name(known, words)) if known else ""


def _day(day: DayView, words: Words) -> tuple[str, str, str]:
    return (
        day_name(day.date, words),
        _hours(day.windows, words) if day.windows else "",
        words.shared.name("festivals", day.name),
    )


def _change(amended: AmendedDay, member: Member, words: Words) -> dict[str, str]:
    person = member.community.person(amended.by or "")
    return {
        "day": f"{amended.date[:4]} · {day_name(date.fromisoformat(amended.date), words)}",
        "hours": _hours(amended.windows, words),
        "reason": amended.reason,
        "by": person.name if person else amended.by or words("calendar.operator"),
        "at": short(amended.at, member.community.zone, words) if amended.at else "",
    }


def _foreseen(found: Foreseen, member: Member, words: Words) -> dict[str, Any]:
    zone = member.community.zone
    return {
        "day": day_name(found.day.date, words),
        "was": _hours(found.was.windows, words),
        "now": _hours(found.day.windows, words),
        "counted": words(
            "calendar.would_move" if found.moved else "calendar.nothing_moves",
            cases=str(len({moved.number for moved in found.moved})),
        ),
        "moved": [
            {
                "number": moved.number,
                "clock": words.name("clocks", moved.clock),
                "before": short(moved.before, zone, words),
                "after": short(moved.after, zone, words),
                "later": moved.after > moved.before,
            }
            for moved in found.moved
        ],
        "left": words("calendar.not_looked_at", cases=str(found.left)) if found.left else "",
    }


def _done(done: AmendedView, words: Words) -> str:
    cases = done.cases
    said = words("calendar.done", day=day_name(done.day.date, words), hours=_hours(done.day.windows, words))
    counted = words("calendar.planned_anew", cases=str(cases.planned_anew), looked=str(cases.looked_at))
    left = words("calendar.left", cases=str(cases.left)) if cases.left else ""
    return words("page.between_sentences").join(part for part in (said, counted, left) if part)
