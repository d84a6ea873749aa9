"""The sentences of a deadline's reasons, from the words of a language (G2)."""

from datetime import date, datetime, timedelta

from msgspec import Struct

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.deadlines.opening_hours import clock_time, ended
from chalicelib.domain.regulation.limits import Clock, CountFrom, Limit, Unit
from chalicelib.domain.regulation.rules import OURS, RevisitRule, Rule


class Wording(Struct, frozen=True):
    """The sentences of a deadline's reasons in the language of `words`; days and times are local."""

    words: Catalogue

    def amount(self, limit: Limit, working_day: timedelta, *, staffed: bool = False) -> str:
        """A limit in words: "2 working hours"; half a working day of 7 hours → "… (3.5 working hours)".

        `staffed`: its hours are those in which the desk is staffed, "2 staffed hours".
        """
        if limit.unit is Unit.WORKING_DAYS and limit.count is CountFrom.MOMENT:
            hours = working_day * limit.amount / timedelta(hours=1)
            return self.words.counted("amounts.working_days_in_hours", limit.amount, hours=f"{hours:g}")
        if limit.unit is Unit.STAFFED_DAYS:
            hours = working_day * limit.amount / timedelta(hours=1)
            return self.words.counted("amounts.staffed_days", limit.amount, hours=f"{hours:g}")
        at_work = not limit.around_the_clock and limit.unit is not Unit.WORKING_DAYS
        running = ("staffed_" if staffed else "working_") if at_work else ""
        return self.words.counted(f"amounts.{running}{limit.unit}", limit.amount)

    def staffed(self, hours: list[tuple[str, str]]) -> str:
        """The sentence that only staffed hours count, and which these are (A7)."""
        told = self.words("reasons.staffed_daily", hours=self._hours(hours)) if hours else ""
        return self.words("reasons.staffed", daily=told)

    def shortened(self, whole: str, share: float, care: float, left: str) -> str:
        """How a limit came to `left`: by the `share` of a round that came back, and by `care`; 1 is all."""
        causes = {"cut_of_return": share, "cut_of_care": care}
        cuts = (self._cut(cause, part) for cause, part in causes.items() if part != 1)
        return self.words("reasons.shortened", whole=whole, cuts=self.words.listed("cuts", cuts), left=left)

    def _cut(self, cause: str, part: float) -> str:
        cut = self.words.counted("reasons.cut", part, percent=f"{part * 100:.0f}")
        return self.words(f"reasons.{cause}", cut=cut)

    def ahead(self, whole: str, clock: Clock, due: datetime, left: str) -> str:
        """Of the whole limit only so much is left, because another clock ends first."""
        return self.words(f"reasons.ahead_of_{clock}", whole=whole, due=self._until(due), left=left)

    def nobody_before(self, clock: Clock) -> str:
        """Why that clock waits for a signature."""
        return self.words(f"reasons.nobody_before_{clock}")

    def promise(
        self, amount: str, start: datetime, due: datetime, *, closing: bool, counts_today: bool | None
    ) -> str:
        """So much time from then, so until then, or until that day's `closing`.

        `counts_today`: whether the day of the start is the first; None where time is counted, not days.
        """
        day, time = ended(due)
        counted = {True: "reasons.day_of_start_counts", False: "reasons.day_of_start_is_not_counted"}
        return self.words(
            "reasons.promise_to_closing" if closing else "reasons.promise",
            amount=amount,
            start=self._moment(start),
            counted="" if counts_today is None else self.words(counted[counts_today]),
            day=self.words.dated("dates.day" if day.year == start.year else "dates.day_of_year", day),
            time=time,
        )

    def first_promised(self, at: datetime) -> str:
        """What was promised before anything moved it."""
        return self.words("reasons.first_promised", at=self._until(at))

    def days(self, first: date, last: date, names: tuple[str, ...]) -> str:
        """Days off, by the names of their festivals if they have any: "National Day 1–7 Oct"."""
        named = dict.fromkeys(self.words.name("festivals", name) for name in names)
        if not named:
            return self._days(first, last)
        months = self.words.groups["months"]
        form = "festival_days" if first.month == last.month else "festival_over_months"
        return self.words(
            "dates.festival" if first == last else f"dates.{form}",
            festivals=self.words.listed("festivals", named),
            first_day=str(first.day),
            first_month=months[str(first.month)],
            last_day=str(last.day),
            last_month=months[str(last.month)],
        )

    def skipped(self, days: list[str]) -> str:
        """The days, each as `days` has it, on which nothing was counted."""
        return self.words("reasons.skipped", days=self.words.listed("days", days))

    def worked(self, day: date, hours: list[tuple[str, str]]) -> str:
        """A make-up day, with its hours where its weekday is worked with others."""
        if not hours:
            return self.words("reasons.worked", day=self._day(day))
        return self.words("reasons.worked_hours", day=self._day(day), hours=self._hours(hours))

    def own_day_off(self, first: date, last: date, reason: str) -> str:
        """Days that the community itself has closed."""
        return self.words("reasons.own_day_off", days=self._days(first, last), because=self._because(reason))

    def own_hours(self, day: date, hours: list[tuple[str, str]], reason: str) -> str:
        """A day to which the community itself has given other hours."""
        because = self._because(reason)
        return self.words("reasons.own_hours", day=self._day(day), hours=self._hours(hours), because=because)

    def paused(self, start: datetime, end: datetime, reason: str) -> str:
        """The clock stood still from then to then, and why (G4)."""
        because = self._because(self.words.name("pauses", reason))
        return self.words("reasons.paused", start=self._moment(start), end=self._moment(end), because=because)

    def appointed(self, at: datetime, *, limit_stays: bool) -> str:
        """A time agreed with the resident; the limit may stay before it (B11)."""
        form = "appointed_after_limit" if limit_stays else "appointed"
        return self.words(f"reasons.{form}", at=self._moment(at))

    def work_follows(self, time: str) -> str:
        """That the work is done some time after the agreed visit; how much, where `time` says so (B11)."""
        return self.words("reasons.work_has", time=time) if time else self.words("reasons.work_follows")

    def visit_put_off(self, there_by: datetime) -> str:
        """That a pause lay over the visit, and by when somebody is there instead (G4)."""
        return self.words("reasons.visit_put_off", there_by=self._moment(there_by))

    def extended(self, to: datetime) -> str:
        """What the manager has granted (G5)."""
        return self.words("reasons.extended", to=self._until(to))

    def now_due(self, at: datetime) -> str:
        """Where all that moved a deadline has brought it."""
        return self.words("reasons.now_due", at=self._until(at))

    def provisional(self, known_from: date, known_until: date) -> str:
        """For which days the public holidays are known; `date.min`: for all that are past (G1)."""
        first = self.words.dated("dates.without_weekday", known_from)
        last = self.words.dated("dates.without_weekday", known_until)
        if known_from == date.min:
            return self.words("reasons.provisional_until", last=last)
        return self.words("reasons.provisional_between", first=first, last=last)

    def origin(self, source: str, requirement: str, why: str) -> str:
        """The seed and requirement of a rule, and why, if there is more to say."""
        form = "origin_and_why" if why else "origin"
        source = self.words.name("sources", source)
        return self.words(f"reasons.{form}", source=source, requirement=requirement, why=why)

    def why_ours(self, rule: Rule | RevisitRule | None) -> str:
        """Why we chose what no seed says; empty for what a seed says, or where the rule is not at hand."""
        if rule is None or rule.source != OURS:
            return ""
        return self.words("reasons.why_ours", why=rule.why, why_zh=self.words.name("whys", rule.why_zh))

    def _hours(self, hours: list[tuple[str, str]]) -> str:
        windows = (self.words("dates.hours", opens=opens, closes=closes) for opens, closes in hours)
        return self.words.listed("hours", windows)

    def _because(self, reason: str) -> str:
        return self.words("reasons.because", reason=reason) if reason else ""

    def _day(self, day: date) -> str:
        return self.words.dated("dates.day", day)

    def _days(self, first: date, last: date) -> str:
        if first == last:
            return self._day(first)
        return self.words("dates.days", first=self._day(first), last=self._day(last))

    def _moment(self, moment: datetime) -> str:
        return self.words.dated("dates.moment", moment.date(), clock_time(moment))

    def _until(self, moment: datetime) -> str:
        """A moment that something ends at: midnight is 24:00 of the day before."""
        day, time = ended(moment)
        return self.words.dated("dates.moment", day, time)
