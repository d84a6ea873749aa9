"""Names, times and deadlines as notices say them, in the words of one language (A11, B3, B7)."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.clock_changes import expected_deadlines
from chalicelib.domain.case.context import Context
from chalicelib.domain.deadlines.deadline import Deadline
from chalicelib.domain.deadlines.explanation import explain
from chalicelib.domain.deadlines.opening_hours import ended, to_the_minute
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.notices.kinds import Notice
from chalicelib.domain.notices.templates import Texts, clipped
from chalicelib.domain.regulation.limits import INTERNAL_CLOCKS, Clock

LONGEST_NAME = 8
"""Room for a colleague's name, in characters."""

WITH_TIME_DAYS = 27
"""Beyond so many days an SMS leaves out the time of the day."""

TO_THE_SECOND = timedelta(minutes=2)
"""Times as near as this are told with their seconds, where the regulation counts them."""


class Speech(Struct, frozen=True):
    """Names and times as the texts of one language say them.

    `brief`: as short as an SMS needs it.
    """

    case: Case
    context: Context
    now: datetime
    texts: Texts
    brief: bool

    def name(self, username: str | None) -> str:
        """A colleague's name, in an SMS clipped; empty for nobody."""
        return self.short(name_of(username, self.context), LONGEST_NAME) if username else ""

    def short(self, value: str, longest: int) -> str:
        """What somebody wrote, in an SMS clipped to its room."""
        return clipped(value, longest, plain=self.texts.is_plain) if self.brief else value

    @property
    def ends(self) -> Mapping[Clock, datetime]:
        """When each clock ends; one that a pause holds, if that ends as planned (G4)."""
        expected = expected_deadlines(self.case, self.context)
        return {clock: known.due_at for clock, known in {**self.case.deadlines, **expected}.items()}

    def clock_of(self, notice: Notice) -> Clock:
        """The clock that the notice is about; else the one that runs out next."""
        deadlines = self.case.deadlines
        named = next((clock for clock in deadlines if clock == notice.detail), None)
        if named is not None:
            return named
        running = (
            clock for clock in deadlines if clock not in self.case.met and clock not in INTERNAL_CLOCKS
        )
        ends = self.ends
        ahead = [clock for clock in running if ends[clock] > self.now]
        last = Clock.SOLVE if Clock.SOLVE in deadlines else Clock.RESPOND  # before it is sorted (A7)
        return min(ahead, key=lambda clock: ends[clock], default=last)

    def moment(self, at: datetime) -> str:
        """A time in words: in a mail 11月24日18:00, in an SMS shorter.

        That is 18:00 today, 24日18:00 this month, else 12月2日17:30, and far off 12月24日: a day without its
        month is read as one of this month. Midnight is 24:00 of the day before, as a deadline is meant.
        """
        zone = ZoneInfo(self.case.zone)
        local, today = at.astimezone(zone), self.now.astimezone(zone).date()
        day, time = ended(to_the_minute(local))
        near = abs(at - self.now) < TO_THE_SECOND and local.date() == today
        if self.brief and near and self.context.regulation.counts_seconds:
            return f"{local:%H:%M:%S}"
        if self.brief and day == today:
            return time
        if self.brief and (day.year, day.month) == (today.year, today.month):
            return self._dated("day", day, time)
        if self.brief and abs((day - today).days) > WITH_TIME_DAYS:
            return self._dated("month", day, time)
        return self._dated("dated", day, time)

    def _dated(self, form: str, day: date, time: str) -> str:
        """A day in one of the forms of the language."""
        dates = self.texts.words["dates"]
        weekday = dates["weekdays"][day.weekday()] if "weekdays" in dates else ""
        told = {"year": day.year, "month": day.month, "day": day.day, "weekday": weekday}
        return dates[form].format(**told, time=time, date=day)

    def deadline(self, clock: Clock, due: datetime) -> str:
        """A deadline in words: 24日18:00前办结."""
        words = self.texts.words
        return words["phrases"]["deadline"].format(due=self.moment(due), clock=words["clocks"][clock])

    def lateness(self, clock: Clock, due: datetime) -> str:
        """How late it is in words: 办结已超8小时; empty before the deadline.

        In the largest unit of which there are at least two. The message of the deadline itself leaves some
        seconds after it: 办结已到时限.
        """
        seconds = int((self.now - due).total_seconds())
        if seconds < 0:
            return ""
        if seconds < 60:
            phrases, clocks = self.texts.words["phrases"], self.texts.words["clocks"]
            return phrases["just_late"].format(clock=clocks[clock])
        units: tuple[tuple[str, int], ...] = (
            ("days", 86_400),
            ("hours", 3_600),
            ("minutes", 60),
            ("seconds", 1),
        )
        if not self.context.regulation.counts_seconds:
            units = units[:-1]
        unit, size = next(((unit, size) for unit, size in units if seconds >= 2 * size), units[-1])
        words = self.texts.words
        duration = words["durations"][unit].format(amount=seconds // size)
        return words["phrases"]["late"].format(clock=words["clocks"][clock], duration=duration)

    def explained(self, deadline: Deadline, *, sourced: bool) -> Iterator[str]:
        """The lines of a deadline in full, and under it its reasons."""
        words = self.texts.words
        local = deadline.due_at.astimezone(ZoneInfo(self.case.zone))
        day, time = ended(to_the_minute(local))
        due = self._dated("full", day, time)
        yield words["phrases"]["deadline_line"].format(clock=words["clocks"][deadline.clock], due=due)
        calendar, regulation = self.context.calendar, self.context.regulation
        reasons = explain(deadline, calendar, self.texts.reasons, sourced=sourced, regulation=regulation)
        for reason in reasons:
            yield words["phrases"]["reason_line"].format(reason=reason)
