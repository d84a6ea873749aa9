"""Reasons of deadlines in English."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from chalicelib.domain.deadlines.opening_hours import clock_time, ended
from chalicelib.domain.regulation.limits import Clock, CountFrom, Limit, Unit
from chalicelib.domain.regulation.rules import RevisitRule, Rule

SEEDS_IN_ENGLISH: Mapping[str, str] = {
    "S0": "S0 reception rules",
    "S1": "S1 service measures",
    "S2": "S2 concierge",
    "S3": "S3 contact sheet",
    "S4": "S4 reception centre",
    "ours": "our own rule",
}

FESTIVALS: Mapping[str, str] = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "农历除夕": "Spring Festival",
    "清明节": "Tomb-Sweeping Day",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-Autumn Festival",
    "国庆节": "National Day",
}
"""The statutory festivals of China; any other name is shown as it is."""

WAITING: Mapping[Clock, str] = {
    Clock.ON_SITE: "somebody must be there",
    Clock.ANSWER: "the answer is due",
    Clock.SOLVE: "it must be solved",
}

NOBODY: Mapping[Clock, str] = {
    Clock.ON_SITE: "nobody is there",
    Clock.ANSWER: "nobody answers",
    Clock.SOLVE: "nobody solves it",
}

COUNTED: Mapping[bool | None, str] = {True: ", that day included", False: ", not counting that day", None: ""}


class English:
    """Reasons in English."""

    def amount(self, limit: Limit, working_day: timedelta) -> str:
        unit = limit.unit.replace("_", " ")
        if limit.unit is Unit.WORKING_DAYS and limit.count is CountFrom.MOMENT:
            hours = working_day * limit.amount / timedelta(hours=1)
            number = "half a working day" if limit.amount == 0.5 else f"{limit.amount:g} {unit}"
            return f"{number} ({hours:g} working hours)"
        if not limit.around_the_clock and limit.unit is not Unit.WORKING_DAYS:
            unit = f"working {unit}"
        return f"{limit.amount:g} {unit if limit.amount != 1 else unit.removesuffix('s')}"

    def shortened(self, whole: str, share: float, care: float, left: str) -> str:
        causes = ((share, "the case came back"), (care, "the resident needs care"))
        parts = [f"{_part(part)} because {cause}" for part, cause in causes if part != 1]
        return f"the rule gives {whole}, {' and '.join(parts)}: {left}"

    def ahead(self, whole: str, clock: Clock, due: datetime, left: str) -> str:
        waiting = f"{WAITING[clock]} by {_until(due)}"
        return f"the rule gives {whole}, but {waiting}, so it is signed for within half of that time: {left}"

    def nobody_before(self, clock: Clock) -> str:
        return f"{NOBODY[clock]} before somebody has signed"

    def promise(
        self, amount: str, start: datetime, due: datetime, *, closing: bool, counts_today: bool | None
    ) -> str:
        by = "by the end of " if closing else "by "
        counted = COUNTED[counts_today]
        return f"{amount} from {_moment(start)}{counted}, so {by}{_near(due, start, time=not closing)}"

    def first_promised(self, at: datetime) -> str:
        return f"first promised by {_until(at)}"

    def days(self, first: date, last: date, names: tuple[str, ...]) -> str:
        festivals = " and ".join(dict.fromkeys(FESTIVALS.get(name, name) for name in names))
        if not festivals:
            return _days(first, last)
        if first == last:
            return f"{festivals} {first.day} {first:%b}"
        begin = f"{first.day}" if first.month == last.month else f"{first.day} {first:%b} "
        return f"{festivals} {begin}–{last.day} {last:%b}".replace(" –", "–")

    def skipped(self, days: list[str]) -> str:
        return f"skipped: {', '.join(days)}"

    def worked(self, day: date, hours: list[tuple[str, str]]) -> str:
        return f"{_day(day)} is a working day{f', {_hours(hours)}' if hours else ''}"

    def own_day_off(self, first: date, last: date, reason: str) -> str:
        return f"the community's own day off: {_days(first, last)}{_because(reason)}"

    def own_hours(self, day: date, hours: list[tuple[str, str]], reason: str) -> str:
        return f"the community's own hours: {_day(day)} {_hours(hours)}{_because(reason)}"

    def paused(self, start: datetime, end: datetime, reason: str) -> str:
        return f"paused from {_moment(start)} to {_moment(end)}{_because(reason.replace('_', ' '))}"

    def appointed(self, at: datetime, *, limit_stays: bool) -> str:
        later = ", later than the limit, which stays" if limit_stays else ""
        return f"appointment agreed for {_moment(at)}{later}"

    def extended(self, to: datetime) -> str:
        return f"extended by the manager to {_until(to)}"

    def now_due(self, at: datetime) -> str:
        return f"so now due {_until(at)}"

    def provisional(self, known_from: date, known_until: date) -> str:
        first, last = f"{known_from.day} {known_from:%b %Y}", f"{known_until.day} {known_until:%b %Y}"
        known = f"until {last}" if known_from == date.min else f"from {first} to {last}"
        return f"provisional: the calendar has the public holidays {known} only"

    def origin(self, source: str, requirement: str, why: str) -> str:
        reason = f": {why}" if why else ""
        return f"{SEEDS_IN_ENGLISH.get(source, source)}, {requirement}{reason}"

    def why(self, rule: Rule | RevisitRule) -> str:
        return rule.why


def _part(share: float) -> str:
    return "halved" if share == 0.5 else f"cut to {share:.0%}"


def _hours(hours: list[tuple[str, str]]) -> str:
    return " and ".join(f"{opens}–{closes}" for opens, closes in hours)


def _because(reason: str) -> str:
    return f" ({reason})" if reason else ""


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _days(first: date, last: date) -> str:
    return _day(first) if first == last else f"{_day(first)}–{_day(last)}"


def _near(moment: datetime, beside: datetime, *, time: bool) -> str:
    day, clock = ended(moment)
    year = "" if day.year == beside.year else f" {day.year}"
    return f"{_day(day)}{year}{f' {clock}' if time else ''}"


def _moment(moment: datetime) -> str:
    return f"{_day(moment)} {moment.year} {clock_time(moment)}"


def _until(moment: datetime) -> str:
    day, clock = ended(moment)
    return f"{_day(day)} {day.year} {clock}"
